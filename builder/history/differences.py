"""Two states of a corpus -> what changed in terms of notes. Pure; verdicts come first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from typing import Final

from builder.diagnostics import Place
from builder.history.corpus_trees import CorpusTree
from builder.link.records import WORDS, quoted_words, truncate
from builder.model import AnchoredDocument, Citation, Note, NoteKind, Project, Source, Span

_AROUND: Final = 32  # characters beside a quote by which it is known again in a text that changed
_ALIKE: Final = 0.5  # share of notes that two documents have in common to be one that moved


class DifferenceKind(StrEnum):
    """The kinds of difference, in the order in which they are told."""

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
    """One difference. ``before`` and ``after`` are values: verdicts, words, titles, paths, as ``what`` has it.

    ``document`` is its path where it is now (where it was, if it is gone), "" for the corpus itself; ``note`` an id.
    ``words`` are the quote on one line; ``fields`` the names of what was edited; ``place`` is in the newer file.
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


@dataclass(frozen=True, slots=True)
class _Held:
    """A note in its document, with what is needed to compare it."""

    note: Note
    anchored: AnchoredDocument
    spans: tuple[Span, ...]
    sources: Mapping[str, Source]

    @property
    def path(self) -> str:
        return self.anchored.document.path

    @property
    def identity(self) -> tuple[object, ...]:
        """What makes it the same note under another id: its kind and words; without words, what it says."""
        note = self.note
        return (note.kind, note.quote.parts if note.quote else note.body.text if note.body else note.correct)

    @property
    def words(self) -> str:
        if self.spans:
            return truncate(quoted_words(self.anchored.document.text, self.spans), WORDS)
        return truncate(" … ".join(self.note.quote.parts), WORDS) if self.note.quote else ""


def compare(base: CorpusTree, head: CorpusTree) -> tuple[Difference, ...]:
    """Every difference, by kind, then by document and place."""
    pairs = _pairs(base.documents, head.documents)
    found = [each for old, new in pairs for each in _documents(old, new)]
    before = {(new or old or ""): _held(base, old) for old, new in pairs}
    after = {(new or old or ""): _held(head, new) for old, new in pairs}
    removed: list[_Held] = []
    added: list[_Held] = []
    for key, was in before.items():
        now = after[key]
        for one, other in _same(was, now, removed, added):
            found += _notes(one, other)
    found += _left(removed, added)
    for old, new in pairs:
        if old and new:
            found += _head_edits(base.documents[old], head.documents[new])
    found += _bibliography(base.project.sources, head.project.sources)
    found += _scale(base.project, head.project)
    order = list(DifferenceKind)
    return tuple(sorted(found, key=lambda each: (order.index(each.what), each.document, each.place, each.note or "")))


# --- documents ------------------------------------------------------------------------------------------------------


def _pairs(
    before: Mapping[str, AnchoredDocument], after: Mapping[str, AnchoredDocument]
) -> list[tuple[str | None, str | None]]:
    """Which document became which: by path, then address, then text, then by the notes that they have in common."""
    paired: dict[str, str] = {path: path for path in before if path in after}
    for same in (_slug, _text):
        gone = {same(before[path]): path for path in before if path not in paired}
        taken = set(paired.values())
        for path in after:
            old = gone.get(same(after[path]))
            if path not in taken and old is not None and old not in paired:
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
    taken = set(paired.values())
    owners: dict[object, list[str]] = {}
    for path, anchored in after.items():
        if path not in taken:
            for each in _fingers(anchored):
                owners.setdefault(each, []).append(path)
    for path in [path for path in before if path not in paired]:
        fingers = _fingers(before[path])
        shared: dict[str, int] = {}
        for each in fingers:
            for other in owners.get(each, ()):
                shared[other] = shared.get(other, 0) + (other not in taken)
        best = max(shared, key=lambda other: (shared[other], other), default=None)
        if best and shared[best] >= _ALIKE * max(len(fingers), len(_fingers(after[best]))) > 0:
            paired[path] = best
            taken.add(best)


