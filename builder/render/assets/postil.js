/* A document's notes while one reads. On a wide page they stand in the margin beside their words; on a narrow one a
   reference or a marked word opens its note as a sheet. Pointing at a note lights its passages. Filters are kept in the
   address. Nothing here is needed to read: references lead to notes and notes lead back without it.

   Top down: small things, what a page consists of, light, the margin, the sheet, the filters, the keys, mount. */

/** @import * as T from "./types.d.ts" */

(() => {
  "use strict";

  const GAP = 16; // px between two notes of the margin
  const AROUND = 180; // px of text over which the margin's pace is evened out
  /* Where the notes have a margin beside the text; the style sheet says from which width on. */
  const WIDE = matchMedia(getComputedStyle(document.documentElement).getPropertyValue("--postil-wide") || "not all");
  const CALM = matchMedia("(prefers-reduced-motion: reduce)");

  /**
   * @template {keyof HTMLElementTagNameMap} K
   * @param {K} name
   * @param {Record<string, string>} attributes
   * @param {...(Node | string)} children
   */
  function make(name, attributes, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }

  /** @type {(root: ParentNode, selector: string) => HTMLElement[]} */
  const all = (root, selector) => Array.from(root.querySelectorAll(selector));

  /**
   * An element that is there on every page with notes.
   * @param {ParentNode} root
   * @param {string} selector
   */
  const one = (root, selector) => /** @type {HTMLElement} */ (root.querySelector(selector));

  /** @type {(target: EventTarget | null, selector: string) => HTMLElement | null} */
  const closest = (target, selector) => (target instanceof Element ? target.closest(selector) : null);

  /** @type {(link: Element | null) => string} */
  const noteOf = (link) => (link instanceof HTMLAnchorElement ? decodeURIComponent(link.hash.slice(6)) : "");

  /**
   * What a document's page consists of: its notes in order, each with its card, its reference and all its marks.
   * @param {HTMLElement} page
   * @returns {T.Survey}
   */
  function survey(page) {
    /** @type {(card: HTMLElement, part: string) => string[]} */
    const words = (card, part) => all(card, `:scope ${part} .postil-chip`).map((chip) => chip.textContent);
    /** @type {T.Note[]} */
    const notes = all(page, "[data-postil-kind]").map((card) => ({
      id: card.id.slice(5),
      card,
      marks: [],
      reference: null,
      tone: card.className.match(/postil-tone-(\w+)/)?.[1],
      kind: [card.dataset.postilKind ?? ""],
      verdict: [card.dataset.postilVerdict ?? ""],
      topic: words(card, "> .postil-topics"),
      technique: words(card, "> .postil-more > .postil-techniques"),
    }));
    const byId = new Map(notes.map((note) => [note.id, note]));
    const marks = all(page, "[data-postil-notes]").map((element) => {
      const of = idsOf(element).flatMap((id) => byId.get(id) ?? []);
      for (const note of of) note.marks.push(element);
      return { element, of };
    });
    for (const link of page.querySelectorAll("[data-postil=ref] a")) {
      const note = byId.get(noteOf(link));
      if (note && link instanceof HTMLAnchorElement) note.reference = link;
    }
    return { notes, byId, marks };
  }

  /** @param {HTMLElement} mark */
  function idsOf(mark) {
    return (mark.dataset.postilNotes ?? "").split(" ");
  }

  /* --- the margin --------------------------------------------------------------------------------------------------

     Notes wish to stand beside their reference. `around(i)` puts note i exactly there and pushes its neighbours both
     ways, just so far that none covers another: one pass each way. While one reads, the column is a blend of the two
     solutions around the place one reads at. A blend of two columns without overlaps has none, and it moves as evenly
     as the page does. Nothing is measured while scrolling. */

  /**
   * @param {HTMLElement} page
   * @param {T.Note[]} notes
   */
  function margin(page, notes) {
    /** @type {HTMLElement | null} */
    const column = page.querySelector(".postil-margin");
    const facts = one(page, ".postil-head");
    /** @type {T.Note[]} */
    let shown = [];
    /** @type {number[]} */
    const tops = [];
    /** @type {number[]} */
    let want = [];
    /** @type {number[]} */
    let height = [];
    /** @type {number[]} */
    let place = [];
    let origin = 0;
    let reach = 1;
    /** @type {T.Note | null} */
    let held = null;
    let pending = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let easing;

    function measure() {
      page.classList.toggle("postil-placed", WIDE.matches);
      page.style.minHeight = "";
      if (!column || !WIDE.matches) return;
      shown = notes.filter((note) => !note.card.hidden);
      /* The column begins below what is known of the document, which stands at its head. */
      column.style.top = `${facts.offsetTop + facts.offsetHeight + GAP}px`;
      const box = column.getBoundingClientRect();
      const text = one(page, "[data-postil=text]").getBoundingClientRect();
      origin = box.top + scrollY;
      height = shown.map((note) => note.card.offsetHeight);
      place = [];
      want = shown.map(({ reference }, i) => {
        const rect = reference?.getBoundingClientRect();
        const top = rect ? rect.top - box.top - 4 : 0;
        /* Where in the text: references on one line are read one after the other. */
        const along = rect ? (rect.left - text.left) / (text.width || 1) : 0;
        place[i] = Math.max(top + 24 * along, (place[i - 1] ?? -1) + 1);
        return top;
      });
      const last = shown.length - 1;
      /* Both from the page's top, as its own height is. */
      const bottom = last < 0 ? 0 : column.offsetTop + Math.max(...want.map((top, i) => top + height[i]));
      const whole = last < 0 ? 0 : column.offsetTop + around(0)[last] + height[last];
      /* A column much longer than its text needs room to move in: a third of a pixel for each that it is longer. */
      const natural = page.offsetHeight;
      const free = Math.max(0, document.documentElement.scrollHeight - innerHeight);
      const room = Math.max(bottom, natural + Math.max(0, (whole - natural) / 3 - free));
      if (room > natural) page.style.minHeight = `${Math.ceil(room)}px`;
      /* Where nothing scrolls, no other note gets its turn: all of the column must fit. */
      if (whole > room && document.documentElement.scrollHeight <= innerHeight)
        page.style.minHeight = `${Math.ceil(whole)}px`;
      reach = Math.max(1, document.documentElement.scrollHeight - innerHeight);
      draw();
    }

    /**
     * @param {number} i
     * @returns {number[]}
     */
    function around(i) {
      const top = [];
      top[i] = want[i];
      for (let j = i + 1; j < want.length; j++) top[j] = Math.max(want[j], top[j - 1] + height[j - 1] + GAP);
      for (let j = i - 1; j >= 0; j--) top[j] = Math.min(want[j], top[j + 1] - height[j] - GAP);
      return top;
    }

    /**
     * Which note belongs to a height in the text, between two notes a fraction.
     * @param {number} y
     */
    function at(y) {
      let low = 0;
      let high = place.length - 1;
      if (y <= place[0]) return 0;
      if (y >= place[high]) return high;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (place[middle] <= y) low = middle;
        else high = middle;
      }
      return low + (y - place[low]) / (place[high] - place[low]);
    }

    /* The line one reads at wanders from the top of the window to its foot as one comes from a page's top to its foot,
       so that every note gets its turn. */
    function now() {
      const y = scrollY - origin + Math.min(1, scrollY / reach) * innerHeight;
      const even = Math.max(0, Math.min(AROUND, y - place[0], place[place.length - 1] - y));
      let sum = 0;
      for (let step = -4; step <= 4; step++) sum += at(y + (step * even) / 4);
      return sum / 9;
    }

    function draw() {
      pending = 0;
      if (!WIDE.matches || !shown.length) return;
      const fixed = held ? shown.indexOf(held) : -1;
      const where = fixed < 0 ? now() : fixed;
      const low = Math.floor(where);
      const share = where - low;
      const above = around(low);
      const below = share ? around(low + 1) : above;
      shown.forEach(({ card }, i) => {
        const top = Math.round(above[i] + share * (below[i] - above[i]));
        if (tops[i] === top && card.style.transform) return;
        tops[i] = top;
        card.style.transform = `translateY(${top}px)`;
      });
    }

    /* Not while the page is new: the browser, or the theme, scrolls to the note that a link led to where it is then. */
    const fresh = performance.now();
    function ease() {
      if (performance.now() - fresh < 1000) return;
      clearTimeout(easing);
      page.classList.add("postil-easing");
      easing = setTimeout(() => page.classList.remove("postil-easing"), 250);
    }

    /**
     * Keep one note at its words, until these are read past.
     * @param {T.Note | null} note
     */
    function hold(note) {
      if (held === note) return;
      held = note;
      ease();
      draw();
    }

    function scrolled() {
      if (held) {
        const y = (held.reference ?? held.card).getBoundingClientRect().top;
        if (y < 0 || y > innerHeight) hold(null);
      }
      pending ||= requestAnimationFrame(draw);
    }

    return { measure, hold, scrolled, ease, draw, held: () => held };
  }

  /**
   * Make one page lively. Gives what undoes it, for a theme that changes pages without loading.
   * @param {HTMLElement} page
   */
  function mount(page) {
    const { notes, byId, marks } = survey(page);
    const stop = new AbortController();
    /**
     * @template {Event} E
     * @param {EventTarget} target
     * @param {string} event
     * @param {(event: E) => void} act
     * @param {AddEventListenerOptions} [more]
     */
    const on = (target, event, act, more) =>
      target.addEventListener(event, /** @type {EventListener} */ (act), { signal: stop.signal, ...more });
    const beside = margin(page, notes);
    const visible = () => notes.filter((note) => !note.card.hidden);
    /** @param {string[]} ids */
    const offered = (ids) => ids.flatMap((id) => byId.get(id) ?? []).filter((note) => !note.card.hidden);

    /**
     * The notes that an element belongs to, the innermost first.
     * @param {EventTarget | null} target
     */
    function notesAt(target) {
      const reference = closest(target, "[data-postil=ref] a");
      if (reference) return offered([noteOf(reference)]);
      const mark = closest(target, "[data-postil-notes]");
      if (mark) return offered(idsOf(mark));
      const card = closest(target, "[data-postil-kind]");
      return card ? offered([card.id.slice(5)]) : [];
    }

    /** @type {HTMLElement[]} */
    let lit = [];
    /**
     * The innermost brightly, those around it faintly, so that one can be told from the other.
     * @param {T.Note[]} which
     */
    function light(which) {
      for (const element of lit) element.classList.remove("postil-lit", "postil-near");
      lit = which.flatMap((note) => [note.card, ...note.marks]);
      which.forEach((note, depth) => {
        for (const element of [note.card, ...note.marks]) element.classList.add(depth ? "postil-near" : "postil-lit");
      });
    }

    /* --- a note in its place: open in the margin, or in the sheet --- */

    /**
     * @param {T.Note} note
     * @param {boolean} open
     */
    function unfold(note, open) {
      note.card.classList.toggle("postil-open", open);
      const button = one(note.card, ".postil-opener");
      button.setAttribute("aria-expanded", String(open));
      button.firstChild?.replaceWith(open ? "Less" : "More");
      beside.ease();
      beside.measure();
    }

    /**
     * Scroll to a note's words, unless they are in view.
     * @param {T.Note} note
     * @param {number} share - of the window, from its top, that counts as in view
     */
    function look(note, share) {
      const words = note.reference ?? note.card;
      const { top, bottom } = words.getBoundingClientRect();
      if (top > 110 && bottom < innerHeight * share) return;
      scrollBy({ top: top - innerHeight * Math.min(0.35, share / 2), behavior: CALM.matches ? "auto" : "smooth" });
    }

    /**
     * @param {T.Note} note
     * @param {boolean} open - the note in the margin
     */
    function go(note, open) {
      light([note]);
      if (!WIDE.matches) {
        look(note, 0.4);
        sheet(note);
        return;
      }
      if (dialog.open) dialog.close();
      beside.hold(note);
      if (open) unfold(note, true);
      note.card.focus({ preventScroll: true });
      look(note, 0.8);
    }

    const title = make("h2", { class: "postil-sheet-title", id: "postil-sheet-title" });
    const inside = make("div", {});
    const walking = make("span", { class: "postil-walk" }, walker(-1, "Previous note"), walker(1, "Next note"));
    const close = make("button", { type: "button", class: "postil-close", "aria-label": "Close" }, "✕");
    const dialog = make(
      "dialog",
      { class: "postil postil-sheet", "aria-labelledby": title.id },
      make("div", { class: "postil-sheet-bar" }, title, walking, close),
      inside,
    );
    const outside = make("div", { class: "md-typeset" }, dialog);
    /** @type {T.Note | null} */
    let current = null;

    /**
     * Show something in the sheet.
     * @param {string} words - its title
     * @param {Element[]} content
     * @param {MouseEvent | null} [event] - where it is to appear
     */
    function show(words, content, event) {
      title.textContent = words;
      walking.hidden = !current;
      inside.replaceChildren(...content);
      dialog.classList.toggle("postil-near-by", Boolean(event));
      if (event) {
        const height = 60 + 36 * content[0].childElementCount;
        dialog.style.left = `${Math.max(8, Math.min(event.clientX, innerWidth - 340))}px`;
        dialog.style.top = `${Math.max(8, Math.min(event.clientY + 16, innerHeight - height))}px`;
      }
      if (!dialog.open) dialog.showModal();
      dialog.scrollTop = 0;
    }

    /**
     * @param {number} step
     * @param {string} words
     */
    function walker(step, words) {
      const button = make("button", { type: "button", "aria-label": words }, step < 0 ? "‹" : "›");
      on(button, "click", () => walk(step));
      return button;
    }

    /** @param {T.Note} note */
    function sheet(note) {
      /* The dialog gives the focus back to whatever had it: the note's own reference. */
      if (!dialog.open) note.reference?.focus({ preventScroll: true });
      current = note;
      const copy = /** @type {HTMLElement} */ (note.card.cloneNode(true));
      copy.querySelector(".postil-opener")?.remove();
      for (const element of copy.querySelectorAll("[id]")) element.removeAttribute("id");
      const among = visible();
      const words = `Note ${among.indexOf(note) + 1} of ${among.length}`;
      show(words, [make("div", { class: `postil-note postil-tone-${note.tone}` }, ...copy.childNodes)]);
    }

    /**
     * A word under several notes offers them all: number, kind, verdict.
     * @param {T.Note[]} which
     * @param {MouseEvent} event
     */
    function choose(which, event) {
      const rows = which.map((note) => {
        const head = [...one(note.card, ".postil-note-head").childNodes].map((part) =>
          part instanceof Element && part.classList.contains("postil-number")
            ? make("b", {}, part.textContent)
            : part.cloneNode(true),
        );
        const button = make("button", { type: "button", class: `postil-tone-${note.tone}` }, ...head);
        on(button, "click", () => go(note, true));
        on(button, "focus", () => light([note]));
        on(button, "mouseenter", () => light([note]));
        return make("li", {}, button);
      });
      current = null;
      if (!dialog.open) which[0].reference?.focus({ preventScroll: true });
      show(
        `${which.length} notes on these words`,
        [make("ul", { class: "postil-choice" }, ...rows)],
        WIDE.matches ? event : null,
      );
    }

    /** @param {number} step */
    function walk(step) {
      const among = visible();
      const now = dialog.open ? current : (beside.held() ?? current);
      const here = now ? among.indexOf(now) : -1;
      const next = among[here < 0 ? first(among, step) : here + step];
      if (next) go((current = next), false);
    }

    /**
     * Where walking begins: at the first note whose words are in view or below it.
     * @param {T.Note[]} among
     * @param {number} step
     */
    function first(among, step) {
      /** @type {(note: T.Note) => boolean} */
      const ahead = ({ reference }) => reference !== null && reference.getBoundingClientRect().top > 90;
      const found = scrollY < 90 ? 0 : among.findIndex(ahead);
      return step > 0 ? Math.max(0, found) : (found < 0 ? among.length : found) - 1;
    }

    /* --- filters: what the address says is shown, and what is chosen stands in the address --- */
    /** @type {HTMLElement | null} */
    const tools = page.querySelector(".postil-filters");
    /** @type {T.Wish} */
    const wish = { kind: new Set(), verdict: new Set(), topic: new Set(), technique: new Set(), text: false };
    /** @type {T.Facet[]} */
    const facets = ["kind", "verdict", "topic", "technique"];

    /** @param {HTMLElement} select */
    const facetOf = (select) => /** @type {T.Facet} */ (select.dataset.postilFacet);

    /** @param {HTMLElement} item */
    function filterOf(item) {
      const [facet, value] = (item.dataset.postilFilter ?? "").split(/:(.*)/);
      return { facet: /** @type {T.Facet} */ (facet), value };
    }

    /** @type {(facet: T.Facet, value: string) => boolean} */
    const isOffered = (facet, value) =>
      facet !== "verdict" || page.querySelector(`[data-postil-filter="verdict:${CSS.escape(value)}"]`) !== null;

    function recall() {
      const asked = new URLSearchParams(location.search);
      for (const facet of facets) {
        const known = new Set(notes.flatMap((note) => note[facet]));
        wish[facet] = new Set(asked.getAll(facet).filter((value) => known.has(value) && isOffered(facet, value)));
      }
      wish.text = asked.get("text") === "only";
    }

    function keep() {
      const url = new URL(location.href);
      for (const facet of facets) {
        url.searchParams.delete(facet);
        for (const value of wish[facet]) url.searchParams.append(facet, value);
      }
      if (wish.text) url.searchParams.set("text", "only");
      else url.searchParams.delete("text");
      history.replaceState(history.state, "", url);
      apply();
    }

    /** @type {(note: T.Note, facet: T.Facet) => boolean} */
    const has = (note, facet) => note[facet].some((value) => wish[facet].has(value));
    /** @type {(note: T.Note, facet: T.Facet) => boolean} */
    const suits = (note, facet) => !wish[facet].size || has(note, facet);
    /** @param {T.Note} note */
    function passes(note) {
      if (wish.text) return false;
      const rated = !wish.kind.size && !wish.verdict.size;
      return (rated || has(note, "kind") || has(note, "verdict")) && suits(note, "topic") && suits(note, "technique");
    }

    function apply() {
      for (const note of notes) {
        note.card.hidden = !passes(note);
        note.reference?.parentElement?.classList.toggle("postil-off", note.card.hidden);
      }
      for (const { element, of } of marks) {
        const seen = of.filter((note) => !note.card.hidden).map((note) => note.tone);
        element.classList.toggle("postil-off", !seen.length);
        for (const [, lane, tone] of element.className.matchAll(/postil-line(\d)-(\w+)/g))
          if (seen.includes(tone)) element.style.removeProperty(`--postil-line${lane}`);
          else element.style.setProperty(`--postil-line${lane}`, "transparent");
      }
      page.classList.toggle("postil-plain", wish.text);
      if (tools) {
        for (const item of all(page, "[data-postil-filter]")) {
          const { facet, value } = filterOf(item);
          item.firstElementChild?.setAttribute("aria-pressed", String(wish[facet].has(value)));
        }
        for (const select of tools.querySelectorAll("select")) select.value = [...wish[facetOf(select)]][0] ?? "";
        const some = wish.text || facets.some((facet) => wish[facet].size);
        one(tools, "[data-postil-do=text]").setAttribute("aria-pressed", String(wish.text));
        one(tools, "[data-postil-do=all]").hidden = !some;
        const left = wish.text ? "Notes hidden" : `${visible().length} of ${notes.length} notes`;
        one(tools, "[role=status]").textContent = some ? left : "";
      }
      beside.measure();
    }

    function equip() {
      for (const note of notes) {
        note.card.tabIndex = -1;
        const number = note.card.querySelector(".postil-number")?.textContent;
        const button = make(
          "button",
          { type: "button", class: "postil-opener", "aria-expanded": "false" },
          "More",
          make("span", { class: "postil-said" }, ` of note ${number ?? ""}`),
        );
        on(button, "click", () => {
          unfold(note, !note.card.classList.contains("postil-open"));
          beside.hold(note);
        });
        note.card.append(button);
      }
      for (const element of all(page, "[data-postil-address]"))
        element.textContent = new URL(element.dataset.postilAddress ?? "", location.href.split(/[?#]/)[0]).href;
      if (!tools) return;
      tools.hidden = false;
      for (const item of all(page, "[data-postil-filter]")) {
        const button = make("button", { type: "button" }, ...item.childNodes);
        item.append(button);
        const { facet, value } = filterOf(item);
        on(button, "click", () => {
          wish.text = false;
          if (!wish[facet].delete(value)) wish[facet].add(value);
          keep();
        });
      }
      on(tools, "change", ({ target }) => {
        if (!(target instanceof HTMLSelectElement)) return;
        wish.text = false;
        wish[facetOf(target)] = new Set(target.value ? [target.value] : []);
        keep();
      });
      on(tools, "click", ({ target }) => {
        const what = closest(target, "[data-postil-do]")?.dataset.postilDo;
        if (what === "keys") {
          help();
          return;
        }
        if (!what) return;
        wish.text = what === "text" && !wish.text;
        if (what === "all") {
          for (const facet of facets) wish[facet].clear();
          one(tools, "[data-postil-do=text]").focus();
        }
        keep();
      });
    }

    /* --- keys. Single letters can be switched off, as WCAG 2.1.4 asks --- */
    const off = () => {
      try {
        return localStorage.getItem("postil.keys") === "off";
      } catch {
        return false;
      }
    };
    function help() {
      const rows = [
        ["n", "next note"],
        ["p", "previous note"],
        ["Enter", "open the note of a reference, or a note in the margin"],
        ["Esc", "close it"],
        ["?", "this list"],
      ];
      const box = make("input", { type: "checkbox" });
      box.checked = !off();
      on(box, "change", () => {
        try {
          localStorage.setItem("postil.keys", box.checked ? "on" : "off");
        } catch {
          /* not kept */
        }
      });
      const list = rows.map(([key, words]) =>
        make("div", {}, make("dt", {}, make("kbd", {}, key)), make("dd", {}, words)),
      );
      current = null;
      show("Keys", [make("dl", { class: "postil-keys" }, ...list), make("label", {}, box, " Letters work as keys")]);
    }

    /** @param {KeyboardEvent} event */
    function pressed(event) {
      const typing = closest(event.target, "input:not([type=checkbox]), textarea, select, [contenteditable]");
      if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (document.querySelector("dialog[open]:not(.postil-sheet)")) return;
      const note = byId.get(closest(event.target, "[data-postil-kind]")?.id.slice(5) ?? "");
      if (event.key === "Escape" && !dialog.open && WIDE.matches && note) {
        unfold(note, false);
        note.reference?.focus({ preventScroll: true });
        light([]);
        return;
      }
      if (event.key === "Enter" && event.target === note?.card) {
        unfold(note, !note.card.classList.contains("postil-open"));
        return;
      }
      if (!["n", "p", "?"].includes(event.key) || (event.key !== "?" && off())) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.key === "?") help();
      else walk(event.key === "n" ? 1 : -1);
    }

    /**
     * A click that is handled here: neither the browser nor the theme, which listens further out, follows the link.
     * @param {Event} event
     */
    function mine(event) {
      event.preventDefault();
      event.stopPropagation();
    }

    /** @param {MouseEvent} event */
    function clicked(event) {
      if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      const { target } = event;
      const link = closest(target, "a[href]");
      const reference = link?.closest("[data-postil=ref]");
      const which = notesAt(target);
      if ((link && !reference) || !which.length) return;
      if (reference) mine(event);
      else if (!getSelection()?.isCollapsed) return;
      if (closest(target, "[data-postil-kind]")) {
        if (WIDE.matches && !closest(target, "button, summary, details, .postil-open")) unfold(which[0], true);
      } else if (which.length > 1) choose(which, event);
      else go(which[0], true);
    }

    /* A link to a note of this page: opened in the margin, beside its words. */
    function arrived() {
      const note = byId.get(decodeURIComponent(location.hash.slice(1)).replace(/^note-/, ""));
      if (!note || !location.hash.startsWith("#note-")) return;
      if (note.card.hidden) {
        for (const facet of facets) wish[facet].clear();
        wish.text = false;
        keep();
      }
      if (WIDE.matches) go(note, true);
    }

    document.body.append(outside);
    on(close, "click", () => dialog.close());
    on(dialog, "click", (event) => {
      const link = closest(event.target, "a[href]");
      if (event.target === dialog) dialog.close();
      if (!(link instanceof HTMLAnchorElement) || link.pathname !== location.pathname || link.host !== location.host)
        return;
      /* The theme completes addresses, so a link within the page is known by where it leads. */
      const note = link.matches(".postil-permalink") ? null : byId.get(noteOf(link));
      if (note && link.hash.startsWith("#note-")) {
        mine(event);
        go(note, true);
      } else dialog.close();
    });
    on(dialog, "close", () => light([]));
    on(page, "mouseover", (event) => light(notesAt(event.target)), { passive: true });
    on(page, "mouseleave", () => light([]), { passive: true });
    on(page, "focusin", (event) => {
      const { target } = event;
      const which = notesAt(target);
      light(which);
      if (which.length && target instanceof Element && target.matches(":focus-visible")) beside.hold(which[0]);
    });
    on(page, "focusout", () => light([]));
    on(page, "click", clicked);
    on(
      page,
      "toggle",
      () => {
        beside.ease();
        beside.measure();
      },
      { capture: true },
    );
    on(document, "keydown", pressed, { capture: true });
    on(window, "scroll", beside.scrolled, { passive: true });
    on(window, "hashchange", arrived);
    on(WIDE, "change", () => {
      if (dialog.open) dialog.close();
      beside.measure();
    });
    on(window, "beforeprint", () => {
      for (const fold of all(page, ".postil-fold")) fold.setAttribute("open", "");
    });
    const watch = new ResizeObserver(() => beside.measure());

    equip();
    recall();
    apply();
    watch.observe(one(page, "[data-postil=text]"));
    watch.observe(document.body);
    arrived();
    return () => {
      stop.abort();
      watch.disconnect();
      outside.remove();
    };
  }

  let leave = () => {};
  function arrive() {
    leave();
    /** @type {HTMLElement | null} */
    const page = document.querySelector(".postil-document");
    leave = page ? mount(page) : () => {};
  }

  /* Material tells of each page that it puts in; without it there is but one. */
  if (window.document$) window.document$.subscribe(arrive);
  else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", arrive);
  else arrive();
})();
