"""Normalise text for matching, with the way back to the original offsets.

Ignored are white space (a run is one space), curly and straight quotation marks and apostrophes, hyphens and dashes (a
run is one), three points for an ellipsis, ligatures (``ﬁ``), the long s, invisible characters, and the composition of
accented letters (Unicode NFC). A border at which the text has no white space becomes a character of its own,
``BORDER``, which matches a space or nothing. Case is never ignored, nor are guillemets and primes: they are other
characters, not other shapes of the same one. What has no normal form, such as a word divided at a line's end, is in
``loose_match.py``.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from builder.model import Body, Span

# Every character for which str.isspace() is true; the no-break spaces U+00A0, U+2007 and U+202F are among them.
SPACES: Final = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
# Soft hyphen, combining grapheme joiner, Mongolian vowel separator, zero-width space and joiners, direction marks,
# embeddings and isolates, word joiner and invisible operators, byte-order mark: they take no room on the page.
INVISIBLE: Final = (
    "\xad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064"
    "\u2066\u2067\u2068\u2069\ufeff"
)
# With the letters and signs that are written for an apostrophe: Hawaiian, Greek (koronis), Armenian, Hebrew (geresh).
SINGLE_QUOTES: Final = "'\u2018\u2019\u201a\u201b\uff07\u02bb\u02bc\u055a\u05f3\u1fbd"
DOUBLE_QUOTES: Final = '"\u201c\u201d\u201e\u201f\uff02\u05f4'
# Unicode's category Pd, and the minus sign.
DASHES: Final = (
    "-\u058a\u05be\u1400\u1806\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2e17\u2e1a\u2e3a\u2e3b\u2e40\u2e5d\u301c\u3030"
    "\u30a0\ufe31\ufe32\ufe58\ufe63\uff0d\U00010d6e\U00010ead"
)

# A break of the body in a normalised text. All white space is a space there, so a line feed means nothing else.
BORDER: Final = "\n"

_BREAK = "\0"  # a break, before normalising: no reading text contains this character
_GONE = "\u200b"  # stands for any invisible character while offsets are still the text's own
_SHAPES: Final = str.maketrans(
    dict.fromkeys(SPACES, " ")
    | dict.fromkeys(INVISIBLE, _GONE)
    | dict.fromkeys(SINGLE_QUOTES, "'")
    | dict.fromkeys(DOUBLE_QUOTES, '"')
    | dict.fromkeys(DASHES, "-")
    | {"\u017f": "s", "\u1e9b": "\u1e61"}  # the long s, alone and with its dot
)
_DOTS: Final = "..."
# Latin and Armenian ligatures, and the Hebrew alef-lamed. Unlike œ and æ they are no letters of any alphabet.
LIGATURES: Final = "\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06\ufb13\ufb14\ufb15\ufb16\ufb17\ufb4f"
_EXPANDED: Final = str.maketrans({ligature: unicodedata.normalize("NFKC", ligature) for ligature in LIGATURES})
_LIGATURE: Final = re.compile(f"[{LIGATURES}]")
_RUNS: Final = rf"-(?:{_GONE}*+-)++|\.(?:{_GONE}*+\.){{2}}"
_RUN: Final = re.compile(_RUNS)
# Second halves of canonical compositions that are no marks: Hangul vowels and finals, Kirat Rai vowels.
_JOINING_LETTERS: Final = re.compile("[\u1161-\u1175\u11a8-\u11c2\U00016d63\U00016d67]")


# Hebrew accents and points, Arabic vowel signs and Quranic marks, and the stroke that lengthens an Arabic word.
POINTS: Final = (
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u0652\u0656-\u065f\u0670\u06d6-\u06dc"
    "\u06df-\u06e8\u06ea-\u06ed"
)
_POINT: Final = re.compile(f"[{POINTS}]")
# A hyphen, or a soft one, between letters and before white space: it divides a word at a line's end.
_DIVIDED: Final = re.compile(rf"(?<=[^\W_])[{re.escape(DASHES)}\xad]\s+(?=[^\W_])")
# What differences of composition are looked for without.
_COMPARED: Final = re.compile(rf"[-\s….{POINTS}]")


@dataclass(frozen=True, slots=True)
class NormalisedText:
    """A normalised text with its way back.

    Parallel tuples, one entry for each piece that normalising replaced by another number of characters or reordered:
    it is at ``starts[i]:ends[i]`` of ``text`` (possibly empty) and came from ``froms[i]:tos[i]`` of the original.
    Between them the two texts run alike. All offsets are code points.

    ``others`` are the same text without what a quote may leave out of it: ruby's brackets, ruby's readings too.

    Only where the text has borders: ``letters`` is ``text`` without spaces and borders, and gap k, which is one of
    these, stands before letter ``gaps[k]``.
    """

    text: str
    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    froms: tuple[int, ...] = ()
    tos: tuple[int, ...] = ()
    letters: str = ""
    gaps: tuple[int, ...] = ()
    others: tuple[NormalisedText, ...] = ()


def normalise_shapes(text: str) -> str:
    """Return the text with one shape for all characters that are matched alike, one for one: offsets stay."""
    return text.translate(_SHAPES)


def normalise_body(body: Body) -> NormalisedText:
    """Return a document's text normalised."""
    omitted = (body.brackets, body.readings + body.brackets) if body.readings else ()
    others = (normalise(body.text, body.breaks, spans) for spans in omitted)
    return replace(normalise(body.text, body.breaks), others=tuple(others))


