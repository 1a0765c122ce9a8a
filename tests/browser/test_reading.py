"""Reading a document in a real Chromium: margin, sheet, filters, teaching mode, print; by mouse, key and touch."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from scrolling import scroll_steps

Open = Callable[..., Any]
BRIDGE = "documents/bridge/"
WIDTHS = (390, 820, 1440)
SCHEMES = ("light", "dark")

BOXES = """() => [...document.querySelectorAll('[data-postil-kind]')].filter((card) => !card.hidden).map((card) => {
  const { top, bottom, left, right } = card.getBoundingClientRect();
  const words = document.querySelector(`[data-postil=ref] a[href$="#${card.id}"]`)?.getBoundingClientRect().top;
  return { id: card.id, top, bottom, left, right, words: words ?? null };
})"""
SHIFTS = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const each of list.getEntries()) sum += each.value; })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 300);
})"""
TEXT = """() => {
  const text = document.querySelector('[data-postil=text]').cloneNode(true);
  for (const each of text.querySelectorAll('[data-postil=ref]')) each.remove();
  return text.textContent;
}"""
LINES = """(mark) => [0, 1, 2]
  .map((lane) => getComputedStyle(mark).getPropertyValue(`--postil-line${lane}`))
  .filter((colour) => colour && colour !== "transparent")"""
FOCUS = "() => document.activeElement.getAttribute('href')?.split('#')[1] ?? document.activeElement.id"


def settle(page: Any) -> None:
    page.wait_for_timeout(60)


def scroll(page: Any, y: int) -> None:
    page.evaluate(
        "(y) => new Promise((done) => { scrollTo(0, y); requestAnimationFrame(() => requestAnimationFrame(done)); })", y
    )


def reference(page: Any, note: str) -> Any:
    return page.locator(f"[data-postil=ref] a[href$='#note-{note}']")


def card(page: Any, note: str) -> Any:
    return page.locator(f"#note-{note}")


def lit(page: Any) -> set[str]:
    return set(page.evaluate("() => [...document.querySelectorAll('mark.postil-lit')].map((each) => each.textContent)"))


def query(page: Any) -> str:
    return str(page.evaluate("() => decodeURIComponent(location.search)"))


# --- the text -------------------------------------------------------------------------------------------------------


def test_what_is_copied_is_the_text_and_no_bracket_shows(opened: Open) -> None:
    page = opened(BRIDGE)
    copied = page.evaluate("""() => {
      getSelection().selectAllChildren(document.querySelector("[data-postil=text]"));
      return getSelection().toString();
    }""")
    text = page.evaluate("""() => {
      const copy = document.querySelector("[data-postil=text]").cloneNode(true);
      for (const reference of copy.querySelectorAll("[data-postil=ref]")) reference.remove();
      return copy.textContent;
    }""")
    assert copied.split() == text.split()
    widths = "(all) => all.map((bracket) => bracket.getBoundingClientRect().width)"
    assert set(page.locator("[data-postil=ref] > span").evaluate_all(widths)) == {0}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", [BRIDGE, "documents/many/", "documents/teaching/"])
def test_a_saved_page_keeps_every_note_whole(opened: Open, path: str, width: int) -> None:
    """SingleFile and Zotero's snapshots leave out what is not displayed, or is hidden and takes no room at all."""
    page = opened(path, width=width)
    settle(page)
    lost = page.evaluate("""() => {
      const hidden = (element) => {
        const { display, opacity, visibility } = getComputedStyle(element);
        if (display === "none") return true;
        if (opacity !== "0" && visibility !== "hidden") return false;
        const { width, height } = element.getBoundingClientRect();
        return !width && !height;
      };
      const saved = (element) => element.matches(".postil-opener") ? "" : [...element.childNodes].map((node) =>
        node.nodeType === 3 ? node.data : node.nodeType === 1 && !hidden(node) ? saved(node) : "").join("");
      const whole = (element) => {
        const copy = element.cloneNode(true);
        for (const opener of copy.querySelectorAll(".postil-opener")) opener.remove();
        return copy.textContent;
      };
      return [...document.querySelectorAll("[data-postil=text], .postil-note")]
        .filter((element) => saved(element) !== whole(element))
        .map((element) => [element.id, saved(element).length, whole(element).length]);
    }""")
    assert lost == []


