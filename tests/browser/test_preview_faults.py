"""A preview shows on every page what stands in the way of publishing: small, and wherever a reader has scrolled to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import html5lib
import pytest
from mkdocs.commands.build import build

from builder.engines.build import BuildOptions
from builder.engines.mkdocs import load_site

FILES = {
    "docs/index.md": "# Home\n\n[[nowhere]]\n\n<!-- postil: nothing -->\n",
    "docs/about.md": "# About\n",
    "docs/zoo.md": "# Zoo\n\n[[a#m]]\n",
    "seeds/a.txt": "It was the best of times.\n",
    "seeds/a.yml": "context:\n  - {id: n, quote: worst of times, note: Was it?}\n  - {id: o, quote: best, note: Y}\n",
    "mkdocs.yml": "site_name: T\ntheme: {name: material, font: false}\nplugins: [{postil: {search: false}}]\n",
}


def previewed(root: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    site = load_site(root / "mkdocs.yml", site_dir=root / "preview")
    site.plugin.options = BuildOptions(quiet=True)
    site.config.plugins.on_startup(command="serve", dirty=False)
    try:
        build(site.config, serve_url="http://127.0.0.1:8000/")
    finally:
        site.config.plugins.on_shutdown()
        site.plugin.on_startup(command="build", dirty=False)  # MkDocs keeps it for the next build
    return root / "preview"


def panel(page: Path) -> list[str]:
    tree = html5lib.parse(page.read_bytes(), namespaceHTMLElements=False, transport_encoding="utf-8")
    found = tree.findall(".//div[@class='postil-problems md-typeset']/details[@class='danger']")
    return ["".join(part.itertext()) for details in found for part in details.iter() if part.tag in {"summary", "li"}]


def test_every_page_shows_the_faults_of_documents_and_of_hand_written_pages(tmp_path: Path) -> None:
    site = previewed(tmp_path, FILES)
    told = panel(site / "index.html")
    assert told[0] == "4 problems: nothing can be published until mended"
    places = ["docs/index.md:3:1 L301", "docs/index.md:5:1 P404", "docs/zoo.md:3:1 L302", "seeds/a.yml:2:20 Q201"]
    assert [":".join(line.split(":")[:3]) for line in told[1:]] == places
    for page in ("about", "zoo", "documents/a", "documents"):
        assert panel(site / page / "index.html") == told


def test_a_sound_corpus_shows_none_and_very_many_faults_are_cut_short(tmp_path: Path) -> None:
    sound = {**FILES, "docs/index.md": "# Home\n", "docs/zoo.md": "", "seeds/a.yml": ""}
    assert panel(previewed(tmp_path, sound) / "documents" / "a" / "index.html") == []
    many = "".join(f"[[nowhere-{number}]]\n\n" for number in range(130))
    told = panel(previewed(tmp_path, {**sound, "docs/index.md": many}) / "about" / "index.html")
    assert told[0] == "130 problems: nothing can be published until mended"
    assert told[-1] == "and 30 more: postil check tells all"


@pytest.mark.parametrize("width", [390, 1300])
def test_a_reader_who_was_led_to_a_note_sees_them(tmp_path: Path, chromium: Any, width: int) -> None:
    text = "\n\n".join(f"It was the best of times, {number}." for number in range(90))
    note = "context:\n  - {id: o, quote: 'best of times, 80', note: Y}\n"
    site = previewed(tmp_path, {**FILES, "seeds/a.txt": text, "seeds/a.yml": note})
    page = chromium.new_page(viewport={"width": width, "height": 700})
    page.goto(f"{(site / 'documents' / 'a' / 'index.html').as_uri()}#quote-o")
    page.wait_for_function("() => scrollY > 500")
    panel = page.locator(".postil-problems")
    box = panel.bounding_box()
    assert box["height"] < 100
    assert 600 < box["y"] + box["height"] <= 700
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    summary = panel.locator("summary")
    icon = "getComputedStyle(document.querySelector('.postil-problems summary'), '::before').backgroundColor"
    assert page.evaluate(icon) == "rgb(255, 23, 68)"  # the theme's colour of danger
    if width < 500:  # the note is open in a sheet, which lies over everything until it is closed
        page.keyboard.press("Escape")
    summary.click()
    opened = panel.bounding_box()
    assert opened["height"] > box["height"]
    assert opened["y"] >= 48  # below the header
    assert panel.get_by_text("docs/zoo.md:3:1").is_visible()
    page.close()
