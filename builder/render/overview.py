"""The corpus in pictures: for the overview page, and small for the home page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from builder.addresses import relative
from builder.model import Appearance, Catalog, ClaimEntry, Corpus, Kind, NoteRecord, Project, SourceEntry
from builder.render.drawing import draw
from builder.render.entries import claim_words
from builder.render.finding import searches_of
from builder.render.pictures import HIGH, WIDE, Curve, Timeline, curves, timeline, uncrossed
from builder.render.seen import verdicts
from builder.render.tally import WIDTH, Count, tally
from builder.render.wording import Stamp, counted, shorten, stamp, when

_TOPICS = 12  # shown of each; a picture with more is read no better than a list
_SOURCES = 10
_SMALL = 5
_MAP = 10  # documents, and as many claims


@dataclass(frozen=True, slots=True)
class _Figure:
    """A number that heads the overview, and the list that it counts."""

    number: str
    word: str
    href: str


@dataclass(frozen=True, slots=True)
class _Topic:
    label: str
    href: str
    counts: tuple[Count, ...]
    number: int


@dataclass(frozen=True, slots=True)
class _Carrier:
    """A source and how much rests on it; ``width`` of ``WIDE``."""

    title: str
    href: str
    publisher: str | None
    number: int
    width: float


@dataclass(frozen=True, slots=True)
class _Place:
    """One end of the map's curves: a document, or a claim with its verdicts."""

    words: str
    href: str
    stamps: tuple[Stamp, ...]


@dataclass(frozen=True, slots=True)
class _Map:
    documents: tuple[_Place, ...]
    claims: tuple[_Place, ...]
    curves: tuple[Curve, ...]
    lines: tuple[tuple[str, Stamp, str], ...]
    others: int


@dataclass(frozen=True, slots=True)
class _Time:
    line: Timeline
    labels: tuple[str, ...]
    rows: tuple[tuple[str, int, int], ...]
    earlier: str
    undated: str


def overview(corpus: Corpus, catalog: Catalog, address: str, *, small: bool) -> str:
    """Draw the corpus in pictures, each with its words beside it, for the page at ``address``."""
    claims = [note for each in corpus.documents for note in each.notes if note.kind is Kind.CLAIM]
    counts = tally(claims, corpus.project)
    topics = [each for each in _topics(corpus, catalog, address) if each.counts]
    return draw(
        "overview-small.html" if small else "overview.html",
        figures=tuple(_figures(corpus, catalog, address)),
        counts=counts,
        searches=searches_of(counts, corpus.project, address),
        total=_told(catalog, len(claims)),
        places=counted(len(claims), "place"),
        topics=topics[: _SMALL if small else _TOPICS],
        more_topics=len(topics) - (_SMALL if small else _TOPICS),
        all_topics=relative(address, "topics/"),
        carriers=() if small else _carriers(catalog, address),
        sources=counted(len(catalog.sources), "source"),
        all_sources=relative(address, "sources/"),
        time=None if small else _time(corpus, catalog),
        map=_map(catalog, corpus.project, address),
        all_claims=relative(address, "claims/"),
        whole=relative(address, "overview/"),
        width=WIDTH,
        wide=WIDE,
        high=HIGH,
    )


def _told(catalog: Catalog, places: int) -> str:
    """Say how the places of the verdicts go together with the claims: one claim may be made in several of them."""
    paged = sum(len(each.appearances) for each in catalog.claims)
    told = [f"Documents make claims in {counted(places, 'place')}, and each is judged by itself."]
    if paged > len(catalog.claims):
        told.append("A claim that is made in several is counted once among the claims above.")
    if places > paged:
        told.append(f"In {counted(places - paged, 'place')} the claim has no page of its own and is not among them.")
    return " ".join(told)


def _figures(corpus: Corpus, catalog: Catalog, address: str) -> Iterator[_Figure]:
    numbers = (
        (len(corpus.documents), "document", "documents/"),
        (len(catalog.claims), "claim", "claims/"),
        (len(catalog.sources), "source", "sources/"),
        (len(catalog.corrections), "correction", "corrections/"),
    )
    for number, word, index in numbers:
        yield _Figure(f"{number:,}", word if number == 1 else f"{word}s", relative(address, index))


