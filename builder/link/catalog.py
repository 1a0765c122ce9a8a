"""Records -> the catalog: every claim, source, topic, person and correction, with the notes that tell of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from builder.addresses import claim_address, person_address, source_address, topic_address
from builder.link.cross_links import topic_targets
from builder.model import (
    Appearance,
    Catalog,
    ClaimEntry,
    Corpus,
    DocumentRecord,
    NoteKind,
    Person,
    PersonEntry,
    Project,
    Source,
    SourceEntry,
    TopicEntry,
)


def build_catalog(corpus: Corpus) -> Catalog:
    """Gather what the documents of a corpus say, over the borders of documents.

    Drafts are in it only where they are in the corpus. A topic or person of ``corpus.yml`` has its entry with or
    without notes; a source has one if it is cited.
    """
    project = corpus.project
    appearances = tuple(_appearances(corpus))
    return Catalog(
        claims=_claims(appearances),
        sources=_sources(appearances, project),
        topics=_topics(appearances, corpus),
        people=_people(appearances, project),
        corrections=_corrections(appearances),
    )


def _appearances(corpus: Corpus) -> Iterator[Appearance]:
    """Every note, by the date of its document, the earliest first and undated ones last, then by slug and place."""
    shared = corpus.project.sources
    for document in sorted(corpus.documents, key=lambda each: (each.published or "~", each.slug)):
        own = {source.key: source for source in document.sources}
        bare = _bare(document)
        for record in document.notes:
            cited = ((each, own.get(each.source) or shared.get(each.source)) for each in record.note.citations)
            yield Appearance(bare, record, tuple((citation, source) for citation, source in cited if source))


def _bare(document: DocumentRecord) -> DocumentRecord:
    return replace(document, notes=(), links=(), sources=(), unplaced=())


def _claims(appearances: Iterable[Appearance]) -> tuple[ClaimEntry, ...]:
    """The claims, the one seen last first: what is new is what readers come for."""
    found: dict[str, list[Appearance]] = {}
    for each in appearances:
        if address := claim_address(each.document.slug, each.note):
            found.setdefault(address, []).append(each)
    entries = [
        ClaimEntry(address, next((each.note.statement for each in seen if each.note.statement), None), tuple(seen))
        for address, seen in sorted(found.items())
    ]
    return tuple(sorted(entries, key=_last_seen, reverse=True))


def _last_seen(entry: ClaimEntry) -> str:
    return max(each.document.published or "" for each in entry.appearances)


def _sources(appearances: Iterable[Appearance], project: Project) -> tuple[SourceEntry, ...]:
    """The bibliography, by publisher and title: what is cited. What only a draft cites is not told of either."""
    sources: dict[str, Source] = {}
    citing: dict[str, list[Appearance]] = {}
    for each in appearances:
        for source in dict.fromkeys(source for _, source in each.sources):
            address = source_address(source, project)
            sources.setdefault(address, source)
            citing.setdefault(address, []).append(each)
    entries = [SourceEntry(address, source, tuple(citing[address])) for address, source in sources.items()]
    return tuple(sorted(entries, key=_by_publisher))


def _by_publisher(entry: SourceEntry) -> tuple[str, str, str]:
    return _alphabetical(_origin(entry.source)), _alphabetical(entry.source.title), entry.address


def _origin(source: Source) -> str:
    return source.publisher or next(iter(source.authors), source.title)


def _topics(appearances: tuple[Appearance, ...], corpus: Corpus) -> tuple[TopicEntry, ...]:
    filed: Mapping[str, list[Appearance]] = {key: [] for key in corpus.project.topics}
    for each in appearances:
        for key in each.note.topics:
            if key in filed:
                filed[key].append(each)
    documents: Mapping[str, list[DocumentRecord]] = {key: [] for key in corpus.project.topics}
    for document in corpus.documents:
        for key in document.topics:
            if key in documents:
                documents[key].append(_bare(document))
    return tuple(
        TopicEntry(topic_address(key), topic, tuple(documents[key]), tuple(filed[key]), topic_targets(corpus, topic))
        for key, topic in corpus.project.topics.items()
    )


def _people(appearances: Iterable[Appearance], project: Project) -> tuple[PersonEntry, ...]:
    """Whoever speaks, in alphabetical order; a plain name that reads as a key of ``people`` is that person."""
    people: dict[str, Person] = {}
    for key, person in project.people.items():
        if address := person_address(key):
            people.setdefault(address, person)
    said: dict[str, list[Appearance]] = {address: [] for address in people}
    for each in appearances:
        speaker = each.note.speaker
        if each.note.kind is NoteKind.CLAIM and speaker and (address := person_address(speaker)):
            people.setdefault(address, Person(speaker, speaker, None))
            said.setdefault(address, []).append(each)
    entries = [PersonEntry(address, person, tuple(said[address])) for address, person in people.items()]
    return tuple(sorted(entries, key=lambda each: (_alphabetical(each.person.name), each.address)))


def _corrections(appearances: Iterable[Appearance]) -> tuple[Appearance, ...]:
    """What readers are told to read instead, whatever kind of note says so."""
    found = [each for each in appearances if each.note.correct is not None]
    found.sort(key=lambda each: (each.document.slug, each.record.number or 0, each.note.id))
    return tuple(sorted(found, key=lambda each: each.note.reviewed or "", reverse=True))


def _alphabetical(text: str) -> str:
    """Without case and accents, and without a leading quotation mark: as a bibliography is sorted."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(each))
    return plain.lstrip("\"'“”„«‘’ ")
