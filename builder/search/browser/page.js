/* The search page: what its address says is searched for, and what is chosen stands in the address. */

import { labelled, next, NOTHING, PAUSE, searched } from "./run-search.js";
import { closest, elementsOf, leftOut, loosen, make, MOST, nothing, results, regret, told } from "./results.js";

/** @import * as T from "./types.d.ts" */

const FEW = 8; // values of a facet that are shown at once
/** @type {T.Facet[]} */
const OFFERED = ["verdict", "topic"];
const OFFERS = 12; // values of a facet that are offered where nothing was found

const { gettext: _, ngettext, number: digits } = globalThis.postilWords;

/** @type {[facet: T.Facet, name: string][]} */
const FACETS = [
  ["type", _("Show")],
  ["kind", _("Kind of note")],
  ["verdict", _("Verdict")],
  ["topic", _("Topic")],
  ["person", _("Person")],
  ["technique", _("Technique")],
  ["collection", _("Collection")],
  ["language", _("Language")],
  ["year", _("Year")],
];

/** @type {() => HTMLElement | null} */
const place = () => document.querySelector('[data-postil-search="page"]');
/**
 * A part of the search page, which has all of them.
 * @template {keyof T.FindElements} K
 * @param {K} name
 */
const inside = (name) => /** @type {T.FindElements[K]} */ (place()?.querySelector(`[data-postil-find="${name}"]`));
const here = () => location.href.split(/[?#]/)[0];
/** @type {string | undefined} */
let home; // the search page's own address; a theme may leave for another page and keep this one running
let shown = NOTHING; // the search whose results are shown
/** @type {string | undefined} */
let kept; // the address of the last step, which typing leaves in the history
let turn = 0; // of the search that may still show something
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

const isHere = () => place() !== null && here() === home;
/** @param {Event} event */
const isInside = ({ target }) => target instanceof Node && Boolean(place()?.contains(target));

/**
 * @param {string} address
 * @returns {Required<Omit<T.Wish, "counting">>}
 */
function wishOf(address) {
  const asked = new URL(address).searchParams;
  /** @type {T.Chosen} */
  const facets = {};
  for (const [facet] of FACETS) {
    const values = asked.getAll(facet).filter(Boolean);
    if (values.length) facets[facet] = values;
  }
  return {
    query: (asked.get("q") ?? "").trim(),
    facets,
    sort: asked.get("sort") === "date" ? "date" : "relevance",
  };
}

/** @param {Required<Omit<T.Wish, "counting">>} wish */
function addressOf({ query, facets, sort }) {
  const address = new URL(here());
  if (query) address.searchParams.set("q", query);
  for (const [facet, values] of Object.entries(facets))
    for (const value of values) address.searchParams.append(facet, value);
  if (sort === "date") address.searchParams.set("sort", sort);
  return address.href;
}

/**
 * What is typed until Enter is one step that the browser goes back over, letters on the way are none.
 * @param {string} query
 * @param {boolean} entered
 */
function wishFor(query, entered) {
  go({ query }, location.href === kept);
  if (entered) kept = location.href;
}

/**
 * So is each choice.
 * @param {T.Wish} change
 */
function choose(change) {
  go(change, true);
  kept = location.href;
}

/**
 * @param {T.Wish} change
 * @param {boolean} step - of the history
 */
function go(change, step) {
  const address = addressOf({ ...wishOf(location.href), ...change });
  if (address !== location.href) history[step ? "pushState" : "replaceState"](null, "", address);
  find();
}

/**
 * Show what is found for the address.
 * @param {T.Seen} [seen] - the list as the reader left it
 */
async function find(seen) {
  clearTimeout(timer);
  const mine = ++turn;
  const wanted = wishOf(location.href);
  const status = inside("status");
  const slow = setTimeout(() => {
    if (mine === turn) status.textContent = _("Searching …");
  }, 400);
  try {
    const [found, facets] = await Promise.all([searched(wanted), labelled()]);
    const asked = found.terms.length > 0 || Object.keys(wanted.facets).length > 0;
    /** @type {T.Step} */
    const step = { pages: [], search: asked ? { ...NOTHING, query: wanted.query, ...found } : NOTHING };
    do {
      const { pages, search } = await next(step.search);
      Object.assign(step, { pages: [...step.pages, ...pages], search });
    } while (step.search.next < Math.min(seen?.shown ?? 0, step.search.groups.length));
    if (mine !== turn || !isHere()) return;
    shown = step.search;
    showFacets(facets, found.counts ?? {}, wanted.facets);
    inside("results").replaceChildren(...step.pages.map(resultOf));
    showOffers(shown.groups.length ? [] : offersOf(facets));
    inside("more").hidden = shown.next >= shown.groups.length;
    inside("sort").value = wanted.sort;
    tell(status, asked, wanted, step.search);
    if (seen) scrollTo(0, seen.at);
  } catch (problem) {
    if (mine !== turn || !isHere()) return;
    shown = NOTHING;
    inside("results").replaceChildren();
    showOffers([]);
    inside("more").hidden = true;
    regret(problem, status);
  } finally {
    clearTimeout(slow);
  }
}

/**
 * Say how much was found.
 * @param {HTMLElement} status
 * @param {boolean} asked - whether there is anything to search for
 * @param {T.Wish} wanted
 * @param {T.Search} found
 */
function tell(status, asked, wanted, found) {
  const { total, groups, without, query, terms } = found;
  const chosen = Object.keys(wanted.facets ?? {}).length > 0;
  if (!asked) status.textContent = _("Type words, or choose a filter.");
  else if (total) status.textContent = count(total, groups.length, query, chosen) + leftOut(found);
  else {
    const advice =
      chosen && without ? _("Without the filters: %(results)s.", { results: results(without) }) : loosen({ terms });
    status.textContent = `${nothing({ query })} ${advice} `;
    if (!chosen || !without) return;
    const button = make("button", "", _("Remove the filters"));
    button.type = "button";
    button.dataset.postilFind = "clear";
    status.append(button);
  }
}

/**
 * @param {number} total - of notes and texts
 * @param {number} pages - that these are on
 * @param {string} query
 * @param {boolean} chosen - whether filters are
 */
function count(total, pages, query, chosen) {
  const values = {
    results: results(total),
    pages: ngettext("%(num)s page", "%(num)s pages", pages),
    query: told(query),
  };
  if (query && chosen) return _("%(results)s on %(pages)s for %(query)s, filtered", values);
  if (query) return _("%(results)s on %(pages)s for %(query)s", values);
  return chosen ? _("%(results)s on %(pages)s, filtered", values) : _("%(results)s on %(pages)s", values);
}

/** @param {T.ShownPage} page */
function resultOf(page) {
  const { head, notes } = elementsOf(page);
  const group = make("li", "postil-hits", head);
  if (!notes.length) return group;
  const items = make("ul", "", ...notes.map((note, at) => hideable(make("li", "", note), at >= MOST)));
  group.append(items);
  if (notes.length > MOST) {
    const button = make(
      "button",
      "postil-hit-left",
      ngettext("Show %(num)s more here", "Show %(num)s more here", notes.length - MOST),
    );
    button.type = "button";
    button.dataset.postilFind = "rest";
    group.append(button);
  }
  return group;
}

/**
 * @template {HTMLElement} E
 * @param {E} element
 * @param {boolean} hidden
 */
function hideable(element, hidden) {
  element.hidden = hidden;
  return element;
}

/** @type {Set<string>} */
const opened = new Set(); // facets of which all values are shown

/**
 * @param {T.ByFacet<T.FacetRow[]>} facets
 * @param {Partial<T.ByFacet<T.Counts>>} counts
 * @param {T.Chosen} chosen
 */
function showFacets(facets, counts, chosen) {
  const list = inside("facets");
  const active = document.activeElement;
  const focused = active instanceof HTMLElement && list.contains(active) ? active.dataset.postilValue : undefined;
  list.replaceChildren(
    ...FACETS.flatMap(([facet, name]) => {
      const picked = new Set(chosen[facet]);
      const numbers = counts[facet] ?? {};
      const rows = facets[facet].filter(([value]) => numbers[value] || picked.has(value));
      for (const value of picked) if (!rows.some(([known]) => known === value)) rows.push([value, value, 0]);
      return rows.length ? [facetElement(facet, name, rows, numbers, picked)] : [];
    }),
  );
  inside("filters").hidden = !list.childElementCount;
  /** @type {HTMLElement | null} */
  const again = focused ? list.querySelector(`[data-postil-value="${CSS.escape(focused)}"]`) : null;
  again?.focus();
}

/**
 * Make the searches that lead on where none has found anything: a list of links for verdicts, and one for topics.
 * @param {T.ByFacet<T.FacetRow[]>} facets
 */
function offersOf(facets) {
  return FACETS.filter(([facet]) => OFFERED.includes(facet) && facets[facet].length).map(([facet, name]) => {
    const items = facets[facet].slice(0, OFFERS).map(([value, label, known]) => {
      const link = make("a", "", make("bdi", "", label), " ", make("span", "postil-find-count", String(known)));
      link.href = addressOf({ query: "", facets: { [facet]: [value] }, sort: "relevance" });
      return make("li", "", link);
    });
    return make("section", "", make("h2", "", name), make("ul", "", ...items));
  });
}

/** @param {HTMLElement[]} offers */
function showOffers(offers) {
  const list = inside("offers");
  list.replaceChildren(...offers);
  list.hidden = !offers.length;
}

/**
 * @param {T.Facet} facet
 * @param {string} name
 * @param {T.FacetRow[]} rows
 * @param {T.Counts} counts
 * @param {Set<string>} picked - values
 */
function facetElement(facet, name, rows, counts, picked) {
  const items = rows.map(([value, label], at) => {
    const box = make("input", "");
    box.type = "checkbox";
    box.name = facet;
    box.value = value;
    box.checked = picked.has(value);
    box.dataset.postilValue = `${facet}:${value}`;
    const number = make("span", "postil-find-count", digits(counts[value] ?? 0));
    const item = make("li", "", make("label", "", box, " ", make("bdi", "", label), " ", number));
    return hideable(item, at >= FEW && !box.checked && !opened.has(facet));
  });
  const set = make("fieldset", "postil-find-facet", make("legend", "", name), make("ul", "", ...items));
  if (items.some((item) => item.hidden)) {
    const button = make("button", "", _("All %(number)s", { number: items.length }));
    button.type = "button";
    button.dataset.postilFind = `all:${facet}`;
    set.append(button);
  }
  return set;
}

async function more() {
  const mine = turn;
  inside("more").hidden = true;
  const step = await next(shown).catch((problem) => {
    if (mine === turn && isHere()) regret(problem, inside("status"));
  });
  if (mine !== turn || !isHere()) return;
  if (!step) {
    inside("more").hidden = false;
    return;
  }
  shown = step.search;
  const fresh = step.pages.map(resultOf);
  inside("results").append(...fresh);
  inside("more").hidden = shown.next >= shown.groups.length;
  fresh[0]?.querySelector("a")?.focus();
}

/** @param {Event} event */
function clicked(event) {
  const control = closest(event, "[data-postil-find]");
  const what = control?.dataset.postilFind;
  if (!control || !what || !place()?.contains(control)) return;
  if (what === "more") more();
  else if (what === "clear") {
    choose({ facets: {} });
    inside("query").focus();
  } else if (what === "rest") {
    reveal(control);
  } else if (what.startsWith("all:")) {
    opened.add(what.slice(4));
    reveal(control);
  }
}

/**
 * Show the items that a button was shown for, and go to the first.
 * @param {HTMLElement} button
 */
function reveal(button) {
  /** @type {HTMLElement[]} */
  const items = Array.from(button.parentElement?.querySelectorAll("li[hidden]") ?? []);
  for (const item of items) item.hidden = false;
  button.remove();
  /** @type {HTMLElement | null | undefined} */
  const first = items[0]?.querySelector("a, input");
  first?.focus();
}

/**
 * From the field down into the results, along them, and up again.
 * @param {KeyboardEvent} event
 */
function pressed(event) {
  if (event.isComposing || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  /** @type {NodeListOf<HTMLElement>} */
  const links = inside("results").querySelectorAll("li:not([hidden]) > a.postil-hit");
  const stops = [inside("query"), ...links];
  const at = stops.findIndex((element) => element === document.activeElement);
  const stop = stops[at + (event.key === "ArrowDown" ? 1 : -1)];
  if (at < 0 || !stop) return;
  event.preventDefault();
  stop.focus();
}

/** @param {Event} event */
function changed(event) {
  if (event.target === inside("sort")) choose({ sort: inside("sort").value === "date" ? "date" : "relevance" });
  else if (closest(event, "[data-postil-value]")) {
    /** @type {NodeListOf<HTMLInputElement>} */
    const boxes = inside("facets").querySelectorAll("input:checked");
    const picked = [...boxes];
    /** @param {T.Facet} facet */
    const valuesOf = (facet) => picked.filter((box) => box.name === facet).map((box) => box.value);
    choose({ facets: Object.fromEntries(FACETS.map(([facet]) => [facet, valuesOf(facet)])) });
  }
}

/* The way back leads to the list as it was left. Not by the history's own notes: there a theme writes where one was. */
const LEFT = "postil-search";

/** @param {Event} event */
function left(event) {
  if (!closest(event, "a.postil-hit") || !isInside(event)) return;
  /** @type {T.Seen} */
  const seen = { address: location.href, shown: shown.next, at: scrollY };
  try {
    sessionStorage.setItem(LEFT, JSON.stringify(seen));
  } catch {
    // storing may be forbidden
  }
}

function lastSeen() {
  try {
    /** @type {T.Seen | null} */
    const seen = JSON.parse(sessionStorage.getItem(LEFT) ?? "null");
    return seen?.address === location.href ? seen : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Begin on the search page.
 * @param {boolean} returned - by the browser's way back
 */
export function arrive(returned) {
  if (!place()) return; // the reader has gone on
  if (matchMedia("(max-width: 59.9375em)").matches) inside("filters").open = false;
  home = here();
  enter(returned ? lastSeen() : undefined);
}

/**
 * What the address says is what is searched for.
 * @param {T.Seen} [seen]
 */
function enter(seen) {
  kept = location.href;
  inside("query").value = wishOf(location.href).query;
  find(seen);
}

document.addEventListener("click", left, true);
document.addEventListener("click", clicked);
document.addEventListener("change", (event) => isInside(event) && changed(event));
document.addEventListener("keydown", (event) => isInside(event) && pressed(event));
document.addEventListener("input", (event) => {
  if (!place() || event.target !== inside("query")) return;
  clearTimeout(timer);
  const query = inside("query").value.trim();
  timer = setTimeout(() => isHere() && wishFor(query, false), PAUSE);
});
document.addEventListener("submit", (event) => isInside(event) && wishFor(inside("query").value.trim(), true));
window.addEventListener("popstate", () => isHere() && enter());
