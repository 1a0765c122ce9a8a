"""The view of a note: plain data that a template prints. Nothing here is escaped but ``body``, which is safe HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from builder.addresses import (
    claim_address,
    note_address,
    person_address,
    relative_url,
    source_address,
    topic_address,
)
from builder.labels import is_closed, kind_label
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
from builder.render.cite_page import SuggestedCitation, cite_note
from builder.render.formatting import (
    GLYPHS,
    NEUTRAL,
    SHORT,
    Badge,
    FormattedDate,
    badge,
    external_url,
    format_date,
    one_line,
    shorten_middle,
)
from builder.render.prose import prose_html
from builder.spaced_text import spaced_text

_CORRECTED = 600  # code points of the wrong words shown struck through: these are worth reading whole
_LINE = 110  # code points of a link's words: a line or two of a card


@dataclass(frozen=True, slots=True)
class NoteContext:
    """What the notes of one page share.

    ``document``: the document that they are of.
    ``project``: the project, for labels and names.
    ``links``: what the rest of the corpus has to do with the document.
    ``address``: that of the page, which links start from.
    ``numbers``: of the document's own notes, by their ids.
    ``works``: the numbers of what they cite, by its key.
    """

    document: Document
    project: Project
    links: DocumentLinks
    address: str
    numbers: Mapping[str, int] = field(default_factory=dict)
    works: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link inside the site, its address relative to the page.

    ``title``: the document that it leads to, where that is another one.
    ``badge``: that of the note that it leads to; ``number``: its number, if it is on the same page.
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
    own page in this corpus, with every note that cites it. ``number``: of the work in the page's bibliography.
    ``party``: why it is a party to the dispute.
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
    number: int | None = None
    party: str | None = None


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note as its page shows it: ``note`` itself, and what the page adds to it.

    ``number``: None for a note on the whole document and for a retired one.
    ``quotes``: its passages, shortened; of a retired note the words that the document had.
    ``closed``: what it finds is not shown until a reader asks (teaching mode).
    ``tone``: what may be seen of it at once, so that of a ``closed`` one says nothing of the verdict.
    ``statement_href``, ``speaker_href``: the claim's and the speaker's own pages.
    ``body``: finished HTML.
    """

    note: Note
    number: int | None
    kind_label: str
    badge: Badge
    tone: str
    closed: bool
    quotes: tuple[str, ...]
    statement_href: str | None
    speaker: str | None
    speaker_href: str | None
    body: str
    topics: tuple[TopicView, ...]
    sources: tuple[SourceView, ...]
    see: tuple[LinkView, ...]
    backlinks: tuple[LinkView, ...]
    reviewed: FormattedDate | None
    cite: SuggestedCitation
    changes: tuple[ChangeView, ...] = ()


def note_views(anchored: AnchoredDocument, context: NoteContext) -> tuple[tuple[NoteView, ...], tuple[NoteView, ...]]:
    """Return the views of the notes on the whole document, and of the numbered ones in order of number."""
    general = tuple(_note_view(note, None, context) for note in anchored.general)
    placed = sorted(anchored.placements, key=lambda placement: placement.number)
    return general, tuple(_note_view(placement.note, placement, context) for placement in placed)


def note_prose(prose: Prose | None, context: NoteContext) -> str:
    """Return prose as HTML, its cross-links as links of this page; one that leads nowhere is left as plain words."""
    return prose_html(prose, context.links.targets, context.project, context.address, own=context.document.slug)


def backlink_views(note_id: str, context: NoteContext) -> tuple[LinkView, ...]:
    """Return where a note, or for ``""`` the document, is mentioned, with the words that mention it."""
    return tuple(_backlink(backlink, context) for backlink in context.links.backlinks.get(note_id, ()))


def _note_view(note: Note, placement: Placement | None, context: NoteContext) -> NoteView:
    person = context.project.people.get(note.speaker or "")
    closed = _is_closed(note.kind, context)
    label = badge(note.kind, note.verdict, context.project)
    see = tuple(_see(note.see, context))
    seen = {link.href for link in see}
    return NoteView(
        note=note,
        number=placement.number if placement else None,
        kind_label=kind_label(note.kind, context.project),
        badge=label,
        tone=NEUTRAL if closed and note.kind is NoteKind.CLAIM else label.tone,
        closed=closed,
        quotes=_quotes(note, placement, context),
        statement_href=_page(claim_address(context.document.slug, note), context),
        speaker=person.name if person else note.speaker,
        speaker_href=_page(person_address(note.speaker) if note.speaker else None, context),
        body=note_prose(note.body, context),
        topics=topic_views(note.topics, context),
        sources=tuple(_sources(note.citations, context)),
        see=see,
        backlinks=tuple(link for link in backlink_views(note.id, context) if link.href not in seen),
        reviewed=format_date(note.reviewed, context.project.translation),
        cite=_cite(note, placement, label, context),
        changes=note_timeline(context.links.changes.get(note.id, ()), context.project),
    )


def _quotes(note: Note, placement: Placement | None, context: NoteContext) -> tuple[str, ...]:
    body = context.document.body
    passages = tuple(spaced_text(body, span.start, span.end) for span in placement.spans) if placement else ()
    if note.retired and note.quote:
        passages = note.quote.parts
    limit = _CORRECTED if note.correct else SHORT
    return tuple(shorten_middle(passage, limit) for passage in passages)


