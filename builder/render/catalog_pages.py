"""The pages over the whole corpus: of a claim, a source, a topic, a person. Rendered from records alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from builder.addresses import DOCUMENTS, relative_url, source_address, topic_address
from builder.diagnostics import Place
from builder.model import (
    Appearance,
    Card,
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
from builder.render.changelog_pages import claim_timeline
from builder.render.counts import WIDTH, count_notes, counts_sentence
from builder.render.formatting import external_url, format_date, one_line, shorten_middle
from builder.render.head_tags import NOINDEX, entry_head, first_and_last
from builder.render.note_elsewhere import AppearanceView, appearance_view, cited_views, document_view, verdict_badges
from builder.render.note_view import LinkView
from builder.render.pagination import NOTES, numbered_page_address, page_addresses, page_slices, pager
from builder.render.prose import prose_html
from builder.render.search_links import search_href, verdict_search_hrefs
from builder.render.share_card import claim_card
from builder.render.templating import render_template
from builder.translation import N_, Translation

_SOME = 12  # documents of a topic that its page names; the list of all documents shows the others
_TITLE = 140  # code points of a statement in a page's title
_KINDS = {NoteKind.CLAIM: N_("Claims"), NoteKind.CORRECTION: N_("Corrections"), NoteKind.CONTEXT: N_("Context")}


def entry_pages(entry: Entry, project: Project) -> Iterator[Page]:
    """Render the page of a claim, a source, a topic or a person; a long list of notes runs on over further pages."""
    render = _RENDERERS[type(entry)](entry, project)
    notes = _in_order(entry)
    noindex = entry_noindex(entry)
    dates = _dates(entry)
    title, description = _title_and_description(entry, project)  # over all notes: once, not for each page
    card = _card(entry, project) if project.cards else None
    for number, shown in enumerate(page_slices(notes, NOTES), 1):
        address = numbered_page_address(entry.address, number)
        content, contents = render(address, number, shown)
        card = card if number == 1 else None
        yield Page(
            address=address,
            title=paged_title(title, number, project),
            description=description,
            content=content,
            contents=contents,
            noindex=noindex,
            head=(NOINDEX if noindex else "")
            + entry_head(
                paged_title(title, number, project), dates, project, address=address, description=description, card=card
            ),
            card=card,
        )


def paged_title(title: str, number: int, project: Project) -> str:
    """Return the title of a list's page; of its further pages with their number."""
    if number == 1:
        return title
    return project.translation.gettext("%(title)s (page %(number)s)", title=title, number=number)


def entry_addresses(entry: Entry) -> tuple[str, ...]:
    """Return the addresses of an entry's pages, without rendering them."""
    return page_addresses(entry.address, len(entry.appearances), NOTES)


def entry_noindex(entry: Entry) -> bool:
    """Return whether search engines are asked not to list it, because they are not to list any of its documents."""
    notes = entry.appearances
    return bool(notes) and all(appearance.document.noindex or appearance.document.draft for appearance in notes)


def entry_place(entry: Entry) -> Place:
    """Return the place in the corpus's files that the entry comes from."""
    if isinstance(entry, SourceEntry):
        return entry.source.place
    if entry.appearances:
        return entry.appearances[0].note.place
    return Place("corpus.yml")


def entry_title(entry: Entry, project: Project) -> str:
    """Return the name of an entry in plain text, a claim's with its verdicts before it."""
    match entry:
        case ClaimEntry():
            labels = " / ".join(badge.label for badge in verdict_badges(entry.appearances, project))
            claim = shorten_middle(claim_text(entry, project.translation), _TITLE)
            return project.translation.gettext("%(verdict)s: %(claim)s", verdict=labels, claim=claim)
        case SourceEntry():
            return shorten_middle(entry.source.title, _TITLE)
        case TopicEntry():
            return entry.topic.label
        case PersonEntry():
            return entry.person.name


def claim_text(entry: ClaimEntry, translation: Translation) -> str:
    """Return the claim as it is stated, or as the first document that makes it has it."""
    if entry.statement:
        return entry.statement
    return translation.gettext("“%(words)s”", words=entry.appearances[0].record.words or entry.address.split("/")[-2])


def claim_language(entry: ClaimEntry) -> str:
    """Return the language of ``claim_text``: that of the notes if they state the claim, else the document's."""
    appearances = entry.appearances
    stating = next((seen for seen in appearances if seen.note.statement == entry.statement), appearances[0])
    return stating.document.notes_language if entry.statement else stating.document.language


