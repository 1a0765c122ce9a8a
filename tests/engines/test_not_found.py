"""The page for addresses that there are not: its links lead to pages, from whatever address it is sent for."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from builder.engines.mkdocs_commands import build_site
from builder.search.check_pagefind import pagefind_available

pytestmark = pytest.mark.sites

FILES = {
    "docs/index.md": "# Home\n",
    "seeds/a.txt": "It was the best of times.\n",
    "seeds/a.yml": "context:\n  - {id: n, quote: best of times, note: Was it?}\n",
}
LISTS = ["Documents", "Claims", "Sources", "Topics", "People", "Corrections"]


def lost(root: Path, settings: str) -> tuple[LexborHTMLParser, Path]:
    theme = "theme: {name: material, font: false}\n"
    for name, content in {**FILES, "mkdocs.yml": f"site_name: T\n{theme}{settings}"}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    assert build_site(root / "mkdocs.yml").published
    return LexborHTMLParser((root / "site" / "404.html").read_text()), root / "site"


@pytest.mark.parametrize(
    "site_url", ["", "site_url: https://t.example/\n", "site_url: https://t.example/sub/c%C3%B6rpus\n"]
)
@pytest.mark.parametrize("directory_urls", [True, False])
@pytest.mark.parametrize("search", [True, False])
def test_every_way_on_leads_to_a_page(tmp_path: Path, site_url: str, *, directory_urls: bool, search: bool) -> None:
    search = search and pagefind_available()
    own = (
        f"plugins: [{{postil: {{search: {str(search).lower()}}}}}]\nuse_directory_urls: {str(directory_urls).lower()}\n"
    )
    tree, site = lost(tmp_path, site_url + own)
    root = urlsplit(site_url.removeprefix("site_url: ").strip() or "/").path.rstrip("/") + "/"
    ways = tree.css_first(".postil-lost")
    assert ways is not None
    assert [link.text() for link in ways.css("a")] == LISTS
    links = [each.attributes["href"] or "" for each in [*ways.css("a"), *tree.css('link[rel~="feed"]')]]
    forms = [form.attributes["action"] or "" for form in ways.css("form")]
    assert len(forms) == search
    for link in links + forms:
        there = urlsplit(urljoin("https://t.example/any/where/at/all", link)).path
        assert there.startswith(root)
        path = site / unquote(there.removeprefix(root))
        assert (path / "index.html" if there.endswith("/") else path).is_file()
        assert directory_urls == there.endswith("/") or there.endswith(".xml")
    assert bool(tree.css('[data-postil-search="dialog"]')) == search
    skip, content = tree.css_first("a.md-skip"), tree.css_first("article")
    assert skip is not None
    assert content is not None
    assert skip.attributes["href"] == f"#{content.attributes['id']}"


def test_it_says_what_happened_under_the_theme_s_heading(tmp_path: Path) -> None:
    tree, _ = lost(tmp_path, "plugins: [{postil: {search: false}}]\n")
    heading, text = tree.css_first("article h1"), tree.css_first(".postil-lost p")
    assert heading is not None
    assert text is not None
    assert heading.text() == "404 - Not found"
    assert text.text() == "There is no page at this address. It may have moved, or the link to it may be misspelt."
