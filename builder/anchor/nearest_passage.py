"""Find the passage nearest to a quote that matches nowhere: for the message, never for the page.

Strings in, spans out; the only room that imports rapidfuzz.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from builder.model import Span

# From this likeness on (0 to 100, rapidfuzz's ratio of quote and passage) an author sees what was meant. Short quotes
# are more alike by chance, so more is asked of them.
_ALIKE: Final = 60.0
_ALIKE_SHORT: Final = 70.0
_SHORT: Final = 24
_WORTH_ALIGNING: Final = 50.0
# Longer quotes are looked for by their two ends of so many code points: it bounds the time that one quote takes.
_END: Final = 400
# A word runs on over apostrophes, points, commas and hyphens inside it; Chinese and Japanese signs, which have no
# space between words, and punctuation marks count one by one.
_CJK: Final = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_MARKS: Final = r"!-/:-@\[-`{-~\xa1-\xbf\u2010-\u205e\u3001-\u3020\uff01-\uff0f\uff1a-\uff20"
_WORD: Final = rf"[^\s{_CJK}{_MARKS}]+"
TOKENS: Final = re.compile(rf"{_WORD}(?:['.,-]{_WORD})*|\S")
# What it costs, when words are aligned, if the quote has a word too few, another word, a word too many. In this order a
# word that was left out is seen as such, and a wrong last word still stands for the one in its place. A word that is
# merely spelt otherwise costs less than another one; a punctuation mark costs little.
_ADDED: Final = 100
_OTHER: Final = 120
_DROPPED: Final = 130
_SPELT: Final = 180  # times the share of letters that differ
_SIGN: Final = 30
_OTHER_SIGN: Final = 20  # less than to drop one: a passage in other quotation marks is the passage with its marks
# A word at the end of a passage stands for the quote's if it has at least this share of its letters, in their order.
_SAME_WORD: Final = 0.5
# And of two words, one of which is the beginning or the end of the other, the shorter has this share of the longer.
_SAME_LENGTH: Final = 0.7


# From this likeness on, and so far ahead of every other passage, one is certainly meant.
_CERTAIN: Final = 90.0
_AHEAD: Final = 10.0
_NUMBER: Final = re.compile(r"\d+")
# What is no letter or digit, at the ends of a text that has some.
_ENDS: Final = re.compile(r"^[\W_]+(?=[^\W_])|(?<=[^\W_])[\W_]+$")


@dataclass(frozen=True, slots=True)
class NearestPassage:
    """The nearest passage as a span of the searched text, and its likeness to the quote (0 to 100)."""

    span: Span
    likeness: float


def nearest_passage(text: str, quote: str, prefix: str = "", suffix: str = "") -> NearestPassage | None:
    """Return the passage of whole words that is nearest to the quote, or None if nothing is similar.

    ``prefix`` and ``suffix`` choose among passages that are equally near. Case is ignored. The time grows with the
    length of the text; a quote of 200 in a million characters takes some 20 ms.
    """
    low, wanted = _lower(text), _lower(quote.strip())
    if not wanted:
        return None
    contexts = [(_lower(prefix[-_END:]), _lower(suffix[:_END]))] if prefix or suffix else []
    for before, after in [*contexts, ("", "")]:
        span = _passage(low, wanted, before, after)
        if span is None:
            continue
        likeness = _likeness(wanted, low[span.start : span.end])
        if likeness >= (_ALIKE if len(wanted) >= _SHORT else _ALIKE_SHORT):
            return NearestPassage(span, likeness)
    return None


def _likeness(wanted: str, passage: str) -> float:
    """Return how alike two texts are, from 0 to 100; the signs at their ends count only if they add to it."""
    return max(fuzz.ratio(wanted, passage), fuzz.ratio(_ENDS.sub("", wanted), _ENDS.sub("", passage)))


def similarity(left: str, right: str) -> float:
    """Return how alike two texts are, from 0 to 1: the share of letters that are the same in the same order."""
    return fuzz.ratio(_lower(left), _lower(right)) / 100


def word_changes(quote: str, passage: str) -> tuple[tuple[str, str], ...]:
    """Return what differs: (words of the quote, words of the passage) in reading order; either may be ""."""
    ours, theirs = list(TOKENS.finditer(quote)), list(TOKENS.finditer(passage))
    codes = Levenshtein.opcodes([token[0] for token in ours], [token[0] for token in theirs])
    return tuple(
        (_words(quote, ours[code.src_start : code.src_end]), _words(passage, theirs[code.dest_start : code.dest_end]))
        for code in codes
        if code.tag != "equal"
    )


def covers(quote: str, passage: str) -> bool:
    """Return whether a passage begins and ends as the quote does, so that it is the whole of it and no more.

    Its first and last words may be spelt otherwise, but are not other words or parts of them; numbers are the same.
    """
    ours, theirs = TOKENS.findall(_lower(quote)), TOKENS.findall(_lower(passage))
    return bool(ours and theirs) and _same_word(ours[0], theirs[0]) and _same_word(ours[-1], theirs[-1])


def is_certain(text: str, quote: str, nearest: NearestPassage) -> bool:
    """Return whether the nearest passage of a text is certainly meant: hardly other than the quote, and alone so.

    Its numbers are the quote's, for a number that is spelt otherwise is another one.
    """
    passage = text[nearest.span.start : nearest.span.end]
    if nearest.likeness < _CERTAIN or _NUMBER.findall(quote) != _NUMBER.findall(passage):
        return False
    others = (nearest_passage(rest, quote) for rest in (text[: nearest.span.start], text[nearest.span.end :]))
    return all(other is None or other.likeness < nearest.likeness - _AHEAD for other in others)


def _same_word(ours: str, theirs: str) -> bool:
    if not ours[0].isalnum() or not theirs[0].isalnum():
        return ours[0].isalnum() == theirs[0].isalnum()
    if any(character.isdecimal() for character in ours + theirs):
        return ours == theirs
    short, long = sorted((ours, theirs), key=len)
    if (long.startswith(short) or long.endswith(short)) and len(short) < _SAME_LENGTH * len(long):
        return False
    return Levenshtein.normalized_similarity(ours, theirs) >= _SAME_WORD


def _passage(text: str, quote: str, before: str, after: str) -> Span | None:
    if len(quote) <= _END:
        return _align(text, quote, before, after)
    head = _align(text, quote[:_END], before, "")
    tail = _align(text, quote[-_END:], "", after)
    if head is None or tail is None or not head.start < tail.end <= head.start + 2 * len(quote):
        return None
    return Span(head.start, tail.end)


def _align(text: str, quote: str, before: str, after: str) -> Span | None:
    """Find a window by rapidfuzz's partial ratio (bit-parallel, Hyyrö 2004), and in it the passage to the word."""
    match = fuzz.partial_ratio_alignment(before + quote + after, text, score_cutoff=_WORTH_ALIGNING)
    if match is None:
        return None
    first, last = (match.dest_start, match.dest_end) if len(text) > len(quote) else (0, len(text))
    margin = len(quote) // 2 + _SHORT
    window = list(TOKENS.finditer(text, _word_start(text, max(0, first - margin)), last + margin))
    return _cheapest([token[0] for token in TOKENS.finditer(quote)], window, first + len(before))