def _topics(corpus: Corpus, catalog: Catalog, address: str) -> Iterator[_Topic]:
    """Verdicts by topic, the topic with most claims first."""
    for entry in sorted(catalog.topics, key=lambda each: -len(_claims(each.appearances))):
        counts = tally(_claims(entry.appearances), corpus.project)
        yield _Topic(entry.topic.label, relative(address, entry.address), counts, sum(each.number for each in counts))


def _claims(appearances: tuple[Appearance, ...]) -> list[NoteRecord]:
    return [each.note for each in appearances if each.note.kind is Kind.CLAIM]


def _carriers(catalog: Catalog, address: str) -> tuple[_Carrier, ...]:
    def weight(entry: SourceEntry) -> tuple[int, str]:
        return -len(entry.appearances), entry.address

    found = [each for each in sorted(catalog.sources, key=weight)[:_SOURCES] if each.appearances]
    most = max((len(each.appearances) for each in found), default=1)
    return tuple(
        _Carrier(
            title=shorten(each.source.title, 110),
            href=relative(address, each.address),
            publisher=each.source.publisher,
            number=len(each.appearances),
            width=round(len(each.appearances) / most * WIDE, 1),
        )
        for each in found
    )


def _time(corpus: Corpus, catalog: Catalog) -> _Time | None:
    """Documents above the line by when they were published, below it what they are checked against."""
    line = timeline(
        [each.published for each in corpus.documents],
        [each.source.date for each in catalog.sources if each.appearances],
    )
    if line is None:
        return None
    rows = tuple((_date(each.start), each.above, each.below) for each in line.bars if each.above or each.below)
    labels = tuple(_date(each) for each in line.labels)
    return _Time(line, labels, rows, _those(line.earlier), _those(line.undated))


def _those(numbers: tuple[int, int]) -> str:
    words = (counted(number, word) for number, word in zip(numbers, ("document", "source"), strict=True) if number)
    return ", ".join(words)


def _date(written: str) -> str:
    told = when(written)
    return told.words if told else written


def _map(catalog: Catalog, project: Project, address: str) -> _Map | None:
    """The claims that stand in more than one document, and those documents. None where there are none yet."""
    shared = [entry for entry in catalog.claims if len(_documents(entry)) > 1]
    chosen = sorted(shared, key=lambda each: (-len(_documents(each)), each.address))[:_MAP]
    if not chosen:
        return None
    weight = Counter(slug for entry in chosen for slug in _documents(entry))
    slugs = sorted(weight, key=lambda slug: (-weight[slug], slug))[:_MAP]
    tones: dict[tuple[str, str], Stamp] = {}
    titles: dict[str, str] = {}
    for entry in chosen:
        for each in entry.appearances:
            if each.document.slug in slugs:
                tones.setdefault((each.document.slug, entry.address), stamp(Kind.CLAIM, each.note.verdict, project))
                titles[each.document.slug] = each.document.title
    by_address = {entry.address: entry for entry in chosen}
    order = uncrossed(slugs, list(by_address), {key: one.tone for key, one in tones.items()})
    links = [(slugs.index(slug), order.index(claim), one.tone) for (slug, claim), one in tones.items()]
    return _Map(
        documents=tuple(_Place(titles[slug], relative(address, f"documents/{slug}/"), ()) for slug in slugs),
        claims=tuple(_claim_place(by_address[each], project, address) for each in order),
        curves=curves(links, len(slugs), len(order)),
        lines=tuple((titles[slug], one, claim_words(by_address[claim])) for (slug, claim), one in tones.items()),
        others=len(shared) - len(chosen),
    )


def _documents(entry: ClaimEntry) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.document.slug for each in entry.appearances))


def _claim_place(entry: ClaimEntry, project: Project, address: str) -> _Place:
    return _Place(claim_words(entry), relative(address, entry.address), verdicts(entry.appearances, project))
