/* Lists that are sifted by facets and words, and put into other orders. Without this they are lists on as many pages as
   they need, and the tools for it are not shown (catalog.css).

   All rows are in one file, which is fetched when somebody first uses the tools: a line of JSON (facets and orders),
   then each row's HTML on a line of its own. Rows become elements only when they are shown. What is chosen stands in
   the form, and in the address. */

/** @import * as T from "./types.d.ts" */

(() => {
  "use strict";

  const { gettext: _, locale } = globalThis.postilWords;
  const FEW = 6; // values of a facet that are shown at first
  const LONG = 30; // milliseconds of work without a pause

  /** @type {(number: number) => string} */
  const written = (number) => number.toLocaleString(locale);

  /** @param {string} text */
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  /**
   * The words of a row, without its markup; characters that HTML writes as references need not be found.
   * @param {string} row
   */
  const wordsOf = (row) => fold(row.replaceAll(/<[^>]*>/g, " "));

  /**
   * A function that waits for other work, such as the reader's, whenever it has gone on for long.
   * @returns {() => Promise<void>}
   */
  function breather() {
    let since = performance.now();
    return async () => {
      if (performance.now() - since < LONG) return;
      await new Promise((done) => {
        setTimeout(done);
      });
      since = performance.now();
    };
  }

  /**
   * @param {URL} address
   * @returns {Promise<T.ListData>}
   */
  async function fetched(address) {
    const answer = await fetch(address, { cache: "no-cache" });
    if (!answer.ok) throw new Error(answer.statusText);
    const bytes = await answer.arrayBuffer();
    const packed = new Uint8Array(bytes, 0, 1)[0] === 0x1f; // else the server has unpacked it
    const stream = new Blob([bytes]).stream();
    const plain = packed ? stream.pipeThrough(new DecompressionStream("gzip")) : stream;
    const reader = plain.pipeThrough(new TextDecoderStream()).getReader();
    const breathe = breather();
    const lines = [""];
    for (let { done, value = "" } = await reader.read(); !done; { done, value = "" } = await reader.read()) {
      const [end, ...begun] = value.split("\n");
      lines[lines.length - 1] += end;
      lines.push(...begun);
      await breathe();
    }
    const [head, ...rows] = lines;
    return { ...JSON.parse(head), rows };
  }

  /**
   * Let a list be sifted. Gives what undoes it.
   * @param {HTMLElement} list
   */
  function mount(list) {
    /** @type {(selector: string) => HTMLElement} */
    const part = (selector) => /** @type {HTMLElement} */ (list.querySelector(selector));
    const form = /** @type {HTMLFormElement} */ (part(".postil-sieve"));
    if (location.protocol === "file:") {
      form.hidden = true; // browsers fetch nothing from a folder
      return () => {};
    }
    const base = new URL(list.dataset.postilList ?? "", location.href);
    const size = Number(list.dataset.postilSize);
    const shelf = part(".postil-rows");
    const given = [...shelf.children];
    const status = part("[role=status]");
    const caption = status.textContent;
    const chosen = part(".postil-chosen");
    /** @type {HTMLElement | null} */
    const pages = list.querySelector(".postil-pages");
    /** @type {Map<string, HTMLElement>} */
    const fields = new Map([...form.querySelectorAll("fieldset")].map((set) => [set.dataset.postilFacet ?? "", set]));
    const originals = new Map(
      [...fields].map(([name, set]) => [name, [.../** @type {Element} */ (set.querySelector("ul")).children]]),
    );
    const stop = new AbortController();
    /** @type {(element: HTMLElement, event: string, act: (event: Event) => void) => void} */
    const on = (element, event, act) => element.addEventListener(event, act, { signal: stop.signal });
    /** @type {Promise<T.ListData> | null} */
    let loading = null;
    /** @type {string[]} */
    const texts = []; // by row, as far as they have been read
    let run = 0; // the last one is what counts
    let page = 0;

    /** @returns {Promise<T.ListData>} */
    function load() {
      loading ??= fetched(new URL("list.gz", base)).then(
        (data) => {
          for (const name of fields.keys()) offer(name, data.facets[name].values);
          return data;
        },
        (problem) => {
          loading = null;
          throw problem;
        },
      );
      return loading;
    }

    /** @type {(name: string) => HTMLInputElement[]} */
    const boxes = (name) => [...(fields.get(name)?.querySelectorAll("input") ?? [])];

    /**
     * Show all values of a facet, those beyond the first few folded away.
     * @param {string} name
     * @param {T.ListValue[]} values
     */
    function offer(name, values) {
      const shown = new Set(boxes(name).map((box) => box.value));
      const items = /** @type {HTMLElement} */ (fields.get(name)?.querySelector("ul"));
      const pattern = /** @type {HTMLElement} */ (items.firstElementChild);
      for (const [value, label, , tone, glyph] of values) {
        if (shown.has(value)) continue;
        const item = /** @type {HTMLElement} */ (pattern.cloneNode(true));
        const box = /** @type {HTMLInputElement} */ (item.querySelector("input"));
        Object.assign(box, { value, checked: false });
        const word = item.querySelector("bdi");
        if (word) word.textContent = label;
        const shape = item.querySelector(".postil-glyph");
        if (shape && glyph) Object.assign(shape, { textContent: glyph, className: `postil-glyph postil-tone-${tone}` });
        items.append(item);
      }
      foldAway(name);
    }

    /** @param {string} name */
    function foldAway(name) {
      const button = fields.get(name)?.querySelector("button");
      const open = button?.getAttribute("aria-expanded") === "true";
      boxes(name).forEach((box, place) => {
        const item = box.closest("li");
        if (item) item.hidden = place >= FEW && !open && !box.checked;
      });
    }

    /**
     * The rows that have all words. Null where a newer run has begun.
     * @param {string[]} rows
     * @param {string} query
     * @returns {Promise<boolean[] | null>}
     */
    async function worded(rows, query) {
      const mine = run;
      const words = fold(query).split(/\s+/).filter(Boolean);
      if (!words.length) return rows.map(() => true);
      const breathe = breather();
      for (const row of rows.slice(texts.length)) {
        texts.push(wordsOf(row));
        await breathe();
        if (mine !== run) return null;
      }
      return texts.map((text) => words.every((word) => text.includes(word)));
    }

    /**
     * Which rows fit, and how many have each value among those that fit in all other facets.
     * @param {T.ListData} data
     * @param {boolean[]} fitting
     */
    function sift({ facets }, fitting) {
      const names = [...fields.keys()];
      const wanted = names.map((name) => {
        const keys = new Set(
          boxes(name)
            .filter((box) => box.checked)
            .map((box) => box.value),
        );
        return new Set(facets[name].values.flatMap(([value], place) => (keys.has(value) ? [place] : [])));
      });
      const counts = names.map((name) => facets[name].values.map(() => 0));
      for (const row of fitting.keys()) {
        if (!fitting[row]) continue;
        let missed = -1;
        let misses = 0;
        for (const [at, name] of names.entries()) {
          if (!wanted[at].size || facets[name].of[row].some((place) => wanted[at].has(place))) continue;
          missed = at;
          misses += 1;
          if (misses > 1) break;
        }
        fitting[row] = !misses;
        if (misses < 2)
          for (const [at, name] of names.entries())
            if (!misses || at === missed) for (const place of facets[name].of[row]) counts[at][place] += 1;
      }
      return new Map(
        names.map((name, at) => [
          name,
          new Map(facets[name].values.map(([value], place) => [value, counts[at][place]])),
        ]),
      );
    }

    async function update() {
      run += 1;
      const mine = run;
      try {
        const slow = setTimeout(() => (status.textContent = _("Loading the list …")), 400);
        const data = await load().finally(() => clearTimeout(slow));
        if (mine !== run || stop.signal.aborted) return;
        const fitting = await worded(data.rows, String(new FormData(form).get("q")));
        if (!fitting || stop.signal.aborted) return;
        const counts = sift(data, fitting);
        const order = data.orders[String(new FormData(form).get("sort"))] ?? [...data.rows.keys()];
        show(
          data,
          order.filter((row) => fitting[row]),
        );
        for (const [name, of] of counts) tell(name, of);
        remember();
      } catch {
        if (mine === run) status.textContent = _("The list could not be loaded; the pages below have all of it.");
      }
    }

    /**
     * @param {T.ListData} data
     * @param {number[]} found
     */
    function show({ rows }, found) {
      const count = Math.max(1, Math.ceil(found.length / size));
      page = Math.min(page, count - 1);
      const shown = found.slice(page * size, (page + 1) * size);
      const parsed = new DOMParser().parseFromString(`<ol>${shown.map((row) => rows[row]).join("")}</ol>`, "text/html");
      for (const link of parsed.querySelectorAll("a[href]"))
        link.setAttribute("href", new URL(link.getAttribute("href") ?? "", base).href);
      shelf.replaceChildren(...(parsed.querySelector("ol")?.children ?? []));
      status.textContent =
        found.length === rows.length ? caption : _("%(found)s of %(all)s", { found: found.length, all: rows.length });
      if (pages) pages.hidden = true;
      ours.hidden = count < 2;
      span.textContent = _("%(first)s–%(last)s of %(total)s", {
        first: page * size + 1,
        last: Math.min((page + 1) * size, found.length),
        total: found.length,
      });
      before.disabled = page === 0;
      after.disabled = page === count - 1;
    }

    /**
     * @param {string} name
     * @param {Map<string, number>} counts
     */
    function tell(name, counts) {
      for (const box of boxes(name)) {
        const number = counts.get(box.value) ?? 0;
        const item = box.closest("li");
        const place = item?.querySelector(".postil-facet-count");
        if (place) place.textContent = written(number);
        item?.classList.toggle("postil-facet-none", !number && !box.checked);
      }
      foldAway(name);
    }

    /* What is chosen, each with a button that takes it back; and the same in the address. */
    function remember() {
      const data = new FormData(form);
      const checked = [...fields.keys()].flatMap((name) => boxes(name).filter((box) => box.checked));
      const buttons = checked.map((box) => {
        const label = box.closest("label")?.querySelector(".postil-facet-label");
        const button = make(...(label?.cloneNode(true).childNodes ?? []), cross());
        on(button, "click", () => {
          box.checked = false;
          restart();
          box.focus();
        });
        return button;
      });
      if (checked.length || data.get("q")) {
        const clear = make(_("Show all"));
        on(clear, "click", () => {
          form.reset();
          restart();
          form.querySelector("input")?.focus();
        });
        buttons.push(clear);
      }
      chosen.replaceChildren(
        ...buttons.map((button) => {
          const item = document.createElement("li");
          item.append(button);
          return item;
        }),
      );
      chosen.hidden = !buttons.length;
      const query = new URLSearchParams();
      for (const [name, value] of data) if (value) query.append(name, String(value));
      if (page) query.set("page", String(page + 1));
      const text = query.toString();
      history.replaceState(history.state, "", location.pathname + (text ? `?${text}` : "") + location.hash);
    }

    function cross() {
      const sign = document.createElement("span");
      sign.className = "postil-facet-off";
      sign.textContent = "✕";
      sign.setAttribute("aria-label", _("remove"));
      sign.setAttribute("role", "img");
      return sign;
    }

    /** @param {...(Node | string)} children */
    function make(...children) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...children);
      return button;
    }

    function restart() {
      page = 0;
      update();
    }

    const span = document.createElement("p");
    /** @param {number} by - pages */
    const turn = (by) => async () => {
      page += by;
      await update();
      list.scrollIntoView({ block: "start" });
    };
    const before = make(_("Previous"));
    const after = make(_("Next"));
    on(before, "click", turn(-1));
    on(after, "click", turn(1));
    const ours = document.createElement("nav");
    ours.className = "postil-pages";
    ours.hidden = true;
    ours.setAttribute("aria-label", _("Pages of what is shown"));
    ours.append(span, before, after);
    shelf.after(ours);

    on(form, "submit", (event) => event.preventDefault());
    on(form, "input", restart);
    on(form, "focusin", () => load().catch(() => {})); // told once it is needed
    on(form, "click", ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      if (!button) return;
      const open = button.getAttribute("aria-expanded") !== "true";
      button.setAttribute("aria-expanded", String(open));
      const name = button.closest("fieldset")?.dataset.postilFacet;
      if (name)
        load().then(
          () => foldAway(name),
          () => {},
        );
      else form.classList.toggle("postil-sieve--open", open);
    });

    /* A view that somebody was sent. */
    const asked = new URLSearchParams(location.search);
    const known = ["q", "sort", "page", ...fields.keys()].filter((name) => asked.get(name));
    if (known.length)
      load().then(
        () => {
          for (const name of ["q", "sort"])
            Object.assign(form.elements.namedItem(name) ?? {}, { value: asked.get(name) ?? "" });
          for (const name of fields.keys()) {
            const values = asked.getAll(name);
            for (const box of boxes(name)) box.checked = values.includes(box.value);
          }
          page = Math.max(0, (parseInt(asked.get("page") ?? "", 10) || 1) - 1);
          update();
        },
        () => update(),
      );

    return () => {
      stop.abort();
      ours.remove();
      form.reset();
      form.classList.remove("postil-sieve--open");
      for (const button of form.querySelectorAll("[aria-expanded]")) button.setAttribute("aria-expanded", "false");
      for (const [name, items] of originals)
        fields
          .get(name)
          ?.querySelector("ul")
          ?.replaceChildren(...items);
      chosen.replaceChildren();
      chosen.hidden = true;
      status.textContent = caption;
      shelf.replaceChildren(...given);
      if (pages) pages.hidden = false;
    };
  }

  /** @type {(() => void)[]} */
  let leave = [];
  function arrive() {
    for (const undo of leave) undo();
    /** @type {NodeListOf<HTMLElement>} */
    const lists = document.querySelectorAll("[data-postil-list]");
    leave = [...lists].map(mount);
  }

  if (window.document$) window.document$.subscribe(arrive);
  else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", arrive);
  else arrive();
})();
