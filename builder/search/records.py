"""What search has to know of documents, notes and pages: a ``SearchRecord`` for each that can be found by itself.

Facets have keys (a verdict's id, a topic's key), because they are part of addresses; ``facet_labels`` has the words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from builder.addresses import document_address, note_address
from builder.labels import is_closed, verdict_label
from builder.model import (
    AnchoredDocument,
    ClaimEntry,
    DocumentLinks,
    Entry,
    Note,
    PersonEntry,
    Project,
    SearchRecord,
    SourceEntry,
    TopicEntry,
)
from builder.render.catalog_pages import claim_language, entry_title
from builder.render.prose import prose_text
from builder.spaced_text import spaced_text


def search_records(anchored: AnchoredDocument, links: DocumentLinks, project: Project) -> tuple[SearchRecord, ...]:
    """Return the document's record and one for each note, the notes in the order of the page."""
    return (_document_record(anchored, links), *_note_records(anchored, links, project))


def page_record(address: str, title: str, text: str, language: str) -> SearchRecord:
    """Return the record of a page that is neither a document nor a note."""
    return SearchRecord(
        address=address,
        title=title,
        text=text,
        language=language,
        type="page",
        group=title,
        meta={},
        filters={"type": ("page",), "language": (language,)},
        sort={},
    )


def entry_search_record(entry: Entry, project: Project) -> SearchRecord:
    """Return the record of an entry's page. The notes that it gathers have records of their own."""
    title = entry_title(entry, project)
    language = claim_language(entry) if isinstance(entry, ClaimEntry) else project.language
    match entry:
        case ClaimEntry():
            texts = [appearance.note.statement or "" for appearance in entry.appearances]
        case SourceEntry(source=source):
            texts = [*source.authors, source.publisher or "", source.note or ""]
        case TopicEntry(topic=topic, targets=targets):
            texts = [prose_text(topic.about, targets)]
        case PersonEntry():
            texts = []
    return page_record(entry.address, title, "\n".join(filter(None, dict.fromkeys([title, *texts]))), language)


def facet_labels(project: Project) -> Mapping[str, Mapping[str, str]]:
    """Return what is printed for the keys of facets, in the order of the list; other facets are printed as they are."""
    return {
        "verdict": {verdict.id: verdict_label(verdict.id, project) for verdict in project.verdicts.values()},
        "topic": {key: topic.label for key, topic in project.topics.items()},
        "person": {key: person.name for key, person in project.people.items()},
    }


def _document_record(anchored: AnchoredDocument, links: DocumentLinks) -> SearchRecord:
    document = anchored.document
    meta = document.meta
    found = () if meta.reveal else (meta.finding, meta.summary)
    found_text = [prose_text(prose, links.targets, own=document.slug) for prose in found]
    filters = {"type": ("document",), "language": (meta.language,)} | _facets(
        topic=meta.topics,
        collection=(document.collection,),
        year=(meta.published[:4] if meta.published else "",),
    )
    return SearchRecord(
        address=document_address(document.slug),
        title=meta.title,
        text="\n".join(filter(None, [meta.title, *found_text, spaced_text(document.body)])),
        language=meta.language,
        type="document",
        group=meta.title,
        meta={"date": meta.published} if meta.published else {},
        filters=filters,
        sort={"date": meta.published} if meta.published else {},
    )


def _note_records(anchored: AnchoredDocument, links: DocumentLinks, project: Project) -> Iterator[SearchRecord]:
    body = anchored.document.body
    for note in anchored.general:
        yield _note_record(anchored, note, "", links, project)
    for placement in anchored.placements:
        words = " … ".join(spaced_text(body, span.start, span.end) for span in placement.spans)
        yield _note_record(anchored, placement.note, words, links, project)


def _note_record(
    anchored: AnchoredDocument, note: Note, words: str, links: DocumentLinks, project: Project
) -> SearchRecord:
    """Return the record of a note.

    ``anchored``: the document that it is on.
    ``note``: what it says.
    ``words``: the words of the document that it is on, empty for a note on the document as a whole.
    ``links``: where the document's cross-links lead.
    ``project``: verdicts, people and sources.
    """
    document = anchored.document
    meta = document.meta
    if is_closed(note.kind, reveal=meta.reveal):
        note = replace(note, verdict=None, correct=None, body=None, techniques=(), citations=())
    verdict = project.verdicts.get(note.verdict or "")
    speaker = _speaker(project, note.speaker)
    known = {**project.sources, **{source.key: source for source in document.sources}}
    sources = [known[citation.source].title for citation in note.citations if citation.source in known]
    body = prose_text(note.body, links.targets, own=document.slug)
    filters = {"type": ("note",), "kind": (note.kind.value,), "language": (meta.language,)} | _facets(
        verdict=(verdict.id if verdict else "",),
        topic=(*note.topics, *meta.topics),
        person=(note.speaker or "",),
        technique=note.techniques,
        collection=(document.collection,),
        year=(meta.published[:4] if meta.published else "",),
    )
    shown = {
        "kind": note.kind.value,
        "verdict": verdict_label(verdict.id, project) if verdict else "",
        "tone": verdict.tone if verdict else "",
    }
    return SearchRecord(
        address=note_address(document.slug, note.id),
        title=" ".join(words.split()) or note.statement or meta.title,
        text="\n".join(filter(None, [words, note.correct, note.statement, body, speaker, *note.techniques, *sources])),
        language=meta.notes_language,
        type="note",
        group=meta.title,
        meta={key: value for key, value in shown.items() if value},
        filters=filters,
        sort={"date": meta.published} if meta.published else {},
    )


def _facets(**facets: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(dict.fromkeys(value for value in values if value)) for name, values in facets.items() if any(values)
    }


def _speaker(project: Project, speaker: str | None) -> str:
    person = project.people.get(speaker or "")
    return person.name if person else speaker or ""
