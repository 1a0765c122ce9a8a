/* The sheet over a page: one note, or the keys. */

import { all, closest, make, one } from "./elements.js";
import { gestures } from "./gestures.js";

/** @import * as T from "../types.d.ts" */

/* Across the pages that a theme puts in without loading: the address of an open sheet, and the one that a step back
   leads to; the note whose sheet such a step has just closed. */
const trail = { top: "", base: "" };
/** @type {{ href: string, id: string } | null} */
let returning = null;
/* the address of words that a link in a sheet leads to: no sheet is to cover them again */
let uncovered = "";

/** @param {() => void} forget */
function soon(forget) {
  setTimeout(forget, 1500); /* the theme may have to load the page first */
}

/**
 * Gives the sheet of a page, closed.
 * @param {T.SheetsPage} page
 * @param {T.Listen} on
 */
export function sheetOver(page, on) {
  const form = /** @type {HTMLTemplateElement} */ (one(document, ".postil-sheet-form"));
  const outside = make("div", { class: "md-typeset" }, form.content.cloneNode(true));
  const dialog = /** @type {HTMLDialogElement} */ (one(outside, "dialog"));
  const [bar, grip, title, walking, close, inside] = all(dialog, "[data-part]");
  /** @type {T.Note | null} */
  let current = null;

  /**
   * Show something in the sheet.
   * @param {string} words - its title
   * @param {Element} content
   * @param {T.Note | null} [note] - that the content is of
   */
  function show(words, content, note = null) {
    current = note;
    title.textContent = words;
    walking.hidden = !note;
    inside.replaceChildren(content);
    stretch(false);
    if (!dialog.open) {
      dialog.showModal();
      if (!page.beside()) advance();
    }
    dialog.scrollTop = 0;
  }

  /* On a phone the way back closes the sheet, as it closes whatever lies over a page: an open sheet is an entry
     of the history, with the address of its note. Where it was closed otherwise, that entry is kept for the
     next sheet and passed over on the way back: the theme loads the page anew at its first step back, and the
     focus is lost. */
  function advance() {
    const top = new URL(current ? `#note-${current.id}` : "#", location.href).href;
    if (trail.top === top && location.href === top) return; // the theme has loaded the page anew
    if (trail.top && location.href === trail.base) history.replaceState(null, "", top);
    else {
      trail.base = location.href === top ? location.href.split("#")[0] : location.href;
      if (location.href === top) history.replaceState(history.state, "", trail.base);
      history.pushState(null, "", top);
    }
    trail.top = top;
  }

  function back() {
    if (!trail.top || location.href !== trail.base) return; // a link within the page gives this event too
    trail.top = "";
    if (dialog.open) {
      returning = { href: location.href, id: current?.id ?? "" };
      soon(() => (returning = null));
      dialog.close();
    } else history.back();
  }

  /** @param {boolean} whole - as high as the window, or half as high at most */
  function stretch(whole) {
    dialog.classList.toggle("postil-whole", whole);
    grip.setAttribute("aria-expanded", String(whole));
  }
  const isWhole = () => dialog.classList.contains("postil-whole");

  /** @param {number} step */
  function walk(step) {
    const whole = isWhole();
    page.walk(step);
    stretch(whole);
  }

  /** @param {number} down */
  function draw(down) {
    if (page.beside()) return;
    dialog.style.transform = down > 0 ? `translateY(${down}px)` : "";
    dialog.style.minHeight = "";
    if (down < 0) dialog.style.minHeight = `${Math.min(innerHeight, dialog.offsetHeight - down)}px`;
  }

  /** @param {number} step */
  function size(step) {
    if (page.beside()) return;
    if (step < 0 && !isWhole()) dialog.close();
    else stretch(step > 0 || (!step && !isWhole()));
  }

  document.body.append(outside);
  on(close, "click", () => dialog.close());
  on(walking, "click", ({ target }) => walk(target === walking.lastElementChild ? 1 : -1));
  gestures(bar, inside, on, { draw, size, walk });
  on(dialog, "click", (/** @type {MouseEvent} */ event) => {
    const link = closest(event.target, "a[href]");
    /* All of the sheet is covered by its parts. */
    if (event.target === dialog && !page.tapped(event)) dialog.close();
    if (!(link instanceof HTMLAnchorElement) || link.pathname !== location.pathname || link.host !== location.host)
      return;
    if (page.follow(link, event)) return;
    uncovered = link.href;
    soon(() => (uncovered = ""));
    dialog.close();
  });
  on(dialog, "close", () => {
    if (location.href === trail.top) history.replaceState(history.state, "", trail.base);
    const note = current;
    current = null;
    page.closed(note);
  });
  on(window, "popstate", back);

  return {
    show,
    open: () => dialog.open,
    close: () => dialog.close(),
    note: () => current,
    /* px from the top of the window to it */
    top: () => dialog.getBoundingClientRect().top,
    remove: () => outside.remove(),
  };
}

/** Whether a link in a sheet has led to this address: no sheet is to cover its words again. */
export function isUncovered() {
  return location.href === uncovered;
}

/** The id of the note whose sheet a step back to this address has just closed, once; "" if there is none. */
export function takeReturning() {
  const id = returning?.href === location.href ? returning.id : null;
  returning = null;
  return id;
}
