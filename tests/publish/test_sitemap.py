from __future__ import annotations

from xml.etree import ElementTree as ET

from builder.publish.sitemap import sitemap

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def test_addresses_are_whole_quoted_and_sorted_and_pages_with_a_date_have_it() -> None:
    content = sitemap("https://a.example/c", {"documents/b/": "2026-11", "": "", "documents/ä&/": "2026-11-22"})
    pages = [(page.findtext(f"{SPACE}loc"), page.findtext(f"{SPACE}lastmod")) for page in ET.fromstring(content)]  # noqa: S314
    assert pages == [
        ("https://a.example/c/", None),
        ("https://a.example/c/documents/b/", "2026-11"),
        ("https://a.example/c/documents/%C3%A4%26/", "2026-11-22"),
    ]
