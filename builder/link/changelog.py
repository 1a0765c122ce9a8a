"""The ledger and the corpus -> what changed, as readers are shown it: only of what is published, newest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from builder.addresses import document_address, note_address
from builder.model import (
    Catalog,
    Change,
    Changelog,
    ChangelogEntry,
    ClaimEntry,
    Corpus,
    DocumentRecord,
    Event,
    Ledger,
    Note,
    NoteKind,
    NoteRecord,
    VerdictChange,
)


def build_changelog(ledger: Ledger, corpus: Corpus) -> Changelog:
    """Put the ledger's changes and what editors say in ``history:`` to the documents that are published.

    Changes of documents that are not in the corpus any more, or not yet, are left out: it may be the law that took
    them away. Where an editor and a commit tell of the same change of a verdict, the editor's date and reason count.
    """
    changes: dict[str, dict[str, list[Change]]] = defaultdict(lambda: defaultdict(list))
    for each in ledger.changes:
        changes[each.sidecar][each.note].append(each)
    news: list[ChangelogEntry] = []
    notes: dict[tuple[str, str], tuple[Change, ...]] = {}
    for document in corpus.documents:
        known = {record.note.id: record for record in document.notes}
        of_document = changes.get(document.sidecar or "", {})
        for name in dict.fromkeys([*known, *of_document]):
            record = known.get(name)
            told = _told(of_document.get(name, ()), record.note if record else None, document.sidecar or "")
            if record and told:
                notes[document.slug, name] = told
            news += [_news(each, document, record) for each in told]
    # Stable: what one commit did stays in the order of the document.
    news.sort(key=lambda each: each.change.date, reverse=True)
    return Changelog(tuple(news), notes, ledger.since)


def _told(changes: Sequence[Change], note: Note | None, sidecar: str) -> tuple[Change, ...]:
    """A note's changes, oldest first, with what its editor says of them."""
    told, left = list(changes), set(range(len(changes)))
    for turn in note.history if note else ():
        same = next((number for number in sorted(left) if _same(told[number], turn)), None)
        if same is None:
            told += [_of_turn(turn, note, sidecar)] if note else []
        else:
            left.discard(same)
            told[same] = replace(told[same], date=turn.date, reason=turn.reason)
    return tuple(sorted(told, key=lambda each: each.date))


def _same(change: Change, turn: VerdictChange) -> bool:
    changed = change.event in {Event.VERDICT, Event.CORRECTION}
    return changed and (change.before, change.after) == (turn.before, turn.after)


def _of_turn(turn: VerdictChange, note: Note, sidecar: str) -> Change:
    event = Event.CORRECTION if note.kind is NoteKind.CORRECTION else Event.VERDICT
    if turn.before is None and turn.after is None:
        event = Event.NOTED
    return Change(event, sidecar, note.id, note.kind, turn.before, turn.after, turn.date, turn.reason, None)


def _news(change: Change, document: DocumentRecord, record: NoteRecord | None) -> ChangelogEntry:
    address = note_address(document.slug, record.note.id) if record else document_address(document.slug)
    words = (record.note.statement or record.words or record.excerpt) if record else ""
    return ChangelogEntry(change, document.slug, address, document.title, words)


def add_changelog(catalog: Catalog, found: Changelog) -> Catalog:
    """The catalog with what changed, all of it and by claim."""
    return replace(catalog, changelog=found, claims=tuple(_of_claim(each, found) for each in catalog.claims))


def _of_claim(entry: ClaimEntry, found: Changelog) -> ClaimEntry:
    news = [
        ChangelogEntry(
            change, each.document.slug, note_address(each.document.slug, each.note.id), each.document.title, ""
        )
        for each in entry.appearances
        for change in found.notes.get((each.document.slug, each.note.id), ())
    ]
    return replace(entry, changes=tuple(sorted(news, key=lambda each: each.change.date)))


def changes_by_document(found: Changelog) -> Mapping[str, Mapping[str, tuple[Change, ...]]]:
    """Document -> note -> its changes, the oldest first: what the documents' own pages show."""
    documents: dict[str, dict[str, tuple[Change, ...]]] = defaultdict(dict)
    for (slug, note), changes in found.notes.items():
        documents[slug][note] = changes
    return documents
