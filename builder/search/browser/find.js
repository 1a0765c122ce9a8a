/* What the search box and the search page ask: words and facets -> pages with the parts (text, notes) that have them.

   Pagefind says where words are, page by page; the tables beside its indexes say where the parts of a page begin and
   what they are. So single notes are found, counted by facet and ranked without loading the text of any page, and
   facets alone are a query too. Nothing here touches a document: it runs in Node as it does in a browser.

   A part is known by its number: those of the first bundle first, in the order of its pages. */

/** @import * as T from "./types.d.ts" */

/** @type {T.Facet[]} */
export const FACETS = ["type", "kind", "verdict", "topic", "person", "technique", "collection", "language", "year"];

const TYPES = ["document", "note", "page"];

/**
 * The rules of words, which words.py applies to the texts: words.json, put in when this is published with an index.
 * @type {T.Rules}
 */
// @ts-expect-error -- empty until then
const RULES = /* words.json */ {};

const LETTER = /[\p{L}\p{N}]/u;
const UNSPACED = ruled("[<unspaced>]", "u");
const DIVIDED = ruled(RULES.divided);
const SPACES = new RegExp(`[${RULES.space}${RULES.break}]+`, "gu");
const CHUNK = ruled('"([^"]*)"?|([^<space>"]+)'); // of what is typed: a phrase in quotation marks, or a word
const CUTS = RULES.cuts.map(({ after }) => ruled(after));
const OTHERWISE = new RegExp(`[${Object.keys(RULES.alike).join("")}${RULES.compatible}]`, "gu");
const GLUES = new RegExp(`[${RULES.glue}${RULES.join}]`, "gu");
const END = new RegExp(`[ ${RULES.gap}]$`, "u"); // of a word of a page's text
const PIECE = new RegExp(`[^ ${RULES.gap}]+[ ${RULES.gap}]?`, "gu");
const COMPOUND = /(?<=[\p{L}\p{N}\p{M}])[-‐‑‒–−־/](?=[\p{L}\p{N}])/gu;
const ECHO = "0q0x"; // no word goes on like this
const SLOT = 32; // a part begins at a multiple of so many words
const EXCERPT = 28; // words of an excerpt
const LEAD = 8; // of these, at most so many before the first word found
const SHORTEST = 2; // letters from which the beginning of a word finds it
const BEGINNING = 0.4; // what a word counts of which only the beginning was typed
const LIKELY = 0.8; // and one on a page that has the word itself: Pagefind tells only the first place of a word apart
const ENDING = 5; // letters that are looked for beyond a stem
const STEM = 3; // letters of the shortest stem
const LOOKED = 24; // pages that are looked into for it
const PLAIN = 0.7; // what a page counts beside documents and notes: lists repeat them
const SURE = 1000; // puts words that are there before those that only begin like what was typed
const TITLE = 3; // what a word counts that stands in a title

/**
 * Load what is known of all parts.
 * @param {string} base - the address of the folder `pagefind/`
 * @param {T.Listing} listing - its bundles.json
 * @param {T.Early} [early] - what to load at the same time: else it is loaded when it is first wanted
 * @returns {Promise<T.Index>}
 */
export async function open(base, listing, { facets = false, words = false } = {}) {
  const started = words ? startEngines(base, listing) : null;
  const bundles = await Promise.all(
    Object.entries(listing.languages).map(([language, folder]) => bundleOf(base, base + folder, language, facets)),
  );
  let total = 0;
  for (const bundle of bundles) {
    bundle.offset = total;
    total += bundle.slots.length;
  }
  introduce(bundles);
  const average = bundles.reduce((sum, { slots }) => slots.reduce((one, other) => one + other, sum), 0) / (total || 1);
  return { base, listing, bundles, total, average, engines: started, facets: null };
}

/**
 * Say of each echo whose it is. Notes may be in another language than the page they are on. Then the page has an echo
 * without parts in the bundle of that language, with their words at the same places; echoes are in the order of their
 * pages.
 * @param {T.Bundle[]} bundles
 */
