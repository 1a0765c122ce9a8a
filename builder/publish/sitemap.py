"""The sitemap: a site's addresses for search engines. It asks no clock, so the same site gives the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote
from xml.sax.saxutils import escape


def sitemap(site_url: str, pages: Mapping[str, str]) -> bytes:
    """Return the sitemap of these pages, sorted.

    ``pages``: address, relative to the site's root and not percent-encoded -> when the page last changed, ISO 8601;
    "" if that is not known.
    """
    base = site_url.rstrip("/") + "/"
    lines = (
        f"<url><loc>{escape(base + quote(address, safe='/'))}</loc>"
        f"{f'<lastmod>{escape(changed)}</lastmod>' if changed else ''}</url>"
        for address, changed in sorted(pages.items())
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return (head + "\n".join(lines) + "\n</urlset>\n").encode()
