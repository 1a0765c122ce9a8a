from __future__ import annotations

from xml.etree import ElementTree as ET

from builder.publish.sitemap import sitemap


def test_addresses_are_whole_quoted_sorted_and_once() -> None:
    content = sitemap("https://a.example/c", ["documents/b/", "", "documents/ä&/", "documents/b/"])
    locations = [each.text for each in ET.fromstring(content).iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]  # noqa: S314
    assert locations == [
        "https://a.example/c/",
        "https://a.example/c/documents/b/",
        "https://a.example/c/documents/%C3%A4%26/",
    ]