function introduce(bundles) {
  /** @type {Map<string, T.PageOf[]>} */
  const pages = new Map(); // by "language of the page>language of the notes"
  /** @type {(bundle: T.Bundle, page: number) => boolean} */
  const isEcho = ({ first }, page) => first[page] === first[page + 1];
  for (const bundle of bundles)
    bundle.others.forEach((languages, page) => {
      if (isEcho(bundle, page)) return;
      for (const other of languages) {
        const way = `${bundle.language}>${other}`;
        const known = pages.get(way);
        if (known) known.push([bundle, page]);
        else pages.set(way, [[bundle, page]]);
      }
    });
  const inOrder = new Map([...pages].map(([way, known]) => [way, known.values()]));
  for (const bundle of bundles)
    bundle.others.forEach(([language], page) => {
      const home = isEcho(bundle, page) && inOrder.get(`${language}>${bundle.language}`)?.next().value;
      if (home) bundle.echoes.set(page, home);
    });
}

/**
 * The page that something was found on, in the bundle that has its parts.
 * @param {T.Bundle} bundle
 * @param {number} page
 * @returns {T.PageOf}
 */
function homeOf(bundle, page) {
  return bundle.echoes.get(page) ?? [bundle, page];
}

/** @param {string} address */
async function unpacked(address) {
  const answer = await fetch(address);
  if (answer.ok === false) throw new Error(`${answer.status} for ${address}`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (bytes[0] !== 0x1f) return bytes; // a server that unpacks
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(plain).arrayBuffer());
}

/** @param {Uint8Array} bytes */
const parsed = (bytes) => JSON.parse(new TextDecoder().decode(bytes));

/**
 * Load a table: a line of JSON, and columns of numbers of seven bits a byte, the lowest first.
 * @param {string} address
 */
async function table(address) {
  const bytes = await unpacked(address);
  const end = bytes.indexOf(10);
  let at = end + 1;
  /** @param {number} length */
  const column = (length) =>
    Int32Array.from({ length }, () => {
      let number = 0;
      for (let shift = 0; ; shift += 7) {
        const byte = bytes[at++];
        number |= (byte & 0x7f) << shift;
        if (byte < 0x80) return number;
      }
    });
  return { header: parsed(bytes.subarray(0, end)), column };
}

/**
 * @param {string} base
 * @param {string} address
 * @param {string} language
 * @param {boolean} facets - whether to load those at the same time
 * @returns {Promise<T.Bundle>}
 */
async function bundleOf(base, address, language, facets) {
  const early = facets ? facetsTable(address) : null;
  /** @type {T.Table<T.WordsHeader>} */
  const { header, column } = await table(`${address}words.pf_table`);
  const sizes = column(header.pages);
  const first = new Int32Array(header.pages + 1);
  sizes.forEach((number, page) => {
    first[page + 1] = first[page] + number;
  });
  const others = Array.from(column(header.pages), (at) => header.others[at]);
  const total = first[header.pages];
  const [slots, title, type] = [column(total), column(total), column(total)];
  const starts = new Int32Array(total);
  const pages = new Int32Array(total);
  for (let page = 0; page < header.pages; page++) {
    for (let part = first[page], at = 0; part < first[page + 1]; part++) {
      starts[part] = at;
      pages[part] = page;
      at += slots[part] * SLOT;
    }
  }
  /** @type {T.Pack[]} */
  const packs = [];
  let page = 0;
  for (const [folder, numbers] of header.packs) {
    for (const [at, number] of numbers.entries()) {
      packs.push({ first: page, address: `${base}texts/${folder}/${at.toString(36)}.pf_texts`, texts: null });
      page += number;
    }
  }
  return {
    address,
    language,
    offset: 0,
    first,
    slots,
    title,
    type,
    starts,
    pages,
    packs,
    others,
    echoes: new Map(),
    common: header.common,
    dates: [],
    early,
  };
}

