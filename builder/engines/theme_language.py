"""The theme in the readers' language: its own words, and the direction of the page."""

from __future__ import annotations

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page

from builder.addresses import page_file
from builder.render.index_pages import INDEXES
from builder.search import search_page
from builder.translation import Translation

_LANGUAGES = Path("partials") / "languages"  # of Material's templates
_HTML = re.compile(r"<html(?=[\s>])(?![^>]*\sdir=)")


def speak_in_theme(config: MkDocsConfig, translation: Translation) -> None:
    """Set the theme to the language that our words are in, if it has it: a page is in one language."""
    for tag in (translation.tag, translation.tag.partition("-")[0]):
        if any((Path(folder) / _LANGUAGES / f"{tag}.html").is_file() for folder in config.theme.dirs):
            config.theme["language"] = tag
            return


def name_sections(nav: Navigation, translation: Translation) -> None:
    """Give the sections that MkDocs has named after the folders of our lists the names of these lists."""
    named = {page_file(index.address): index.title for index in INDEXES.values()} | {
        page_file(search_page.ADDRESS): search_page.TITLE
    }
    for section in nav.items:
        if isinstance(section, Section):
            for page in section.children:
                title = named.get(page.file.dest_uri) if isinstance(page, Page) else None
                if title == section.title:
                    section.title = translation.gettext(title)


def with_direction(html: str, translation: Translation) -> str:
    """Return a page that says its direction at its root, where the window's own parts look for it; only right to left.

    Material says it in ``<body>``. A page that says it at its root already is returned as it is.
    """
    return _HTML.sub('<html dir="rtl"', html, count=1) if translation.rtl else html
