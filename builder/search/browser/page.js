/* The search page: what its address says is searched for, and what is chosen stands in the address. */

import { labelled, next, NOTHING, PAUSE, searched } from "./finder.js";
import { elementsOf, leftOut, loosen, make, MOST, nothing, numbered, regret, told } from "./results.js";

const FEW = 8; // values of a facet that are shown at once

const FACETS = {
  type: "Show",
  kind: "Kind of note",
  verdict: "Verdict",
  topic: "Topic",
  person: "Person",
  technique: "Technique",
  collection: "Collection",
  language: "Language",
  year: "Year",
};

const place = () => document.querySelector('[data-postil-search="page"]');
const inside = (name) => place().querySelector(`[data-postil-find="${name}"]`);
const here = () => location.href.split(/[?#]/)[0];
let home; // the search page's own address; a theme may leave for another page and keep this one running
let shown = NOTHING; // the search whose results are shown
let kept; // the address of the last step, which typing leaves in the history
let turn = 0; // of the search that may still show something
let timer;

const isHere = () => place() && here() === home;

function wishOf(address) {
  const asked = new URL(address).searchParams;
  const facets = Object.keys(FACETS)
    .map((facet) => [facet, asked.getAll(facet).filter(Boolean)])
    .filter(([, values]) => values.length);
  return {
    query: (asked.get("q") ?? "").trim(),
    facets: Object.fromEntries(facets),
    sort: asked.get("sort") === "date" ? "date" : "relevance",
  };
}

function addressOf({ query, facets, sort }) {
  const address = new URL(here());
  if (query) address.searchParams.set("q", query);
  for (const [facet, values] of Object.entries(facets))
    for (const value of values) address.searchParams.append(facet, value);
  if (sort === "date") address.searchParams.set("sort", sort);
  return address.href;
}

/* What is typed until Enter is one step that the browser goes back over, letters on the way are none. */
function wishFor(query, entered) {
  go({ query }, location.href === kept);
  if (entered) kept = location.href;
}

/* So is each choice. */
function choose(change) {
  go(change, true);
  kept = location.href;
}

function go(change, step) {
  const address = addressOf({ ...wishOf(location.href), ...change });
  if (address !== location.href) history[step ? "pushState" : "replaceState"](null, "", address);
  find();
}

/* ``seen``: how far the list was shown, and where on the page, when the reader left it. */
async function find(seen) {
  clearTimeout(timer);
  const mine = ++turn;
  const wanted = wishOf(location.href);
  const status = inside("status");
  const slow = setTimeout(() => mine === turn && (status.textContent = "Searching …"), 400);
  try {
    const [found, facets] = await Promise.all([searched(wanted), labelled()]);
    const asked = found.terms.length || Object.keys(wanted.facets).length;
    const step = {
      pages: [],
      search: asked ? { ...NOTHING, ...wanted, ...found } : { ...NOTHING, counts: found.counts },
    };
    do {
      const { pages, search } = await next(step.search);
      Object.assign(step, { pages: [...step.pages, ...pages], search });
    } while (step.search.next < Math.min(seen?.shown ?? 0, step.search.groups.length));
    if (mine !== turn || !isHere()) return;
    shown = step.search;
    showFacets(facets, step.search.counts, wanted);
    inside("results").replaceChildren(...step.pages.map(resultOf));
    inside("more").hidden = shown.next >= shown.groups.length;
    inside("sort").value = wanted.sort;
    tell(status, asked, wanted, step.search);
    if (seen) scrollTo(0, seen.at);
  } catch (problem) {
    if (mine !== turn || !isHere()) return;
    shown = NOTHING;
    inside("results").replaceChildren();
    inside("more").hidden = true;
    regret(problem, status);
  } finally {
    clearTimeout(slow);
  }
}

function tell(status, asked, wanted, found) {
  const { total, groups, without, query, terms } = found;
  const chosen = Object.keys(wanted.facets).length;
  if (!asked) status.textContent = "Type words, or choose a filter.";
  else if (total)
    status.textContent = `${numbered(total, "result")} on ${numbered(groups.length, "page")}${query ? ` for ${told(query)}` : ""}${chosen ? ", filtered" : ""}${leftOut(found)}`;
  else {
    status.textContent =
      chosen && without
        ? `${nothing({ query })} Without the filters: ${numbered(without, "result")}. `
        : `${nothing({ query })} ${loosen({ terms })}`;
    if (!chosen || !without) return;
    const button = make("button", "", "Remove the filters");
    button.type = "button";
    button.dataset.postilFind = "clear";
    status.append(button);
  }
}

function resultOf(page) {
  const { head, notes } = elementsOf(page);
  const group = make("li", "postil-hits", head);
  if (!notes.length) return group;
  const items = make("ul", "", ...notes.map((each) => make("li", "", each)));
  [...items.children].slice(MOST).forEach((each) => {
    each.hidden = true;
  });
  group.append(items);
  if (notes.length > MOST) {
    const button = make("button", "postil-hit-left", `Show ${notes.length - MOST} more here`);
    button.type = "button";
    button.dataset.postilFind = "rest";
    group.append(button);
  }
  return group;
}

const opened = new Set(); // facets of which all values are shown

function showFacets(facets, counts, { facets: chosen }) {
  const focused = place().contains(document.activeElement) ? document.activeElement.dataset.postilValue : undefined;
  inside("facets").replaceChildren(
    ...Object.entries(FACETS).flatMap(([facet, name]) => {
      const picked = new Set(chosen[facet]);
      const rows = facets[facet].filter(([value]) => counts[facet][value] || picked.has(value));
      for (const value of picked) if (!rows.some(([known]) => known === value)) rows.push([value, value]);
      return rows.length ? [facetElement(facet, name, rows, counts[facet], picked)] : [];
    }),
  );
  if (focused)
    place()
      .querySelector(`[data-postil-value="${CSS.escape(focused)}"]`)
      ?.focus();
}

function facetElement(facet, name, rows, counts, picked) {
  const items = rows.map(([value, label], at) => {
    const box = make("input", "");
    box.type = "checkbox";
    box.name = facet;
    box.value = value;
    box.checked = picked.has(value);
    box.dataset.postilValue = `${facet}:${value}`;
    const number = make("span", "postil-find-count", String(counts[value] ?? 0));
    const item = make("li", "", make("label", "", box, " ", make("bdi", "", label), " ", number));
    item.hidden = at >= FEW && !box.checked && !opened.has(facet);
    return item;
  });
  const set = make("fieldset", "postil-find-facet", make("legend", "", name), make("ul", "", ...items));
  if (items.some((each) => each.hidden)) {
    const button = make("button", "", `All ${items.length}`);
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
  fresh[0]?.querySelector("a").focus();
}

function clicked(event) {
  const control = event.target.closest?.("[data-postil-find]");
  const what = control?.dataset.postilFind;
  if (!what || !place()?.contains(control)) return;
  if (what === "more") more();
  else if (what === "clear") {
    choose({ facets: {} });
    inside("query").focus();
  } else if (what === "rest") {
    const hidden = [...control.previousElementSibling.children].filter((each) => each.hidden);
    hidden.forEach((each) => {
      each.hidden = false;
    });
    control.remove();
    hidden[0].querySelector("a").focus();
  } else if (what.startsWith("all:")) {
    opened.add(what.slice(4));
    const items = [...control.parentElement.querySelectorAll("li[hidden]")];
    items.forEach((each) => {
      each.hidden = false;
    });
    control.remove();
    items[0].querySelector("input").focus();
  }
}

/* From the field down into the results, along them, and up again. */
function pressed(event) {
  if (event.isComposing || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  const stops = [inside("query"), ...inside("results").querySelectorAll("li:not([hidden]) > a.postil-hit")];
  const at = stops.indexOf(document.activeElement);
  const stop = stops[at + (event.key === "ArrowDown" ? 1 : -1)];
  if (at < 0 || !stop) return;
  event.preventDefault();
  stop.focus();
}

function changed({ target }) {
  if (target === inside("sort")) choose({ sort: target.value });
  else if (target.dataset.postilValue) {
    const facets = {};
    for (const box of inside("facets").querySelectorAll("input:checked")) (facets[box.name] ??= []).push(box.value);
    choose({ facets });
  }
}

/* The way back leads to the list as it was left. Not by the history's own notes: there a theme writes where one was. */
const LEFT = "postil-search";

function left(event) {
  if (!event.target.closest?.("a.postil-hit") || !place()?.contains(event.target)) return;
  const seen = { address: location.href, shown: shown.next, at: scrollY };
  try {
    sessionStorage.setItem(LEFT, JSON.stringify(seen));
  } catch {
    // storing may be forbidden
  }
}

function lastSeen() {
  try {
    const seen = JSON.parse(sessionStorage.getItem(LEFT));
    return seen?.address === location.href ? seen : undefined;
  } catch {
    return undefined;
  }
}

/* ``returned``: by the browser's way back. */
export function arrive(returned) {
  if (!place()) return; // the reader has gone on
  for (const each of place().querySelectorAll("[hidden][data-postil-find=form], [hidden][data-postil-find=body]"))
    each.hidden = false;
  if (matchMedia("(max-width: 59.9375em)").matches) inside("filters").open = false;
  home = here();
  enter(returned ? lastSeen() : undefined);
}

/* What the address says is what is searched for. */
function enter(seen) {
  kept = location.href;
  inside("query").value = wishOf(location.href).query;
  find(seen);
}

document.addEventListener("click", left, true);
document.addEventListener("click", clicked);
document.addEventListener("change", (event) => place()?.contains(event.target) && changed(event));
document.addEventListener("keydown", (event) => place()?.contains(event.target) && pressed(event));
document.addEventListener("input", (event) => {
  if (!place() || event.target !== inside("query")) return;
  clearTimeout(timer);
  const query = event.target.value.trim();
  timer = setTimeout(() => isHere() && wishFor(query, false), PAUSE);
});
document.addEventListener(
  "submit",
  (event) => place()?.contains(event.target) && wishFor(inside("query").value.trim(), true),
);
window.addEventListener("popstate", () => isHere() && enter());