/**
 * What filters and sorting need, loaded when they are first wanted.
 * @param {T.Index} index
 */
function facetsOf(index) {
  index.facets ??= Promise.all(index.bundles.map(bundleFacets))
    .then((loaded) => byFacet((facet) => columnOf(index, facet, loaded)))
    .catch((problem) => {
      index.facets = null;
      throw problem;
    });
  return index.facets;
}

/**
 * @template V
 * @param {(facet: T.Facet) => V} valueOf
 */
function byFacet(valueOf) {
  return /** @type {T.ByFacet<V>} */ (Object.fromEntries(FACETS.map((facet) => [facet, valueOf(facet)])));
}

/**
 * @param {string} address - of a bundle
 * @returns {Promise<T.Table<T.FacetsHeader> | null>} null if it could not be loaded, which asking again may tell of
 */
function facetsTable(address) {
  return table(`${address}facets.pf_table`).catch(() => null);
}

/**
 * @param {T.Bundle} bundle
 * @returns {Promise<Record<string, T.BundleFacet>>}
 */
async function bundleFacets(bundle) {
  /** @type {T.Table<T.FacetsHeader>} */
  const { header, column } = (await bundle.early) ?? (await table(`${bundle.address}facets.pf_table`));
  bundle.dates = Array.from(column(bundle.first.length - 1), (at) => header.dates[at]);
  /** @type {Record<string, T.BundleFacet>} */
  const facets = {};
  for (const [facet, known] of Object.entries(header.facets)) {
    const common = column(bundle.first.length - 1); // by page: the set that all parts have, from 1; 0 where they differ
    const of = new Int32Array(bundle.slots.length);
    common.forEach((set, page) => {
      const [from, to] = [bundle.first[page], bundle.first[page + 1]];
      of.fill(set - 1, from, to);
    });
    const own = column(of.reduce((sum, set) => sum + (set < 0 ? 1 : 0), 0));
    let at = 0;
    facets[facet] = { ...known, of: of.map((set) => (set < 0 ? own[at++] - 1 : set)) };
  }
  return { ...facets, type: { values: TYPES, sets: TYPES.map((_, at) => [at]), of: bundle.type } };
}

/**
 * A facet over all parts: the sets of values that occur anywhere, and by part which of them it has.
 * @param {T.Index} index
 * @param {T.Facet} facet
 * @param {Record<string, T.BundleFacet>[]} loaded - by bundle
 * @returns {T.FacetColumn}
 */
function columnOf(index, facet, loaded) {
  const of = new Int32Array(index.total);
  /** @type {string[][]} */
  const sets = [];
  /** @type {Map<string, number>} */
  const numbers = new Map();
  loaded.forEach((facets, at) => {
    const column = facets[facet];
    const known = column.sets.map((set) => {
      const values = set.map((place) => column.values[place]);
      const name = values.join("\n");
      const number = numbers.get(name) ?? sets.push(values) - 1;
      numbers.set(name, number);
      return number;
    });
    column.of.forEach((number, part) => {
      of[index.bundles[at].offset + part] = known[number];
    });
  });
  return { sets, of };
}

/* --- words --- */

/**
 * Load Pagefind's program, which works for one language at a time. Under an address with another end it is another
 * program for the browser, and still one file to load.
 * @param {T.Index} index
 */
async function engines(index) {
  index.engines ??= startEngines(index.base, index.listing);
  const working = await index.engines;
  if (working instanceof Array) return working;
  index.engines = null;
  throw working;
}

/**
 * @param {string} base
 * @param {T.Listing} listing
 * @returns {Promise<T.Engine[] | Error>} an error in place of one that nobody may be waiting for yet
 */
function startEngines(base, listing) {
  return Promise.all(
    Object.entries(listing.languages).map(async ([language, folder]) => {
      const { createInstance } = await import(`${base}${listing.engine}#${language}`);
      const engine = createInstance({ basePath: base + folder, noWorker: true });
      await engine.init();
      return engine;
    }),
  ).catch((problem) => (problem instanceof Error ? problem : new Error(problem)));
}

