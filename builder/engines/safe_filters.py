"""Filters of the theme's templates, replaced where the theme's own would turn text back into markup."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any

from markupsafe import Markup, escape


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
