"""Where the words of a note have gone when its document's text changed: pure, strings and spans.

The old text says which words were meant, the difference between the two texts where they are now. Nothing is guessed:
words that could be those or others by what stands around them are *unsure*.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from builder.anchor.normalise import normalise, normalise_shapes
from builder.anchor.word_diff import WordDiff, words_touching
from builder.model import Span
from builder.reanchor.suggest import Suggestion, suggest

# Of what stands around two places, this many code points on either side are compared.
_AROUND: Final = 200
# One place is told from another by so many code points of what stands around them: two or three words.
_MARGIN: Final = 15
# A place that has so much in common with what stood around the words has been copied from there.
_COPY: Final = 30
# Words that are long enough are known again anywhere; shorter ones only with what stood around them.
_LONG: Final = 15
# An edited quote has at least this share of its letters left, or it is a few words with both their neighbours.
_KEPT: Final = 0.5
_FEW: Final = 4
_NEIGHBOURS: Final = 3
# And it has not grown by more than this: a passage that was put in is not part of the quote.
_GROWN: Final = 3
_MOST_PLACES: Final = 2_000


class Fate(StrEnum):
    """What became of a note, from best to worst.

    Unchanged: the note as written finds its words. Moved: the same words in another place, or to be told from others
    in another way. Edited: the words changed inside. Unsure: the words could be those, or others. Gone.
    """

    UNCHANGED = "unchanged"
    MOVED = "moved"
    EDITED = "edited"
    UNSURE = "unsure"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class CarriedSpan:
    """One passage's fate and, unless it is unsure or gone, its span of the new text. ``score``: of a suggestion."""

    fate: Fate
    span: Span | None
    score: float | None = None


@dataclass(frozen=True, slots=True)
class TextPair:
    """An old and a new text, the difference between them, and both with one shape for every kind of white space."""

    old: str
    new: str
    between: WordDiff
    shaped_old: str
    shaped_new: str


def text_pair(old: str, new: str, between: WordDiff) -> TextPair:
    """Two texts made ready to carry passages from one to the other."""
    return TextPair(old, new, between, normalise_shapes(old), normalise_shapes(new))


def carry(pair: TextPair, span: Span) -> CarriedSpan:
    """Find a passage of the old text in the new one. ``MOVED`` here means: not where its neighbours are."""
    words = words_touching(pair.between.old, span)
    if not words:
        return CarriedSpan(Fate.GONE, None)
    image = _image(pair, span, words)
    if image is not None:
        if not _certain(pair, span, image):
            return CarriedSpan(Fate.UNSURE, None)
        alike = normalise(pair.new[image.start : image.end]).text == normalise(pair.old[span.start : span.end]).text
        return CarriedSpan(Fate.UNCHANGED if alike else Fate.EDITED, image)
    return (
        _elsewhere(pair, span) or _edited(pair, span, words) or _suggested(pair, span) or CarriedSpan(Fate.GONE, None)
    )


def _image(pair: TextPair, span: Span, words: range) -> Span | None:
    """Where the passage is, if all its words are there, one after the other."""
    same = pair.between.same[words.start : words.stop]
    if same[0] < 0 or any(image != same[0] + index for index, image in enumerate(same)):
        return None
    old, new = pair.between.old, pair.between.new
    # A passage may begin or end inside a word, or with white space of its own.
    start = max(0, new[same[0]].start + span.start - old[words.start].start)
    end = min(len(pair.new), new[same[-1]].end + span.end - old[words.stop - 1].end)
    if normalise(pair.new[start:end]).text == normalise(pair.old[span.start : span.end]).text:
        return Span(start, end)
    return Span(max(start, new[same[0]].start), min(end, new[same[-1]].end))


def _certain(pair: TextPair, span: Span, image: Span) -> bool:
    """Whether no other words, in either text, could as well be meant by what stands around them."""
    here = _context(pair, span, image)
    rivals = (_context(pair, span, place) for place in _free(pair, image, _whole(pair, span)))
    doubles = (_context(pair, place, image) for place in _lost(pair, span))
    return all(_beats(here, rival) for rival in (*rivals, *doubles))


def _elsewhere(pair: TextPair, span: Span) -> CarriedSpan | None:
    """The same words in text that was put in: the passage was moved, or its paragraph was."""
    places = list(_free(pair, None, _whole(pair, span)))
    if not places:
        return None
    contexts = [(_context(pair, span, place), place) for place in places]
    best, place = max(contexts, key=lambda entry: sum(entry[0]))
    words = pair.shaped_old[span.start : span.end].strip()
    if len(words) < _LONG and sum(best) < _MARGIN:
        return None
    rivals = [context for context, candidate in contexts if candidate != place]
    doubles = [_context(pair, place, place) for place in _lost(pair, span)]
    if all(_beats(best, rival) for rival in (*rivals, *doubles)):
        return CarriedSpan(Fate.MOVED, place)
    return CarriedSpan(Fate.UNSURE, None)


