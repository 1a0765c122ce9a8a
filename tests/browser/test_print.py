"""On paper: how many sheets, what stands on them in each form of the print menu, and that the screen comes back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

Opened = Callable[..., Any]

ARTICLE = "documents/confidential-warning-nato/"  # 560 words with 26 notes, which cite 67 works
BRIDGE, TEACHING = "documents/bridge/", "documents/teaching/"
NO_DIALOG = "window.print = () => {}"
# What can be read of the page as it goes on paper; what only its place is kept of has no box of its own.
READ = """() => Array.from(document.querySelectorAll(
  ".postil-found, .postil-text > p:first-of-type, .postil-margin ol > .postil-note, .postil-on-paper .postil-note, "
  + ".postil-verdict, .postil-margin ol .postil-body, .postil-cited li, .postil-ref"))
  .filter((it) => it.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true }))
  .map((it) => it.closest(".postil-on-paper") ? "beside" : ["found", "note", "verdict", "body", "ref"]
    .find((name) => it.classList.contains(`postil-${name}`)) ?? (it.tagName === "LI" ? "work" : "text"))"""

# The document's page, without where its notes are just now.
UNPLACED = """() => {
  const page = document.querySelector(".postil-document").cloneNode(true);
  page.classList.remove("postil-easing");
  for (const it of page.querySelectorAll(".postil-track, .postil-joint")) it.remove();
  for (const it of [page, ...page.querySelectorAll("[style]")]) it.removeAttribute("style");
  return page.outerHTML;
}"""


def pages(page: Any) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(format="A4")))


@pytest.fixture
def opened(tabs: Any) -> Opened:
    """Opens a page of a site."""

    def open_page(site: str, path: str, *, js: bool = True) -> Any:
        page = tabs.new(site, java_script_enabled=js)
        page.set_default_timeout(10_000)
        if js:
            page.add_init_script(NO_DIALOG)
        page.goto(site + path)
        if js:
            page.wait_for_selector(".postil-placed")
        return page

    return open_page


def chosen(page: Any, form: str) -> set[str]:
    """Choose a form in the print menu, and return what can be read on paper."""
    if page.locator(".postil-print").get_attribute("open") != "":
        page.locator(".postil-print > summary").click()
    page.locator(f"[data-postil-print={form}]").click()
    page.emulate_media(media="print")
    read = set(page.evaluate(READ))
    page.emulate_media(media="null")
    return read


@pytest.mark.parametrize("js", [True, False])
def test_sheets_of_paper(opened: Opened, corpus: str, js: bool) -> None:
    assert pages(opened(corpus, ARTICLE, js=js)) <= 12


@pytest.mark.parametrize(("form", "most"), [("after", 12), ("beside", 15), ("text", 3)])
def test_sheets_of_each_form(opened: Opened, corpus: str, form: str, most: int) -> None:
    page = opened(corpus, ARTICLE)
    chosen(page, form)
    assert 1 <= pages(page) <= most


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("after", {"text", "ref", "found", "note", "body", "work"}),
        ("beside", {"text", "ref", "found", "beside", "work"}),
        ("text", {"text"}),
    ],
)
def test_what_a_form_has(opened: Opened, reading: str, form: str, expected: set[str]) -> None:
    page = opened(reading, BRIDGE)
    before = page.evaluate(UNPLACED)
    assert chosen(page, form) - {"verdict"} == expected
    page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
    page.locator(".postil-print > summary").click()
    assert page.evaluate(UNPLACED) == before


def test_each_note_stands_beside_the_paragraph_that_it_is_on(opened: Opened, reading: str) -> None:
    page = opened(reading, BRIDGE)
    chosen(page, "beside")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 740, "height": 1000})
    placed = page.evaluate("""() => Array.from(document.querySelectorAll(".postil-text > .postil-on-paper"), (list) => {
      const [words, notes] = [list.previousElementSibling, list].map((it) => it.getBoundingClientRect());
      return { aside: notes.left >= words.right, level: Math.abs(notes.top - words.top) < 20,
        own: Array.from(list.querySelectorAll(".postil-number"), (link) => link.hash.slice(7))
          .every((id) => Array.from(list.previousElementSibling.querySelectorAll("a"))
            .some((link) => link.hash === `#note-${id}`)) };
    })""")
    assert len(placed) == 22
    assert all(each == {"aside": True, "level": True, "own": True} for each in placed)
    doubled = (
        "() => Array.from(document.querySelectorAll('[id]'), (it) => it.id).filter((id, i, all) => all.indexOf(id) < i)"
    )
    assert page.evaluate(doubled) == []


def test_a_work_is_printed_once_and_notes_have_its_number(opened: Opened, reading: str) -> None:
    page = opened(reading, BRIDGE)
    page.emulate_media(media="print")
    works = page.locator(".postil-cited li")
    numbers = [text.split()[0] for text in works.all_inner_texts()]
    assert numbers == [f"[{number}]" for number in range(1, len(numbers) + 1)]
    assert page.locator(".postil-cited li", has_text="A report, part 5").count() == 1
    note = page.locator("#note-paid-3 .postil-sources")
    shown = note.evaluate("""(it) => Array.from(it.querySelectorAll("li > *"))
      .filter((part) => part.checkVisibility({ contentVisibilityAuto: true })).map((part) => part.textContent)""")
    assert len(shown) == 6
    assert set(shown) <= set(numbers)


@pytest.mark.parametrize(
    ("form", "verdicts"),
    [("after", False), ("beside", False), ("text", False), ("questions", False), ("answers", True)],
)
def test_answers_are_on_the_answer_sheet_alone(opened: Opened, reading: str, form: str, verdicts: bool) -> None:
    page = opened(reading, TEACHING)
    read = chosen(page, form)
    assert ("verdict" in read, "found" in read) == (verdicts, False)
    assert ("text" in read) == (form != "answers")
    page.emulate_media(media="print")
    told = page.locator(".postil-document").inner_text()
    assert ("False" in told, "Wrong by a month" in told) == (verdicts, verdicts)
    asked = page.locator("#note-closed").evaluate("(it) => getComputedStyle(it, '::after').content")
    assert (asked == '""') == (form == "questions")


def test_an_answer_that_was_opened_is_not_on_the_question_sheet(opened: Opened, reading: str) -> None:
    page = opened(reading, TEACHING)
    page.locator("#note-closed .postil-closed > summary").evaluate("(it) => it.click()")
    assert "verdict" in chosen(page, "after")
    assert "verdict" not in chosen(page, "questions")


def test_without_a_script_there_is_no_menu(opened: Opened, reading: str) -> None:
    assert not opened(reading, BRIDGE, js=False).locator(".postil-print").is_visible()
