"""What holds on every kind of page: axe-core finds no fault, nothing scrolls sideways, the keyboard reaches all."""

from __future__ import annotations

from typing import Any

import pytest

DOCUMENT = "documents/confidential-warning-nato/"
PAGES = {
    "home": "",
    "written by hand": "method/",
    "document": DOCUMENT,
    "documents": "documents/",
    "claim": "claims/all-allies-at-two-percent/",
    "claims": "claims/",
    "source": "sources/anadolu-lavrov/",
    "sources": "sources/",
    "topic": "topics/framing/",
    "topics": "topics/",
    "person": "people/sergey-lavrov/",
    "people": "people/",
    "corrections": "corrections/",
    "changes": "changes/",
    "overview": "overview/",
    "search": "search/?q=nato",
    "404": "404.html",
}
COLOURS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"color_scheme": "light", "forced_colors": "active"},
}
WIDTHS = [390, 1440]
OF_COLOURS = ["color-contrast", "link-in-text-block"]  # the rules that may answer otherwise in other colours
RUN = """async (rules) => {
  const found = await axe.run({ resultTypes: ["violations"], ...(rules && { runOnly: rules }) });
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}"""


@pytest.fixture(params=COLOURS)
def colours(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(tabs: Any, corpus: str, colours: str) -> Any:
    """A page in these colours, in which nothing is on its way from one colour to another."""
    view = tabs.new(corpus, **COLOURS[colours])
    view.set_default_timeout(15_000)
    return view


def go(page: Any, address: str) -> None:
    page.goto(address)
    page.add_style_tag(content="*, ::before, ::after { transition: none !important; animation: none !important; }")
    if "search" in address:
        page.wait_for_selector(".postil-hit")


def found(page: Any, axe: str, width: int, rules: list[str] | None = None) -> list[str]:
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_timeout(60)
    page.evaluate(axe)
    answer: list[str] = page.evaluate(RUN, rules)
    return answer


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_axe_finds_nothing(page: Any, corpus: str, axe: str, colours: str, path: str) -> None:
    go(page, corpus + path)
    for width in WIDTHS:
        assert found(page, axe, width, None if colours == "light" else OF_COLOURS) == [], width


def test_axe_finds_nothing_with_a_note_and_the_sheet_open(page: Any, corpus: str, axe: str, colours: str) -> None:
    go(page, corpus + DOCUMENT)
    for width, shown in ((1440, ".postil-open"), (390, "dialog[open]")):
        page.set_viewport_size({"width": width, "height": 900})
        page.locator("[data-postil=ref] a").first.click()
        page.wait_for_selector(shown)
        assert found(page, axe, width, None if colours == "light" else OF_COLOURS) == [], width


@pytest.mark.parametrize("colours", ["light"], indirect=True)
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_nothing_scrolls_sideways_at_400_percent(page: Any, corpus: str, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 256})  # of 1280 by 1024
    go(page, corpus + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def parts_apart(page: Any, selector: str) -> list[bool]:
    """Whether something is between each part of a bar and the next, for each bar."""
    told: list[bool] = page.eval_on_selector_all(
        selector,
        """(bars) => bars.map((bar) => {
          const parts = [...bar.querySelectorAll("rect")].map((part) => ({
            box: part.getBoundingClientRect(), style: getComputedStyle(part) }));
          return parts.slice(1).every(({ box, style }, i) => box.left - parts[i].box.right >= 1
            || (style.stroke !== style.fill && parseFloat(style.strokeWidth) >= 1));
        })""",
    )
    return told


@pytest.mark.parametrize("colours", ["forced"], indirect=True)
@pytest.mark.parametrize(
    ("path", "bars"),
    [("documents/", ".postil-bar"), ("overview/", ".postil-stack"), (DOCUMENT, ".postil-bar"), ("", ".postil-stack")],
)
@pytest.mark.parametrize("width", WIDTHS)
def test_in_forced_colours_the_parts_of_bars_are_apart(
    page: Any, corpus: str, path: str, bars: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    go(page, corpus + path)
    told = parts_apart(page, bars)
    assert told
    assert all(told)


@pytest.mark.parametrize("colours", ["forced"], indirect=True)
def test_in_forced_colours_marked_words_keep_their_lines(page: Any, corpus: str) -> None:
    go(page, corpus + DOCUMENT)
    drawn = page.eval_on_selector_all(
        ".postil-mark", "all => all.map((mark) => getComputedStyle(mark).backgroundImage.startsWith('linear-gradient'))"
    )
    assert drawn
    assert all(drawn)


@pytest.mark.parametrize("colours", ["light"], indirect=True)
def test_links_in_running_text_are_underlined_whoever_wrote_the_page(page: Any, corpus: str) -> None:
    for path in ("method/", "claims/", "claims/all-allies-at-two-percent/"):
        go(page, corpus + path)
        lines = page.eval_on_selector_all(
            ".md-content p a:not([class])", "all => all.map((link) => getComputedStyle(link).textDecorationLine)"
        )
        assert lines
        assert set(lines) == {"underline"}, path


def walk_to(page: Any, selector: str) -> None:
    """Press Tab until what has the focus is this."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab does not lead to {selector}")


@pytest.mark.parametrize("colours", ["light"], indirect=True)
def test_what_does_not_hold_is_walked_by_keyboard(page: Any, corpus: str) -> None:
    go(page, corpus + DOCUMENT)
    page.locator(".postil-crumbs a").first.focus()
    walk_to(page, "[data-postil-do=fails]")
    page.keyboard.press("Space")
    steps = page.locator(".postil-hit-steps")
    steps.wait_for(state="visible")
    total = page.locator("[data-postil-kind]:not([hidden])").count()
    assert f"1 of {total}" in steps.inner_text()
    walk_to(page, "[data-postil-do=next]")
    page.keyboard.press("Enter")
    assert f"2 of {total}" in steps.inner_text()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert f"1 of {total}" in steps.inner_text()
    walk_to(page, "[data-postil-do=all]")
    page.keyboard.press("Enter")
    assert page.locator("[data-postil-kind]:not([hidden])").count() > total
    assert not steps.is_visible()


@pytest.mark.parametrize("colours", ["light"], indirect=True)
def test_the_ways_to_print_are_reached_by_keyboard(page: Any, corpus: str) -> None:
    page.add_init_script(
        "window.print = () => { window.printed = document.querySelector('.postil-document').className; }"
    )
    go(page, corpus + DOCUMENT)
    page.locator("summary:has(+ * [data-postil-print])").focus()
    page.keyboard.press("Enter")
    for form in ("after", "beside", "text"):
        walk_to(page, f"[data-postil-print={form}]")
        page.keyboard.press("Enter")
        assert f"postil-print-{form}" in page.evaluate("window.printed").split()
