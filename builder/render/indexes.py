"""The lists over the whole corpus: what fills the slots of hand-written pages, and the further pages of long lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType

from builder.addresses import relative
from builder.model import (
    Appearance,
    Catalog,
    ClaimEntry,
    Corpus,
    DocumentRecord,
    Page,
    PersonEntry,
    Project,
    SourceEntry,
    TopicEntry,
)
from builder.render.changes import changes_list
from builder.render.drawing import draw
from builder.render.entries import claim_words, topic_links
from builder.render.finding import search_for
from builder.render.note import LinkView
from builder.render.overview import overview
from builder.render.paging import ROWS, page_addresses, pager, slices
from builder.render.prose import linked
from builder.render.seen import seen, verdicts
from builder.render.tally import WIDTH, Count, tally
from builder.render.wording import Stamp, When, counted, outer, when

_FETCHED = (
    50  # pages of a table, so 10,000 rows, that a browser can be asked to sort; longer ones are read page by page
)
_SEARCHED = {"documents": ("type", "document"), "claims": ("kind", "claim"), "corrections": ("kind", "correction")}
_FEW = 3  # documents of a row that are named


@dataclass(frozen=True, slots=True)
class Index:
    """A list that has a page of its own. ``title`` heads that page where its owner has written none."""

    slot: str
    address: str
    title: str
    columns: tuple[tuple[str, str], ...] = ()  # of a table: name, and how it sorts: text, date or number


INDEXES = MappingProxyType(
    {
        each.slot: each
        for each in (
            Index(
                "documents",
                "documents/",
                "Documents",
                (
                    ("Document", "text"),
                    ("Date", "date"),
                    ("Collection", "text"),
                    ("Topics", "text"),
                    ("Notes", "number"),
                ),
            ),
            Index("claims", "claims/", "Claims", (("Claim", "text"), ("Last seen", "date"), ("Documents", "number"))),
            Index("sources", "sources/", "Sources"),
            Index("topics", "topics/", "Topics"),
            Index("people", "people/", "People"),
            Index("corrections", "corrections/", "Corrections"),
            Index("changes", "changes/", "Changes"),
            Index("overview", "overview/", "Overview"),
        )
    }
)
SLOTS = (*INDEXES, "overview-small")


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
    date: When | None
    topics: tuple[LinkView, ...]
    counts: tuple[Count, ...]
    number: int


@dataclass(frozen=True, slots=True)
class _ClaimRow:
    href: str
    words: str
    verdicts: tuple[Stamp, ...]
    documents: tuple[tuple[str, str], ...]
    number: int
    date: When | None
    topics: tuple[LinkView, ...]


@dataclass(frozen=True, slots=True)
class _Named:
    """A topic or a person; ``about`` is finished HTML."""

    href: str
    name: str
    about: str
    documents: str
    counts: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class _Work:
    """A source of the bibliography, and how many notes cite it."""

    href: str
    title: str
    authors: tuple[str, ...]
    date: When | None
    outer: str | None
    number: int


def fill(slot: str, corpus: Corpus, catalog: Catalog, address: str) -> str | None:
    """Give what stands in a slot of the page at ``address``, as HTML; None for a slot that nobody knows."""
    if slot in ("overview", "overview-small"):
        return overview(corpus, catalog, address, small=slot != "overview")
    return _LISTS[slot](corpus, catalog, address, 1) if slot in _LISTS else None


def further_pages(corpus: Corpus, catalog: Catalog) -> Iterator[Page]:
    """Draw the pages of long lists after their first, which is somebody's own."""
    for slot, part in _LISTS.items():
        index = INDEXES[slot]
        addresses = page_addresses(index.address, len(_items(slot, corpus, catalog)))
        for number, address in enumerate(addresses[1:], 2):
            title = f"{index.title} (page {number})"
            body = part(corpus, catalog, address, number)
            content = draw(
                "further.html",
                title=title,
                content=body,
                home=relative(address, ""),
                index=relative(address, index.address),
                index_name=index.title,
            )
            yield Page(address, title, f"Page {number} of a list: {index.title.lower()}.", content, ())


