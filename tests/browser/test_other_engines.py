"""What readers do on a document's page works in pages that another engine draws."""

from __future__ import annotations

import importlib.util
import tomllib
from pathlib import Path
from typing import Any

import pytest
from sharing import ROOT, shared

from builder.engines.commands import build_site
from builder.search.check_pagefind import pagefind_available

THEME = tomllib.loads((ROOT / "builder" / "engines" / "theme.toml").read_text(encoding="utf-8"))
TEXT = "\n\n".join(f"It was the best of times, {number}." for number in range(60))
FILES = {
    "docs/index.md": "# Home\n\n[[a#n]]\n\n<!-- postil: documents -->\n",
    "seeds/a.txt": TEXT,
    "seeds/a.yml": "claims:\n  - {id: n, quote: 'best of times, 40', note: 'Was it, indeed?', verdict: partly}\n",
    "mkdocs.yml": "site_name: T\nsite_url: http://zensical.localhost/\n"
    "theme: {name: material, font: false, features: [navigation.instant], palette: [{scheme: default, "
    "toggle: {icon: material/weather-night, name: Dark}}, {scheme: slate, "
    "toggle: {icon: material/weather-sunny, name: Light}}]}\nplugins: [postil]\n",
}
pytestmark = pytest.mark.skipif(importlib.util.find_spec("zensical") is None, reason="zensical is not installed")
PATIENCE = 20_000


@pytest.fixture(scope="session")
def site(web: Any, tmp_path_factory: pytest.TempPathFactory) -> str:
    def make(root: Path) -> None:
        for name, content in FILES.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(content)
        assert build_site(root / "mkdocs.yml", engine="zensical", strict=True).published

    address: str = web.show("zensical", shared(tmp_path_factory, "zensical", make) / "site")
    return address


def test_a_cross_link_leads_to_the_note_beside_its_words(chromium: Any, site: str) -> None:
    page = chromium.new_page(viewport={"width": 1400, "height": 800})
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("response", lambda answer: faults.append(answer.url) if answer.status >= 400 else None)
    page.goto(site, timeout=PATIENCE)
    page.locator("article a[href*='#note-n']").first.click()
    page.wait_for_url("**/documents/a/#note-n", timeout=PATIENCE)
    note, quote = page.locator("#note-n"), page.locator("#quote-n")
    note.wait_for(timeout=PATIENCE)
    page.wait_for_function(
        "() => { const box = document.getElementById('quote-n').getBoundingClientRect();"
        " return box.top > 0 && box.bottom < innerHeight }",
        timeout=PATIENCE,
    )
    beside, words = note.bounding_box(), quote.bounding_box()
    assert beside["x"] >= words["x"] + words["width"], "it is in the margin"
    assert faults == []
    page.close()


def test_a_phone_shows_the_note_in_a_sheet(chromium: Any, site: str) -> None:
    page = chromium.new_page(viewport={"width": 390, "height": 700})
    page.goto(f"{site}documents/a/", timeout=PATIENCE)
    page.locator("#quote-n").scroll_into_view_if_needed()
    page.locator("#quote-n").click()
    page.wait_for_function("() => document.body.innerText.includes('Was it, indeed?')", timeout=PATIENCE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()


@pytest.mark.skipif(not pagefind_available(), reason="Pagefind is not installed")
def test_search_finds_the_note(chromium: Any, site: str) -> None:
    page = chromium.new_page(viewport={"width": 1400, "height": 800})
    page.goto(f"{site}search/?q=indeed", timeout=PATIENCE)
    page.locator("article a[href*='documents/a/']").first.wait_for(timeout=PATIENCE)
    page.close()


@pytest.mark.parametrize("scheme", ["default", "slate"])
def test_the_theme_has_what_we_rely_on(chromium: Any, site: str, scheme: str) -> None:
    page = chromium.new_page(viewport={"width": 1400, "height": 800})
    page.goto(f"{site}documents/a/", timeout=PATIENCE)
    page.evaluate("scheme => document.body.setAttribute('data-md-color-scheme', scheme)", scheme)
    names = [entry["name"] for entry in THEME["variable"]]
    values = page.evaluate(
        "names => names.map(name => getComputedStyle(document.querySelector('.md-footer-meta, body'))"
        ".getPropertyValue(name).trim())",
        names,
    )
    assert [name for name, value in zip(names, values, strict=True) if not value] == []
    page.close()
