"""A link to a note has landed: its words and its head are in the window, and lit. In whatever browser."""

from __future__ import annotations

from typing import Any, Protocol

from sharing import ROOT

DOCUMENTS = sorted(path.stem for path in (ROOT / "seeds").iterdir() if path.suffix in {".txt", ".md", ".html"})
# Whether a note is to be seen within five seconds, and stays for a quarter of one. For a moment it may be lost again:
# the browser jumps to the fragment by itself when it is ready, and that is mended when the page hears of it.
LANDS = """(id) => {
  const landed = () => {
    const header = document.querySelector(".md-header")?.getBoundingClientRect().bottom ?? 0;
    const marks = [...document.querySelectorAll(`mark[data-postil-notes~="${id}"]`)];
    const words = marks[0]?.getClientRects()[0];
    const sheet = document.querySelector("dialog.postil-sheet[open]");
    const card = document.getElementById(`note-${id}`);
    const head = (sheet ?? card)?.querySelector(".postil-note-head")?.getBoundingClientRect();
    const foot = sheet ? sheet.getBoundingClientRect().top : innerHeight;
    const placed = head && (sheet || getComputedStyle(card).position === "absolute");
    return placed && (!words || (words.top >= header && words.bottom <= foot)) && head.top >= 0
      && head.bottom <= innerHeight && marks.every((mark) => mark.classList.contains("postil-lit"));
  };
  const end = performance.now() + 5000;
  return new Promise((done) => {
    let since = Infinity;
    const look = () => {
      const now = performance.now();
      since = landed() ? Math.min(since, now) : Infinity;
      if (now - since >= 250) done(true);
      else if (now > end) done(false);
      else setTimeout(look, 30);
    };
    look();
  });
}"""
NOTES = "() => [...document.querySelectorAll('[data-postil-kind]')].map((card) => card.id.slice(5))"
BACK = "() => { history.back(); return new Promise((done) => setTimeout(() => done(location.hash), 400)); }"


class Page(Protocol):
    """A page of Playwright's, or of ``firefox.py``."""

    def goto(self, address: str, /) -> object: ...
    def evaluate(self, function: str, argument: object = None, /) -> Any: ...


def missed(page: Page, note: str) -> bool:
    """Whether a note is not to be seen, or does not stay."""
    return not page.evaluate(LANDS, note)


def missed_in_new_tabs(page: Page, document: str, every: slice = slice(None)) -> list[str]:
    """Load the document for notes, and return those that were missed.

    ``document``: its address.
    ``every``: which of its notes; all, if not given.
    """
    page.goto(document)
    lost = []
    for number, note in enumerate(page.evaluate(NOTES)[every]):
        page.goto(f"{document}?loaded={number}#note-{note}")
        if missed(page, note):
            lost.append(note)
    return lost


def missed_by_hash(page: Page, document: str) -> list[str]:
    """Change the fragment to every note or quote in turn, and return the notes that were missed."""
    page.goto(document)
    lost = []
    for number, note in enumerate(page.evaluate(NOTES)):
        page.evaluate("(hash) => { location.hash = hash; }", f"{('note', 'quote')[number % 2]}-{note}")
        if missed(page, note):
            lost.append(note)
    return lost
