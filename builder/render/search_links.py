"""What search shows outside the box: the slot of its page, ways there, its description for the browser's own search."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from importlib.resources import files
from urllib.parse import urlencode

from builder.addresses import relative_url
from builder.model import Project
from builder.render.counts import VerdictCount

SLOT = "search"
ADDRESS = "search/"
TITLE = "Search"
DESCRIPTION = "opensearch.xml"

_TYPE = "application/opensearchdescription+xml"
_MOST = 16, 1024  # letters that OpenSearch 1.1 allows in the short name and the description


def search_slot(address: str) -> str:
    """Give what stands in the search slot of the page at ``address``, as HTML; its script makes it work."""
    template = (files("builder.search") / "templates" / "search-page.html").read_text(encoding="utf-8")
    return template.replace("{root}", relative_url(address, ""))


def search_href(project: Project, address: str, facets: Iterable[tuple[str, str]]) -> str | None:
    """Give the link from the page at ``address`` to the search with these filters; None on a site without search.

    ``facets`` are (name, value) as the search page's address has them; a name may come several times.
    """
    return relative_url(address, f"{project.search}?{urlencode(list(facets))}") if project.search else None


def verdict_search_hrefs(
    counts: Iterable[VerdictCount], project: Project, address: str, facets: Iterable[tuple[str, str]] = ()
) -> dict[str, str]:
    """Give the link to the search for each verdict of a tally, among the notes with these filters.

    What is no step of the scale (a closed verdict) cannot be searched for.
    """
    steps = (each.verdict for each in counts if each.verdict in project.verdicts)
    found = ((step, search_href(project, address, [*facets, ("verdict", step)])) for step in steps if step)
    return {step: href for step, href in found if href}


def opensearch_link(title: str, site_url: str | None) -> str:
    """Give the element for ``<head>`` that leads browsers to the description; nothing without a site's address."""
    if not site_url:
        return ""
    href = escape(site_url.rstrip("/") + "/" + DESCRIPTION)
    return f'<link rel="search" type="{_TYPE}" title="{escape(title)}" href="{href}">'


def opensearch(title: str, site_url: str) -> bytes:
    """Give the description of the site's search, as OpenSearch 1.1 has it."""
    short, long = title[: _MOST[0]], f"Search documents and notes: {title}"[: _MOST[1]]
    template = f"{site_url.rstrip('/')}/{ADDRESS}?q={{searchTerms}}"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
        f"  <ShortName>{escape(short)}</ShortName>\n"
        f"  <Description>{escape(long)}</Description>\n"
        "  <InputEncoding>UTF-8</InputEncoding>\n"
        f'  <Url type="text/html" method="get" template="{escape(template)}"/>\n'
        "</OpenSearchDescription>\n"
    ).encode()
