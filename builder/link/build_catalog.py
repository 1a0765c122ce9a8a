"""Build the catalog: every claim, source, topic, person and correction of the corpus, with the notes on it."""

from __future__ import annotations

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
    """Return the catalog of a corpus.

    Drafts are in it only if the corpus has them. A topic or person of ``corpus.yml`` has an entry with or without
    notes, a source only if it is cited.
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
    """Yield every note: earliest document first, undated documents last, then by slug and position."""
    shared = corpus.project.sources
    for document in sorted(corpus.documents, key=lambda document: (document.published or "~", document.slug)):
        own = {source.key: source for source in document.sources}
        document_only = _without_notes(document)
        for record in document.notes:
            cited = ((cite, own.get(cite.source) or shared.get(cite.source)) for cite in record.note.citations)
            yield Appearance(document_only, record, tuple((citation, source) for citation, source in cited if source))


def _without_notes(document: DocumentRecord) -> DocumentRecord:
    return replace(document, notes=(), links=(), sources=(), unplaced=())


def _claims(appearances: Iterable[Appearance]) -> tuple[ClaimEntry, ...]:
    """Return the claims, most recently seen first: readers come for what is new."""
    by_address: dict[str, list[Appearance]] = {}
    for appearance in appearances:
        if address := claim_address(appearance.document.slug, appearance.note):
            by_address.setdefault(address, []).append(appearance)
    entries = [
        ClaimEntry(
            address,
            next((appearance.note.statement for appearance in seen if appearance.note.statement), None),
            tuple(seen),
        )
        for address, seen in sorted(by_address.items())
    ]
    return tuple(sorted(entries, key=_last_seen, reverse=True))


def _last_seen(entry: ClaimEntry) -> str:
    return max(appearance.document.published or "" for appearance in entry.appearances)


def _sources(appearances: Iterable[Appearance], project: Project) -> tuple[SourceEntry, ...]:
    """Return the cited sources by publisher and title. What only an unpublished draft cites is left out."""
    sources: dict[str, Source] = {}
    citing: dict[str, list[Appearance]] = {}
    for appearance in appearances:
        for source in dict.fromkeys(source for _, source in appearance.sources):
            address = source_address(source, project)
            sources.setdefault(address, source)
            citing.setdefault(address, []).append(appearance)
    entries = [SourceEntry(address, source, tuple(citing[address])) for address, source in sources.items()]
    return tuple(sorted(entries, key=lambda entry: _by_publisher(entry, project)))


def _by_publisher(entry: SourceEntry, project: Project) -> tuple[object, ...]:
    source = entry.source
    return _alphabetical(_origin(source), project), _alphabetical(source.title, project), entry.address


def _origin(source: Source) -> str:
    return source.publisher or next(iter(source.authors), source.title)


def _topics(appearances: tuple[Appearance, ...], corpus: Corpus) -> tuple[TopicEntry, ...]:
    filed: Mapping[str, list[Appearance]] = {key: [] for key in corpus.project.topics}
    for appearance in appearances:
        for key in appearance.note.topics:
            if key in filed:
                filed[key].append(appearance)
    documents: Mapping[str, list[DocumentRecord]] = {key: [] for key in corpus.project.topics}
    for document in corpus.documents:
        for key in document.topics:
            if key in documents:
                documents[key].append(_without_notes(document))
    return tuple(
        TopicEntry(topic_address(key), topic, tuple(documents[key]), tuple(filed[key]), topic_targets(corpus, topic))
        for key, topic in corpus.project.topics.items()
    )


def _people(appearances: Iterable[Appearance], project: Project) -> tuple[PersonEntry, ...]:
    """Return the speakers in alphabetical order; a plain name whose slug is a key of ``people`` is that person."""
    people: dict[str, Person] = {}
    for key, person in project.people.items():
        if address := person_address(key):
            people.setdefault(address, person)
    claims_by_speaker: dict[str, list[Appearance]] = {address: [] for address in people}
    for appearance in appearances:
        speaker = appearance.note.speaker
        if appearance.note.kind is NoteKind.CLAIM and speaker and (address := person_address(speaker)):
            people.setdefault(address, Person(speaker, speaker, None))
            claims_by_speaker.setdefault(address, []).append(appearance)
    entries = [PersonEntry(address, person, tuple(claims_by_speaker[address])) for address, person in people.items()]
    return tuple(sorted(entries, key=lambda entry: (_alphabetical(entry.person.name, project), entry.address)))


def _corrections(appearances: Iterable[Appearance]) -> tuple[Appearance, ...]:
    """Return the notes that say what the words should read, of whatever kind; newest review first."""
    corrections = [appearance for appearance in appearances if appearance.note.correct is not None]
    corrections.sort(key=lambda found: (found.document.slug, found.record.number or 0, found.note.id))
    return tuple(sorted(corrections, key=lambda appearance: appearance.note.reviewed or "", reverse=True))


def _alphabetical(text: str, project: Project) -> tuple[object, ...]:
    """Return the sort key of a bibliography: in the readers' alphabet, without a leading quotation mark."""
    return project.translation.sort_key(text.lstrip("\"'“”„«‘’ "))
