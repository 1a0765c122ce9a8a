/* The search box: a dialog that finds documents, single notes and pages while one types, and goes to them. The index is
   Pagefind's, loaded when the dialog is first opened. Everything is found anew in the page at each event, because a
   theme may put in another page without loading it. No text of a result is ever read as HTML. */
(() => {
  "use strict";

  /* Our own address tells where the site begins, under whatever path it is served. */
  const OWN = document.currentScript.src;
  const SITE = OWN.slice(0, OWN.lastIndexOf("/assets/") + 1);

  const STEP = 20; // results shown at a time: each is a small file to fetch
  const PAUSE = 120; // milliseconds without a key before a search begins
  const EXCERPT = 28; // words of an excerpt
  const LEAD = 8; // of these, at most so many before the first word found

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

  async function search(query) {
    const answers = await Promise.all((await load()).map((engine) => engine.search(query)));
    return answers.flatMap((answer) => answer.results).sort((one, other) => other.score - one.score);
  }

  /* What a result shows, as plain values. Null for an address that leads out of the site. */
  async function readable(result) {
    const data = await result.data();
    const address = new URL(data.raw_url, SITE);
    if (!address.href.startsWith(SITE)) return null;
    const shown = (name) => data.filters[`_${name}`]?.[0] ?? "";
    const of = address.href.split("#")[0];
    return {
      address: address.href, of, type: shown("type"), group: shown("group"), stamp: stamp(shown),
      ...quoted(data.meta.title ?? "", data),
    };
  }

  function stamp(shown) {
    const kind = shown("kind");
    if (kind === "context") return { label: "Context", tone: "context" };
    if (kind === "correction") return { label: "Correction", tone: "correction" };
    return { label: shown("verdict") || "Not rated", tone: shown("tone") in GLYPHS ? shown("tone") : "neutral" };
  }

  /* Title and excerpt as words, those that were found marked. A text often begins with its own title: that beginning
     is left out of the excerpt, and what was found in it is marked in the title. */
  function quoted(title, data) {
    const found = new Set(data.locations);
    const words = pieces(data).map((text, at) => ({ text, found: found.has(at) }));
    const heading = title.split(/\s+/).filter(Boolean);
    const repeats = heading.length && heading.every((word, at) => words[at]?.text.trim() === word);
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

  function noteOption(hit) {
    const glyph = make("span", "postil-glyph", GLYPHS[hit.stamp.tone]);
    glyph.setAttribute("aria-hidden", "true");
    const about = make("span", "postil-hit-stamp", glyph, ` ${hit.stamp.label}`);
    const tone = `postil-hit--note postil-tone-${hit.stamp.tone}`;
    return option(tone, hit.address, about, " ", titled(hit.title, hit.joint), " ", excerpt(hit));
  }

  /* A document stands above its notes, also where only these were found. */
  function groupElement(address) {
    const element = make("div", "postil-hits");
    element.setAttribute("role", "group");
    element.dataset.of = address;
    return element;
  }

  function put(hit) {
    const groups = [...list().children];
    let group = groups.find((each) => each.dataset.of === hit.of);
    const isNew = !group;
    if (isNew) list().append(group = groupElement(hit.of));
    if (hit.type === "note") {
      if (isNew) group.append(option("postil-hit--document", hit.of, label("Document"), " ", make("bdi", "postil-hit-title", hit.group)));
      group.append(noteOption(hit));
    } else {
      const page = hit.type === "page";
      const row = option(
        `postil-hit--${page ? "page" : "document"}`, hit.address,
        label(page ? "Page" : "Document"), " ", titled(hit.title, hit.joint), " ", excerpt(hit),
      );
      if (isNew) group.append(row);
      else group.firstElementChild.replaceWith(row);
    }
    group.setAttribute("aria-labelledby", group.firstElementChild.id);
  }

  /* --- one search after the other --- */

  let turn = 0; // of the search that may still show something
  let results = [];
  let shown = 0;
  let timer;

  function typed() {
    clearTimeout(timer);
    timer = setTimeout(run, PAUSE);
  }

  async function run() {
    const mine = ++turn;
    const query = field().value.trim();
    if (!query) {
      clear();
      say("");
      return;
    }
    const slow = setTimeout(() => mine === turn && say("Searching …"), 400);
    try {
      const found = await search(query);
      if (mine !== turn) return;
      results = found;
      await show(mine, true);
    } catch (problem) {
      if (mine !== turn) return;
      clear();
      apologise(problem);
    } finally {
      clearTimeout(slow);
    }
    if (mine === turn && results.length) say(`${results.length} ${results.length === 1 ? "result" : "results"} for “${query}”`);
    else if (mine === turn && engines) say(`Nothing found for “${query}” in documents, notes and pages. Every word must occur: try fewer or shorter words.`);
  }

  function clear() {
    results = [];
    shown = 0;
    list().replaceChildren();
    field().setAttribute("aria-expanded", "false");
    field().removeAttribute("aria-activedescendant");
    part("more").hidden = true;
  }

  /* Fetch and put in the next step of results; ``anew`` in the place of those that are there. */
  async function show(mine, anew) {
    const from = anew ? 0 : shown;
    const hits = await Promise.all(results.slice(from, from + STEP).map(readable));
    if (mine !== turn) return;
    const all = results;
    if (anew) clear();
    results = all;
    shown = Math.min(from + STEP, all.length);
    for (const hit of hits) if (hit) put(hit);
    field().setAttribute("aria-expanded", String(all.length > 0));
    part("more").hidden = shown >= all.length;
    if (anew) list().parentElement.scrollTop = 0;
  }

  function apologise(problem) {
    console.error(problem);
    const way = make("a", "", "look through all documents");
    way.href = `${SITE}documents/`;
    say("The search index could not be loaded. ");
    dialog().querySelector("[role=status]").append("Try again, or ", way, ".");
  }

  async function more() {
    const first = options().length;
    await show(turn, false);
    select(options()[first]);
    field().focus();
  }

  /* --- by keyboard --- */

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
      (selected() ?? all[0])?.click();
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
    load().then(() => field().value && !results.length && run(), () => field().value || run0());
  }

  function run0() {
    apologise(new Error("no search index"));
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
