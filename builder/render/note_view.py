"""The view of a note: plain data that a template prints. Nothing here is escaped but ``body``, which is safe HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from builder.addresses import claim_address, person_address, relative_url, source_address, topic_address
from builder.model import (
    AnchoredDocument,
    Backlink,
    Citation,
    CrossLink,
    Document,
    DocumentLinks,
    Note,
    NoteKind,
    Placement,
    Project,
    Prose,
    Source,
)
from builder.render.changelog_pages import ChangeView, note_timeline
from builder.render.citations import SuggestedCitation, cite_note
from builder.render.formatting import (
    GLYPHS,
    KINDS,
    Badge,
    FormattedDate,
    badge,
    external_url,
    format_date,
    one_line,
    shorten_middle,
)
from builder.render.prose import prose_html

_CORRECTED = 600  # code points of the wrong words shown struck through: these are worth reading whole
_FIRST = 40  # code points that a note's opening has at least: "Yes." alone says nothing

# Of inline HTML: a tag, a character reference, a run of text. And where a sentence ends in a run of text.
_BIT = re.compile(r"<(?P<close>/?)(?P<name>[a-z][a-z0-9]*)[^>]*>|&[^;\s]+;|[^<&]+|[<&]", re.IGNORECASE)
_END = re.compile(r"[.!?…][\"'”’»)\]]*(?=\s)|[。！？]")
NEUTRAL = "neutral"  # the tone that says nothing
_LINE = 110  # code points of a link's words: a line or two of a card
_EMPTY = frozenset({"br", "img", "wbr", "hr"})


@dataclass(frozen=True, slots=True)
class NoteContext:
    """What the notes of one page share: the document they are of, the project, and where links lead from here.

    ``numbers`` and ``notes`` are those of the document itself, by id.
    """

    document: Document
    project: Project
    links: DocumentLinks
    address: str
    numbers: Mapping[str, int] = field(default_factory=dict)
    notes: Mapping[str, Note] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link inside the site, its address relative to the page. ``stamp`` tells of the note that it leads to.

    ``number`` is that of a note on the same page.
    """

    href: str
    words: str
    title: str | None
    badge: Badge | None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class TopicView:
    """A topic by its label, and its own page."""

    label: str
    href: str | None


