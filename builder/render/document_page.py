"""A document's page: what is known of the text, the text with its marks, and its notes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from builder.addresses import DOCUMENTS, document_address, relative_url
from builder.labels import is_own, kind_label
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
from builder.render.cite_page import cite_document, cite_original
from builder.render.coins import coins
from builder.render.counts import WIDTH, VerdictCount, count_notes, counts_sentence
from builder.render.formatting import (
    GLYPHS,
    NEUTRAL,
    Badge,
    FormattedDate,
    badge,
    external_url,
    format_date,
    one_line,
    shorten_middle,
)
from builder.render.head_tags import NOINDEX, document_head
from builder.render.note_view import (
    LinkView,
    NoteContext,
    NoteView,
    TopicView,
    backlink_views,
    bibliography,
    note_prose,
    note_tones,
    note_views,
    number_works,
    topic_views,
)
from builder.render.page_assets import teaching_assets
from builder.render.prose import prose_text
from builder.render.search_links import search_href
from builder.render.share_card import annotated_title, document_card
from builder.render.templating import render_template
from builder.render.weave import weave
from builder.render.what_holds import other_notes, what_holds
from builder.translation import Translation

# Search engines give no credit to a page that a false claim may stand on, and the page gets no access to ours.
ORIGIN_REL = "nofollow noopener noreferrer ugc"
_SUMMARY = 200  # code points of a summary in a description: search engines show about as many
_FAILING = frozenset({"bad", "warn", "correction"})  # tones: false, misleading, corrected; the script has the same
_FINGERPRINT = 12  # hexadecimal digits of the SHA-256 that are shown


@dataclass(frozen=True, slots=True)
class _Head:
    """Where a document comes from, ready to print. ``url_href`` is None where the address is shown, not linked."""

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
    """Render a document with its notes: where it is from, the tally, the text with its marks, the notes in order."""
    document, meta = anchored.document, anchored.document.meta
    address = document_address(document.slug)
    notes = (*anchored.general, *(placement.note for placement in anchored.placements))
    numbers = {placement.note.id: placement.number for placement in anchored.placements}
    context = NoteContext(document, project, links, address, numbers, number_works(notes, links))
    spoken = project.translation.in_language(meta.notes_language)
    general, numbered = note_views(anchored, replace(context, project=replace(project, translation=spoken)))
    own = is_own(meta.authors, meta.publisher, project)
    counts = _counts(notes, project, meta)
    topics = topic_views(meta.topics, context)
    # A finding, or a summary of what is found, would give it away.
    finding, summary = (None, None) if meta.reveal else (meta.finding, meta.summary)
    found, summed_up = (prose_text(prose, links.targets, own=document.slug) for prose in (finding, summary))
    holds, others = ("", "") if meta.reveal else (what_holds(counts, project), other_notes(counts, project))
    counted = " ".join(filter(None, (holds, others))) or counts_sentence(counts, project.translation)
    description = _description(meta, found, counted, summed_up, project.translation)
    content = render_template(
        "document.html",
        project.translation,
        meta=meta,
        document=document,
        own=own,
        head=_head(document, topics, project.translation),
        home=relative_url(address, ""),
        index=relative_url(address, DOCUMENTS),
        collection_search=search_href(project, address, [("collection", document.collection)]),
        rel=ORIGIN_REL,
        finding=note_prose(finding, context),
        summary=note_prose(meta.summary, context),
        counts=counts,
        claim_bar=() if meta.reveal else count_notes((n for n in notes if n.kind is NoteKind.CLAIM), project),
        what_holds=holds,
        other_notes=others,
        claims=sum(count.number for count in counts if count.kind is NoteKind.CLAIM),
        facets=_facets((*general, *numbered), project.translation),
        # What does not hold is drawn over the rest.
        tones=sorted({view.tone for view in numbered}, key=lambda tone: (tone in _FAILING, tone)),
        failing=_FAILING,
        fails=not meta.reveal and _some_fail(counts),
        width=WIDTH,
        text=weave(
            document.body,
            anchored.placements,
            note_tones(notes, project, reveal=meta.reveal),
            address=address,
            translation=project.translation,
        ),
        general=general,
        numbered=numbered,
        general_cards=_cards(general, meta, spoken, project),
        numbered_cards=_cards(numbered, meta, spoken, project),
        asked=sum(note.kind is NoteKind.CLAIM for note in notes) if meta.reveal else 0,
        cite=cite_document(meta, project, address),
        original=cite_original(meta, project, address),
        coins=coins(meta, project, address, description=description),
        works=bibliography(context),
        teaching=_teaching_addresses(address),
        mentions=backlink_views("", context),
        previous=_neighbour(links.previous, address),
        following=_neighbour(links.following, address),
        language=meta.notes_language,
    )
    labels = tuple(topic.label for topic in topics)
    card = document_card(meta, counts, project, finding=found) if project.cards else None
    tags = document_head(meta, notes, labels, project, address=address, description=description, card=card)
    return Page(
        address=address,
        title=meta.title if own or not notes else annotated_title(meta, project),
        description=description,
        content=content,
        contents=_contents(document.body.headings, general, numbered, project.translation),
        noindex=meta.noindex or meta.draft,
        head=f"{NOINDEX if meta.noindex or meta.draft else ''}{tags}",
        card=card,
    )


def _cards(views: Sequence[NoteView], meta: DocumentMeta, spoken: Translation, project: Project) -> str:
    """Return the notes as HTML, in their own language; closed claims with the verdict scale to ask for."""
    told = replace(project, translation=spoken)
    scale = tuple((verdict, badge(NoteKind.CLAIM, verdict, told)) for verdict in project.verdicts if meta.reveal)
    return render_template(
        "notes.html",
        spoken,
        views=views,
        meta=meta,
        language=meta.notes_language,
        rel=ORIGIN_REL,
        spoken=spoken if spoken != project.translation else None,
        scale=scale,
    )


def _teaching_addresses(address: str) -> dict[str, str]:
    styles, script = (relative_url(address, asset.address) for asset in teaching_assets())
    return {"styles": styles, "script": script}


def _counts(notes: Iterable[Note], project: Project, meta: DocumentMeta) -> tuple[VerdictCount, ...]:
    """Count the notes; in teaching mode claims are one number, which says nothing of their verdicts."""
    if not meta.reveal:
        return count_notes(notes, project)
    claims, claim = project.translation.gettext("Claims"), kind_label(NoteKind.CLAIM, project)
    unrated_badge = Badge(claims, NEUTRAL, GLYPHS[NEUTRAL])
    unrated = (replace(note, verdict=None) for note in notes)
    return tuple(
        replace(count, badge=unrated_badge, label=claims if count.number > 1 else claim)
        if count.kind is NoteKind.CLAIM
        else count
        for count in count_notes(unrated, project)
    )


def _some_fail(counts: Sequence[VerdictCount]) -> bool:
    """Return whether some notes say that the text does not hold, and others do not: then the former can be shown."""
    return len({count.badge.tone in _FAILING for count in counts}) > 1


def _facets(views: Sequence[NoteView], translation: Translation) -> tuple[tuple[str, str, str, tuple[str, ...]], ...]:
    """Return what the notes can be chosen by beside kind and verdict: facet, name, first line, values.

    Techniques of a claim whose verdict is closed are left out: they would give it away.
    """
    topics = sorted({topic.label for view in views for topic in view.topics}, key=translation.sort_key)
    techniques = sorted(
        set(chain.from_iterable(view.note.techniques for view in views if not view.closed)), key=translation.sort_key
    )
    facets = (
        ("topic", translation.gettext("Topic"), translation.gettext("All topics"), tuple(topics)),
        ("technique", translation.gettext("Technique"), translation.gettext("All techniques"), tuple(techniques)),
    )
    return tuple(facet for facet in facets if facet[3])


def _head(document: Document, topics: tuple[TopicView, ...], translation: Translation) -> _Head:
    meta = document.meta
    return _Head(
        publisher=meta.publisher,
        authors=meta.authors,
        published=format_date(meta.published, translation),
        url=meta.url,
        url_href=external_url(meta.url) if meta.link_original else None,
        archived=external_url(meta.archived),
        retrieved=format_date(meta.retrieved, translation),
        rights=meta.rights,
        topics=topics,
        characters=translation.ngettext("%(num)s character", "%(num)s characters", len(document.text)),
        sha256=document.sha256,
        short=document.sha256[:_FINGERPRINT],
    )


def _neighbour(target: Target | None, address: str) -> LinkView | None:
    return LinkView(relative_url(address, target.address), target.title, None, None) if target else None


def _description(meta: DocumentMeta, finding: str, counted: str, summary: str, translation: Translation) -> str:
    """Say what the page is, without words of the document itself: they would stand there without their verdict."""
    published = format_date(meta.published, translation)
    origin = translation.comma.join(filter(None, (meta.publisher, published.words if published else None)))
    summary = one_line(summary)
    if len(summary) > _SUMMARY:
        summary = summary[:_SUMMARY].rsplit(" ", 1)[0] + " …"
    counted = counted or translation.gettext("A source document, without notes.")
    parts = (f"{origin.rstrip('.')}." if origin else "", one_line(finding), counted, summary)
    return " ".join(filter(None, parts))


def _contents(
    headings: Sequence[Heading],
    general: Sequence[NoteView],
    numbered: Sequence[NoteView],
    translation: Translation,
) -> tuple[TocEntry, ...]:
    sections = [("about-this-document", translation.gettext("On the whole document"))] if general else []
    sections += [("notes", translation.gettext("Notes"))] if numbered else []
    return (*_nest(headings), *(TocEntry(id_, text) for id_, text in sections))


def _nest(headings: Sequence[Heading]) -> tuple[TocEntry, ...]:
    """Put each heading below the last one of a higher rank before it; ranks may be skipped.

    Goes from the last heading to the first; ``waiting`` holds (rank, entry) of those without a parent yet, the nearest
    one last.
    """
    waiting: list[tuple[int, TocEntry]] = []
    for heading in reversed(headings):
        children: list[TocEntry] = []
        while waiting and waiting[-1][0] > heading.level:
            children.append(waiting.pop()[1])
        waiting.append((heading.level, TocEntry(heading.id, shorten_middle(heading.text, 80), tuple(children))))
    return tuple(entry for _, entry in reversed(waiting))
