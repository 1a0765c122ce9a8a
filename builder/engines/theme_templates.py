"""What is taken from the theme's templates, and its filters that would turn text back into markup, replaced."""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping
from typing import Any

from markupsafe import Markup, escape

from builder.render.shell import Marker

_UNQUOTED = re.compile(r"""=[^"'<>\s]*postil-slot""")


def skip_label(env: Any, config: object) -> str:  # noqa: ANN401 - Jinja2 lives in render/
    """Return "Skip to content" in the theme's language; "" if the theme is not like Material."""
    template = '{% import "partials/language.html" as lang with context %}{{ lang.t("action.skip") }}'
    try:
        return str(env.from_string(template).render(config=config)).strip()
    except Exception:  # noqa: BLE001 - whatever a theme's templates raise, it is no reason to fail
        return ""


def make_filters_safe(filters: MutableMapping[str, Callable[..., Any]]) -> None:
    """Replace ``striptags`` by one whose result is safe to print.

    Jinja's own takes the tags out and then decodes what was escaped: `&lt;script&gt;` of a heading comes out as a tag,
    and MkDocs draws its themes without autoescaping. The new result is escaped, and marked so that a filter `e` behind
    it does not escape it twice.
    """
    strip = filters["striptags"]

    def striptags(value: object) -> Markup:
        return escape(str(strip(value)))

    filters["striptags"] = striptags


def can_be_cut(html: str) -> bool:
    """Return whether a shell can still be cut after other plug-ins have changed it.

    A minifier takes quotation marks away from attributes that need none, and what is put in place of a marker would
    need them. It takes them from the links of the contents list too, by which that list is found.
    """
    return not _UNQUOTED.search(html) and (Marker.ITEM_TEXT not in html or f'"#{Marker.ITEM_ID}"' in html)
