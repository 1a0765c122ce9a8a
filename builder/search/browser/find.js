/* What the search box and the search page ask: words and facets -> pages with the parts (text, notes) that have them.

   Pagefind says where words are, page by page; the tables beside its indexes say where the parts of a page begin and
   what they are. So single notes are found, counted by facet and ranked without loading the text of any page, and
   facets alone are a query too. Nothing here touches a document: it runs in Node as it does in a browser.

   A part is known by its number: those of the first bundle first, in the order of its pages. */

export const FACETS = ["type", "kind", "verdict", "topic", "person", "technique", "collection", "language", "year"];

const TYPES = ["document", "note", "page"];
const GAP = "\u2006"; // the space that we put between characters of scripts that have none
const GLUE = "\ufdd0"; // and between a word and what has no letter before it, where there was a space
const UNSPACED =
  /[\u3005\u3007\u3041-\u3098\u309b-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]/u;
const BETWEEN = new RegExp(
  `(?<=${UNSPACED.source})(?=[^\u3099\u309a\\s])|(?<=[\u3099\u309a\\p{L}\\p{N}_])(?=${UNSPACED.source})`,
  "gu",
);
const DASHED = /(?<=\S)([—―⸺…]+|-{2,}|\.{3,})(?=[^\s—―⸺….-])/gu;
const ELIDED =
  /(?<![\p{L}\p{N}_])((?:[cdjlmnst]|(?:jus|lors|puis|quoi)?qu|(?:d|n|s)?[ae]ll|un|quest|quell)['’])(?=[\p{L}\p{N}_])/giu;
// prettier-ignore
const ALIKE = {
  "‐": "-", "‑": "-", "‒": "-", "–": "-", "−": "-", "־": "-", "ʼ": "'", "ʻ": "'", "’": "'", "،": ",", "؛": ",",
  ø: "o", Ø: "O", ł: "l", Ł: "L", đ: "d", Đ: "D", ð: "d", Ð: "D", ħ: "h", Ħ: "H", ŧ: "t", Ŧ: "T", ı: "i",
  æ: "ae", Æ: "AE", œ: "oe", Œ: "OE",
};
const OTHERWISE = new RegExp(`[${Object.keys(ALIKE).join("")}ﬀ-ﬆ！-～]`, "gu");
const PIECE = new RegExp(`[^ ${GAP}]+[ ${GAP}]?`, "gu");
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

/* Load what tells of all parts. ``base`` is the address of the folder ``pagefind/``, ``listing`` its bundles.json. */
export async function open(base, listing) {
  const bundles = await Promise.all(
    Object.entries(listing.languages).map(([language, folder]) => bundleOf(base, base + folder, language)),
  );
  let total = 0;
  for (const bundle of bundles) {
    bundle.offset = total;
    total += bundle.slots.length;
  }
  introduce(bundles);
  const index = { base, listing, bundles, total, engines: null, chosen: null };
  index.average = bundles.reduce((sum, { slots }) => slots.reduce((one, other) => one + other, sum), 0) / (total || 1);
  return index;
}

/* Notes may be in another language than the page they are on. Then the page has an echo without parts in the bundle of
   that language, with their words at the same places; echoes come in the order of their pages. */
function introduce(bundles) {
  const pages = new Map(); // "language of the page>language of the notes" -> bundle and page of each
  const isEcho = ({ first }, page) => first[page] === first[page + 1];
  for (const bundle of bundles)
    bundle.others.forEach((languages, page) => {
      if (isEcho(bundle, page)) return;
      for (const other of languages) {
        const way = `${bundle.language}>${other}`;
        if (!pages.has(way)) pages.set(way, []);
        pages.get(way).push([bundle, page]);
      }
    });
  const inOrder = new Map([...pages].map(([way, each]) => [way, each.values()]));
  for (const bundle of bundles)
    bundle.others.forEach(([language], page) => {
      if (isEcho(bundle, page)) bundle.echoes.set(page, inOrder.get(`${language}>${bundle.language}`).next().value);
    });
}

/* The page that something was found on, in the bundle that tells of its parts. */
function homeOf(bundle, page) {
  return bundle.echoes.get(page) ?? [bundle, page];
}

async function unpacked(address) {
  const answer = await fetch(address);
  if (answer.ok === false) throw new Error(`${answer.status} for ${address}`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (bytes[0] !== 0x1f) return bytes; // a server that unpacks
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(plain).arrayBuffer());
}

const parsed = (bytes) => JSON.parse(new TextDecoder().decode(bytes));

/* A table: a line of JSON, and a reader of its columns, numbers of seven bits a byte, the lowest first. */
async function table(address) {
  const bytes = await unpacked(address);
  const end = bytes.indexOf(10);
  let at = end + 1;
  const column = (length) =>
    Int32Array.from({ length }, () => {
      let number = 0;
      for (let shift = 0; ; shift += 7) {
        const byte = bytes[at++];
        number |= (byte & 0x7f) << shift;
        if (byte < 0x80) return number;
      }
    });
  return { told: parsed(bytes.subarray(0, end)), column };
}

async function bundleOf(base, address, language) {
  const { told, column } = await table(`${address}words.pf_table`);
  const sizes = column(told.pages);
  const first = new Int32Array(told.pages + 1); // by page: its first part
  sizes.forEach((number, page) => {
    first[page + 1] = first[page] + number;
  });
  const others = Array.from(column(told.pages), (at) => told.others[at]);
  const total = first[told.pages];
  const [slots, title, type] = [column(total), column(total), column(total)];
  const starts = new Int32Array(total); // by part: the place of its first word on the page
  const pages = new Int32Array(total); // by part: its page
  for (let page = 0; page < told.pages; page++) {
    for (let part = first[page], at = 0; part < first[page + 1]; part++) {
      starts[part] = at;
      pages[part] = page;
      at += slots[part] * SLOT;
    }
  }
  const packs = []; // files of texts: their first page and address
  let page = 0;
  for (const [folder, numbers] of told.packs) {
    for (const [at, number] of numbers.entries()) {
      packs.push({ first: page, address: `${base}texts/${folder}/${at.toString(36)}.pf_texts` });
      page += number;
    }
  }
  return {
    address,
    language,
    first,
    slots,
    title,
    type,
    starts,
    pages,
    packs,
    others,
    echoes: new Map(),
    common: told.common,
  };
}

/* What filters and sorting need, loaded when they are first wanted. */
function choices(index) {
  index.chosen ??= Promise.all(index.bundles.map(facetsOf))
    .then((loaded) => {
      index.facets = Object.fromEntries(FACETS.map((facet) => [facet, columnOf(index, facet, loaded)]));
    })
    .catch((problem) => {
      index.chosen = null;
      throw problem;
    });
  return index.chosen;
}

async function facetsOf(bundle) {
  const { told, column } = await table(`${bundle.address}facets.pf_table`);
  bundle.date = Array.from(column(bundle.first.length - 1), (at) => told.dates[at]);
  for (const known of Object.values(told.facets)) {
    const common = column(bundle.first.length - 1); // by page: the set that all parts have, from 1; 0 where they differ
    const of = new Int32Array(bundle.slots.length);
    common.forEach((set, page) => {
      const [from, to] = [bundle.first[page], bundle.first[page + 1]];
      of.fill(set - 1, from, to);
    });
    const own = column(of.reduce((sum, set) => sum + (set < 0 ? 1 : 0), 0));
    let at = 0;
    known.of = of.map((set) => (set < 0 ? own[at++] - 1 : set));
  }
  return { ...told.facets, type: { values: TYPES, sets: TYPES.map((_, at) => [at]), of: bundle.type } };
}

/* A facet over all parts: the sets of values that occur anywhere, and by part which of them it has. */
function columnOf(index, facet, loaded) {
  const of = new Int32Array(index.total);
  const sets = [];
  const numbers = new Map();
  loaded.forEach((facets, at) => {
    const column = facets[facet];
    const known = column.sets.map((set) => {
      const values = set.map((place) => column.values[place]);
      const name = values.join("\n");
      if (!numbers.has(name)) numbers.set(name, sets.push(values) - 1);
      return numbers.get(name);
    });
    column.of.forEach((number, part) => {
      of[index.bundles[at].offset + part] = known[number];
    });
  });
  return { sets, of };
}

/* --- words --- */

/* Pagefind's program works for one language at a time. Under an address with another end it is another program for the
   browser, and still one file to load. */
function engines(index) {
  index.engines ??= Promise.all(
    index.bundles.map(async ({ address, language }) => {
      const { createInstance } = await import(`${index.base}${index.listing.engine}#${language}`);
      const engine = createInstance({ basePath: address, noWorker: true });
      await engine.init();
      return engine;
    }),
  ).catch((problem) => {
    index.engines = null;
    throw problem;
  });
  return index.engines;
}

export function fold(text) {
  return alike(text)
    .normalize("NFKD")
    .replace(/[^\p{L}\p{N}]+/gu, "")
    .toLowerCase();
}

/* As people type it: words, and phrases in quotation marks of any kind. Unspaced characters are a phrase of their
   own. */
export function termsOf(query) {
  const straight = query.replace(/[“”„«»「」『』]/g, '"');
  const terms = [];
  for (const [, phrase, word] of straight.matchAll(/"([^"]*)"?|([^\s"]+)/gu)) {
    const text = (phrase ?? word).trim();
    const words = split(text);
    if (!words.length) continue;
    const exact = phrase !== undefined || words.length > 1;
    const parts = exact ? words : split(text.replace(COMPOUND, " "));
    terms.push({ text, words, exact, parts });
  }
  return terms.filter(
    (term, at) => terms.findIndex((other) => other.text === term.text && other.exact === term.exact) === at,
  );
}