def _fingers(anchored: AnchoredDocument) -> frozenset[object]:
    return frozenset((each.id, each.kind, each.quote.parts if each.quote else None) for each in anchored.document.notes)


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
    one, other = old.document, new.document
    names = [each.name for each in fields(one.meta) if each.name != "text_sha256"]
    edited = [name for name in names if _bare(getattr(one.meta, name)) != _bare(getattr(other.meta, name))]
    if one.sha256 != other.sha256:
        edited.insert(0, "text")
    if one.slug != other.slug:
        edited.append("slug")
    if edited:
        yield _of_document(DifferenceKind.DOCUMENT_EDITED, other.path, None, None, tuple(edited))


# --- notes ----------------------------------------------------------------------------------------------------------


def _held(tree: CorpusTree, path: str | None) -> dict[str, _Held]:
    if path is None:
        return {}
    anchored = tree.documents[path]
    spans = {each.note.id: each.spans for each in anchored.placements}
    sources = dict(tree.project.sources) | {each.key: each for each in anchored.document.sources}
    return {note.id: _Held(note, anchored, spans.get(note.id, ()), sources) for note in anchored.document.notes}


def _same(
    was: dict[str, _Held], now: dict[str, _Held], removed: list[_Held], added: list[_Held]
) -> Iterator[tuple[_Held, _Held]]:
    """The notes that stand in both, by id, or by their words under a new one; the others are left over."""
    both = [key for key in was if key in now and was[key].note.kind == now[key].note.kind]
    yield from ((was[key], now[key]) for key in both)
    fresh = {each.identity: each for key, each in now.items() if key not in both}
    for key, each in was.items():
        if key in both:
            continue
        other = fresh.pop(each.identity, None)
        if other is None:
            removed.append(each)
        else:
            yield each, other
    added += fresh.values()


def _left(removed: Iterable[_Held], added: Iterable[_Held]) -> Iterator[Difference]:
    """Notes that went from one document to another, and those that are truly gone or new."""
    fresh = {(each.note.id, *each.identity): each for each in added}
    for was in removed:
        now = fresh.pop((was.note.id, *was.identity), None)
        if now is None:
            if was.note.kind is NoteKind.CORRECTION:
                yield _told(DifferenceKind.CORRECTION, was, was.note.correct, None)
            else:
                yield _told(DifferenceKind.REMOVED, was, was.note.verdict, None)
        else:
            yield _told(DifferenceKind.MOVED, now, _name(was), _name(now))
            yield from _notes(was, now)
    for now in fresh.values():
        if now.note.kind is NoteKind.CORRECTION:
            yield _told(DifferenceKind.CORRECTION, now, None, now.note.correct)
        else:
            yield _told(DifferenceKind.ADDED, now, None, now.note.verdict)
        if now.note.quote and not now.spans and not now.note.retired:
            yield _told(DifferenceKind.UNPLACED, now, None, None)


def _notes(was: _Held, now: _Held) -> Iterator[Difference]:
    """What changed in one note."""
    one, other = was.note, now.note
    if one.verdict != other.verdict:
        yield _told(DifferenceKind.VERDICT, now, one.verdict, other.verdict)
    if one.kind is NoteKind.CORRECTION and one.correct != other.correct:
        yield _told(DifferenceKind.CORRECTION, now, one.correct, other.correct)
    if one.id != other.id:
        yield _told(DifferenceKind.MOVED, now, _name(was), _name(now))
    if other.retired and not one.retired:
        yield _told(DifferenceKind.RETIRED, now, None, other.retired)
    elif other.quote and not other.retired and not now.spans and was.spans:
        yield _told(DifferenceKind.UNPLACED, now, was.words, None)
    elif _re_anchored(was, now):
        yield _told(DifferenceKind.ANCHORED, now, was.words, now.words)
    yield from _citations(was, now)
    edited = tuple(_edited(one, other))
    if edited:
        yield _told(DifferenceKind.EDITED, now, None, None, edited)


def _name(held: _Held) -> str:
    return f"{held.path}#{held.note.id}"


def _re_anchored(was: _Held, now: _Held) -> bool:
    """Whether the note is on other words, or on the same words in another place.

    In a text that changed the place is the same if what stands before or after it is.
    """
    if not was.spans or not now.spans:
        return bool(now.spans)
    one, other = was.anchored.document, now.anchored.document
    if one.sha256 == other.sha256:
        return was.spans != now.spans
    if quoted_words(one.text, was.spans) != quoted_words(other.text, now.spans):
        return True
    first, last = was.spans[0].start, was.spans[-1].end
    start, end = now.spans[0].start, now.spans[-1].end
    ahead = one.text[max(0, first - _AROUND) : first] == other.text[max(0, start - _AROUND) : start]
    return not ahead and one.text[last : last + _AROUND] != other.text[end : end + _AROUND]