@dataclass(frozen=True, slots=True)
class SourceView:
    """A cited source. ``href`` is None where readers are not sent there; the ``address`` is then shown in words.

    ``origin``: it is where the document itself was found, so a link to it gives no credit. ``page`` is the source's
    own page in this corpus, with every note that cites it.
    """

    title: str
    href: str | None
    address: str | None
    authors: tuple[str, ...]
    publisher: str | None
    date: FormattedDate | None
    archived: str | None
    at: str | None
    supports: str | None
    origin: bool = False
    page: str | None = None


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note as its page shows it. ``number`` and ``quotes`` are empty for a note on the whole document.

    A ``retired`` note has no number either; its quotes are the words that the document had.

    ``verdict`` is the key that the verdict scale gives it, on claims alone; ``statement_href`` and ``speaker_href`` are
    the claim's and the speaker's own pages.
    ``tone`` is what may be seen of it at once: in teaching mode a claim's ``stamp`` is ``closed`` until asked for.
    """

    id: str
    number: int | None
    kind: str
    kind_label: str
    verdict: str | None
    badge: Badge
    tone: str
    closed: bool
    quotes: tuple[str, ...]
    correct: str | None
    statement: str | None
    statement_href: str | None
    speaker: str | None
    speaker_href: str | None
    body: str
    topics: tuple[TopicView, ...]
    techniques: tuple[str, ...]
    sources: tuple[SourceView, ...]
    see: tuple[LinkView, ...]
    backlinks: tuple[LinkView, ...]
    reviewed: FormattedDate | None
    by: tuple[str, ...]
    cite: SuggestedCitation
    changes: tuple[ChangeView, ...] = ()
    retired: str | None = None


def note_views(anchored: AnchoredDocument, frame: NoteContext) -> tuple[tuple[NoteView, ...], tuple[NoteView, ...]]:
    """Give the notes on the whole document, and the numbered ones in order of number."""
    general = tuple(_view(note, None, frame) for note in anchored.general)
    placed = sorted(anchored.placements, key=lambda each: each.number)
    return general, tuple(_view(each.note, each, frame) for each in placed)


def note_prose(written: Prose | None, frame: NoteContext) -> str:
    """Give prose as HTML, its cross-links as links of this page; one that leads nowhere is left as plain words."""
    return prose_html(written, frame.links.targets, frame.address, own=frame.document.slug)


def backlink_views(note: str, frame: NoteContext) -> tuple[LinkView, ...]:
    """Give where a note, or for ``""`` the document, is mentioned, with the words that mention it."""
    return tuple(_backlink(each, frame) for each in frame.links.backlinks.get(note, ()))


def _view(note: Note, placement: Placement | None, frame: NoteContext) -> NoteView:
    person = frame.project.people.get(note.speaker or "")
    meta, closed = frame.document.meta, _closed(note.kind, frame)
    label = badge(note.kind, note.verdict, frame.project)
    number = f"Note {placement.number}" if placement else "Note"
    named = KINDS[note.kind] if closed or note.kind is not NoteKind.CLAIM else f"{KINDS[note.kind]}: {label.label}"
    see = tuple(_see(note.see, frame))
    seen = {each.href for each in see}
    limit = _CORRECTED if note.correct else 220
    text = frame.document.text
    words = tuple(text[span.start : span.end] for span in placement.spans) if placement else ()
    if note.retired and note.quote:
        words = note.quote.parts
    return NoteView(
        id=note.id,
        number=placement.number if placement else None,
        kind=note.kind.value,
        kind_label=KINDS[note.kind],
        verdict=note.verdict,
        badge=label,
        tone=NEUTRAL if closed else label.tone,
        closed=closed,
        quotes=tuple(shorten_middle(each, limit) for each in words),
        correct=note.correct,
        statement=note.statement,
        statement_href=_page(claim_address(frame.document.slug, note), frame),
        speaker=person.name if person else note.speaker,
        speaker_href=_page(person_address(note.speaker) if note.speaker else None, frame),
        body=fold_after_first_sentence(note_prose(note.body, frame)),
        topics=topic_views(note.topics, frame),
        techniques=note.techniques,
        sources=tuple(_sources(note.citations, frame)),
        see=see,
        backlinks=tuple(each for each in backlink_views(note.id, frame) if each.href not in seen),
        reviewed=format_date(note.reviewed),
        by=note.by,
        cite=cite_note(
            f"{number} ({named})",
            meta,
            frame.project,
            f"{frame.address}#note-{note.id}",
            by=note.by,
            reviewed=note.reviewed,
        ),
        changes=note_timeline(frame.links.changes.get(note.id, ()), frame.project),
        retired=note.retired,
    )


def _closed(kind: NoteKind | None, frame: NoteContext) -> bool:
    return kind is NoteKind.CLAIM and frame.document.meta.reveal


def fold_after_first_sentence(html: str) -> str:
    """Give a note's HTML with all but the first sentence of its first paragraph in ``<span class="postil-rest">``.

    A sentence ends only outside inline elements and after ``_FIRST`` code points, so that tags stay paired.
    """
    end = html.find("</p>")
    if not html.startswith("<p>") or end < 0:
        return html
    depth, written = 0, 0
    for bit in _BIT.finditer(html, 3, end):
        if name := bit["name"]:
            depth += 0 if name.lower() in _EMPTY else -1 if bit["close"] else 1
        elif bit[0][0] == "&":
            written += 1
        else:
            for found in _END.finditer(bit[0]):
                at = bit.start() + found.end()
                if depth == 0 and written + found.end() >= _FIRST and at < end:
                    return f'{html[:at]}<span class="postil-rest">{html[at:end]}</span>{html[end:]}'
            written += len(bit[0])
    return html


def topic_views(keys: tuple[str, ...], frame: NoteContext) -> tuple[TopicView, ...]:
    """Give topics by their labels; an unknown one stands under its own key and leads nowhere."""
    known = frame.project.topics
    return tuple(
        TopicView(known[key].label, relative_url(frame.address, topic_address(key)))
        if key in known
        else TopicView(key, None)
        for key in keys
    )


def _page(address: str | None, frame: NoteContext) -> str | None:
    return None if address is None else relative_url(frame.address, address)


def _sources(citations: tuple[Citation, ...], frame: NoteContext) -> Iterator[SourceView]:
    for each in citations:
        source = frame.links.sources.get(each.source)
        if source is None:  # an error that the preview shows all the same
            yield SourceView(each.source, None, None, (), None, None, None, each.at, each.supports)
        else:
            yield _source(source, each, frame)


def _source(source: Source, citation: Citation, frame: NoteContext) -> SourceView:
    meta = frame.document.meta
    origin = source.url is not None and source.url == meta.url
    href = external_url(source.url) if source.link and (meta.link_original or not origin) else None
    return SourceView(
        title=source.title,
        href=href,
        address=None if href else source.url,
        authors=source.authors,
        publisher=source.publisher,
        date=format_date(source.date),
        archived=external_url(source.archived),
        at=citation.at,
        supports=citation.supports,
        origin=origin,
        page=relative_url(frame.address, source_address(source, frame.project)),
    )


def _see(crossrefs: tuple[CrossLink, ...], frame: NoteContext) -> Iterator[LinkView]:
    for each in crossrefs:
        targets = frame.links.targets
        target = targets.get((each.document or frame.document.slug, each.note or ""))
        if target is None and each.bare:
            target = targets.get((each.note or "", ""))
        if target:
            own = target.slug == frame.document.slug
            label = _label(target.kind, target.verdict, frame, own=own) if target.kind else None
            elsewhere = target.title if target.note and not own else None
            words = shorten_middle(each.words or target.words or target.title, _LINE)
            number = frame.numbers.get(target.note or "") if own else None
            yield LinkView(relative_url(frame.address, target.address), words, elsewhere, label, number)


def _label(kind: NoteKind, verdict: str | None, frame: NoteContext, *, own: bool) -> Badge:
    """Give the stamp of a note that is linked to, its verdict closed where its own page keeps it closed."""
    if kind is NoteKind.CLAIM and (frame.project.reveal or (own and frame.document.meta.reveal)):
        return Badge(KINDS[kind], NEUTRAL, GLYPHS[NEUTRAL])
    return badge(kind, verdict, frame.project)


def _backlink(link: Backlink, frame: NoteContext) -> LinkView:
    own = link.address.partition("#")[0] == frame.address
    words, title = shorten_middle(link.words, _LINE), one_line(link.title)
    if not words:
        return LinkView(relative_url(frame.address, link.address), title, None, None)
    note = link.address.partition("#note-")[2] if own else ""
    found = frame.notes.get(note)
    label = _label(found.kind, found.verdict, frame, own=True) if found else None
    href = relative_url(frame.address, link.address)
    return LinkView(href, words, None if own else title, label, frame.numbers.get(note))


def note_tones(notes: tuple[Note, ...], project: Project, *, reveal: bool = False) -> Mapping[str, str]:
    """Give the tone of each note, by id; with ``reveal`` claims have one that tells nothing of their verdicts."""
    return {
        each.id: NEUTRAL if reveal and each.kind is NoteKind.CLAIM else badge(each.kind, each.verdict, project).tone
        for each in notes
    }
