"""The search page: where it is, and what its slot ``<!-- postil: search -->`` is replaced with."""

from __future__ import annotations

from importlib.resources import files

from builder.addresses import relative_url
from builder.translation import N_

SLOT = "search"
ADDRESS = "search/"
TITLE = N_("Search")


def search_slot(address: str) -> str:
    """Return the HTML of the search slot on the page at ``address``; its script fills it."""
    template = (files("builder.search") / "templates" / "search-page.html").read_text(encoding="utf-8")
    return template.replace("{root}", relative_url(address, ""))
