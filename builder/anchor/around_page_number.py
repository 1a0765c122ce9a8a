"""Split a quote that runs over something else, such as a page number, into the two passages around it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from builder.anchor.choose_place import Resolved, resolve_quote
from builder.anchor.normalise import normalise

if TYPE_CHECKING:
    from builder.anchor.searchable_text import QuotableText
    from builder.model import Quote, Span

_BETWEEN: Final = 400  # code points between the passages: a page number with its running head, not another paragraph
_TRIED: Final = 6  # places to split, where the words at the split are on both sides


def split_quote(searched: QuotableText, quote: Quote, part: int) -> tuple[Span, Span] | None:
    """Return the two passages that a part (from 0) of a quote consists of, near each other and in one place only.

    None if there are none or several, or nothing but a few words of the same line is between them.
    """
    text, words = searched.normalised().text, normalise(quote.parts[part]).text.split(" ")
    words = [word for word in words if word]
    # More words are in the text only if fewer are: the ends of both passages are found by bisection.
    counts = range(1, len(words))
    most = bisect_left(counts, 1, key=lambda count: " ".join(words[:count]) not in text)
    least = bisect_left(counts, 1, key=lambda count: " ".join(words[count:]) in text) + 1
    for count in range(most, max(least, most - _TRIED) - 1, -1):
        halves = (" ".join(words[:count]), " ".join(words[count:]))
        parts = (*quote.parts[:part], *halves, *quote.parts[part + 1 :])
        outcome = resolve_quote(searched, replace(quote, parts=parts))
        if isinstance(outcome, Resolved):
            first, second = outcome.spans[part : part + 2]
            near = second.start - first.end <= _BETWEEN
            return (first, second) if near and _has_line_end(searched, first.end, second.start) else None
    return None


def _has_line_end(searched: QuotableText, start: int, end: int) -> bool:
    return "\n" in searched.text[start:end] or bisect_left(searched.breaks, start) < bisect_right(searched.breaks, end)
