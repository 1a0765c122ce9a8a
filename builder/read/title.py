"""The title of a document that states none: its first heading of the first level, else its first line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from builder.model import Body, PieceRole, SourceFormat
from builder.read.pieces import is_border

# The longest line that is taken for a title. A longer one is a paragraph in one line: its first sentence, or its first
# words, stand for it. Nothing that is a title is cut: lists and breadcrumbs shorten what they show themselves.
_LONGEST: Final = 400
_TOP: Final = 2  # of a heading: a document's <h1> is printed as <h2>, below the title
_LINE_END = re.compile("[\n\x0b\x0c\x85\u2028\u2029]")
_SENTENCE = re.compile(r".*?[.!?…。！？][’”'\")\]»]*(?=\s|$)", re.DOTALL)


def derive_title(body: Body, source_format: SourceFormat) -> str:
    """Return a title for a document, on one line; "" if it has no line with a letter or digit."""
    heading = next((heading.text for heading in body.headings if heading.level == _TOP), "")
    lines = (one_line(line) for line in ([heading] if heading else _lines(body, source_format)))
    first = next((line for line in lines if any(map(str.isalnum, line))), "")
    if len(first) <= _LONGEST:
        return first
    sentence = _SENTENCE.match(first[: _LONGEST + 1])
    if sentence:
        return sentence[0]
    cut = first[:_LONGEST]
    return (cut[: cut.rfind(" ")] if " " in cut else cut).rstrip(" ,;:–—-") + "…"


def one_line(text: str) -> str:
    """Return text on one line, each run of white space as one space."""
    return " ".join(text.split())


def _lines(body: Body, source_format: SourceFormat) -> Iterator[str]:
    """Yield the text's lines: of plain text as they are, else up to the next border of a block, a cell or a line."""
    if source_format is SourceFormat.TXT:
        yield from _LINE_END.split(body.text)
        return
    run: list[str] = []
    for piece in body.pieces:
        if piece.role is not PieceRole.TAG:
            run.append(piece.value)
        elif is_border(piece.value):
            yield "".join(run)
            run = []
    yield "".join(run)
