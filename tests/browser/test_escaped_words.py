"""No word of ours escapes translation in what scripts draw: the sheet, the keys, filters, lists, search."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pseudo_language import build, escaped, known
from sharing import shared

from builder.search.check_pagefind import pagefind_available

# What is read or heard of everything of ours, whether it is shown now or not.
SHOWN = """() => [...document.querySelectorAll("[class*=postil], [class*=postil] *")].flatMap((element) =>
  element.closest("pre, code, script, noscript, style, .postil-address, .Z3988") ? [] : [
    ...[...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data),
    ...["aria-label", "title", "placeholder"].map((name) => element.getAttribute(name) ?? ""),
  ])"""
GALLIA = "documents/epistulae/gallia/"


@pytest.fixture
def visit(tabs: Any, web: Any, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., tuple[Any, set[str]]]:
    """Opens a page of the site; also gives the words that are not ours."""
    site = shared(tmp_path_factory, "pseudo", build) / "site"
    address = web.show("pseudo", site)

    def go(to: str, width: int) -> tuple[Any, set[str]]:
        page = tabs.new(address, viewport=(width, 900))
        page.goto(address + to)
        return page, known(site.parent / "seeds")

    return go


def assert_none(page: Any, ours: set[str]) -> None:
    assert escaped(page.evaluate(SHOWN), ours) == set()


@pytest.mark.parametrize("width", [390, 1440])
def test_a_document(visit: Callable[..., tuple[Any, set[str]]], width: int) -> None:
    page, ours = visit(GALLIA, width)
    page.wait_for_selector(".postil-opener", state="attached")
    assert_none(page, ours)
    page.locator("[data-postil=ref] a").first.click()
    assert_none(page, ours)
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open]")
    assert_none(page, ours)
    page.keyboard.press("Escape")
    page.locator("[data-postil-do=text]").click()
    assert_none(page, ours)


@pytest.mark.parametrize("to", ["documents/", "claims/", "changes/", "overview/", "documents/altera/"])
def test_other_pages(visit: Callable[..., tuple[Any, set[str]]], to: str) -> None:
    page, ours = visit(to, 1440)
    page.wait_for_load_state("load")
    assert_none(page, ours)


@pytest.mark.skipif(not pagefind_available(), reason="Pagefind is not installed")
@pytest.mark.parametrize(
    "asked", ["", "q=gallia", "q=nusquam", "q=gallia+nusquam", "q=tripartita+orgetorix", "q=gallia&kind=claim"]
)
def test_the_search_page(visit: Callable[..., tuple[Any, set[str]]], asked: str) -> None:
    page, ours = visit(f"search/?{asked}", 1440)
    page.wait_for_function("() => !/^(|.*…)$/.test(document.querySelector('[data-postil-find=status]').textContent)")
    assert_none(page, ours | {"nusquam"})


@pytest.mark.skipif(not pagefind_available(), reason="Pagefind is not installed")
@pytest.mark.parametrize("asked", ["gallia", "nusquam"])
def test_the_search_box(visit: Callable[..., tuple[Any, set[str]]], asked: str) -> None:
    page, ours = visit(GALLIA, 1440)
    page.wait_for_selector(".postil-search-open:visible")
    page.keyboard.press("/")
    page.locator("dialog.postil-search input").fill(asked)
    page.wait_for_selector(".postil-hit--all", state="attached")
    assert_none(page, ours | {"nusquam"})
