"""An old address of a document leads to the new one, a link to a note there to the note; also without a script."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sharing import shared

from builder.engines.mkdocs_commands import build_site

FILES = {
    "docs/index.md": "# Home\n",
    "seeds/new/ä.txt": "It was the best of times.\n",
    "seeds/new/ä.yml": "aliases: [old/ö-b]\ncontext:\n  - {id: n, quote: best of times, note: Was it?}\n",
}
CONFIG = "site_name: T\ntheme: {name: material, font: false}\nplugins: [{postil: {search: false}}]\n"
OLD = "documents/old/ö-b/"


def make(root: Path, *, directory_urls: bool) -> None:
    config = CONFIG + f"use_directory_urls: {str(directory_urls).lower()}\n"
    for name, content in {**FILES, "mkdocs.yml": config}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, encoding="utf-8")
    assert build_site(root / "mkdocs.yml").published


@pytest.fixture(scope="session")
def moved(web: Any, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = shared(tmp_path_factory, "moved", lambda root: make(root, directory_urls=True))
    address: str = web.show("moved", folder / "site")
    return address


@pytest.fixture(scope="session")
def moved_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shared(tmp_path_factory, "moved-files", lambda root: make(root, directory_urls=False)) / "site"


@pytest.mark.parametrize("end", ["", "#note-n", "#quote-n", "?from=feed#note-n"])
def test_the_fragment_is_kept(tabs: Any, moved: str, end: str) -> None:
    page = tabs.new(moved)
    page.goto(f"{moved}{OLD}{end}")
    page.wait_for_function(f"decodeURI(location.href) === {f'{moved}documents/new/ä/{end}'!r}", timeout=20_000)


def test_the_way_back_does_not_lead_on_again(tabs: Any, moved: str) -> None:
    page = tabs.new(moved)
    page.goto(moved)
    page.evaluate("address => { location.href = address; }", f"{moved}{OLD}#note-n")
    page.wait_for_function("location.hash === '#note-n'", timeout=20_000)
    page.go_back()
    assert page.url == moved


def test_without_a_script_the_page_still_leads_there(tabs: Any, moved: str) -> None:
    page = tabs.new(moved, java_script_enabled=False)
    page.goto(f"{moved}{OLD}")
    page.wait_for_url(lambda url: url.endswith("/documents/new/%C3%A4/"), timeout=20_000)


def test_from_a_folder(tabs: Any, moved: str, moved_files: Path) -> None:
    page = tabs.new(moved)
    page.goto((moved_files / OLD / "index.html").as_uri() + "#note-n")
    page.wait_for_function(
        "location.pathname.includes('/documents/new/') && location.hash === '#note-n'", timeout=20_000
    )
