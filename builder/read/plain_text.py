"""Plain text: the file's own text in paragraphs, with the form that its white space and line ends give it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from types import MappingProxyType

from builder.model import Body, Origin, Piece, PieceRole
from builder.read.characters import replace_unpublishable
from builder.read.direction import with_directions

# Linear: a match starts at a line feed, and its first character decides what follows.
_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n)+")
# What ends a line without being a line feed, and how it is shown: browsers draw a box for some, nothing for others.
_LINE_ENDS = MappingProxyType({"\x0b": "line", "\x0c": "page", "\x85": "line", "\u2028": "line", "\u2029": "paragraph"})
_LINE_END = re.compile("([\x0b\x0c\x85\u2028\u2029])")
# Blanks between two words that nobody sets to part sentences.
_GAP = re.compile(r"(?<=[^\s.!?:;…”’»\")\]]) {2,}(?=\S)|(?<=\S)(?: {3,}|[ \t]*\t[ \t]*)(?=\S)")
_TAB = 8
# Lines of a paragraph that must have such a gap; a word of another line may run into it.
_SHARE = 0.5
_FRAME = re.compile(r"[|+┌├└│╔╠╚║].*[|+┐┤┘│╗╣╝║]")


def read_plain_text(source: str) -> Body:
    """Return the body of a plain text (decoded, byte-order mark dropped, line ends as line feeds).

    Its text is the source without the white space at both ends (as ``str.strip`` does: Unicode's White_Space and
    U+001C to U+001F), to the letter but for what HTML cannot carry (U+0000, surrogates: U+FFFD). Blank lines
    separate paragraphs and are kept between them; a single line feed stays in its paragraph. The indent of the first
    line is printed, but is no part of the text.
    """
    clean, _ = replace_unpublishable(source, "")
    text = clean.strip()
    if not text:
        return Body((), "", ())
    start = len(clean) - len(clean.lstrip())
    indent = clean[clean.rfind("\n", 0, start) + 1 : start]
    origin = Origin(0, clean.count("\n", 0, start) + 1, len(indent) + 1)
    pieces = _pieces(text, indent if not indent.strip(" \t") else "")
    return Body(with_directions(tuple(pieces)), text, (origin,))


def is_tabular(lines: Sequence[str]) -> bool:
    """Return whether lines of text are aligned with each other by blanks, or drawn as a frame.

    Aligned: half of the lines have a gap of blanks, and in two of them words begin, or end, in one column behind it.
    Two blanks behind a full stop are no gap.
    """
    if len(lines) > 1 and sum(_FRAME.fullmatch(line.strip()) is not None for line in lines) > _SHARE * len(lines):
        return True
    shaped = [line.expandtabs(_TAB) for line in lines]
    columns: Counter[tuple[str, int]] = Counter()
    aligned = 0
    for line, tabbed in zip(shaped, lines, strict=True):
        gaps = list(_GAP.finditer(line)) if "\t" not in tabbed.strip() else list(re.finditer(r"(?<=\S) +(?=\S)", line))
        aligned += bool(gaps)
        columns.update({("start", gap.end()) for gap in gaps})
        columns.update({("end", _word_end(line, gap.end())) for gap in gaps})
    return aligned > 1 and aligned >= _SHARE * len(lines) and max(columns.values(), default=0) > 1


def _word_end(line: str, start: int) -> int:
    end = line.find(" ", start)
    return len(line) if end < 0 else end


def _pieces(text: str, indent: str) -> Iterator[Piece]:
    blanks = list(_BLANK_LINES.finditer(text))
    starts = [0, *(blank.end() for blank in blanks)]
    ends = [*(blank.start() for blank in blanks), len(text)]
    paragraphs = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    lines = [_LINE_END.sub("\n", paragraph).split("\n") for paragraph in [indent + paragraphs[0], *paragraphs[1:]]]
    tables = [is_tabular(rows) for rows in lines]
    for number, paragraph in enumerate(paragraphs):
        # A heading of columns, or a last row, may stand by itself.
        beside = any(tables[max(0, number - 1) : number + 2])
        table = tables[number] or (beside and len(lines[number]) == 1 and _GAP.search(paragraph) is not None)
        yield Piece(PieceRole.TAG, '<p class="postil-columns">' if table else "<p>")
        if not number and indent:
            yield Piece(PieceRole.TAG, indent)
        yield from _runs(paragraph, PieceRole.TEXT, "span")
        yield Piece(PieceRole.TAG, "</p>")
        if number < len(blanks):
            yield from _runs(blanks[number].group(), PieceRole.GAP, "div")


def _runs(text: str, role: PieceRole, tag: str) -> Iterable[Piece]:
    """Yield a text with an element around each character that ends a line without being a line feed."""
    for run in filter(None, _LINE_END.split(text)):
        if run in _LINE_ENDS:
            yield Piece(PieceRole.TAG, f'<{tag} class="postil-end-of-{_LINE_ENDS[run]}">')
            yield Piece(role, run)
            yield Piece(PieceRole.TAG, f"</{tag}>")
        else:
            yield Piece(role, run)