# --- the margin -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [BRIDGE, "documents/many/"])
def test_notes_never_cover_each_other_and_keep_up(opened: Open, path: str) -> None:
    page = opened(path)
    end = page.evaluate("() => document.documentElement.scrollHeight - innerHeight")
    for y in range(0, end + 1, max(37, end // 40)):
        scroll(page, y)
        boxes = page.evaluate(BOXES)
        for above, below in itertools.pairwise(boxes):
            assert above["bottom"] <= below["top"], (y, above, below)
        # One reads further down in the window the further one has come, and there words have their notes at hand.
        line = 900 * y / end
        near = [each for each in boxes if each["words"] is not None and abs(each["words"] - line) < 40]
        assert all(abs(each["top"] - line) < 450 for each in near), (y, line, near)
    scroll(page, end)
    last = page.evaluate(BOXES)[-1]
    assert last["bottom"] <= 900 + 4
    assert abs(last["top"] - last["words"]) < 400


def test_a_retired_note_has_its_words_in_the_short_form_too(opened: Open) -> None:
    page = opened("documents/short/")
    assert card(page, "gone").locator(".postil-quote").is_visible()
    assert not card(page, "last").locator(".postil-quote").is_visible()
    edge = "(each) => getComputedStyle(each).borderInlineStartStyle"
    assert [card(page, each).evaluate(edge) for each in ("gone", "last")] == ["dashed", "solid"]


@pytest.mark.parametrize("height", [560, 700, 1000, 1400])
def test_every_note_of_a_short_text_comes_to_be_seen(opened: Open, height: int) -> None:
    page = opened("documents/short/", height=height)
    settle(page)
    notes, seen = page.locator(".postil-note").count(), set[str]()
    end = page.evaluate("() => document.documentElement.scrollHeight - innerHeight")
    for y in range(0, end + 1, max(1, end // 20)):
        scroll(page, y)
        seen |= set(
            page.evaluate("""() => {
              const { top, bottom } = document.querySelector(".postil-margin").getBoundingClientRect();
              const first = Math.max(0, top - 7), last = Math.min(innerHeight, bottom + 7);
              const inside = (box) => box.top >= first && box.bottom <= last;
              const all = [...document.querySelectorAll(".postil-note")];
              return all.filter((each) => inside(each.getBoundingClientRect())).map((each) => each.id);
            }""")
        )
    assert len(seen) == notes == 5, (height, end, seen)


def test_a_note_stands_in_the_margin_beside_its_words_in_a_short_form(opened: Open) -> None:
    page = opened(BRIDGE)
    text = page.locator("[data-postil=text]").bounding_box()
    boxes = {each["id"]: each for each in page.evaluate(BOXES)}
    assert all(each["left"] > text["x"] + text["width"] and each["right"] <= 1440 for each in boxes.values())
    line = page.locator("[data-postil=text] p").first.evaluate("(it) => parseFloat(getComputedStyle(it).lineHeight)")
    assert abs(boxes["note-month"]["top"] - boxes["note-month"]["words"]) < line
    assert boxes["note-whole"]["top"] < boxes["note-month"]["top"]
    seen = card(page, "opened").inner_text()
    assert "False" in seen
    assert "The town's own record says otherwise, as far as it goes. It was opened in July." in seen
    for hidden in ("The bridge opened in June.", "A report", "Cite", "loaded language"):
        assert hidden not in seen
    assert card(page, "month").inner_text().split("\n")[1:3] == ["in May", "in April"]


@pytest.mark.parametrize(
    "block",
    [
        "<ul><li>{}</li></ul>",
        "<ol><li>{}</li></ol>",
        "<blockquote>{}</blockquote>",
        "<pre>{}</pre>",
        "<dl><dd>{}</dd></dl>",
    ],
)
def test_the_short_form_has_four_lines_whatever_is_in_the_note(opened: Open, block: str) -> None:
    page = opened(BRIDGE)
    lines = page.evaluate(
        """(html) => {
          const body = document.querySelector('#note-paid-0 .postil-body');
          body.innerHTML = html;
          return body.getBoundingClientRect().height / parseFloat(getComputedStyle(body).lineHeight);
        }""",
        "<p>One line.</p>" + block.format("Many more lines.\n" * 60),
    )
    assert 1 < lines < 4.1


def test_a_note_opens_in_place_to_the_whole(opened: Open) -> None:
    page = opened(BRIDGE)
    button = card(page, "opened").locator(".postil-opener")
    assert button.inner_text().split()[0] == "More"
    assert button.get_attribute("aria-expanded") == "false"
    button.click()
    assert button.get_attribute("aria-expanded") == "true"
    seen = card(page, "opened").inner_text()
    for part in (
        "It was opened in July",
        "The bridge opened in June.",
        "A report",
        "Cite this note",
        "loaded language",
    ):
        assert part in seen
    settle(page)
    boxes = page.evaluate(BOXES)
    assert all(above["bottom"] <= below["top"] for above, below in itertools.pairwise(boxes))
    card(page, "opened").focus()
    page.keyboard.press("Escape")
    assert "A report" not in card(page, "opened").inner_text()
    assert page.evaluate(FOCUS) == "note-opened"
    page.keyboard.press("Enter")
    assert "A report" in card(page, "opened").inner_text()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", [BRIDGE, "documents/teaching/", "documents/many/"])
def test_nothing_moves_when_notes_take_their_places(opened: Open, width: int, path: str) -> None:
    # Questions make the notes of a short text longer than it is, which moves the foot of the page.
    most = 0.01 if "teaching" in path and width == 1440 else 0.001
    assert opened(path, width=width).evaluate(SHIFTS) <= most


def test_without_the_script_notes_come_back_below_the_text(opened: Open) -> None:
    page = opened(BRIDGE, block="**/postil.*.js")
    assert not card(page, "whole").is_visible()
    session = page.context.new_cdp_session(page)
    session.send("Animation.enable")
    session.send("Animation.setPlaybackRate", {"playbackRate": 20})  # of six seconds
    card(page, "whole").wait_for(timeout=6000)
    text = page.locator("[data-postil=text]").bounding_box()
    for note in ("whole", "opened"):
        box = card(page, note).bounding_box()
        assert box["y"] > text["y"] + text["height"]
        assert card(page, note).is_visible()
    assert "It was opened in July" in card(page, "opened").inner_text()


@pytest.mark.parametrize("width", WIDTHS)
def test_without_javascript_notes_are_a_list_below_the_text(opened: Open, width: int) -> None:
    page = opened(BRIDGE, width=width, js=False)
    text = page.locator("[data-postil=text]").bounding_box()
    below = text["y"] + text["height"]
    for each in page.locator("[data-postil-kind]").all():
        box = each.bounding_box()
        assert box["y"] >= below
        below = box["y"] + box["height"]
    assert page.locator("button:visible, select:visible, dialog:visible").count() == 0
    reference(page, "opened").click()
    assert page.url.endswith("#note-opened")
    assert 0 <= card(page, "opened").bounding_box()["y"] < 900
    card(page, "opened").get_by_role("link", name="To the words", exact=True).click()
    assert page.url.endswith("#quote-opened")
    assert 0 <= page.locator("#quote-opened").bounding_box()["y"] < 900


@pytest.mark.parametrize("path", [BRIDGE, "documents/teaching/"])  # the theme deals with links to pages of the sitemap
def test_links_between_notes_of_a_page(opened: Open, path: str) -> None:
    page = opened(path)
    note, other = ("opened", "month") if path == BRIDGE else ("closed", "opened")
    card(page, note).locator(".postil-opener").click()
    if path != BRIDGE:
        card(page, note).locator("summary").first.click()
    card(page, note).locator(".postil-links a").first.click()
    page.wait_for_selector(f"#note-{other}.postil-open")
    assert page.url.endswith(f"#note-{other}")
    settle(page)
    box = next(each for each in page.evaluate(BOXES) if each["id"] == f"note-{other}")
    assert 0 < box["words"] < 900
    assert 0 < box["top"] < 900
    assert page.locator("dialog.postil-sheet").count() == 1
    assert page.locator(f"#note-{other} .postil-opener").count() == 1


TICKS = (
    "() => [...document.querySelectorAll('.postil-strip path')].map((it) => it.getAttribute('d').split('M').length - 1)"
)
BEYOND = "() => [...document.querySelectorAll('.postil-beyond')].map((it) => Number(it.textContent.slice(2)))"


@pytest.mark.parametrize("width", WIDTHS)
def test_a_strip_shows_all_notes_along_the_text_and_leads_to_them(opened: Open, width: int) -> None:
    page = opened(BRIDGE, width=width)
    settle(page)
    assert sum(page.evaluate(TICKS)) == 25
    strip = page.get_by_role("slider", name="Notes along the text")
    box = strip.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] - 24)
    assert lit(page) == {"They paid 19 coins"}
    settle(page)
    last = page.locator("mark.postil-lit").last.bounding_box()
    assert 0 < last["y"] < page.viewport_size["height"]
    strip.focus()
    page.keyboard.press("Home")
    assert (lit(page), strip.get_attribute("aria-valuetext")) == ({"in May"}, "1 Correction")
    page.keyboard.press("ArrowDown")
    assert lit(page) == {"the town had"}
    assert strip.evaluate("(it) => it === document.activeElement")
    page.get_by_role("button", name="1 False").click()
    assert not strip.is_visible(), "one note needs no strip"


@pytest.mark.parametrize("width", [390, 1440])
def test_the_number_of_notes_beyond_the_window_is_said(opened: Open, width: int) -> None:
    page = opened("documents/many/", width=width)
    for y in (0, 3000, 9000):
        scroll(page, y)
        above, below = page.evaluate(BEYOND)
        ends = [
            (each["top"], each["bottom"]) if width == 1440 else (each["words"], each["words"])
            for each in page.evaluate(BOXES)
        ]
        height = page.viewport_size["height"]
        assert abs(above - sum(bottom < 60 for _, bottom in ends)) <= 1, y
        assert abs(below - sum(top > height - 20 for top, _ in ends)) <= 1, y
        assert (above > 0, below > 0) == (y > 0, True)


def test_a_note_that_stands_away_from_its_words_is_joined_to_them_while_it_is_lit(opened: Open) -> None:
    page = opened(BRIDGE)
    line = page.locator(".postil-joint path")
    card(page, "month").hover()
    assert line.get_attribute("d") == "", "it stands beside its words"
    card(page, "opened").hover()
    assert line.evaluate("(it) => it.getTotalLength()") > 40
    ends = line.evaluate("""(it) => {
      const box = it.getBoundingClientRect();
      const words = [...document.querySelectorAll("mark[data-postil-notes~=opened]")].at(-1).getBoundingClientRect();
      const note = document.querySelector("#note-opened").getBoundingClientRect();
      return [box.left - words.right, box.top - words.bottom, box.right - note.left].map(Math.abs);
    }""")
    assert max(ends) < 3
    page.mouse.move(5, 5)
    assert line.get_attribute("d") == ""


# --- the sheet ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [390, 820])
@pytest.mark.parametrize("way", ["click", "words", "enter"])
def test_a_reference_or_marked_words_open_the_note_as_a_sheet(opened: Open, width: int, way: str) -> None:
    page = opened(BRIDGE, width=width)
    if way == "click":
        reference(page, "month").click()
    elif way == "words":
        page.locator("#quote-month").click()
    else:
        reference(page, "month").focus()
        page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Note 1 of 25", exact=True)
    assert dialog.is_visible()
    seen = dialog.inner_text()
    assert "in April" in seen
    assert "The flood came in April." in seen
    settle(page)
    words, sheet = page.locator("#quote-month").bounding_box(), dialog.bounding_box()
    assert words["y"] + words["height"] <= sheet["y"], "the sheet covers the words"
    assert dialog.evaluate("(it) => it.contains(document.activeElement)")
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0
    assert page.evaluate(FOCUS) == "note-month"


def test_a_tap_opens_the_sheet_and_a_tap_beside_closes_it(opened: Open) -> None:
    page = opened(BRIDGE, width=390)
    page.locator("#quote-month").tap()
    assert page.locator("dialog[open]").is_visible()
    page.touchscreen.tap(195, 70)
    assert page.locator("dialog[open]").count() == 0


def test_in_the_sheet_links_lead_to_notes_and_to_the_words(opened: Open) -> None:
    page = opened(BRIDGE, width=390)
    reference(page, "opened").click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_role("link", name="in May").click()
    assert "The flood came in April." in dialog.inner_text()
    dialog.get_by_role("link", name="To the words", exact=True).click()
    assert page.locator("dialog[open]").count() == 0
    assert page.url.endswith("#quote-month")


def touch(page: Any, *points: tuple[float, float]) -> None:
    """A finger comes down at the first point, goes to the others, and is lifted."""
    session = page.context.new_cdp_session(page)
    for number, (x, y) in enumerate(points):
        kind = "touchMove" if number else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        settle(page)
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    settle(page)


def test_a_sheet_has_two_heights_and_is_drawn_and_swiped(opened: Open) -> None:
    page = opened(BRIDGE, width=390)
    reference(page, "opened").click()
    dialog, title = page.locator("dialog.postil-sheet"), page.locator(".postil-sheet-title")
    grip = page.get_by_role("button", name="Whole height")
    half = dialog.bounding_box()["y"]
    assert half >= 844 / 2
    touch(page, (120, half + 30), (120, half - 60), (120, half - 160))
    whole = dialog.bounding_box()["y"]
    assert (whole < 100, grip.get_attribute("aria-expanded")) == (True, "true")
    before = title.inner_text()
    touch(page, (300, 500), (220, 502), (120, 504))
    after = title.inner_text()
    assert [int(words.split()[1]) for words in (before, after)] == [4, 5]
    assert dialog.bounding_box()["y"] == whole
    touch(page, (100, 500), (220, 502), (320, 504))
    assert title.inner_text() == before
    touch(page, (120, whole + 30), (120, whole + 90), (120, whole + 190))
    assert dialog.bounding_box()["y"] == half
    grip.focus()
    for height in (whole, half):
        page.keyboard.press("Enter")
        assert dialog.bounding_box()["y"] == height
    touch(page, (120, half + 30), (120, half + 90), (120, half + 190))
    assert page.locator("dialog[open]").count() == 0


def test_a_thumb_finds_every_control_of_a_phone(opened: Open) -> None:
    page = opened(BRIDGE, width=390)
    reference(page, "month").click()
    small = page.evaluate("""() => [...document.querySelectorAll(".postil :is(button, select, summary)")]
      .filter((each) => each.checkVisibility() && !each.matches(".postil-note :is(details, summary)"))
      .map((each) => [each.textContent.trim(), each.getBoundingClientRect()])
      .filter(([_, box]) => Math.min(box.width, box.height) < 44)
      .map(([words, box]) => [words, box.width, box.height])""")
    assert small == []


@pytest.mark.parametrize("width", [390, 820])
def test_below_the_text_notes_are_short_and_open_in_place(opened: Open, width: int) -> None:
    page = opened(BRIDGE, width=width)
    settle(page)
    note = card(page, "opened")
    seen = note.inner_text()
    assert "it opened again in June, as the town had said" in seen, "its words do not stand beside it"
    assert "It was opened in July" in seen
    for hidden in ("The bridge opened in June.", "A report", "Cite"):
        assert hidden not in seen
    button = note.locator(".postil-opener")
    button.click()
    assert (button.get_attribute("aria-expanded"), page.locator("dialog[open]").count()) == ("true", 0)
    assert "The bridge opened in June." in note.inner_text()
    note.locator(".postil-body").click()
    button.click()
    assert "The bridge opened in June." not in note.inner_text()


# --- overlaps -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", WIDTHS)
def test_a_click_on_nested_words_opens_the_innermost_note_and_then_those_around_it(opened: Open, width: int) -> None:
    page = opened(BRIDGE, width=width)
    words = page.locator("mark[data-postil-notes='town said opened']").first
    words.scroll_into_view_if_needed()
    for note in ("town", "said", "opened", "town"):
        box = words.bounding_box()
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        if width == 1440:
            assert page.evaluate(FOCUS) == f"note-{note}"
            assert "postil-open" in card(page, note).get_attribute("class")
        else:
            dialog = page.locator("dialog[open]")
            assert dialog.locator(".postil-body").inner_text() == card(page, note).locator(".postil-body").inner_text()
        assert (
            page.locator("mark.postil-lit").all_inner_texts()
            == page.locator(f"mark[data-postil-notes~='{note}']").all_inner_texts()
        )
        settle(page)
    assert page.locator("dialog[open]").count() == (width != 1440), "nothing covers what stands in the margin"


def test_a_note_lights_all_its_passages_wherever_they_are(opened: Open) -> None:
    page = opened(BRIDGE)
    wanted = {"The bridge was closed", "the mayor spoke of the bridge"}
    page.locator("#quote-apart").hover()
    assert lit(page) == wanted
    page.mouse.move(5, 5)
    assert lit(page) == set()
    reference(page, "apart").focus()
    assert lit(page) == wanted
    reference(page, "month").focus()
    assert lit(page) == {"in May"}
    card(page, "opened").hover()
    assert "".join(sorted(lit(page))) == "".join(sorted(["it opened again in June, ", "as ", "the town had", " said"]))


def test_layered_lines_differ(opened: Open) -> None:
    page = opened(BRIDGE)
    mark = page.locator("mark[data-postil-notes='town said opened']").first
    assert len(set(mark.evaluate(LINES))) == 3


# --- filters --------------------------------------------------------------------------------------------------------


def left(page: Any) -> list[str]:
    return [each["id"].removeprefix("note-") for each in page.evaluate(BOXES)]


@pytest.mark.parametrize("width", WIDTHS)
def test_filters_by_kind_verdict_topic_and_technique(opened: Open, width: int) -> None:
    page = opened(BRIDGE, width=width)
    everything = left(page)
    status = page.locator(".postil-filters [role=status]")
    page.get_by_role("button", name="1 False").click()
    assert (left(page), query(page)) == (["opened"], "?verdict=false")
    assert status.inner_text() == f"1 of {len(everything)} notes"
    assert page.get_by_role("button", name="1 False").get_attribute("aria-pressed") == "true"
    page.get_by_role("button", name="1 Correction").click()
    assert (left(page), query(page)) == (["month", "opened"], "?kind=correction&verdict=false")
    assert not reference(page, "town").is_visible()
    assert reference(page, "month").is_visible()
    page.get_by_role("button", name="Show all").click()
    assert (left(page), query(page), status.inner_text()) == (everything, "", "")
    page.get_by_label("Topic").select_option("Money")
    assert (len(left(page)), query(page)) == (20, "?topic=Money")
    page.get_by_label("Topic").select_option("")
    page.get_by_label("Technique").select_option("loaded language")
    assert (left(page), query(page)) == (["opened"], "?technique=loaded+language")
    page.reload()
    page.wait_for_selector(".postil-opener", state="attached")
    assert (left(page), page.get_by_label("Technique").input_value()) == (["opened"], "loaded language")
    assert page.evaluate(SHIFTS) <= 0.001


@pytest.mark.parametrize("width", WIDTHS)
def test_what_does_not_hold_is_shown_by_one_switch_that_leads_to_the_first_of_it(opened: Open, width: int) -> None:
    page = opened(BRIDGE, width=width)
    switch = page.get_by_role("button", name="Show what does not hold")
    place = page.locator(".postil-hit-steps output")
    assert not place.is_visible()
    switch.click()
    assert (left(page), query(page)) == (["month", "opened"], "?kind=correction&verdict=false")
    assert switch.get_attribute("aria-pressed") == "true"
    assert place.inner_text() == "1 of 2"
    assert lit(page) == {"in May"}
    box = page.locator("#quote-month").bounding_box()
    assert 70 < box["y"] < page.viewport_size["height"] - 80
    page.get_by_role("button", name="Next note").locator("visible=true").click()
    assert (place.inner_text(), "".join(sorted(lit(page)))) == (
        "2 of 2",
        " saidas it opened again in June, the town had",
    )
    assert page.locator("dialog[open]").count() == 0
    page.get_by_role("button", name="1 False").click()
    assert switch.get_attribute("aria-pressed") == "false"
    switch.click()
    switch.click()
    assert (query(page), place.is_visible()) == ("", False)


def test_nothing_is_offered_as_not_holding_where_verdicts_are_closed(opened: Open) -> None:
    page = opened("documents/teaching/")
    assert page.get_by_role("button", name="Show what does not hold").count() == 0


def test_a_view_can_be_sent_to_somebody_and_keeps_what_is_not_ours(opened: Open) -> None:
    page = opened(f"{BRIDGE}?verdict=false&verdict=nonsense&utm=a#note-opened")
    assert left(page) == ["opened"]
    assert "It was opened in July" in card(page, "opened").inner_text()
    page.get_by_role("button", name="1 Supported").click()
    assert query(page) == "?utm=a&verdict=false&verdict=supported"
    assert page.url.endswith("#note-opened")


def test_a_link_to_a_note_that_the_filter_hides_shows_it(opened: Open) -> None:
    page = opened(f"{BRIDGE}?verdict=false#note-month")
    assert "month" in left(page)
    assert query(page) == ""


def test_marks_of_hidden_notes_lose_their_lines(opened: Open) -> None:
    page = opened(f"{BRIDGE}?verdict=supported")
    assert page.locator("#quote-month").evaluate(LINES) == []
    assert len(page.locator("mark[data-postil-notes='town said opened']").first.evaluate(LINES)) == 1
    page.locator("mark[data-postil-notes='town said opened']").first.click()
    assert page.locator("dialog[open]").count() == 0, "one note is left on these words: nothing to choose"
    assert page.evaluate(FOCUS) == "note-said"


@pytest.mark.parametrize("width", WIDTHS)
def test_just_the_text(opened: Open, width: int) -> None:
    page = opened(BRIDGE, width=width)
    before = page.evaluate(TEXT)
    page.get_by_role("button", name="Just the text").click()
    assert query(page) == "?text=only"
    assert page.locator("[data-postil-kind]:visible, [data-postil=ref]:visible").count() == 0
    assert page.evaluate(TEXT) == before
    page.locator("#quote-month").click()
    assert page.locator("dialog[open]").count() == 0
    page.reload()
    page.wait_for_selector(".postil-opener", state="attached")
    assert page.locator("[data-postil-kind]:visible").count() == 0
    page.get_by_role("button", name="Just the text").click()
    assert (query(page), page.locator("[data-postil=ref]:visible").count()) == ("", 25)


def test_the_script_leaves_the_text_alone(opened: Open) -> None:
    assert opened(BRIDGE).evaluate(TEXT) == opened(BRIDGE, js=False).evaluate(TEXT)


# --- keys -----------------------------------------------------------------------------------------------------------


def test_n_and_p_walk_the_notes(opened: Open) -> None:
    page = opened(BRIDGE)
    for key, note in zip("nnnnp", ["whole", "month", "town", "said", "town"], strict=True):
        page.keyboard.press(key)
        assert page.evaluate(FOCUS) == f"note-{note}", key
        settle(page)
    box = next(each for each in page.evaluate(BOXES) if each["id"] == "note-town")
    assert abs(box["top"] - box["words"]) < 12
    for _ in range(40):
        page.keyboard.press("n")
    assert page.evaluate(FOCUS) == "note-apart"
    page.wait_for_timeout(100)
    box = page.evaluate(BOXES)[-1]
    assert 0 < box["words"] < 900
    assert 0 < box["top"] < 900


def test_n_and_p_walk_in_the_sheet(opened: Open) -> None:
    page = opened(BRIDGE, width=390)
    page.keyboard.press("n")
    page.keyboard.press("n")
    assert page.get_by_role("dialog", name="Note 1 of 25", exact=True).is_visible()
    page.get_by_role("button", name="Next note").click()
    assert page.get_by_role("dialog", name="Note 2 of 25", exact=True).is_visible()
    page.keyboard.press("p")
    page.keyboard.press("p")
    assert page.get_by_role("dialog", name="On the whole document", exact=True).is_visible()


def test_the_sheet_says_the_notes_own_number_whatever_is_filtered(opened: Open) -> None:
    page = opened(f"{BRIDGE}?kind=claim#note-said", width=390)
    number = card(page, "said").locator(".postil-number").inner_text()
    assert page.get_by_role("dialog", name=f"Note {number} of 25", exact=True).is_visible()


LISTS = (
    """(root) => [...root.querySelectorAll('ol')].map((list) => [list.start, getComputedStyle(list).listStyleType])"""
)


def test_lists_are_numbered_as_they_were_written(opened: Open) -> None:
    page = opened("documents/short/")
    assert page.locator("#note-gone .postil-body").evaluate(LISTS) == [[3, "decimal"], [1, "decimal"]]
    text = page.locator("[data-postil=text]")
    lists = "".join(f'<ul><li><ol type="{kind}"><li></ol></ul>' for kind in "1aAiI")
    text.evaluate("(text, lists) => { text.innerHTML = lists; }", f"<ol><li><ol><li></ol></ol>{lists}")
    styles = [style for _, style in text.evaluate(LISTS)]
    assert styles == ["decimal"] * 3 + ["lower-alpha", "upper-alpha", "lower-roman", "upper-roman"]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_keys_are_listed_and_can_be_switched_off(opened: Open, width: int) -> None:
    page = opened(BRIDGE, width=width)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    assert [each.split("\n")[0] for each in dialog.locator("dl > div").all_inner_texts()] == [
        "n",
        "p",
        "Enter",
        "Esc",
        "?",
    ]
    dialog.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    assert page.evaluate(FOCUS) in ("", None)
    page.get_by_role("button", name="Keys").click()
    dialog.get_by_role("checkbox").check()
    page.keyboard.press("Escape")
    assert page.evaluate("() => document.activeElement.textContent") == "Keys"
    page.keyboard.press("n")
    assert page.locator("dialog[open]").count() == (width != 1440)


def test_no_key_works_while_one_types(opened: Open) -> None:
    page = opened(BRIDGE)
    page.get_by_label("Topic").focus()
    page.keyboard.press("?")
    assert page.locator("dialog[open]").count() == 0
    page.evaluate("() => document.body.append(document.createElement('textarea'))")
    page.locator("textarea").focus()
    page.keyboard.type("np?")
    assert page.locator("textarea").input_value() == "np?"
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("Control+n")
    assert page.locator("dialog[open]").count() == 0


def test_the_keyboard_alone_reaches_everything(opened: Open) -> None:
    page = opened("documents/teaching/")
    wanted = {
        "note-closed",
        "note-opened",
        "note-flood",
        "Just the text",
        "Keys",
        "More of note 1",
        "What we found",
        "Cite this document",
    }
    met: set[str] = set()
    page.locator(".postil-crumbs a").first.focus()
    for _ in range(60):
        met.add(
            page.evaluate("() => document.activeElement.hash?.slice(1) || document.activeElement.textContent.trim()")
        )
        page.keyboard.press("Tab")
    assert wanted - met == set()


# --- teaching mode --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("js", [True, False])
def test_a_verdict_stays_closed_until_it_is_asked_for(opened: Open, width: int, js: bool) -> None:
    page = opened("documents/teaching/", width=width, js=js)
    # A question has the whole scale, in its order, and so says nothing.
    asked = {each.inner_text() for each in page.get_by_role("group", name="Your verdict?").all()}
    assert len(asked) == js
    seen = page.locator("body").inner_text()
    for words in asked:
        seen = seen.replace(words, "")
    for word in ("False", "Supported", "haste", "Wrong by a month"):
        assert word not in seen
    assert page.locator(".postil-tally").inner_text().split() == ["◇", "2", "Claims", "§", "1", "Context"]
    for each in ("closed", "opened"):
        look = """(it) => {
          const style = getComputedStyle(it);
          return [style.color, style.borderInlineStartColor, style.backgroundImage].join();
        }"""
        one, other = (page.locator(f"{place}{each}").evaluate(look) for place in ("#quote-", "#note-"))
        if each == "closed":
            first = (one, other)
        else:
            assert (one, other) == first, "the look of two claims with different verdicts tells them apart"
    description = page.locator("meta[name=description]").get_attribute("content")
    assert "false" not in description.lower()
    if js and width == 1440:
        card(page, "closed").get_by_role("button", name="More of note").click()
    card(page, "closed").locator("summary").first.click()
    seen = card(page, "closed").locator(".postil-closed").inner_text()
    assert "False" in seen
    assert "Wrong by a month" in seen
    assert "Supported" not in seen, "the link to the other claim gives its verdict away"
    assert card(page, "opened").locator(".postil-verdict").is_hidden()


def test_teaching_mode_closes_verdicts_in_the_sheet_and_the_choice(opened: Open) -> None:
    page = opened("documents/teaching/", width=390)
    reference(page, "closed").click()
    dialog = page.locator("dialog[open]")
    assert "Claim" in dialog.inner_text()
    assert dialog.locator(".postil-verdict").is_hidden()
    dialog.locator("summary").first.click()
    assert "False" in dialog.locator(".postil-verdict").inner_text()
    page.keyboard.press("Escape")
    page.goto(f"{page.url.split('#')[0]}?verdict=false")
    page.wait_for_selector(".postil-opener", state="attached")
    assert len(left(page)) == 3, "the address can be asked for no verdict"


@pytest.mark.parametrize("js", [True, False])
def test_only_an_answer_that_was_asked_for_is_printed(opened: Open, js: bool) -> None:
    """The theme opens all details before it prints, which a script is told of."""
    page = opened("documents/teaching/", width=820, js=js)
    card(page, "opened").locator(".postil-closed > summary").click()
    page.emulate_media(media="print")
    if js:
        page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
        page.wait_for_function("() => document.querySelector('#note-closed .postil-closed').open")
    answers = {name: card(page, name).locator(".postil-verdict").is_visible() for name in ("closed", "opened")}
    assert answers == {"closed": False, "opened": True}
    assert card(page, "closed").locator(".postil-quote").is_visible()


# --- print ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_printing_gives_the_text_and_the_notes_after_it(opened: Open, width: int, scheme: str) -> None:
    page = opened(BRIDGE, width=width, scheme=scheme)
    page.evaluate("() => scrollTo(0, 900)")
    settle(page)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 740, "height": 1000})
    text = page.locator("[data-postil=text]").bounding_box()
    below = text["y"] + text["height"]
    boxes = [each.bounding_box() for each in page.locator("[data-postil-kind]").all()]
    assert min(box["y"] for box in boxes) >= below
    assert len({round(box["x"]) for box in boxes}) == 2, "they stand in two columns"
    seen = card(page, "opened").inner_text()
    assert "It was opened in July" in seen
    hidden = ".postil-opener:visible, .postil-filters:visible, .postil-cite:visible, .postil-uses:visible"
    assert page.locator(hidden).count() == 0
    for each in page.locator(".postil-cited li > a:not(.postil-uses)").all():
        after = each.evaluate("(it) => getComputedStyle(it, '::after').content")
        assert (
            after.startswith('" <https://example.org/report') or "attr(href)" in after or "example.org/report" in after
        )
        assert each.is_visible(), "a source is folded away"
    assert page.locator(".postil-summary a").first.evaluate("(it) => getComputedStyle(it, '::after').content") == "none"
    for place in ("[data-postil=text] p", ".postil-stamp", ".postil-cited a", ".postil-where"):
        assert page.locator(place).first.evaluate("(it) => getComputedStyle(it).color") == "rgb(0, 0, 0)"
    assert page.pdf(format="A4").startswith(b"%PDF")