def _citations(was: _Held, now: _Held) -> Iterator[Difference]:
    one = {_cited(each, was.sources): each for each in was.note.citations}
    other = {_cited(each, now.sources): each for each in now.note.citations}
    for key, cited in other.items():
        if key not in one:
            yield _told(DifferenceKind.CITED, now, None, _title(cited, now.sources))
    for key, cited in one.items():
        if key not in other:
            yield _told(DifferenceKind.UNCITED, now, _title(cited, was.sources), None)


def _cited(citation: Citation, sources: Mapping[str, Source]) -> object:
    """What a citation leads to: a key of the bibliography, or what is written out, which has no lasting key."""
    source = sources.get(citation.source)
    if source is None or "--" not in citation.source:
        return citation.source
    return tuple(_bare(getattr(source, each.name)) for each in fields(source) if each.name not in {"key", "place"})


def _title(citation: Citation, sources: Mapping[str, Source]) -> str:
    return sources[citation.source].title if citation.source in sources else citation.source


def _edited(one: Note, other: Note) -> Iterator[str]:
    told = {
        "id",
        "kind",
        "quote",
        "verdict",
        "place",
        "retired",
        *(["correct"] if one.kind is NoteKind.CORRECTION else []),
    }
    for each in fields(one):
        before, after = getattr(one, each.name), getattr(other, each.name)
        if each.name == "citations":
            before, after = ([(x.at, x.supports) for x in value] for value in (before, after))
            if len(before) != len(after):
                continue  # a source came or went, which is told
        if each.name not in told and _bare(before) != _bare(after):
            yield _WORDS.get(each.name, each.name)


_WORDS: Final = {"body": "note", "citations": "sources"}  # as an editor writes them


def _told(
    what: DifferenceKind, held: _Held, before: str | None, after: str | None, edited: tuple[str, ...] = ()
) -> Difference:
    note = held.note
    return Difference(what, held.path, note.id, note.kind, before, after, held.words, edited, note.place)


# --- the corpus itself ----------------------------------------------------------------------------------------------


def _bibliography(before: Mapping[str, Source], after: Mapping[str, Source]) -> Iterator[Difference]:
    for key, source in after.items():
        if key not in before:
            yield _of_source(DifferenceKind.SOURCE_ADDED, source, None, source.title, ())
        elif _bare(before[key]) != _bare(source):
            one = before[key]
            edited = tuple(
                each.name
                for each in fields(source)
                if _bare(getattr(one, each.name)) != _bare(getattr(source, each.name))
            )
            yield _of_source(DifferenceKind.SOURCE_EDITED, source, one.title, source.title, edited)
    for key, source in before.items():
        if key not in after:
            yield _of_source(DifferenceKind.SOURCE_REMOVED, source, source.title, None, ())


def _of_source(
    what: DifferenceKind, source: Source, before: str | None, after: str | None, edited: tuple[str, ...]
) -> Difference:
    return Difference(what, "", source.key, None, before, after, "", edited, source.place)


def _scale(before: Project, after: Project) -> Iterator[Difference]:
    for key in [*before.verdicts, *(key for key in after.verdicts if key not in before.verdicts)]:
        one, other = before.verdicts.get(key), after.verdicts.get(key)
        if one != other:
            edited = (
                tuple(each.name for each in fields(one) if getattr(one, each.name) != getattr(other, each.name))
                if one and other
                else ()
            )
            label = other.label if other else None
            yield Difference(
                DifferenceKind.SCALE, "", key, None, one.label if one else None, label, "", edited, Place("")
            )


def _bare(value: object) -> object:
    """A value without the places that it was read from, for comparing."""
    if isinstance(value, Place):
        return None
    if isinstance(value, tuple):
        return tuple(_bare(each) for each in value)
    if is_dataclass(value):
        return tuple(_bare(getattr(value, each.name)) for each in fields(value))
    return value
