/* What the box and the search page know of the index. No text of a result is ever read as HTML. */

import { listed, load, SITE } from "./load-index.js";

/** @import * as T from "./types.d.ts" */

const { gettext: _, locale } = globalThis.postilWords;

export const PAUSE = 120; // milliseconds without a key before a search begins
const STEP = 6; // pages shown at a time: each is a small file to fetch

/* The same shapes as on the pages: no meaning depends on colour. */
/** @type {Record<string, string>} */
export const GLYPHS = {
  good: "●",
  mixed: "◐",
  warn: "▲",
  bad: "✕",
  unknown: "○",
  neutral: "◇",
  context: "§",
  correction: "✎",
};

/** @type {Record<string, string>} */
export const KINDS = { claim: _("Claim"), context: _("Context"), correction: _("Correction") };
/** @type {Record<string, string>} */
export const TYPES = { document: _("Document"), note: _("Note"), page: _("Page") };

/* A search that has not found anything yet. */
/** @type {T.Search} */
export const NOTHING = { query: "", groups: [], total: 0, without: 0, terms: [], left: [], next: 0 };

/** @type {Promise<T.ByFacet<T.FacetRow[]>> | undefined} */
let labels;

/**
 * Load the values of each facet with their labels, in the order in which they are shown.
 * @returns {Promise<T.ByFacet<T.FacetRow[]>>}
 */
export async function labelled() {
  const listing = await listed();
  labels ??= labelsAt(`${SITE}pagefind/${listing.facets}`).catch((problem) => {
    labels = undefined;
    throw problem;
  });
  return labels;
}

/**
 * @param {string} address
 * @returns {Promise<T.ByFacet<T.FacetRow[]>>}
 */
async function labelsAt(address) {
  /** @type {Omit<T.ByFacet<T.FacetRow[]>, "type">} */
  const facets = await (await fetch(address)).json();
  return {
    ...facets,
    type: [
      ["document", _("Documents"), 0],
      ["note", _("Notes"), 0],
      ["page", _("Pages"), 0],
    ],
    kind: facets.kind.map(([value, , count]) => [value, KINDS[value] ?? value, count]),
    language: facets.language.map(([value, , count]) => [value, languageName(value), count]),
    year: [...facets.year].reverse(),
  };
}

/** @param {string} tag */
function languageName(tag) {
  try {
    return new Intl.DisplayNames([locale], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/**
 * What a page's results show. Null if it leads out of the site.
 * @param {T.Group} group
 * @returns {Promise<T.ShownPage | null>}
 */
async function readable(group) {
  const { find } = await load();
  const page = await find.read(group);
  const address = new URL(page.address, SITE);
  if (!address.href.startsWith(SITE)) return null;
  const parts = page.parts.map((part) => ({
    ...part,
    address: address.href + (part.anchor ? `#${part.anchor}` : ""),
    stamp: stamp(part),
  }));
  return { ...page, address: address.href, parts };
}

/**
 * @param {T.Part} part
 * @returns {T.Stamp}
 */
function stamp({ kind, verdict, tone }) {
  if (kind === "context" || kind === "correction") return { label: KINDS[kind], tone: kind };
  const judged = verdict || _("Not rated");
  return { label: `${KINDS.claim} · ${judged}`, tone: tone in GLYPHS ? tone : "neutral" };
}

/**
 * Search as `search` in find.js does.
 * @param {T.Wish} wish
 * @returns {Promise<T.Found & Partial<T.CountedFound>>}
 */
export async function searched(wish) {
  const { find, index } = await load();
  return find.search(index, wish);
}

/**
 * Read the next few of the pages that were found.
 * @param {T.Search} search
 * @returns {Promise<T.Step>}
 */
export async function next(search) {
  const step = search.groups.slice(search.next, search.next + STEP);
  const pages = (await Promise.all(step.map(readable))).filter((page) => page !== null);
  return { pages, search: { ...search, next: search.next + step.length } };
}