/* Without words that stand nearly everywhere: they are left out unless they are all there is, or a phrase. */
function asked(index, query) {
  const all = termsOf(query);
  const common = ({ exact, words }) =>
    !exact && words.length === 1 && index.bundles.some((bundle) => bundle.common.includes(fold(words[0])));
  const terms = all.filter((term) => !common(term));
  if (!terms.length) return { terms: all, left: [] };
  return { terms, left: all.filter(common).map(({ text }) => text) };
}

/* As it is searched: see `as_searched` in prepare.py. */
function alike(text) {
  return text.replace(OTHERWISE, (one) => ALIKE[one] ?? one.normalize("NFKC"));
}

/* As the index is made: see `words` in prepare.py. */
function split(text) {
  const apart = text.replace(BETWEEN, " ").replace(ELIDED, "$1 ").replace(DASHED, "$1 ");
  return alike(apart)
    .split(/\s+/)
    .map((word) => word.replace(/\p{S}+/gu, ""))
    .filter(fold);
}

/* Where a word stands: bundle -> page -> places. Pages are named by their numbers, the digits backwards. */
async function places(index, query) {
  const working = await engines(index);
  const answers = await Promise.all(working.map((engine) => engine.search(query))).catch((problem) => {
    index.engines = null; // what one of them could not load it does not load again
    throw problem;
  });
  const found = new Map();
  answers.forEach(({ results }, at) => {
    const pages = results.map(({ id, words }) => [parseInt([...id].reverse().join(""), 36), words]);
    if (pages.length) found.set(index.bundles[at], new Map(pages));
  });
  return found;
}

