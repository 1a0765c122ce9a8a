"""Carry a passage from an old text to a new one. Pure: strings and spans.

The old text says which words were meant, the diff of the two texts where they are now. Nothing is guessed: a passage
whose surroundings fit several places is *unsure*.
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

# Code points on either side of two places that are compared.
_AROUND: Final = 200
# A place beats another by at least this many common code points around it: two or three words.
_MARGIN: Final = 15
# A rival with this much common context is a copy of the passage.
_COPY: Final = 30
# A passage of at least this length is recognised anywhere, a shorter one only with its context.
_LONG: Final = 15
# An edited quote keeps at least this share of its letters, or it is a few words between unchanged neighbours.
_KEPT: Final = 0.5
_FEW: Final = 4
_NEIGHBOURS: Final = 3
# And it has not grown beyond this factor: an inserted passage is not part of the quote.
_GROWN: Final = 3
_MOST_PLACES: Final = 2_000


class Fate(StrEnum):
    """What became of a note, from best to worst.

    Unchanged: the note as written matches. Moved: the same words elsewhere, or they need another prefix, suffix or
    occurrence. Edited: the words changed. Unsure: several passages could be meant. Gone: none is there.
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
    """Return two texts prepared for ``carry``."""
    return TextPair(old, new, between, normalise_shapes(old), normalise_shapes(new))


def carry(pair: TextPair, span: Span) -> CarriedSpan:
    """Find a passage of the old text in the new one. ``MOVED`` here means away from its neighbours."""
    words = words_touching(pair.between.old, span)
    if not words:
        return CarriedSpan(Fate.GONE, None)
    image = _image(pair, span, words)
    if image is not None:
        if not _is_certain(pair, span, image):
            return CarriedSpan(Fate.UNSURE, None)
        alike = normalise(pair.new[image.start : image.end]).text == normalise(pair.old[span.start : span.end]).text
        return CarriedSpan(Fate.UNCHANGED if alike else Fate.EDITED, image)
    return (
        _elsewhere(pair, span) or _edited(pair, span, words) or _suggested(pair, span) or CarriedSpan(Fate.GONE, None)
    )


def _image(pair: TextPair, span: Span, words: range) -> Span | None:
    """Return where the passage is if all its words are there in a row; else None."""
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


def _is_certain(pair: TextPair, span: Span, image: Span) -> bool:
    """Return whether no other place, in either text, has as much of the same context."""
    here = _context(pair, span, image)
    rivals = (_context(pair, span, place) for place in _unassigned_places(pair, image, _shaped_words(pair, span)))
    doubles = (_context(pair, place, image) for place in _lost_places(pair, span))
    return all(_beats(here, rival) for rival in (*rivals, *doubles))


def _elsewhere(pair: TextPair, span: Span) -> CarriedSpan | None:
    """Return the passage in inserted text: it was moved, or its paragraph was."""
    places = list(_unassigned_places(pair, None, _shaped_words(pair, span)))
    if not places:
        return None
    contexts = [(_context(pair, span, place), place) for place in places]
    best, place = max(contexts, key=lambda entry: sum(entry[0]))
    words = pair.shaped_old[span.start : span.end].strip()
    if len(words) < _LONG and sum(best) < _MARGIN:
        return None
    rivals = [context for context, candidate in contexts if candidate != place]
    doubles = [_context(pair, place, place) for place in _lost_places(pair, span)]
    if all(_beats(best, rival) for rival in (*rivals, *doubles)):
        return CarriedSpan(Fate.MOVED, place)
    return CarriedSpan(Fate.UNSURE, None)


def _shaped_words(pair: TextPair, span: Span) -> str:
    return pair.shaped_old[span.start : span.end]


def _unassigned_places(pair: TextPair, occupied: Span | None, words: str) -> Iterator[Span]:
    """Yield the places of these words in the new text that the diff does not assign to other words of the old one."""
    for place in _places(pair.shaped_new, words):
        if occupied and place.start < occupied.end and occupied.start < place.end:
            continue
        origins = [pair.between.origin[word] for word in words_touching(pair.between.new, place)]
        if origins[0] < 0 or any(origin != origins[0] + index for index, origin in enumerate(origins)):
            yield place


def _lost_places(pair: TextPair, span: Span) -> Iterator[Span]:
    """Yield other places of the passage's words in the old text that are no longer there as they were."""
    for place in _places(pair.shaped_old, _shaped_words(pair, span)):
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
    """Return how many code points two places have in common before them and after them."""
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
    """Return whether the best context beats the rival's by the margin, is worse on no side, and the rival is no copy.

    Of a passage and its copy nothing tells which is the original once one is edited.
    """
    better = best[0] >= rival[0] and best[1] >= rival[1] and sum(best) >= sum(rival) + _MARGIN
    return better and sum(rival) < _COPY


def _edited(pair: TextPair, span: Span, words: range) -> CarriedSpan | None:
    """Return the passage with changed words: from the first to the last word that is left of it."""
    between = pair.between
    images = [(word, image) for word in words if (image := max(between.same[word], between.other[word])) >= 0]
    if not images:
        return None
    (first, start), (last, end) = images[0], images[-1]
    if end - start + 1 > _GROWN * len(words) + _FEW:
        return None
    length = sum(between.old[word].end - between.old[word].start for word in words)
    unchanged = sum(between.old[word].end - between.old[word].start for word in words if between.same[word] >= 0)
    if unchanged < _KEPT * length and not _between_unchanged_neighbours(between, words, start, end):
        return None
    left = max(0, span.start - between.old[first].start) if first == words.start and between.same[first] >= 0 else 0
    right = max(0, between.old[last].end - span.end) if last == words.stop - 1 and between.same[last] >= 0 else 0
    carried = Span(between.new[start].start + left, between.new[end].end - right)
    return CarriedSpan(Fate.EDITED, carried) if carried.start < carried.end else None


def _between_unchanged_neighbours(between: WordDiff, words: range, start: int, end: int) -> bool:
    """Return whether a few words were replaced between neighbours that all stayed."""
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
    """Return the passage moved and edited: found by similarity, and not in other words of the old text."""
    old = pair.old
    prefix, suffix = old[max(0, span.start - _AROUND // 4) : span.start], old[span.end : span.end + _AROUND // 4]
    suggestion: Suggestion | None = suggest(pair.new, old[span.start : span.end], prefix, suffix)
    if suggestion is None:
        return None
    words = words_touching(pair.between.new, suggestion.span)
    own = words_touching(pair.between.old, span)
    occupied = sum(1 for word in words if (origin := pair.between.origin[word]) >= 0 and origin not in own)
    return CarriedSpan(Fate.EDITED, suggestion.span, suggestion.score) if occupied * 2 < len(words) else None
