"""The lists over the corpus in a real Chromium: sorted, filtered and turned with a script, whole without one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sharing import shared

from builder.engines.mkdocs_commands import build_site

COUNT = 430  # three pages of documents
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
        "docs/index.md": "# Home\n\n<!-- postil: overview-small -->\n",
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
        ".postil-table tbody th > a",
        "all => all.filter((each) => each.checkVisibility()).map((each) => each.textContent)",
    )
    return found


def settled(page: Any, first: str, total: str | None = None) -> list[str]:
    """The titles that stand in the table once the first of them is this one."""
    page.wait_for_function(
        """([first, total]) => document.querySelector(".postil-table tbody th > a")?.textContent === first
            && (total === null || document.querySelector(".postil-index [role=status]").textContent === total)""",
        arg=[first, total],
    )
    return titles(page)


def counted(page: Any, pattern: str) -> None:
    """Wait until the line below the tools matches."""
    condition = "pattern => document.querySelector('[role=status].postil-count').textContent.match(pattern)"
    page.wait_for_function(condition, arg=pattern)


LETTERS = [f"Letter {number}" for number in reversed(range(COUNT))]
LETTERS[COUNT - 1 - 7] = "Épilogue"


def test_without_a_script_every_document_is_listed_on_pages(go: Open) -> None:
    page = go("documents/", js=False)
    assert page.locator(".postil-sieve, .postil-sort").count() == 0
    found = titles(page)
    assert len(found) == 200
    while page.locator(".postil-pages [rel=next]").count():
        page.click(".postil-pages [rel=next]")
        found += titles(page)
    assert found == LETTERS
    assert page.url.endswith("/documents/page_3/")
    assert page.inner_text(".postil-pages p") == "401–430 of 430"


def test_with_a_script_the_list_is_as_it_was_until_asked(go: Open) -> None:
    page = go("documents/")
    page.wait_for_selector(".postil-sieve")
    assert titles(page) == LETTERS[:200]
    assert page.is_visible(".postil-pages [rel=next]")
    assert page.locator("th[aria-sort]").count() == 0


def test_it_sorts_over_all_pages_by_date_and_by_title_as_people_do(go: Open) -> None:
    page = go("documents/")
    page.click("th button:text-is('Date')")
    assert settled(page, LETTERS[0]) == LETTERS[:200]
    page.click("th button:text-is('Date')")
    assert settled(page, "Letter 0") == LETTERS[::-1][:200]
    assert page.get_attribute("th:has(button:text-is('Date'))", "aria-sort") == "ascending"
    page.click("th button:text-is('Document')")
    found = settled(page, "Épilogue")
    assert found[:4] == ["Épilogue", "Letter 0", "Letter 1", "Letter 2"]
    page.click("th button:text-is('Notes')")
    settled(page, "Letter 420")
    assert "sort=notes-" in page.url


def test_links_of_fetched_rows_lead_to_their_documents(go: Open, lists: str) -> None:
    page = go("documents/")
    page.click("th button:text-is('Document')")
    settled(page, "Épilogue")
    page.click(".postil-table tbody th a")
    page.wait_for_url(f"{lists}documents/d007/")


def test_it_turns_its_pages(go: Open) -> None:
    page = go("documents/?sort=date")
    settled(page, "Letter 0")
    page.click(".postil-pages button:text-is('Next')")
    assert len(settled(page, "Letter 200")) == 200
    page.click(".postil-pages button:text-is('Next')")
    assert len(settled(page, "Letter 400")) == 30
    assert page.is_disabled(".postil-pages button:text-is('Next')")
    page.click(".postil-pages button:text-is('Previous')")
    settled(page, "Letter 200")


def test_it_filters_by_words_without_case_and_accents(go: Open) -> None:
    page = go("documents/")
    page.fill(".postil-sieve input", "EPILOG")
    assert settled(page, "Épilogue", "1 of 430 shown") == ["Épilogue"]
    page.fill(".postil-sieve input", "box 1503")
    assert settled(page, "Letter 3", "1 of 430 shown") == ["Letter 3"]
    page.fill(".postil-sieve input", "no such words")
    counted(page, "^0 of 430 shown$")
    assert titles(page) == []
    page.click(".postil-sieve button")
    assert settled(page, LETTERS[0], "") == LETTERS[:200]
    assert page.evaluate("document.activeElement.type") == "search"


def test_it_filters_by_collection_topic_and_verdict_and_the_address_keeps_it(go: Open, lists: str) -> None:
    page = go("documents/")
    page.select_option(".postil-sieve [name=collection]", "box")
    assert len(settled(page, "Letter 429", "144 of 430 shown")) == 144
    page.select_option(".postil-sieve [name=topic]", "law")
    settled(page, "Letter 420", "8 of 430 shown")
    page.select_option(".postil-sieve [name=note]", "Supported")
    found = settled(page, "Letter 420", "8 of 430 shown")
    assert found == [f"Letter {number}" for number in range(420, -1, -60)]
    assert page.url == f"{lists}documents/?collection=box&topic=law&note=Supported"
    page.reload()
    assert settled(page, "Letter 420", "8 of 430 shown") == found
    assert page.input_value(".postil-sieve [name=topic]") == "law"


def test_a_topic_leads_to_its_documents_in_the_list(go: Open) -> None:
    page = go("topics/nato/")
    page.click("a:has-text('more in the list of all documents')")
    settled(page, "Letter 410", "21 of 430 shown")


def test_the_keyboard_reaches_all_of_it(go: Open) -> None:
    page = go("documents/")
    page.focus(".postil-sieve input")
    reached = []
    for _ in range(9):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.slice(0, 10)"))
    assert [each for each in reached if each in ("Document", "Date", "Collection", "Topics", "Notes")] == [
        "Document", "Date", "Collection", "Topics", "Notes",
    ]  # fmt: skip
    page.focus("th button:text-is('Date')")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    settled(page, "Letter 0")


def test_a_phone_sorts_by_a_choice(go: Open) -> None:
    page = go("documents/", width=390)
    page.select_option(".postil-tool-order select", label="Date: oldest first")
    settled(page, "Letter 0")
    assert page.input_value(".postil-tool-order select") == "1+"


def test_going_on_without_loading_leaves_nothing_behind(go: Open) -> None:
    page = go("documents/")
    page.fill(".postil-sieve input", "Letter 4")
    counted(page, "of 430")
    page.click(".md-tabs a:has-text('Claims'), .md-nav a:has-text('Claims')")
    page.wait_for_selector(".postil-table--claims")
    page.go_back()
    page.wait_for_selector(".postil-table--documents")
    page.wait_for_selector(".postil-sieve")
    assert page.locator(".postil-sieve").count() == 1
    assert page.locator(".postil-sort").count() == 5


def test_what_cannot_be_fetched_is_told_and_the_pages_stay(go: Open) -> None:
    page = go("documents/")
    page.route(re.compile(r"page_\d"), lambda route: route.abort())
    page.click("th button:text-is('Date')")
    counted(page, "could not")
    assert titles(page) == LETTERS[:200]
    assert page.is_visible(".postil-pages [rel=next]")


@pytest.mark.parametrize("width", [390, 820, 1440])
@pytest.mark.parametrize("path", PAGES)
def test_no_page_is_wider_than_the_screen(go: Open, path: str, width: int) -> None:
    page = go(path, width=width)
    # Not of the whole document: the theme keeps a second, hidden title beside a long one's end, and cuts it off.
    assert page.evaluate("document.querySelector('.md-main').scrollWidth") <= width
    narrow = page.eval_on_selector_all(
        ".postil svg[role=img]", "all => all.filter((each) => each.getBoundingClientRect().width < 20).length"
    )
    assert narrow == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(go: Open, axe: str, path: str, scheme: str) -> None:
    page = go(path, scheme=scheme)
    # Of the rows of a list, which come from one template, as many as there is one of each kind among.
    page.evaluate("document.querySelectorAll('.postil-table tbody tr:nth-child(n+22)').forEach((row) => row.remove())")
    page.evaluate(axe)
    found = page.evaluate("axe.run(document.querySelector('.postil') ? '.md-content' : document)")
    told = [f"{each['id']}: {node['html']}" for each in found["violations"] for node in each["nodes"][:2]]
    assert told == []