/* Pagefind takes a word that it does not know for its longest known beginning ("theory" for "the"), in each bundle for
   itself. It does so with anything longer too: where a word that is not there is found at the very places of its echo,
   it was not found; though it may be a word typed beyond its stem ("declarat", which the index has as "declar").
   The echo also loads the words that follow in the alphabet, among them those that begin like it. */
async function standing(index, word) {
  const sure = await places(index, `"${word}"`);
  if (UNSPACED.test(word)) return { sure, begun: within(await places(index, word), sure) };
  if (fold(word).length < SHORTEST) return { sure, begun: new Map() };
  const echo = await places(index, word + ECHO);
  const begun = await places(index, word);
  const doubtful = new Map();
  for (const [bundle, pages] of begun) {
    if (sure.has(bundle) || !same(pages, echo.get(bundle))) continue;
    begun.delete(bundle);
    doubtful.set(bundle, pages);
  }
  for (const [bundle, pages] of await beyondStem(index, word, doubtful)) begun.set(bundle, pages);
  return { sure, begun };
}

/* Of what was found for a shorter word: what does begin as typed. Looked up in the text of the first pages. */
async function beyondStem(index, word, doubtful) {
  const letters = [...word];
  for (let less = 1; doubtful.size && less <= ENDING && letters.length - less >= STEM; less++) {
    const shorter = await places(index, `"${letters.slice(0, -less).join("")}"`);
    const stems = [...doubtful].filter(([bundle, pages]) => shorter.get(bundle)?.size === pages.size);
    if (!stems.length) continue;
    const looked = stems.flatMap(([bundle, pages]) => [...pages.keys()].map((page) => [bundle, page])).slice(0, LOOKED);
    const begins = await Promise.all(
      looked.map(async ([bundle, page]) => {
        const { pieces } = await textOf(...homeOf(bundle, page));
        return doubtful
          .get(bundle)
          .get(page)
          .some((place) => fold(pieces[place] ?? "").startsWith(fold(word)));
      }),
    );
    if (!begins.includes(true)) return [];
    looked.forEach(([bundle, page], at) => {
      if (!begins[at]) doubtful.get(bundle).delete(page);
    });
    return stems;
  }
  return [];
}