def further_addresses(corpus: Corpus, catalog: Catalog) -> Iterator[str]:
    """Where ``further_pages`` are, without drawing them."""
    for slot in _LISTS:
        yield from page_addresses(INDEXES[slot].address, len(_items(slot, corpus, catalog)))[1:]


# --- the lists ------------------------------------------------------------------------------------------------------


def _items(slot: str, corpus: Corpus, catalog: Catalog) -> Sequence[object]:
    if slot == "documents":
        return _newest_first(corpus.documents)
    found: Sequence[object] = getattr(catalog, slot)
    return found


def _documents(corpus: Corpus, catalog: Catalog, address: str, number: int) -> str:
    return _table("documents", corpus, catalog, address, number)


def _claims(corpus: Corpus, catalog: Catalog, address: str, number: int) -> str:
    return _table("claims", corpus, catalog, address, number)


def _table(slot: str, corpus: Corpus, catalog: Catalog, address: str, number: int) -> str:
    """A table that a script sorts and filters. It fetches the further pages when it needs them, up to a bound."""
    index, items = INDEXES[slot], _items(slot, corpus, catalog)
    pages = slices(items)
    columns = _columns(corpus)
    return draw(
        "table.html",
        slot=slot,
        title=_caption(slot, items),
        columns=[each for each in index.columns if columns.get(each[0], True)],
        collections=columns["Collection"],
        topics=columns["Topics"],
        rows=[_row(each, corpus.project, address) for each in pages[number - 1]],
        search=search_for(corpus.project, address, [_SEARCHED[slot]]),
        base=relative(address, index.address),
        pages=len(pages),
        size=ROWS,
        lively=number == 1 and len(pages) <= _FETCHED,
        pager=pager(index.address, number, len(items), here=address),
    )


def _caption(slot: str, items: Sequence[object]) -> str:
    """How many there are; of claims also in how many places, which is what verdicts are counted by elsewhere."""
    told = counted(len(items), slot.removesuffix("s"))
    places = sum(len(each.appearances) for each in items if isinstance(each, ClaimEntry))
    return f"{told}, made in {counted(places, 'place')}" if places else told


def _columns(corpus: Corpus) -> Mapping[str, bool]:
    """Which columns have anything to show."""
    return {
        "Collection": any(each.collection for each in corpus.documents),
        "Topics": any(each.topics for each in corpus.documents),
    }


def _row(item: object, project: Project, address: str) -> _DocumentRow | _ClaimRow:
    if isinstance(item, DocumentRecord):
        return _document_row(item, project, address)
    if isinstance(item, ClaimEntry):
        return _claim_row(item, project, address)
    raise TypeError(item)


def _document_row(record: DocumentRecord, project: Project, address: str) -> _DocumentRow:
    return _DocumentRow(
        href=relative(address, f"documents/{record.slug}/"),
        title=record.title,
        language=record.language,
        direction="rtl" if record.rtl else "ltr",
        draft=record.draft,
        publisher=record.publisher,
        collection=record.collection,
        collection_search=search_for(project, address, [("collection", record.collection)]),
        date=when(record.published),
        topics=topic_links(record.topics, project, address),
        counts=tally(record.notes, project),
        number=len(record.notes),
    )


def _claim_row(entry: ClaimEntry, project: Project, address: str) -> _ClaimRow:
    documents = {each.document.slug: each.document for each in reversed(entry.appearances)}
    dates = [each.document.published for each in entry.appearances if each.document.published]
    return _ClaimRow(
        href=relative(address, entry.address),
        words=claim_words(entry),
        verdicts=verdicts(entry.appearances, project),
        documents=tuple(
            (relative(address, f"documents/{each.slug}/"), each.title) for each in list(documents.values())[:_FEW]
        ),
        number=len(documents),
        date=when(max(dates, default=None)),
        topics=topic_links(
            tuple(dict.fromkeys(key for each in entry.appearances for key in each.note.topics)), project, address
        ),
    )


