"""A link to a note, followed by every way there is: its words and its head are in the window, and lit."""

from __future__ import annotations

import functools
import http.server
import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from builder.engines.mkdocs_commands import build_site

pytestmark = pytest.mark.browser

PROJECT = Path(__file__).parents[2]
DOCUMENTS = sorted(path.stem for path in (PROJECT / "seeds").iterdir() if path.suffix in {".txt", ".md", ".html"})
LANDED = """(id) => {
  const header = document.querySelector(".md-header").getBoundingClientRect().bottom;
  const marks = [...document.querySelectorAll(`mark[data-postil-notes~="${id}"]`)];
  const words = marks[0]?.getClientRects()[0];
  const sheet = document.querySelector("dialog.postil-sheet[open]");
  const card = document.getElementById(`note-${id}`);
  const head = (sheet ?? card).querySelector(".postil-note-head").getBoundingClientRect();
  const foot = sheet ? sheet.getBoundingClientRect().top : innerHeight;
  const placed = sheet || getComputedStyle(card).position === "absolute";
  return placed && (!words || (words.top >= header && words.bottom <= foot)) && head.top >= 0
    && head.bottom <= innerHeight && marks.every((mark) => mark.classList.contains("postil-lit"));
}"""
BACK = "history.back(), new Promise((done) => setTimeout(() => done(location.hash), 400))"
STANDS = """(id) => new Promise((done) => setTimeout(() => done((%s)(id)), 250))""" % LANDED  # noqa: UP031 - full of braces


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = tmp_path_factory.mktemp("landing")
    for name in ("docs", "seeds"):
        shutil.copytree(PROJECT / name, root / name)
    shutil.copy(PROJECT / "mkdocs.yml", root)
    assert build_site(root / "mkdocs.yml").published
    handler = functools.partial(Quiet, directory=str(root / "site"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def opened(browser: Any, width: int, *, motion: str = "reduce") -> Any:
    context = browser.new_context(
        viewport={"width": width, "height": 844 if width < 500 else 900}, reduced_motion=motion, has_touch=width < 500
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    return page


def notes(page: Any) -> list[str]:
    return list(page.evaluate("[...document.querySelectorAll('[data-postil-kind]')].map((card) => card.id.slice(5))"))


def missed(page: Any, note: str) -> bool:
    """Whether it is not to be seen, or not for long."""
    try:
        page.wait_for_function(LANDED, arg=note, timeout=5000)
    except Exception as problem:
        if "Timeout" not in str(problem):
            raise
        return True
    return not page.evaluate(STANDS, note)


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize(("width", "motion"), [(390, "reduce"), (1440, "no-preference")])
def test_in_a_new_tab(chromium: Any, site: str, document: str, width: int, motion: str) -> None:
    page = opened(chromium, width, motion=motion)
    page.goto(f"{site}documents/{document}/")
    lost = []
    for note in notes(page):
        page.goto("about:blank")
        page.goto(f"{site}documents/{document}/#note-{note}")
        if missed(page, note):
            lost.append(note)
    page.context.close()
    assert lost == []


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("width", [390, 820, 1180, 1440, 1920])
def test_when_the_address_changes(chromium: Any, site: str, document: str, width: int) -> None:
    page = opened(chromium, width, motion="no-preference")
    page.goto(f"{site}documents/{document}/")
    page.wait_for_selector(".postil-opener", state="attached")
    lost = []
    for number, note in enumerate(notes(page)):
        page.evaluate("(hash) => { location.hash = hash; }", f"{('note', 'quote')[number % 2]}-{note}")
        if missed(page, note):
            lost.append(note)
    page.context.close()
    assert lost == []


@pytest.mark.parametrize("width", [390, 1440])
def test_by_links_and_by_the_way_back(chromium: Any, site: str, width: int) -> None:
    page = opened(chromium, width, motion="no-preference")
    page.goto(f"{site}claims/")
    page.locator("th a[href*='claims/']").first.click()
    page.wait_for_selector(".postil-seen")
    link = page.locator("a[href*='#note-']").first
    note = link.get_attribute("href").partition("#note-")[2]
    link.click()
    assert not missed(page, note), "from the page of a claim"
    other = next(other for other in reversed(notes(page)) if other != note)
    page.evaluate("(hash) => { location.hash = hash; }", f"note-{other}")
    assert not missed(page, other)
    for _ in range(6):  # past the entries that sheets have left
        if page.evaluate(BACK).endswith(f"#note-{note}"):
            break
    assert not missed(page, note), "by the way back"
    page.context.close()


@pytest.mark.parametrize("width", [390, 1440])
def test_with_a_slow_processor_and_late_fonts(chromium: Any, site: str, width: int) -> None:
    page = opened(chromium, width)
    page.goto(f"{site}documents/{DOCUMENTS[0]}/")
    note = notes(page)[-1]
    page.goto("about:blank")
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(f"{site}documents/{DOCUMENTS[0]}/#note-{note}")
    assert not missed(page, note)
    # As a font that comes late does, with other heights.
    page.add_style_tag(content=".md-typeset .postil-text { line-height: 2.4 }")
    assert not missed(page, note)
    page.context.close()


def test_the_way_back_closes_the_sheet_and_then_leaves_the_page(chromium: Any, site: str) -> None:
    page = opened(chromium, 390)
    page.goto(f"{site}about/")
    page.goto(f"{site}documents/{DOCUMENTS[0]}/")
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
    page.context.close()


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
def test_a_wheel_passes_every_note_of_a_crowd(chromium: Any, tmp_path: Path, document: str) -> None:
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
    handler = functools.partial(Quiet, directory=str(tmp_path / "site"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = opened(chromium, 1440)
        page.goto(f"http://127.0.0.1:{server.server_port}/documents/crowd/")
        page.wait_for_selector(".postil-placed")
        seen, blank = set[str](), []
        end = page.evaluate("document.documentElement.scrollHeight - innerHeight")
        for y in range(0, end + 100, 100):  # as far as a notch of the wheel goes
            page.evaluate("(y) => new Promise((done) => { scrollTo(0, y); setTimeout(done, 40); })", y)
            shown = page.evaluate(CROWDED)
            seen |= set(shown)
            if not shown:
                blank.append(y)
        page.context.close()
        server.shutdown()
    assert (len(seen), blank) == (len(quotes), [])