def normalise(text: str, breaks: tuple[int, ...] = (), omitted: tuple[Span, ...] = ()) -> NormalisedText:
    """Return a text normalised, in one pass; idempotent without breaks, linear in its length.

    ``breaks`` are offsets of the text, in order, with no white space on either side: each becomes a ``BORDER``.
    ``omitted`` are spans that are treated as invisible characters.
    """
    shaped = text.translate(_SHAPES)
    if omitted:
        bounds = [0, *(offset for span in sorted(omitted) for offset in (span.start, span.end)), len(shaped)]
        runs = [shaped[start:end] for start, end in pairwise(bounds)]
        shaped = "".join(_GONE * len(run) if number % 2 else run for number, run in enumerate(runs))
    marks: tuple[int, ...] = ()
    if breaks:
        shaped = _BREAK.join(shaped[start:end] for start, end in pairwise((0, *breaks, len(shaped))))
        marks = tuple(offset + number for number, offset in enumerate(breaks))
    pattern = _pattern(shaped, _BREAK if breaks else "")
    if pattern is None:
        return NormalisedText(shaped)
    pieces: list[str] = []
    edits: list[tuple[int, int, int, int]] = []
    copied = length = 0
    for match in pattern.finditer(shaped):
        piece = _shrink(match[0])
        if piece == match[0]:
            continue
        start, end = match.span()
        pieces += (shaped[copied:start], piece)
        length += start - copied
        before = bisect_left(marks, start)
        edits.append((length, length + len(piece), start - before, end - bisect_left(marks, end, lo=before)))
        length += len(piece)
        copied = end
    if not edits:
        return NormalisedText(shaped)
    pieces.append(shaped[copied:])
    whole, (starts, ends, froms, tos) = "".join(pieces), zip(*edits, strict=True)
    if not breaks:
        return NormalisedText(whole, starts, ends, froms, tos)
    gaps = tuple(match.start() - number for number, match in enumerate(re.finditer(f"[ {BORDER}]", whole)))
    return NormalisedText(whole, starts, ends, froms, tos, whole.replace(" ", "").replace(BORDER, ""), gaps)


def original_span(folded: NormalisedText, start: int, end: int) -> tuple[int, int] | None:
    """Return the original's offsets of ``folded.text[start:end]`` (not empty), or None if a border is inside a letter.

    The original begins with the first and ends with the last character that contributed: white space and invisible
    characters beside it are left out, accents belong to their letter.
    """
    first = bisect_right(folded.starts, start) - 1
    last = bisect_left(folded.starts, end) - 1
    if first >= 0 and folded.starts[first] < start < folded.ends[first]:
        return None
    if last >= 0 and end < folded.ends[last]:
        return None
    return _start(folded, first, start), _end(folded, last, end)


