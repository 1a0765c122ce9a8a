"""What other plug-ins have to be spared, and what they have to be told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure import StructureItem
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page

from builder.engines.drawn_page import is_shell_page
from builder.engines.files import PressedFile
from builder.render.shell import Marker

_UNQUOTED = re.compile(r"""=[^"'<>\s]*postil-slot""")

# They read from git when a page's file was written and by whom, and print it on the page. Our files are written by
# builds; a document says in its sidecar when and by whom it was published.
_HISTORIANS = ("git-revision-date-localized", "git-authors", "git-committers")

# Links that a checker which knows MkDocs's pages alone takes for broken: searches, feeds, and notes and headings of
# documents. MkDocs and we check those to documents. The form is that of fnmatch.
_UNKNOWN_LINKS = ("*search/[?]*", "*search/index.html[?]*", "*feed.xml", "*documents/*#*", "*#note-*", "*#quote-*")


def leave_out_of_histories(config: MkDocsConfig, files: Iterable[File]) -> None:
    """Have plug-ins that print a page's date and authors leave these files out."""
    names = [file.src_uri for file in files]
    for plugin in _HISTORIANS:
        if plugin in config.plugins:
            config.plugins[plugin].config["exclude"] = [*(config.plugins[plugin].config.get("exclude") or []), *names]


def leave_out_unknown_links(config: MkDocsConfig) -> None:
    """Have ``htmlproofer`` pass over links of ours that it cannot know to be good."""
    if "htmlproofer" in config.plugins:
        own = config.plugins["htmlproofer"].config
        own["ignore_urls"] = [*(own.get("ignore_urls") or []), *_UNKNOWN_LINKS]


def offer_as_redirect_targets(config: MkDocsConfig, files: Files) -> None:
    """Let the plug-in ``redirects`` lead to pages of the corpus: it knows only those that MkDocs draws."""
    targets = getattr(config.plugins.get("redirects"), "doc_pages", None)
    if isinstance(targets, dict):
        targets |= {file.src_uri: file for file in files if isinstance(file, PressedFile)}


def prune_shells(nav: Navigation) -> None:
    """Take shells out of a navigation: plug-ins that make one of all files put them in."""
    nav.items = list(_without_shells(nav.items))
    nav.pages = [page for page in nav.pages if not is_shell_page(page.file)]
    for page, before, after in zip(nav.pages, [None, *nav.pages], [*nav.pages[1:], None], strict=False):
        page.previous_page, page.next_page = before, after


def can_be_cut(html: str) -> bool:
    """Return whether a shell can still be cut after other plug-ins have changed it.

    A minifier takes quotation marks away from attributes that need none, and what is put in place of a marker would
    need them. It takes them from the links of the contents list too, by which that list is found.
    """
    return not _UNQUOTED.search(html) and (Marker.ITEM_TEXT not in html or f'"#{Marker.ITEM_ID}"' in html)


def _without_shells(items: Iterable[StructureItem]) -> Iterator[StructureItem]:
    for item in items:
        if isinstance(item, Section):
            item.children = list(_without_shells(item.children))
            if not item.children:
                continue
        if not isinstance(item, Page) or not is_shell_page(item.file):
            yield item
