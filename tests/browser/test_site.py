"""The repository's own site in a real Chromium, under a sub-path, as a reader uses it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

DOCUMENT = "documents/confidential-warning-nato/"


@dataclass
class Visit:
    """A page, and all that went wrong or out while it was open."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def go(self, to: str) -> Page:
        self.page.goto(self.address + to)
        return self.page


@pytest.fixture
def visit(tabs: Any, corpus: str) -> Iterator[Visit]:
    """A fresh visitor; afterwards: no complaint in the console, and nothing asked of another host."""
    seen = Visit(tabs.new(corpus, color_scheme="light"), corpus)
    seen.page.on("request", lambda request: seen.hosts.add(urlsplit(request.url).netloc))
    seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    seen.page.on(
        "console",
        lambda message: seen.complaints.append(message.text) if message.type in {"error", "warning"} else None,
    )
    seen.page.on(
        "response",
        lambda answer: seen.complaints.append(answer.url) if answer.status >= 400 else None,
    )
    yield seen
    assert seen.complaints == []
    assert seen.hosts <= {urlsplit(corpus).netloc, ""}


def test_a_reference_leads_to_its_note_and_back(visit: Visit) -> None:
    page = visit.go(DOCUMENT)
    reference = page.locator('[data-postil="ref"] a').first
    target = "#" + (reference.get_attribute("href") or "").partition("#")[2]  # the theme makes addresses whole
    assert target.startswith("#note-")
    page.goto(visit.address + DOCUMENT + target)
    note = page.locator(target)
    expect(note).to_be_in_viewport()
    note.locator(f'a[href$="#quote-{target.removeprefix("#note-")}"]').first.click()
    expect(page.locator(f"#quote-{target.removeprefix('#note-')}")).to_be_in_viewport()
    assert page.url.endswith(f"#quote-{target.removeprefix('#note-')}")


def test_every_note_is_there_without_javascript(chromium: Browser, corpus: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(corpus + DOCUMENT)
    assert page.locator("[data-postil-kind]").count() == 26
    page.locator('[data-postil="ref"] a').nth(3).click()
    expect(page.locator(":target")).to_be_in_viewport()
    context.close()


@pytest.mark.parametrize("key", ["/", "Control+k"])
def test_search_finds_a_word_of_a_note_and_lands_on_it(visit: Visit, key: str) -> None:
    page = visit.go("")
    page.keyboard.press(key)
    box = page.get_by_role("dialog").locator("input")
    expect(box).to_be_focused()
    box.fill("taxpayers")  # stands in a note and nowhere in the documents' texts
    result = page.get_by_role("dialog").locator('a[href*="#note-lavrov-safer"]').first
    expect(result).to_be_visible()
    result.click()
    page.wait_for_url(re.compile(r"/corpus/documents/confidential-warning-nato/.*#note-lavrov-safer$"))
    expect(page.locator("#note-lavrov-safer").first).to_be_in_viewport()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_search_finds_documents_and_hand_written_pages(visit: Visit) -> None:
    page = visit.go(DOCUMENT)
    page.keyboard.press("/")
    dialog = page.get_by_role("dialog")
    for words, href in (("chronology", "documents/chronology/"), ("verdict scale", "method/")):
        dialog.locator("input").fill(words)
        expect(dialog.locator(f'a[href$="{href}"]').first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_instant_navigation_keeps_search_and_notes_working(visit: Visit) -> None:
    page = visit.go("")
    page.evaluate("window.stayed = true")
    page.locator('.md-content a[href$="documents/chronology/"]').first.click()
    page.wait_for_url(re.compile("documents/chronology/"))
    expect(page.locator('[data-postil="text"]')).to_be_visible()
    assert page.evaluate("window.stayed") is True  # it was not a full load
    page.keyboard.press("/")
    dialog = page.get_by_role("dialog")
    dialog.locator("input").fill("Gerasimov")
    link = dialog.locator("a").first
    expect(link).to_be_visible()
    assert visit.address in link.evaluate("link => link.href")


def test_dark_is_dark_and_stays(visit: Visit) -> None:
    page = visit.go(DOCUMENT)
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("label[title='Switch to dark']").click()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != light
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