/**
 * Reduce a text to what counts in a comparison: letters and digits, without accents and case.
 * @param {string} text
 * @returns {string}
 */
export function fold(text) {
  return alike(text)
    .normalize("NFKD")
    .replace(/[^\p{L}\p{N}]+/gu, "")
    .toLowerCase();
}

/**
 * Split a query as people type it: words, and phrases in quotation marks of any kind. Unspaced characters are a phrase.
 * @param {string} query
 * @returns {T.Term[]}
 */
export function termsOf(query) {
  const straight = query.replace(/[“”„«»「」『』]/g, '"');
  /** @type {T.Term[]} */
  const terms = [];
  for (const [, phrase, word] of straight.matchAll(CHUNK)) {
    const text = (phrase ?? word).trim();
    const words = wordsOf(text);
    if (!words.length) continue;
    const exact = phrase !== undefined || words.length > 1;
    const parts = exact ? words : wordsOf(text.replace(COMPOUND, " "));
    terms.push({ text, words, exact, parts });
  }
  return terms.filter(
    (term, at) => terms.findIndex((other) => other.text === term.text && other.exact === term.exact) === at,
  );
}

/**
 * The terms of a query without words that are nearly everywhere, unless there are no others, or they are a phrase.
 * @param {T.Index} index
 * @param {string} query
 */
function asked(index, query) {
  const all = termsOf(query);
  /** @param {T.Term} term */
  const common = ({ exact, words }) =>
    !exact && words.length === 1 && index.bundles.some((bundle) => bundle.common.includes(fold(words[0])));
  const terms = all.filter((term) => !common(term));
  if (!terms.length) return { terms: all, left: [] };
  return { terms, left: all.filter(common).map(({ text }) => text) };
}

/**
 * A regular expression of a pattern of the rules: names in angle brackets stand for characters of theirs.
 * @param {string} pattern
 * @param {string} flags
 */
function ruled(pattern, flags = "gu") {
  const source = pattern
    .replaceAll("<space>", RULES.space)
    .replaceAll("<unspaced>", RULES.unspaced)
    .replaceAll("<letter>", LETTER.source);
  return new RegExp(source, flags);
}

/**
 * The text as it is searched: see `pagefind_words` in words.py.
 * @param {string} text
 */
function alike(text) {
  return text.replace(OTHERWISE, (letter) => RULES.alike[letter] ?? letter.normalize("NFKC"));
}

/**
 * The words of a text, cut as `indexed_words` in words.py cuts the texts of pages. What has no letter is no word.
 * @param {string} text
 * @returns {string[]}
 */
export function wordsOf(text) {
  const spaced = text.replace(DIVIDED, ([hyphen]) => hyphen + RULES.join).replace(SPACES, " ");
  const apart = CUTS.reduce((rest, cut) => rest.replace(cut, "$& "), spaced);
  return alike(apart)
    .split(" ")
    .map((word) => word.replace(/\p{S}+/gu, ""))
    .filter((word) => LETTER.test(word));
}

/**
 * Where a word or phrase is. Pages are named by their numbers, the digits backwards.
 * @param {T.Index} index
 * @param {string} query
 */
async function places(index, query) {
  const working = await engines(index);
  const answers = await Promise.all(working.map((engine) => engine.search(query))).catch((problem) => {
    index.engines = null; // what one of them could not load it does not load again
    throw problem;
  });
  /** @type {T.Places} */
  const found = new Map();
  answers.forEach(({ results }, at) => {
    /** @type {T.PagePlaces} */
    const pages = new Map();
    for (const { id, words } of results) pages.set(parseInt([...id].reverse().join(""), 36), words);
    if (pages.size) found.set(index.bundles[at], pages);
  });
  return found;
}