def _whole(pair: TextPair, span: Span) -> str:
    return pair.shaped_old[span.start : span.end]


def _free(pair: TextPair, occupied: Span | None, words: str) -> Iterator[Span]:
    """The places of these words in the new text that are no other words of the old one."""
    for place in _places(pair.shaped_new, words):
        if occupied and place.start < occupied.end and occupied.start < place.end:
            continue
        origins = [pair.between.origin[word] for word in words_touching(pair.between.new, place)]
        if origins[0] < 0 or any(origin != origins[0] + index for index, origin in enumerate(origins)):
            yield place


def _lost(pair: TextPair, span: Span) -> Iterator[Span]:
    """Other places of a passage's words in the old text that are no longer there as they were."""
    for place in _places(pair.shaped_old, _whole(pair, span)):
        if place.start < span.end and span.start < place.end:
            continue
        images = [pair.between.same[word] for word in words_touching(pair.between.old, place)]
        if images[0] < 0 or any(image != images[0] + index for index, image in enumerate(images)):
            yield place


def _places(text: str, words: str) -> Iterator[Span]:
    at = text.find(words)
    for _ in range(_MOST_PLACES):
        if at < 0:
            return
        yield Span(at, at + len(words))
        at = text.find(words, at + 1)


def _context(pair: TextPair, old: Span, new: Span) -> tuple[int, int]:
    """How many code points two places have in common before them, and after them."""
    before = _common(
        pair.shaped_old[max(0, old.start - _AROUND) : old.start][::-1], _before(pair.shaped_new, new.start)
    )
    after = _common(pair.shaped_old[old.end : old.end + _AROUND], pair.shaped_new[new.end : new.end + _AROUND])
    return before, after


def _before(text: str, offset: int) -> str:
    return text[max(0, offset - _AROUND) : offset][::-1]


def _common(left: str, right: str) -> int:
    return next(
        (index for index, pair in enumerate(zip(left, right, strict=False)) if pair[0] != pair[1]),
        min(len(left), len(right)),
    )


def _beats(best: tuple[int, int], rival: tuple[int, int]) -> bool:
    """Whether a place has the better context on one side by the margin, no worse one on the other, and no real rival.

    A place with much of the same context is a copy: which of the two is the first, nothing can tell once one is edited.
    """
    better = best[0] >= rival[0] and best[1] >= rival[1] and sum(best) >= sum(rival) + _MARGIN
    return better and sum(rival) < _COPY


def _edited(pair: TextPair, span: Span, words: range) -> CarriedSpan | None:
    """The passage with its words changed inside: what stands between what is left of it."""
    between = pair.between
    images = [(word, image) for word in words if (image := max(between.same[word], between.other[word])) >= 0]
    if not images:
        return None
    (first, start), (last, end) = images[0], images[-1]
    if end - start + 1 > _GROWN * len(words) + _FEW:
        return None
    length = sum(between.old[word].end - between.old[word].start for word in words)
    unchanged = sum(between.old[word].end - between.old[word].start for word in words if between.same[word] >= 0)
    if unchanged < _KEPT * length and not _held(between, words, start, end):
        return None
    left = max(0, span.start - between.old[first].start) if first == words.start and between.same[first] >= 0 else 0
    right = max(0, between.old[last].end - span.end) if last == words.stop - 1 and between.same[last] >= 0 else 0
    carried = Span(between.new[start].start + left, between.new[end].end - right)
    return CarriedSpan(Fate.EDITED, carried) if carried.start < carried.end else None


def _held(between: WordDiff, words: range, start: int, end: int) -> bool:
    """Whether a few words were replaced between neighbours that all stayed."""
    if len(words) > _FEW or end - start + 1 > 2 * _FEW:
        return False
    was = between.old[words.stop - 1].end - between.old[words.start].start
    if between.new[end].end - between.new[start].start < _KEPT * was:
        return False
    before = range(words.start - _NEIGHBOURS, words.start)
    after = range(words.stop, words.stop + _NEIGHBOURS)
    if before.start < 0 or after.stop > len(between.same):
        return False
    return all(between.same[word] == start - (words.start - word) for word in before) and all(
        between.same[word] == end + 1 + word - words.stop for word in after
    )


def _suggested(pair: TextPair, span: Span) -> CarriedSpan | None:
    """The passage moved and edited: found by likeness, but not in words that are other words of the old text."""
    old = pair.old
    prefix, suffix = old[max(0, span.start - _AROUND // 4) : span.start], old[span.end : span.end + _AROUND // 4]
    suggestion: Suggestion | None = suggest(pair.new, old[span.start : span.end], prefix, suffix)
    if suggestion is None:
        return None
    words = words_touching(pair.between.new, suggestion.span)
    own = words_touching(pair.between.old, span)
    occupied = sum(1 for word in words if (origin := pair.between.origin[word]) >= 0 and origin not in own)
    return CarriedSpan(Fate.EDITED, suggestion.span, suggestion.score) if occupied * 2 < len(words) else None
