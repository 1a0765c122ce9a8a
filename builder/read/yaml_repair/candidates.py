"""Propose repairs for lines of broken YAML, the likeliest first. The caller tries whether one helps.

People make small mistakes: a lost indent, colon, dash, space after one of them, quotation mark or bracket. Each of
these is repaired here near the place where reading stopped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from builder.read.yaml_repair.indentation import (
    fix_indentation,
    fix_missing_colon,
    fix_missing_dash,
    fix_missing_first_dash,
    fix_tab,
)
from builder.read.yaml_repair.lines import LONGEST, ParseStop, Repair, has_content, indent_of, lines_above
from builder.read.yaml_repair.quoting import fix_block, fix_bracketed_values, fix_quoting, fix_unclosed


def candidate_repairs(lines: Sequence[str], stop: ParseStop, names: frozenset[str]) -> Iterator[Repair]:
    """Yield repairs of what stopped the reading. ``names`` are the words known as keys."""
    near = _near(lines, stop)
    tabs = [repair for at in near for repair in fix_tab(lines, at)]
    yield from tabs
    if tabs and "\t" in lines[stop.line][: indent_of(lines[stop.line])]:
        return
    for at in near:
        yield from fix_missing_colon(lines, at, names)
        yield from fix_missing_dash(lines, at)
    moves = [repair for at in near for repair in fix_indentation(lines, at)]
    yield from sorted(moves, key=lambda repair: repair.rank)
    yield from fix_missing_first_dash(lines, stop.line)
    for at in near:
        yield from fix_quoting(lines, at)
        yield from fix_bracketed_values(lines, at)
    yield from fix_unclosed(lines, stop)
    for at in near:
        if "mapping values" in stop.problem or "block scalar" in stop.context:
            yield from fix_block(lines, at)


def _near(lines: Sequence[str], stop: ParseStop) -> list[int]:
    """Return the lines to look at: where reading stopped, where what was being read began, and three above."""
    upper = list(lines_above(lines, stop.line))[:3]
    began = [stop.began[0]] if stop.began and "block" not in stop.context else []
    found = dict.fromkeys(line for line in (stop.line, *began, *upper) if line < len(lines))
    return [line for line in found if has_content(lines[line]) and len(lines[line]) <= LONGEST]
