"""The list of a site's addresses for search engines, without clocks: the same site gives the same bytes."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from urllib.parse import quote
from xml.sax.saxutils import escape


def sitemap(site_url: str, addresses: Iterable[str]) -> bytes:
    """The sitemap of these addresses (relative to the site's root, unquoted), sorted. Dates are left out on purpose."""
    base = site_url.rstrip("/") + "/"
    lines = (f"<url><loc>{escape(base + quote(each, safe='/'))}</loc></url>" for each in sorted(set(addresses)))
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return (head + "\n".join(lines) + "\n</urlset>\n").encode()


def compressed(content: bytes) -> bytes:
    """The same, compressed, with no time stamp in it."""
    return gzip.compress(content, mtime=0)
