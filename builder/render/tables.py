"""Tables of documents and of claims, which a script sorts and filters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from builder.addresses import claim_address, document_address, relative_url
from builder.model import ClaimEntry, Corpus, DocumentRecord, NoteKind, Project
from builder.render.catalog_pages import claim_text, topic_links
from builder.render.counts import VerdictCount, count_notes
from builder.render.formatting import Badge, FormattedDate, format_date
from builder.render.note_elsewhere import verdict_badges
from builder.render.note_view import LinkView
from builder.render.pagination import ROWS, page_slices, pager
from builder.render.search_links import search_href
from builder.render.templating import render_template
from builder.translation import N_, Translation

_FETCHED = 50  # pages, so 10,000 rows, that a browser can be asked to sort; longer tables are read page by page
_FEW = 3  # documents of a row that are named

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class _Shape:
    """A kind of table.

    ``columns``: names, and how they sort: text, date or number. ``facet``: the filter by which search finds all rows.
    """

    slot: str
    columns: tuple[tuple[str, str], ...]
    facet: tuple[str, str]


_DOCUMENTS = _Shape(
    "documents",
    (
        (N_("Document"), "text"),
        (N_("Date"), "date"),
        (N_("Collection"), "text"),
        (N_("Topics"), "text"),
        (N_("Notes"), "number"),
    ),
    ("type", "document"),
)
_CLAIMS = _Shape(
    "claims", ((N_("Claim"), "text"), (N_("Last seen"), "date"), (N_("Documents"), "number")), ("kind", "claim")
)


@dataclass(frozen=True, slots=True)
class _DocumentRow:
    href: str
    title: str
    language: str
    direction: str
    draft: bool
    publisher: str | None
    collection: str
    collection_search: str | None
    date: FormattedDate | None
    topics: tuple[LinkView, ...]
    counts: tuple[VerdictCount, ...]
    number: int


@dataclass(frozen=True, slots=True)
class _ClaimRow:
    href: str
    words: str
    verdicts: tuple[Badge, ...]
    documents: tuple[tuple[str, str], ...]
    number: int
    date: FormattedDate | None
    topics: tuple[LinkView, ...]


def documents_table(items: Sequence[DocumentRecord], corpus: Corpus, address: str, number: int) -> str:
    """Return page ``number`` of the table of documents, for the page at ``address``."""
    return _table(_DOCUMENTS, items, _document_row, corpus, address, number=number)


def claims_table(items: Sequence[ClaimEntry], corpus: Corpus, address: str, number: int) -> str:
    """Return page ``number`` of the table of claims, for the page at ``address``."""
    return _table(_CLAIMS, items, _claim_row, corpus, address, number=number, unstated=_unstated(corpus, number))


def _table(
    shape: _Shape,
    items: Sequence[_Item],
    row: Callable[[_Item, Project, str], _DocumentRow | _ClaimRow],
    corpus: Corpus,
    address: str,
    *,
    number: int,
    unstated: int = 0,
) -> str:
    """Return one page of a table; a script fetches the further ones when it needs them, up to a bound.

    ``shape``: its columns.
    ``items``: all rows of the table, over all its pages.
    ``row``: makes the view of a row.
    ``corpus``: for labels, and for what documents have at all.
    ``address``: of the page that the table stands on.
    ``number``: of the table's page, from 1.
    ``unstated``: claims that are in no row.
    """
    pages = page_slices(items)
    first = f"{shape.slot}/"
    shown = {
        "Collection": any(document.collection for document in corpus.documents),
        "Topics": any(document.topics for document in corpus.documents),
    }
    return render_template(
        "table.html",
        corpus.project.translation,
        slot=shape.slot,
        title=_caption(shape.slot, items, corpus.project.translation),
        columns=[column for column in shape.columns if shown.get(column[0], True)],
        collections=shown["Collection"],
        topics=shown["Topics"],
        rows=[row(item, corpus.project, address) for item in pages[number - 1]],
        search=search_href(corpus.project, address, [shape.facet]),
        base=relative_url(address, first),
        pages=len(pages),
        size=ROWS,
        lively=number == 1 and len(pages) <= _FETCHED,
        pager=pager(first, number, len(items), here=address),
        unstated=unstated,
    )


def _unstated(corpus: Corpus, number: int) -> int:
    """Return how many claims have neither a statement nor a key, so no page: told once, on the first page."""
    notes = ((document.slug, record.note) for document in corpus.documents for record in document.notes)
    claims = ((slug, note) for slug, note in notes if note.kind is NoteKind.CLAIM)
    return sum(claim_address(slug, note) is None for slug, note in claims) if number == 1 else 0


def _caption(slot: str, items: Sequence[object], translation: Translation) -> str:
    """Return how many there are; of claims also in how many places, which is what verdicts are counted by elsewhere."""
    if slot == _DOCUMENTS.slot:
        return translation.ngettext("%(num)s document", "%(num)s documents", len(items))
    count = translation.ngettext("%(num)s claim", "%(num)s claims", len(items))
    number = sum(len(item.appearances) for item in items if isinstance(item, ClaimEntry))
    places = translation.ngettext("made in %(num)s place", "made in %(num)s places", number)
    return f"{count}{translation.comma}{places}" if number else count


def _document_row(record: DocumentRecord, project: Project, address: str) -> _DocumentRow:
    return _DocumentRow(
        href=relative_url(address, document_address(record.slug)),
        title=record.title,
        language=record.language,
        direction="rtl" if record.rtl else "ltr",
        draft=record.draft,
        publisher=record.publisher,
        collection=record.collection,
        collection_search=search_href(project, address, [("collection", record.collection)]),
        date=format_date(record.published, project.translation),
        topics=topic_links(record.topics, project, address),
        counts=count_notes((note_record.note for note_record in record.notes), project),
        number=len(record.notes),
    )


def _claim_row(entry: ClaimEntry, project: Project, address: str) -> _ClaimRow:
    appearances = entry.appearances
    documents = {appearance.document.slug: appearance.document for appearance in reversed(appearances)}
    dates = [document.published for document in documents.values() if document.published]
    topics = tuple(dict.fromkeys(key for appearance in appearances for key in appearance.note.topics))
    return _ClaimRow(
        href=relative_url(address, entry.address),
        words=claim_text(entry, project.translation),
        verdicts=verdict_badges(entry.appearances, project),
        documents=tuple(
            (relative_url(address, document_address(document.slug)), document.title)
            for document in list(documents.values())[:_FEW]
        ),
        number=len(documents),
        date=format_date(max(dates, default=None), project.translation),
        topics=topic_links(topics, project, address),
    )