def _sources(corpus: Corpus, catalog: Catalog, address: str, number: int) -> str:
    """The bibliography: by publisher, as a reader asks who says so; each publisher's works by title."""
    shown: Sequence[SourceEntry] = slices(catalog.sources)[number - 1]
    groups = groupby(shown, lambda each: each.source.publisher or next(iter(each.source.authors), ""))
    return draw(
        "sources.html",
        groups=[(name, [_work(each, address) for each in entries]) for name, entries in groups],
        total=len(catalog.sources),
        language=corpus.project.language,
        pager=pager("sources/", number, len(catalog.sources), here=address),
    )


def _work(entry: SourceEntry, address: str) -> _Work:
    source = entry.source
    return _Work(
        href=relative(address, entry.address),
        title=source.title,
        authors=source.authors if source.publisher else (),
        date=when(source.date),
        outer=outer(source.url) if source.link else None,
        number=len(entry.appearances),
    )


def _topics(corpus: Corpus, catalog: Catalog, address: str, number: int) -> str:
    shown: Sequence[TopicEntry] = slices(catalog.topics)[number - 1]
    abouts = [linked(each.topic.about, each.targets, address) for each in shown]
    names = [each.topic.label for each in shown]
    return draw(
        "topics.html",
        entries=_named(shown, names, abouts, corpus.project, address),
        pager=pager("topics/", number, len(catalog.topics), here=address),
        nothing="No topics yet.",
        of="topics",
        width=WIDTH,
        language=corpus.project.language,
    )


def _people(corpus: Corpus, catalog: Catalog, address: str, number: int) -> str:
    shown: Sequence[PersonEntry] = slices(catalog.people)[number - 1]
    names = [each.person.name for each in shown]
    return draw(
        "topics.html",
        entries=_named(shown, names, [""] * len(names), corpus.project, address),
        pager=pager("people/", number, len(catalog.people), here=address),
        nothing="No people yet.",
        of="people",
        width=WIDTH,
        language=corpus.project.language,
    )


def _named(
    shown: Sequence[TopicEntry | PersonEntry], names: list[str], abouts: list[str], project: Project, address: str
) -> list[_Named]:
    return [
        _Named(
            href=relative(address, each.address),
            name=name,
            about=about,
            documents=counted(len({one.document.slug for one in each.appearances}), "document"),
            counts=tally((one.note for one in each.appearances), project),
        )
        for each, name, about in zip(shown, names, abouts, strict=True)
    ]


def _corrections(corpus: Corpus, catalog: Catalog, address: str, number: int) -> str:
    shown: Sequence[Appearance] = slices(catalog.corrections)[number - 1]
    days = groupby(shown, lambda each: each.note.reviewed)
    return draw(
        "corrections.html",
        days=[(when(day), [seen(each, corpus.project, address) for each in found]) for day, found in days],
        language=corpus.project.language,
        search=search_for(corpus.project, address, [_SEARCHED["corrections"]]),
        pager=pager("corrections/", number, len(catalog.corrections), here=address),
    )


def _changes(corpus: Corpus, catalog: Catalog, address: str, number: int) -> str:
    pages = slices(catalog.changes)
    return changes_list(
        pages[number - 1],
        corpus.project,
        address,
        since=catalog.chronicle.since if catalog.chronicle else None,
        last=number == len(pages),
        pager=pager("changes/", number, len(catalog.changes), here=address),
    )


def _newest_first(documents: Iterable[DocumentRecord]) -> list[DocumentRecord]:
    """Sort by date, the newest first and the undated last; within a day by title."""
    by_title = sorted(documents, key=lambda each: (each.title, each.slug))
    return sorted(by_title, key=lambda each: each.published or "", reverse=True)


_LISTS: MappingProxyType[str, Callable[[Corpus, Catalog, str, int], str]] = MappingProxyType(
    {
        "documents": _documents,
        "claims": _claims,
        "sources": _sources,
        "topics": _topics,
        "people": _people,
        "corrections": _corrections,
        "changes": _changes,
    }
)
