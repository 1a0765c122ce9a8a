"""The positions of a Markdown file's words: each token is searched for from a cursor that only moves forward."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

# What may precede the words on the first line of a block: markers of quotes, lists and headings.
_LEADING = re.compile(r"[ \t>]*+(?:(?:[-+*]|\d{1,9}[.)])[ \t]++[ \t>]*+)*+(?:#{1,6}[ \t]++)?")
# What follows the words of a link: a target, a label, or the end of an automatic link.
_AFTER_LINK = re.compile(r"\](?:\([^()\n]*+(?:\([^()\n]*+\)[^()\n]*+)*+\)|\[[^\]\n]*+\])?|>")


@dataclass(frozen=True, slots=True)
class Lines:
    """A source with the offsets of its lines. Lines and columns count from 0 here."""

    source: str
    starts: tuple[int, ...]

    def position(self, offset: int) -> tuple[int, int]:
        """Return the line and column of an offset."""
        line = bisect_right(self.starts, offset) - 1
        return line, offset - self.starts[line]

    def start(self, line: int) -> int:
        """Return the offset where a line begins; the end of the source for lines beyond it."""
        return self.starts[line] if line < len(self.starts) else len(self.source)


def index_lines(source: str) -> Lines:
    """Index the lines of a source."""
    return Lines(source, (0, *(match.end() for match in re.finditer("\n", source))))


@dataclass(frozen=True, slots=True)
class Cursor:
    """A position in the source: the next words are at offset ``at`` or later, before ``end``."""

    at: int
    end: int


def cursor_at_block(lines: Lines, cursor: Cursor, block: list[int] | None, *, cell: bool = False) -> Cursor:
    """Return the cursor at the first words of a block.

    ``lines``: the source.
    ``cursor``: where the last words ended.
    ``block``: the block's first line, and the line after its last; None keeps the cursor.
    ``cell``: whether the block is a cell of a table, which shares its line with other cells.
    """
    if block is None:
        return cursor
    start = lines.start(block[0])
    end = lines.start(max(block[1], block[0] + 1))  # a term of a definition list takes no lines, markdown-it says
    if cell:
        return Cursor(max(cursor.at, start), end)
    leading = _LEADING.match(lines.source, max(start, cursor.at if cursor.at < end else start), end)
    return Cursor(leading.end() if leading else start, end)


def find_words(lines: Lines, cursor: Cursor, words: str) -> tuple[int | None, Cursor]:
    """Return the offset of the next such words or None, and the cursor after them."""
    found = lines.source.find(words, cursor.at, cursor.end) if words else -1
    return (None, cursor) if found < 0 else (found, Cursor(found + len(words), cursor.end))


def next_line(lines: Lines, cursor: Cursor) -> Cursor:
    """Return the cursor at the words of the next line of a paragraph."""
    feed = lines.source.find("\n", cursor.at, cursor.end)
    if feed < 0:
        return cursor
    start = feed + 1
    while start < cursor.end and lines.source[start] in " \t":
        start += 1
    return Cursor(start, cursor.end)


def after_link(lines: Lines, cursor: Cursor) -> Cursor:
    """Return the cursor after a link's target."""
    match = _AFTER_LINK.match(lines.source, cursor.at, cursor.end)
    return Cursor(match.end(), cursor.end) if match else cursor
