"""Lines of broken YAML: their indentation, where reading stopped, and a repair of some of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 2_000  # of a line that is looked at: nobody repairs a longer one by hand
BACK: Final = 40  # lines above the stop in which a cause is searched for
START: Final = re.compile(r"([ \t]*)((?:- +)*)")
KEY: Final = re.compile(r"[\w-]+(?=:(?: |$))")
FIELD: Final = re.compile(r"((?:- +)*(?:[^\s:\"'#]+: +)?)([^\s#|>].*)")


@dataclass(frozen=True, slots=True)
class ParseStop:
    """Where reading stopped, and the parser's message. Lines and columns from 0; ``began``: of what was being read."""

    problem: str
    context: str
    line: int
    column: int
    began: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Repair:
    """A replacement of ``count`` lines from line ``first`` (from 0) by ``lines``; what was wrong, and what to do.

    ``{}`` in the message is replaced by the number of line ``first``. Of several moves of a line, those of the lowest
    ``rank`` are the likeliest.
    """

    first: int
    count: int
    lines: tuple[str, ...]
    message: str
    hint: str
    rank: int = 0

    def apply(self, lines: Sequence[str]) -> list[str]:
        """Return the repaired lines."""
        return [*lines[: self.first], *self.lines, *lines[self.first + self.count :]]


def indent_of(line: str) -> int:
    """Return the number of spaces and tabs that a line begins with."""
    return len(line) - len(line.lstrip(" \t"))


def begins_item(line: str) -> bool:
    """Return whether the line begins an item of a list."""
    return line.lstrip(" ").startswith("- ")


def content_column(line: str) -> int:
    """Return the column of a line's content, after its dashes."""
    start = START.match(line)
    return start.end() if start else 0


def has_content(line: str) -> bool:
    """Return whether the line is neither blank nor a comment."""
    return bool(line.strip()) and not line.lstrip().startswith("#")


def neighbours(lines: Sequence[str], at: int) -> list[int]:
    """Return the columns of the content of the lines before and after line ``at``; -1 for none.

    For a line that begins with a dash, those of the dashes before and after it.
    """
    dash = begins_item(lines[at])
    below = (number for number in range(at + 1, min(at + BACK, len(lines))) if has_content(lines[number]))
    found = []
    for side in (lines_above(lines, at), below):
        number = next((number for number in side if not dash or begins_item(lines[number])), None)
        found.append(-1 if number is None else indent_of(lines[number]) if dash else content_column(lines[number]))
    return found


def lines_above(lines: Sequence[str], at: int) -> Iterator[int]:
    """Yield the numbers of the lines above that have content, the nearest first."""
    return (number for number in range(min(at, len(lines)) - 1, max(-1, at - BACK), -1) if has_content(lines[number]))


def run_of(lines: Sequence[str], at: int, test: Callable[[str], bool]) -> int:
    """Count the lines from ``at`` on that pass the test (the first need not), without blank ones at their end."""
    count = 1
    for line in lines[at + 1 : at + BACK]:
        if line.strip() and not test(line):
            break
        count += 1
    while count > 1 and not lines[at + count - 1].strip():
        count -= 1
    return count


def replace_line(at: int, new: str, message: str, hint: str = "") -> Repair:
    """Return a repair that replaces one line, and shows the new one.

    ``at``: the number of the line, from 0.
    ``new``: the new line.
    ``message``: what was wrong.
    ``hint``: what to do, before the new line.
    """
    return Repair(at, 1, (new,), message, f"{hint}\nwrite: {new.strip()}".lstrip("\n"))


def single_quoted(text: str) -> str:
    """Return the text in single quotes."""
    return "'" + text.replace("'", "''") + "'"
