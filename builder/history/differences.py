"""Compare two states of a corpus in terms of notes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from typing import Final

from builder.diagnostics import Place
from builder.history.corpus_trees import CorpusTree
from builder.link.document_record import WORDS, quoted_words, truncate
from builder.model import AnchoredDocument, Citation, Note, NoteKind, Project, Source, Span

_AROUND: Final = 32  # code points beside a quote that are compared when its text has changed
_ALIKE: Final = 0.5  # share of common notes from which two documents count as one that moved


class DifferenceKind(StrEnum):
    """The kinds of difference, in the order of the report."""

    VERDICT = "verdict-changed"
    CORRECTION = "correction"
    UNPLACED = "note-unplaced"
    RETIRED = "note-retired"
    REMOVED = "note-removed"
    ADDED = "note-added"
    MOVED = "note-moved"
    ANCHORED = "quote-re-anchored"
    EDITED = "note-edited"
    CITED = "source-cited"
    UNCITED = "source-no-longer-cited"
    DOCUMENT_REMOVED = "document-removed"
    DOCUMENT_ADDED = "document-added"
    DOCUMENT_MOVED = "document-moved"
    DOCUMENT_EDITED = "document-edited"
    SOURCE_REMOVED = "source-removed"
    SOURCE_ADDED = "source-added"
    SOURCE_EDITED = "source-edited"
    SCALE = "verdict-scale-changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. ``before`` and ``after`` are verdicts, words, titles or paths, as ``what`` has it.

    ``document`` is its path where it is now (where it was, if it is gone), "" for the corpus itself; ``note`` an id.
    ``words`` are the quote on one line; ``fields`` the names of what was edited; ``place`` is in the newer file.
    ``verdict``: that of the note in the newer state; of a removed one, the last it had.
    """

    what: DifferenceKind
    document: str
    note: str | None
    kind: NoteKind | None
    before: str | None
    after: str | None
    words: str
    fields: tuple[str, ...]
    place: Place
    verdict: str | None = None


@dataclass(frozen=True, slots=True)
class _PlacedNote:
    """A note with its document, its spans there and the sources it may cite."""

    note: Note
    anchored: AnchoredDocument
    spans: tuple[Span, ...]
    sources: Mapping[str, Source]

    @property
    def path(self) -> str:
        return self.anchored.document.path

    @property
    def identity(self) -> tuple[object, ...]:
        """What identifies the note under another id: its kind and its quote, without a quote its text."""
        note = self.note
        return (note.kind, note.quote.parts if note.quote else note.body.text if note.body else note.correct)

    @property
    def words(self) -> str:
        if self.spans:
            return truncate(quoted_words(self.anchored.document.body, self.spans), WORDS)
        return truncate(" … ".join(self.note.quote.parts), WORDS) if self.note.quote else ""


def compare(base: CorpusTree, head: CorpusTree) -> tuple[Difference, ...]:
    """Return every difference, sorted by kind, then by document and place."""
    pairs = _pairs(base.documents, head.documents)
    differences = [difference for old, new in pairs for difference in _documents(old, new)]
    before = {(new or old or ""): _notes_of(base, old) for old, new in pairs}
    after = {(new or old or ""): _notes_of(head, new) for old, new in pairs}
    removed: list[_PlacedNote] = []
    added: list[_PlacedNote] = []
    for key, was in before.items():
        now = after[key]
        for old_note, new_note in _matching(was, now, removed, added):
            differences += _notes(old_note, new_note)
    differences += _moved_added_removed(removed, added)
    for old, new in pairs:
        if old and new:
            differences += _head_edits(base.documents[old], head.documents[new])
    differences += _bibliography(base.project.sources, head.project.sources)
    differences += _scale(base.project, head.project)
    order = list(DifferenceKind)
    return tuple(
        sorted(
            differences,
            key=lambda found: (order.index(found.what), found.document, found.place, found.note or ""),
        )
    )


# --- documents ------------------------------------------------------------------------------------------------------


