"""The search page in a real Chromium, on the repository's own corpus under a sub-path."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree as ET

import pytest
import yaml
from asking import ask

from builder.search.check_pagefind import pagefind_available

pytestmark = pytest.mark.skipif(not pagefind_available(), reason="Pagefind is not installed")

PROJECT = Path(__file__).parents[2]


@pytest.fixture
def visit(tabs: Any, corpus: str) -> Iterator[Callable[..., Any]]:
    """Opens an address of the site; afterwards: no complaint, and nothing asked of another host."""
    troubles: list[str] = []

    def go(to: str, *, init_script: str = "", **options: Any) -> Any:
        page = tabs.new(corpus, **({"viewport": (1300, 900)} | options))
        if init_script:
            page.add_init_script(init_script)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: troubles.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("request", lambda asked: asked.url.startswith((corpus, "data:")) or troubles.append(asked.url))
        page.goto(corpus + to)
        return page

    yield go
    assert troubles == []


def status(page: Any, words: str) -> str:
    page.wait_for_function(
        "words => document.querySelector('[data-postil-find=status]')?.textContent.includes(words)", arg=words
    )
    said: str = page.inner_text("[data-postil-find=status]")
    return said


def state(page: Any) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(page.evaluate("location.href")).query)


def sidecars() -> Iterator[dict[str, Any]]:
    for path in sorted((PROJECT / "seeds").glob("*.yml")):
        if path.name not in {"corpus.yml", "sources.yml"}:
            yield yaml.safe_load(path.read_text(encoding="utf-8"))


# --- the index, in Node ---------------------------------------------------------------------------------------------


def test_facet_counts_equal_the_sidecars(corpus_root: Path) -> None:
    expected: dict[str, Counter[str]] = {
        name: Counter() for name in ("kind", "verdict", "topic", "technique", "person")
    }
    for document in sidecars():
        of_document = document.get("topics", [])
        expected["topic"].update(of_document)
        for kind in ("claims", "context", "corrections"):
            for note in document.get(kind) or []:
                expected["kind"][{"claims": "claim", "corrections": "correction"}.get(kind, kind)] += 1
                expected["topic"].update({*note.get("topics", []), *of_document})
                expected["technique"].update({*note.get("techniques", [])})
                expected["verdict"].update([str(note["verdict"])] if note.get("verdict") is not None else [])
                expected["person"].update([note["speaker"]] if note.get("speaker") else [])
    (everything,) = ask(corpus_root / "corpus" / "pagefind", {})
    counted = {facet: Counter(everything["counts"][facet]) for facet in expected}
    counted["verdict"] = Counter({value.replace("false", "False"): n for value, n in counted["verdict"].items()})
    expected["verdict"] = Counter({value.replace("false", "False"): n for value, n in expected["verdict"].items()})
    assert counted == expected


def test_every_note_is_found_by_its_own_words(corpus_root: Path) -> None:
    """By the words of its text that stand in no other note, where it has any; else by all of them, as a phrase."""
    notes = {
        note["id"]: re.sub(r"\[\[[^]|]*\|?", " ", note["note"])  # what a cross-link leads to is not text
        for document in sidecars()
        for kind in ("claims", "context", "corrections")
        for note in document.get(kind) or []
        if note.get("note")
    }
    words = {id_: set(re.findall(r"[a-z]{4,}", text.lower())) for id_, text in notes.items()}
    often = Counter(word for each in words.values() for word in each)
    queries = {id_: " ".join(sorted(each, key=lambda word: (often[word], word))[:4]) for id_, each in words.items()}
    assert len(queries) > 40
    for id_, answer in zip(queries, ask(corpus_root / "corpus" / "pagefind", *queries.values()), strict=True):
        found = [part["anchor"] for group in answer["groups"] for part in group["parts"]]
        assert f"note-{id_}" in found[:3], (queries[id_], found)


FIRST = {
    "taxpayers": "documents/confidential-warning-nato/#note-lavrov-safer",
    '"method and verdicts"': "method/",
    "chronology": "documents/chronology/",
    "hague declarat": "documents/confidential-warning-nato/#note-summit-outcome",
    '"defense spending target"': "documents/the-hague-2025-briefing/#note-reaffirmed",
}


@pytest.fixture(scope="module")
def answers(corpus_root: Path) -> dict[str, dict[str, Any]]:
    return dict(zip(FIRST, ask(corpus_root / "corpus" / "pagefind", *FIRST), strict=True))


@pytest.mark.parametrize("query", FIRST)
def test_what_comes_first(answers: dict[str, dict[str, Any]], query: str) -> None:
    best = answers[query]["groups"][0]
    anchor = best["parts"][0]["anchor"]
    assert FIRST[query] in {best["address"], f"{best['address']}#{anchor}"}


# --- the page -------------------------------------------------------------------------------------------------------


def test_an_address_is_a_search(visit: Callable[..., Any]) -> None:
    page = visit("search/?q=nato&verdict=false")
    assert status(page, "result") == "3 results on 2 pages for “nato”, filtered"
    assert page.input_value("[data-postil-find=query]") == "nato"
    assert page.is_checked("[data-postil-value='verdict:false']")
    stamps = page.locator(".postil-hit--note .postil-hit-stamp").all_inner_texts()
    assert stamps == ["✕ Claim · False"] * 3
    assert page.locator(".postil-hit--note mark").first.inner_text() == "NATO"


def test_what_is_empty_in_an_address_is_not_asked_for(visit: Callable[..., Any]) -> None:
    page = visit("search/?q=nato&verdict=&topic=")
    assert "filtered" not in status(page, "result")
    page = visit("search/?q=%20%20&verdict=")
    status(page, "Type words, or choose a filter.")


def test_facets_alone_are_a_search_and_add_up(visit: Callable[..., Any]) -> None:
    page = visit("search/")
    status(page, "Type words, or choose a filter.")
    label = page.locator("label", has=page.locator("[data-postil-value='kind:correction']"))
    number = int(label.locator(".postil-find-count").inner_text())
    label.click()
    assert status(page, "filtered").startswith(f"{number} results on ")
    assert state(page) == [("kind", "correction")]


def test_typing_choosing_sorting_and_going_back(visit: Callable[..., Any]) -> None:
    page = visit("search/")
    status(page, "Type words")
    page.locator("[data-postil-find=query]").press_sequentially("nato")
    status(page, "“nato”")
    page.check("[data-postil-value='verdict:supported']")
    status(page, "filtered")
    page.select_option("[data-postil-find=sort]", "date")
    page.wait_for_function("() => location.search.includes('sort=date')")
    assert state(page) == [("q", "nato"), ("verdict", "supported"), ("sort", "date")]
    assert page.evaluate("document.activeElement.dataset.postilValue") == "verdict:supported"
    page.go_back()
    page.wait_for_function("() => document.querySelector('[data-postil-find=sort]')?.value === 'relevance'")
    assert state(page) == [("q", "nato"), ("verdict", "supported")]
    page.go_back()
    page.wait_for_function("() => !document.querySelector('[data-postil-find=facets] input:checked')")
    assert state(page) == [("q", "nato")]
    assert page.input_value("[data-postil-find=query]") == "nato"


def test_nothing_found_says_what_to_loosen(visit: Callable[..., Any]) -> None:
    page = visit("search/?q=taxpayers&verdict=false")
    assert status(page, "Nothing").startswith(
        "Nothing found for “taxpayers” in documents, notes and pages. Without the"
    )
    page.get_by_role("button", name="Remove the filters").click()
    assert status(page, "1 result on") == "1 result on 1 page for “taxpayers”"
    page.fill("[data-postil-find=query]", "taxpayers xyzzy")
    assert "“xyzzy” occurs nowhere" in status(page, "xyzzy")


def test_the_box_is_the_quick_form_of_the_page(visit: Callable[..., Any]) -> None:
    page = visit("documents/chronology/")
    page.keyboard.press("/")
    page.keyboard.type("gerasimov")
    page.get_by_role("option", name="All results").click()
    page.wait_for_url(re.compile(r"/corpus/search/\?q=gerasimov"))
    status(page, "“gerasimov”")


def test_by_keyboard_alone(visit: Callable[..., Any]) -> None:
    page = visit("search/?q=nato")
    status(page, "“nato”")
    page.focus("[data-postil-find=query]")
    for key in ("ArrowDown", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement === document.querySelector('.postil-find a.postil-hit')")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.dataset.postilFind") == "query"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/corpus/(?!search)"))


@pytest.mark.parametrize("width", [1300, 390])
def test_a_result_leads_to_the_note_lit_with_its_words_marked(visit: Callable[..., Any], width: int) -> None:
    page = visit("search/?q=taxpayers", viewport=(width, 900))
    status(page, "“taxpayers”")
    link = page.locator("a[href$='#note-lavrov-safer']")
    link.click()
    page.wait_for_function("() => location.hash === '#note-lavrov-safer' && !location.search")
    page.wait_for_function("() => CSS.highlights.get('postil-found')?.size > 0")
    marked = page.evaluate("[...CSS.highlights.get('postil-found')].map((range) => range.toString())")
    assert set(marked) == {"taxpayers"}
    assert page.evaluate("document.querySelector(':target').id") == "note-lavrov-safer"
    if width > 1000:
        page.wait_for_selector("#note-lavrov-safer.postil-lit")


def test_instant_navigation_brings_the_page_to_life(visit: Callable[..., Any], corpus: str) -> None:
    page = visit("")
    page.wait_for_timeout(500)
    page.evaluate(
        "link = document.createElement('a'); link.href = 'search/'; document.querySelector('article').append(link)"
    )
    page.evaluate("window.stayed = true; link.click()")
    status(page, "Type words")
    assert page.evaluate("window.stayed") is True
    page.fill("[data-postil-find=query]", "hague")
    status(page, "“hague”")


def test_who_types_and_leaves_at_once_gets_there(visit: Callable[..., Any]) -> None:
    page = visit("search/?q=gerasimov")
    status(page, "“gerasimov”")
    page.wait_for_timeout(500)
    page.evaluate("""() => {
        window.stayed = true;
        const field = document.querySelector("[data-postil-find=query]");
        field.value = "gerasimov now";
        field.dispatchEvent(new Event("input", { bubbles: true }));
        document.querySelector("a[href*='/chronology/#note-']").click();
    }""")
    page.wait_for_selector(".postil-document")
    page.wait_for_timeout(500)
    assert page.evaluate("[window.stayed, location.search, location.hash.slice(0, 6)]") == [True, "", "#note-"]


def test_pages_lead_to_their_search_without_loading(visit: Callable[..., Any], corpus: str) -> None:
    page = visit("overview/")
    page.wait_for_timeout(500)
    page.evaluate("window.stayed = true")
    verdict = page.locator(".postil-tally a").first
    number = verdict.locator("b").inner_text()
    verdict.click()
    assert status(page, "filtered").startswith(f"{number} results")
    page.goto(corpus + "people/vladimir-putin/")
    page.wait_for_timeout(500)
    page.evaluate("window.stayed = true")
    said = page.locator(".postil-seen").count()
    page.click("text=Search these claims")
    assert status(page, "filtered").startswith(f"{said} results")
    assert page.evaluate("window.stayed") is True


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_for_axe_to_complain_of(visit: Callable[..., Any], axe: str, scheme: str) -> None:
    page = visit("search/?q=nato&kind=claim", color_scheme=scheme)
    status(page, "“nato”")
    page.evaluate(axe)
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    found = page.evaluate("rules => axe.run('.postil-find', rules)", rules)
    assert [(each["id"], [node["html"] for node in each["nodes"]][:2]) for each in found["violations"]] == []
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    page.keyboard.type("nato")
    page.wait_for_selector("dialog.postil-search [role=option]")
    found = page.evaluate("rules => axe.run('dialog.postil-search', rules)", rules)
    assert [(each["id"], [node["html"] for node in each["nodes"]][:2]) for each in found["violations"]] == []


def test_no_width_is_too_narrow(visit: Callable[..., Any]) -> None:
    page = visit("search/?q=nato", viewport=(320, 700))
    status(page, "“nato”")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.locator("[data-postil-find=filters]").get_attribute("open") is None


def test_filters_that_could_not_be_loaded_are_asked_for_again(chromium: Any, corpus: str) -> None:
    page = chromium.new_page()
    page.route("**/facets.json*", lambda route: route.fulfill(status=404))
    page.goto(f"{corpus}search/?q=nato")
    status(page, "could not be loaded")
    page.unroute("**/facets.json*")
    page.fill("[data-postil-find=query]", "nato war")
    status(page, "“nato war”")
    page.close()


def test_more_that_could_not_be_loaded_is_offered_again(chromium: Any, corpus: str) -> None:
    page = chromium.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{corpus}search/?type=page")
    status(page, "filtered")
    more, results = page.locator("[data-postil-find=more]"), page.locator("[data-postil-find=results] > li")
    page.route("**/*.pf_texts", lambda route: route.abort())
    for shown in range(12, 1000, 6):  # some are in the files that are there already
        more.click()
        page.wait_for_function(
            "n => document.querySelector('[data-postil-find=status]').textContent.includes('could not')"
            " || document.querySelectorAll('[data-postil-find=results] > li').length >= n",
            arg=shown,
        )
        if results.count() < shown:
            break
    status(page, "could not be loaded")
    before = results.count()
    page.unroute("**/*.pf_texts")
    more.click()
    page.wait_for_function("n => document.querySelectorAll('[data-postil-find=results] > li').length > n", arg=before)
    assert faults == []
    page.close()


def test_without_javascript_the_page_says_so_and_offers_the_indexes(visit: Callable[..., Any]) -> None:
    page = visit("search/", java_script_enabled=False)
    words = page.locator(".postil-find-without")
    assert "needs JavaScript" in words.inner_text()
    assert [link.get_attribute("href") for link in words.locator("a").all()][:2] == ["../documents/", "../claims/"]
    assert page.locator("[data-postil-find=form]").is_hidden()


def test_browsers_are_told_of_the_search(visit: Callable[..., Any], corpus_root: Path, corpus: str) -> None:
    page = visit("documents/chronology/")
    assert page.get_attribute("link[rel=search]", "href") == f"{corpus}opensearch.xml"
    described = ET.parse(corpus_root / "corpus" / "opensearch.xml").getroot()  # noqa: S314 - our own
    (url,) = described.findall("{http://a9.com/-/spec/opensearch/1.1/}Url")
    page.goto(url.attrib["template"].replace("{searchTerms}", "hague"))
    status(page, "“hague”")


def test_what_was_entered_is_a_step_back_and_letters_on_the_way_are_none(visit: Callable[..., Any]) -> None:
    page = visit("search/")
    status(page, "Type words")
    query = page.locator("[data-postil-find=query]")
    query.press_sequentially("tax", delay=200)
    query.press_sequentially("payers")
    query.press("Enter")
    status(page, "“taxpayers”")
    query.fill("troops")
    status(page, "“troops”")
    for words in ("taxpayers", ""):
        page.go_back()
        status(page, f"“{words}”" if words else "Type words")
        assert state(page) == ([("q", words)] if words else [])
        # The theme may put the page in anew on the way back, and for a moment nothing is in the field.
        page.wait_for_function("words => document.querySelector('[data-postil-find=query]').value === words", arg=words)


def test_the_way_back_leads_to_the_list_as_it_was_left(visit: Callable[..., Any]) -> None:
    page = visit("search/?type=page", viewport=(900, 500))
    for shown in (6, 12):
        page.wait_for_function("n => document.querySelectorAll('li.postil-hits').length === n", arg=shown)
        page.click("[data-postil-find=more]")
    page.wait_for_function("() => document.querySelectorAll('li.postil-hits').length > 12")
    last = page.locator("li.postil-hits > a.postil-hit").last
    last.scroll_into_view_if_needed()
    words, at = last.inner_text(), page.evaluate("scrollY")
    last.click()
    page.wait_for_url(lambda url: "/search/" not in url)
    page.go_back()
    page.wait_for_function("() => document.querySelectorAll('li.postil-hits').length > 12")
    assert page.locator("li.postil-hits > a.postil-hit").last.inner_text() == words
    page.wait_for_function("at => Math.abs(scrollY - at) < 100", arg=at)


def test_signs_alone_ask_for_nothing(visit: Callable[..., Any]) -> None:
    page = visit("search/?q=%F0%9F%91%8D")
    assert status(page, "Type words") == "Type words, or choose a filter."
    assert page.locator("li.postil-hits").count() == 0


OFFERED = "[data-postil-find=offers] section"


@pytest.mark.parametrize("query", ["", "?q=xyzzy", "?q=xyzzy&verdict=false"])
def test_where_nothing_is_found_verdicts_and_topics_are_offered(visit: Callable[..., Any], query: str) -> None:
    page = visit(f"search/{query}")
    page.wait_for_selector(OFFERED)
    assert page.locator(f"{OFFERED} h2").all_inner_texts() == ["Verdict", "Topic"]
    page.locator(f"{OFFERED} a", has_text="Misleading").click()
    page.wait_for_function("() => location.search === '?verdict=misleading'")
    assert status(page, "filtered").endswith(", filtered")
    assert page.locator(OFFERED).count() == 0


def test_a_search_that_finds_nothing_has_no_empty_filters(visit: Callable[..., Any]) -> None:
    page = visit("search/?q=xyzzy")
    status(page, "occurs nowhere")
    assert not page.is_visible("[data-postil-find=filters]")
    page.fill("[data-postil-find=query]", "nato")
    status(page, "“nato”")
    assert page.is_visible("[data-postil-find=filters]")


SHIFTS = """new PerformanceObserver((list) => {
  window.moved ??= 0;
  for (const shift of list.getEntries()) window.moved += shift.hadRecentInput ? 0 : shift.value;
}).observe({ type: "layout-shift", buffered: true });"""


@pytest.mark.parametrize("width", [390, 1440])
def test_what_stands_on_the_page_does_not_move_when_the_list_comes(visit: Callable[..., Any], width: int) -> None:
    page = visit("search/?q=nato", viewport=(width, 900), init_script=SHIFTS)
    status(page, "“nato”")
    page.wait_for_function("() => document.fonts.status === 'loaded'")
    assert page.evaluate("window.moved ?? 0") < 0.02
