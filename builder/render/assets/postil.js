/* A document's notes while one reads. On a wide page they stand in the margin beside their words; on a narrow one
   a reference or a marked word opens its note as a sheet. Pointing at a note lights its passages. Filters are
   kept in the address. Nothing here is needed to read: references lead to notes and notes lead back without it. */

import { all, closest, make, one } from "./document/elements.js";
import { filtering } from "./document/filters.js";
import { keysOf } from "./document/keys.js";
import { landing } from "./document/landing.js";
import { lighting } from "./document/light.js";
import { margin } from "./document/margin.js";
import { copied, decoded, idsOf, noteOf, survey } from "./document/notes.js";
import { printing } from "./document/print.js";
import { isUncovered, sheetOver, takeReturning } from "./document/sheet.js";
import { _ } from "./document/messages.js";
import { stripOf } from "./document/strip.js";

/** @import * as T from "./types.d.ts" */

/**
 * Make one page lively. Gives what undoes it, for a theme that changes pages without loading.
 * @param {HTMLElement} page
 */
function mount(page) {
  const surveyed = survey(page);
  const { notes, byId } = surveyed;
  const stop = new AbortController();
  /** @type {T.Listen} */
  const on = (target, event, act, more) =>
    target.addEventListener(event, /** @type {EventListener} */ (act), { signal: stop.signal, ...more });
  const column = margin(page, notes);
  const lights = lighting(column.join);
  const sheet = sheetOver({ beside: column.beside, walk, follow, closed, tapped }, on);
  const sight = landing(on, () => (sheet.open() ? sheet.top() : null));
  const strip = stripOf(page, notes, on, { point, places: column.places });
  const filters = filtering(page, surveyed, on, {
    changed: measure,
    chosen: (note) => point((walked = note)),
    walk: (step) => point((walked = neighbour(step) ?? walked)),
  });
  printing(page, notes, on);
  const help = keysOf({ show: sheet.show, walk, leave, enter }, on);
  /* the note that walking has come to beside the text */
  /** @type {T.Note | null} */
  let walked = null;
  const visible = () => notes.filter((note) => !note.card.hidden);
  /** @param {string[]} ids */
  const offered = (ids) => ids.flatMap((id) => byId.get(id) ?? []).filter((note) => !note.card.hidden);

  function measure() {
    column.measure();
    strip.measure();
  }

  /**
   * The notes that an element belongs to, the innermost first.
   * @param {EventTarget | null} target
   */
  function notesAt(target) {
    const reference = closest(target, "[data-postil=ref] a");
    if (reference) return offered([noteOf(reference)]);
    const mark = closest(target, "[data-postil-notes]");
    if (mark) return offered(idsOf(mark));
    const card = closest(target, "[data-postil-kind]");
    return card ? offered([card.id.slice(5)]) : [];
  }

  /**
   * @param {T.Note} note
   * @param {boolean} open
   */
  function unfold(note, open) {
    note.card.classList.toggle("postil-open", open);
    const button = one(note.card, ".postil-opener");
    button.setAttribute("aria-expanded", String(open));
    one(button, ":not(.postil-said)").textContent = open ? _("Less") : _("More");
    column.ease();
    measure();
  }

  /**
   * Show a note with its words.
   * @param {T.Note} note
   * @param {{ at?: Element | null, open?: boolean, arriving?: boolean }} [how] - at: the element of its words to
   *   stand beside; open: the whole note; arriving: by a link, as the page may still change
   */
  function go(note, { at, open = false, arriving = false } = {}) {
    const words = at ?? note.reference ?? note.card;
    for (let part = words.closest("details"); part; part = part.parentElement?.closest("details") ?? null)
      part.open = true;
    lights.choose(note);
    if (column.beside()) {
      if (sheet.open()) sheet.close();
      column.hold(note, words === note.card ? null : words);
      if (open) unfold(note, true);
      note.card.focus({ preventScroll: true });
    } else lay(note);
    sight.show(words, arriving);
    tell(note);
  }

  /**
   * Show where the words of a note are, and leave the focus where it is; or let go of such a note.
   * @param {T.Note | null} note
   */
  function point(note) {
    lights.choose(note);
    column.hold(note);
    tell(note);
    if (note) sight.show(note.marks[0] ?? note.reference ?? note.card, false);
  }

  /** @param {T.Note | null} note - that one has come to */
  function tell(note) {
    filters.at(note);
    strip.tell(note);
    strip.scrolled();
  }

  /**
   * A note's own number, whatever else is shown; one on the whole document has none.
   * @param {HTMLElement} card
   */
  function named(card) {
    const list = /** @type {HTMLElement} */ (card.parentElement);
    if (card instanceof HTMLLIElement && card.value)
      return _("Note %(number)s of %(total)s", { number: card.value, total: list.children.length });
    return list.parentElement?.querySelector("h2")?.textContent ?? "";
  }

  /**
   * Show a note in the sheet.
   * @param {T.Note} note
   */
  function lay(note) {
    /* The dialog gives the focus back to whatever had it: the note's own reference. */
    if (!sheet.open()) note.reference?.focus({ preventScroll: true });
    const content = make("div", { class: `postil-note postil-tone-${note.tone}` }, ...copied(note.card).childNodes);
    sheet.show(named(note.card), content, note);
  }

  /** @param {number} step */
  function neighbour(step) {
    const among = visible();
    const now = sheet.open() ? sheet.note() : (column.held() ?? walked);
    const here = now ? among.indexOf(now) : -1;
    return among[here < 0 ? first(among, step) : here + step] ?? null;
  }

  /** @param {number} step */
  function walk(step) {
    const next = neighbour(step);
    walked = column.beside() ? next : null;
    if (next) go(next);
  }

  /**
   * Where walking begins: at the first note whose words are in view or below it.
   * @param {T.Note[]} among
   * @param {number} step
   */
  function first(among, step) {
    /** @type {(note: T.Note) => boolean} */
    const ahead = ({ reference }) => reference !== null && reference.getBoundingClientRect().top > 90;
    const found = scrollY < 90 ? 0 : among.findIndex(ahead);
    return step > 0 ? Math.max(0, found) : (found < 0 ? among.length : found) - 1;
  }

  /**
   * A link in the sheet that leads to another note of the page.
   * @param {HTMLAnchorElement} link
   * @param {Event} event
   */
  function follow(link, event) {
    /* The theme completes addresses, so a link within the page is known by where it leads. */
    const note = link.matches(".postil-permalink") ? null : byId.get(noteOf(link));
    if (!note || !link.hash.startsWith("#note-")) return false;
    mine(event);
    go(note, { at: note.marks[0], open: true });
    return true;
  }

  /** @param {T.Note | null} note - that the sheet showed */
  function closed(note) {
    lights.choose(lights.chosen() === note ? null : lights.chosen());
  }

  function equip() {
    for (const note of notes) {
      note.card.tabIndex = -1;
      const number = note.card.querySelector(".postil-number")?.textContent;
      const [before, after] = (
        number ? _("%(more)s of note %(number)s", { more: "\n", number }) : _("%(more)s of this note", { more: "\n" })
      ).split("\n");
      const button = make(
        "button",
        { type: "button", class: "postil-opener", "aria-expanded": "false" },
        ...(before ? [make("span", { class: "postil-said" }, before)] : []),
        make("span", {}, _("More")),
        make("span", { class: "postil-said" }, after),
      );
      on(button, "click", () => {
        unfold(note, !note.card.classList.contains("postil-open"));
        column.hold(note);
      });
      note.card.append(button);
    }
  }

  /** @type {(target: EventTarget | null) => T.Note | undefined} */
  const cardsNote = (target) => byId.get(closest(target, "[data-postil-kind]")?.id.slice(5) ?? "");

  /* Escape: from a note in the margin to its reference. */
  /** @param {EventTarget | null} target */
  function leave(target) {
    const note = cardsNote(target);
    if (!note || sheet.open() || !column.beside()) return;
    unfold(note, false);
    note.reference?.focus({ preventScroll: true });
    lights.choose(null);
  }

  /* Enter, on a note in the margin. */
  /** @param {EventTarget | null} target */
  function enter(target) {
    const note = cardsNote(target);
    if (note && target === note.card) unfold(note, !note.card.classList.contains("postil-open"));
  }

  /**
   * A click that is handled here: neither the browser nor the theme, which listens further out, follows the link.
   * @param {Event} event
   */
  function mine(event) {
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {MouseEvent} event */
  function clicked(event) {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const { target } = event;
    const link = closest(target, "a[href]");
    const reference = link?.closest("[data-postil=ref]");
    const which = notesAt(target);
    if (!which.length && lights.chosen() && !closest(target, "button, [role=slider]")) lights.choose(null);
    if ((link && !reference) || !which.length) return;
    if (reference) mine(event);
    else if (!getSelection()?.isCollapsed) return;
    if (closest(target, "[data-postil-kind]")) {
      if (!closest(target, "button, summary, details, .postil-open")) unfold(which[0], true);
    } else turn(which, reference ?? closest(target, "[data-postil-notes]"));
  }

  /**
   * Open the innermost note on words, and if it is open already, the next one around it.
   * @param {T.Note[]} which
   * @param {Element | null} at
   */
  function turn(which, at) {
    const chosen = lights.chosen();
    go(which[((chosen ? which.indexOf(chosen) : -1) + 1) % which.length], { open: true, at });
  }

  /* Beside an open sheet, which lies over the page, and so over what one taps at. */
  /** @param {MouseEvent} event */
  function tapped({ clientX, clientY }) {
    const mark = all(page, "[data-postil-notes]").find((element) =>
      [...element.getClientRects()].some(
        ({ left, right, top, bottom }) => left <= clientX && clientX <= right && top <= clientY && clientY <= bottom,
      ),
    );
    const which = notesAt(mark ?? null);
    if (mark && which.length) turn(which, mark);
    return which.length > 0;
  }

  /* A link to a note of this page, or to its words: both are shown. */
  function arrived() {
    const [, part, id] = decoded(location.hash).match(/^#(note|quote)-(.*)$/s) ?? [];
    const note = byId.get(id ?? "");
    if (!note) return;
    if (note.card.hidden) filters.clear();
    const at = note.marks[0] ?? note.reference ?? note.card;
    if (isUncovered()) {
      lights.choose(note);
      sight.show(at, true);
    } else go(note, { at, open: part === "note", arriving: true });
  }

  /* What comes to lie under a pointer that rests, as the page is scrolled to a note, was not pointed at. */
  let rests = "";
  /** @type {EventTarget | null} */
  let over = null;
  /** @param {MouseEvent} event */
  function pointed({ target, screenX, screenY }) {
    const rested = rests === (rests = `${screenX} ${screenY}`);
    if ((rested && lights.chosen()) || target === over) return;
    over = target;
    lights.light(notesAt(target));
  }
  on(page, "mouseover", pointed);
  on(page, "mousemove", pointed);
  on(page, "mouseleave", () => {
    over = null;
    lights.light([]);
  });
  on(page, "focusin", (event) => {
    const { target } = event;
    const which = notesAt(target);
    lights.light(which);
    if (which.length && target instanceof Element && target.matches(":focus-visible") && column.held() !== which[0])
      column.hold(which[0]);
  });
  on(page, "focusout", () => lights.light([]));
  on(page, "click", clicked);
  on(page, "click", (event) => {
    if (closest(event.target, "[data-postil-do=keys]")) help();
  });
  /* The theme opens all details when one prints; an answer that nobody has asked for stays closed. */
  on(page, "click", (/** @type {MouseEvent} */ { target }) => {
    const answer = closest(target, ".postil-closed > summary")?.parentElement;
    answer?.classList.toggle("postil-asked", !answer.hasAttribute("open"));
  });
  on(
    page,
    "toggle",
    () => {
      column.ease();
      measure();
    },
    { capture: true },
  );
  on(window, "scroll", () => {
    column.scrolled(sight.aiming());
    strip.scrolled();
    sight.settle();
  });
  on(window, "hashchange", arrived);
  on(window, "beforeprint", () => {
    for (const fold of all(page, ".postil-fold")) fold.setAttribute("open", "");
  });
  const watch = new ResizeObserver(() => {
    const before = column.beside();
    measure();
    if (before !== column.beside() && sheet.open()) sheet.close();
    sight.settle();
  });

  page.classList.add("postil-lively");
  equip();
  filters.apply();
  watch.observe(one(page, "[data-postil=text]"));
  watch.observe(document.body);
  const returned = takeReturning();
  if (returned === null) arrived();
  else byId.get(returned)?.reference?.focus({ preventScroll: true });
  return () => {
    stop.abort();
    watch.disconnect();
    sheet.remove();
  };
}

let unmount = () => {};
function arrive() {
  unmount();
  /** @type {HTMLElement | null} */
  const page = document.querySelector(".postil-document");
  unmount = page ? mount(page) : () => {};
}

/* Material tells of each page that it puts in; without it there is but one. */
if (window.document$) window.document$.subscribe(arrive);
else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", arrive);
else arrive();
