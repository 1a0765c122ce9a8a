"""A site with `use_directory_urls: false` can be read from a folder: links, margin and notes need no server."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

import pytest

from builder.engines.mkdocs_commands import build_site
from builder.search.check_pagefind import pagefind_available

OFFLINE = "plugins: [search, offline, {postil: {search: SEARCH}}]\n"
FILES = {
    "docs/index.md": "# Home\n\n[[a]], [[a#n]], [all](documents/index.md), [more](more/page.md)\n\n"
    "<!-- postil: overview -->\n",
    "docs/more/page.md": "# More\n\n[the document](../documents/a.md#note-n) and [[b/c]]\n\n<!-- postil: claims -->\n",
    "seeds/a.txt": "It was the best of times, it was the worst of times.\n",
    "seeds/a.yml": "topics: [t]\nclaims:\n"
    "  - {id: n, quote: best of times, note: 'See [[b/c]] and [[b/c#m]].', verdict: partly, statement: Best.,\n"
    "     speaker: Ann, sources: [s]}\n",
    "seeds/b/c.txt": "It was the age of wisdom.\n",
    "seeds/b/c.yml": "context:\n  - {id: m, quote: age of wisdom, note: Was it?}\n",
    "seeds/corpus.yml": "topics: {t: {label: T, about: 'See [[a]].'}}\n",
    "seeds/sources.yml": "s: {title: A report, url: 'https://h.example/'}\n",
}


@pytest.fixture(scope="module", params=["use_directory_urls: false\nplugins: [{postil: {search: SEARCH}}]\n", OFFLINE])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("folder")
    settings = "site_name: T\ntheme: {name: material, font: false, features: [navigation.footer, navigation.path]}\n"
    plugins = str(request.param).replace("SEARCH", str(pagefind_available()).lower())
    for name, content in {**FILES, "mkdocs.yml": settings + plugins}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    result = build_site(root / "mkdocs.yml")
    assert result.published, [str(diagnostic) for diagnostic in result.diagnostics]
    return root / "site"


def test_every_link_leads_to_a_file_and_every_fragment_to_an_element(site: Path) -> None:
    pages = {path: path.read_text() for path in site.rglob("*.html") if path.name != "404.html"}
    assert {path.relative_to(site).as_posix() for path in pages} >= {
        "index.html", "more/page.html", "documents/a/index.html", "documents/b/c/index.html", "claims/a/n/index.html",
    }  # fmt: skip
    broken = []
    for path, html in pages.items():
        for link in re.findall(r'<(?:a|link)\b[^>]*?\shref="([^"]*)"', html):
            target, fragment = urldefrag(urljoin(path.as_uri(), link))
            if not target.startswith("file:"):
                continue
            file = Path(unquote(target.partition("?")[0].removeprefix("file://")))
            if not file.is_file() or (fragment and f'id="{unquote(fragment)}"' not in file.read_text()):
                broken.append((path.relative_to(site).as_posix(), link))
    assert broken == []


def test_a_document_has_its_notes_in_the_margin(site: Path, chromium: Any) -> None:
    page = chromium.new_page(viewport={"width": 1440, "height": 900})
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text) if message.type == "error" else None)
    page.route("https://unpkg.com/**", lambda route: route.fulfill(body=""))  # a script that offline adds, of the theme
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.goto((site / "index.html").as_uri(), timeout=20_000)
    page.click("article a[href$='#note-n']")
    page.wait_for_url("**/documents/a/index.html#note-n", timeout=20_000)
    words, note = page.locator("[data-postil=text]").bounding_box(), page.locator("#note-n").bounding_box()
    assert note["x"] > words["x"] + words["width"] / 2, "beside the text"
    page.click("#note-n a[href$='#note-m']")
    page.wait_for_url("**/documents/b/c/index.html#note-m", timeout=20_000)
    assert messages == []
    page.close()


@pytest.mark.skipif(not pagefind_available(), reason="Pagefind is not installed")
def test_search_says_what_it_needs(site: Path, chromium: Any) -> None:
    page = chromium.new_page()
    page.goto((site / "documents" / "a" / "index.html").as_uri(), timeout=20_000)
    page.keyboard.press("/")
    page.wait_for_selector(".postil-search [role=status]:has-text('only from a server')", timeout=20_000)
    page.goto((site / "search" / "index.html").as_uri(), timeout=20_000)
    page.wait_for_selector("article :text('only from a server')", timeout=20_000)
    page.close()
