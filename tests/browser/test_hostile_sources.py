"""Nothing that a source or a sidecar holds runs in a browser, on any kind of page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sharing import shared
from stored_script import ATTACKS, lay_out

from builder.engines.commands import build_site

HURT = "window.hurt = []; window.evil = () => { window.hurt.push(location.pathname) }"
HEADING = "{slug}-h1 {slug}-only {slug}-setext {slug}-nested {slug}-meta {slug}-html {slug} documents/{slug}"
OTHERS = ["", "404.html", "documents/", "claims/", "overview/", "people/", "sources/s/", "topics/t/", "slots/claims/"]


@pytest.fixture(scope="session")
def served(web: Any, tmp_path_factory: pytest.TempPathFactory) -> str:
    def make(root: Path) -> None:
        result = build_site(lay_out(root, navigation=False, search=True))
        assert result.published, [str(diagnostic) for diagnostic in result.diagnostics]
        control = "<title>x" + ATTACKS["element"] + ATTACKS["image"]
        (root / "site" / "control.html").write_text(control, encoding="utf-8")

    return web.show("hostile", shared(tmp_path_factory, "hostile", make) / "site")


@pytest.fixture(scope="module")
def page(chromium: Any) -> Iterator[Any]:
    opened = chromium.new_page()
    opened.add_init_script(HURT)
    yield opened
    opened.close()


def hurt(page: Any, address: str) -> Any:
    page.goto(address, wait_until="load", timeout=20_000)
    page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    return page.evaluate("window.hurt")


def test_the_attacks_are_seen_where_nothing_keeps_them_off(page: Any, served: str) -> None:
    page.goto(served + "control.html", timeout=20_000)
    page.wait_for_function("window.hurt.length == 2", timeout=20_000)


@pytest.mark.parametrize("slug", ATTACKS)
def test_no_page_that_takes_words_of_a_source_runs_them(page: Any, served: str, slug: str) -> None:
    for name in HEADING.format(slug=slug).split():
        assert hurt(page, f"{served}{name}/") == [], name


@pytest.mark.parametrize("name", OTHERS)
def test_no_list_runs_them(page: Any, served: str, name: str) -> None:
    assert hurt(page, served + name) == []
