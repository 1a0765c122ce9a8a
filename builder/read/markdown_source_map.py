"""Where the words of a Markdown file stand in it: looked for token by token, from a place that only moves on."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

# What the first line of a block may carry before its words: marks of quotes, lists and headings.
_LEADING = re.compile(r"[ \t>]*+(?:(?:[-+*]|\d{1,9}[.)])[ \t]++[ \t>]*+)*+(?:#{1,6}[ \t]++)?")
# What stands after the words of a link: a target, a label, or the end of an automatic link.
_AFTER_LINK = re.compile(r"\](?:\([^()\n]*+(?:\([^()\n]*+\)[^()\n]*+)*+\)|\[[^\]\n]*+\])?|>")


@dataclass(frozen=True, slots=True)
class Lines:
    """A source with the offsets of its lines. Lines and columns here count from 0."""

    source: str
    starts: tuple[int, ...]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset."""
        line = bisect_right(self.starts, offset) - 1
        return line, offset - self.starts[line]

    def start(self, line: int) -> int:
        """The offset where a line begins; the end of the source for lines beyond it."""
        return self.starts[line] if line < len(self.starts) else len(self.source)


def index_lines(source: str) -> Lines:
    """The source with its lines."""
    return Lines(source, (0, *(match.end() for match in re.finditer("\n", source))))


@dataclass(frozen=True, slots=True)
class Cursor:
    """A reading head: the next words stand at offset ``at`` or later, before ``end``."""

    at: int
    end: int


def cursor_at_block(lines: Lines, head: Cursor, block: list[int] | None, *, cell: bool = False) -> Cursor:
    """The head at the first words of a block that takes these lines (half-open). Cells share a line, and follow on."""
    if block is None:
        return head
    start = lines.start(block[0])
    end = lines.start(block[1])
    if cell:
        return Cursor(max(head.at, start), end)
    leading = _LEADING.match(lines.source, max(start, head.at if head.at < end else start), end)
    return Cursor(leading.end() if leading else start, end)


def find_words(lines: Lines, head: Cursor, words: str) -> tuple[int | None, Cursor]:
    """The offset of the next such words or None, and the head after them."""
    found = lines.source.find(words, head.at, head.end) if words else -1
    return (None, head) if found < 0 else (found, Cursor(found + len(words), head.end))


def next_line(lines: Lines, head: Cursor) -> Cursor:
    """The head at the words of the next line of a paragraph."""
    feed = lines.source.find("\n", head.at, head.end)
    if feed < 0:
        return head
    start = feed + 1
    while start < head.end and lines.source[start] in " \t":
        start += 1
    return Cursor(start, head.end)


def after_link(lines: Lines, head: Cursor) -> Cursor:
    """The head behind a link's target."""
    match = _AFTER_LINK.match(lines.source, head.at, head.end)
    return Cursor(match.end(), head.end) if match else head
