"""The site's search described to browsers, which then offer it in their address bar: OpenSearch 1.1."""

from __future__ import annotations

from html import escape

from builder.search.search_page import ADDRESS
from builder.translation import Translation

DESCRIPTION = "opensearch.xml"

_TYPE = "application/opensearchdescription+xml"
_SHORT_NAME, _DESCRIPTION = 16, 1024  # characters that OpenSearch 1.1 allows in these elements


def opensearch_link(title: str, site_url: str | None) -> str:
    """Return the element for ``<head>`` that names the description; empty if the site's address is not known."""
    if not site_url:
        return ""
    href = escape(site_url.rstrip("/") + "/" + DESCRIPTION)
    return f'<link rel="search" type="{_TYPE}" title="{escape(title)}" href="{href}">'


def opensearch(title: str, site_url: str, translation: Translation) -> bytes:
    """Return the content of ``opensearch.xml``."""
    short, long = (
        title[:_SHORT_NAME],
        translation.gettext("Search documents and notes: %(site)s", site=title)[:_DESCRIPTION],
    )
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
