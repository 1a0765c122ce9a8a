"""The sitemap: a site's addresses for search engines. It asks no clock, so the same site gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote
from xml.sax.saxutils import escape


def sitemap(site_url: str, addresses: Iterable[str]) -> bytes:
    """Return the sitemap of these addresses (relative to the site's root, not percent-encoded), sorted."""
    base = site_url.rstrip("/") + "/"
    lines = (f"<url><loc>{escape(base + quote(address, safe='/'))}</loc></url>" for address in sorted(set(addresses)))
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return (head + "\n".join(lines) + "\n</urlset>\n").encode()
