"""The pages of what the whole corpus says: a claim's, a source's, a topic's, a person's. Drawn from records alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from builder.addresses import DOCUMENTS, relative_url, source_address, topic_address
from builder.diagnostics import Place
from builder.model import (
    Appearance,
    ClaimEntry,
    Entry,
    NoteKind,
    Page,
    PersonEntry,
    Project,
    SourceEntry,
    TocEntry,
    TopicEntry,
)
from builder.render.appearance import AppearanceView, appearance_view, cited_views, document_view, verdict_badges
from builder.render.changelog_pages import claim_timeline
from builder.render.counts import WIDTH, count_notes, counts_sentence
from builder.render.formatting import external_url, format_date, one_line, shorten_middle, with_count
from builder.render.note_view import LinkView
from builder.render.pagination import NOTES, page_address, page_addresses, page_slices, pager
from builder.render.prose import prose_html
from builder.render.search_links import search_href, verdict_search_hrefs
from builder.render.templating import render_template

_NOINDEX = '<meta name="robots" content="noindex">'
_SOME = 12  # documents of a topic that its page names; the list of all documents shows the others
_TITLE = 140  # code points of a statement in a page's title
_KINDS = {NoteKind.CLAIM: "Claims", NoteKind.CORRECTION: "Corrections", NoteKind.CONTEXT: "Context"}


def entry_pages(entry: Entry, project: Project) -> Iterator[Page]:
    """Draw the page of a claim, a source, a topic or a person; a long list of notes runs on over further pages."""
    part = _PARTS[type(entry)](entry, project)
    notes = _in_order(entry)
    noindex = entry_noindex(entry)
    title, description = _told(entry, project)  # over all notes: once, not for each page
    for number, shown in enumerate(page_slices(notes, NOTES), 1):
        address = page_address(entry.address, number)
        content, contents = part(address, number, shown)
        further = f" (page {number})" if number > 1 else ""
        yield Page(
            address=address,
            title=title + further,
            description=description,
            content=content,
            contents=contents,
            noindex=noindex,
            head=_NOINDEX if noindex else "",
        )


def entry_addresses(entry: Entry) -> tuple[str, ...]:
    """Where the pages of an entry are, without drawing them."""
    return page_addresses(entry.address, len(entry.appearances), NOTES)


def entry_noindex(entry: Entry) -> bool:
    """Whether search engines are asked not to list it: every note stands in a document that they are not to list."""
    notes = entry.appearances
    return bool(notes) and all(each.document.noindex or each.document.draft for each in notes)


def entry_place(entry: Entry) -> Place:
    """Where somebody has written down that there is such an entry."""
    if isinstance(entry, SourceEntry):
        return entry.source.place
    if entry.appearances:
        return entry.appearances[0].note.place
    return Place("corpus.yml")


def entry_title(entry: Entry, project: Project) -> str:
    """Name an entry in plain text. A claim is never told without its verdict."""
    match entry:
        case ClaimEntry():
            labels = " / ".join(each.label for each in verdict_badges(entry.appearances, project))
            return f"{labels}: {shorten_middle(claim_text(entry), _TITLE)}"
        case SourceEntry():
            return shorten_middle(entry.source.title, _TITLE)
        case TopicEntry():
            return entry.topic.label
        case PersonEntry():
            return entry.person.name


def claim_text(entry: ClaimEntry) -> str:
    """The claim as it is stated, or as the first document that makes it has it."""
    return entry.statement or f"“{entry.appearances[0].record.words or entry.address.split('/')[-2]}”"


def claim_language(entry: ClaimEntry) -> str:
    """Return the language of ``claim_text``: that of the notes if they state the claim, else the document's."""
    stated = next((each for each in entry.appearances if each.note.statement == entry.statement), entry.appearances[0])
    return stated.document.notes_language if entry.statement else stated.document.language


def _told(entry: Entry, project: Project) -> tuple[str, str]:
    """Title and description. The description says what there is, and no word of what is claimed."""
    notes = entry.appearances
    documents = len({each.document.slug for each in notes})
    counts = counts_sentence(count_notes((each.note for each in notes), project))
    where = f"In {with_count(documents, 'document')}."
    match entry:
        case ClaimEntry():
            sources = {source for each in notes for _, source in each.sources}
            labels = ", ".join(each.label for each in verdict_badges(notes, project))
            told = f"A claim and its verdict: {labels}. {where} {with_count(len(sources), 'source')}."
        case SourceEntry(source=source):
            date = format_date(source.date)
            origin = ", ".join(filter(None, (source.publisher, date.words if date else None)))
            told = f"A source{f' ({origin})' if origin else ''}, and every note that cites it. {counts}"
        case TopicEntry():
            told = f"All that this corpus says on a topic. {counts} {where}"
        case PersonEntry():
            told = f"What documents here say that somebody said, with a verdict for each. {counts} {where}"
    return entry_title(entry, project), one_line(told)


def _in_order(entry: Entry) -> tuple[Appearance, ...]:
    """A topic's notes go by kind, as its page has them; the others by date, as they are."""
    if not isinstance(entry, TopicEntry):
        return entry.appearances
    kinds = tuple(_KINDS)
    return tuple(sorted(entry.appearances, key=lambda each: kinds.index(each.note.kind)))


# --- what each kind of page holds -----------------------------------------------------------------------------------

_Drawn = tuple[str, tuple[TocEntry, ...]]
_Draw = Callable[[str, int, Sequence[Appearance]], _Drawn]