/* What is found on pages that others are found on too. */
function within(found, others) {
  const kept = new Map();
  for (const [bundle, pages] of found) {
    kept.set(bundle, new Map([...pages].filter(([page]) => others.get(bundle)?.has(page))));
  }
  return kept;
}

function same(pages, others) {
  if (!others || pages.size !== others.size) return false;
  return [...pages].every(([page, at]) => {
    const other = others.get(page);
    return other && other.length === at.length && at.every((place, number) => place === other[number]);
  });
}

/* The parts that have a term: part -> what it counts there, and its places on the page. A compound is found whether it
   is written as one word, with a hyphen, or as several words. */
async function partsWith(index, { words, parts, exact }) {
  const hits = new Map();
  const note = (where, at, place, weight) => {
    const [bundle, page] = homeOf(where, at);
    const part = partAt(bundle, page, place);
    const number = bundle.offset + part;
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

/* Pagefind says which pages have the phrase, and of its places only the first. */
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
        if (!run || partAt(...home, start) !== partAt(...home, run.at(-1))) continue;
        for (const place of run) note(bundle, page, place, 1 / run.length);
      }
    }
  }
}

/* The places of a phrase from its first word on. The parts of a compound share a place, but no word has one twice. */
function follow(start, rest) {
  const run = [start];
  for (const { at, again } of rest) {
    const last = run.at(-1);
    if (at.has(last + 1)) run.push(last + 1);
    else if (at.has(last) && !again) run.push(last);
    else return null;
  }
  return run;
}

function partAt(bundle, page, place) {
  const first = bundle.first[page];
  return first + upTo(bundle.first[page + 1] - first, (at) => bundle.starts[first + at] <= place);
}

/* The last of so many places for which this holds, as it does for the first and all up to it. */
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

/* ``query`` as typed, ``facets`` facet -> values (any of them; all facets together), ``sort`` "relevance" or "date".
   Gives groups (a page and its parts that were found, the best first), counts (facet -> value -> parts, as if nothing
   were chosen in that facet), the number of parts, how many there would be without facets, what was searched for with
   the number of parts that have it, and the words that were left out. Without ``counting`` there are no counts. */
export async function search(index, { query = "", facets = {}, sort = "relevance", counting = true }) {
  const { terms, left } = asked(index, query);
  if (!counting && terms.length && sort !== "date" && !Object.keys(facets).length) return inWords(index, terms, left);
  await choices(index);
  const hits = await Promise.all(terms.map((term) => partsWith(index, term)));
  const chosen = FACETS.filter((facet) => facets[facet]?.length).map((facet) =>
    allowed(index.facets[facet], facets[facet], facet),
  );
  const counts = Object.fromEntries(FACETS.map((facet) => [facet, new Int32Array(index.facets[facet].sets.length)]));
  const passing = [];
  let without = 0;
  for (const part of candidates(index, hits)) {
    without++;
    const against = chosen.filter(({ of, fits }) => !fits[of[part]]);
    if (against.length > 1) continue;
    if (against.length === 1) counts[against[0].facet][against[0].of[part]]++;
    else {
      for (const facet of FACETS) counts[facet][index.facets[facet].of[part]]++;
      passing.push(part);
    }
  }
  return {
    groups: grouped(index, passing, hits, terms.length ? sort : "date"),
    counts: Object.fromEntries(FACETS.map((facet) => [facet, byValue(index.facets[facet].sets, counts[facet])])),
    total: passing.length,
    without,
    terms: terms.map(({ text, exact }, at) => ({ text, exact, total: hits[at].size })),
    left,
  };
}

