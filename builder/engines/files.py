"""The files that we add to MkDocs's: pages that are pressed and not drawn, and lists that nobody has written."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from html import escape
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

from builder.addresses import document_address, page_file
from builder.diagnostics import Place
from builder.link.changelog import last_changes
from builder.model import NoteRecord
from builder.pipeline import LoadedCorpus
from builder.publish.staging import write_file
from builder.render.catalog_pages import entry_addresses, entry_noindex, entry_place, entry_title
from builder.render.index_pages import INDEXES, continuation_addresses
from builder.render.shell import Marker, ShellKey, shell_address
from builder.search import search_page
from builder.translation import Translation

# ``draft`` is for plug-ins that list pages by date, ``search`` for those that index them.
_SHELL = f"""\
---
title: {Marker.TITLE}
description: {Marker.DESCRIPTION}
search: {{exclude: true}}
draft: true
---
"""
_LIST = "---\ndraft: true\n---\n# {title}\n\n<!-- postil: {slot} -->\n"
OWN_NAME = "postil"  # as MkDocs knows the plug-in

_ANCHORS = ("note", "quote")  # what a note has on its page: itself, and its words


@dataclass(frozen=True, slots=True)
class PressedPage:
    """A page that is pressed and not drawn.

    ``address``: where it is.
    ``title``: as plain text.
    ``place``: where the author named it.
    ``ids``: elements on it that others link to.
    ``listed``: whether it is in the sitemap.
    ``changed``: when it last changed, ISO 8601, "" if that is not known.
    ``source``: the path that hand-written pages link to it by, if not that of ``source_uri``.
    """

    address: str
    title: str
    place: Place
    ids: AbstractSet[str] = frozenset()
    listed: bool = True
    changed: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class _Anchors(AbstractSet[str]):
    """The elements on a document's page that others link to. Computed when asked for: there may be very many."""

    notes: tuple[NoteRecord, ...]

    def __contains__(self, name: object) -> bool:
        kind, _, note = name.partition("-") if isinstance(name, str) else ("", "", "")
        return kind in _ANCHORS and any(record.note.id == note for record in self.notes)

    def __iter__(self) -> Iterator[str]:
        return (f"{kind}-{record.note.id}" for record in self.notes for kind in _ANCHORS)

    def __len__(self) -> int:
        return len(_ANCHORS) * len(self.notes)


def pressed_pages(loaded: LoadedCorpus) -> Iterator[PressedPage]:
    """Yield every page that will be pressed: documents, entries, and the further pages of long lists."""
    dates = last_changes(loaded.corpus, loaded.catalog.changelog)
    for record in loaded.corpus.documents:
        address, place, changed = document_address(record.slug), Place(record.path), dates.get((record.slug, ""), "")
        listed = not record.noindex
        yield PressedPage(address, record.title, place, _Anchors(record.notes), listed=listed, changed=changed)
        for alias in record.aliases:
            yield PressedPage(document_address(alias), record.title, Place(record.sidecar or record.path), listed=False)
    for entry in loaded.catalog.entries:
        title = entry_title(entry, loaded.corpus.project)
        place = entry_place(entry)
        changed = max((dates.get((seen.document.slug, seen.note.id), "") for seen in entry.appearances), default="")
        for number, address in enumerate(entry_addresses(entry)):
            yield PressedPage(address, title, place, listed=not (number or entry_noindex(entry)), changed=changed)
    for address in continuation_addresses(loaded.corpus, loaded.catalog):
        yield PressedPage(address, address, Place(""), listed=False)


def source_uri(address: str) -> str:
    """Return the path that hand-written pages link to a pressed page by, as if it had a source file in ``docs/``.

    ``documents/index.md`` is the list's own, so a document called ``index`` has ``documents/index/index.md``.
    """
    section, _, name = address.rstrip("/").partition("/")
    return f"{section}/index/index.md" if name == "index" else f"{section}/{name}.md"


