"""Turn the ledger into the changelog that readers see: published documents only, newest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from builder.addresses import document_address, note_address
from builder.labels import CLOSED
from builder.model import (
    Appearance,
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
    """Assign the ledger's changes, and those in ``history:``, to the published documents.

    Changes of documents that are not published (any more, or yet) are left out: a court may have ordered the removal.
    Where ``history:`` and a commit record the same change of a verdict, the date and reason in ``history:`` win.
    """
    changes: dict[str, dict[str, list[Change]]] = defaultdict(lambda: defaultdict(list))
    for change in ledger.changes:
        changes[change.sidecar][change.note].append(change)
    entries: list[ChangelogEntry] = []
    notes: dict[tuple[str, str], tuple[Change, ...]] = {}
    for document in corpus.documents:
        records = {record.note.id: record for record in document.notes}
        document_changes = changes.get(document.sidecar or "", {})
        for name in dict.fromkeys([*records, *document_changes]):
            record = records.get(name)
            note_changes = document_changes.get(name, ())
            merged = _note_changes(note_changes, record.note if record else None, document.sidecar or "")
            if record and merged:
                notes[document.slug, name] = merged
            shown = map(_closed, merged) if document.reveal else merged
            entries += [_entry(change, document, record) for change in shown]
        entries += [_entry(change, document, None) for change in changes.get(document.path, {}).get("", ())]
    # The sort is stable: changes of one commit stay in document order.
    entries.sort(key=lambda entry: entry.change.date, reverse=True)
    return Changelog(tuple(entries), notes, ledger.since)


def _note_changes(changes: Sequence[Change], note: Note | None, sidecar: str) -> tuple[Change, ...]:
    """Return a note's changes, oldest first, with the dates and reasons of its ``history:``."""
    merged, unmatched = list(changes), set(range(len(changes)))
    for verdict_change in note.history if note else ():
        same = next((number for number in sorted(unmatched) if _is_same_change(merged[number], verdict_change)), None)
        if same is None:
            merged += [_change_of(verdict_change, note, sidecar)] if note else []
        else:
            unmatched.discard(same)
            merged[same] = replace(merged[same], date=verdict_change.date, reason=verdict_change.reason)
    return tuple(sorted(merged, key=lambda change: change.date))


def _is_same_change(change: Change, verdict_change: VerdictChange) -> bool:
    changed = change.event in {Event.VERDICT, Event.CORRECTION}
    return changed and (change.before, change.after) == (verdict_change.before, verdict_change.after)


def _change_of(verdict_change: VerdictChange, note: Note, sidecar: str) -> Change:
    event = Event.CORRECTION if note.kind is NoteKind.CORRECTION else Event.VERDICT
    if verdict_change.before is None and verdict_change.after is None:
        event = Event.NOTED
    before, after = verdict_change.before, verdict_change.after
    return Change(event, sidecar, note.id, note.kind, before, after, verdict_change.date, verdict_change.reason, None)


def _entry(change: Change, document: DocumentRecord, record: NoteRecord | None) -> ChangelogEntry:
    address = note_address(document.slug, record.note.id) if record else document_address(document.slug)
    words = (record.note.statement or record.words or record.excerpt) if record else ""
    verdict, correct = (record.note.verdict, record.note.correct) if record else (None, None)
    return ChangelogEntry(change, document.slug, address, document.title, words, verdict, correct)


def _closed(change: Change) -> Change:
    """Return the change without what its document keeps closed until a reader asks: verdicts, corrections, reasons."""
    if change.kind is NoteKind.CONTEXT or change.event is Event.RETIRED:
        return change
    if change.event in {Event.VERDICT, Event.CORRECTION, Event.NOTED, Event.REWORDED}:
        return replace(change, event=Event.NOTED, before=None, after=None, reason="")
    closed = CLOSED if change.kind is NoteKind.CLAIM else None
    return replace(change, before=change.before and closed, after=change.after and closed)


def add_changelog(catalog: Catalog, changelog: Changelog) -> Catalog:
    """Return the catalog with the changelog, whole and for each claim."""
    return replace(
        catalog, changelog=changelog, claims=tuple(_with_changes(claim, changelog) for claim in catalog.claims)
    )


def _with_changes(entry: ClaimEntry, changelog: Changelog) -> ClaimEntry:
    entries = [
        ChangelogEntry(
            change,
            appearance.document.slug,
            note_address(appearance.document.slug, appearance.note.id),
            appearance.document.title,
            "",
        )
        for appearance in entry.appearances
        for change in _shown(appearance, changelog)
    ]
    return replace(entry, changes=tuple(sorted(entries, key=lambda entry: entry.change.date)))


def _shown(appearance: Appearance, changelog: Changelog) -> tuple[Change, ...]:
    every = changelog.notes.get((appearance.document.slug, appearance.note.id), ())
    changes = tuple(change for change in every if change.event is not Event.REWORDED)
    return tuple(map(_closed, changes)) if appearance.document.reveal else changes


def newest_date(corpus: Corpus) -> str:
    """Return the newest date that the documents and notes of a corpus give, ISO 8601; "" if they give none."""
    published = (document.published for document in corpus.documents)
    reviewed = (record.note.reviewed for document in corpus.documents for record in document.notes)
    return max(filter(None, (*published, *reviewed)), default="")


def last_changes(corpus: Corpus, changelog: Changelog | None) -> Mapping[tuple[str, str], str]:
    """Return (document, note) -> the last date that a note was reviewed or changed; (document, "") of them all.

    Dates are ISO 8601, a month or a year where a review gives no more. What has no date is left out.
    """
    dates: dict[tuple[str, str], str] = {}

    def add(slug: str, note: str, date: str) -> None:
        for key in ((slug, note), (slug, "")):
            dates[key] = max(dates.get(key, ""), date)

    for document in corpus.documents:
        for record in document.notes:
            if record.note.reviewed:
                add(document.slug, record.note.id, record.note.reviewed)
    for entry in changelog.entries if changelog else ():
        add(entry.slug, entry.change.note, entry.change.date[:10])
    return dates


def changes_by_document(changelog: Changelog) -> Mapping[str, Mapping[str, tuple[Change, ...]]]:
    """Return slug -> note id -> the note's changes, oldest first."""
    documents: dict[str, dict[str, tuple[Change, ...]]] = defaultdict(dict)
    for (slug, note), changes in changelog.notes.items():
        documents[slug][note] = changes
    return documents
