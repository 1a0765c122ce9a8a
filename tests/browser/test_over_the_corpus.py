"""The lists over the corpus in a real Chromium: sorted, filtered and turned with a script, whole without one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sharing import shared

from builder.engines.mkdocs_commands import build_site
from builder.render.home_slots import HOME_SLOTS

COUNT = 430  # nine pages of documents
PAGES = [
    "overview/", "documents/", "claims/", "claims/shared/", "sources/", "sources/report/", "topics/", "topics/nato/",
    "people/", "people/ann/", "corrections/", "documents/page_2/", "",
]  # fmt: skip
MKDOCS = """\
site_name: Lists
site_url: {address}
theme:
  name: material
  font: false
  features: [navigation.instant, navigation.tabs]
  palette:
    - {{media: "(prefers-color-scheme: light)", scheme: default}}
    - {{media: "(prefers-color-scheme: dark)", scheme: slate}}
plugins: [{{postil: {{search: false}}}}]
"""
CORPUS = """\
topics: {nato: {label: NATO}, law: {label: Law}}
people: {ann: {name: Ann Lee}}
"""
SIDECAR = """\
title: {title}
published: {year}
topics: [{topic}]
claims:
  - {{id: one, quote: was in June, note: It was in May., verdict: {verdict}, claim: shared, statement: It was in June.,
     sources: [report], topics: [{topic}], speaker: ann, reviewed: 2026-01-02}}
corrections:
  - {{id: fix, quote: June, correct: May, note: See the report., sources: [report]}}
