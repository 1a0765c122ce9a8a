"""Questions about one page that MkDocs draws."""

from __future__ import annotations

from collections.abc import Iterable
from html import unescape
from pathlib import Path

from mkdocs.structure.files import File
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink

from builder.diagnostics import Place
from builder.model import TocEntry
from builder.render.shell import Marker


def is_shell_page(file: File) -> bool:
    """Return whether this page is drawn to be cut into a shell."""
    return Marker.ADDRESS in file.src_uri


def toc_item(contents: TocEntry, level: int) -> AnchorLink:
    """Return an entry of a table of contents, with those below it, as MkDocs has them."""
    anchor = AnchorLink(contents.text, contents.id, level)
    anchor.children = [toc_item(entry, level + 1) for entry in contents.children]
    return anchor


def title_text(page: Page) -> str:
    """Return the title of a drawn page as plain text."""
    title = str(page.title or "")
    return unescape(title) if _title_is_html(page) else title


def make_title_safe(page: Page) -> None:
    """Escape the quotation marks in the title and contents list of a drawn page.

    Both are HTML that MkDocs takes from the headings, and themes and plug-ins print them in attributes as they are. A
    heading may hold the words of a source, by a cross-link. Our markers are broken up too, so that no page's title
    becomes a slot of the shells that list it in their navigation.
    """
    if _title_is_html(page):
        page.title = _safe(str(page.title or ""))
    _make_contents_safe(page.toc)


def _title_is_html(page: Page) -> bool:
    """Return whether the title comes from a heading; from the navigation or the front matter it is as it was typed."""
    return "title" not in page.meta and getattr(page, "_title_from_render", None) is not None


def _make_contents_safe(lines: Iterable[AnchorLink]) -> None:
    for line in lines:
        line.title = _safe(line.title)
        _make_contents_safe(line.children)


def _safe(html: str) -> str:
    return html.replace('"', "&quot;").replace("'", "&#39;").replace("postil-slot", "postil&#45;slot")


def page_address(page: Page) -> str:
    """Return the address of a hand-written page, percent-encoded as MkDocs has it; "" for the home page."""
    address = "" if page.url == "./" else page.url
    return address.removesuffix("index.html")  # which it ends in with `use_directory_urls: false`


def place_of_text(page: Page, written: str) -> Place:
    """Return where these characters stand in a hand-written page; the page alone if they are not found."""
    name = f"{Path(page.file.src_dir or 'docs').name}/{page.file.src_uri}"
    source = page.file.content_string
    at = source.find(written)
    if at < 0:
        return Place(name)
    return Place(name, source.count("\n", 0, at) + 1, at - source.rfind("\n", 0, at))


def excluded_from_search(page: Page) -> bool:
    """Return whether a hand-written page asks to be left out of search, as it would ask the theme's own search."""
    search = page.meta.get("search")
    return isinstance(search, dict) and search.get("exclude") is True