/**
 * Where a word is for sure, and where words begin like it. Pagefind takes a word that it does not know for its longest
 * known beginning ("theory" for "the"), in each bundle for itself. It does so with anything longer too: where a word
 * that is not there is found at the very places of its echo, it was not found; though it may be a word typed beyond its
 * stem ("declarat", which the index has as "declar"). The echo also loads the words that follow in the alphabet, among
 * them those that begin like it.
 * @param {T.Index} index
 * @param {string} word
 * @returns {Promise<{ sure: T.Places, begun: T.Places }>}
 */
async function standing(index, word) {
  const sure = await places(index, `"${word}"`);
  if (UNSPACED.test(word)) return { sure, begun: within(await places(index, word), sure) };
  if (fold(word).length < SHORTEST) return { sure, begun: new Map() };
  const echo = await places(index, word + ECHO);
  const begun = await places(index, word);
  /** @type {T.Places} */
  const doubtful = new Map();
  for (const [bundle, pages] of begun) {
    if (sure.has(bundle) || !same(pages, echo.get(bundle))) continue;
    begun.delete(bundle);
    doubtful.set(bundle, pages);
  }
  for (const [bundle, pages] of await beyondStem(index, word, doubtful)) begun.set(bundle, pages);
  return { sure, begun };
}

/**
 * Of what was found for a shorter word: what does begin as typed. Looked up in the text of the first pages.
 * @param {T.Index} index
 * @param {string} word
 * @param {T.Places} doubtful
 */
async function beyondStem(index, word, doubtful) {
  const letters = [...word];
  for (let less = 1; doubtful.size && less <= ENDING && letters.length - less >= STEM; less++) {
    const shorter = await places(index, `"${letters.slice(0, -less).join("")}"`);
    const stems = [...doubtful].filter(([bundle, pages]) => shorter.get(bundle)?.size === pages.size);
    if (!stems.length) continue;
    const looked = stems.flatMap(([bundle, pages]) => [...pages].map(([page, at]) => ({ bundle, pages, page, at })));
    const begins = await Promise.all(
      looked.slice(0, LOOKED).map(async ({ bundle, page, at }) => {
        const { pieces } = await textOf(...homeOf(bundle, page));
        return at.some((place) => fold(pieces[place] ?? "").startsWith(fold(word)));
      }),
    );
    if (!begins.includes(true)) return [];
    begins.forEach((begin, at) => {
      if (!begin) looked[at].pages.delete(looked[at].page);
    });
    return stems;
  }
  return [];
}

/**
 * What is found on pages that others are found on too.
 * @param {T.Places} found
 * @param {T.Places} others
 */
function within(found, others) {
  /** @type {T.Places} */
  const kept = new Map();
  for (const [bundle, pages] of found) {
    kept.set(bundle, new Map([...pages].filter(([page]) => others.get(bundle)?.has(page))));
  }
  return kept;
}

/**
 * @param {T.PagePlaces} pages
 * @param {T.PagePlaces} [others]
 */
function same(pages, others) {
  if (!others || pages.size !== others.size) return false;
  return [...pages].every(([page, at]) => {
    const other = others.get(page);
    return other && other.length === at.length && at.every((place, number) => place === other[number]);
  });
}

/**
 * The parts that have a term. A compound is found whether written as one word, with a hyphen, or as several words.
 * @param {T.Index} index
 * @param {T.Term} term
 */
async function partsWith(index, { words, parts, exact }) {
  /** @type {T.Hits} */
  const hits = new Map();
  /** @type {T.NoteHit} */
  const note = (where, at, place, weight) => {
    const [bundle, page] = homeOf(where, at);
    const part = partAt(bundle, page, place);
    const number = bundle.offset + part;
    /** @type {T.Hit} */
    const hit = hits.get(number) ?? { count: 0, at: [], sure: false };
    if (hit.at.includes(place)) return;
    hit.count += place - bundle.starts[part] < bundle.title[part] ? weight * TITLE : weight;
    hit.at.push(place);
    hit.sure ||= weight !== BEGINNING;
    hits.set(number, hit);
  };
  if (!exact || words.length === 1) await noteWord(index, words[0], exact, note);
  else if (!words.some((word) => UNSPACED.test(word))) await noteWord(index, words.join(""), true, note);
  if (parts.length > 1) await notePhrase(index, parts, note);
  return hits;
}