# --- the theme ------------------------------------------------------------------------------------------------------


def test_pages_that_the_theme_puts_in_without_loading(opened: Open) -> None:
    page = opened(BRIDGE)
    page.evaluate("() => { window.stays = true; }")
    page.get_by_role("link", name="Documents").first.click()
    page.wait_for_url("**/documents/")
    page.get_by_role("link", name="To be taught with").click()
    page.wait_for_selector("#note-closed .postil-opener", state="attached")
    assert page.evaluate("() => window.stays") is True, "the theme loaded the page anew, so this proves nothing"
    assert page.locator("dialog.postil-sheet").count() == 1
    page.keyboard.press("n")
    assert page.evaluate(FOCUS) == "note-closed"
    page.go_back()
    page.go_back()
    page.wait_for_selector("#note-month .postil-opener", state="attached")
    assert page.locator("dialog.postil-sheet").count() == 1
    page.get_by_role("button", name="1 False").click()
    assert left(page) == ["opened"]
    page.get_by_role("link", name="Documents").first.click()
    page.wait_for_url("**/documents/")
    page.go_back()
    page.wait_for_selector("#note-month .postil-opener", state="attached")
    assert left(page) == ["opened"]


def test_addresses_of_citations_are_whole_in_the_browser(opened: Open) -> None:
    page = opened(BRIDGE)
    base = page.url
    card(page, "opened").get_by_role("button", name="More of note").click()
    cite = card(page, "opened").locator(".postil-cite")
    cite.locator("summary").click()
    words, bibtex = cite.locator("p").inner_text(), cite.locator("pre").inner_text()
    assert words.endswith(f"on “The bridge”. In A corpus to read. {base}#note-opened")
    assert "(Claim: False)" in words
    assert f"url = {{{base}#note-opened}}" in bibtex