def describe_differences(quote: str, passage: str) -> tuple[str, ...]:
    """Return the names of the differences between two strings that match after normalising."""
    # A hyphen at a line's end that both have is one of the word.
    divided = _only(DASHES + "\xad", quote) != _only(DASHES + "\xad", passage)
    whole = [_DIVIDED.sub("", text) if divided else text for text in (quote, passage)]
    plain, passage_shape = (re.sub(f"[{INVISIBLE}]", "", text) for text in whole)
    composed = (_COMPARED.sub("", text.translate(_SHAPES).translate(_EXPANDED)) for text in (plain, passage_shape))
    letters = [re.sub(rf"[ \-{BORDER}{POINTS}]", "", normalise(text).text) for text in (quote, passage)]
    ruby = letters[0] != letters[1]
    classes = {
        "what it leaves out of ruby": ruby,
        "hyphens at line ends": divided and len(_DIVIDED.findall(quote)) != len(_DIVIDED.findall(passage)),
        "white space": re.findall(r"\s+", plain) != re.findall(r"\s+", passage_shape),
        "quotation marks": _only(SINGLE_QUOTES + DOUBLE_QUOTES, quote) != _only(SINGLE_QUOTES + DOUBLE_QUOTES, passage),
        "hyphens and dashes": _only(DASHES, plain) != _only(DASHES, passage_shape),
        "ellipses": quote.count("…") != passage.count("…"),
        "ligatures": _only(LIGATURES, quote) != _only(LIGATURES, passage),
        "long s": _only("\u017f\u1e9b\ufb05", quote) != _only("\u017f\u1e9b\ufb05", passage),
        "points and vowel signs": _POINT.findall(quote) != _POINT.findall(passage),
        "soft hyphens and zero-width characters": _only(INVISIBLE, whole[0]) != _only(INVISIBLE, whole[1]),
        "composed and decomposed letters": not ruby and any(before != after for before, after in pairwise(composed)),
    }
    return tuple(name for name, differs in classes.items() if differs)


def _pattern(shaped: str, border: str) -> re.Pattern[str] | None:
    """Return the pattern of pieces to replace: runs that shrink and, in a text not in NFC, letters with their marks."""
    shrinks = rf"[ {_GONE}{border}]{{2,}}|[{_GONE}{border}]"
    visible = shaped.replace(_GONE, "")
    if unicodedata.is_normalized("NFC", visible) and not _LIGATURE.search(visible):
        shrinking = border or _GONE in shaped or "  " in shaped or _RUN.search(shaped)
        return re.compile(f"{shrinks}|{_RUNS}") if shrinking else None
    alphabet = sorted(set(visible) - {" ", border})
    joining = re.escape("".join(character for character in alphabet if _joins(character)))
    lonely = re.escape("".join(character for character in alphabet if _compose(character) != character))
    # The quantifiers are possessive, so that a run of invisible characters is read at most twice. Those before a mark
    # without a letter are no part of it.
    marks = rf"(?:{_GONE}*+[{joining}])"
    letters = [rf"[^ {_GONE}{border}{joining}]{marks}++|[{joining}]{marks}*+"] if joining else []
    singles = [f"[{lonely}]"] if lonely else []
    return re.compile("|".join([*letters, shrinks, _RUNS, *singles]))


def _joins(character: str) -> bool:
    """Return whether it may compose with, or be reordered among, the characters before it."""
    return unicodedata.category(character)[0] == "M" or _JOINING_LETTERS.match(character) is not None


def _shrink(piece: str) -> str:
    visible = piece.replace(_GONE, "")
    if visible.isspace() or (blanks := visible.replace(_BREAK, "")).isspace():
        return " "
    if not blanks:
        return BORDER * bool(visible)
    if visible == _DOTS:
        return "…"
    return _compose(visible) if visible.strip("-") else "-"


def _compose(text: str) -> str:
    """Return a text in NFC, without ligatures."""
    return unicodedata.normalize("NFC", text.translate(_EXPANDED))


def _start(folded: NormalisedText, edit: int, offset: int) -> int:
    if edit < 0:
        return offset
    if folded.starts[edit] == offset and folded.ends[edit] > offset:
        return folded.froms[edit]
    return folded.tos[edit] + offset - folded.ends[edit]


def _end(folded: NormalisedText, edit: int, offset: int) -> int:
    return offset if edit < 0 else folded.tos[edit] + offset - folded.ends[edit]


def _only(characters: str, text: str) -> str:
    return "".join(character for character in text if character in characters)
