"""The view of a note: plain data that a template prints. Nothing here is escaped but ``body``, which is safe HTML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from builder.addresses import relative
from builder.model import (
    AnchoredDocument,
    Backlink,
    Citation,
    Crossref,
    Document,
    Links,
    Note,
    Placement,
    Project,
    Prose,
    Source,
)
from builder.render.wording import KINDS, Stamp, When, one_line, outer, shorten, stamp, when

_CORRECTED = 600  # code points of the wrong words shown struck through: these are worth reading whole


@dataclass(frozen=True, slots=True)
class Frame:
    """What the notes of one page share: the document they are of, the project, and where links lead from here."""

    document: Document
    project: Project
    links: Links
    address: str


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link inside the site, its address relative to the page. ``stamp`` tells of the note that it leads to."""

    href: str
    words: str
    title: str | None
    stamp: Stamp | None


@dataclass(frozen=True, slots=True)
class SourceView:
    """A cited source. ``href`` is None where readers are not sent there; the ``address`` is then shown in words."""

    title: str
    href: str | None
    address: str | None
    authors: tuple[str, ...]
    publisher: str | None
    date: When | None
    archived: str | None
    at: str | None
    supports: str | None


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note as its page shows it. ``number`` and ``quotes`` are empty for a note on the whole document.

    ``verdict`` is the key that the verdict scale gives it, on claims alone; ``speaker_href`` identifies the speaker.
    """

    id: str
    number: int | None
    kind: str
    kind_label: str
    verdict: str | None
    stamp: Stamp
    quotes: tuple[str, ...]
    correct: str | None
    statement: str | None
    speaker: str | None
    speaker_href: str | None
    body: str
    topics: tuple[str, ...]
    techniques: tuple[str, ...]
    sources: tuple[SourceView, ...]
    see: tuple[LinkView, ...]
    backlinks: tuple[LinkView, ...]
    reviewed: When | None
    by: tuple[str, ...]


def note_views(anchored: AnchoredDocument, frame: Frame) -> tuple[tuple[NoteView, ...], tuple[NoteView, ...]]:
    """Give the notes on the whole document, and the numbered ones in order of number."""
    general = tuple(_view(note, None, frame) for note in anchored.general)
    placed = sorted(anchored.placements, key=lambda each: each.number)
    return general, tuple(_view(each.note, each, frame) for each in placed)


def prose(written: Prose | None, frame: Frame) -> str:
    """Give prose as HTML, its cross-links as links of this page; one that leads nowhere is left as plain words."""
    if written is None:
        return ""
    return "".join(part if isinstance(part, str) else _crossref(part, frame) for part in written.html)


def backlinks(note: str, frame: Frame) -> tuple[LinkView, ...]:
    """Give where a note, or for ``""`` the document, is mentioned, with the words that mention it."""
    return tuple(_backlink(each, frame) for each in frame.links.backlinks.get(note, ()))


def _view(note: Note, placement: Placement | None, frame: Frame) -> NoteView:
    person = frame.project.people.get(note.speaker or "")
    limit = _CORRECTED if note.correct else 220
    text = frame.document.text
    return NoteView(
        id=note.id,
        number=placement.number if placement else None,
        kind=note.kind.value,
        kind_label=KINDS[note.kind],
        verdict=note.verdict,
        stamp=stamp(note.kind, note.verdict, frame.project),
        quotes=tuple(shorten(text[span.start : span.end], limit) for span in placement.spans) if placement else (),
        correct=note.correct,
        statement=note.statement,
        speaker=person.name if person else note.speaker,
        speaker_href=outer(person.same_as) if person else None,
        body=prose(note.body, frame),
        topics=topics(note.topics, frame.project),
        techniques=note.techniques,
        sources=tuple(_sources(note.citations, frame)),
        see=tuple(_see(note.see, frame)),
        backlinks=backlinks(note.id, frame),
        reviewed=when(note.reviewed),
        by=note.by,
    )


def topics(keys: tuple[str, ...], project: Project) -> tuple[str, ...]:
    """Give the labels of topics; an unknown one stands under its own key."""
    return tuple(project.topics[key].label if key in project.topics else key for key in keys)


def _sources(citations: tuple[Citation, ...], frame: Frame) -> Iterator[SourceView]:
    for each in citations:
        source = frame.links.sources.get(each.source)
        if source is None:  # an error that the preview shows all the same
            yield SourceView(each.source, None, None, (), None, None, None, each.at, each.supports)
        else:
            yield _source(source, each)


def _source(source: Source, citation: Citation) -> SourceView:
    href = outer(source.url) if source.link else None
    return SourceView(
        title=source.title,
        href=href,
        address=None if href else source.url,
        authors=source.authors,
        publisher=source.publisher,
        date=when(source.date),
        archived=outer(source.archived),
        at=citation.at,
        supports=citation.supports,
    )


def _see(crossrefs: tuple[Crossref, ...], frame: Frame) -> Iterator[LinkView]:
    for each in crossrefs:
        target = frame.links.targets.get(_key(each, frame))
        if target:
            label = stamp(target.kind, target.verdict, frame.project) if target.kind else None
            elsewhere = target.title if target.note and target.slug != frame.document.slug else None
            words = shorten(each.words or target.words or target.title)
            yield LinkView(relative(frame.address, target.address), words, elsewhere, label)


def _backlink(link: Backlink, frame: Frame) -> LinkView:
    own = link.address.partition("#")[0] == frame.address
    words, title = shorten(link.words), one_line(link.title)
    if not words:
        return LinkView(relative(frame.address, link.address), title, None, None)
    return LinkView(relative(frame.address, link.address), words, None if own else title, None)


def _crossref(crossref: Crossref, frame: Frame) -> str:
    target = frame.links.targets.get(_key(crossref, frame))
    if target is None:
        return escape(crossref.words or crossref.note or crossref.document or "")
    href = relative(frame.address, target.address)
    words = crossref.words or shorten(target.words or target.title, 80)
    return f'<a class="postil-see" href="{escape(href)}">{escape(words)}</a>'


def _key(crossref: Crossref, frame: Frame) -> tuple[str, str]:
    return crossref.document or frame.document.slug, crossref.note or ""


def tones(notes: tuple[Note, ...], project: Project) -> Mapping[str, str]:
    """Give the tone of each note, by id."""
    return {each.id: stamp(each.kind, each.verdict, project).tone for each in notes}
