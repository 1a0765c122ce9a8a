/* The index of this site is loaded when it is first asked for, and again after a failure. The search page has this file
   loaded before the theme's scripts, so that its list need not wait for them; so nothing here needs words.js. */

/** @import * as T from "./types.d.ts" */

/* Our own address tells where the site begins, under whatever path it is served. */
export const SITE = import.meta.url.slice(0, import.meta.url.lastIndexOf("/assets/") + 1);

const FOLDER = `${SITE}pagefind/`;

/**
 * Make a function that loads something once, and again after a failure.
 * @template V
 * @param {() => Promise<V>} start
 * @returns {() => Promise<V>}
 */
function once(start) {
  /** @type {Promise<V> | undefined} */
  let loaded;
  return () => {
    loaded ??= start().catch((problem) => {
      loaded = undefined;
      throw problem;
    });
    return loaded;
  };
}

/** Load the list of what there is to load. */
export const listed = once(async () => {
  const answer = await fetch(`${FOLDER}bundles.json`, { cache: "no-cache" });
  if (!answer.ok) throw new Error(`no search index (${answer.status})`);
  /** @type {T.Listing} */
  const listing = await answer.json();
  return listing;
});

/** Load the program that searches, and its index. */
export const load = once(async () => {
  const listing = await listed();
  /** @type {T.Find} */
  const find = await import(`${FOLDER}${listing.program}`);
  const page = document.querySelector('[data-postil-search="page"]') !== null;
  const query = new URL(location.href).searchParams.get("q")?.trim();
  return { find, listing, index: await find.open(FOLDER, listing, { facets: page, words: page && Boolean(query) }) };
});

if (document.querySelector('[data-postil-search="page"]')) load().catch(() => {}); // who asks next is told
