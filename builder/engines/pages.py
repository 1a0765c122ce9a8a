"""What we want to know of one page that MkDocs draws."""

from __future__ import annotations

from pathlib import Path

from mkdocs.structure.files import File
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink

from builder.diagnostics import Place
from builder.model import TocEntry
from builder.render.shell import Marker


def is_shell_page(file: File) -> bool:
    """Whether this page is drawn to be cut into a shell."""
    return Marker.ADDRESS in file.src_uri


def toc_item(contents: TocEntry, level: int) -> AnchorLink:
    """A line of a table of contents, with those below it, as MkDocs has them."""
    anchor = AnchorLink(contents.text, contents.id, level)
    anchor.children = [toc_item(each, level + 1) for each in contents.children]
    return anchor


def page_address(page: Page) -> str:
    """The address of a hand-written page, percent-encoded as the engine has it; that of the home page is ""."""
    return "" if page.url == "./" else page.url


def place_of_text(page: Page, written: str) -> Place:
    """Where these characters stand in a hand-written page; its beginning if they can't be found."""
    name = f"{Path(page.file.src_dir or 'docs').name}/{page.file.src_uri}"
    source = page.file.content_string
    at = source.find(written)
    if at < 0:
        return Place(name)
    return Place(name, source.count("\n", 0, at) + 1, at - source.rfind("\n", 0, at))


def excluded_from_search(page: Page) -> bool:
    """Whether a hand-written page is not to be searched; it says so as it does to the theme's own search."""
    said = page.meta.get("search")
    return isinstance(said, dict) and said.get("exclude") is True