def _title_and_description(entry: Entry, project: Project) -> tuple[str, str]:
    """Return title and description. The description says what there is, without a word of what is claimed."""
    appearances = entry.appearances
    documents = len({appearance.document.slug for appearance in appearances})
    translation = project.translation
    counts = counts_sentence(count_notes((appearance.note for appearance in appearances), project), translation)
    where = translation.ngettext("In %(num)s document.", "In %(num)s documents.", documents)
    match entry:
        case ClaimEntry():
            sources = {source for appearance in appearances for _, source in appearance.sources}
            labels = translation.comma.join(badge.label for badge in verdict_badges(appearances, project))
            judged = translation.gettext("A claim and its verdict: %(verdicts)s.", verdicts=labels)
            cited = translation.ngettext("%(num)s source.", "%(num)s sources.", len(sources))
            description = f"{judged} {where} {cited}"
        case SourceEntry(source=source):
            date = format_date(source.date, translation)
            origin = translation.comma.join(filter(None, (source.publisher, date.words if date else None)))
            if origin:
                about = translation.gettext("A source (%(origin)s), and every note that cites it.", origin=origin)
            else:
                about = translation.gettext("A source, and every note that cites it.")
            description = f"{about} {counts}"
        case TopicEntry():
            about = translation.gettext("All that this corpus says on a topic.")
            description = f"{about} {counts} {where}"
        case PersonEntry():
            about = translation.gettext("What documents here say that somebody said, with a verdict for each.")
            description = f"{about} {counts} {where}"
    return entry_title(entry, project), one_line(description)


def _card(entry: Entry, project: Project) -> Card | None:
    """Return the share card of a claim; others have none."""
    if not isinstance(entry, ClaimEntry):
        return None
    documents = len({appearance.document.slug for appearance in entry.appearances})
    badges = verdict_badges(entry.appearances, project)
    return claim_card(claim_text(entry, project.translation), claim_language(entry), badges, documents, project)


def _dates(entry: Entry) -> tuple[str, str]:
    """Return the first and the last review of an entry's notes; of a claim without any, when it came and changed."""
    reviews = [appearance.note.reviewed for appearance in entry.appearances]
    if isinstance(entry, ClaimEntry) and not any(reviews):
        return first_and_last(change.change.date for change in entry.changes)
    return first_and_last(reviews)


def _in_order(entry: Entry) -> tuple[Appearance, ...]:
    """Return an entry's notes as its page has them: a topic's by kind, the others by date, as they are."""
    if not isinstance(entry, TopicEntry):
        return entry.appearances
    kinds = tuple(_KINDS)
    return tuple(sorted(entry.appearances, key=lambda appearance: kinds.index(appearance.note.kind)))


# --- the kinds of page -----------------------------------------------------------------------------------------------

_Content = tuple[str, tuple[TocEntry, ...]]
_Render = Callable[[str, int, Sequence[Appearance]], _Content]


def _claim(entry: ClaimEntry, project: Project) -> _Render:
    keys = tuple(dict.fromkeys(key for appearance in entry.appearances for key in appearance.note.topics))
    badges = verdict_badges(entry.appearances, project)
    reviewed = max((appearance.note.reviewed or "" for appearance in entry.appearances), default="")
    explained = _explained(entry) if len(badges) == 1 else None
    number_of_sources = len({source for appearance in entry.appearances for _, source in appearance.sources})

    def render(address: str, number: int, shown: Sequence[Appearance]) -> _Content:
        sources = cited_views(entry.appearances, project, address) if number == 1 else ()
        content = render_template(
            "claim.html",
            project.translation,
            **_shared(address, "claims/", N_("Claims"), project),
            words=claim_text(entry, project.translation),
            language=claim_language(entry),
            statement=entry.statement,
            verdicts=badges,
            counts=count_notes((appearance.note for appearance in entry.appearances), project),
            explanation=_explanation(explained) if explained else "",
            explanation_language=explained.document.notes_language if explained else "",
            number_of_sources=number_of_sources,
            first_page=relative_url(address, entry.address),
            reviewed=format_date(reviewed, project.translation),
            shown=tuple(appearance_view(appearance, project, address) for appearance in shown),
            total=len(entry.appearances),
            pager=pager(entry.address, number, len(entry.appearances), size=NOTES),
            sources=sources,
            changes=claim_timeline(entry, project, address) if number == 1 else (),
            topics=topic_links(keys, project, address),
        )
        heads = [("appearances", N_("Where it is said")), *([("sources", N_("Sources"))] if sources else [])]
        return content, _contents(heads, project)

    return render


def _explained(entry: ClaimEntry) -> Appearance | None:
    """Return the appearance whose note says best why the verdict is what it is: the one that was reviewed last."""
    explained = [appearance for appearance in entry.appearances if appearance.record.excerpt]
    return max(explained, key=lambda appearance: appearance.note.reviewed or "", default=None)