def _cite(note: Note, placement: Placement | None, label: Badge, context: NoteContext) -> SuggestedCitation:
    rated = note.kind is NoteKind.CLAIM and not _is_closed(note.kind, context)
    translation, kind = context.project.translation, kind_label(note.kind, context.project)
    name = translation.gettext("%(kind)s: %(verdict)s", kind=kind, verdict=label.label) if rated else kind
    if placement:
        words = translation.gettext("Note %(number)s (%(name)s)", number=placement.number, name=name)
    else:
        words = translation.gettext("Note (%(name)s)", name=name)
    return cite_note(
        words,
        context.document.meta,
        context.project,
        note_address(context.document.slug, note.id),
        by=note.by,
        reviewed=note.reviewed,
    )


def _is_closed(kind: NoteKind | None, context: NoteContext) -> bool:
    return kind is not None and is_closed(kind, reveal=context.document.meta.reveal)


def topic_views(keys: tuple[str, ...], context: NoteContext) -> tuple[TopicView, ...]:
    """Return topics by their labels; an unknown one stands under its own key and leads nowhere."""
    known = context.project.topics
    return tuple(
        TopicView(known[key].label, relative_url(context.address, topic_address(key)))
        if key in known
        else TopicView(key, None)
        for key in keys
    )


def _page(address: str | None, context: NoteContext) -> str | None:
    return None if address is None else relative_url(context.address, address)


def _sources(citations: tuple[Citation, ...], context: NoteContext) -> Iterator[SourceView]:
    for citation in citations:
        source = context.links.sources.get(citation.source)
        if source is None:  # an error that the preview shows all the same
            yield SourceView(citation.source, None, None, (), None, None, None, citation.at, citation.supports)
        else:
            yield _source(source, citation, context)


def _source(source: Source, citation: Citation, context: NoteContext) -> SourceView:
    meta = context.document.meta
    origin = source.url is not None and source.url == meta.url
    href = external_url(source.url) if source.link and (meta.link_original or not origin) else None
    return SourceView(
        title=source.title,
        href=href,
        address=None if href else source.url,
        authors=source.authors,
        publisher=source.publisher,
        date=format_date(source.date, context.project.translation),
        archived=external_url(source.archived),
        at=citation.at,
        supports=citation.supports,
        origin=origin,
        page=relative_url(context.address, source_address(source, context.project)),
        number=context.works.get(citation.source),
        party=source.party,
    )


def number_works(notes: Iterable[Note], links: DocumentLinks) -> Mapping[str, int]:
    """Return the numbers of the works that notes cite, by their keys, in the order in which they are cited first."""
    cited = dict.fromkeys(citation.source for note in notes for citation in note.citations)
    return {key: number for number, key in enumerate((key for key in cited if key in links.sources), 1)}


def bibliography(context: NoteContext) -> tuple[SourceView, ...]:
    """Return the works that a page's notes cite, each once, in the order of their numbers."""
    return tuple(
        _source(context.links.sources[key], Citation(key, None, None, context.links.sources[key].place), context)
        for key in context.works
    )


def _see(cross_links: tuple[CrossLink, ...], context: NoteContext) -> Iterator[LinkView]:
    targets = context.links.targets
    for cross_link in cross_links:
        target = targets.get((cross_link.document or context.document.slug, cross_link.note or ""))
        if target is None and cross_link.bare:
            target = targets.get((cross_link.note or "", ""))
        if target:
            own = target.slug == context.document.slug
            label = _label(target.kind, target.verdict, context, own=own) if target.kind else None
            elsewhere = target.title if target.note and not own else None
            words = shorten_middle(cross_link.words or target.words or target.title, _LINE)
            number = context.numbers.get(target.note or "") if own else None
            yield LinkView(relative_url(context.address, target.address), words, elsewhere, label, number)


def _label(kind: NoteKind, verdict: str | None, context: NoteContext, *, own: bool) -> Badge:
    """Return the badge of a note that is linked to, its verdict closed where its own page keeps it closed."""
    if kind is NoteKind.CLAIM and (context.project.reveal or (own and context.document.meta.reveal)):
        return Badge(kind_label(kind, context.project), NEUTRAL, GLYPHS[NEUTRAL])
    return badge(kind, verdict, context.project)


def _backlink(backlink: Backlink, context: NoteContext) -> LinkView:
    own = backlink.address.partition("#")[0] == context.address
    words, title = shorten_middle(backlink.words, _LINE), one_line(backlink.title)
    href = relative_url(context.address, backlink.address)
    if not words:
        return LinkView(href, title, None, None)
    name = backlink.address.partition("#note-")[2] if own else ""
    label = _label(backlink.kind, backlink.verdict, context, own=own) if backlink.kind else None
    return LinkView(href, words, None if own else title, label, context.numbers.get(name))


def note_tones(notes: tuple[Note, ...], project: Project, *, reveal: bool = False) -> Mapping[str, str]:
    """Return the tone of each note, by id; with ``reveal`` claims have one that says nothing of their verdicts."""
    return {
        note.id: NEUTRAL if reveal and note.kind is NoteKind.CLAIM else badge(note.kind, note.verdict, project).tone
        for note in notes
    }
