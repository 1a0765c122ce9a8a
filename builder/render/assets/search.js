/* The search box: a dialog that finds documents, single notes and pages while one types, and goes to them. The index is
   Pagefind's, loaded when the dialog is first opened. Everything is found anew in the page at each event, because a
   theme may put in another page without loading it. No text of a result is ever read as HTML. */
(() => {
  "use strict";

  /* Our own address tells where the site begins, under whatever path it is served. */
  const OWN = document.currentScript.src;
  const SITE = OWN.slice(0, OWN.lastIndexOf("/assets/") + 1);

  const STEP = 20; // results shown at a time: each is a small file to fetch
  const PATIENCE = 3; // steps without any good result after which the rest are given up
  const PAUSE = 120; // milliseconds without a key before a search begins
  const EXCERPT = 28; // words of an excerpt
  const LEAD = 8; // of these, at most so many before the first word found
  const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u; // words without gaps

  /* The same shapes as on the pages: no meaning hangs on colour. */
  const GLYPHS = {
    good: "●", mixed: "◐", warn: "▲", bad: "✕", unknown: "○", neutral: "◇", context: "§", correction: "✎",
  };

  const part = (name) => document.querySelector(`[data-postil-search="${name}"]`);
  const dialog = () => part("dialog");
  const field = () => dialog().querySelector("input");
  const list = () => dialog().querySelector("[role=listbox]");
  const options = () => [...list().querySelectorAll("[role=option]")];
  const say = (words) => { dialog().querySelector("[role=status]").textContent = words; };

  /* --- the index --- */

  let engines; // promise of one engine for each language; undefined until asked for, and again after a failure

  function load() {
    engines ??= start().catch((problem) => {
      engines = undefined;
      throw problem;
    });
    return engines;
  }

  /* A language's first bundle brings its engine; the others of that language are searched by it too. */
  async function start() {
    const answer = await fetch(`${SITE}pagefind/bundles.json`, { cache: "no-cache" });
    if (!answer.ok) throw new Error(`no search index (${answer.status})`);
    const languages = Object.values(await answer.json());
    return Promise.all(languages.map(async ([first, ...others]) => {
      const home = `${SITE}pagefind/${first}`;
      const engine = (await import(`${home}pagefind.js`)).createInstance({ basePath: home });
      await engine.init();
      await Promise.all(others.map((each) => engine.mergeIndex(`${SITE}pagefind/${each}`)));
      return engine;
    }));
  }

  /* Results, those that are sure before the others, the best first, and what each has to prove. Pagefind takes a word that it does not know for its longest
     known beginning ("theory" for "the"), in each bundle for itself, so that a word of one document would bring noise
     from all others. In quotation marks it takes none but words of the same stem: these are proof. */
  async function search(query) {
    const all = await load();
    const ask = async (words) => {
      const answers = await Promise.all(all.map((engine) => engine.search(words)));
      return answers.flatMap((answer) => answer.results);
    };
    const isPhrase = /^".+"$/.test(query);
    const terms = isPhrase ? [] : [...new Set(query.split(/\s+/).map(fold))].filter((term) => term && !UNSPACED.test(term));
    const [results, ...sure] = await Promise.all([ask(query), ...terms.map((term) => ask(`"${term}"`))]);
    const proofs = terms.map((term, at) => ({ term, ids: new Set(sure[at].map(({ id }) => id)) }));
    const isSure = ({ id }) => proofs.every(({ ids }) => ids.has(id));
    results.sort((one, other) => isSure(other) - isSure(one) || other.score - one.score);
    return { results, proofs };
  }

  /* As people type it: curly quotation marks are as good as straight ones, and signs like + and $ are in no index. */
  function cleaned(typed) {
    return typed.replace(/[“”„«»]/g, '"').replace(/\p{S}+/gu, " ").trim();
  }

  function fold(text) {
    return text.normalize("NFD").replace(/[^\p{L}\p{N}]+/gu, "").toLowerCase();
  }

  /* Whether each term is really there: as a word of its stem, or as the beginning of a word or of a part of one. */
  function proven(proofs, id, words) {
    return proofs.every(({ term, ids }) => ids.has(id) || words.some((word) => begins(word, term)));
  }

  function begins(word, term) {
    const parts = word.split(/[^\p{L}\p{N}\p{M}]+|(?<=\p{Ll})(?=\p{Lu})/u);
    return [word, ...parts].some((each) => fold(each).startsWith(term));
  }

  /* What a result shows, as plain values. Null if it proves to be none, or leads out of the site. */
  async function readable(result, proofs) {
    const data = await result.data();
    const address = new URL(data.raw_url, SITE);
    if (!address.href.startsWith(SITE)) return null;
    const words = pieces(data);
    const title = (data.meta.title ?? "").split(/\s+/).filter(Boolean);
    if (!proven(proofs, result.id, [...data.locations.map((at) => words[at] ?? ""), ...title])) return null;
    const shown = (name) => data.filters[`_${name}`]?.[0] ?? "";
    const of = address.href.split("#")[0];
    return {
      address: address.href, of, type: shown("type"), group: shown("group"), stamp: stamp(shown),
      ...quoted(title, words, data),
    };
  }

  function stamp(shown) {
    const kind = shown("kind");
    if (kind === "context") return { label: "Context", tone: "context" };
    if (kind === "correction") return { label: "Correction", tone: "correction" };
    const tone = shown("tone") in GLYPHS ? shown("tone") : "neutral";
    return { label: `Claim · ${shown("verdict") || "Not rated"}`, tone };
  }

  /* Title and excerpt as words, those that were found marked. A text often begins with its own title: that beginning
     is left out of the excerpt, and what was found in it is marked in the title. */
  function quoted(heading, texts, data) {
    const found = new Set(data.locations);
    const words = texts.map((text, at) => ({ text, found: found.has(at) }));
    const repeats = heading.length && heading.every((word, at) => texts[at] === word);
    const body = repeats ? words.slice(heading.length) : words;
    const first = Math.max(body.findIndex((word) => word.found), 0);
    const from = Math.max(Math.min(first - LEAD, body.length - EXCERPT), 0);
    return {
      title: repeats ? words.slice(0, heading.length) : heading.map((text) => ({ text, found: false })),
      excerpt: body.slice(from, from + EXCERPT),
      before: from > 0,
      after: from + EXCERPT < body.length,
      joint: data.raw_content.includes("\u200b") ? "" : " ",
    };
  }

  /* The words as Pagefind counts them: by zero-width spaces where it divided the text itself. */
  function pieces(data) {
    if (!data.raw_content.includes("\u200b")) return data.content.split(/\s+/);
    return data.raw_content.replaceAll("&lt;", "<").replaceAll("&gt;", ">").split("\u200b");
  }

  /* --- results as elements --- */

  let count = 0;

  function make(tag, className, ...content) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...content);
    return element;
  }

  /* Words with marks around those found; the mark leaves out quotation marks and full stops. */
  function marked(words, joint) {
    return words.flatMap(({ text, found }, at) => {
      const gap = at ? [joint] : [];
      const [, open, core, close] = found ? text.match(/^([^\p{L}\p{N}]*)(.*?)([^\p{L}\p{N}]*)$/su) : [];
      return core ? [...gap, open, make("mark", "", core), close] : [...gap, text];
    });
  }

  function option(className, address, ...content) {
    const element = make("a", `postil-hit ${className}`, ...content);
    element.href = address;
    element.id = `postil-hit-${++count}`;
    element.tabIndex = -1;
    element.setAttribute("role", "option");
    element.setAttribute("aria-selected", "false");
    return element;
  }

  function label(text) {
    return make("span", "postil-hit-type", text);
  }

  function excerpt(hit) {
    if (!hit.excerpt.length) return "";
    const ends = [hit.before ? "… " : "", hit.after ? " …" : ""];
    return make("span", "postil-hit-excerpt", ends[0], ...marked(hit.excerpt, hit.joint), ends[1]);
  }

  function titled(words, joint) {
    return make("bdi", "postil-hit-title", ...marked(words, joint));
  }

  function hitOption(hit) {
    const title = titled(hit.title, hit.joint);
    if (hit.type !== "note") {
      const name = hit.type === "page" ? "Page" : "Document";
      return option(`postil-hit--${name.toLowerCase()}`, hit.address, label(name), " ", title, " ", excerpt(hit));
    }
    const glyph = make("span", "postil-glyph", GLYPHS[hit.stamp.tone]);
    glyph.setAttribute("aria-hidden", "true");
    const stamp = make("span", "postil-hit-stamp", glyph, ` ${hit.stamp.label}`);
    return option(`postil-hit--note postil-tone-${hit.stamp.tone}`, hit.address, stamp, " ", title, " ", excerpt(hit));
  }

  /* A document stands above its notes, also where only these were found. */
  function groupElement(address) {
    const element = make("div", "postil-hits");
    element.setAttribute("role", "group");
    element.dataset.of = address;
    return element;
  }

  function put(hit) {
    const { of, type } = hit;
    let group = [...list().children].find((each) => each.dataset.of === of);
    const found = hitOption(hit);
    if (!list().firstElementChild) found.dataset.best = "";
    if (!group) {
      list().append(group = groupElement(of));
      group.append(type === "note" ? option("postil-hit--document", of, label("Document"), " ", make("bdi", "postil-hit-title", hit.group)) : found);
    } else if (type !== "note") group.firstElementChild.replaceWith(found);
    if (type === "note") group.append(found);
    group.setAttribute("aria-labelledby", group.firstElementChild.id);
  }

  /* --- one search after the other --- */

  const NOTHING = { query: "", results: [], proofs: [], next: 0, dropped: 0 };
  let now = NOTHING; // the search whose results are shown; ``next`` is the first of them that isn't yet
  let turn = 0; // of the search that may still show something
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
    const slow = setTimeout(() => mine === turn && say("Searching …"), 400);
    try {
      const found = query ? await search(cleaned(query)) : {};
      const step = await next({ ...NOTHING, query, ...found });
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

  /* Fetch results until a step's worth of them has proven good. Where nothing has for long, nothing will. */
  async function next(search) {
    let { results, next: at } = search;
    const hits = [];
    let empty = 0;
    while (hits.length < STEP && at < results.length) {
      const step = results.slice(at, at + STEP);
      const good = (await Promise.all(step.map((result) => readable(result, search.proofs)))).filter(Boolean);
      hits.push(...good);
      at += step.length;
      empty = good.length ? 0 : empty + 1;
      if (empty === PATIENCE) results = results.slice(0, at);
    }
    const dropped = search.dropped + at - search.next - hits.length;
    return { hits, search: { ...search, results, next: at, dropped } };
  }

  function clear() {
    now = NOTHING;
    list().replaceChildren();
    list().parentElement.scrollTop = 0;
    field().setAttribute("aria-expanded", "false");
    select(null);
    part("more").hidden = true;
    say("");
  }

  function show({ hits, search }) {
    now = search;
    hits.forEach(put);
    field().setAttribute("aria-expanded", String(options().length > 0));
    part("more").hidden = now.next >= now.results.length;
  }

  function report() {
    const number = now.results.length - now.dropped;
    const most = now.dropped && now.next < now.results.length ? "up to " : "";
    if (number) say(`${most}${number} ${number === 1 ? "result" : "results"} for “${now.query}”`);
    else if (now.query) say(`Nothing found for “${now.query}” in documents, notes and pages. Every word must occur: try fewer or shorter words.`);
  }

  async function more() {
    const mine = turn;
    const before = new Set(options());
    part("more").hidden = true;
    const step = await next(now).catch(apologise);
    if (mine !== turn || !step) return;
    show(step);
    report();
    select(options().find((each) => !before.has(each)));
    field().focus();
  }

  function apologise(problem) {
    console.error(problem);
    const way = make("a", "", "look through all documents");
    way.href = `${SITE}documents/`;
    say("The search index could not be loaded. ");
    dialog().querySelector("[role=status]").append("Try again, or ", way, ".");
  }

  /* --- by keyboard --- */

  /* The option of the result that was ranked first: not the document that stands above a note. */
  function best() {
    return list().querySelector("[data-best]");
  }

  function selected() {
    return list().querySelector('[aria-selected="true"]');
  }

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

  /* Up from the first result leads back to the field, where Home and End move in the text as usual. */
  const MOVES = {
    ArrowDown: (all, at) => all[Math.min(at + 1, all.length - 1)],
    ArrowUp: (all, at) => (at < 0 ? undefined : all[at - 1]),
    Home: (all, at) => (at < 0 ? null : all[0]),
    End: (all, at) => (at < 0 ? null : all[all.length - 1]),
  };

  function pressedInField(event) {
    if (event.isComposing) return;
    const all = options();
    if (event.key in MOVES && !event.shiftKey && all.length) {
      const next = MOVES[event.key](all, all.indexOf(selected()));
      if (next === null) return;
      event.preventDefault();
      select(next);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (settled) (selected() ?? best())?.click();
      else {
        hurry = true;
        run();
      }
    }
  }

  function wanted(event) {
    if (event.defaultPrevented || event.isComposing || event.altKey) return false;
    const command = event.ctrlKey || event.metaKey;
    if (command ? event.key.toLowerCase() !== "k" || event.shiftKey : event.key !== "/") return false;
    return !event.target.closest?.("input, textarea, select, [contenteditable]:not([contenteditable=false])");
  }

  /* --- open and close --- */

  function open() {
    const box = dialog();
    if (!box || box.open) return;
    box.showModal();
    field().select();
    load().catch(apologise);
  }

  document.addEventListener("keydown", (event) => {
    const box = dialog();
    if (box?.open && event.target === field()) pressedInField(event);
    else if (box && !box.open && wanted(event)) {
      event.preventDefault();
      open();
    }
  });

  document.addEventListener("click", (event) => {
    const control = event.target.closest?.("[data-postil-search]")?.dataset.postilSearch;
    if (control === "open") open();
    else if (control === "close") dialog().close();
    else if (control === "more") more();
    else if (control === "dialog" && event.target === dialog()) dialog().close(); // beside it
    else if (control === "dialog" && event.target.closest("a[href]")) leave(event);
  });

  /* Going to a result: the link does it, as any link of the theme. In a new tab, the list stays. */
  function leave(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    dialog().close();
  }

  document.addEventListener("close", () => { hurry = false; }, true); // it does not bubble
  document.addEventListener("input", (event) => event.target === dialog()?.querySelector("input") && typed());
  document.addEventListener("submit", (event) => event.target.closest?.(".postil-search") && event.preventDefault());

  /* Without this script there is no button: it would do nothing. */
  function arrive() {
    for (const button of document.querySelectorAll('[data-postil-search="open"]')) button.hidden = !dialog();
  }
  if (window.document$) window.document$.subscribe(arrive);
  else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", arrive);
  else arrive();
})();
