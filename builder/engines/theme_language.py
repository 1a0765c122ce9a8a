"""The theme in the readers' language: its own words, and the direction of the page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from builder.render.index_pages import INDEXES
from builder.search import search_page
from builder.translation import Translation

_LANGUAGES = Path("partials") / "languages"  # of Material's templates
_HTML = re.compile(r"<html(?=[\s>])(?![^>]*\sdir=)")


def theme_language(folders: Sequence[Path], translation: Translation) -> str:
    """Return the theme's name of the language that our words are in, "" if it lacks it: a page is in one language.

    ``folders``: those of the theme's templates.
    """
    tags = (translation.tag, translation.tag.partition("-")[0])
    known = (tag for tag in tags for folder in folders if (folder / _LANGUAGES / f"{tag}.html").is_file())
    return next(known, "")


def section_titles(translation: Translation) -> dict[str, tuple[str, str]]:
    """Return, for the address of each list, its title in English, as an engine names its folder, and translated."""
    titles = {index.address: index.title for index in INDEXES.values()} | {search_page.ADDRESS: search_page.TITLE}
    return {address: (title, translation.gettext(title)) for address, title in titles.items()}


def with_direction(html: str, translation: Translation) -> str:
    """Return a page that says its direction at its root, where the window's own parts look for it; only right to left.

    Material says it in ``<body>``. A page that says it at its root already is returned as it is.
    """
    return _HTML.sub('<html dir="rtl"', html, count=1) if translation.rtl else html
