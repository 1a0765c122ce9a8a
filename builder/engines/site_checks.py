"""Check the engine's files and settings: addresses taken twice, links out of the folder, fonts, other searches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from builder.addresses import DOCUMENTS, page_file
from builder.diagnostics import Diagnostic, Place
from builder.engines.pressed import pressed_pages, source_uri
from builder.engines.seam import SiteFile, SiteSettings
from builder.pipeline import LoadedCorpus


def check_site_files(
    files: Iterable[SiteFile], loaded: LoadedCorpus, settings: SiteSettings, *, search: bool
) -> Iterator[Diagnostic]:
    """Yield F109, P405 and P406 of a site.

    ``files``: the hand-written files.
    ``loaded``: the corpus.
    ``settings``: those of the site.
    ``search``: whether the site has our search, beside which another one is a fault.
    """
    yield from _taken_addresses(files, loaded, settings)
    yield from _fonts(settings)
    if search:
        yield from _second_search(settings)


def _taken_addresses(files: Iterable[SiteFile], loaded: LoadedCorpus, settings: SiteSettings) -> Iterator[Diagnostic]:
    """Yield F109 for every page of the corpus whose address a page of ``docs/`` has already."""
    sources = {name: file.source for file in files for name in (file.destination, file.source)}
    for page in pressed_pages(loaded):
        if source := sources.get(page_file(page.address)) or sources.get(source_uri(page.address)):
            yield Diagnostic(
                page.place,
                "F109",
                f"{settings.docs_dir.name}/{source} has the address /{page.address} already",
                "rename one of them, or give the document another address with `slug:` in its sidecar"
                if page.address.startswith(DOCUMENTS)
                else "rename the page, or change the key",
            )


def refused_files(files: Iterable[SiteFile], settings: SiteSettings) -> Iterator[tuple[str, Diagnostic]]:
    """Yield the sources of files in ``docs/`` that an engine is not to see, and why (F104, F112).

    It would publish what a symbolic link leads to outside of ``docs/``, and wait for ever for a pipe.
    """
    docs = settings.docs_dir.resolve()
    for file in files:
        path = file.path
        if not path:
            continue
        place = Place(f"{settings.docs_dir.name}/{file.source}")
        if not path.resolve().is_relative_to(docs):
            message = "a symbolic link leads out of the folder; what it leads to would be published"
            yield file.source, Diagnostic(place, "F104", message, "put a copy in its place")
        elif path.exists() and not path.is_file():
            yield (
                file.source,
                Diagnostic(place, "F112", "neither a file nor a folder", "delete it, or replace it by a file"),
            )


def _fonts(settings: SiteSettings) -> Iterator[Diagnostic]:
    """Yield P405: unless told not to, Material loads its fonts from Google, which so learns of every reader."""
    if settings.loads_fonts:
        yield Diagnostic(
            settings.place("theme"),
            "P405",
            "the theme loads its fonts from another host, which learns of every reader",
            "theme:\n  font: false",
        )


def _second_search(settings: SiteSettings) -> Iterator[Diagnostic]:
    """Yield P406 if another plug-in puts its search box beside ours."""
    if settings.has_plugin("search"):
        # Where a theme has a search of its own, "search" means that one, and MkDocs knows it by its whole name.
        names = ("search", *(name for name in settings.plugins if name.endswith("/search")))
        yield Diagnostic(
            max(settings.list_item_place(name) for name in names),
            "P406",
            "the plug-in search puts a second search box beside that of postil",
            "take `search` out of `plugins:`, or, to have that one alone, write there:  - postil: {search: false}",
        )
