"""What fills the slots of a home page: the newest documents, a note beside its words, what changed last, the topics."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from builder.addresses import DOCUMENTS, relative_url
from builder.model import Appearance, Catalog, Corpus, DocumentRecord, Event, NoteKind, NoteRecord
from builder.render.changelog_pages import linked_change_view
from builder.render.counts import WIDTH
from builder.render.formatting import badge
from builder.render.lists import document_row
from builder.render.note_elsewhere import appearance_view
from builder.render.overview_page import topic_stacks
from builder.render.templating import render_template

HOME_SLOTS = ("documents-newest", "note", "changes-newest", "topics-small")
NOTE_SLOT = "note"  # it may name a note: document#note

_CARDS = 6
_CHANGES = 4  # of each kind
_TOPICS = 12
_TELLING = ("bad", "warn")  # tones of the claims that show best what notes are for


def home_slot(slot: str, corpus: Corpus, catalog: Catalog, address: str, target: str = "") -> str:
    """Return what fills one of ``HOME_SLOTS`` on the page at ``address``, as HTML; ``target`` as for ``fill_slot``."""
    match slot:
        case "documents-newest":
            return _newest_documents(corpus, address)
        case "changes-newest":
            return _newest_changes(corpus, catalog, address)
        case "topics-small":
            return _topics(corpus, catalog, address)
        case _:
            return _note(corpus, address, target)


def _newest_documents(corpus: Corpus, address: str) -> str:
    documents = _by_date(corpus)
    noted = [document for document in documents if document.notes]
    return render_template(
        "documents-newest.html",
        corpus.project.translation,
        cards=[document_row(document, corpus, address) for document in (noted or documents)[:_CARDS]],
        total=len(documents),
        all_documents=relative_url(address, DOCUMENTS),
        width=WIDTH,
    )


def _newest_changes(corpus: Corpus, catalog: Catalog, address: str) -> str:
    verdicts = (entry for entry in catalog.changes if entry.change.event is Event.VERDICT)
    return render_template(
        "changes-newest.html",
        corpus.project.translation,
        corrections=[appearance_view(found, corpus.project, address) for found in catalog.corrections[:_CHANGES]],
        verdicts=[
            linked_change_view(entry, corpus.project, address, labelled=False) for entry in islice(verdicts, _CHANGES)
        ],
        all_corrections=relative_url(address, "corrections/"),
        all_changes=relative_url(address, "changes/"),
    )


def _topics(corpus: Corpus, catalog: Catalog, address: str) -> str:
    return render_template(
        "topics-small.html",
        corpus.project.translation,
        topics=topic_stacks(corpus, catalog, address)[:_TOPICS],
        total=len(catalog.topics),
        all_topics=relative_url(address, "topics/"),
        width=WIDTH,
    )


def _note(corpus: Corpus, address: str, target: str) -> str:
    slug, _, note = target.partition("#")
    documents = [document for document in corpus.documents if document.slug == slug] if target else corpus.documents
    found = [record for record in documents[0].notes if record.note.id == note] if target and documents else []
    shown = (documents[0], found[0]) if found else _telling_note(corpus)
    return render_template(
        "note-live.html",
        corpus.project.translation,
        view=appearance_view(_appearance(corpus, *shown), corpus.project, address) if shown else None,
    )


def _by_date(corpus: Corpus) -> list[DocumentRecord]:
    """Return the documents, the newest first; without an order of titles within a day, which takes long for many."""
    return sorted(corpus.documents, key=lambda document: document.published or "", reverse=True)


def _telling_note(corpus: Corpus) -> tuple[DocumentRecord, NoteRecord] | None:
    """Return the newest note that shows what notes are for: a claim that does not hold, told why and from what."""
    every = list[tuple[DocumentRecord, NoteRecord]]()
    for document in _by_date(corpus):
        placed = [record for record in document.notes if record.mark and record.excerpt]
        for record in placed:
            note = record.note
            tone = badge(note.kind, note.verdict, corpus.project).tone
            if note.kind is NoteKind.CLAIM and tone in _TELLING and note.citations:
                return document, record
        every += [(document, record) for record in placed[:1]]
    return every[0] if every else None


def _appearance(corpus: Corpus, document: DocumentRecord, record: NoteRecord) -> Appearance:
    own = {source.key: source for source in document.sources}
    shared = corpus.project.sources
    cited = ((cite, own.get(cite.source) or shared.get(cite.source)) for cite in record.note.citations)
    return Appearance(
        replace(document, notes=(), links=(), sources=(), unplaced=()),
        record,
        tuple((citation, source) for citation, source in cited if source),
    )
