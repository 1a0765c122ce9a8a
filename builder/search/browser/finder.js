/* What the box and the search page know of the index: it is loaded when it is first asked for, and again after a
   failure. No text of a result is ever read as HTML. */

/* Our own address tells where the site begins, under whatever path it is served. */
export const SITE = import.meta.url.slice(0, import.meta.url.lastIndexOf("/assets/") + 1);

export const PAUSE = 120; // milliseconds without a key before a search begins
const STEP = 6; // pages shown at a time: each is a small file to fetch

/* The same shapes as on the pages: no meaning hangs on colour. */
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

export const KINDS = { claim: "Claim", context: "Context", correction: "Correction" };
export const TYPES = { document: "Document", note: "Note", page: "Page" };

/* A search that has not found anything yet; ``next`` is the first page of what was found that isn't shown. */
export const NOTHING = { query: "", groups: [], total: 0, terms: [], left: [], next: 0 };

let loaded; // promise of the finder and its index; undefined until asked for, and again after a failure

export function load() {
  loaded ??= start().catch((problem) => {
    loaded = undefined;
    throw problem;
  });
  return loaded;
}

async function start() {
  const answer = await fetch(`${SITE}pagefind/bundles.json`, { cache: "no-cache" });
  if (!answer.ok) throw new Error(`no search index (${answer.status})`);
  const listing = await answer.json();
  const find = await import(`${SITE}pagefind/${listing.program}`);
  return { find, listing, index: await find.open(`${SITE}pagefind/`, listing) };
}

let labels; // promise of facet -> rows of value, label, count

export async function labelled() {
  const { listing } = await load();
  labels ??= fetch(`${SITE}pagefind/${listing.facets}`)
    .then((answer) => answer.json())
    .then((facets) => ({
      type: Object.entries(TYPES).map(([value, label]) => [value, `${label}s`, 0]),
      ...facets,
      kind: facets.kind.map(([value, , count]) => [value, KINDS[value] ?? value, count]),
      language: facets.language.map(([value, , count]) => [value, languageName(value), count]),
      year: [...facets.year].reverse(),
    }))
    .catch((problem) => {
      labels = undefined;
      throw problem;
    });
  return labels;
}

function languageName(tag) {
  try {
    return new Intl.DisplayNames([document.documentElement.lang || "en"], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/* What a page's results show. Null if it leads out of the site. */
async function readable(group) {
  const { find } = await load();
  const page = await find.read(group);
  const address = new URL(page.address, SITE);
  if (!address.href.startsWith(SITE)) return null;
  const parts = page.parts.map((each) => ({
    ...each,
    address: address.href + (each.anchor ? `#${each.anchor}` : ""),
    stamp: stamp(each),
  }));
  return { ...page, address: address.href, parts };
}

function stamp({ kind, verdict, tone }) {
  if (kind === "context" || kind === "correction") return { label: KINDS[kind], tone: kind };
  return { label: `Claim · ${verdict || "Not rated"}`, tone: tone in GLYPHS ? tone : "neutral" };
}

/* As `search` in find.js. */
export async function searched(wish) {
  const { find, index } = await load();
  return find.search(index, wish);
}

/* The next few of the pages that were found, and the search as it then is. */
export async function next(search) {
  const step = search.groups.slice(search.next, search.next + STEP);
  const pages = (await Promise.all(step.map(readable))).filter(Boolean);
  return { pages, search: { ...search, next: search.next + step.length } };
}
