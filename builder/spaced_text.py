"""The reading text with white space at each break: for words that are shown, searched or compared outside their page.

Many systems send ``<td>North</td><td>12</td>`` without white space between tags. A reader sees a border between the two
words; the reading text has none, and stays as it is, because it must equal the page's ``textContent``.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import pairwise

from builder.model import Body, Span


def spaced_text(body: Body, start: int = 0, end: int | None = None, *, separator: str = " ") -> str:
    """Return ``body.text[start:end]`` with ``separator`` at each break inside. Offsets are code points."""
    last = len(body.text) if end is None else end
    first, stop = bisect_right(body.breaks, start), bisect_left(body.breaks, last)
    if first >= stop:
        return body.text[start:last]
    cuts = (start, *body.breaks[first:stop], last)
    return separator.join(body.text[a:b] for a, b in pairwise(cuts))


@dataclass(frozen=True, slots=True)
class SpacedText:
    """A whole reading text with one character more at each break, and the way between the offsets of both."""

    text: str
    breaks: tuple[int, ...]

    def from_body(self, span: Span) -> Span:
        """Return the span of ``text`` with the words of a span of the body's text."""
        return Span(span.start + bisect_right(self.breaks, span.start), span.end + bisect_left(self.breaks, span.end))

    def to_body(self, span: Span) -> Span:
        """Return the span of the body's text with the words of a span of ``text``; it may be empty."""
        return Span(self._offset(span.start), self._offset(span.end))

    def _offset(self, offset: int) -> int:
        # The character of break k stands at breaks[k] + k.
        return offset - bisect_left(range(len(self.breaks)), offset, key=lambda number: self.breaks[number] + number)


def space_out(body: Body, *, separator: str = " ") -> SpacedText:
    """Return the body's text with ``separator``, which is one character, at each break."""
    return SpacedText(spaced_text(body, separator=separator), body.breaks)