def _pairs(
    before: Mapping[str, AnchoredDocument], after: Mapping[str, AnchoredDocument]
) -> list[tuple[str | None, str | None]]:
    """Pair the documents of both states: by path, then address, then text, then by the notes they have in common."""
    paired: dict[str, str] = {path: path for path in before if path in after}
    for same in (_slug, _text):
        unpaired = {same(before[path]): path for path in before if path not in paired}
        paired_now = set(paired.values())
        for path in after:
            old = unpaired.get(same(after[path]))
            if path not in paired_now and old is not None and old not in paired:
                paired[old] = path
    _pair_alike(before, after, paired)
    new = set(after) - set(paired.values())
    return [*((old, paired.get(old)) for old in before), *((None, path) for path in after if path in new)]


def _slug(anchored: AnchoredDocument) -> str:
    return anchored.document.slug


def _text(anchored: AnchoredDocument) -> str:
    return anchored.document.sha256


def _pair_alike(
    before: Mapping[str, AnchoredDocument], after: Mapping[str, AnchoredDocument], paired: dict[str, str]
) -> None:
    paired_now = set(paired.values())
    owners: dict[object, list[str]] = {}
    for path, anchored in after.items():
        if path not in paired_now:
            for note_key in _note_keys(anchored):
                owners.setdefault(note_key, []).append(path)
    for path in [path for path in before if path not in paired]:
        note_keys = _note_keys(before[path])
        shared: dict[str, int] = {}
        for note_key in note_keys:
            for candidate in owners.get(note_key, ()):
                shared[candidate] = shared.get(candidate, 0) + (candidate not in paired_now)
        best = max(shared, key=lambda candidate: (shared[candidate], candidate), default=None)
        if best and shared[best] >= _ALIKE * max(len(note_keys), len(_note_keys(after[best]))) > 0:
            paired[path] = best
            paired_now.add(best)


def _note_keys(anchored: AnchoredDocument) -> frozenset[object]:
    return frozenset((note.id, note.kind, note.quote.parts if note.quote else None) for note in anchored.document.notes)


def _documents(old: str | None, new: str | None) -> Iterator[Difference]:
    if old is None and new is not None:
        yield _of_document(DifferenceKind.DOCUMENT_ADDED, new, None, None, ())
    elif new is None and old is not None:
        yield _of_document(DifferenceKind.DOCUMENT_REMOVED, old, None, None, ())
    elif old is not None and new is not None and old != new:
        yield _of_document(DifferenceKind.DOCUMENT_MOVED, new, old, new, ())


def _of_document(
    what: DifferenceKind, path: str, before: str | None, after: str | None, edited: tuple[str, ...]
) -> Difference:
    return Difference(what, path, None, None, before, after, "", edited, Place(path))


def _head_edits(old: AnchoredDocument, new: AnchoredDocument) -> Iterator[Difference]:
    before, after = old.document, new.document
    names = [field.name for field in fields(before.meta) if field.name != "text_sha256"]
    edited = [
        name
        for name in names
        if _without_places(getattr(before.meta, name)) != _without_places(getattr(after.meta, name))
    ]
    if before.sha256 != after.sha256:
        edited.insert(0, "text")
    if before.slug != after.slug:
        edited.append("slug")
    if edited:
        yield _of_document(DifferenceKind.DOCUMENT_EDITED, after.path, None, None, tuple(edited))


# --- notes ----------------------------------------------------------------------------------------------------------


def _notes_of(tree: CorpusTree, path: str | None) -> dict[str, _PlacedNote]:
    if path is None:
        return {}
    anchored = tree.documents[path]
    spans = {placement.note.id: placement.spans for placement in anchored.placements}
    sources = dict(tree.project.sources) | {source.key: source for source in anchored.document.sources}
    return {note.id: _PlacedNote(note, anchored, spans.get(note.id, ()), sources) for note in anchored.document.notes}


