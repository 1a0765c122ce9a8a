"""A reading text made ready to look for quotes in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

from builder.anchor.divided_words import Letters, has_occasion, letters_of
from builder.anchor.graphemes import is_whole
from builder.anchor.normalise import NormalisedText, normalise, normalise_body
from builder.model import Body, Span


@dataclass(frozen=True, slots=True)
class QuotableText:
    """A reading text. ``breaks`` as in ``Body``. The functions compute their value once, when it is needed.

    ``normalised`` returns the text normalised, ``letters`` that without its gaps. ``may_be_divided``: whether words of
    the text may be divided or pointed otherwise in a quote.
    """

    text: str
    breaks: tuple[int, ...]
    normalised: Callable[[], NormalisedText]
    letters: Callable[[], Letters]
    may_be_divided: Callable[[], bool]

    def is_whole(self, span: Span) -> bool:
        """Return whether a span cuts no letter in two."""
        return is_whole(self.text, span, self.breaks)


def quotable_text(text: str, breaks: tuple[int, ...] = ()) -> QuotableText:
    """Return a text made ready to look for quotes in."""
    return _quotable(text, breaks, partial(normalise, text, breaks))


def quotable_body(body: Body) -> QuotableText:
    """Return a document's text made ready to look for quotes in."""
    return _quotable(body.text, body.breaks, partial(normalise_body, body))


def _quotable(text: str, breaks: tuple[int, ...], normalising: Callable[[], NormalisedText]) -> QuotableText:
    normalised = cache(normalising)
    letters = cache(lambda: letters_of(text, normalised()))
    return QuotableText(text, breaks, normalised, letters, cache(partial(has_occasion, text, breaks)))
