"""Tables of documents and of claims, which a script sorts and filters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from builder.addresses import document_address, relative_url
from builder.model import ClaimEntry, Corpus, DocumentRecord, Project
from builder.render.appearance import verdict_badges
from builder.render.counts import VerdictCount, count_notes
from builder.render.entry_pages import claim_text, topic_links
from builder.render.formatting import Badge, FormattedDate, format_date, with_count
from builder.render.note_view import LinkView
from builder.render.pagination import ROWS, page_slices, pager
from builder.render.search_links import search_href
from builder.render.templating import render_template

_FETCHED = 50  # pages, so 10,000 rows, that a browser can be asked to sort; longer tables are read page by page
_FEW = 3  # documents of a row that are named

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class _Shape:
    """``columns`` have a name and how they sort: text, date or number; ``found`` is what search finds all rows by."""

    slot: str
    columns: tuple[tuple[str, str], ...]
    found: tuple[str, str]


_DOCUMENTS = _Shape(
    "documents",
    (("Document", "text"), ("Date", "date"), ("Collection", "text"), ("Topics", "text"), ("Notes", "number")),
    ("type", "document"),
)
_CLAIMS = _Shape("claims", (("Claim", "text"), ("Last seen", "date"), ("Documents", "number")), ("kind", "claim"))


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
    """Part ``number`` of the table of documents, for the page at ``address``."""
    return _table(_DOCUMENTS, items, _document_row, corpus, address, number=number)


def claims_table(items: Sequence[ClaimEntry], corpus: Corpus, address: str, number: int) -> str:
    """Part ``number`` of the table of claims, likewise."""
    return _table(_CLAIMS, items, _claim_row, corpus, address, number=number)


def _table(
    shape: _Shape,
    items: Sequence[_Item],
    row: Callable[[_Item, Project, str], _DocumentRow | _ClaimRow],
    corpus: Corpus,
    address: str,
    *,
    number: int,
) -> str:
    """One part of a table; the script fetches the further ones when it needs them, up to a bound."""
    pages = page_slices(items)
    first = f"{shape.slot}/"
    shown = {
        "Collection": any(each.collection for each in corpus.documents),
        "Topics": any(each.topics for each in corpus.documents),
    }
    return render_template(
        "table.html",
        slot=shape.slot,
        title=_caption(shape.slot, items),
        columns=[each for each in shape.columns if shown.get(each[0], True)],
        collections=shown["Collection"],
        topics=shown["Topics"],
        rows=[row(each, corpus.project, address) for each in pages[number - 1]],
        search=search_href(corpus.project, address, [shape.found]),
        base=relative_url(address, first),
        pages=len(pages),
        size=ROWS,
        lively=number == 1 and len(pages) <= _FETCHED,
        pager=pager(first, number, len(items), here=address),
    )


def _caption(slot: str, items: Sequence[object]) -> str:
    """How many there are; of claims also in how many places, which is what verdicts are counted by elsewhere."""
    told = with_count(len(items), slot.removesuffix("s"))
    places = sum(len(each.appearances) for each in items if isinstance(each, ClaimEntry))
    return f"{told}, made in {with_count(places, 'place')}" if places else told


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
        date=format_date(record.published),
        topics=topic_links(record.topics, project, address),
        counts=count_notes((noted.note for noted in record.notes), project),
        number=len(record.notes),
    )


def _claim_row(entry: ClaimEntry, project: Project, address: str) -> _ClaimRow:
    documents = {each.document.slug: each.document for each in reversed(entry.appearances)}
    dates = [each.document.published for each in entry.appearances if each.document.published]
    return _ClaimRow(
        href=relative_url(address, entry.address),
        words=claim_text(entry),
        verdicts=verdict_badges(entry.appearances, project),
        documents=tuple(
            (relative_url(address, document_address(each.slug)), each.title) for each in list(documents.values())[:_FEW]
        ),
        number=len(documents),
        date=format_date(max(dates, default=None)),
        topics=topic_links(
            tuple(dict.fromkeys(key for each in entry.appearances for key in each.note.topics)), project, address
        ),
    )