def _matching(
    was: dict[str, _PlacedNote], now: dict[str, _PlacedNote], removed: list[_PlacedNote], added: list[_PlacedNote]
) -> Iterator[tuple[_PlacedNote, _PlacedNote]]:
    """Yield the notes of both states, matched by id, else by their words; put the rest into removed and added."""
    both = [key for key in was if key in now and was[key].note.kind == now[key].note.kind]
    yield from ((was[key], now[key]) for key in both)
    unmatched = {note.identity: note for key, note in now.items() if key not in both}
    for key, note in was.items():
        if key in both:
            continue
        candidate = unmatched.pop(note.identity, None)
        if candidate is None:
            removed.append(note)
        else:
            yield note, candidate
    added += unmatched.values()


def _moved_added_removed(removed: Iterable[_PlacedNote], added: Iterable[_PlacedNote]) -> Iterator[Difference]:
    """Yield the differences of notes that moved to another document, and of those that were removed or added."""
    unmatched = {(note.note.id, *note.identity): note for note in added}
    for was in removed:
        now = unmatched.pop((was.note.id, *was.identity), None)
        if now is None:
            if was.note.kind is NoteKind.CORRECTION:
                yield _of_note(DifferenceKind.CORRECTION, was, was.note.correct, None)
            else:
                yield _of_note(DifferenceKind.REMOVED, was, was.note.verdict, None)
        else:
            yield _of_note(DifferenceKind.MOVED, now, _name(was), _name(now))
            yield from _notes(was, now)
    for now in unmatched.values():
        if now.note.kind is NoteKind.CORRECTION:
            yield _of_note(DifferenceKind.CORRECTION, now, None, now.note.correct)
        else:
            yield _of_note(DifferenceKind.ADDED, now, None, now.note.verdict)
        if now.note.quote and not now.spans and not now.note.retired:
            yield _of_note(DifferenceKind.UNPLACED, now, None, None)


def _notes(was: _PlacedNote, now: _PlacedNote) -> Iterator[Difference]:
    """Yield what changed in one note."""
    before, after = was.note, now.note
    if before.verdict != after.verdict:
        yield _of_note(DifferenceKind.VERDICT, now, before.verdict, after.verdict)
    if before.kind is NoteKind.CORRECTION and before.correct != after.correct:
        yield _of_note(DifferenceKind.CORRECTION, now, before.correct, after.correct)
    if before.id != after.id:
        yield _of_note(DifferenceKind.MOVED, now, _name(was), _name(now))
    if after.retired and not before.retired:
        yield _of_note(DifferenceKind.RETIRED, now, None, after.retired)
    elif after.quote and not after.retired and not now.spans and was.spans:
        yield _of_note(DifferenceKind.UNPLACED, now, was.words, None)
    elif _re_anchored(was, now):
        yield _of_note(DifferenceKind.ANCHORED, now, was.words, now.words)
    yield from _citations(was, now)
    edited = tuple(_edited(before, after))
    if edited:
        yield _of_note(DifferenceKind.EDITED, now, None, None, edited)


def _name(placed: _PlacedNote) -> str:
    return f"{placed.path}#{placed.note.id}"


def _re_anchored(was: _PlacedNote, now: _PlacedNote) -> bool:
    """Return whether the note is on other words, or on the same words in another place.

    In a changed text the place counts as the same if the text before or after it is the same.
    """
    if not was.spans or not now.spans:
        return bool(now.spans)
    before, after = was.anchored.document, now.anchored.document
    if before.sha256 == after.sha256:
        return was.spans != now.spans
    if quoted_words(before.body, was.spans) != quoted_words(after.body, now.spans):
        return True
    first, last = was.spans[0].start, was.spans[-1].end
    start, end = now.spans[0].start, now.spans[-1].end
    ahead = before.text[max(0, first - _AROUND) : first] == after.text[max(0, start - _AROUND) : start]
    return not ahead and before.text[last : last + _AROUND] != after.text[end : end + _AROUND]