class PressedFile(File):
    """A pressed page as MkDocs is to know it: something to link to, which it neither draws nor copies."""

    def __init__(self, pressed: PressedPage, config: MkDocsConfig, root: Path) -> None:
        source, destination = pressed.source or source_uri(pressed.address), page_file(pressed.address)
        directory_urls = config.use_directory_urls
        super().__init__(source, None, config.site_dir, use_directory_urls=directory_urls, dest_uri=destination)
        self.inclusion = InclusionLevel.NOT_IN_NAV
        self.generated_by = OWN_NAME
        # Plug-ins and hooks open the source of every file, so there has to be one.
        named = root / pressed.place.file if pressed.place.file else None
        self.abs_src_path = str(named if named and named.is_file() else config.config_file_path)
        self.pressed = pressed

    def is_documentation_page(self) -> bool:
        """Return False: it is not to be drawn."""
        return False

    def copy_file(self, dirty: bool = False) -> None:  # noqa: FBT001, FBT002 - MkDocs's signature
        """Do nothing: it is written when it is pressed."""


def list_target(file: File, config: MkDocsConfig, root: Path) -> PressedFile:
    """Return something to link to in place of a list that has been drawn already."""
    address = file.dest_uri.removesuffix("index.html")
    return PressedFile(PressedPage(address, address, Place(""), source=file.src_uri), config, root)


def generated_file(
    config: MkDocsConfig,
    folder: Path,
    name: str,
    content: bytes,
    inclusion: InclusionLevel = InclusionLevel.UNDEFINED,
) -> File:
    """Return a file for MkDocs that nobody has written, and write it, since plug-ins and hooks open all files.

    ``config``: MkDocs's settings.
    ``folder``: where to write it. Nowhere, if that is not possible: then MkDocs alone knows its content.
    ``name``: its path, as if it were in ``docs/``.
    ``content``: what it holds.
    ``inclusion``: whether it is part of the navigation.
    """
    path = folder / name
    try:
        if not path.is_file() or path.read_bytes() != content:  # else nothing that watches files is to see a change
            write_file(path, content)
    except OSError:
        return File.generated(config, name, content=content, inclusion=inclusion)
    return File.generated(config, name, abs_src_path=str(path), inclusion=inclusion)


def shell_file(key: ShellKey, config: MkDocsConfig, folder: Path) -> File:
    """Return a page for MkDocs to draw that the pages of this key are pressed from; see ``generated_file``."""
    address = shell_address(key)
    file = generated_file(config, folder, f"{address.rstrip('/')}.md", _SHELL.encode(), InclusionLevel.NOT_IN_NAV)
    file.dest_uri = page_file(address)  # also with `use_directory_urls: false`: our pages are folders all the same
    return file


def add_pressed_pages(files: Files, config: MkDocsConfig) -> None:
    """Give every pressed page the page object that links to it are checked against, once the navigation is made.

    A navigation that lists such a page has made an object of it already, with the title that it is given there, if any.
    MkDocs takes a title for HTML, and ours are a source's.
    """
    for file in files:
        if isinstance(file, PressedFile):
            page = file.page or Page(None, file, config)
            if page.title is None:
                page.title = escape(file.pressed.title)
            page.present_anchor_ids = file.pressed.ids  # type: ignore[assignment]  # nobody adds to it


def missing_index_pages(
    files: Files, config: MkDocsConfig, folder: Path, translation: Translation, *, search: bool
) -> Iterator[File]:
    """Yield the pages of lists and of search that nobody has written. A navigation of the owner's leaves them out.

    ``files``: those that are written.
    ``config``: MkDocs's settings.
    ``folder``: as for ``generated_file``.
    ``translation``: for their titles.
    ``search``: whether the site has our search.
    """
    taken = {file.dest_uri for file in files}
    inclusion = InclusionLevel.NOT_IN_NAV if config.nav else InclusionLevel.UNDEFINED
    for index in INDEXES.values():
        if page_file(index.address) not in taken:
            content = _LIST.format(title=translation.gettext(index.title), slot=index.slot).encode()
            yield generated_file(config, folder, f"{index.address}index.md", content, inclusion)
    if search and page_file(search_page.ADDRESS) not in taken:
        content = _LIST.format(title=translation.gettext(search_page.TITLE), slot=search_page.SLOT).encode()
        yield generated_file(config, folder, f"{search_page.ADDRESS}index.md", content, InclusionLevel.NOT_IN_NAV)
