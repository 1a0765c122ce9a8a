"""Teaching mode in a real Chromium: what a reader answers, what is made of it, and where it is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Open = Callable[..., Any]
TEACHING = "documents/teaching/"  # the claim ``closed`` is false, ``opened`` is supported
SCALE = ["Supported", "Partly supported", "Misleading", "No evidence found", "False", "Opinion"]
FOCUS = "() => [document.activeElement.localName, document.activeElement.closest('[id^=note-]')?.id]"
AXE = """async () => (await axe.run({ resultTypes: ["violations"] })).violations.flatMap((each) =>
  each.nodes.map((node) => `${each.id}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ""}`))"""
OTHERWISE, ALIKE = "The editors judged otherwise.", "The editors judged as you did."
# what can be seen of a document beside its title and the reader's answers
ALONE = """() => {
  const walker = document.createTreeWalker(document.querySelector(".postil-document"), NodeFilter.SHOW_TEXT);
  const seen = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const shown = node.parentElement.checkVisibility({ visibilityProperty: true });
    if (shown && !node.parentElement.closest(".postil-answers, .postil-title")) seen.push(node.data);
  }
  return seen.join(" ");
}"""


def ask(place: Any) -> Any:
    return place.get_by_role("group", name="Your verdict?")


def note(page: Any, name: str) -> Any:
    return page.locator(f"#note-{name}")


def judged(place: Any) -> list[str]:
    """What is said of an answer, and what is open below it."""
    found = place.locator(".postil-verdict")
    said = place.locator(".postil-judged").inner_text().split("\n")
    return [" ".join(each.split()) for each in (*said, found.inner_text())] if found.is_visible() else []


def rows(page: Any) -> list[str]:
    made = page.locator(".postil-answers tbody tr").all()
    return [" | ".join(each.locator("th, td").all_inner_texts()) for each in made]


def reload(page: Any) -> None:
    page.reload()
    page.wait_for_selector(".postil-document .postil-opener", state="attached")
    ask(page).first.or_(page.locator(".postil-score").first).first.wait_for()


def test_an_answer_opens_what_was_found_is_counted_and_is_kept(opened: Open) -> None:
    page = opened("documents/bridge/")
    sent: list[str] = []
    page.get_by_label("You are here").get_by_role("link", name="Documents").click()
    page.locator("article a[href$='teaching/']").first.click()  # the theme puts the page in without loading it
    ask(note(page, "closed")).wait_for()
    page.on("request", lambda request: sent.append(request.url))
    for name in ("closed", "opened"):
        buttons = ask(note(page, name)).get_by_role("button").all_inner_texts()
        assert [each.split(None, 1)[1] for each in buttons] == SCALE
    assert page.locator(".postil-score").is_hidden()
    ask(note(page, "closed")).get_by_role("button", name="Misleading").click()
    assert judged(note(page, "closed")) == ["Your verdict ▲ Misleading", OTHERWISE, "✕ False"]
    assert page.evaluate(FOCUS) == ["summary", "note-closed"]
    assert page.locator(".postil-score").inner_text() == "0 of 1 as the editors judged"
    assert page.locator(".postil-open-claims").inner_text() == "1 claim is still to be judged."
    page.locator("[data-postil=ref] a[href$='#note-opened']").focus()
    page.keyboard.press("1")  # nobody asks there
    assert judged(note(page, "opened")) == []
    page.keyboard.press("Enter")
    page.keyboard.press("1")
    assert judged(note(page, "opened")) == ["Your verdict ● Supported", ALIKE, "● Supported"]
    table = ["closed in May | ▲ Misleading | ✕ False", "opened again in June | ● Supported | ● Supported"]
    for _ in range(2):
        assert page.locator(".postil-score").inner_text() == "1 of 2 as the editors judged"
        assert page.locator(".postil-open-claims").inner_text() == ""
        assert rows(page) == table
        assert ask(page).count() == 0
        assert judged(note(page, "closed")) == ["Your verdict ▲ Misleading", OTHERWISE, "✕ False"]
        assert sent == []
        reload(page)
        page.wait_for_function("() => document.querySelector('.postil-score').textContent")
        sent.clear()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Begin anew").click()
    for _ in range(2):
        assert ask(page).count() == 2
        assert judged(note(page, "closed")) == []
        assert page.locator(".postil-score").is_hidden()
        reload(page)


def test_the_sheet_of_a_phone_asks_too(opened: Open, axe: str) -> None:
    page = opened(TEACHING, width=390)
    page.evaluate(axe)
    page.locator("[data-postil=ref] a[href$='#note-closed']").click()
    sheet = page.locator("dialog[open]")
    boxes = [each.bounding_box() for each in ask(sheet).get_by_role("button").all()]
    assert [min(box["width"], box["height"]) >= 44 for box in boxes] == [True] * len(SCALE)
    assert page.evaluate(AXE) == []
    page.keyboard.press("5")
    assert judged(sheet) == ["Your verdict ✕ False", ALIKE, "✕ False"]
    assert page.evaluate(AXE) == []
    assert sheet.evaluate("(it) => it.scrollWidth <= it.clientWidth")
    page.keyboard.press("Escape")
    assert judged(note(page, "closed")) == ["Your verdict ✕ False", ALIKE, "✕ False"]
    assert page.locator(".postil-answers").evaluate("(it) => it.scrollWidth <= it.clientWidth")
    assert page.evaluate(AXE) == []


def test_answers_are_printed_alone_and_copied_as_a_table(opened: Open) -> None:
    page = opened(TEACHING)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(note(page, "closed")).get_by_role("button", name="False").click()
    page.get_by_role("button", name="Copy the answers").click()
    page.get_by_text("Copied", exact=True).wait_for()
    assert page.evaluate("() => navigator.clipboard.readText()").split("\n") == [
        "To be taught with",
        page.url,
        "1 of 1 as the editors judged",
        "",
        "Claim\tYour verdict\tThe editors’ verdict",
        "closed in May\t✕ False\t✕ False",
        "",
    ]
    page.emulate_media(media="print")
    assert page.locator(".postil-answers").is_hidden()
    page.evaluate("() => { window.print = () => {}; }")
    assert note(page, "closed").get_by_text(ALIKE).is_visible()
    for sheet in ("questions", "answers"):  # of a class: what one has judged oneself is not for them
        page.locator(f"[data-postil-print={sheet}]").dispatch_event("click")
        assert note(page, "closed").is_visible()
        assert note(page, "closed").get_by_text(ALIKE).is_hidden()
    page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    page.locator("[data-postil-answers=print]").dispatch_event("click")
    kicker = page.locator(".postil-kicker").inner_text().split()
    assert page.evaluate(ALONE).split() == kicker
    assert page.locator(".postil-answers tbody tr").is_visible()
    assert page.locator(".postil-answer-tools").is_hidden()
    page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    assert page.locator(".postil-answers").is_hidden()
    assert page.locator("[data-postil=text]").is_visible()


def test_a_browser_that_keeps_nothing_says_so(opened: Open) -> None:
    page = opened(TEACHING)
    page.add_init_script("Object.defineProperty(window, 'indexedDB', { value: undefined })")
    reload(page)
    page.get_by_text("This browser does not keep what you answer").wait_for()
    assert page.get_by_text("What you answer stays in this browser").is_hidden()
    ask(note(page, "opened")).get_by_role("button", name="Opinion").click()
    assert judged(note(page, "opened")) == ["Your verdict ◇ Opinion", OTHERWISE, "● Supported"]
