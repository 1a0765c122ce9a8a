"""A reading text made ready to look for quotes in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

from builder.anchor.letters import is_whole
from builder.anchor.normalise import NormalisedText, normalise, normalise_body
from builder.model import Body, Span


@dataclass(frozen=True, slots=True)
class QuotableText:
    """A reading text. ``breaks`` as in ``Body``; ``normalised`` returns it normalised, computed once when needed."""

    text: str
    breaks: tuple[int, ...]
    normalised: Callable[[], NormalisedText]

    def is_whole(self, span: Span) -> bool:
        """Return whether a span cuts no letter in two."""
        return is_whole(self.text, span, self.breaks)


def quotable_text(text: str, breaks: tuple[int, ...] = ()) -> QuotableText:
    """Return a text made ready to look for quotes in."""
    return QuotableText(text, breaks, cache(partial(normalise, text, breaks)))


def quotable_body(body: Body) -> QuotableText:
    """Return a document's text made ready to look for quotes in."""
    return QuotableText(body.text, body.breaks, cache(partial(normalise_body, body)))
