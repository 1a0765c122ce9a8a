"""Pages as MkDocs's files: those that are pressed and not drawn, and those of lists that nobody wrote."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from html import escape

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

from builder.addresses import document_address
from builder.diagnostics import Place
from builder.model import NoteRecord
from builder.pipeline import LoadedCorpus
from builder.render.entry_pages import entry_addresses, entry_noindex, entry_place, entry_title
from builder.render.index_pages import INDEXES, continuation_addresses
from builder.search import search_page

_ANCHORS = ("note", "quote")  # what a note has on its page: itself, and its words


@dataclass(frozen=True, slots=True)
class PressedPage:
    """A page that is pressed and not drawn: where it is, what it is called, who says so, whether it is to be listed.

    ``ids`` are the elements on it that others link to.
    """

    address: str
    title: str
    place: Place
    ids: AbstractSet[str] = frozenset()
    listed: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class _Anchors(AbstractSet[str]):
    """The elements on a document's page that others link to: told when asked, because there may be very many."""

    notes: tuple[NoteRecord, ...]

    def __contains__(self, name: object) -> bool:
        kind, _, note = name.partition("-") if isinstance(name, str) else ("", "", "")
        return kind in _ANCHORS and any(record.note.id == note for record in self.notes)

    def __iter__(self) -> Iterator[str]:
        return (f"{kind}-{record.note.id}" for record in self.notes for kind in _ANCHORS)

    def __len__(self) -> int:
        return len(_ANCHORS) * len(self.notes)


def pressed_pages(found: LoadedCorpus) -> Iterator[PressedPage]:
    """Every page that will be pressed: documents, what the corpus says, and the further pages of long lists."""
    for each in found.corpus.documents:
        yield PressedPage(
            document_address(each.slug), each.title, Place(each.path), _Anchors(each.notes), listed=not each.noindex
        )
    for entry in found.catalog.entries:
        title = entry_title(entry, found.corpus.project)
        place = entry_place(entry)
        for number, address in enumerate(entry_addresses(entry)):
            yield PressedPage(address, title, place, listed=not (number or entry_noindex(entry)))
    for address in continuation_addresses(found.corpus, found.catalog):
        yield PressedPage(address, address, Place(""), listed=False)


def source_uri(address: str) -> str:
    """The name that hand-written pages link to a pressed page by; ``documents/index.md`` is the list's own already."""
    section, _, name = address.rstrip("/").partition("/")
    return f"{section}/index/index.md" if name == "index" else f"{section}/{name}.md"


class PressedFile(File):
    """A pressed page as MkDocs may know it: something to link to, that it neither draws nor copies."""

    def __init__(self, pressed: PressedPage, config: MkDocsConfig) -> None:
        source, destination = source_uri(pressed.address), f"{pressed.address}index.html"
        super().__init__(source, None, config.site_dir, use_directory_urls=True, dest_uri=destination)
        self.inclusion = InclusionLevel.NOT_IN_NAV
        self._pressed = pressed

    def add_page(self, config: MkDocsConfig) -> None:
        """Give this file the page that links to it are checked against, after the navigation is made.

        A navigation that lists the file has made a page of it, with the title that the owner gives it there, if any.
        MkDocs takes a title for HTML, and this one is a source's.
        """
        page = self.page or Page(None, self, config)
        if page.title is None:
            page.title = escape(self._pressed.title)
        page.present_anchor_ids = self._pressed.ids  # type: ignore[assignment]  # nobody adds to it

    def is_documentation_page(self) -> bool:
        """No: it is not to be drawn."""
        return False

    def copy_file(self, dirty: bool = False) -> None:  # noqa: FBT001, FBT002 - MkDocs's signature
        """Nothing: it is written when it is pressed."""


def missing_index_pages(files: Files, config: MkDocsConfig, *, search: bool) -> Iterator[File]:
    """The pages of lists and of search that nobody has written in ``docs/``; a written navigation does without them."""
    taken = {file.dest_uri for file in files}
    inclusion = InclusionLevel.NOT_IN_NAV if config.nav else InclusionLevel.UNDEFINED
    for index in INDEXES.values():
        if f"{index.address}index.html" not in taken:
            content = f"# {index.title}\n\n<!-- postil: {index.slot} -->\n"
            yield File.generated(config, f"{index.address}index.md", content=content, inclusion=inclusion)
    if search and f"{search_page.ADDRESS}index.html" not in taken:
        content = f"# {search_page.TITLE}\n\n<!-- postil: {search_page.SLOT} -->\n"
        source = f"{search_page.ADDRESS}index.md"
        yield File.generated(config, source, content=content, inclusion=InclusionLevel.NOT_IN_NAV)