/**
 * @param {T.Index} index
 * @param {string} word
 * @param {boolean} exact
 * @param {T.NoteHit} note
 */
async function noteWord(index, word, exact, note) {
  const { sure, begun } = await standing(index, word);
  for (const [bundle, pages] of sure)
    for (const [page, at] of pages) for (const place of at) note(bundle, page, place, 1);
  for (const [bundle, pages] of begun) {
    for (const [page, at] of pages) {
      const known = sure.get(bundle)?.has(page);
      if (known || !exact) for (const place of at) note(bundle, page, place, known ? LIKELY : BEGINNING);
    }
  }
}

/**
 * Pagefind says which pages have the phrase, and of its places only the first.
 * @param {T.Index} index
 * @param {string[]} words
 * @param {T.NoteHit} note
 */
async function notePhrase(index, words, note) {
  const sure = await places(index, `"${words.join(" ")}"`);
  const [first, ...others] = await Promise.all(words.map(async (word) => within(await places(index, word), sure)));
  const letters = words.map(fold);
  const again = others.map(
    (_, at) => letters[at].startsWith(letters[at + 1]) || letters[at + 1].startsWith(letters[at]),
  );
  for (const [bundle, pages] of first) {
    for (const [page, at] of pages) {
      const rest = others.map((found, word) => ({ at: new Set(found.get(bundle)?.get(page)), again: again[word] }));
      const home = homeOf(bundle, page);
      for (const start of at) {
        const run = follow(start, rest);
        if (!run || partAt(...home, start) !== partAt(...home, run[run.length - 1])) continue;
        for (const place of run) note(bundle, page, place, 1 / run.length);
      }
    }
  }
}

/**
 * The places of a phrase from its first word on. The parts of a compound share a place, but no word has one twice.
 * @param {number} start
 * @param {{ at: Set<number>, again: boolean }[]} rest - places of each further word, and whether it is the one before
 */
function follow(start, rest) {
  const run = [start];
  for (const { at, again } of rest) {
    const last = run[run.length - 1];
    if (at.has(last + 1)) run.push(last + 1);
    else if (at.has(last) && !again) run.push(last);
    else return null;
  }
  return run;
}

/**
 * @param {T.Bundle} bundle
 * @param {number} page
 * @param {number} place
 */
function partAt(bundle, page, place) {
  const first = bundle.first[page];
  return first + upTo(bundle.first[page + 1] - first, (at) => bundle.starts[first + at] <= place);
}

/**
 * The last of so many places for which this holds, as it does for the first and all up to it.
 * @param {number} length
 * @param {(at: number) => boolean} holds
 */
