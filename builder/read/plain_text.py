"""Plain text: the file's own text in paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterable

from builder.model import Body, Origin, Piece, PieceRole
from builder.read.characters import replace_unpublishable

# Linear: a match starts at a line feed, and its first character decides what follows.
_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n)+")


def read_plain_text(source: str) -> Body:
    """Return the body of a plain text (decoded, byte-order mark dropped, line ends as line feeds).

    Its text is the source without the white space at both ends (as ``str.strip`` does: Unicode's White_Space and
    U+001C to U+001F), to the letter but for what HTML cannot carry (U+0000, surrogates: U+FFFD). Blank lines
    separate paragraphs and are kept between them; a single line feed stays in its paragraph.
    """
    clean, _ = replace_unpublishable(source, "")
    text = clean.strip()
    if not text:
        return Body((), "", ())
    start = len(clean) - len(clean.lstrip())
    origin = Origin(0, clean.count("\n", 0, start) + 1, start - clean.rfind("\n", 0, start))
    return Body(tuple(_paragraphs(text)), text, (origin,))


def _paragraphs(text: str) -> Iterable[Piece]:
    done = 0
    for blank in _BLANK_LINES.finditer(text):
        yield from _paragraph(text[done : blank.start()])
        yield Piece(PieceRole.GAP, blank.group())
        done = blank.end()
    yield from _paragraph(text[done:])


def _paragraph(words: str) -> Iterable[Piece]:
    return Piece(PieceRole.TAG, "<p>"), Piece(PieceRole.TEXT, words), Piece(PieceRole.TAG, "</p>")
