/* Filters: what the address says is shown, and what is chosen stands in the address. While some notes are hidden, a bar
   at the foot of the window says which of the others one has come to, and leads to the next. */

import { all, closest, make, one } from "./elements.js";
import { _, ngettext } from "./messages.js";

/** @import * as T from "../types.d.ts" */

/* the filters by which what does not hold is shown */
const FAILS = ":is(.postil-tone-bad, .postil-tone-warn, .postil-tone-correction)[data-postil-filter]";

/**
 * Gives the filters of a page.
 * @param {HTMLElement} page
 * @param {T.Survey} survey
 * @param {T.Listen} on
 * @param {T.FilteredPage} around
 */
export function filtering(page, { notes, marks }, on, { changed, chosen, walk }) {
  /** @type {HTMLElement | null} */
  const tools = page.querySelector(".postil-filters");
  /** @type {T.Wish} */
  const wish = { kind: new Set(), verdict: new Set(), topic: new Set(), technique: new Set(), text: false };
  /** @type {T.Facet[]} */
  const facets = ["kind", "verdict", "topic", "technique"];

  /** @param {HTMLElement} select */
  const facetOf = (select) => /** @type {T.Facet} */ (select.dataset.postilFacet);

  /** @param {HTMLElement} item */
  function filterOf(item) {
    const [facet, value] = (item.dataset.postilFilter ?? "").split(/:(.*)/);
    return { facet: /** @type {T.Facet} */ (facet), value };
  }

  /** @type {(facet: T.Facet, value: string) => boolean} */
  const isOffered = (facet, value) =>
    facet !== "verdict" || page.querySelector(`[data-postil-filter="verdict:${CSS.escape(value)}"]`) !== null;

  const visible = () => notes.filter((note) => !note.card.hidden);
  const some = () => wish.text || facets.some((facet) => wish[facet].size);

  /** Whether what does not hold is shown, and nothing else. */
  const failing = () =>
    all(page, "[data-postil-filter]").every((item) => {
      const { facet, value } = filterOf(item);
      return wish[facet].has(value) === item.matches(FAILS);
    });

  function recall() {
    const asked = new URLSearchParams(location.search);
    for (const facet of facets) {
      const known = new Set(notes.flatMap((note) => note[facet]));
      wish[facet] = new Set(asked.getAll(facet).filter((value) => known.has(value) && isOffered(facet, value)));
    }
    wish.text = asked.get("text") === "only";
  }

  function keep() {
    const url = new URL(location.href);
    for (const facet of facets) {
      url.searchParams.delete(facet);
      for (const value of wish[facet]) url.searchParams.append(facet, value);
    }
    if (wish.text) url.searchParams.set("text", "only");
    else url.searchParams.delete("text");
    history.replaceState(history.state, "", url);
    apply();
  }

  /* What the reader has chosen: the first note of it is shown. */
  function chose() {
    keep();
    const [first] = visible();
    chosen((some() && first) || null);
  }

  function clear() {
    for (const facet of facets) wish[facet].clear();
    wish.text = false;
    keep();
  }

  /** @type {(note: T.Note, facet: T.Facet) => boolean} */
  const has = (note, facet) => note[facet].some((value) => wish[facet].has(value));
  /** @type {(note: T.Note, facet: T.Facet) => boolean} */
  const suits = (note, facet) => !wish[facet].size || has(note, facet);
  /** @param {T.Note} note */
  function passes(note) {
    if (wish.text) return false;
    const rated = !wish.kind.size && !wish.verdict.size;
    return (rated || has(note, "kind") || has(note, "verdict")) && suits(note, "topic") && suits(note, "technique");
  }

  function apply() {
    for (const note of notes) {
      note.card.hidden = !passes(note);
      note.reference?.parentElement?.classList.toggle("postil-off", note.card.hidden);
    }
    for (const { element, of } of marks) {
      const seen = of.filter((note) => !note.card.hidden).map((note) => note.tone);
      element.classList.toggle("postil-off", !seen.length);
      for (const [, lane, tone] of element.className.matchAll(/postil-line(\d)-(\w+)/g))
        if (seen.includes(tone)) element.style.removeProperty(`--postil-line${lane}`);
        else element.style.setProperty(`--postil-line${lane}`, "transparent");
    }
    page.classList.toggle("postil-plain", wish.text);
    if (tools) {
      for (const item of all(page, "[data-postil-filter]")) {
        const { facet, value } = filterOf(item);
        item.firstElementChild?.setAttribute("aria-pressed", String(wish[facet].has(value)));
      }
      for (const select of tools.querySelectorAll("select")) select.value = [...wish[facetOf(select)]][0] ?? "";
      one(tools, "[data-postil-do=text]").setAttribute("aria-pressed", String(wish.text));
      tools.querySelector("[data-postil-do=fails]")?.setAttribute("aria-pressed", String(failing()));
      one(tools, ".postil-hit-steps").hidden = !some();
      const left = wish.text
        ? _("Notes hidden")
        : ngettext("%(shown)s of %(num)s note", "%(shown)s of %(num)s notes", notes.length, {
            shown: visible().length,
          });
      one(tools, "[role=status]").textContent = some() ? left : "";
    }
    changed();
    at(null);
  }

  /**
   * Say which of the notes that are shown one has come to.
   * @param {T.Note | null | undefined} note
   */
  function at(note) {
    if (!tools) return;
    const among = visible();
    const place = note ? among.indexOf(note) + 1 : 0;
    one(tools, "output").textContent = place
      ? _("%(place)s of %(number)s", { place, number: among.length })
      : ngettext("%(num)s note", "%(num)s notes", among.length);
    for (const part of all(tools, ".postil-step, output")) part.hidden = !among.length;
  }

  if (tools) {
    tools.hidden = false;
    for (const item of all(page, "[data-postil-filter]")) {
      const button = make("button", { type: "button" }, ...item.childNodes);
      item.append(button);
      const { facet, value } = filterOf(item);
      on(button, "click", () => {
        wish.text = false;
        if (!wish[facet].delete(value)) wish[facet].add(value);
        chose();
      });
    }
    on(tools, "change", ({ target }) => {
      if (!(target instanceof HTMLSelectElement)) return;
      wish.text = false;
      wish[facetOf(target)] = new Set(target.value ? [target.value] : []);
      chose();
    });
    on(tools, "click", ({ target }) => {
      const what = closest(target, "[data-postil-do]")?.dataset.postilDo;
      if (what === "previous" || what === "next") walk(what === "next" ? 1 : -1);
      if (what !== "text" && what !== "all" && what !== "fails") return;
      const failed = failing();
      wish.text = what === "text" && !wish.text;
      if (what === "all") {
        for (const facet of facets) wish[facet].clear();
        one(tools, "[data-postil-do=text]").focus({ preventScroll: true });
      } else if (what === "fails") {
        wish.kind.clear();
        wish.verdict.clear();
        for (const item of failed ? [] : all(page, FAILS)) {
          const { facet, value } = filterOf(item);
          wish[facet].add(value);
        }
      }
      chose();
    });
  }
  recall();
  return { apply, clear, at };
}
