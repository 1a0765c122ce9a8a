"""The pages of documents, and the list of them, drawn from templates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from builder.addresses import relative
from builder.model import (
    AnchoredDocument,
    Contents,
    Corpus,
    Document,
    DocumentRecord,
    Heading,
    Links,
    Meta,
    Page,
    Project,
    Target,
)
from builder.render.drawing import draw
from builder.render.note import Frame, LinkView, NoteView, backlinks, note_views, prose, tones, topics
from builder.render.tally import WIDTH, Count, in_words, tally
from builder.render.weave import FILES, weave
from builder.render.wording import When, one_line, outer, shorten, when

__all__ = ["FILES", "document_page", "documents_index"]

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
    published: When | None
    url: str | None
    url_href: str | None
    archived: str | None
    retrieved: When | None
    rights: str | None
    topics: tuple[str, ...]
    characters: str
    sha256: str
    short: str


@dataclass(frozen=True, slots=True)
class _Row:
    """One document in the index."""

    href: str
    title: str
    language: str
    rtl: bool
    draft: bool
    publisher: str | None
    collection: str
    date: When | None
    counts: tuple[Count, ...]


def document_page(anchored: AnchoredDocument, links: Links, project: Project) -> Page:
    """Draw a document with its notes: where it is from, the tally, the text with its marks, the notes in order."""
    document, meta = anchored.document, anchored.document.meta
    address = f"documents/{document.slug}/"
    frame = Frame(document, project, links, address)
    general, numbered = note_views(anchored, frame)
    notes = (*anchored.general, *(each.note for each in anchored.placements))
    counts = tally(notes, project)
    content = draw(
        "document.html",
        meta=meta,
        document=document,
        head=_head(document, project),
        home=relative(address, ""),
        index=relative(address, "documents/"),
        rel=ORIGIN_REL,
        summary=prose(meta.summary, frame),
        counts=counts,
        width=WIDTH,
        text=weave(document.body, anchored.placements, tones(notes, project), address=address),
        general=general,
        numbered=numbered,
        mentions=backlinks("", frame),
        previous=_neighbour(links.previous, address),
        following=_neighbour(links.following, address),
        language=project.language,
    )
    return Page(
        address=address,
        title=meta.title,
        description=_description(meta, counts),
        content=content,
        contents=_contents(document.body.headings, general, numbered),
        noindex=meta.noindex or meta.draft,
        head=_NOINDEX if meta.noindex or meta.draft else "",
    )


def documents_index(corpus: Corpus, address: str) -> str:
    """Draw the list of all documents, newest first, as HTML for the slot of the page at ``address``."""
    rows = [_row(each, corpus.project, address) for each in _newest_first(corpus.documents)]
    collections = any(each.collection for each in rows)
    return draw("documents.html", rows=rows, collections=collections, total=len(rows))


def _head(document: Document, project: Project) -> _Head:
    meta = document.meta
    return _Head(
        publisher=meta.publisher,
        authors=meta.authors,
        published=when(meta.published),
        url=meta.url,
        url_href=outer(meta.url) if meta.link_original else None,
        archived=outer(meta.archived),
        retrieved=when(meta.retrieved),
        rights=meta.rights,
        topics=topics(meta.topics, project),
        characters=f"{len(document.text):,}",
        sha256=document.sha256,
        short=document.sha256[:_FINGERPRINT],
    )


def _neighbour(target: Target | None, address: str) -> LinkView | None:
    return LinkView(relative(address, target.address), target.title, None, None) if target else None


def _description(meta: Meta, counts: tuple[Count, ...]) -> str:
    """Tell what the page is. Never words of the document itself: they would stand there without their verdict."""
    published = when(meta.published)
    origin = ", ".join(filter(None, (meta.publisher, published.words if published else None)))
    summary = one_line(meta.summary.text) if meta.summary else ""
    if len(summary) > _SUMMARY:
        summary = summary[:_SUMMARY].rsplit(" ", 1)[0] + " …"
    told = (f"{origin}." if origin else "", in_words(counts) or "A source document, without notes.", summary)
    return " ".join(filter(None, told))


def _contents(
    headings: Sequence[Heading], general: Sequence[NoteView], numbered: Sequence[NoteView]
) -> tuple[Contents, ...]:
    sections = [("about-this-document", "About this document")] if general else []
    sections += [("notes", "Notes")] if numbered else []
    return (*_nest(headings), *(Contents(id_, text) for id_, text in sections))


def _nest(headings: Sequence[Heading]) -> tuple[Contents, ...]:
    """Put each heading below the last one of a higher rank before it; ranks may be skipped.

    From the last heading to the first, ``waiting`` holds (rank, line) of those that still look for a parent, the
    nearest one last.
    """
    waiting: list[tuple[int, Contents]] = []
    for heading in reversed(headings):
        children: list[Contents] = []
        while waiting and waiting[-1][0] > heading.level:
            children.append(waiting.pop()[1])
        waiting.append((heading.level, Contents(heading.id, shorten(heading.text, 80), tuple(children))))
    return tuple(line for _, line in reversed(waiting))


def _newest_first(documents: Iterable[DocumentRecord]) -> list[DocumentRecord]:
    """Sort by date, the newest first and the undated last; within a day by title."""
    by_title = sorted(documents, key=lambda each: (each.title, each.slug))
    return sorted(by_title, key=lambda each: each.published or "", reverse=True)


def _row(record: DocumentRecord, project: Project, address: str) -> _Row:
    return _Row(
        href=relative(address, f"documents/{record.slug}/"),
        title=record.title,
        language=record.language,
        rtl=record.rtl,
        draft=record.draft,
        publisher=record.publisher,
        collection=record.collection,
        date=when(record.published),
        counts=tally(record.notes, project),
    )
