"""The link that skips to the content is the first that the keyboard reaches, and leads there on every kind of page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sharing import shared

from builder.engines.mkdocs_commands import build_site

FILES = {
    "docs/index.md": "# Home\n\nWords.\n",
    "docs/page.md": "# Page\n\n## Part\n\n[A link](index.md).\n",
    "seeds/a.txt": "It was the best of times.\n",
    "seeds/a.yml": "claims:\n  - {id: n, quote: best of times, note: Was it?, verdict: partly, statement: It was., "
    "speaker: Ann}\n",
    "mkdocs.yml": "site_name: T\nsite_url: http://skip.localhost/\n"
    "theme: {name: material, language: de, font: false, features: [navigation.path]}\n"
    "plugins: [{postil: {search: false}}]\n",
}


@pytest.fixture(scope="session")
def skipped(web: Any, tmp_path_factory: pytest.TempPathFactory) -> str:
    def make(root: Path) -> None:
        for name, content in FILES.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(content)
        assert build_site(root / "mkdocs.yml").published

    address: str = web.show("skip", shared(tmp_path_factory, "skip", make) / "site")
    return address


@pytest.mark.parametrize("path", ["", "page/", "documents/", "documents/a/", "claims/a/n/", "people/ann/", "404.html"])
def test_the_keyboard_gets_to_the_content(chromium: Any, skipped: str, path: str) -> None:
    page = chromium.new_page()
    page.goto(skipped + path, timeout=20_000)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Zum Inhalt"
    page.keyboard.press("Enter")
    page.wait_for_function("location.hash == '#__content'", timeout=20_000)
    heading = page.locator("article h1").first.bounding_box()
    assert 0 < heading["y"] < page.viewport_size["height"]
    page.keyboard.press("Tab")
    assert page.evaluate("!document.activeElement.closest('header, nav.md-nav--primary')"), "the navigation is skipped"
    page.close()