/* A search by words alone, without counts: what it is answered from is a fifth of the whole. */
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

function* candidates(index, hits) {
  if (!hits.length) {
    for (let part = 0; part < index.total; part++) yield part;
    return;
  }
  const [least, ...others] = [...hits].sort((one, other) => one.size - other.size);
  for (const part of least.keys()) if (others.every((each) => each.has(part))) yield part;
}

function allowed({ sets, of }, values, facet) {
  return { facet, of, fits: sets.map((set) => values.some((value) => set.includes(value))) };
}

function byValue(sets, numbers) {
  const counts = Object.create(null); // a value may be called "constructor"
  sets.forEach((set, at) => {
    if (numbers[at]) for (const value of set) counts[value] = (counts[value] ?? 0) + numbers[at];
  });
  return counts;
}

/* Okapi BM25 over parts, and pages by their best part. Robertson and Zaragoza, The Probabilistic Relevance Framework,
   2009. */
function grouped(index, passing, hits, sort) {
  const weights = hits.map(({ size }) => Math.log(1 + (index.total - size + 0.5) / (size + 0.5)));
  const groups = new Map();
  for (const part of passing) {
    const bundle = bundleAt(index, part);
    const own = part - bundle.offset;
    const size = 1.2 * (0.25 + (0.75 * bundle.slots[own]) / index.average);
    const score =
      hits.reduce((sum, hit, at) => {
        const { count } = hit.get(part);
        return sum + (weights[at] * count * 2.2) / (count + size);
      }, 0) * (TYPES[bundle.type[own]] === "page" ? PLAIN : 1);
    const page = bundle.pages[own];
    const first = bundle.offset + bundle.first[page];
    const group = groups.get(first) ?? { bundle, page, first, date: bundle.date?.[page] ?? "", score: 0, parts: [] };
    const sure = hits.every((hit) => hit.get(part).sure) ? SURE : 0;
    group.score = Math.max(group.score, score + sure);
    group.parts.push({ part, own, score: score + sure, at: hits.flatMap((hit) => hit.get(part).at) });
    groups.set(first, group);
  }
  const order =
    sort === "date"
      ? (one, other) => (one.date < other.date ? 1 : one.date > other.date ? -1 : one.first - other.first)
      : (one, other) => other.score - one.score || one.first - other.first;
  const sorted = [...groups.values()].sort(order);
  for (const { parts } of sorted) parts.sort((one, other) => other.score - one.score || one.part - other.part);
  return sorted;
}

function bundleAt(index, part) {
  return index.bundles[upTo(index.bundles.length, (at) => index.bundles[at].offset <= part)];
}

/* --- what a result shows, as plain values --- */

export async function read(group) {
  const { bundle, page } = group;
  const { address, pieces, shown } = await textOf(bundle, page);
  const parts = group.parts.map(({ own, at }) => {
    const number = own - bundle.first[page];
    const [anchor, length, title, kind, verdict, tone] = shown.parts[number];
    const start = bundle.starts[own];
    const found = new Set(at);
    const words = pieces.slice(start, start + length).map((piece, place) => ({
      text: piece.replace(/[ \u2006]$/u, "").replaceAll(GLUE, " "),
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

/* A page's words, each with the space after it, and what is shown of its parts. */
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

/* A text often begins with its own title: that beginning is left out of the excerpt, and what was found in it is marked
   in the title. */
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

/* The words that were found, as they are written: characters without space between them in one. */
function marked(words) {
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
