"""A link to a note, followed by every way there is: its words and its head are in the window, and lit."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from landing import BACK, DOCUMENTS, NOTES, missed, missed_by_hash, missed_in_new_tabs

from builder.engines.mkdocs_commands import build_site

Opened = Callable[..., Any]


@pytest.fixture
def empty(tabs: Any, corpus: str) -> Opened:
    """Opens an empty page for the corpus, of a width."""

    def open_page(width: int, *, motion: str = "reduce") -> Any:
        size = (width, 844 if width < 500 else 900)
        page = tabs.new(corpus, viewport=size, reduced_motion=motion, has_touch=width < 500)
        page.set_default_timeout(10_000)
        return page

    return open_page


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize(("width", "motion"), [(390, "reduce"), (1440, "no-preference")])
def test_in_a_new_tab(empty: Opened, corpus: str, document: str, width: int, motion: str) -> None:
    assert missed_in_new_tabs(empty(width, motion=motion), f"{corpus}documents/{document}/") == []


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("width", [390, 820, 1180, 1440, 1920])
def test_when_the_address_changes(empty: Opened, corpus: str, document: str, width: int) -> None:
    assert missed_by_hash(empty(width, motion="no-preference"), f"{corpus}documents/{document}/") == []


@pytest.mark.parametrize("width", [390, 1440])
def test_by_links_and_by_the_way_back(empty: Opened, corpus: str, width: int) -> None:
    page = empty(width, motion="no-preference")
    page.goto(f"{corpus}claims/")
    page.locator(".postil-row-name").first.click()
    page.wait_for_selector(".postil-seen")
    link = page.locator("a[href*='#note-']").first
    note = link.get_attribute("href").partition("#note-")[2]
    link.click()
    assert not missed(page, note), "from the page of a claim"
    other = next(other for other in reversed(page.evaluate(NOTES)) if other != note)
    page.evaluate("(hash) => { location.hash = hash; }", f"note-{other}")
    assert not missed(page, other)
    for _ in range(6):  # past the entries that sheets have left
        if page.evaluate(BACK).endswith(f"#note-{note}"):
            break
    assert not missed(page, note), "by the way back"


@pytest.mark.parametrize("width", [390, 1440])
def test_with_a_slow_processor_and_late_fonts(empty: Opened, corpus: str, width: int) -> None:
    page = empty(width)
    page.goto(f"{corpus}documents/{DOCUMENTS[0]}/")
    note = page.evaluate(NOTES)[-1]
    page.goto("about:blank")
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(f"{corpus}documents/{DOCUMENTS[0]}/#note-{note}")
    assert not missed(page, note)
    # As a font that comes late does, with other heights.
    page.add_style_tag(content=".md-typeset .postil-text { line-height: 2.4 }")
    assert not missed(page, note)


def test_the_way_back_closes_the_sheet_and_then_leaves_the_page(empty: Opened, corpus: str) -> None:
    page = empty(390)
    page.goto(f"{corpus}about/")
    page.goto(f"{corpus}documents/{DOCUMENTS[0]}/")
    sheet = page.locator("dialog.postil-sheet[open]")
    for closing in ("back", "Escape"):
        page.locator("[data-postil=ref] a").first.click()
        sheet.wait_for()
        assert "#note-" in page.url
        if closing == "back":
            page.evaluate("history.back()")
        else:
            page.keyboard.press("Escape")
        sheet.wait_for(state="detached")
        page.wait_for_selector(".postil-opener", state="attached")
        assert page.url.endswith(f"{DOCUMENTS[0]}/")
    page.evaluate("history.back()")
    page.wait_for_url("**/about/")


CROWDED = """() => {
  const column = document.querySelector(".postil-margin").getBoundingClientRect();
  return [...document.querySelectorAll("[data-postil-kind]")]
    .filter((card) => {
      const { top, bottom } = card.getBoundingClientRect();
      return top >= Math.max(0, column.top - 7) && bottom <= Math.min(innerHeight, column.bottom + 7);
    })
    .map((card) => card.id);
}"""


@pytest.mark.parametrize("document", ["paragraph", "words"])
def test_a_wheel_passes_every_note_of_a_crowd(tabs: Any, web: Any, tmp_path: Path, document: str) -> None:
    """299 notes on one paragraph, and 60 on the same words: all are seen, and no part of the page is blank."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "seeds").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# Home\n")
    (tmp_path / "mkdocs.yml").write_text("site_name: X\ntheme: {name: material, font: false}\nplugins: [postil]\n")
    if document == "paragraph":
        words = " ".join(f"word{number}." for number in range(299))
        quotes = [f"word{number}." for number in range(299)]
    else:
        words, quotes = "All on the same words, these are.", ["the same words"] * 60
    (tmp_path / "seeds" / "crowd.txt").write_text(f"Before it.\n\n{words}\n\nAfter it.\n")
    notes = [{"id": f"n{number}", "quote": quote, "note": "So it is."} for number, quote in enumerate(quotes)]
    (tmp_path / "seeds" / "crowd.yml").write_text(json.dumps({"title": "A crowd", "context": notes}))
    assert build_site(tmp_path / "mkdocs.yml").published
    page = tabs.new(web.show(document, tmp_path / "site"))
    page.goto(f"http://{document}.localhost/documents/crowd/")
    page.wait_for_selector(".postil-placed")
    seen, blank = set[str](), []
    end = page.evaluate("document.documentElement.scrollHeight - innerHeight")
    for y in range(0, end + 100, 100):  # as far as a notch of the wheel goes
        page.evaluate("(y) => new Promise((done) => { scrollTo(0, y); setTimeout(done, 40); })", y)
        shown = page.evaluate(CROWDED)
        seen |= set(shown)
        if not shown:
            blank.append(y)
    assert (len(seen), blank) == (len(quotes), [])