"""


def lay_out(root: Path, address: str) -> Path:
    """Documents of 1500 to 1929; every tenth has notes, every third lies in a collection."""
    files = {
        "mkdocs.yml": MKDOCS.format(address=address),
        "docs/index.md": "# Home\n\n"
        + "".join(f"<!-- postil: {slot} -->\n\n" for slot in (*HOME_SLOTS, "overview-small")),
        "seeds/corpus.yml": CORPUS,
        "seeds/sources.yml": "report: {title: A report, publisher: The town, date: 2025-06, url: 'https://example.org/r'}\n",
    }
    for number in range(COUNT):
        name = f"{'box/' if number % 3 == 0 else ''}d{number:03}"
        files[f"seeds/{name}.txt"] = f"Letter {number}. It was in June.\n"
        topic, verdict = ("nato", "false") if number % 20 else ("law", "supported")
        title = "Épilogue" if number == 7 else f"Letter {number}"
        plain = f"title: {title}\npublished: {1500 + number}\n"
        sidecar = SIDECAR.format(title=title, year=1500 + number, topic=topic, verdict=verdict)
        files[f"seeds/{name}.yml"] = plain if number % 10 else sidecar
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, encoding="utf-8")
    return root / "mkdocs.yml"


@pytest.fixture(scope="session")
def lists(web: Any, tmp_path_factory: pytest.TempPathFactory) -> str:
    address = "http://lists.localhost/"

    def make(root: Path) -> None:
        outcome = build_site(lay_out(root, address))
        assert outcome.published, outcome.diagnostics

    assert web.show("lists", shared(tmp_path_factory, "lists", make) / "site") == address
    return address


Open = Callable[..., Any]


@pytest.fixture
def go(tabs: Any, lists: str) -> Iterator[Open]:
    faults: list[str] = []

    def open_page(path: str, *, width: int = 1440, scheme: str = "light", js: bool = True) -> Any:
        page = tabs.new(lists, viewport=(width, 900), color_scheme=scheme, java_script_enabled=js)
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(lists + path)
        return page

    yield open_page
    assert faults == []


def titles(page: Any) -> list[str]:
    found: list[str] = page.eval_on_selector_all(
        ".postil-row-name", "all => all.filter((link) => link.checkVisibility()).map((link) => link.textContent)"
    )
    return found


def settled(page: Any, first: str, said: str = f"{COUNT} documents") -> list[str]:
    """The titles in the list once the first of them is this one, and this is said above it."""
    page.wait_for_function(
        """([first, said]) => document.querySelector(".postil-row-name")?.textContent === first
            && document.querySelector(".postil-listed [role=status]").textContent === said""",
        arg=[first, said],
    )
    return titles(page)


def counts(page: Any, facet: str) -> list[str]:
    return [item.replace("\n", " ") for item in page.locator(f"[data-postil-facet={facet}] li").all_inner_texts()]


LETTERS = [f"Letter {number}" for number in reversed(range(COUNT))]
LETTERS[COUNT - 1 - 7] = "Épilogue"


def test_without_a_script_every_document_is_listed_on_pages(go: Open) -> None:
    page = go("documents/", js=False)
    assert not page.is_visible(".postil-sieve")
    found = titles(page)
    assert len(found) == 50
    while page.locator(".postil-pages [rel=next]").count():
        page.click(".postil-pages [rel=next]")
        found += titles(page)
    assert found == LETTERS
    assert page.url.endswith("/documents/page_9/")
    assert page.inner_text(".postil-pages p") == "401–430 of 430"


def test_with_a_script_the_list_is_as_it_was_until_asked(go: Open) -> None:
    page = go("documents/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    assert page.is_visible(".postil-sieve")
    assert titles(page) == LETTERS[:50]
    assert page.is_visible(".postil-pages [rel=next]")
    assert [url for url in asked if url.endswith(".gz")] == []  # all rows are loaded for those who ask alone


@pytest.mark.parametrize("width", [1440, 1000])
def test_rows_are_of_one_height_and_stay_in_their_column(go: Open, width: int) -> None:
    page = go("documents/", width=width)
    heights = page.eval_on_selector_all(".postil-row", "all => all.map((row) => row.getBoundingClientRect().height)")
    assert 44 <= min(heights) <= max(heights) <= 57
    assert page.evaluate(
        "document.querySelector('.postil-index').scrollWidth <= document.querySelector('.postil-index').clientWidth"
    )


def test_orders_go_over_all_pages(go: Open) -> None:
    page = go("documents/")
    order = page.get_by_label("Order")
    order.select_option("Oldest first")
    assert settled(page, "Letter 0") == LETTERS[::-1][:50]
    order.select_option("Title")
    assert settled(page, "Épilogue")[:4] == ["Épilogue", "Letter 0", "Letter 1", "Letter 10"]
    order.select_option("Most that does not hold")
    assert settled(page, "Letter 410")[:3] == ["Letter 410", "Letter 390", "Letter 370"]
    assert page.url.endswith("?sort=unsound")
    order.select_option("Newest first")
    assert settled(page, LETTERS[0]) == LETTERS[:50]


def test_links_of_rows_lead_to_their_documents(go: Open, lists: str) -> None:
    page = go("documents/?sort=title")
    settled(page, "Épilogue")
    page.click(".postil-row a")
    page.wait_for_url(f"{lists}documents/d007/")


def test_it_turns_its_pages_and_the_address_keeps_the_page(go: Open) -> None:
    page = go("documents/?sort=oldest&page=8")
    assert len(settled(page, "Letter 350")) == 50
    page.click(".postil-pages button:text-is('Next')")
    assert len(settled(page, "Letter 400")) == 30
    assert page.is_disabled(".postil-pages button:text-is('Next')")
    page.click(".postil-pages button:text-is('Previous')")
    settled(page, "Letter 350")
    assert page.url.endswith("?sort=oldest&page=8")


def test_it_finds_words_without_case_and_accents(go: Open) -> None:
    page = go("documents/")
    words = page.get_by_label("Words in")
    words.fill("EPILOG")
    assert settled(page, "Épilogue", "1 of 430") == ["Épilogue"]
    words.fill("letter 1503")
    assert settled(page, "Letter 3", "1 of 430") == ["Letter 3"]
    words.fill("no such words")
    page.wait_for_selector("[role=status]:text-is('0 of 430')")
    assert titles(page) == []
    page.click("button:text-is('Show all')")
    assert settled(page, LETTERS[0]) == LETTERS[:50]
    assert page.evaluate("document.activeElement.type") == "search"


def test_facets_choose_count_and_stand_in_the_address(go: Open, lists: str) -> None:
    page = go("documents/")
    assert counts(page, "topic") == ["NATO 21", "Law 22"][::-1]
    page.get_by_label("box").check()
    assert len(settled(page, "Letter 429", "144 of 430")) == 50
    assert counts(page, "topic") == ["Law 8", "NATO 7"]
    page.get_by_label("Law").check()
    settled(page, "Letter 420", "8 of 430")
    assert counts(page, "topic") == ["Law 8", "NATO 7"]  # within a facet, values add up
    assert counts(page, "verdict") == ["● Supported 8", "✕ False 0"]
    page.get_by_label("NATO").check()
    found = settled(page, "Letter 420", "15 of 430")
    assert page.url == f"{lists}documents/?topic=law&topic=nato&collection=box"
    page.reload()
    assert settled(page, "Letter 420", "15 of 430") == found
    assert page.get_by_label("Law").is_checked()
    page.click(".postil-chosen button:has-text('Law')")
    settled(page, "Letter 390", "7 of 430")


def test_values_beyond_the_first_are_shown_when_asked_for(go: Open) -> None:
    page = go("documents/")
    years = page.locator("[data-postil-facet=year]")
    assert years.locator("li").count() == 6
    years.get_by_role("button", name="All 430").click()
    page.wait_for_function("document.querySelectorAll('[data-postil-facet=year] li').length === 430")
    years.get_by_label("1500").check()
    settled(page, "Letter 0", "1 of 430")
    years.get_by_role("button").click()
    assert [item.inner_text().split()[0] for item in years.locator("li:visible").all()][-1] == "1500"


def test_a_topic_leads_to_its_documents_in_the_list(go: Open) -> None:
    page = go("topics/nato/")
    page.click("a:has-text('more in the list of all documents')")
    settled(page, "Letter 410", "21 of 430")


@pytest.mark.parametrize("width", [390, 1440])
def test_the_keyboard_reaches_all_of_it(go: Open, width: int) -> None:
    page = go("documents/", width=width)
    page.focus(".postil-sieve input")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    settled(page, "Letter 410")
    if width == 390:
        assert not page.is_visible("fieldset")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    settled(page, "Letter 420", "22 of 430")
    assert page.evaluate("document.activeElement.value") == "supported"


def test_going_on_without_loading_leaves_nothing_behind(go: Open) -> None:
    page = go("documents/")
    page.get_by_label("Words in").fill("epilogue")
    settled(page, "Épilogue", "1 of 430")
    page.click(".md-tabs a:has-text('Claims'), .md-nav a:has-text('Claims')")
    page.wait_for_selector(".postil-index--claims")
    page.go_back()
    page.wait_for_selector(".postil-index--documents")
    settled(page, "Épilogue", "1 of 430")
    assert page.locator(".postil-listed > nav").count() == 2


def test_what_cannot_be_fetched_is_told_and_the_pages_stay(go: Open) -> None:
    page = go("documents/")
    page.route(re.compile(r"list\.gz"), lambda route: route.abort())
    page.get_by_label("Order").select_option("Title")
    page.wait_for_selector("[role=status]:has-text('could not')")
    assert titles(page) == LETTERS[:50]
    assert page.is_visible(".postil-pages [rel=next]")


@pytest.mark.parametrize("width", [390, 1440])
def test_a_home_page_shows_what_its_slots_are_filled_with(go: Open, width: int) -> None:
    page = go("", width=width)
    assert page.locator(".postil-card:visible").count() == 6
    for part in (
        ".postil-live mark",
        ".postil-live-note",
        ".postil-newest",
        ".postil-stacks--short",
        ".postil-colophon",
    ):
        assert page.locator(part).first.is_visible(), part


@pytest.mark.parametrize("width", [390, 820, 1440])
@pytest.mark.parametrize("path", PAGES)
def test_no_page_is_wider_than_the_screen(go: Open, path: str, width: int) -> None:
    page = go(path, width=width)
    # Not of the whole document: the theme keeps a second, hidden title beside a long one's end, and cuts it off.
    assert page.evaluate("document.querySelector('.md-main').scrollWidth") <= width
    narrow = page.eval_on_selector_all(
        ".postil svg[role=img]", "all => all.filter((picture) => picture.getBoundingClientRect().width < 20).length"
    )
    assert narrow == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(go: Open, axe: str, path: str, scheme: str) -> None:
    page = go(path, scheme=scheme)
    # Of the rows of a list, which come from one template, as many as there is one of each kind among.
    page.evaluate("document.querySelectorAll('.postil-row:nth-child(n+22)').forEach((row) => row.remove())")
    page.evaluate(axe)
    found = page.evaluate("axe.run(document.querySelector('.postil') ? '.md-content' : document)")
    told = [f"{fault['id']}: {node['html']}" for fault in found["violations"] for node in fault["nodes"][:2]]
    assert told == []
