/* Tables that sort and filter. Without this they are lists, newest first, on as many pages as they need.

   All rows are kept as elements; what is shown is a slice of those that fit, in the order asked for. The rows of a
   long table's further pages are fetched when they are first needed. The choice stands in the address. */

/** @import * as T from "./types.d.ts" */

(() => {
  "use strict";

  /**
   * @template {keyof HTMLElementTagNameMap} K
   * @param {K} tag
   * @param {Partial<HTMLElementTagNameMap[K]>} [values]
   * @param {...(Node | string)} children
   */
  const make = (tag, values = {}, ...children) => {
    const element = document.createElement(tag);
    Object.assign(element, values);
    element.append(...children);
    return element;
  };

  /* How the keys of a column compare; others as text. */
  /** @type {Record<string, (a: string, b: string) => number>} */
  const COMPARE = { number: (a, b) => Number(a) - Number(b), date: (a, b) => (a < b ? -1 : Number(a > b)) };

  /* What an order of a column is called, upwards and downwards. */
  /** @type {Record<string, [up: string, down: string]>} */
  const ORDERS = {
    text: ["A to Z", "Z to A"],
    date: ["oldest first", "newest first"],
    number: ["fewest first", "most first"],
  };

  /** @param {string} text */
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  /**
   * Add a value of a facet to those that are known.
   * @param {T.Row["facets"]} facets
   * @param {string} name
   * @param {string} value
   * @param {string} label
   */
  function add(facets, name, value, label) {
    const values = facets.get(name) ?? new Map();
    facets.set(name, values.set(value, label));
  }

  /**
   * What can be known of a row without looking again: its words, its facets, the key of each column.
   * @param {HTMLTableRowElement} row
   * @returns {T.Row}
   */
  function read(row) {
    /** @type {T.Row["facets"]} */
    const facets = new Map();
    /** @type {NodeListOf<HTMLElement>} */
    const marked = row.querySelectorAll("[data-postil-facet]");
    for (const element of marked) {
      const { postilFacet: name = "", postilValue: value = "" } = element.dataset;
      add(facets, name, value, name === "Note" ? value : element.textContent.trim());
    }
    return {
      row,
      facets,
      words: fold(row.textContent),
      keys: [...row.cells].map((cell) => cell.dataset.postilKey ?? cell.textContent.trim()),
    };
  }

  /**
   * Let a table sort and filter. Gives what undoes it.
   * @param {HTMLTableElement} table
   */
  function mount(table) {
    const body = table.tBodies[0];
    const heads = [...(table.tHead?.rows[0].cells ?? [])];
    const names = heads.map((head) => head.textContent);
    const size = Number(table.dataset.postilSize);
    /** @type {HTMLElement | null | undefined} */
    const pages = table.parentElement?.querySelector(".postil-pages");
    const collator = new Intl.Collator(document.documentElement.lang || undefined, { numeric: true });
    const given = [...body.rows];
    let rows = given.map(read);
    let rest = Number(table.dataset.postilPages) - 1; // pages that have not been fetched
    /** @type {Map<string, string>} */
    const chosen = new Map(); // facet -> value
    const state = { words: "", column: -1, down: false, page: 0 };
    const stop = new AbortController();
    /** @type {(element: HTMLElement, event: string, act: (event: Event) => void) => void} */
    const on = (element, event, act) => element.addEventListener(event, act, { signal: stop.signal });

    /* The rows of the further pages, their links as seen from there. */
    async function whole() {
      if (!rest) return;
      const base = new URL(table.dataset.postilBase ?? "", location.href);
      const fetched = await Promise.all(
        Array.from({ length: rest }, async (_, number) => {
          const answer = await fetch(new URL(`page_${number + 2}/`, base));
          if (!answer.ok) throw new Error(answer.statusText);
          const page = new DOMParser().parseFromString(await answer.text(), "text/html");
          /** @type {NodeListOf<HTMLTableRowElement>} */
          const found = page.querySelectorAll(".postil-table tbody tr");
          for (const row of found)
            for (const link of row.querySelectorAll("a[href]"))
              link.setAttribute("href", new URL(link.getAttribute("href") ?? "", answer.url).href);
          return Array.from(found, (row) => read(document.importNode(row, true)));
        }),
      );
      if (!rest || stop.signal.aborted) return;
      rest = 0;
      rows = rows.concat(...fetched);
    }

    /** The rows that fit, in the order asked for. */
    function fitting() {
      const words = fold(state.words).split(/\s+/).filter(Boolean);
      /** @param {T.Row} row */
      const fits = ({ words: text, facets }) =>
        words.every((word) => text.includes(word)) &&
        [...chosen].every(([name, value]) => facets.get(name)?.has(value));
      const found = rows.filter(fits);
      if (state.column < 0) return found;
      const { column, down } = state;
      const compare = COMPARE[heads[column].dataset.postilOrder ?? ""] ?? collator.compare;
      /* What has no value is last, up or down. */
      return found.sort(({ keys: { [column]: a } }, { keys: { [column]: b } }) => {
        if (!a || !b) return Number(!a) - Number(!b);
        return down ? compare(b, a) : compare(a, b);
      });
    }

    function show() {
      const found = fitting();
      const count = Math.max(1, Math.ceil(found.length / size));
      state.page = Math.min(state.page, count - 1);
      const first = state.page * size;
      body.replaceChildren(...found.slice(first, first + size).map(({ row }) => row));
      const all = rows.length.toLocaleString("en");
      status.textContent = found.length === rows.length ? "" : `${found.length.toLocaleString("en")} of ${all} shown`;
      heads.forEach((head, number) => {
        if (number === state.column) head.setAttribute("aria-sort", state.down ? "descending" : "ascending");
        else head.removeAttribute("aria-sort");
      });
      if (pages) pages.hidden = true;
      ours.hidden = count < 2;
      span.textContent = `${(first + 1).toLocaleString("en")}–${Math.min(first + size, found.length).toLocaleString("en")} of ${found.length.toLocaleString("en")}`;
      before.disabled = state.page === 0;
      after.disabled = state.page === count - 1;
      clear.hidden = !state.words && !chosen.size && state.column < 0;
      for (const [name, select] of selects) select.value = chosen.get(name) ?? "";
      order.value = state.column < 0 ? "" : `${state.column}${state.down ? "-" : "+"}`;
    }

    async function update() {
      try {
        status.textContent = rest ? "Fetching the other rows …" : status.textContent;
        await whole();
        if (stop.signal.aborted) return;
        offer();
        show();
        remember();
      } catch {
        status.textContent = "The other rows could not be fetched; the pages below have them.";
      }
    }

    function remember() {
      const query = new URLSearchParams();
      if (state.words) query.set("q", state.words);
      for (const [name, value] of chosen) query.set(name.toLowerCase(), value);
      if (state.column >= 0) query.set("sort", names[state.column].toLowerCase() + (state.down ? "-" : ""));
      const text = query.toString();
      history.replaceState(history.state, "", location.pathname + (text ? `?${text}` : "") + location.hash);
    }

    /**
     * @param {number} column
     * @param {boolean} down
     */
    function sort(column, down) {
      Object.assign(state, { column, down, page: 0 });
      update();
    }

    /* Words as typed, a choice for each facet, an order where the heads are hidden (on a phone). */
    const tools = make("form", { className: "postil-sieve" });
    tools.setAttribute("role", "search");
    tools.setAttribute("aria-label", "Filter the list");
    const filter = make("input", { type: "search", autocomplete: "off", spellcheck: false });
    const order = make("select");
    const clear = make("button", { type: "button", textContent: "Show all", hidden: true });
    const status = make("p", { className: "postil-count" });
    status.setAttribute("role", "status");
    /** @type {Map<string, HTMLSelectElement>} */
    const selects = new Map(); // by facet
    tools.append(make("label", {}, "Words", filter));
    order.append(make("option", { value: "", textContent: "As it is" }));
    heads.forEach((head, number) => {
      const name = names[number];
      const kind = head.dataset.postilOrder ?? "text";
      const button = make("button", { type: "button", className: "postil-sort", textContent: name });
      head.replaceChildren(button);
      on(button, "click", () => sort(number, state.column === number ? !state.down : kind !== "text"));
      const [up, down] = ORDERS[kind];
      order.append(
        make("option", { value: `${number}+`, textContent: `${name}: ${up}` }),
        make("option", { value: `${number}-`, textContent: `${name}: ${down}` }),
      );
    });

    /* The values that rows have, each once; what all rows have alike is no choice. */
    function offer() {
      /** @type {T.Row["facets"]} */
      const facets = new Map();
      for (const { facets: of } of rows)
        for (const [name, values] of of) for (const [value, label] of values) add(facets, name, value, label);
      for (const [name, values] of facets) {
        if (values.size < 2 && rows.every(({ facets: of }) => of.has(name)) && !chosen.has(name)) continue;
        const select = selects.get(name) ?? selectFor(name);
        const sorted = [...values].sort(([, a], [, b]) => collator.compare(a, b));
        select.replaceChildren(
          make("option", { value: "", textContent: "All" }),
          ...sorted.map(([value, label]) => make("option", { value, textContent: label })),
        );
        select.value = chosen.get(name) ?? "";
      }
    }

    /** @param {string} name - of a facet */
    function selectFor(name) {
      const select = make("select", { name: name.toLowerCase() });
      selects.set(name, select);
      on(select, "change", () => {
        if (select.value) chosen.set(name, select.value);
        else chosen.delete(name);
        state.page = 0;
        update();
      });
      last.before(make("label", {}, name, select));
      return select;
    }

    const last = make("label", { className: "postil-tool-order" }, "Order", order);
    tools.append(last, clear);
    on(tools, "submit", (event) => event.preventDefault());
    on(filter, "input", () => {
      state.words = filter.value;
      state.page = 0;
      update();
    });
    on(order, "change", () =>
      order.value ? sort(parseInt(order.value, 10), order.value.endsWith("-")) : sort(-1, false),
    );
    on(clear, "click", () => {
      Object.assign(state, { words: "", column: -1, down: false, page: 0 });
      chosen.clear();
      filter.value = "";
      filter.focus();
      update();
    });

    const span = make("p");
    /** @param {number} by - pages */
    const turn = (by) => () => {
      state.page += by;
      update();
      table.scrollIntoView({ block: "start" });
    };
    const before = make("button", { type: "button", textContent: "Previous" });
    const after = make("button", { type: "button", textContent: "Next" });
    on(before, "click", turn(-1));
    on(after, "click", turn(1));
    const ours = make("nav", { className: "postil-pages", hidden: true }, span, before, after);
    ours.setAttribute("aria-label", "Pages of what is shown");
    table.before(tools, status);
    table.after(ours);
    offer();

    /* A view that somebody was sent. */
    const query = new URLSearchParams(location.search);
    const facets = new Set(rows.flatMap(({ facets: of }) => [...of.keys()]));
    for (const name of facets) {
      const value = query.get(name.toLowerCase());
      if (value) chosen.set(name, value);
    }
    state.words = filter.value = query.get("q") ?? "";
    const asked = query.get("sort") ?? "";
    state.column = names.findIndex((name) => name.toLowerCase() === asked.replace(/-$/, ""));
    state.down = asked.endsWith("-");
    if (state.words || chosen.size || state.column >= 0) update();

    return () => {
      stop.abort();
      for (const element of [tools, status, ours]) element.remove();
      heads.forEach((head, number) => {
        head.textContent = names[number];
      });
      body.replaceChildren(...given);
      if (pages) pages.hidden = false;
    };
  }

  /** @type {(() => void)[]} */
  let leave = [];
  function arrive() {
    for (const undo of leave) undo();
    /** @type {NodeListOf<HTMLTableElement>} */
    const tables = document.querySelectorAll("[data-postil-table]");
    leave = [...tables].filter((table) => table.querySelectorAll("tbody tr").length > 1).map(mount);
  }

  if (window.document$) window.document$.subscribe(arrive);
  else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", arrive);
  else arrive();
})();
