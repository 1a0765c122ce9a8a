"""Show places of the text as lines of a message, each with the YAML that chooses it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from builder.anchor.disambiguating_lines import disambiguating_lines, message_excerpt, yaml_scalar
from builder.source_positions import locate

if TYPE_CHECKING:
    from builder.anchor.searchable_text import QuotableText
    from builder.model import Document, Span

LISTED: Final = 10  # places in one message
_AROUND: Final = 24  # code points of the text shown on either side of a place


def location_of(document: Document, span: Span) -> str:
    """Return ``file:line:column`` of the span's first character in the source file."""
    line, column = locate(document.body, span.start)
    return f"{document.path}:{line}:{column}"


def quote_line(parts: tuple[str, ...]) -> str:
    """Return the line of YAML that has these parts as a quote."""
    written = [yaml_scalar(part) for part in parts]
    return f"quote: {written[0]}" if len(written) == 1 else f"quote: [{', '.join(written)}]"


def quoted_parts(*parts: str) -> str:
    """Return the parts of a quote for a message."""
    return " … ".join(f'"{message_excerpt(part)}"' for part in parts)


def list_places(
    document: Document, searched: QuotableText, spans: tuple[Span, ...], prefix: str = "", suffix: str = ""
) -> list[str]:
    """Return the first places, each with the line that singles it out among all that match prefix and suffix."""
    lines = disambiguating_lines(searched, spans, range(min(len(spans), LISTED)), prefix, suffix)
    spaced = searched.spaced()
    return [
        f"  {location_of(document, span)} {_snippet(spaced.text, spaced.from_body(span))}\n    {pinned}"
        for span, pinned in zip(spans, lines, strict=False)
    ]


def list_combinations(document: Document, ways: tuple[tuple[Span, ...], ...]) -> list[str]:
    """Return the first ways to place several passages, each with its number."""
    return [
        f"  {', '.join(location_of(document, span) for span in way)}\n    occurrence: {number}"
        for number, way in enumerate(ways[:LISTED], start=1)
    ]


def more_places(count: int) -> list[str]:
    """Return the line that says how many places of so many are not listed; none if all are."""
    return [f"  and {count - LISTED:,} more"] if count > LISTED else []


def _snippet(text: str, span: Span) -> str:
    """Return the words at a place in brackets, with some of the text around them."""
    start, end = max(0, span.start - _AROUND), span.end + _AROUND
    # With the brackets, so that white space at the joints is kept as one space.
    before, after = (
        message_excerpt(text[start : span.start] + "⟦").lstrip(),
        message_excerpt("⟧" + text[span.end : end]).rstrip(),
    )
    return f"{'…' * (start > 0)}{before}{message_excerpt(text[span.start : span.end])}{after}{'…' * (end < len(text))}"
