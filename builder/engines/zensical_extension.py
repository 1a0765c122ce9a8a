"""An extension of Python-Markdown that marks pages for postil while Zensical draws them.

Zensical has no plug-ins, but it has Python-Markdown read each page. So this is where a page says what it is, where
cross-links are marked, and where the pages that shells are cut from get markers for content and contents list.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from posixpath import dirname, normpath
from typing import Any
from urllib.parse import quote

from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
from markdown.treeprocessors import Treeprocessor

from builder.addresses import relative_url
from builder.engines.cross_link_extension import CrossLinkExtension
from builder.engines.docs_files import page_address
from builder.engines.hand_written import hidden_parts
from builder.engines.raw_page import link_target, mark_content
from builder.engines.seam import DrawnPage
from builder.model import TocEntry
from builder.render.shell import SHELL_CONTENTS, Marker

_CONTEXT = "rendering_context"  # Zensical's, which knows the page
_LAST = -1000


class ZensicalExtension(Extension):
    """Marks pages; ``given`` names the file that says what there is to know of the site."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - Python-Markdown's
        self.config = {"given": ["", "a file of JSON: words of cross-links, lists, addresses of pressed pages"]}
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Register what marks a page."""
        given = json.loads(Path(self.getConfig("given")).read_bytes())
        words = given["words"]
        CrossLinkExtension(
            lambda target, written, _: (link_target(target, written), words.get(target, target))
        ).extendMarkdown(md)
        md.treeprocessors.register(_PathLinks(md, given), "postil-path-links", _LAST)
        md.postprocessors.register(_Mark(md, given), "postil-mark", _LAST)


class _PathLinks(Treeprocessor):
    """Has links by path to pages of the corpus lead there: Zensical knows none of them."""

    def __init__(self, md: Markdown, given: dict[str, Any]) -> None:
        super().__init__(md)
        self._given = given

    def run(self, root: Any) -> None:  # noqa: ANN401 - an Element
        """Change the links of a page."""
        source = _page(self.md).path
        here = page_address(source, directory_urls=self._given["directory_urls"])
        for link in root.iter("a"):
            path, hash_, fragment = (link.get("href") or "").partition("#")
            address = self._given["pressed"].get(normpath(f"{dirname(source)}/{path}".lstrip("/"))) if path else None
            if address is not None:
                file = "" if self._given["directory_urls"] else "index.html"
                link.set("href", relative_url(here, quote(address) + file) + hash_ + fragment)


class _Mark(Postprocessor):
    def __init__(self, md: Markdown, given: dict[str, Any]) -> None:
        super().__init__(md)
        self._given = given

    def run(self, text: str) -> str:
        """Return the content of a page between marks; of a shell, its markers."""
        page = _page(self.md)
        if Marker.ADDRESS in page.path:
            self.md.toc_tokens = [_token(entry, 2) for entry in SHELL_CONTENTS]  # type: ignore[attr-defined]
            return Marker.CONTENT.value
        heading = next((token["name"] for token in getattr(self.md, "toc_tokens", []) if token["level"] == 1), None)
        title = page.title_override or page.meta.get("title") or heading or page.title or ""
        if hidden := hidden_parts(text, tabs=self._given["tabs"]):
            page.meta.setdefault("hide", hidden)
        search = page.meta.get("search")
        drawn = DrawnPage(
            address=page_address(page.path, directory_urls=self._given["directory_urls"]),
            source=page.path,
            path=None,
            title=str(title),
            excluded=isinstance(search, dict) and search.get("exclude") is True,
            own_template=bool(page.meta.get("template")),
            generated=page.path in self._given["lists"],
        )
        return mark_content(text, drawn)


def _page(md: Markdown) -> Any:  # noqa: ANN401 - Zensical's
    return md.preprocessors[_CONTEXT].page  # type: ignore[attr-defined]


def _token(entry: TocEntry, level: int) -> dict[str, object]:
    """Return a line of a contents list, with those below it, as Python-Markdown has them."""
    children: Iterable[TocEntry] = entry.children
    return {
        "level": level,
        "id": entry.id,
        "name": entry.text,
        "html": entry.text,
        "data-toc-label": "",
        "children": [_token(child, level + 1) for child in children],
    }


def makeExtension(**options: Any) -> ZensicalExtension:  # noqa: ANN401, N802 - Python-Markdown's name
    """Return the extension."""
    return ZensicalExtension(**options)
