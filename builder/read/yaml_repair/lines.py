"""Lines of broken YAML: how they stand to each other, where reading them ended, and what mending some of them is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 2_000  # of a line that is looked at: nobody mends a longer one by hand
BACK: Final = 40  # lines that a cause is looked for above the place where reading ended
START: Final = re.compile(r"([ \t]*)((?:- +)*)")
KEY: Final = re.compile(r"[\w-]+(?=:(?: |$))")
FIELD: Final = re.compile(r"((?:- +)*(?:[^\s:\"'#]+: +)?)([^\s#|>].*)")


@dataclass(frozen=True, slots=True)
class ParseStop:
    """Where reading ended, and what the reader said. Lines and columns from 0; ``began``: of what it was reading."""

    problem: str
    context: str
    line: int
    column: int
    began: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Repair:
    """``count`` lines from line ``first`` (from 0) replaced by ``lines``; what was wrong, and what to do.

    ``{}`` in the message stands for the number of line ``first``. Of several moves of a line, those of the lowest
    ``rank`` are the likeliest.
    """

    first: int
    count: int
    lines: tuple[str, ...]
    message: str
    hint: str
    rank: int = 0

    def of(self, lines: Sequence[str]) -> list[str]:
        """The lines, mended."""
        return [*lines[: self.first], *self.lines, *lines[self.first + self.count :]]


def indent_of(line: str) -> int:
    """The number of blanks that a line begins with."""
    return len(line) - len(line.lstrip(" \t"))


def begins_item(line: str) -> bool:
    """Whether the line begins an item of a list."""
    return line.lstrip(" ").startswith("- ")


def content_column(line: str) -> int:
    """The column at which a line says something, behind its dashes."""
    start = START.match(line)
    return start.end() if start else 0


def has_content(line: str) -> bool:
    """Whether the line is neither blank nor a comment."""
    return bool(line.strip()) and not line.lstrip().startswith("#")


def neighbours(lines: Sequence[str], at: int) -> list[int]:
    """The columns at which the lines before and after line ``at`` set in, behind their dashes; -1 for none.

    Of a line that begins with a dash, those of the dashes before and after it.
    """
    dash = begins_item(lines[at])
    below = (each for each in range(at + 1, min(at + BACK, len(lines))) if has_content(lines[each]))
    found = []
    for side in (lines_above(lines, at), below):
        each = next((each for each in side if not dash or begins_item(lines[each])), None)
        found.append(-1 if each is None else indent_of(lines[each]) if dash else content_column(lines[each]))
    return found


def lines_above(lines: Sequence[str], at: int) -> Iterator[int]:
    """The lines above that say something, the nearest first."""
    return (each for each in range(min(at, len(lines)) - 1, max(-1, at - BACK), -1) if has_content(lines[each]))


def run_of(lines: Sequence[str], at: int, test: Callable[[str], bool]) -> int:
    """The number of lines from ``at`` on that pass the test (the first need not), without blank ones at their end."""
    count = 1
    for each in lines[at + 1 : at + BACK]:
        if each.strip() and not test(each):
            break
        count += 1
    while count > 1 and not lines[at + count - 1].strip():
        count -= 1
    return count


def replace_line(at: int, new: str, message: str, hint: str = "") -> Repair:
    """One line replaced, and shown."""
    return Repair(at, 1, (new,), message, f"{hint}\nwrite: {new.strip()}".lstrip("\n"))


def single_quoted(text: str) -> str:
    """The text in single quotes."""
    return "'" + text.replace("'", "''") + "'"
