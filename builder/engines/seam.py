"""What postil gives an engine to draw, and what it gets back. No type of an engine crosses this border."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from builder.addresses import DOCUMENTS, page_file
from builder.diagnostics import Diagnostic, Place
from builder.engines.pressed import PressedPage
from builder.publish.content_policy import PageScripts
from builder.render.page_assets import Asset
from builder.render.shell import ShellKey
from builder.translation import Translation


@dataclass(frozen=True, slots=True)
class OwnSettings:
    """postil's settings, as the guide's page of settings explains them. Two are true, false or a mapping."""

    seeds: str
    workers: int
    search: bool
    history: bool
    cards: object
    content_security_policy: object
    limits: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """The settings of a site, whichever engine has read them.

    ``file``: the file that they are written in.
    ``name``: of the site.
    ``url``: the address that pages are drawn for, "" if none is known; a preview's is its own.
    ``published_url``: the address that the site is published at, if it has one.
    ``docs_dir``, ``site_dir``: the folders of hand-written pages and of the published site.
    ``directory_urls``: whether links lead to folders; else to files.
    ``strict``: whether warnings forbid publishing.
    ``has_nav``: whether the owner has written a navigation.
    ``plugins``: names of the engine's plug-ins.
    ``theme``: the theme's name.
    ``language``: the language that the owner has set the theme to, "" if none.
    ``tabs``: whether the theme shows sections as tabs.
    ``loads_fonts``: whether pages load fonts from another host.
    ``repo_url``: the address of the repository that pages show, "" if none.
    ``scripts``, ``styles``: addresses of the owner's scripts and style sheets.
    ``own``: postil's settings.
    """

    file: Path
    name: str
    url: str
    published_url: str | None
    docs_dir: Path
    site_dir: Path
    directory_urls: bool
    strict: bool
    has_nav: bool
    plugins: frozenset[str]
    theme: str
    language: str
    tabs: bool
    loads_fonts: bool
    repo_url: str
    scripts: tuple[str, ...]
    styles: tuple[str, ...]
    own: OwnSettings

    @property
    def root(self) -> Path:
        """The project's folder."""
        return self.file.absolute().parent

    def has_plugin(self, name: str) -> bool:
        """Return whether there is a plug-in of this name, whichever theme it comes with: ``material/search`` too."""
        return any(plugin.rpartition("/")[2] == name for plugin in self.plugins)

    def place(self, key: str, *, inside: bool = False) -> Place:
        """Return where ``key`` stands in the file, at the margin or ``inside`` another; the file alone if nowhere."""
        before = r"[^#\n]*?(?<![\w./-])" if inside else ""
        return _place(self.file, rf"""^{before}["']?({re.escape(key)})["']?\s*:""")

    def list_item_place(self, item: str) -> Place:
        """Return where ``item`` stands in a list in the file; the file alone if it is not found."""
        return _place(self.file, rf"""^(?:\s*-\s+|[^#\n]*[\[,]\s*)["']?({re.escape(item)})["']?\s*(?:[,\]:#]|$)""")


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A file in the folder of hand-written pages.

    ``source``: its path in that folder.
    ``destination``: its path in the site.
    ``path``: where it is on disk, if it is.
    """

    source: str
    destination: str
    path: Path | None


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page with a list that nobody has written. ``listed``: whether a navigation of all pages shows it."""

    source: str
    content: str
    listed: bool


@dataclass(frozen=True, slots=True)
class Given:
    """What an engine is to draw besides the hand-written pages.

    ``settings``: those of the site.
    ``lists``: pages to draw as if they were written by hand.
    ``shells``: keys of the shells to draw.
    ``assets``: files to publish; pages load those that are not on demand.
    ``pressed``: pages that it does not draw, but that pages and a navigation may link to.
    ``translation``: the language that our words are in.
    ``own_words``: returns what a cross-link without words of its own shows, by its target as it is written.
    """

    settings: SiteSettings
    lists: tuple[ListPage, ...]
    shells: tuple[ShellKey, ...]
    assets: tuple[Asset, ...]
    pressed: tuple[PressedPage, ...]
    translation: Translation
    own_words: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A hand-written page that an engine draws.

    ``address``: percent-encoded; "" for the home page.
    ``source``: the path of its file, relative to the folder of hand-written pages.
    ``path``: where that file is; None if it is nowhere.
    ``title``: as plain text.
    ``excluded``: whether it asks to be left out of search.
    ``own_template``: whether its author has chosen a template for it.
    ``generated``: whether it is one of postil's lists.
    """

    address: str
    source: str
    path: Path | None
    title: str
    excluded: bool = False
    own_template: bool = False
    generated: bool = False

    def place(self, docs: Path, written: str = "") -> Place:
        """Return where these characters stand in the page, its beginning if none are given; the page alone if nowhere.

        ``docs``: the folder of hand-written pages.
        """
        name = f"{docs.name}/{self.source}"
        source = self.path.read_text(encoding="utf-8-sig", errors="replace") if self.path else None
        at = source.find(written) if source is not None else -1
        if source is None or at < 0:
            return Place(name)
        return Place(name, source.count("\n", 0, at) + 1, at - source.rfind("\n", 0, at))


@dataclass(frozen=True, slots=True)
class Drawn:
    """What an engine has drawn, before anything of the corpus is filled in.

    ``folder``: the site's files: hand-written pages (see ``raw_page.py``) and shells at their addresses, the theme's
    files, and the owner's.
    ``templates``: paths of the pages in it that the theme has besides, such as ``404.html``.
    ``theme``: the scripts that pages have of the theme, whatever they hold, with the depth of the pages: how many
    folders below the site's root they are, -1 if they may be anywhere.
    ``skip_label``: "Skip to content" in the theme's language.
    ``leads_to_documents``: whether the navigation does.
    ``said``: what the engine told.
    """

    folder: Path
    templates: tuple[str, ...]
    theme: tuple[tuple[int, PageScripts], ...]
    skip_label: str
    leads_to_documents: bool
    said: tuple[Diagnostic, ...]


class Engine(Protocol):
    """A program that draws the theme."""

    def draw(self, given: Given, out: Path) -> Drawn:
        """Draw the hand-written pages and the shells into the empty folder ``out``, or raise UserError."""


def is_documents(source: str) -> bool:
    """Return whether a path in the site leads to the documents."""
    return source.startswith((DOCUMENTS, page_file(DOCUMENTS)))


def _place(file: Path, pattern: str) -> Place:
    source = file.read_text(encoding="utf-8-sig", errors="replace") if file.is_file() else ""
    found = re.search(pattern, source, re.MULTILINE)
    if not found:
        return Place(file.name)
    at = found.start(1)
    return Place(file.name, source.count("\n", 0, at) + 1, at - source.rfind("\n", 0, at))
