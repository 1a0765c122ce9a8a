"""A walk through the site in WebKit: words and note of a link, the sheet, search, the outline of a focused note."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from landing import DOCUMENTS, NOTES, missed, missed_by_hash
from webkit import WebKit

from builder.search.check_pagefind import pagefind_available

NARROW = 390  # the window is as narrow as it can be
SHEET = "dialog.postil-sheet[open]"
# How far the outline of the element with the focus reaches out of what cuts it off, and whether there is one.
OUTLINE = """() => {
  const focused = document.activeElement;
  const { outlineStyle, outlineWidth, outlineOffset } = getComputedStyle(focused);
  const around = parseFloat(outlineWidth) + parseFloat(outlineOffset);
  const card = focused.getBoundingClientRect();
  const column = focused.closest(".postil-margin").getBoundingClientRect();
  return {
    outlined: outlineStyle === "solid" && parseFloat(outlineWidth) === 2,
    cut: card.left - around < column.left || card.right + around > column.right || card.top - around < column.top,
  };
}"""


@pytest.fixture
def page(webkit: WebKit) -> Iterator[WebKit]:
    yield webkit
    webkit.goto("about:blank")


@pytest.mark.parametrize("width", [NARROW, 1440])
def test_links_land(page: WebKit, corpus: str, width: int) -> None:
    page.resize(width)
    for document in DOCUMENTS:
        address = f"{corpus}documents/{document}/"
        page.goto(address)
        last = page.evaluate(NOTES)[-1]
        page.goto(f"{address}?loaded#note-{last}")
        assert not missed(page, last)
    assert missed_by_hash(page, f"{corpus}documents/{DOCUMENTS[0]}/") == []


def test_a_sheet_opens_on_lit_words_and_the_way_back_closes_it(page: WebKit, reading: str) -> None:
    page.resize(NARROW)
    page.goto(f"{reading}documents/bridge/")
    page.wait_for_selector(".postil-opener")
    page.click("[data-postil=ref] a[href$='#note-month']")
    page.wait_for_selector(SHEET)
    assert not missed(page, "month")
    page.evaluate("() => history.back()")
    page.wait_for("(sheet) => !document.querySelector(sheet) && !location.hash", SHEET)
    assert page.evaluate("() => location.pathname") == "/documents/bridge/"


@pytest.mark.skipif(not pagefind_available(), reason="Pagefind is not installed")
def test_search_leads_to_a_note(page: WebKit, corpus: str) -> None:
    page.resize(1440)
    page.goto(f"{corpus}about/")
    page.click("[data-postil-search=open]")
    page.wait_for_selector("dialog[open] input")
    page.type("dialog[open] input", "summit")
    page.wait_for_selector("[role=option][href*='#note-']")
    note = page.evaluate("() => document.querySelector('[role=option][href*=\"#note-\"]').hash.slice(6)")
    page.click(f"[role=option][href$='#note-{note}']")
    page.wait_for("(note) => location.hash === `#note-${note}`", note)
    page.wait_for_selector(".postil-opener")
    assert not missed(page, note)


def test_the_outline_of_a_note_with_the_focus_is_whole(page: WebKit, reading: str) -> None:
    page.resize(1440)
    page.goto(f"{reading}documents/bridge/#note-month")
    page.wait_for_selector(".postil-note:focus-visible")
    assert page.evaluate(OUTLINE) == {"outlined": True, "cut": False}
