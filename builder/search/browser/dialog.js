/* The search box, a dialog that finds documents, single notes and pages while one types. Its parts are looked up anew
   at each event, because a theme may put in another page without loading it. */

import { load, SITE } from "./load-index.js";
import { next, NOTHING, PAUSE, searched } from "./run-search.js";
import { closest, elementsOf, leftOut, link, loosen, make, MOST, nothing, results, regret, told } from "./results.js";

/** @import * as T from "./types.d.ts" */

const { gettext: _, ngettext } = globalThis.postilWords;

/** @type {() => HTMLDialogElement | null} */
const dialog = () => document.querySelector('[data-postil-search="dialog"]');

/**
 * A part of the dialog, which has all that are asked for.
 * @param {string} selector
 */
const inside = (selector) => /** @type {HTMLElement} */ (dialog()?.querySelector(selector));
const field = () => /** @type {HTMLInputElement} */ (inside("input"));
const list = () => inside("[role=listbox]");
const moreButton = () => inside('[data-postil-search="more"]');
/** @type {() => HTMLElement[]} */
const options = () => Array.from(list().querySelectorAll("[role=option]"));
/** @param {string} words */
const say = (words) => {
  inside("[role=status]").textContent = words;
};

let count = 0; // of options, for their ids

/** @param {HTMLElement} element */
function asOption(element) {
  element.id = `postil-hit-${++count}`;
  element.tabIndex = -1;
  element.setAttribute("role", "option");
  element.setAttribute("aria-selected", "false");
  return element;
}

/** @param {T.ShownPage} page */
function put(page) {
  const { head, notes, best: first } = elementsOf(page);
  const group = make("div", "postil-hits");
  if (!list().firstElementChild) first.dataset.best = "";
  group.setAttribute("role", "group");
  group.append(...[head, ...notes.slice(0, MOST)].map(asOption));
  group.setAttribute("aria-labelledby", head.id);
  const left = notes.length - MOST;
  if (left > 0)
    group.append(
      make("span", "postil-hit-left", ngettext("%(num)s more note there", "%(num)s more notes there", left)),
    );
  list().append(group);
}

/* --- one search after the other --- */

let now = NOTHING; // the search whose results are shown
let turn = 0; // of the search that may still show something
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let settled = true; // whether what is shown answers what stands in the field
let hurry = false; // whether to go to the best result as soon as it is there

function typed() {
  settled = hurry = false;
  clearTimeout(timer);
  timer = setTimeout(run, PAUSE);
}

async function run() {
  clearTimeout(timer);
  const mine = ++turn;
  const query = field().value.trim();
  const slow = setTimeout(() => mine === turn && say(_("Searching …")), 400);
  try {
    const found = query ? await searched({ query, counting: false }) : NOTHING;
    const step = await next(found.terms.length ? { ...NOTHING, query, ...found } : NOTHING);
    if (mine !== turn) return;
    clear();
    show(step);
    report();
  } catch (problem) {
    if (mine !== turn) return;
    clear();
    apologise(problem);
  } finally {
    clearTimeout(slow);
  }
  settled = true;
  if (hurry) best()?.click();
  hurry = false;
}

function clear() {
  now = NOTHING;
  list().replaceChildren();
  inside(".postil-search-scroll").scrollTop = 0;
  field().setAttribute("aria-expanded", "false");
  select(null);
  moreButton().hidden = true;
  say("");
}

/** @param {T.Step} step */
function show({ pages, search }) {
  now = search;
  pages.forEach(put);
  list().querySelector(".postil-hit--all")?.remove();
  if (now.query) list().append(allResults());
  field().setAttribute("aria-expanded", String(options().length > 0));
  moreButton().hidden = now.next >= now.groups.length;
}

/* The box is the quick form of the search page. */
function allResults() {
  const address = new URL(`${SITE}search/`);
  address.searchParams.set("q", now.query);
  const words = now.total
    ? _("All results for %(query)s, with filters", { query: told(now.query) })
    : _("Search with filters");
  return asOption(link("postil-hit--all", address.href, [], words));
}

function report() {
  if (now.total)
    say(_("%(results)s for %(query)s", { results: results(now.total), query: told(now.query) }) + leftOut(now));
  else if (now.query) say(`${nothing(now)} ${loosen(now)}`);
}

async function more() {
  const mine = turn;
  const before = options().length - 1; // without the last, which leads to all of them
  moreButton().hidden = true;
  const step = await next(now).catch(apologise);
  if (mine !== turn) return;
  if (!step) {
    moreButton().hidden = false;
    return;
  }
  show(step);
  report();
  select(options()[before]);
  field().focus();
}

/** @param {unknown} problem */
function apologise(problem) {
  regret(problem, inside("[role=status]"));
}

/* --- by keyboard --- */

/**
 * The option of the result that was ranked first: not the document above a note.
 * @returns {HTMLElement | null}
 */
function best() {
  return list().querySelector("[data-best]");
}

/** @returns {HTMLElement | null} */
function selected() {
  return list().querySelector('[aria-selected="true"]');
}

/** @param {HTMLElement | null | undefined} element */
function select(element) {
  selected()?.setAttribute("aria-selected", "false");
  if (!element) {
    field().removeAttribute("aria-activedescendant");
    return;
  }
  element.setAttribute("aria-selected", "true");
  field().setAttribute("aria-activedescendant", element.id);
  element.scrollIntoView({ block: "nearest" });
}

/* From the field to the best result; up from the first back to the field, where Home and End move in the text as usual:
   null. */
/** @type {Record<string, (all: HTMLElement[], at: number) => HTMLElement | null | undefined>} */
const MOVES = {
  ArrowDown: (all, at) => (at < 0 ? (best() ?? all[0]) : all[Math.min(at + 1, all.length - 1)]),
  ArrowUp: (all, at) => (at < 0 ? undefined : all[at - 1]),
  Home: (all, at) => (at < 0 ? null : all[0]),
  End: (all, at) => (at < 0 ? null : all[all.length - 1]),
};

/** @param {KeyboardEvent} event */
function pressedInField(event) {
  if (event.isComposing) return;
  const all = options();
  if (event.key in MOVES && !event.shiftKey && all.length) {
    const chosen = selected();
    const option = MOVES[event.key](all, chosen ? all.indexOf(chosen) : -1);
    if (option === null) return;
    event.preventDefault();
    select(option);
  }
}

/* --- what happens --- */

/** The box has been opened, maybe with words in it that were typed before this was loaded. */
export function opened() {
  load().catch(apologise);
  if (field().value.trim() !== now.query) typed();
}

/** Enter was pressed: go to what is chosen, or to the best as soon as it is there. */
export function entered() {
  if (settled) (selected() ?? best())?.click();
  else {
    run();
    hurry = true;
  }
}

document.addEventListener("keydown", (event) => {
  if (dialog()?.open && event.target === field()) pressedInField(event);
});
document.addEventListener("input", (event) => {
  if (closest(event, '[data-postil-search="dialog"]')) typed();
});
document.addEventListener("click", (event) => {
  const control = closest(event, "[data-postil-search]")?.dataset.postilSearch;
  if (control === "more") more();
  else if (control === "dialog" && closest(event, "a[href]")) leave(event);
});
const closed = () => {
  hurry = false;
};
document.addEventListener("close", closed, true); // it does not bubble

/**
 * Going to a result: the link does it, as any link of the theme. In a new tab, the list stays.
 * @param {MouseEvent} event
 */
function leave(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  dialog()?.close();
}
