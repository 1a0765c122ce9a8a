"""The lists over the whole corpus: what fills the slots of hand-written pages, and the further pages of long lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import Any

from builder.addresses import relative_url
from builder.model import (
    Appearance,
    Catalog,
    ChangelogEntry,
    ClaimEntry,
    Corpus,
    DocumentRecord,
    Page,
    PersonEntry,
    Project,
    SourceEntry,
    TopicEntry,
)
from builder.render.catalog_pages import paged_title
from builder.render.changelog_pages import changes_list
from builder.render.counts import WIDTH, VerdictCount, count_notes
from builder.render.formatting import format_date
from builder.render.home_slots import HOME_SLOTS, NOTE_SLOT, home_slot
from builder.render.lists import ROWS as LIST_ROWS
from builder.render.lists import (
    claims_data,
    claims_list,
    documents_data,
    documents_list,
    most_carrying_first,
    newest_first,
    sources_data,
    sources_list,
)
from builder.render.note_elsewhere import appearance_view, document_view
from builder.render.overview_page import overview_html
from builder.render.pagination import NOTES, ROWS, page_addresses, page_slices, pager
from builder.render.prose import prose_html
from builder.render.search_links import search_href
from builder.render.templating import render_template
from builder.translation import N_


@dataclass(frozen=True, slots=True)
class Index:
    """A list that has a page of its own. ``title`` heads that page where its owner has written none."""

    slot: str
    address: str
    title: str


INDEXES = MappingProxyType(
    {
        slot: Index(slot, f"{slot}/", title)
        for slot, title in {
            "documents": N_("Documents"),
            "claims": N_("Claims"),
            "sources": N_("Sources"),
            "topics": N_("Topics"),
            "people": N_("People"),
            "corrections": N_("Corrections"),
            "changes": N_("Changes"),
            "overview": N_("Overview"),
        }.items()
    }
)
SLOTS = (*INDEXES, "overview-small", *HOME_SLOTS)


LIST_FILE = "list.gz"  # beside the first page of a list that a script sifts
SECTIONS = tuple(index.address.rstrip("/") for index in INDEXES.values())  # all pressed pages are below one of these


@dataclass(frozen=True, slots=True)
class _Named:
    """A topic or a person; ``about`` is finished HTML."""

    href: str
    name: str
    about: str
    documents: str
    counts: tuple[VerdictCount, ...]


def fill_slot(slot: str, corpus: Corpus, catalog: Catalog, address: str, target: str = "") -> str | None:
    """Return what stands in a slot of the page at ``address``, as HTML; None for an unknown slot.

    ``target``: the note that a slot for one note names, ``document#note``; "" if the program is to choose.
    """
    if slot in HOME_SLOTS and (slot == NOTE_SLOT or not target):
        return home_slot(slot, corpus, catalog, address, target)
    if target:
        return None
    if slot in ("overview", "overview-small"):
        return overview_html(corpus, catalog, address, small=slot != "overview")
    return _LISTS[slot](_items(slot, corpus, catalog), corpus, catalog, address, 1) if slot in _LISTS else None


def continuation_pages(corpus: Corpus, catalog: Catalog) -> Iterator[Page]:
    """Render the pages of long lists after their first, which is somebody's own."""
    translation = corpus.project.translation
    for slot, render in _LISTS.items():
        index = INDEXES[slot]
        items = _items(slot, corpus, catalog)
        addresses = page_addresses(index.address, len(items), _size(slot))
        for number, address in enumerate(addresses[1:], 2):
            name = translation.gettext(index.title)
            title = paged_title(name, number, corpus.project)
            body = render(items, corpus, catalog, address, number)
            content = render_template(
                "further.html",
                corpus.project.translation,
                title=title,
                content=body,
                home=relative_url(address, ""),
                index=relative_url(address, index.address),
                index_name=name,
            )
            description = translation.gettext(
                "Page %(number)s of a list: %(list)s.", number=number, list=translation.in_sentence(name)
            )
            yield Page(address, title, description, content, ())


def continuation_addresses(corpus: Corpus, catalog: Catalog) -> Iterator[str]:
    """Return the addresses of ``continuation_pages``, without rendering them."""
    for slot in _LISTS:
        items = corpus.documents if slot == "documents" else _items(slot, corpus, catalog)  # no need to sort them
        yield from page_addresses(INDEXES[slot].address, len(items), _size(slot))[1:]


def list_files(corpus: Corpus, catalog: Catalog) -> Iterator[tuple[str, bytes]]:
    """Yield the files that the script of the lists reads: their addresses, and what is in them, not compressed."""
    for slot, data in _DATA.items():
        if items := _items(slot, corpus, catalog):
            yield f"{INDEXES[slot].address}{LIST_FILE}", data(items, corpus)


# --- the lists ------------------------------------------------------------------------------------------------------


