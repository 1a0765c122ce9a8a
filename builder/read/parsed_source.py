"""The result of reading a document in any format."""

from __future__ import annotations

from dataclasses import dataclass

from builder.model import Body


@dataclass(frozen=True, slots=True)
class ParsedSource:
    """A document's body, and the metadata that the document itself carries: defaults for its sidecar.

    ``published`` is an ISO 8601 date, possibly cut to the month or year; ``language`` is a BCP 47 tag as written.
    """

    body: Body
    title: str | None
    authors: tuple[str, ...]
    published: str | None
    language: str | None
