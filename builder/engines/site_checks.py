"""Check what only MkDocs knows: addresses taken twice, symbolic links out of the folder, fonts, other searches."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from builder.addresses import DOCUMENTS, page_file
from builder.diagnostics import Diagnostic, Place
from builder.engines.files import pressed_pages, source_uri
from builder.engines.plugin_config import has_plugin, list_item_place, setting_place
from builder.pipeline import LoadedCorpus


def check_site_files(files: Files, loaded: LoadedCorpus, config: MkDocsConfig, *, search: bool) -> Iterator[Diagnostic]:
    """Yield F109, P405 and P406 of a site.

    ``files``: the hand-written files.
    ``loaded``: the corpus.
    ``config``: MkDocs's settings.
    ``search``: whether the site has our search, beside which another one is a fault.
    """
    yield from _taken_addresses(files, loaded, config)
    yield from _fonts(config)
    if search:
        yield from _second_search(config)


def _taken_addresses(files: Files, loaded: LoadedCorpus, config: MkDocsConfig) -> Iterator[Diagnostic]:
    """Yield F109 for every page of the corpus whose address a page of ``docs/`` has already."""
    sources = {name: file.src_uri for file in files for name in (file.dest_uri, file.src_uri)}
    docs = Path(config.docs_dir).name
    for page in pressed_pages(loaded):
        if source := sources.get(page_file(page.address)) or sources.get(source_uri(page.address)):
            yield Diagnostic(
                page.place,
                "F109",
                f"{docs}/{source} has the address /{page.address} already",
                "rename one of them, or give the document another address with `slug:` in its sidecar"
                if page.address.startswith(DOCUMENTS)
                else "rename the page, or change the key",
            )


def refused_files(files: Files, config: MkDocsConfig) -> Iterator[tuple[File, Diagnostic]]:
    """Yield the files in ``docs/`` that MkDocs is not to see, and why (F104, F112).

    It would publish what a symbolic link leads to outside of ``docs/``, and wait for ever for a pipe.
    """
    docs = Path(config.docs_dir).resolve()
    for file in files:
        path = Path(file.abs_src_path) if file.abs_src_path else None
        if not path or file.src_dir != config.docs_dir:
            continue
        place = Place(f"{Path(config.docs_dir).name}/{file.src_uri}")
        if not path.resolve().is_relative_to(docs):
            message = "a symbolic link leads out of the folder; what it leads to would be published"
            yield file, Diagnostic(place, "F104", message, "put a copy in its place")
        elif path.exists() and not path.is_file():
            yield file, Diagnostic(place, "F112", "neither a file nor a folder", "delete it, or replace it by a file")


def _fonts(config: MkDocsConfig) -> Iterator[Diagnostic]:
    """Yield P405: unless told not to, Material loads its fonts from Google, which so learns of every reader."""
    if config.theme.get("font") and not has_plugin(config, "privacy"):
        yield Diagnostic(
            setting_place(config, "theme"),
            "P405",
            "the theme loads its fonts from another host, which learns of every reader",
            "theme:\n  font: false",
        )


def _second_search(config: MkDocsConfig) -> Iterator[Diagnostic]:
    """Yield P406 if another plug-in puts its search box beside ours."""
    if has_plugin(config, "search"):
        # Where a theme has a search of its own, "search" means that one, and MkDocs knows it by its whole name.
        names = ("search", *(name for name in config.plugins if name.endswith("/search")))
        yield Diagnostic(
            max(list_item_place(config, name) for name in names),
            "P406",
            "the plug-in search puts a second search box beside that of postil",
            "take `search` out of `plugins:`, or, to have that one alone, write there:  - postil: {search: false}",
        )
