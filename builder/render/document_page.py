"""A document's page: what is known of the text, the text with its marks, and its notes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from builder.addresses import DOCUMENTS, document_address, relative_url
from builder.model import (
    AnchoredDocument,
    Document,
    DocumentLinks,
    DocumentMeta,
    Heading,
    Note,
    NoteKind,
    Page,
    Project,
    Target,
    TocEntry,
)
from builder.render.citations import cite_document, head_tags
from builder.render.counts import WIDTH, VerdictCount, count_notes, counts_sentence
from builder.render.formatting import GLYPHS, Badge, FormattedDate, external_url, format_date, one_line, shorten_middle
from builder.render.note_view import (
    NEUTRAL,
    LinkView,
    NoteContext,
    NoteView,
    TopicView,
    backlink_views,
    note_prose,
    note_tones,
    note_views,
    topic_views,
)
from builder.render.prose import prose_text
from builder.render.search_links import search_href
from builder.render.templating import render_template
from builder.render.weave import weave

# A page that a claim was found on gets no credit from search engines and no access to ours.
ORIGIN_REL = "nofollow noopener noreferrer ugc"
_NOINDEX = '<meta name="robots" content="noindex">'
_SUMMARY = 200  # code points of a summary in a description: search engines show about as many
_FINGERPRINT = 12  # hexadecimal digits that are shown


@dataclass(frozen=True, slots=True)
class _Head:
    """What a document's head shows of where it comes from, ready to print. ``url_href`` None: told, not linked."""

    publisher: str | None
    authors: tuple[str, ...]
    published: FormattedDate | None
    url: str | None
    url_href: str | None
    archived: str | None
    retrieved: FormattedDate | None
    rights: str | None
    topics: tuple[TopicView, ...]
    characters: str
    sha256: str
    short: str


def document_page(anchored: AnchoredDocument, links: DocumentLinks, project: Project) -> Page:
    """Draw a document with its notes: where it is from, the tally, the text with its marks, the notes in order."""
    document, meta = anchored.document, anchored.document.meta
    address = document_address(document.slug)
    notes = (*anchored.general, *(each.note for each in anchored.placements))
    numbers = {each.note.id: each.number for each in anchored.placements}
    frame = NoteContext(document, project, links, address, numbers, {each.id: each for each in notes})
    general, numbered = note_views(anchored, frame)
    counts = _counts(notes, project, meta)
    about = topic_views(meta.topics, frame)
    description = _description(meta, counts, prose_text(meta.summary, links.targets, own=document.slug))
    content = render_template(
        "document.html",
        meta=meta,
        document=document,
        head=_head(document, about),
        home=relative_url(address, ""),
        index=relative_url(address, DOCUMENTS),
        collection_search=search_href(project, address, [("collection", document.collection)]),
        rel=ORIGIN_REL,
        summary=note_prose(meta.summary, frame),
        counts=counts,
        claims=sum(each.number for each in counts if each.kind is NoteKind.CLAIM),
        facets=_facets((*general, *numbered)),
        width=WIDTH,
        text=weave(document.body, anchored.placements, note_tones(notes, project, reveal=meta.reveal), address=address),
        general=general,
        numbered=numbered,
        cite=cite_document(meta, project, address),
        mentions=backlink_views("", frame),
        previous=_neighbour(links.previous, address),
        following=_neighbour(links.following, address),
        language=meta.notes_language,
    )
    tags = head_tags(meta, tuple(each.label for each in about), project, address, description)
    return Page(
        address=address,
        title=meta.title,
        description=description,
        content=content,
        contents=_contents(document.body.headings, general, numbered),
        noindex=meta.noindex or meta.draft,
        head=f"{_NOINDEX if meta.noindex or meta.draft else ''}{tags}",
    )


def _counts(notes: Iterable[Note], project: Project, meta: DocumentMeta) -> tuple[VerdictCount, ...]:
    """Count the notes; in teaching mode claims are one number, which tells nothing of their verdicts."""
    if not meta.reveal:
        return count_notes(notes, project)
    badge = Badge("Claims", NEUTRAL, GLYPHS[NEUTRAL])
    plain = (replace(each, verdict=None) for each in notes)
    return tuple(
        replace(each, badge=badge, label="Claims" if each.number > 1 else "Claim")
        if each.kind is NoteKind.CLAIM
        else each
        for each in count_notes(plain, project)
    )


def _facets(notes: Sequence[NoteView]) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Give what the notes can be chosen by beside kind and verdict: name, first line, values.

    Techniques of a claim whose verdict is closed would tell of it.
    """
    subjects = sorted({each.label for note in notes for each in note.topics})
    techniques = sorted(set(chain.from_iterable(each.techniques for each in notes if not each.closed)))
    found = (("topic", "All topics", tuple(subjects)), ("technique", "All techniques", tuple(techniques)))
    return tuple(each for each in found if each[2])


def _head(document: Document, about: tuple[TopicView, ...]) -> _Head:
    meta = document.meta
    return _Head(
        publisher=meta.publisher,
        authors=meta.authors,
        published=format_date(meta.published),
        url=meta.url,
        url_href=external_url(meta.url) if meta.link_original else None,
        archived=external_url(meta.archived),
        retrieved=format_date(meta.retrieved),
        rights=meta.rights,
        topics=about,
        characters=f"{len(document.text):,}",
        sha256=document.sha256,
        short=document.sha256[:_FINGERPRINT],
    )


def _neighbour(target: Target | None, address: str) -> LinkView | None:
    return LinkView(relative_url(address, target.address), target.title, None, None) if target else None


def _description(meta: DocumentMeta, counts: tuple[VerdictCount, ...], words: str) -> str:
    """Tell what the page is. Never words of the document itself: they would stand there without their verdict."""
    published = format_date(meta.published)
    origin = ", ".join(filter(None, (meta.publisher, published.words if published else None)))
    summary = one_line(words)
    if len(summary) > _SUMMARY:
        summary = summary[:_SUMMARY].rsplit(" ", 1)[0] + " …"
    told = (f"{origin}." if origin else "", counts_sentence(counts) or "A source document, without notes.", summary)
    return " ".join(filter(None, told))


def _contents(
    headings: Sequence[Heading], general: Sequence[NoteView], numbered: Sequence[NoteView]
) -> tuple[TocEntry, ...]:
    sections = [("about-this-document", "About this document")] if general else []
    sections += [("notes", "Notes")] if numbered else []
    return (*_nest(headings), *(TocEntry(id_, text) for id_, text in sections))


def _nest(headings: Sequence[Heading]) -> tuple[TocEntry, ...]:
    """Put each heading below the last one of a higher rank before it; ranks may be skipped.

    From the last heading to the first, ``waiting`` holds (rank, line) of those that still look for a parent, the
    nearest one last.
    """
    waiting: list[tuple[int, TocEntry]] = []
    for heading in reversed(headings):
        children: list[TocEntry] = []
        while waiting and waiting[-1][0] > heading.level:
            children.append(waiting.pop()[1])
        waiting.append((heading.level, TocEntry(heading.id, shorten_middle(heading.text, 80), tuple(children))))
    return tuple(line for _, line in reversed(waiting))
