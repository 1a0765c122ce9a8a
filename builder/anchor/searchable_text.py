"""A reading text made ready to look for quotes in."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import Final

from builder.anchor.divided_words import Letters, has_occasion, letters_of
from builder.anchor.graphemes import Clusters, clusters_of, is_whole, widened
from builder.anchor.normalise import NormalisedText, normalise, normalise_body
from builder.model import Body, Span
from builder.spaced_text import SpacedText, space_out

CONTEXT: Final = 80  # code points of context that one would still write
_SLACK: Final = 40  # code points that normalising may remove between words
_KEPT: Final = 20_000  # contexts that are kept, some 10 MB: those of one place are asked for by many quotes


@dataclass(frozen=True, slots=True)
class QuotableText:
    """A reading text. ``breaks`` as in ``Body``. The functions compute their value once, when it is needed.

    ``clusters`` are the letters of the text. ``spaced`` returns the text with its breaks as spaces; ``before`` and
    ``after`` what stands before or after an offset, normalised, with breaks as spaces and without. ``normalised``
    returns the text normalised, ``letters`` that without its gaps. ``may_be_divided``: whether words of the text may be
    divided or pointed otherwise in a quote.
    """

    text: str
    breaks: tuple[int, ...]
    clusters: Clusters
    spaced: Callable[[], SpacedText]
    before: Callable[[int], tuple[str, str]]
    after: Callable[[int], tuple[str, str]]
    normalised: Callable[[], NormalisedText]
    letters: Callable[[], Letters]
    may_be_divided: Callable[[], bool]

    def is_whole(self, span: Span) -> bool:
        """Return whether a span cuts no letter in two."""
        return is_whole(self.clusters, span, self.breaks)

    def widened(self, span: Span) -> Span:
        """Return a span with the letters that it cuts."""
        return widened(self.clusters, span)


def quotable_text(text: str, breaks: tuple[int, ...] = ()) -> QuotableText:
    """Return a text made ready to look for quotes in."""
    return _quotable(text, breaks, partial(normalise, text, breaks))


def quotable_body(body: Body) -> QuotableText:
    """Return a document's text made ready to look for quotes in."""
    return _quotable(body.text, body.breaks, partial(normalise_body, body))


def _quotable(text: str, breaks: tuple[int, ...], normalising: Callable[[], NormalisedText]) -> QuotableText:
    normalised = cache(normalising)
    spaced = cache(partial(space_out, Body((), text, (), breaks=breaks)))
    return QuotableText(
        text=text,
        breaks=breaks,
        clusters=clusters_of(text),
        spaced=spaced,
        before=lru_cache(_KEPT)(lambda offset: _before(text, spaced(), offset)),
        after=lru_cache(_KEPT)(lambda offset: _after(text, spaced(), offset)),
        normalised=normalised,
        letters=cache(lambda: letters_of(text, normalised())),
        may_be_divided=cache(partial(has_occasion, text, breaks)),
    )


def _before(text: str, spaced: SpacedText, offset: int) -> tuple[str, str]:
    ends = ((spaced.text, offset + bisect_right(spaced.breaks, offset)), (text, offset))
    shown, bare = (normalise(whole[max(0, end - CONTEXT - _SLACK) : end]).text for whole, end in ends)
    return shown, bare


def _after(text: str, spaced: SpacedText, offset: int) -> tuple[str, str]:
    starts = ((spaced.text, offset + bisect_left(spaced.breaks, offset)), (text, offset))
    shown, bare = (normalise(whole[start : start + CONTEXT + _SLACK]).text for whole, start in starts)
    return shown, bare
