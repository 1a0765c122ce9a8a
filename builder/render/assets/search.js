/* Search: the box, a dialog that finds documents, single notes and pages while one types; the page, which has filters
   and an address for every search; and the arrival, where the words that were found are marked. The index is loaded when
   it is first needed. Everything is found anew in the page at each event, because a
   theme may put in another page without loading it. No text of a result is ever read as HTML. */
(() => {
  "use strict";

  /* Our own address tells where the site begins, under whatever path it is served. */
  const OWN = document.currentScript.src;
  const SITE = OWN.slice(0, OWN.lastIndexOf("/assets/") + 1);

  const STEP = 6; // pages shown at a time: each is a small file to fetch
  const MOST = 4; // notes of a page that are shown at once
  const FEW = 8; // values of a facet that are shown at once
  const MISSING = 8; // of the words that are nowhere, so many are told
  const TOLD = 100; // characters of a query that are repeated
  const PAUSE = 120; // milliseconds without a key before a search begins

  /* The same shapes as on the pages: no meaning hangs on colour. */
  const GLYPHS = {
    good: "●", mixed: "◐", warn: "▲", bad: "✕", unknown: "○", neutral: "◇", context: "§", correction: "✎",
  };

  const KINDS = { claim: "Claim", context: "Context", correction: "Correction" };
  const TYPES = { document: "Document", note: "Note", page: "Page" };
  const FACETS = {
    type: "Show", kind: "Kind of note", verdict: "Verdict", topic: "Topic", person: "Person", technique: "Technique",
    collection: "Collection", language: "Language", year: "Year",
  };

  const part = (name) => document.querySelector(`[data-postil-search="${name}"]`);
  const dialog = () => part("dialog");
  const field = () => dialog().querySelector("input");
  const list = () => dialog().querySelector("[role=listbox]");
  const options = () => [...list().querySelectorAll("[role=option]")];
  const say = (words) => { dialog().querySelector("[role=status]").textContent = words; };

  /* --- the index --- */

  let loaded; // promise of the finder and its index; undefined until asked for, and again after a failure

  function load() {
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

  async function labelled() {
    const { listing } = await load();
    labels ??= fetch(`${SITE}pagefind/${listing.facets}`).then((answer) => answer.json()).then((facets) => ({
      type: Object.entries(TYPES).map(([value, label]) => [value, `${label}s`, 0]),
      ...facets,
      kind: facets.kind.map(([value, , count]) => [value, KINDS[value] ?? value, count]),
      language: facets.language.map(([value, , count]) => [value, languageName(value), count]),
      year: [...facets.year].reverse(),
    })).catch((problem) => {
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

  /* --- results as elements --- */

  let count = 0;

  function make(tag, className, ...content) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...content);
    return element;
  }

  /* Words with marks around those found; the mark leaves out quotation marks and full stops. */
  function marked(words) {
    return words.flatMap(({ text, gap, found }, at) => {
      const space = at < words.length - 1 ? gap : "";
      const [, open, core, close] = found ? text.match(/^([^\p{L}\p{N}]*)(.*?)([^\p{L}\p{N}\p{M}]*)$/su) : [];
      return core ? [open, make("mark", "", core), close + space] : [text + space];
    });
  }

  const wordsOf = new WeakMap(); // of a link: the words to mark where it leads

  function link(className, address, words, ...content) {
    const element = make("a", `postil-hit ${className}`, ...content);
    element.href = address;
    wordsOf.set(element, words);
    return element;
  }

  function asOption(element) {
    element.id = `postil-hit-${++count}`;
    element.tabIndex = -1;
    element.setAttribute("role", "option");
    element.setAttribute("aria-selected", "false");
    return element;
  }

  function excerpt({ excerpt: words, before, after }) {
    if (!words.length) return "";
    const element = make("span", "postil-hit-excerpt", before ? "… " : "", ...marked(words), after ? " …" : "");
    element.dir = "auto";
    return element;
  }

  function pageLink(page) {
    const own = page.parts.find((each) => each.type !== "note");
    const name = TYPES[page.type] ?? TYPES.page;
    const title = make("bdi", "postil-hit-title", ...(own ? marked(own.title) : [page.title]));
    const content = [make("span", "postil-hit-type", name), " ", title];
    if (own) content.push(" ", excerpt(own));
    return inLanguage(page, link(`postil-hit--${name.toLowerCase()}`, page.address, own?.marked ?? [], ...content));
  }

  function noteLink(page, note) {
    const glyph = make("span", "postil-glyph", GLYPHS[note.stamp.tone]);
    glyph.setAttribute("aria-hidden", "true");
    const title = make("bdi", "postil-hit-title", ...marked(note.title));
    const content = [make("span", "postil-hit-stamp", glyph, ` ${note.stamp.label}`), " ", title, " ", excerpt(note)];
    return inLanguage(page, link(`postil-hit--note postil-tone-${note.stamp.tone}`, note.address, note.marked, ...content), page.notes);
  }

  function inLanguage(page, element, excerpt = page.language) {
    for (const each of element.querySelectorAll(".postil-hit-title")) each.lang = page.language;
    for (const each of element.querySelectorAll(".postil-hit-excerpt")) each.lang = excerpt;
    return element;
  }

  /* A page stands above its notes, also where only these were found. The best result is the one ranked first. */
  function elementsOf(page) {
    const head = pageLink(page);
    const notes = page.parts.filter((each) => each.type === "note").map((each) => noteLink(page, each));
    return { head, notes, best: page.parts[0].type === "note" ? notes[0] : head };
  }

  function put(page) {
    const { head, notes, best } = elementsOf(page);
    const group = make("div", "postil-hits");
    if (!list().firstElementChild) best.dataset.best = "";
    group.setAttribute("role", "group");
    group.append(...[head, ...notes.slice(0, MOST)].map(asOption));
    group.setAttribute("aria-labelledby", head.id);
    const left = notes.length - MOST;
    if (left > 0) group.append(make("span", "postil-hit-left", `${left} more ${left === 1 ? "note" : "notes"} there`));
    list().append(group);
  }

  /* --- one search after the other --- */

  const NOTHING = { query: "", groups: [], total: 0, terms: [], left: [], next: 0 };
  let now = NOTHING; // the search whose results are shown; ``next`` is the first page of them that isn't yet
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
      const found = query ? await searched({ query, counting: false }) : NOTHING;
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

  async function searched(wish) {
    const { find, index } = await load();
    return find.search(index, wish);
  }

  async function next(search) {
    const step = search.groups.slice(search.next, search.next + STEP);
    const pages = (await Promise.all(step.map(readable))).filter(Boolean);
    return { pages, search: { ...search, next: search.next + step.length } };
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

  function show({ pages, search }) {
    now = search;
    pages.forEach(put);
    list().querySelector(".postil-hit--all")?.remove();
    if (now.query) list().append(allResults());
    field().setAttribute("aria-expanded", String(options().length > 0));
    part("more").hidden = now.next >= now.groups.length;
  }

  /* The box is the quick form of the search page. */
  function allResults() {
    const address = new URL(`${SITE}search/`);
    address.searchParams.set("q", now.query);
    const words = now.total ? `All results for ${told(now.query)}, with filters` : "Search with filters";
    return asOption(link("postil-hit--all", address.href, [], words));
  }

  /* Words as they are told: somebody may have put a whole page into the field. */
  const told = (words) => `“${words.length > TOLD ? `${words.slice(0, TOLD)} …` : words}”`;

  const numbered = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

  function report() {
    if (now.total) say(`${numbered(now.total, "result")} for ${told(now.query)}${leftOut(now)}`);
    else if (now.query) say(`${nothing(now)} ${loosen(now)}`);
  }

  function nothing({ query }) {
    return query ? `Nothing found for ${told(query)} in documents, notes and pages.` : "Nothing found.";
  }

  /* Words that were not searched for, because they are nearly everywhere. */
  function leftOut({ left }) {
    const words = left.map(told).join(", ");
    return words && `; without ${words}, nearly everywhere: put a word in quotation marks to insist on it`;
  }

  /* What to loosen: the words that stand nowhere, or that they stand together. */
  function loosen({ terms }) {
    const missing = terms.filter(({ total }) => !total).slice(0, MISSING).map(({ text, exact }) => `${told(text)}${exact ? " as a phrase" : ""}`);
    if (missing.length) return `${missing.join(" and ")} ${missing.length === 1 ? "occurs" : "occur"} nowhere: try another spelling, or the word’s beginning.`;
    if (terms.length > 1) return "Each of the words occurs, but not together in one note or text: leave one out.";
    return "";
  }

  async function more() {
    const mine = turn;
    const before = options().length - 1; // without the last, which leads to all of them
    part("more").hidden = true;
    const step = await next(now).catch(apologise);
    if (mine !== turn) return;
    if (!step) {
      part("more").hidden = false;
      return;
    }
    show(step);
    report();
    select(options()[before]);
    field().focus();
  }

  function apologise(problem) {
    regret(problem, dialog().querySelector("[role=status]"));
  }

  function regret(problem, status) {
    console.error(problem);
    const way = make("a", "", "look through all documents");
    way.href = `${SITE}documents/`;
    status.replaceChildren("The search index could not be loaded. Try again, or ", way, ".");
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

  /* --- the search page: what its address says is searched for, and what is chosen stands in the address --- */

  const place = () => part("page");
  const here = () => location.href.split(/[?#]/)[0];
  const inside = (name) => place().querySelector(`[data-postil-find="${name}"]`);
  let shown = NOTHING;
  let turnOfPage = 0;
  let timerOfPage;

  function wishOf(address) {
    const asked = new URL(address).searchParams;
    const facets = Object.keys(FACETS).map((facet) => [facet, asked.getAll(facet).filter(Boolean)]).filter(([, values]) => values.length);
    return { query: (asked.get("q") ?? "").trim(), facets: Object.fromEntries(facets), sort: asked.get("sort") === "date" ? "date" : "relevance" };
  }

  function addressOf({ query, facets, sort }) {
    const address = new URL(here());
    if (query) address.searchParams.set("q", query);
    for (const [facet, values] of Object.entries(facets)) for (const value of values) address.searchParams.append(facet, value);
    if (sort === "date") address.searchParams.set("sort", sort);
    return address.href;
  }

  /* Typing changes the address in place; a choice is a step that the browser goes back over. */
  function wish(change, step) {
    const wanted = { ...wishOf(location.href), ...change };
    const address = addressOf(wanted);
    if (address !== location.href) history[step ? "pushState" : "replaceState"](history.state, "", address);
    return find();
  }

  async function find() {
    clearTimeout(timerOfPage);
    const mine = ++turnOfPage;
    const wanted = wishOf(location.href);
    const status = inside("status");
    const slow = setTimeout(() => mine === turnOfPage && (status.textContent = "Searching …"), 400);
    try {
      const asked = wanted.query || Object.keys(wanted.facets).length;
      const [found, facets] = await Promise.all([searched(wanted), labelled()]);
      const step = asked ? await next({ ...NOTHING, ...wanted, ...found }) : { pages: [], search: { ...NOTHING, counts: found.counts } };
      if (mine !== turnOfPage || !place()) return;
      shown = step.search;
      showFacets(facets, step.search.counts, wanted);
      inside("results").replaceChildren(...step.pages.map(resultOf));
      inside("more").hidden = shown.next >= shown.groups.length;
      inside("sort").value = wanted.sort;
      tell(status, asked, wanted, step.search);
    } catch (problem) {
      if (mine === turnOfPage && place()) regret(problem, status);
    } finally {
      clearTimeout(slow);
    }
  }

  function tell(status, asked, wanted, found) {
    const { total, groups, without, query, terms } = found;
    const chosen = Object.keys(wanted.facets).length;
    if (!asked) status.textContent = "Type words, or choose a filter.";
    else if (total) status.textContent = `${numbered(total, "result")} on ${numbered(groups.length, "page")}${query ? ` for ${told(query)}` : ""}${chosen ? ", filtered" : ""}${leftOut(found)}`;
    else {
      status.textContent = chosen && without ? `${nothing({ query })} Without the filters: ${numbered(without, "result")}. ` : `${nothing({ query })} ${loosen({ terms })}`;
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
    [...items.children].slice(MOST).forEach((each) => { each.hidden = true; });
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
    inside("facets").replaceChildren(...Object.entries(FACETS).flatMap(([facet, name]) => {
      const picked = new Set(chosen[facet]);
      const rows = facets[facet].filter(([value]) => counts[facet][value] || picked.has(value));
      for (const value of picked) if (!rows.some(([known]) => known === value)) rows.push([value, value]);
      return rows.length ? [facetElement(facet, name, rows, counts[facet], picked)] : [];
    }));
    if (focused) place().querySelector(`[data-postil-value="${CSS.escape(focused)}"]`)?.focus();
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

  async function moreOfPage() {
    const mine = turnOfPage;
    inside("more").hidden = true;
    const step = await next(shown).catch((problem) => {
      if (mine === turnOfPage && place()) regret(problem, inside("status"));
    });
    if (mine !== turnOfPage || !place()) return;
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

  function clickedOnPage(event) {
    const control = event.target.closest?.("[data-postil-find]");
    const what = control?.dataset.postilFind;
    if (!what || !place()?.contains(control)) return;
    if (what === "more") moreOfPage();
    else if (what === "clear") {
      wish({ facets: {} }, true);
      inside("query").focus();
    } else if (what === "rest") {
      const hidden = [...control.previousElementSibling.children].filter((each) => each.hidden);
      hidden.forEach((each) => { each.hidden = false; });
      control.remove();
      hidden[0].querySelector("a").focus();
    } else if (what.startsWith("all:")) {
      opened.add(what.slice(4));
      const items = [...control.parentElement.querySelectorAll("li[hidden]")];
      items.forEach((each) => { each.hidden = false; });
      control.remove();
      items[0].querySelector("input").focus();
    }
  }

  /* From the field down into the results, along them, and up again. */
  function pressedOnPage(event) {
    if (event.isComposing || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    const stops = [inside("query"), ...inside("results").querySelectorAll("li:not([hidden]) > a.postil-hit")];
    const at = stops.indexOf(document.activeElement);
    const next = stops[at + (event.key === "ArrowDown" ? 1 : -1)];
    if (at < 0 || !next) return;
    event.preventDefault();
    next.focus();
  }

  function changedOnPage({ target }) {
    if (target === inside("sort")) wish({ sort: target.value }, true);
    else if (target.dataset.postilValue) {
      const facets = {};
      for (const box of inside("facets").querySelectorAll("input:checked")) (facets[box.name] ??= []).push(box.value);
      wish({ facets }, true);
    }
  }

  function arriveAtPage() {
    if (!place()) return;
    for (const each of place().querySelectorAll("[hidden][data-postil-find=form], [hidden][data-postil-find=body]")) each.hidden = false;
    inside("query").value = wishOf(location.href).query;
    if (matchMedia("(max-width: 59.9375em)").matches) inside("filters").open = false;
    find();
  }

  document.addEventListener("click", clickedOnPage);
  document.addEventListener("change", (event) => place()?.contains(event.target) && changedOnPage(event));
  document.addEventListener("keydown", (event) => place()?.contains(event.target) && !dialog()?.open && pressedOnPage(event));
  document.addEventListener("input", (event) => {
    if (!place() || event.target !== inside("query")) return;
    clearTimeout(timerOfPage);
    const query = event.target.value.trim();
    const page = here();
    timerOfPage = setTimeout(() => page === here() && place() && wish({ query }, false), PAUSE);
  });
  document.addEventListener("submit", (event) => {
    if (!place()?.contains(event.target)) return;
    event.preventDefault();
    wish({ query: inside("query").value.trim() }, true);
  });
  window.addEventListener("popstate", () => {
    if (!place()) return;
    inside("query").value = wishOf(location.href).query;
    find();
  });

  /* --- arrival: the words that led here are marked, without a change to the text --- */

  const MARKED = "h"; // in the address of a result that was chosen, each of its words; gone once they are marked

  /* Set as late as the click, so that a result's own address is that of the note. Before the theme looks at it. */
  function carry(event) {
    const chosen = event.target.closest?.("a.postil-hit");
    const words = wordsOf.get(chosen);
    if (!words?.length) return;
    const address = new URL(chosen.href);
    address.searchParams.delete(MARKED);
    for (const word of words) address.searchParams.append(MARKED, word);
    chosen.href = address.href;
  }
  document.addEventListener("click", carry, true);
  document.addEventListener("auxclick", carry, true);

  function light() {
    const address = new URL(location.href);
    const words = address.searchParams.getAll(MARKED).filter(Boolean);
    globalThis.CSS?.highlights?.delete("postil-found");
    if (!words.length || place()) return;
    address.searchParams.delete(MARKED);
    history.replaceState(history.state, "", address);
    const target = document.getElementById(decodeURIComponent(address.hash.slice(1)));
    const page = document.querySelector("[data-postil=text]") ?? document.querySelector("article, main") ?? document.body;
    const ranges = rangesOf(target ?? page, words);
    if (target?.dataset.postilKind) ranges.push(...[...document.querySelectorAll("mark[data-postil-notes]")]
      .filter((mark) => mark.dataset.postilNotes.split(" ").includes(target.id.replace(/^note-/, "")))
      .flatMap((mark) => rangesOf(mark, words)));
    if (ranges.length && globalThis.CSS?.highlights) CSS.highlights.set("postil-found", new Highlight(...ranges));
    if (!target && !address.hash) ranges[0]?.startContainer.parentElement.scrollIntoView({ block: "center" });
  }

  /* A word may run over markup inside it, not over the end of a block; the numbers of notes are none of the text. */
  function rangesOf(root, words) {
    const alternatives = [...words].sort((one, other) => other.length - one.length).map((word) => {
      const plain = word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
      return UNSPACED.test(word) ? plain : `(?<![\\p{L}\\p{N}\\p{M}])${plain}(?![\\p{L}\\p{N}\\p{M}])`;
    });
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const nodes = []; // of the text: where each begins in it
    let text = "";
    let before;
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.parentElement.closest("[data-postil=ref]")) continue;
      const block = node.parentElement.closest(BLOCKS);
      if (block !== before || node.previousSibling?.nodeName === "BR") text += "\n";
      nodes.push([text.length, node]);
      text += node.data;
      before = block;
    }
    let at = 0;
    return [...text.matchAll(new RegExp(alternatives.join("|"), "giu"))].slice(0, 500).map(({ index, 0: found }) => {
      const range = new Range();
      while (nodes[at + 1]?.[0] <= index) at++;
      range.setStart(nodes[at][1], index - nodes[at][0]);
      while (nodes[at + 1]?.[0] < index + found.length) at++;
      range.setEnd(nodes[at][1], index + found.length - nodes[at][0]);
      return range;
    });
  }
  const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
  const BLOCKS = "p, li, dt, dd, td, th, h1, h2, h3, h4, h5, h6, pre, blockquote, figcaption, summary, div, section, article, main, body";

  /* Without this script there is no button: it would do nothing. */
  function arrive() {
    for (const button of document.querySelectorAll('[data-postil-search="open"]')) button.hidden = !dialog();
    arriveAtPage();
    light();
  }
  if (window.document$) window.document$.subscribe(arrive);
  else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", arrive);
  else arrive();
})();
