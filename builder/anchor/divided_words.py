"""Find a quote whose words are divided or pointed otherwise than the text's: the last resort of matching.

What may stand between two letters, or be missing, depends on both letters and on both sides:

- A hyphen at a line's end may divide a word (``commis-⏎sion``) or belong to it (``well-⏎known``): the other side may
  have the hyphen, the hyphen and a space, or, between letters of one case, nothing. A soft hyphen there is no hyphen.
- A line's end between two Chinese or Japanese characters may be nothing.
- Hebrew points and Arabic vowel signs may be missing on one side. Where both have them they must agree, so that
  ``kataba`` (he wrote) does not match ``kutub`` (books).

So no normal form will do. Text and needle are compared without all of this, by one plain search, and then gap by gap,
as borders are in ``match.py``. A dash, space or point that is missing for no such reason is a difference.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from builder.anchor.normalise import BORDER, DASHES, POINTS, NormalisedText, normalise, original_span
from builder.model import Span

# Scripts that have no space between words, with their punctuation. (Korean has.)
_UNSPACED: Final = (
    r"\u3001-\u303f\u3040-\u30ff\u3100-\u312f\u3400-\u9fff\uf900-\ufaff\uff01-\uff9f\U00020000-\U0003ffff"
)
_LINE_END: Final = r"[\n\r\x0b\x0c\x85\u2028\u2029]"
_GAP: Final = re.compile(rf"[ \-{BORDER}{POINTS}]+")
_LETTERS: Final = re.compile(rf"[^ \-{BORDER}{POINTS}]+")
_POINTS: Final = re.compile(f"[{POINTS}]*")
_UNSPACED_LETTER: Final = re.compile(f"[{_UNSPACED}]")
_BROKEN_LINE: Final = re.compile(_LINE_END)
_SOFT_HYPHEN: Final = re.compile(rf"\xad\s*{_LINE_END}")
# Without one of these, in the text or in the quote, nothing matches here that does not match normalised.
_OCCASION: Final = re.compile(
    rf"[{POINTS}]|[{re.escape(DASHES)}\xad]\s*{_LINE_END}|[{_UNSPACED}]\s*{_LINE_END}\s*[{_UNSPACED}]"
)
_QUOTE_OCCASION: Final = re.compile(rf"[{POINTS}]|[{re.escape(DASHES)}\xad]\s|[{_UNSPACED}]\s+[{_UNSPACED}]")


@dataclass(frozen=True, slots=True)
class Letters:
    """A normalised text without its gaps. ``offsets``: of each letter of ``text`` in ``normalised.text``.

    ``source`` is the text before it was normalised.
    """

    source: str
    normalised: NormalisedText
    text: str
    offsets: array[int]


def letters_of(source: str, normalised: NormalisedText) -> Letters:
    """Return a text and its normalised form, made ready for ``find_divided``."""
    offsets = array("L")
    for run in _LETTERS.finditer(normalised.text):
        offsets.extend(range(*run.span()))
    return Letters(source, normalised, _GAP.sub("", normalised.text), offsets)


def has_occasion(text: str, breaks: tuple[int, ...]) -> bool:
    """Return whether words of a text may be divided or pointed otherwise in a quote."""
    return _OCCASION.search(text) is not None or any(text[offset - 1] in DASHES for offset in breaks)


def quote_has_occasion(quote: str) -> bool:
    """Return whether words of a quote may be divided or pointed otherwise in a text."""
    return _QUOTE_OCCASION.search(quote) is not None


def find_divided(letters: Letters, exact: str, prefix: str = "", suffix: str = "") -> Iterator[Span]:
    """Yield the places of ``exact`` in a text, right after ``prefix`` and right before ``suffix``.

    All three are as written; white space at the ends of ``exact`` is left out.
    """
    core = normalise(exact).text.strip()
    if not core or core[0] == "-" or core[-1] == "-":
        return
    before, after = normalise(prefix).text, normalise(suffix).text
    needle = _needle(before + core + after)
    skip, size = len(_GAP.sub("", before)), len(_GAP.sub("", core))
    if not size:
        return
    start = letters.text.find(needle.letters)
    while start >= 0:
        if _fits(letters, start, needle):
            span = _span(letters, start + skip, start + skip + size)
            if span:
                yield span
        start = letters.text.find(needle.letters, start + 1)


@dataclass(frozen=True, slots=True)
class _Needle:
    """What is looked for: its letters, and the gap before each of them and after the last."""

    letters: str
    gaps: tuple[str, ...]


def _needle(words: str) -> _Needle:
    gaps: list[str] = []
    end = 0
    for offset, character in enumerate(words):
        if not _GAP.match(character):
            gaps.append(words[end:offset])
            end = offset + 1
    return _Needle(_GAP.sub("", words), (*gaps, words[end:]))


def _fits(letters: Letters, start: int, needle: _Needle) -> bool:
    """Return whether each gap of the needle may be the gap of the text at its place."""
    return all(
        _gap_fits(letters, start + number, gap, at_end=number in {0, len(needle.letters)})
        for number, gap in enumerate(needle.gaps)
        if gap or number not in {0, len(needle.letters)}
    )


def _gap_fits(letters: Letters, index: int, wanted: str, *, at_end: bool) -> bool:
    """Return whether ``wanted`` may be the gap before letter ``index`` of the text.

    ``at_end``: it is at an end of what is looked for, so only a part of the gap need fit.
    """
    start = letters.offsets[index - 1] + 1 if index else 0
    stop = letters.offsets[index] if index < len(letters.offsets) else len(letters.normalised.text)
    there = letters.normalised.text[start:stop]
    if there == wanted:
        return True
    if at_end:
        beyond = not index or index == len(letters.offsets)
        return wanted in there or (wanted == " " and (beyond or " " in there or BORDER in there))
    points, wanted_points = _POINTS.match(there), _POINTS.match(wanted)
    marks, wanted_marks = (set(match[0] if match else "") for match in (points, wanted_points))
    if not (marks <= wanted_marks or wanted_marks <= marks):
        return False
    around = letters.text[index - 1] + letters.text[index]
    bounds = original_span(letters.normalised, start - 1, stop + 1)
    raw = letters.source[slice(*bounds)] if bounds else ""
    spacing = _POINTS.sub("", there, count=1)
    return not _spellings(spacing, around, raw).isdisjoint(_spellings(_POINTS.sub("", wanted, count=1), around, None))


def _spellings(spacing: str, around: str, raw: str | None) -> set[str]:
    """Return what the space between two letters may be written as.

    ``spacing``: normalised, without points.
    ``around``: the letters before and after it.
    ``raw``: the text from letter to letter; None for a quote, where YAML may have made a space of a line's end.
    """
    spellings = {spacing}
    if BORDER in spacing:
        spellings |= {spacing.replace(BORDER, " "), spacing.replace(BORDER, "")}
    line_end = raw is None or BORDER in spacing or _BROKEN_LINE.search(raw) is not None
    if not line_end:
        return spellings
    if spacing in {"- ", f"-{BORDER}"}:
        spellings |= {"-", "- "}
        if _may_be_divided(around):
            spellings.add("")
    if spacing == " " and raw is not None and _SOFT_HYPHEN.search(raw):
        spellings |= {"", "- "}
    if spacing == " " and all(map(_UNSPACED_LETTER.match, around)):
        spellings.add("")
    return spellings


def _may_be_divided(around: str) -> bool:
    """Return whether a hyphen between two letters may divide a word: not in ``1914-1918`` or ``Jean-Paul``."""
    before, after = around[0], around[1]
    return before.isalpha() and after.isalpha() and (before.isupper() or not after.isupper())


def _span(letters: Letters, first: int, stop: int) -> Span | None:
    """Return the original span of letters ``first`` to ``stop``, with the points of the last one."""
    end = letters.offsets[stop - 1] + 1
    points = _POINTS.match(letters.normalised.text, end)
    bounds = original_span(letters.normalised, letters.offsets[first], points.end() if points else end)
    return Span(*bounds) if bounds else None
