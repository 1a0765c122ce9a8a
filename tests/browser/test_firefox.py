"""What readers do, in Firefox: land on notes, open the sheet, filter, search, copy, read without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from landing import BACK, DOCUMENTS, NOTES, missed, missed_by_hash, missed_in_new_tabs

from builder.search.check_pagefind import pagefind_available

if TYPE_CHECKING:
    from firefox import Firefox, Page

Opened = Callable[..., "Page"]
SHEET = "dialog.postil-sheet[open]"
SHOWN = "() => [...document.querySelectorAll('[data-postil-kind]')].filter((card) => !card.hidden).length"
# A page of the site in a frame that runs no script, in a page that does: what is seen in it, and how wide it is.
SCRIPTLESS = """async ([address, width]) => {
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-same-origin");
  Object.assign(frame.style, { width: `${width}px`, height: "900px" });
  frame.src = address;
  document.body.replaceChildren(frame);
  await new Promise((done) => frame.addEventListener("load", done, { once: true }));
  const page = frame.contentDocument;
  const seen = (selector) =>
    [...page.querySelectorAll(selector)].filter((each) => each.checkVisibility({ visibilityProperty: true }));
  const text = page.querySelector("[data-postil=text]").getBoundingClientRect();
  return {
    controls: seen(".postil button, .postil select, dialog").length,
    below: seen("[data-postil-kind]").map((card) => card.getBoundingClientRect().top >= text.bottom),
    marks: seen("mark[data-postil-notes]").length > 0,
    sideways: page.documentElement.scrollWidth > width,
  };
}"""


@pytest.fixture
def opened(firefox: Firefox) -> Iterator[Opened]:
    """Opens a page: ``opened(address, width=390)``. What the console tells of faults fails the test."""
    pages: list[Page] = []

    def open_page(address: str = "about:blank", *, width: int = 1440) -> Page:
        page = firefox.new_page(width, 844 if width < 500 else 900)
        pages.append(page)
        page.goto(address)
        return page

    yield open_page
    for page in pages:
        page.close()
    faults, firefox.faults[:] = firefox.faults[:], []
    assert faults == []


@pytest.mark.parametrize(("width", "first"), [(390, 0), (1440, 1)])
def test_links_land_in_new_tabs(opened: Opened, corpus: str, width: int, first: int) -> None:
    """Of every third note: Firefox takes a second to load a page. ``test_landing.py`` does it of all, in Chromium."""
    page = opened(width=width)
    for document in DOCUMENTS:
        assert missed_in_new_tabs(page, f"{corpus}documents/{document}/", slice(first, None, 3)) == []


@pytest.mark.parametrize(
    ("width", "documents"), [(390, DOCUMENTS), (820, DOCUMENTS[:1]), (1180, DOCUMENTS[-1:]), (1440, DOCUMENTS)]
)
def test_links_land_when_the_address_changes(opened: Opened, corpus: str, width: int, documents: list[str]) -> None:
    page = opened(width=width)
    for document in documents:
        assert missed_by_hash(page, f"{corpus}documents/{document}/") == []


@pytest.mark.parametrize("width", [390, 1440])
def test_links_land_from_a_claim_and_by_the_way_back(opened: Opened, corpus: str, width: int) -> None:
    page = opened(f"{corpus}claims/", width=width)
    page.click(".postil-row a[href*='claims/']")
    page.wait_for_selector(".postil-seen")
    note = page.evaluate("() => document.querySelector('a[href*=\"#note-\"]').hash.slice(6)")
    page.click("a[href*='#note-']")
    page.wait_for_selector(".postil-opener")
    assert not missed(page, note), "from the page of a claim"
    other = next(other for other in reversed(page.evaluate(NOTES)) if other != note)
    page.evaluate("(hash) => { location.hash = hash; }", f"note-{other}")
    assert not missed(page, other)
    for _ in range(6):  # past the entries that sheets have left
        if page.evaluate(BACK).endswith(f"#note-{note}"):
            break
    assert not missed(page, note), "by the way back"


def test_a_sheet_opens_on_lit_words_and_the_way_back_closes_it(opened: Opened, reading: str) -> None:
    page = opened(f"{reading}documents/bridge/", width=390)
    page.wait_for_selector(".postil-opener")
    page.click("[data-postil=ref] a[href$='#note-month']")
    page.wait_for_selector(SHEET)
    assert not missed(page, "month")
    page.evaluate("() => history.back()")
    page.wait_for("(sheet) => !document.querySelector(sheet) && !location.hash", SHEET)
    assert page.evaluate("() => location.pathname") == "/documents/bridge/"


def test_filters_show_what_they_say_and_stay_in_the_address(opened: Opened, reading: str) -> None:
    page = opened(f"{reading}documents/bridge/")
    page.wait_for_selector("[data-postil-filter] button")
    every = page.evaluate(SHOWN)
    page.click("[data-postil-filter='verdict:false'] button")
    page.wait_for("() => location.search === '?verdict=false'")
    some = page.evaluate(SHOWN)
    assert 0 < some < every
    said = "() => document.querySelector('.postil-filters [role=status]').textContent"
    assert page.evaluate(said) == f"{some} of {every} notes"
    page.goto(page.evaluate("() => location.href"))
    page.wait_for_selector("[data-postil-filter] button[aria-pressed=true]")
    assert page.evaluate(SHOWN) == some


@pytest.mark.skipif(not pagefind_available(), reason="Pagefind is not installed")
def test_search_finds_notes_in_the_box_and_on_its_page(opened: Opened, corpus: str) -> None:
    page = opened(f"{corpus}about/")
    page.press("/")
    page.wait_for_selector("dialog[open] input")
    page.type("summit")
    page.wait_for_selector("[role=option][href*='#note-']")
    note = page.evaluate("() => document.querySelector('[role=option][href*=\"#note-\"]').hash.slice(6)")
    page.click(f"[role=option][href$='#note-{note}']")
    page.wait_for("(note) => location.hash === `#note-${note}`", note)
    assert not missed(page, note)
    page.goto(f"{corpus}search/?q=summit&kind=claim")
    page.wait_for("() => /[1-9]\\d* /.test(document.querySelector('[data-postil-find=status]')?.textContent)")
    page.wait_for_selector(".md-content a[href*='#note-']")


def test_what_is_copied_has_no_numbers_of_notes(opened: Opened, reading: str) -> None:
    page = opened(f"{reading}documents/bridge/")
    page.wait_for_selector(".postil-opener")
    page.evaluate("() => getSelection().selectAllChildren(document.querySelector('[data-postil=text] p'))")
    page.press("Control+c")
    page.evaluate(
        "() => { const field = document.createElement('textarea'); document.body.prepend(field); field.focus() }"
    )
    page.press("Control+v")
    copied = page.wait_for("() => document.querySelector('textarea').value")
    assert copied.strip() == (
        "The bridge was closed in May after the flood had come, and it opened again in June, as the town had said."
    )


@pytest.mark.parametrize("width", [390, 1440])
def test_without_scripts_notes_stand_below_the_text(opened: Opened, reading: str, width: int) -> None:
    page = opened(f"{reading}404.html")
    seen = page.evaluate(SCRIPTLESS, [f"{reading}documents/bridge/", width])
    below = seen.pop("below")
    assert seen == {"controls": 0, "marks": True, "sideways": False}
    assert len(below) > 20
    assert all(below)


def test_a_fault_would_be_told(firefox: Firefox, reading: str) -> None:
    page = firefox.new_page(1440)
    page.goto(f"{reading}404.html")
    page.evaluate("() => { setTimeout(() => { throw new Error('it is broken') }); }")
    page.evaluate("() => document.head.append(Object.assign(document.createElement('script'), { textContent: '1' }))")
    page.evaluate("() => new Promise((done) => setTimeout(done, 100))")
    page.close()
    faults, firefox.faults[:] = firefox.faults[:], []
    assert len(faults) == 2, faults
    assert "it is broken" in faults[0]
    assert "Content-Security-Policy" in faults[1]