def _claim(entry: ClaimEntry, project: Project) -> _Draw:
    keys = tuple(dict.fromkeys(key for each in entry.appearances for key in each.note.topics))
    rated = verdict_badges(entry.appearances, project)

    def part(address: str, number: int, shown: Sequence[Appearance]) -> _Drawn:
        sources = cited_views(entry.appearances, project, address) if number == 1 else ()
        content = render_template(
            "claim.html",
            **_shared(address, "claims/", "Claims"),
            words=claim_text(entry),
            language=claim_language(entry),
            statement=entry.statement,
            verdicts=rated,
            shown=tuple(appearance_view(each, project, address) for each in shown),
            total=len(entry.appearances),
            pager=pager(entry.address, number, len(entry.appearances), size=NOTES),
            sources=sources,
            changes=claim_timeline(entry, project, address) if number == 1 else (),
            topics=topic_links(keys, project, address),
        )
        heads = [("appearances", "Where it is said"), *([("sources", "Sources")] if sources else [])]
        return content, tuple(TocEntry(*head) for head in heads)

    return part


def _source(entry: SourceEntry, project: Project) -> _Draw:
    source = entry.source

    def part(address: str, number: int, shown: Sequence[Appearance]) -> _Drawn:
        views = tuple(appearance_view(each, project, address) for each in shown)
        content = render_template(
            "source.html",
            **_shared(address, "sources/", "Sources"),
            language=project.language,
            source=source,
            href=external_url(source.url) if source.link else None,
            date_=format_date(source.date),
            archived=external_url(source.archived),
            retrieved=format_date(source.retrieved),
            groups=_by_document(views, [_for_what(entry, each, project) for each in shown]),
            total=len(entry.appearances),
            pager=pager(entry.address, number, len(entry.appearances), size=NOTES),
        )
        return content, (TocEntry("cited", "Cited in"),)

    return part


def _topic(entry: TopicEntry, project: Project) -> _Draw:
    newest = sorted(entry.documents, key=lambda each: (each.published or "", each.slug), reverse=True)
    notes = entry.appearances
    counts = count_notes((each.note for each in notes), project)

    def part(address: str, number: int, shown: Sequence[Appearance]) -> _Drawn:
        kinds = [(kind, tuple(group)) for kind, group in groupby(shown, lambda each: each.note.kind)]
        sections = [
            (kind.value, _KINDS[kind], tuple(appearance_view(each, project, address) for each in group))
            for kind, group in kinds
        ]
        documents = tuple(document_view(each, address) for each in newest[:_SOME]) if number == 1 else ()
        content = render_template(
            "topic.html",
            **_shared(address, "topics/", "Topics"),
            language=project.language,
            topic=entry.topic,
            about=prose_html(entry.topic.about, entry.targets, address),
            counts=counts,
            width=WIDTH,
            documents=documents,
            others=max(0, len(newest) - _SOME),
            search=search_href(project, address, [("topic", entry.topic.id)]) if newest or notes else None,
            all_documents=relative_url(address, f"{DOCUMENTS}?topic={entry.topic.id}"),
            sections=sections,
            pager=pager(entry.address, number, len(entry.appearances), size=NOTES),
        )
        heads = [*([("documents", "Documents")] if documents else []), *(head[:2] for head in sections)]
        return content, tuple(TocEntry(*head) for head in heads)

    return part


def _person(entry: PersonEntry, project: Project) -> _Draw:
    counts = count_notes((each.note for each in entry.appearances), project)
    # A page has all whose names read alike, and a search asks for each as it is written.
    spoken = tuple(("person", name) for name in dict.fromkeys(each.note.speaker or "" for each in entry.appearances))

    def part(address: str, number: int, shown: Sequence[Appearance]) -> _Drawn:
        content = render_template(
            "person.html",
            **_shared(address, "people/", "People"),
            person=entry.person,
            same_as=external_url(entry.person.same_as),
            counts=counts,
            searches=verdict_search_hrefs(counts, project, address, spoken),
            search=search_href(project, address, spoken),
            width=WIDTH,
            shown=tuple(appearance_view(each, project, address) for each in shown),
            pager=pager(entry.address, number, len(entry.appearances), size=NOTES),
        )
        return content, ()

    return part


_PARTS: dict[type[Entry], Callable[..., _Draw]] = {
    ClaimEntry: _claim,
    SourceEntry: _source,
    TopicEntry: _topic,
    PersonEntry: _person,
}


def _shared(address: str, index: str, name: str) -> dict[str, object]:
    return {"home": relative_url(address, ""), "index": relative_url(address, index), "index_name": name}


def topic_links(keys: Sequence[str], project: Project, address: str) -> tuple[LinkView, ...]:
    """Give topics as links of the page at ``address``."""
    return tuple(
        LinkView(relative_url(address, topic_address(key)), project.topics[key].label, key, None)
        for key in keys
        if key in project.topics
    )


def _for_what(
    entry: SourceEntry, appearance: Appearance, project: Project
) -> tuple[tuple[str | None, str | None], ...]:
    """Where in the source, and what it supports there: for each time that the note cites it."""
    return tuple(
        (citation.at, citation.supports)
        for citation, source in appearance.sources
        if source_address(source, project) == entry.address
    )


def _by_document(
    views: Sequence[AppearanceView], uses: Sequence[tuple[tuple[str | None, str | None], ...]]
) -> list[tuple[object, list[tuple[AppearanceView, object]]]]:
    groups = groupby(zip(views, uses, strict=True), lambda pair: pair[0].document)
    return [(document, list(pairs)) for document, pairs in groups]