def _explanation(appearance: Appearance) -> str:
    record = appearance.record
    return record.explanation.text if record.explanation else record.excerpt


def _source(entry: SourceEntry, project: Project) -> _Render:
    source = entry.source

    def render(address: str, number: int, shown: Sequence[Appearance]) -> _Content:
        views = tuple(appearance_view(appearance, project, address) for appearance in shown)
        content = render_template(
            "source.html",
            project.translation,
            **_shared(address, "sources/", N_("Sources"), project),
            language=project.language,
            source=source,
            href=external_url(source.url) if source.link else None,
            date_=format_date(source.date, project.translation),
            archived=external_url(source.archived),
            retrieved=format_date(source.retrieved, project.translation),
            groups=_by_document(views, [_uses(entry, appearance, project) for appearance in shown]),
            total=len(entry.appearances),
            pager=pager(entry.address, number, len(entry.appearances), size=NOTES),
        )
        return content, (TocEntry("cited", project.translation.gettext("Cited in")),)

    return render


def _topic(entry: TopicEntry, project: Project) -> _Render:
    newest = sorted(entry.documents, key=lambda document: (document.published or "", document.slug), reverse=True)
    notes = tuple(appearance.note for appearance in entry.appearances)
    counts = count_notes(notes, project)

    def render(address: str, number: int, shown: Sequence[Appearance]) -> _Content:
        kinds = [(kind, tuple(group)) for kind, group in groupby(shown, lambda appearance: appearance.note.kind)]
        sections = [
            (
                kind.value,
                project.translation.gettext(_KINDS[kind]),
                tuple(appearance_view(appearance, project, address) for appearance in group),
            )
            for kind, group in kinds
        ]
        documents = (
            tuple(document_view(document, project, address) for document in newest[:_SOME]) if number == 1 else ()
        )
        content = render_template(
            "topic.html",
            project.translation,
            **_shared(address, "topics/", N_("Topics"), project),
            language=project.language,
            topic=entry.topic,
            about=prose_html(entry.topic.about, entry.targets, project, address),
            counts=counts,
            width=WIDTH,
            documents=documents,
            others=max(0, len(newest) - _SOME),
            search=search_href(project, address, [("topic", entry.topic.id)]) if newest or notes else None,
            all_documents=relative_url(address, f"{DOCUMENTS}?topic={entry.topic.id}"),
            sections=sections,
            pager=pager(entry.address, number, len(entry.appearances), size=NOTES),
        )
        heads = [
            *([("documents", N_("Documents"))] if documents else []),
            *((kind.value, _KINDS[kind]) for kind, _ in kinds),
        ]
        return content, _contents(heads, project)

    return render


def _person(entry: PersonEntry, project: Project) -> _Render:
    counts = count_notes((appearance.note for appearance in entry.appearances), project)
    # A page has all whose names read alike, and a search asks for each as it is written.
    names = dict.fromkeys(appearance.note.speaker or "" for appearance in entry.appearances)
    facets = tuple(("person", name) for name in names)

    def render(address: str, number: int, shown: Sequence[Appearance]) -> _Content:
        content = render_template(
            "person.html",
            project.translation,
            **_shared(address, "people/", N_("People"), project),
            person=entry.person,
            same_as=external_url(entry.person.same_as),
            counts=counts,
            searches=verdict_search_hrefs(counts, project, address, facets),
            search=search_href(project, address, facets),
            width=WIDTH,
            shown=tuple(appearance_view(appearance, project, address) for appearance in shown),
            pager=pager(entry.address, number, len(entry.appearances), size=NOTES),
        )
        return content, ()

    return render


_RENDERERS: dict[type[Entry], Callable[..., _Render]] = {
    ClaimEntry: _claim,
    SourceEntry: _source,
    TopicEntry: _topic,
    PersonEntry: _person,
}


def _shared(address: str, index: str, name: str, project: Project) -> dict[str, object]:
    return {
        "home": relative_url(address, ""),
        "index": relative_url(address, index),
        "index_name": project.translation.gettext(name),
    }


def _contents(heads: Sequence[tuple[str, str]], project: Project) -> tuple[TocEntry, ...]:
    return tuple(TocEntry(id_, project.translation.gettext(words)) for id_, words in heads)


def topic_links(keys: Sequence[str], project: Project, address: str) -> tuple[LinkView, ...]:
    """Return topics as links of the page at ``address``."""
    return tuple(
        LinkView(relative_url(address, topic_address(key)), project.topics[key].label, key, None)
        for key in keys
        if key in project.topics
    )


def _uses(entry: SourceEntry, appearance: Appearance, project: Project) -> tuple[tuple[str | None, str | None], ...]:
    """Return where in the source a note cites it, and what the source supports there, for each citation."""
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
