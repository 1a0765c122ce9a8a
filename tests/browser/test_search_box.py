"""The search box in a real Chromium: a bare page under a sub-path, the real index, script and style."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest

from builder.model import SearchRecord
from builder.search.check_pagefind import pagefind_available
from builder.search.pages import search_pages
from builder.search.search_assets import search_button, search_dialog
from builder.search.write_index import write_search
from builder.translation import ENGLISH

pytestmark = pytest.mark.skipif(not pagefind_available(), reason="Pagefind is not installed")

EVIL = "</b><img src=x onerror=\"document.title='hit'\"> &amp; &lt;i&gt; <mark>x</mark>"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>bare</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="{up}assets/postil/search.css"><header>{button}</header>{dialog}
<input id="field"><p id="note-n">a note</p><p id="note-evil">another</p>
<script src="{up}assets/postil/words.js"></script><script src="{up}assets/postil/search/search.js"></script>"""

ARRIVAL = """<!doctype html><html lang="en"><meta charset="utf-8"><title>bare</title><link rel="icon" href="data:,">
<article>{text}</article><script src="../../assets/postil/words.js"></script>
<script src="../../assets/postil/search/search.js"></script>"""


def record(address: str, title: str, text: str, **more: Any) -> SearchRecord:
    given: dict[str, Any] = {"language": "en", "type": "page", "group": "", "meta": {}, "filters": {}, "sort": {}}
    return SearchRecord(address=address, title=title, text=text, **(given | more))


def records() -> Iterator[SearchRecord]:
    yield record("", "Home", "Home\nthe theory of welcome")
    yield record("documents/a/", "A letter", "A letter\nabout the spin of wheels", type="document", group="A letter")
    of_a = {"type": "note", "group": "A letter"}
    claim = {"kind": "claim", "verdict": "False", "tone": "bad"}
    yield record("documents/a/#note-m", "spindle", "spindle\nsays spindle", meta=claim, **of_a)
    yield record("documents/a/#note-n", "the spin", "the spin\nsays “zanzibar” aloud", meta=claim, **of_a)
    yield record("documents/a/#note-evil", EVIL, f"{EVIL}\nhostile {EVIL}", meta={"kind": "correction"}, **of_a)
    yield record("documents/f/", "Lettre", "Lettre, cafe\u0301.", type="document", language="fr")
    of_fr = {"type": "note", "group": "Lettre", "language": "fr", "meta": {"kind": "context"}}
    yield record("documents/f/#note-n", "les spins", "les spins\nune défense du spin, spind", **of_fr)
    yield record("documents/h/", "מכתב", "מכתב\nשלום! (NATO)", type="document", language="he")
    for number in range(20):
        yield record(f"page{number}/", f"Page {number}", f"Page {number}\nmanifold things")


@pytest.fixture(scope="module")
def site(web: Any, tmp_path_factory: pytest.TempPathFactory) -> str:
    root = tmp_path_factory.mktemp("served")
    out = root / "sub path"
    assert write_search(search_pages(records()), out) == ()
    parts = files("builder.search")
    shutil.copytree(str(parts / "browser"), out / "assets/postil/search")
    for styles_or_words in (parts / "browser" / "search.css", files("builder.render") / "assets" / "words.js"):
        shutil.copy(str(styles_or_words), out / "assets/postil")
    button, dialog = search_button(ENGLISH), search_dialog(ENGLISH)
    for address in ("", "documents/a/", "documents/f/"):
        page = PAGE.format(up="../" * address.count("/"), button=button, dialog=dialog)
        (out / address).mkdir(parents=True, exist_ok=True)
        (out / address / "index.html").write_text(page, encoding="utf-8")
    return f"{web.show('box', root)}sub%20path/"


@pytest.fixture
def page(tabs: Any, site: str) -> Iterator[Any]:
    view = tabs.new(site)
    troubles: list[str] = []
    view.on("console", lambda message: troubles.append(message.text) if message.type in {"error", "warning"} else None)
    view.on("pageerror", lambda error: troubles.append(str(error)))
    view.on("request", lambda request: request.url.startswith((site, "data:")) or troubles.append(request.url))
    view.goto(site)
    yield view
    assert troubles == []


def search(page: Any, words: str) -> str:
    """Type words; give what the status says once it speaks of them."""
    if not page.locator("dialog").is_visible():
        page.keyboard.press("/")
    page.fill("dialog input", words)
    page.wait_for_function("words => document.querySelector('[role=status]').textContent.includes(words)", arg=words)
    said: str = page.inner_text("[role=status]")
    return said


def hits(page: Any) -> list[str]:
    """What is found; the last option leads to all of it, on the search page."""
    addresses: list[str] = page.evaluate("[...document.querySelectorAll('[role=option]')].map((each) => each.href)")
    *found, everything = (each.partition("/sub%20path/")[2] for each in addresses)
    assert everything.startswith("search/?q=")
    return found


def test_by_keyboard_to_the_note(page: Any, site: str) -> None:
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "combobox"
    page.keyboard.type("zanzi")
    page.keyboard.press("Enter")  # before anything was found: it goes there as soon as it is
    page.wait_for_url(f"{site}documents/a/#note-n")
    assert page.evaluate("document.querySelector(':target').textContent") == "a note"


def test_arrows_choose_and_say_so(page: Any, site: str) -> None:
    assert search(page, "says") == "2 results for “says”"
    assert hits(page) == ["documents/a/", "documents/a/#note-m", "documents/a/#note-n"]
    for key in ("ArrowDown", "End", "ArrowUp", "ArrowUp"):  # the last leads to the search page
        page.keyboard.press(key)
    chosen = page.evaluate("document.querySelector('dialog input').getAttribute('aria-activedescendant')")
    assert page.get_attribute(f"#{chosen}", "aria-selected") == "true"
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}documents/a/#note-m")


