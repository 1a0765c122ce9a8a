"""Faults that only the engine's side shows: addresses taken twice, links out of the folder, fonts from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from builder.addresses import DOCUMENTS
from builder.diagnostics import Diagnostic, Place
from builder.engines.files import pressed_pages
from builder.engines.plugin_config import list_item_place
from builder.pipeline import LoadedCorpus

_SEARCHES = ("material/search", "search")  # with Material, the second means the first


def check_site_files(files: Files, found: LoadedCorpus, config: MkDocsConfig, *, search: bool) -> Iterator[Diagnostic]:
    """F104, F109, P405 and, where we bring a ``search``, P406 of a site whose hand-written files are ``files``."""
    yield from _taken(files, found, config)
    yield from _leaks(files, config)
    yield from _fonts(config)
    if search:
        yield from _second_search(config)


def _taken(files: Files, found: LoadedCorpus, config: MkDocsConfig) -> Iterator[Diagnostic]:
    """Pages of the corpus whose address a page of ``docs/`` has already."""
    pages = {file.dest_uri: file.src_uri for file in files}
    name = Path(config.docs_dir).name
    for each in pressed_pages(found):
        if source := pages.get(f"{each.address}index.html"):
            yield Diagnostic(
                each.place,
                "F109",
                f"{name}/{source} has the address /{each.address} already",
                "rename one of them, or give the document another address with `slug:` in its sidecar"
                if each.address.startswith(DOCUMENTS)
                else "rename the page, or change the key",
            )


def escaping_links(files: Files, config: MkDocsConfig) -> Iterator[File]:
    """Files that MkDocs followed a symbolic link to, out of ``docs/``: it would publish them."""
    docs = Path(config.docs_dir).resolve()
    for file in files:
        path = Path(file.abs_src_path) if file.abs_src_path else None
        if path and file.src_dir == config.docs_dir and not path.resolve().is_relative_to(docs):
            yield file


def _leaks(files: Files, config: MkDocsConfig) -> Iterator[Diagnostic]:
    for file in escaping_links(files, config):
        yield Diagnostic(
            Place(f"{Path(config.docs_dir).name}/{file.src_uri}"),
            "F104",
            "a symbolic link leads out of the folder; what it leads to would be published",
            "put a copy in its place",
        )


def _fonts(config: MkDocsConfig) -> Iterator[Diagnostic]:
    """Material loads its fonts from Google unless told not to, and tells Google of every reader by that."""
    if config.theme.get("font") and "material/privacy" not in config.plugins:
        yield Diagnostic(
            Place("mkdocs.yml"),
            "P405",
            "the theme loads its fonts from another host, which learns of every reader",
            "theme:\n  font: false",
        )


def _second_search(config: MkDocsConfig) -> Iterator[Diagnostic]:
    """Another plug-in's search box stands beside ours, and finds other things."""
    for name in _SEARCHES:
        if name in config.plugins:
            yield Diagnostic(
                max(list_item_place(config, each) for each in _SEARCHES),
                "P406",
                "the plug-in search puts a second search box beside that of postil",
                "take `search` out of `plugins:`, or, to have that one alone, write there:  - postil: {search: false}",
            )