@pytest.mark.parametrize("path", ["documents/arabic/", "documents/japanese/"])
@pytest.mark.parametrize("width", WIDTHS)
def test_other_scripts(opened: Open, path: str, width: int) -> None:
    page = opened(path, width=width)
    page.locator("[data-postil=ref] a").first.click()
    settle(page)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    if width == 1440:
        text, (box,) = page.locator("[data-postil=text]").bounding_box(), page.evaluate(BOXES)
        assert box["left"] > text["x"] + text["width"]
        assert abs(box["top"] - box["words"]) < 12
    else:
        assert page.locator("dialog[open]").is_visible()


@pytest.mark.parametrize("width", [390, 820])
def test_what_draws_lines_to_notes_takes_no_room_where_none_stand_beside_the_text(opened: Open, width: int) -> None:
    for js in (True, False):
        page = opened(BRIDGE, width=width, js=js)
        assert page.locator(".postil-joint").bounding_box() is None


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", [BRIDGE, "documents/many/", "documents/teaching/"])
def test_no_page_is_wider_than_the_window(opened: Open, path: str, width: int) -> None:
    for js in (True, False):
        page = opened(path, width=width, js=js)
        # Without scripts in the page, a browser still answers ours.
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width


# --- axe-core -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", [BRIDGE, "documents/teaching/", "documents/arabic/"])
def test_axe_finds_nothing_with_a_note_open(opened: Open, axe: str, path: str, width: int, scheme: str) -> None:
    page = opened(path, width=width, scheme=scheme)
    page.evaluate(axe)
    run = """async () => (await axe.run({ resultTypes: ["violations"] })).violations.flatMap((each) =>
      each.nodes.map((node) => `${each.id}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ""}`))"""
    assert page.evaluate(run) == []
    page.locator("[data-postil=ref] a").first.click()
    if width == 1440:
        for summary in page.locator(".postil-open summary").all():
            summary.click()
    settle(page)
    assert page.evaluate(run) == []
    if path == BRIDGE:  # the same on every page
        if width == 390:
            page.get_by_role("button", name="Whole height").press("Enter")
            assert page.evaluate(run) == []
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        assert page.evaluate(run) == []
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Show what does not hold").click()
        page.emulate_media(forced_colors="active")
        assert page.evaluate(run) == []
        page.emulate_media(forced_colors="none")
        assert page.evaluate(run) == []


# --- speed ----------------------------------------------------------------------------------------------------------


def test_a_page_with_300_notes_stays_smooth(opened: Open) -> None:
    page = opened("documents/many/")
    step = min(scroll_steps(page, 40) for _ in range(3))  # other work on the machine only adds
    assert step < 16, f"{step:.1f} ms of script, style and layout for a step of scrolling"