def _citations(was: _PlacedNote, now: _PlacedNote) -> Iterator[Difference]:
    before = {_cited(citation, was.sources): citation for citation in was.note.citations}
    after = {_cited(citation, now.sources): citation for citation in now.note.citations}
    for key, cited in after.items():
        if key not in before:
            yield _of_note(DifferenceKind.CITED, now, None, _title(cited, now.sources))
    for key, cited in before.items():
        if key not in after:
            yield _of_note(DifferenceKind.UNCITED, now, _title(cited, was.sources), None)


def _cited(citation: Citation, sources: Mapping[str, Source]) -> object:
    """Return what identifies a cited source: its key, or its fields where it is written out in the sidecar."""
    source = sources.get(citation.source)
    if source is None or "--" not in citation.source:
        return citation.source
    return tuple(
        _without_places(getattr(source, field.name)) for field in fields(source) if field.name not in {"key", "place"}
    )


def _title(citation: Citation, sources: Mapping[str, Source]) -> str:
    return sources[citation.source].title if citation.source in sources else citation.source


def _edited(before: Note, after: Note) -> Iterator[str]:
    """Yield the edited fields that are no difference of their own, by the names that sidecars have for them."""
    reported = {
        "id",
        "kind",
        "quote",
        "verdict",
        "place",
        "retired",
        *(["correct"] if before.kind is NoteKind.CORRECTION else []),
    }
    for field in fields(before):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if field.name == "citations":
            old, new = ([(citation.at, citation.supports) for citation in value] for value in (old, new))
            if len(old) != len(new):
                continue  # a source was added or removed, which is a difference of its own
        if field.name not in reported and _without_places(old) != _without_places(new):
            yield _WORDS.get(field.name, field.name)


_WORDS: Final = {"body": "note", "citations": "sources"}  # as an editor writes them


def _of_note(
    what: DifferenceKind, placed: _PlacedNote, before: str | None, after: str | None, edited: tuple[str, ...] = ()
) -> Difference:
    note = placed.note
    return Difference(
        what, placed.path, note.id, note.kind, before, after, placed.words, edited, note.place, note.verdict
    )


# --- the corpus itself ----------------------------------------------------------------------------------------------


def _bibliography(before: Mapping[str, Source], after: Mapping[str, Source]) -> Iterator[Difference]:
    for key, source in after.items():
        if key not in before:
            yield _of_source(DifferenceKind.SOURCE_ADDED, source, None, source.title, ())
        elif _without_places(before[key]) != _without_places(source):
            old = before[key]
            edited = tuple(
                field.name
                for field in fields(source)
                if _without_places(getattr(old, field.name)) != _without_places(getattr(source, field.name))
            )
            yield _of_source(DifferenceKind.SOURCE_EDITED, source, old.title, source.title, edited)
    for key, source in before.items():
        if key not in after:
            yield _of_source(DifferenceKind.SOURCE_REMOVED, source, source.title, None, ())


def _of_source(
    what: DifferenceKind, source: Source, before: str | None, after: str | None, edited: tuple[str, ...]
) -> Difference:
    return Difference(what, "", source.key, None, before, after, "", edited, source.place)


def _scale(before: Project, after: Project) -> Iterator[Difference]:
    for key in [*before.verdicts, *(key for key in after.verdicts if key not in before.verdicts)]:
        old, new = before.verdicts.get(key), after.verdicts.get(key)
        if old != new:
            edited = (
                tuple(
                    field.name
                    for field in fields(old)
                    if field.compare and getattr(old, field.name) != getattr(new, field.name)
                )
                if old and new
                else ()
            )
            label = new.label if new else None
            yield Difference(
                DifferenceKind.SCALE, "", key, None, old.label if old else None, label, "", edited, Place("")
            )


def _without_places(value: object) -> object:
    """Return a value without the places it was read from, for comparison."""
    if isinstance(value, Place):
        return None
    if isinstance(value, tuple):
        return tuple(_without_places(item) for item in value)
    if is_dataclass(value):
        return tuple(_without_places(getattr(value, field.name)) for field in fields(value))
    return value