def _cheapest(quote: list[str], window: list[re.Match[str]], expected: int) -> Span | None:
    """Align words as Sellers (1980) aligns letters: the passage may begin and end anywhere in the window.

    Of equally cheap passages the one nearest to the expected offset wins, of those the shortest.
    """
    # For each end in the window: (cost, words of the window taken), the best so far for the words of the quote read.
    row = [(0, 0)] * (len(window) + 1)
    words = [(cell[0], _cost(cell[0], _ADDED)) for cell in window]
    for ours in quote:
        drop = _cost(ours, _DROPPED)
        above, row = row, [(row[0][0] + drop, 0)]
        for index, (theirs, add) in enumerate(words):
            replaced, dropped, added = above[index], above[index + 1], row[index]
            row.append(
                min(
                    (replaced[0] + _other(ours, theirs), replaced[1] + 1),
                    (dropped[0] + drop, dropped[1]),
                    (added[0] + add, added[1] + 1),
                )
            )
    passages = [
        (cost, abs(window[end - taken].start() - expected), taken, end)
        for end, (cost, taken) in enumerate(row)
        if taken
    ]
    if not passages:
        return None
    _, _, chosen, end = min(passages)
    return Span(window[end - chosen].start(), window[end - 1].end())


def _cost(token: str, word: int) -> int:
    return word if token[0].isalnum() else _SIGN


def _other(ours: str, theirs: str) -> int:
    if ours == theirs:
        return 0
    if ours[0].isalnum() != theirs[0].isalnum():
        return _DROPPED + _SIGN
    if not ours[0].isalnum():
        return _OTHER_SIGN
    return min(_OTHER, round(_SPELT * Levenshtein.normalized_distance(ours, theirs)))


def _word_start(text: str, offset: int) -> int:
    """Return the start of the word around an offset, looked for within ``_SHORT`` code points."""
    for back in range(offset, max(0, offset - _SHORT), -1):
        if text[back - 1].isspace():
            return back
    return offset


def _words(text: str, tokens: list[re.Match[str]]) -> str:
    return text[tokens[0].start() : tokens[-1].end()] if tokens else ""


def _lower(text: str) -> str:
    """Return the text in lower case, offsets unchanged: ``str.lower`` would turn U+0130 into two."""
    return text.replace("\u0130", "I").lower()
