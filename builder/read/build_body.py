"""Put a body together from parts: one text, trimmed, with its gaps and origins."""

from __future__ import annotations

from collections.abc import Iterable

from builder.model import Body, Origin, Piece, PieceRole, Span
from builder.read.characters import normalise_line_ends
from builder.read.headings import assign_heading_ids, rewrite_fragments
from builder.read.links import image_path
from builder.read.pieces import BLOCKS, SourcePiece, is_border, tag_name
from builder.read.sanitise import MATHML
from builder.source_positions import locate_in

# White space between two of these tags is no place for a mark: most of it stands where only these may stand.
_NO_MARKS_BETWEEN = BLOCKS | MATHML


def build_body(parts: Iterable[SourcePiece]) -> Body:
    """Build the body of these parts, with ids on its headings and its inner links pointed at them.

    Neighbouring texts become one piece, white space between block tags becomes a GAP. White space at both ends of the
    whole text is removed (as ``str.strip`` does: Unicode's White_Space and U+001C to U+001F).
    """
    named, headings = assign_heading_ids(list(parts))
    pieces, origins = _merge(rewrite_fragments(named))
    text = "".join(piece.value for piece in pieces if piece.role is not PieceRole.TAG)
    start = len(text) - len(text.lstrip())
    trimmed = text.strip()
    kept = list(_cut(pieces, start, start + len(trimmed)))
    return Body(
        tuple(_protect_first_line_feed(_mark_gaps(kept))),
        trimmed,
        _shift_origins(text, tuple(origins), start, len(trimmed)),
        headings,
        tuple(
            dict.fromkeys(path for piece in pieces if piece.role is PieceRole.TAG and (path := image_path(piece.value)))
        ),
        tuple(_breaks(kept, trimmed)),
        tuple(_spans_of("rt", kept)),
        tuple(_spans_of("rp", kept)),
    )


def _spans_of(name: str, pieces: Iterable[Piece]) -> Iterable[Span]:
    """Yield the spans of the text in elements of this name, which do not nest."""
    offset = start = 0
    for piece in pieces:
        if piece.role is not PieceRole.TAG:
            offset += len(piece.value)
        elif tag_name(piece.value) == name:
            if piece.value[1] == "/" and offset > start:
                yield Span(start, offset)
            start = offset


def _breaks(pieces: Iterable[Piece], text: str) -> Iterable[int]:
    """Yield the offsets of borders at which no white space stands, each once and in order."""
    offset, last, in_block_formula = 0, 0, False
    for piece in pieces:
        if piece.role is not PieceRole.TAG:
            offset += len(piece.value)
            continue
        border = is_border(piece.value)
        if piece.value.startswith("<math"):
            border = in_block_formula = 'display="block"' in piece.value
        elif piece.value == "</math>":
            border, in_block_formula = in_block_formula, False
        if border and last < offset < len(text) and not (text[offset - 1].isspace() or text[offset].isspace()):
            yield offset
            last = offset


def _merge(parts: Iterable[SourcePiece]) -> tuple[list[Piece], list[Origin]]:
    pieces: list[Piece] = []
    origins: list[Origin] = []
    run: list[str] = []
    tags: dict[str, Piece] = {}  # each once: a third of the memory, and of the time to keep and send them
    offset = 0
    for part in parts:
        if part.role is PieceRole.TAG:
            if run:
                pieces.append(Piece(PieceRole.TEXT, "".join(run)))
                run = []
            tag = tags.get(part.value)
            if tag is None:
                tag = tags[part.value] = Piece(PieceRole.TAG, part.value)
            pieces.append(tag)
        elif part.value:
            value = normalise_line_ends(part.value)
            if part.line:
                origins.append(Origin(offset, part.line, part.column))
            run.append(value)
            offset += len(value)
    if run:
        pieces.append(Piece(PieceRole.TEXT, "".join(run)))
    return pieces, origins


def _cut(pieces: list[Piece], start: int, end: int) -> Iterable[Piece]:
    """Return the pieces with only the characters of the text from ``start`` to ``end``."""
    offset = 0
    for piece in pieces:
        if piece.role is PieceRole.TAG:
            yield piece
            continue
        value = piece.value[max(0, start - offset) : max(0, end - offset)]
        offset += len(piece.value)
        if value:
            yield piece if len(value) == len(piece.value) else Piece(PieceRole.TEXT, value)


def _mark_gaps(pieces: Iterable[Piece]) -> Iterable[Piece]:
    """Return the pieces with white space between two block tags (or a block tag and an end) as GAP."""
    block_before = True
    pending: Piece | None = None
    for piece in pieces:
        if piece.role is PieceRole.TEXT:
            if block_before and piece.value.isspace():
                pending = piece
            else:
                yield piece
                block_before = False
            continue
        block = tag_name(piece.value) in _NO_MARKS_BETWEEN
        if pending:
            yield Piece(PieceRole.GAP, pending.value) if block else pending
            pending = None
        yield piece
        block_before = block
    if pending:
        yield Piece(PieceRole.GAP, pending.value)


def _protect_first_line_feed(pieces: Iterable[Piece]) -> Iterable[Piece]:
    """Add a line feed to a ``<pre>`` whose text begins with one: parsers drop the first."""
    pre: Piece | None = None
    for piece in pieces:
        if pre:
            dropped = piece.role is not PieceRole.TAG and piece.value.startswith("\n")
            yield Piece(PieceRole.TAG, pre.value + "\n") if dropped else pre
            pre = None
        if piece.role is PieceRole.TAG and piece.value.startswith("<pre"):
            pre = piece
        else:
            yield piece
    if pre:
        yield pre


def _shift_origins(text: str, origins: tuple[Origin, ...], start: int, length: int) -> tuple[Origin, ...]:
    """Return the origins of ``text`` for the part of it that begins at ``start``."""
    if not origins or not length:
        return ()
    line, column = locate_in(text, origins, start)
    inside = [origin for origin in origins if start < origin.offset < start + length]
    return (Origin(0, line, column), *(Origin(origin.offset - start, origin.line, origin.column) for origin in inside))
