"""Lines of broken YAML -> ways to mend them, the likeliest first. Plain text; whether one helps, others try.

What people get wrong is little: a line that lost its indent, a colon, a dash, a space after one of them, a quotation
mark, a bracket. Each of these is undone here near the place where reading ended.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from builder.read.layout import colon, dash, first_dash, indent, tab
from builder.read.lines import LONGEST, Break, Repair, indent_of, lines_above, says
from builder.read.marks import block, in_brackets, quotes, unclosed


def repairs(lines: Sequence[str], stop: Break, names: frozenset[str]) -> Iterator[Repair]:
    """Ways to mend what ended the reading. ``names`` are the words known as keys."""
    near = _near(lines, stop)
    tabs = [each for at in near for each in tab(lines, at)]
    yield from tabs
    if tabs and "\t" in lines[stop.line][: indent_of(lines[stop.line])]:
        return
    for at in near:
        yield from colon(lines, at, names)
        yield from dash(lines, at)
    moves = [each for at in near for each in indent(lines, at)]
    yield from sorted(moves, key=lambda each: each.rank)
    yield from first_dash(lines, stop.line)
    for at in near:
        yield from quotes(lines, at)
        yield from in_brackets(lines, at)
    yield from unclosed(lines, stop)
    for at in near:
        if "mapping values" in stop.problem or "block scalar" in stop.context:
            yield from block(lines, at)


def _near(lines: Sequence[str], stop: Break) -> list[int]:
    """The lines to look at: where reading ended, where what was read began, and three above."""
    upper = list(lines_above(lines, stop.line))[:3]
    began = [stop.began[0]] if stop.began and "block" not in stop.context else []
    found = dict.fromkeys(each for each in (stop.line, *began, *upper) if each < len(lines))
    return [each for each in found if says(lines[each]) and len(lines[each]) <= LONGEST]
