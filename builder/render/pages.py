"""The pages of documents, and the list of them, drawn from templates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from builder.addresses import relative
from builder.model import Corpus, DocumentRecord, Project
from builder.render.document import document_page
from builder.render.drawing import draw
from builder.render.tally import Count, tally
from builder.render.weave import FILES
from builder.render.wording import When, when

__all__ = ["FILES", "document_page", "documents_index"]


@dataclass(frozen=True, slots=True)
class _Row:
    """One document in the index."""

    href: str
    title: str
    language: str
    rtl: bool
    draft: bool
    publisher: str | None
    collection: str
    date: When | None
    counts: tuple[Count, ...]


def documents_index(corpus: Corpus, address: str) -> str:
    """Draw the list of all documents, newest first, as HTML for the slot of the page at ``address``."""
    rows = [_row(each, corpus.project, address) for each in _newest_first(corpus.documents)]
    collections = any(each.collection for each in rows)
    return draw("documents.html", rows=rows, collections=collections, total=len(rows))


def _newest_first(documents: Iterable[DocumentRecord]) -> list[DocumentRecord]:
    """Sort by date, the newest first and the undated last; within a day by title."""
    by_title = sorted(documents, key=lambda each: (each.title, each.slug))
    return sorted(by_title, key=lambda each: each.published or "", reverse=True)


def _row(record: DocumentRecord, project: Project, address: str) -> _Row:
    return _Row(
        href=relative(address, f"documents/{record.slug}/"),
        title=record.title,
        language=record.language,
        rtl=record.rtl,
        draft=record.draft,
        publisher=record.publisher,
        collection=record.collection,
        date=when(record.published),
        counts=tally(record.notes, project),
    )
