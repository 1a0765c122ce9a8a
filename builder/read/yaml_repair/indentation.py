"""Repairs of broken YAML: tabs, indentation, colons, dashes and the spaces after them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from builder.read.yaml_repair.lines import (
    KEY,
    START,
    Repair,
    begins_item,
    content_column,
    indent_of,
    lines_above,
    neighbours,
    replace_line,
    run_of,
)

# A word that is not a key only because of its colon: missing, without a space after it, or with a space before it.
_NO_KEY: Final = re.compile(r"([\w-]+)(?: *([:：;=]) *(?!//)| +|$)(.*)")
_OPEN_BLOCK: Final = re.compile(r".*: +[|>][-+0-9]*(?: +#.*)?")


def fix_tab(lines: Sequence[str], at: int) -> Iterator[Repair]:
    """Replace a tab by spaces, on this line or on many."""
    start = lines[at][: indent_of(lines[at])]
    if "\t" not in start:
        return
    message, hint = "line {} is indented with a tab", "indent with spaces, not tabs"
    for width in _targets(lines, at):
        new = " " * width + lines[at].lstrip(" \t")
        yield Repair(at, 1, (new,), message, f"{hint}\nwrite, with {_spaces(width)} before it:\n{new}")
    tabbed = [number for number, line in enumerate(lines) if "\t" in line[: indent_of(line)]]
    if len(tabbed) > 1:
        more = len(tabbed) - 1
        several = f"{hint}, here and on {more} other line{'' if more == 1 else 's'}"
        first = tabbed[0]
        for width in (2, 4):
            repaired = tuple(_untabbed(line, width) for line in lines[first:])
            yield Repair(first, len(repaired), repaired, message, several)


def _untabbed(line: str, width: int) -> str:
    start = line[: indent_of(line)]
    return start.replace("\t", " " * width) + line[len(start) :]


def fix_missing_colon(lines: Sequence[str], at: int, names: frozenset[str]) -> Iterator[Repair]:
    """Add a colon to a word that was meant as a key: it is alone, is known as one, or has something like a colon."""
    start = START.match(lines[at])
    rest = lines[at][start.end() :].rstrip() if start else ""
    match = _NO_KEY.fullmatch(rest)
    if start is None or match is None or KEY.match(rest):
        return
    word, sign, value = match.groups()
    if sign or not value or word in names:
        new = f"{start[0]}{word}: {value}".rstrip()
        lacks = "the space after its colon" if sign == ":" and rest[len(word)] == ":" else "its colon"
        yield replace_line(at, new, f"line {{}} lacks {lacks}")


def fix_missing_dash(lines: Sequence[str], at: int) -> Iterator[Repair]:
    """A line between dashes that lacks its own, or the blank after it."""
    line = lines[at]
    said = line.lstrip(" ")
    if re.match(r"-[^\s-]", said):
        yield replace_line(at, line.replace("-", "- ", 1), "line {} lacks the space after its dash")
        return
    if begins_item(line):
        return
    upper = next((lines[above] for above in lines_above(lines, at) if begins_item(lines[above])), None)
    if upper is not None and indent_of(upper) == indent_of(line) and (said.startswith("id:") or not KEY.match(said)):
        yield _with_dash(at, indent_of(line), said)


def fix_missing_first_dash(lines: Sequence[str], at: int) -> Iterator[Repair]:
    """Add a dash to the first item of a list, where reading stopped at the second."""
    if at >= len(lines) or not begins_item(lines[at]):
        return
    width = indent_of(lines[at])
    first = at
    for above in lines_above(lines, at):
        if indent_of(lines[above]) <= width:
            break
        first = above
    if first < at and not begins_item(lines[first]):
        yield _with_dash(first, width, lines[first].lstrip(" "))


def _with_dash(at: int, width: int, said: str) -> Repair:
    new = " " * width + "- " + said
    return Repair(at, 1, (new,), "line {} lacks its dash", f"write, with {_spaces(width)} before it:\n{new}")


def fix_indentation(lines: Sequence[str], at: int) -> Iterator[Repair]:
    """Move the line alone, with the deeper lines below it, or with the equal lines below it."""
    own = indent_of(lines[at])
    if "\t" in lines[at][:own]:
        return
    deeper = run_of(lines, at, lambda line: indent_of(line) > own)
    equals = run_of(lines, at, lambda line: indent_of(line) == own)
    to_dash = run_of(lines, at, lambda line: indent_of(line) > own and not begins_item(line))
    for target in _targets(lines, at):
        if target == own:
            continue
        for count in dict.fromkeys((1, to_dash, deeper, equals)):
            moved = tuple(_moved(line, target - own) for line in lines[at : at + count])
            yield Repair(at, count, moved, *_indentation_messages(lines, at, target, count))


def _targets(lines: Sequence[str], at: int) -> list[int]:
    """Return the columns at which a line may have been meant to begin, the likeliest first."""
    around = neighbours(lines, at)
    upper = [lines[number] for number in lines_above(lines, at)][:12]
    equal = [indent_of(line) for line in upper if begins_item(line) and line.split()[:2] == lines[at].split()[:2]]
    if upper and upper[0].endswith(":") and not (begins_item(lines[at]) and equal):
        equal = [content_column(upper[0]) + 2]
    starts = [column for line in upper for column in (content_column(line), indent_of(line))]
    found = dict.fromkeys((*equal, *around, *starts, around[0] + 2, 0))
    return [column for column in found if column >= 0][:8]


def _moved(line: str, by: int) -> str:
    width = max(indent_of(line) + by, 0)
    return " " * width + line.lstrip(" \t") if line.strip() else line


def _indentation_messages(lines: Sequence[str], at: int, target: int, count: int) -> tuple[str, str, int]:
    """Return what was wrong, what to do if the line is to begin at ``target``, and how likely that is (0: most)."""
    own = indent_of(lines[at])
    around = neighbours(lines, at)
    one, all_ = ("dash", "dashes") if begins_item(lines[at]) else ("line", "lines")
    below = f"line {{}} is indented by {_spaces(own)}"
    upper = next(iter(lines_above(lines, at)), None)
    rank = 2
    if upper is not None and _OPEN_BLOCK.fullmatch(lines[upper]) and target > indent_of(lines[upper]):
        message = f"{below}: text under a key that ends in | must be indented further than the key"
    elif (
        upper is not None
        and lines[upper].endswith(":")
        and begins_item(lines[at])
        and target == content_column(lines[upper]) + 2
    ):
        message, rank = f"{below}, and stands under a key that it may belong to", 0
    elif not KEY.match(lines[at].lstrip(" -")) and target > max(around[0], own):
        message = "line {} has no key, and is indented no further than the text that it goes on with"
    elif around == [target, target]:
        message, rank = f"{below}, the {all_} around it by {target}", 1
    elif around[0] == target:
        message = f"{below}, the {one} above it by {target}"
    elif around[1] == target:
        message = f"{below}, the {one} below it by {target}"
    else:
        message = f"{below}, and needs {target}"
    hint = f"write, with {_spaces(target)} before it:\n{_moved(lines[at], target - own)}"
    if count > 1:
        hint += f"\nand move the {'line' if count == 2 else f'{count - 1} lines'} below it along with it"  # noqa: PLR2004
    return message, hint, rank


def _spaces(number: int) -> str:
    return f"{number or 'no'} space{'' if number == 1 else 's'}"