def _items(slot: str, corpus: Corpus, catalog: Catalog) -> Sequence[Any]:
    """Return all that a list has, in its order."""
    if slot == "documents":
        return newest_first(corpus.documents, corpus.project.translation)
    if slot == "sources":
        return most_carrying_first(catalog.sources)
    items: Sequence[Any] = getattr(catalog, slot)
    return items


def _size(slot: str) -> int:
    """Return how many items of a list are on one page."""
    if slot in _DATA:
        return LIST_ROWS
    return NOTES if slot in {"corrections", "changes"} else ROWS


def _documents(items: Sequence[DocumentRecord], corpus: Corpus, catalog: Catalog, address: str, number: int) -> str:
    del catalog
    return documents_list(items, corpus, address, number)


def _claims(items: Sequence[ClaimEntry], corpus: Corpus, catalog: Catalog, address: str, number: int) -> str:
    del catalog
    return claims_list(items, corpus, address, number)


def _sources(items: Sequence[SourceEntry], corpus: Corpus, catalog: Catalog, address: str, number: int) -> str:
    del catalog
    return sources_list(items, corpus, address, number)


def _topics(items: Sequence[TopicEntry], corpus: Corpus, catalog: Catalog, address: str, number: int) -> str:
    del catalog
    shown = page_slices(items)[number - 1]
    abouts = [prose_html(entry.topic.about, entry.targets, corpus.project, address) for entry in shown]
    names = [entry.topic.label for entry in shown]
    return render_template(
        "topics.html",
        corpus.project.translation,
        entries=_named(shown, names, abouts, corpus.project, address),
        pager=pager("topics/", number, len(items), here=address),
        nothing=corpus.project.translation.gettext("No topics yet."),
        of=corpus.project.translation.gettext("Topics"),
        bars=True,
        width=WIDTH,
        language=corpus.project.language,
    )


def _people(items: Sequence[PersonEntry], corpus: Corpus, catalog: Catalog, address: str, number: int) -> str:
    del catalog
    shown = page_slices(items)[number - 1]
    names = [entry.person.name for entry in shown]
    return render_template(
        "topics.html",
        corpus.project.translation,
        entries=_named(shown, names, [""] * len(names), corpus.project, address),
        pager=pager("people/", number, len(items), here=address),
        nothing=corpus.project.translation.gettext("No people yet."),
        of=corpus.project.translation.gettext("People"),
        bars=False,  # a bar beside a name would be read as a score
        width=WIDTH,
        language=corpus.project.language,
    )


def _named(
    shown: Sequence[TopicEntry | PersonEntry], names: list[str], abouts: list[str], project: Project, address: str
) -> list[_Named]:
    return [
        _Named(
            href=relative_url(address, entry.address),
            name=name,
            about=about,
            documents=project.translation.ngettext(
                "%(num)s document",
                "%(num)s documents",
                len({appearance.document.slug for appearance in entry.appearances}),
            ),
            counts=count_notes((appearance.note for appearance in entry.appearances), project),
        )
        for entry, name, about in zip(shown, names, abouts, strict=True)
    ]


def _corrections(items: Sequence[Appearance], corpus: Corpus, catalog: Catalog, address: str, number: int) -> str:
    del catalog
    shown = page_slices(items, _size("corrections"))[number - 1]
    days = groupby(shown, lambda appearance: appearance.note.reviewed)
    project = corpus.project
    return render_template(
        "corrections.html",
        corpus.project.translation,
        days=[
            (
                format_date(day, project.translation),
                [
                    (
                        document_view(document, project, address),
                        [appearance_view(appearance, project, address) for appearance in found],
                    )
                    for document, found in groupby(appearances, lambda appearance: appearance.document)
                ],
            )
            for day, appearances in days
        ],
        search=search_href(corpus.project, address, [("kind", "correction")]),
        pager=pager("corrections/", number, len(items), size=_size("corrections"), here=address),
    )


def _changes(items: Sequence[ChangelogEntry], corpus: Corpus, catalog: Catalog, address: str, number: int) -> str:
    pages = page_slices(items, _size("changes"))
    return changes_list(
        pages[number - 1],
        corpus.project,
        address,
        since=catalog.changelog.since if catalog.changelog else None,
        last=number == len(pages),
        pager=pager("changes/", number, len(items), size=_size("changes"), here=address),
    )


_LISTS: MappingProxyType[str, Callable[[Any, Corpus, Catalog, str, int], str]] = MappingProxyType(
    {
        "documents": _documents,
        "claims": _claims,
        "sources": _sources,
        "topics": _topics,
        "people": _people,
        "corrections": _corrections,
        "changes": _changes,
    }
)
_DATA: MappingProxyType[str, Callable[[Any, Corpus], bytes]] = MappingProxyType(
    {"documents": documents_data, "claims": claims_data, "sources": sources_data}
)
