"""The corpus in pictures: for the overview page, and small for the home page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from builder.addresses import DOCUMENTS, document_address, relative_url
from builder.model import Appearance, Catalog, ClaimEntry, Corpus, Note, NoteKind, Project, SourceEntry
from builder.render.catalog_pages import claim_text
from builder.render.chart_geometry import HIGH, WIDE, Curve, Timeline, curves, timeline, uncrossed
from builder.render.counts import WIDTH, VerdictCount, count_notes
from builder.render.formatting import Badge, badge, shorten_middle
from builder.render.note_elsewhere import verdict_badges
from builder.render.search_links import verdict_search_hrefs
from builder.render.templating import render_template
from builder.translation import Translation

_TOPICS = 12  # shown of each; a picture with more is read no better than a list
_SOURCES = 10
_SMALL = 5
_YEAR = 12  # months
_MAP = 10  # documents, and as many claims


@dataclass(frozen=True, slots=True)
class _Figure:
    """A number that heads the overview, and the list that it counts."""

    number: str
    word: str
    href: str


@dataclass(frozen=True, slots=True)
class TopicStack:
    """A topic with its verdicts, ``number`` of them."""

    label: str
    href: str
    counts: tuple[VerdictCount, ...]
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
    badges: tuple[Badge, ...]


@dataclass(frozen=True, slots=True)
class _Map:
    documents: tuple[_Place, ...]
    claims: tuple[_Place, ...]
    curves: tuple[Curve, ...]
    lines: tuple[tuple[str, Badge, str], ...]
    others: int


@dataclass(frozen=True, slots=True)
class _Time:
    line: Timeline
    unit: str
    labels: tuple[str, ...]
    rows: tuple[tuple[str, int, int], ...]
    earlier: str
    undated: str


def overview_html(corpus: Corpus, catalog: Catalog, address: str, *, small: bool) -> str:
    """Render the corpus in pictures, each with its words beside it, for the page at ``address``."""
    translation = corpus.project.translation
    notes = (record.note for document in corpus.documents for record in document.notes)
    claims = [note for note in notes if note.kind is NoteKind.CLAIM]
    counts = count_notes(claims, corpus.project)
    topics = topic_stacks(corpus, catalog, address)
    return render_template(
        "overview-small.html" if small else "overview.html",
        translation,
        figures=tuple(_figures(corpus, catalog, address)),
        counts=counts,
        searches=verdict_search_hrefs(counts, corpus.project, address),
        total=_explanation(catalog, len(claims), translation),
        places=len(claims),
        topics=topics[: _SMALL if small else _TOPICS],
        more_topics=len(topics) - (_SMALL if small else _TOPICS),
        all_topics=relative_url(address, "topics/"),
        carriers=() if small else _carriers(catalog, address),
        sources=translation.ngettext("%(num)s source", "%(num)s sources", len(catalog.sources)),
        all_sources=relative_url(address, "sources/"),
        time=None if small else _time(corpus, catalog),
        map=_map(catalog, corpus.project, address),
        all_claims=relative_url(address, "claims/"),
        whole=relative_url(address, "overview/"),
        width=WIDTH,
        wide=WIDE,
        high=HIGH,
    )


def _explanation(catalog: Catalog, places: int, translation: Translation) -> str:
    """Say how the places of the verdicts go together with the claims: one claim may be made in several of them."""
    paged = sum(len(claim.appearances) for claim in catalog.claims)
    sentences = [
        translation.ngettext(
            "Documents make claims in %(num)s place, and each is judged by itself.",
            "Documents make claims in %(num)s places, and each is judged by itself.",
            places,
        )
    ]
    if paged > len(catalog.claims):
        sentences.append(translation.gettext("A claim that is made in several is counted once among the claims above."))
    if places > paged:
        sentences.append(
            translation.ngettext(
                "In %(num)s place the claim has no page of its own and is not among them.",
                "In %(num)s places the claim has no page of its own and is not among them.",
                places - paged,
            )
        )
    return " ".join(sentences)


def _figures(corpus: Corpus, catalog: Catalog, address: str) -> Iterator[_Figure]:
    translation = corpus.project.translation
    # Translators: the number stands before it, in larger letters
    documents = translation.ngettext("document", "documents", len(corpus.documents))
    # Translators: the number stands before it, in larger letters
    claims = translation.ngettext("claim", "claims", len(catalog.claims))
    # Translators: the number stands before it, in larger letters
    sources = translation.ngettext("source", "sources", len(catalog.sources))
    # Translators: the number stands before it, in larger letters
    corrections = translation.ngettext("correction", "corrections", len(catalog.corrections))
    for number, word, index in (
        (len(corpus.documents), documents, DOCUMENTS),
        (len(catalog.claims), claims, "claims/"),
        (len(catalog.sources), sources, "sources/"),
        (len(catalog.corrections), corrections, "corrections/"),
    ):
        yield _Figure(translation.number(number), word, relative_url(address, index))


def topic_stacks(corpus: Corpus, catalog: Catalog, address: str) -> list[TopicStack]:
    """Return the verdicts of every topic that has any, the topic with most claims first."""
    return [topic for topic in _topics(corpus, catalog, address) if topic.counts]


def _topics(corpus: Corpus, catalog: Catalog, address: str) -> Iterator[TopicStack]:
    for entry in sorted(catalog.topics, key=lambda topic: -len(_claims(topic.appearances))):
        counts = count_notes(_claims(entry.appearances), corpus.project)
        number = sum(count.number for count in counts)
        yield TopicStack(entry.topic.label, relative_url(address, entry.address), counts, number)


def _claims(appearances: tuple[Appearance, ...]) -> list[Note]:
    return [appearance.note for appearance in appearances if appearance.note.kind is NoteKind.CLAIM]


def _carriers(catalog: Catalog, address: str) -> tuple[_Carrier, ...]:
    def weight(entry: SourceEntry) -> tuple[int, str]:
        return -len(entry.appearances), entry.address

    entries = [entry for entry in sorted(catalog.sources, key=weight)[:_SOURCES] if entry.appearances]
    most = max((len(entry.appearances) for entry in entries), default=1)
    return tuple(
        _Carrier(
            title=shorten_middle(entry.source.title, 110),
            href=relative_url(address, entry.address),
            publisher=entry.source.publisher,
            number=len(entry.appearances),
            width=round(len(entry.appearances) / most * WIDE, 1),
        )
        for entry in entries
    )


def _time(corpus: Corpus, catalog: Catalog) -> _Time | None:
    """Return the timeline: documents above the line by date of publication, below it the sources that notes cite."""
    line = timeline(
        [document.published for document in corpus.documents],
        [entry.source.date for entry in catalog.sources if entry.appearances],
    )
    if line is None:
        return None
    translation = corpus.project.translation
    rows = tuple(
        (translation.date(bar.start) or bar.start, bar.above, bar.below) for bar in line.bars if bar.above or bar.below
    )
    labels = tuple(translation.date(label) or label for label in line.labels)
    earlier, undated = (_documents_and_sources(*numbers, translation) for numbers in (line.earlier, line.undated))
    return _Time(line, _unit(line.unit, translation), labels, rows, earlier, undated)


def _unit(months: int, translation: Translation) -> str:
    if months == 1:
        return translation.gettext("A bar stands for a month.")
    if months == _YEAR:
        return translation.gettext("A bar stands for a year.")
    if months < _YEAR:
        return translation.ngettext("A bar stands for %(num)s month.", "A bar stands for %(num)s months.", months)
    return translation.ngettext("A bar stands for %(num)s year.", "A bar stands for %(num)s years.", months // _YEAR)


def _documents_and_sources(documents: int, sources: int, translation: Translation) -> str:
    words = (
        translation.ngettext("%(num)s document", "%(num)s documents", documents) if documents else "",
        translation.ngettext("%(num)s source", "%(num)s sources", sources) if sources else "",
    )
    return translation.comma.join(filter(None, words))


def _map(catalog: Catalog, project: Project, address: str) -> _Map | None:
    """Return the claims that stand in more than one document, and those documents; None where there are none yet."""
    shared = [entry for entry in catalog.claims if len(_documents(entry)) > 1]
    chosen = sorted(shared, key=lambda entry: (-len(_documents(entry)), entry.address))[:_MAP]
    if not chosen:
        return None
    weight = Counter(slug for entry in chosen for slug in _documents(entry))
    slugs = sorted(weight, key=lambda slug: (-weight[slug], slug))[:_MAP]
    badges: dict[tuple[str, str], Badge] = {}
    titles: dict[str, str] = {}
    for entry in chosen:
        for appearance in entry.appearances:
            slug = appearance.document.slug
            if slug in slugs:
                badges.setdefault((slug, entry.address), badge(NoteKind.CLAIM, appearance.note.verdict, project))
                titles[slug] = appearance.document.title
    by_address = {entry.address: entry for entry in chosen}
    order = uncrossed(slugs, list(by_address), {key: rated.tone for key, rated in badges.items()})
    links = [(slugs.index(slug), order.index(claim), rated.tone) for (slug, claim), rated in badges.items()]
    return _Map(
        documents=tuple(_Place(titles[slug], relative_url(address, document_address(slug)), ()) for slug in slugs),
        claims=tuple(_claim_place(by_address[claim], project, address) for claim in order),
        curves=curves(links, len(slugs), len(order)),
        lines=tuple(
            (titles[slug], rated, claim_text(by_address[claim], project.translation))
            for (slug, claim), rated in badges.items()
        ),
        others=len(shared) - len(chosen),
    )


def _documents(entry: ClaimEntry) -> tuple[str, ...]:
    return tuple(dict.fromkeys(appearance.document.slug for appearance in entry.appearances))


def _claim_place(entry: ClaimEntry, project: Project, address: str) -> _Place:
    return _Place(
        claim_text(entry, project.translation),
        relative_url(address, entry.address),
        verdict_badges(entry.appearances, project),
    )