def test_a_note_stands_under_its_document_with_its_verdict(page: Any) -> None:
    search(page, "zanzibar")
    assert page.inner_text("[role=group] [role=option] >> nth=0").splitlines() == ["Document", "A letter"]
    note = page.locator(".postil-hit--note")
    assert note.inner_text().splitlines() == ["✕ Claim · False", "the spin", "says “zanzibar” aloud"]
    assert note.locator("mark").all_inner_texts() == ["zanzibar"]


def test_a_mark_has_the_whole_word_with_its_accents(page: Any) -> None:
    search(page, "cafe")
    assert page.locator("dialog mark").all_inner_texts() == ["cafe\u0301"]


def test_a_result_runs_in_the_direction_of_its_own_words(page: Any) -> None:
    search(page, "nato")
    directions = page.evaluate(
        "['.postil-hit-title', '.postil-hit-excerpt'].map("
        "(name) => getComputedStyle(document.querySelector(`dialog ${name}`)).direction)"
    )
    assert directions == ["rtl", "rtl"]


def test_no_text_of_a_result_is_read_as_html(page: Any) -> None:
    search(page, "hostile")
    note = page.locator(".postil-hit--note")
    assert note.locator(".postil-hit-title").inner_text() == EVIL
    assert note.locator(".postil-hit-excerpt").inner_text() == f"hostile {EVIL}"
    assert page.locator("dialog img").count() == 0
    assert page.title() == "bare"


def test_a_word_that_is_nowhere_finds_nothing(page: Any) -> None:
    assert search(page, "theoryqq").startswith("Nothing found for “theoryqq”")
    assert hits(page) == []


def test_a_whole_page_in_the_field_is_not_said_again(page: Any) -> None:
    words = " ".join(f"zz{number}" for number in range(100))
    page.keyboard.press("/")
    for text in ("q" * 3_000, words):
        page.fill("dialog input", text)
        page.wait_for_function(f"() => document.querySelector('dialog [role=option]')?.href.includes('q={text[:3]}')")
        assert len(page.inner_text("[role=status]")) < 500


def test_who_arrives_sees_the_words_marked_whatever_markup_is_inside(page: Any, site: str) -> None:
    text = (
        '<p id="note-n">The <b>tax</b>payers<sup data-postil="ref"><a href="#x">1</a></sup> paid; taxpayers’.<br>'
        "tax</p><p>payers, taxpayersʼ 図<mark>書館</mark>の図書</p>"
    )
    page.route(
        "**/documents/a/?*", lambda route: route.fulfill(body=ARRIVAL.format(text=text), content_type="text/html")
    )
    page.goto(f"{site}documents/a/?h=taxpayers&h=図書館")
    page.wait_for_function("() => CSS.highlights.has('postil-found')")
    marked = page.evaluate("[...CSS.highlights.get('postil-found')].map((range) => range.toString())")
    assert marked == ["taxpayers", "taxpayers", "図書館"]
    assert page.evaluate("location.search") == ""


def test_each_language_is_searched_as_itself_and_brings_no_noise(page: Any) -> None:
    search(page, "defenses")
    assert hits(page) == ["documents/f/", "documents/f/#note-n"]
    search(page, "spindle")
    assert hits(page) == ["documents/a/", "documents/a/#note-m"]


def test_more_results_on_demand(page: Any) -> None:
    assert search(page, "manifold") == "20 results for “manifold”"
    more = page.locator("[data-postil-search=more]")
    for shown in (6, 12, 18, 20):
        page.wait_for_function("(n) => document.querySelectorAll('[role=option]').length === n + 1", arg=shown)
        if shown < 20:
            more.click()
    assert more.is_hidden()
    assert page.locator("[role=option]").last.inner_text() == "All results for “manifold”, with filters"


def test_escape_gives_the_focus_back(page: Any) -> None:
    page.click("[data-postil-search=open]")
    page.keyboard.press("Escape")
    assert page.locator("dialog").is_hidden()
    assert page.evaluate("document.activeElement.dataset.postilSearch") == "open"


def test_keys_are_left_to_whoever_types(page: Any) -> None:
    page.focus("#field")
    page.keyboard.press("/")
    page.keyboard.press("Control+k")
    assert page.locator("dialog").is_hidden()
    assert page.input_value("#field") == "/"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Control+k")
    assert page.locator("dialog").is_visible()


def test_without_an_index_the_box_says_so(chromium: Any, site: str) -> None:
    page = chromium.new_page()
    page.route("**/bundles.json", lambda route: route.fulfill(status=404))
    page.goto(site)
    page.keyboard.press("/")
    page.wait_for_function("() => document.querySelector('[role=status]').textContent.includes('could not be loaded')")
    assert page.get_attribute("[role=status] a", "href") == f"{site}documents/"
    page.close()


@pytest.mark.parametrize("missing", ["pf_index", "pf_meta", "pf_texts"])
def test_what_could_not_be_loaded_is_said_and_asked_for_again(chromium: Any, site: str, missing: str) -> None:
    page = chromium.new_page()
    page.route(f"**/*.{missing}", lambda route: route.fulfill(status=404))
    page.goto(site)
    page.keyboard.press("/")
    page.keyboard.type("manifold")
    page.wait_for_function("() => document.querySelector('[role=status]').textContent.includes('could not be loaded')")
    page.unroute(f"**/*.{missing}")
    assert search(page, "manifold things") == "20 results for “manifold things”"
    page.close()


def test_without_scripts_there_is_no_button(chromium: Any, site: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site)
    assert page.locator("[data-postil-search=open]").is_hidden()
    context.close()