function upTo(length, holds) {
  let low = 0;
  let high = length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/* --- a search --- */

/**
 * Search for a query as typed, among parts with any of the values that are chosen in each facet. Gives groups (a page
 * and its parts that were found, the best first), counts (as if nothing were chosen in that facet), the number of
 * parts, how many there would be without facets, what was searched for with the number of parts that have it, and the
 * words that were left out. Without `counting` there may be no counts.
 * @param {T.Index} index
 * @param {T.Wish} wish
 * @returns {Promise<T.Found & Partial<T.CountedFound>>}
 */
export async function search(index, { query = "", facets = {}, sort = "relevance", counting = true }) {
  const { terms, left } = asked(index, query);
  if (!counting && terms.length && sort !== "date" && !Object.keys(facets).length) return inWords(index, terms, left);
  const columns = await facetsOf(index);
  const hits = await Promise.all(terms.map((term) => partsWith(index, term)));
  const chosen = FACETS.flatMap((facet) => {
    const values = facets[facet];
    return values?.length ? [allowed(columns[facet], values, facet)] : [];
  });
  const counts = byFacet((facet) => new Int32Array(columns[facet].sets.length));
  const passing = [];
  let without = 0;
  for (const part of candidates(index, hits)) {
    without++;
    const against = chosen.filter(({ of, fits }) => !fits[of[part]]);
    if (against.length > 1) continue;
    if (against.length === 1) counts[against[0].facet][against[0].of[part]]++;
    else {
      for (const facet of FACETS) counts[facet][columns[facet].of[part]]++;
      passing.push(part);
    }
  }
  return {
    groups: grouped(index, passing, hits, terms.length ? sort : "date"),
    counts: byFacet((facet) => byValue(columns[facet].sets, counts[facet])),
    total: passing.length,
    without,
    terms: terms.map(({ text, exact }, at) => ({ text, exact, total: hits[at].size })),
    left,
  };
}

/**
 * A search by words alone, without counts: what it is answered from is a fifth of the whole.
 * @param {T.Index} index
 * @param {T.Term[]} terms
 * @param {string[]} left
 * @returns {Promise<T.Found>}
 */
async function inWords(index, terms, left) {
  const hits = await Promise.all(terms.map((term) => partsWith(index, term)));
  const passing = [...candidates(index, hits)];
  const totals = terms.map(({ text, exact }, at) => ({ text, exact, total: hits[at].size }));
  return {
    groups: grouped(index, passing, hits, "relevance"),
    total: passing.length,
    without: passing.length,
    terms: totals,
    left,
  };
}

/**
 * The parts that have all terms.
 * @param {T.Index} index
 * @param {T.Hits[]} hits - by term
 */
function* candidates(index, hits) {
  if (!hits.length) {
    for (let part = 0; part < index.total; part++) yield part;
    return;
  }
  const [least, ...others] = [...hits].sort((one, other) => one.size - other.size);
  for (const part of least.keys()) if (others.every((hit) => hit.has(part))) yield part;
}

/**
 * Whether parts have one of the values that are chosen in a facet, by the number of their set.
 * @param {T.FacetColumn} column
 * @param {string[]} values
 * @param {T.Facet} facet
 */
function allowed({ sets, of }, values, facet) {
  return { facet, of, fits: sets.map((set) => values.some((value) => set.includes(value))) };
}

/**
 * @param {string[][]} sets
 * @param {Int32Array} numbers - of parts, by set
 */
function byValue(sets, numbers) {
  /** @type {T.Counts} */
  const counts = Object.create(null); // a value may be called "constructor"
  sets.forEach((set, at) => {
    if (numbers[at]) for (const value of set) counts[value] = (counts[value] ?? 0) + numbers[at];
  });
  return counts;
}

/**
 * Okapi BM25 over parts, and pages by their best part. Robertson and Zaragoza, The Probabilistic Relevance Framework,
 * 2009.
 * @param {T.Index} index
 * @param {number[]} passing - parts
 * @param {T.Hits[]} hits - by term
 * @param {T.Sort} sort
 */
function grouped(index, passing, hits, sort) {
  const weights = hits.map(({ size }) => Math.log(1 + (index.total - size + 0.5) / (size + 0.5)));
  /** @type {Map<number, T.Group>} */
  const groups = new Map();
  for (const part of passing) {
    const found = hits.flatMap((hit) => hit.get(part) ?? []);
    const bundle = bundleAt(index, part);
    const own = part - bundle.offset;
    const size = 1.2 * (0.25 + (0.75 * bundle.slots[own]) / index.average);
    const score =
      found.reduce((sum, { count }, at) => sum + (weights[at] * count * 2.2) / (count + size), 0) *
      (TYPES[bundle.type[own]] === "page" ? PLAIN : 1);
    const page = bundle.pages[own];
    const first = bundle.offset + bundle.first[page];
    const group = groups.get(first) ?? { bundle, page, first, date: bundle.dates[page] ?? "", score: 0, parts: [] };
    const sure = found.every((hit) => hit.sure) ? SURE : 0;
    group.score = Math.max(group.score, score + sure);
    group.parts.push({ part, own, score: score + sure, at: found.flatMap((hit) => hit.at) });
    groups.set(first, group);
  }
  /** @type {(one: T.Group, other: T.Group) => number} */
  const order =
    sort === "date"
      ? (one, other) => (one.date < other.date ? 1 : one.date > other.date ? -1 : one.first - other.first)
      : (one, other) => other.score - one.score || one.first - other.first;
  const sorted = [...groups.values()].sort(order);
  for (const { parts } of sorted) parts.sort((one, other) => other.score - one.score || one.part - other.part);
  return sorted;
}

/**
 * @param {T.Index} index
 * @param {number} part
 */
function bundleAt(index, part) {
  return index.bundles[upTo(index.bundles.length, (at) => index.bundles[at].offset <= part)];
}

/* --- what a result shows, as plain values --- */

/**
 * Read what is shown of a page and its parts that were found.
 * @param {T.Group} group
 * @returns {Promise<T.Page>}
 */
export async function read(group) {
  const { bundle, page } = group;
  const { address, pieces, shown } = await textOf(bundle, page);
  const parts = group.parts.map(({ own, at }) => {
    const number = own - bundle.first[page];
    const [anchor, length, title, kind, verdict, tone] = shown.parts[number];
    const start = bundle.starts[own];
    const found = new Set(at);
    const words = pieces.slice(start, start + length).map((piece, place) => ({
      text: piece.replace(END, "").replace(GLUES, " "),
      gap: piece.endsWith(" ") ? " " : "",
      found: found.has(start + place),
    }));
    const type = TYPES[bundle.type[own]];
    return { type, anchor, kind, verdict, tone, ...quoted(title, words), marked: marked(words) };
  });
  return {
    address,
    title: shown.title,
    type: shown.type,
    language: shown.language,
    notes: shown.notes,
    date: shown.date,
    parts,
  };
}

/**
 * A page's words, each with the space after it, and what is shown of its parts.
 * @param {T.Bundle} bundle
 * @param {number} page
 */
async function textOf(bundle, page) {
  const pack = bundle.packs[upTo(bundle.packs.length, (at) => bundle.packs[at].first <= page)];
  pack.texts ??= unpacked(pack.address)
    .then(parsed)
    .catch((problem) => {
      pack.texts = null;
      throw problem;
    });
  const [address, content, shown] = (await pack.texts)[page - pack.first];
  return { address, pieces: content.match(PIECE) ?? [], shown };
}

/**
 * A title and an excerpt. A text often begins with its own title: that beginning is left out of the excerpt, and what
 * was found in it is marked in the title.
 * @param {string | number} title - or the number of words that it has at the beginning of the text
 * @param {T.Word[]} words
 * @returns {T.Quoted}
 */
function quoted(title, words) {
  const body = typeof title === "number" ? words.slice(title) : words;
  const first = Math.max(
    body.findIndex((word) => word.found),
    0,
  );
  const from = Math.max(Math.min(first - LEAD, body.length - EXCERPT), 0);
  return {
    title: typeof title === "number" ? words.slice(0, title) : [{ text: title, gap: "", found: false }],
    excerpt: body.slice(from, from + EXCERPT),
    before: from > 0,
    after: from + EXCERPT < body.length,
  };
}

/**
 * The words that were found, as they are written: characters without space between them in one.
 * @param {T.Word[]} words
 */
function marked(words) {
  /** @type {string[]} */
  const runs = [];
  words.forEach(({ text, found }, at) => {
    const last = words[at - 1];
    const joins = last?.found && !last.gap && (UNSPACED.test(text) || UNSPACED.test(last.text));
    if (found && joins) runs.push(runs.pop() + text);
    else if (found) runs.push(text);
  });
  const cores = runs.map((text) => text.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}\p{M}]+$/gu, ""));
  return [...new Set(cores.filter(Boolean))].slice(0, 8);
}
