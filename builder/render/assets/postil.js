/* A document's notes while one reads. On a wide page they stand in the margin beside their words; on a narrow one
   a reference or a marked word opens its note as a sheet. Pointing at a note lights its passages. Filters are
   kept in the address. Nothing here is needed to read: references lead to notes and notes lead back without it.
   Top down: small things, what a page consists of, light, the margin, the sheet, the filters, the keys, mount. */

/** @import * as T from "./types.d.ts" */

(() => {
  "use strict";

  /* px between two notes of the margin */
  const GAP = 16;
  /* px that the margin may move for each px of the page: slow enough to see every note pass by */
  const PACE = 3;
  /* px at the top of the window that the theme's header may cover */
  const HEADER = 70;
  /* px from the top of the window up to which words are in sight, but not comfortable to read */
  const MARGINAL = 110;
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

  /**
   * A fragment as ids have it; one that is not well-formed is nobody's.
   * @param {string} hash
   */
  function decoded(hash) {
    try {
      return decodeURIComponent(hash);
    } catch {
      return "";
    }
  }

  /** @type {(link: Element | null) => string} */
  const noteOf = (link) => (link instanceof HTMLAnchorElement ? decoded(link.hash).slice(6) : "");

  /** @type {(element: Element) => DOMRect} */
  const firstBox = (element) => element.getClientRects()[0] ?? element.getBoundingClientRect();

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

     Notes wish to stand beside their reference. `around(i)` puts note i exactly there and pushes its neighbours
     both ways, just so far that none covers another: one pass each way. While one reads, the column is a blend of
     the two solutions around the note whose turn it is. A blend of two columns without overlaps has none.

     When a note has its turn: as the line one reads at comes to its words. Where many notes are on few words
     their turns are spread, so that the column never moves more than PACE times as fast as the page, and each can
     be seen at a notch of a wheel; the page is made longer where that takes more scrolling than it has. Nothing
     is measured while scrolling. */

  /**
   * @param {HTMLElement} page
   * @param {T.Note[]} notes
   */
  function margin(page, notes) {
    /** @type {HTMLElement | null} */
    const column = page.querySelector(".postil-margin");
    const facts = one(page, ".postil-head");
    const text = one(page, "[data-postil=text]");
    let beside = false;
    /** @type {T.Note[]} */
    let shown = [];
    /** @type {number[]} */
    const tops = [];
    /** @type {number[]} */
    let want = [];
    /** @type {number[]} */
    let height = [];
    /** @type {number[]} */
    /* the page's scroll at which a note has its turn */
    let turn = [];
    /** @type {number[]} */
    /* px that its turn comes late, or, below zero, early */
    let drift = [];
    let origin = 0;
    /** @type {{ note: T.Note, at: Element | null } | null} */
    /* a note, and the element that it is to stand beside */
    let held = null;
    let pending = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let easing;

    /* Whether the style sheet has put the notes into the margin: it alone knows the width from which it does, and
       browsers that do not understand what it asks have their notes below the text, with this script or without. */
    const placed = () => getComputedStyle(page).getPropertyValue("--postil-beside").trim() === "1";

    function measure() {
      beside = column !== null && placed();
      page.classList.toggle("postil-placed", beside);
      page.style.minHeight = "";
      if (!column || !beside) return;
      shown = notes.filter((note) => !note.card.hidden);
      /* The column begins below what is known of the document, which stands at its head. */
      column.style.top = `${facts.offsetTop + facts.offsetHeight + GAP}px`;
      const box = column.getBoundingClientRect();
      const across = text.getBoundingClientRect();
      origin = box.top + scrollY;
      height = shown.map((note) => note.card.offsetHeight);
      want = shown.map(({ reference }) => topOf(reference, box));
      const count = shown.length;
      /* px of scrolling that all turns take */
      let room = 0;
      const before = height.map((size) => {
        const sum = room;
        room += (size + GAP) / PACE;
        return sum;
      });
      room = count ? before[count - 1] : 0;
      /* The page is as long as its text, and as its last notes need; and long enough for all turns. */
      const bottom = count ? column.offsetTop + Math.max(...want.map((top, i) => top + height[i])) : 0;
      const natural = page.offsetHeight;
      const free = Math.max(0, document.documentElement.scrollHeight - innerHeight);
      const whole = count ? column.offsetTop + around(0)[count - 1] + height[count - 1] : 0;
      let length = Math.max(natural, bottom);
      /* No longer than all notes need to stand in it at once. Where nothing scrolls yet, the window is filled
         first. */
      if (whole > length)
        length = Math.min(whole, Math.max(length, natural + Math.max(0, room - free) + (free ? 0 : innerHeight)));
      let reach = Math.max(1, free);
      if (length > natural) {
        /** @param {number} to */
        const grow = (to) => {
          page.style.minHeight = `${Math.ceil(to)}px`;
          reach = Math.max(1, document.documentElement.scrollHeight - innerHeight);
        };
        grow(length);
        if (reach > room) grow(Math.max(natural, bottom, length - (reach - room)));
      }
      /* The line one reads at wanders from the top of the window to its foot as one comes from a page's top to its
         foot. References on one line are read one after the other. */
      const ideal = shown.map(({ reference }, i) => {
        const along = reference ? (reference.getBoundingClientRect().left - across.left) / (across.width || 1) : 0;
        return (want[i] + 24 * along + origin) / (1 + innerHeight / reach);
      });
      turn = spread(ideal, before, Math.max(0, reach - room));
      drift = turn.map((scroll, i) => (scroll - ideal[i]) * (1 + innerHeight / reach));
      draw();
    }

    /** @type {(element: Element | null, box: DOMRect) => number} */
    const topOf = (element, box) => (element ? firstBox(element).top - box.top - 4 : 0);

    /**
     * The turns nearest to the ideal ones (by least squares) in order, at least so far apart as `before` says:
     * isotonic regression by pooling neighbours (Ayer et al. 1955), linear.
     * @param {number[]} ideal
     * @param {number[]} before - px from the first turn to each
     * @param {number} end - the last px at which the first turn may come
     */
    function spread(ideal, before, end) {
      /** @type {{ sum: number, size: number }[]} */
      const pools = [];
      ideal.forEach((scroll, i) => {
        let pool = { sum: scroll - before[i], size: 1 };
        for (let last = pools.at(-1); last && last.sum / last.size > pool.sum / pool.size; last = pools.at(-1)) {
          pools.pop();
          pool = { sum: pool.sum + last.sum, size: pool.size + last.size };
        }
        pools.push(pool);
      });
      const even = pools.flatMap(({ sum, size }) => Array(size).fill(Math.max(0, Math.min(end, sum / size))));
      return even.map((scroll, i) => scroll + before[i]);
    }

    /**
     * Where all notes stand if note i stands where it wishes to.
     * @param {number} i
     * @param {number} [wish]
     */
    function around(i, wish = want[i]) {
      /** @type {number[]} */
      const top = [];
      top[i] = wish;
      for (let j = i + 1; j < want.length; j++) top[j] = Math.max(want[j], top[j - 1] + height[j - 1] + GAP);
      for (let j = i - 1; j >= 0; j--) top[j] = Math.min(want[j], top[j + 1] - height[j] - GAP);
      return top;
    }

    /* Whose turn it is, between two notes a fraction. */
    function now() {
      let low = 0;
      let high = turn.length - 1;
      if (scrollY <= turn[0]) return 0;
      if (scrollY >= turn[high]) return high;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (turn[middle] <= scrollY) low = middle;
        else high = middle;
      }
      return low + (scrollY - turn[low]) / (turn[high] - turn[low]);
    }

    function draw() {
      pending = 0;
      if (!column || !beside || !shown.length) return;
      const fixed = held ? shown.indexOf(held.note) : -1;
      if (held && fixed >= 0) {
        put(around(fixed, topOf(held.at, column.getBoundingClientRect())));
        return;
      }
      const where = now();
      const low = Math.floor(where);
      const share = where - low;
      const above = around(low);
      const below = share ? around(low + 1) : above;
      /** @type {(i: number) => number} */
      const blend = (i) => above[i] + share * (below[i] - above[i]);
      /** @type {(value: (i: number) => number) => number} */
      const between = (value) => value(low) + (share ? share * (value(low + 1) - value(low)) : 0);
      /* A note that has its turn late stands in the window, though its words have left it; one that has it early,
         though they are still to come. */
      const top = between(blend) + origin - scrollY;
      const late = between((i) => drift[i]);
      const into = late > 0 ? HEADER - top : innerHeight - between((i) => height[i]) - GAP - top;
      const shift = late > 0 ? Math.max(0, Math.min(into, late)) : Math.min(0, Math.max(into, late));
      put(shown.map((_, i) => blend(i) + shift));
    }

    /** @param {number[]} places */
    function put(places) {
      shown.forEach(({ card }, i) => {
        const top = Math.round(places[i]);
        if (tops[i] === top && card.style.transform) return;
        tops[i] = top;
        card.style.transform = `translateY(${top}px)`;
      });
    }

    /* Not while the page is new: the browser, or the theme, scrolls to the note that a link led to where it is
       then. */
    const fresh = performance.now();
    function ease() {
      if (performance.now() - fresh < 1000) return;
      clearTimeout(easing);
      page.classList.add("postil-easing");
      easing = setTimeout(() => page.classList.remove("postil-easing"), 250);
    }

    /**
     * Keep one note beside an element of its words, until these are read past.
     * @param {T.Note | null} note
     * @param {Element | null} [at]
     */
    function hold(note, at = note?.reference ?? null) {
      if (held?.note === note && held?.at === at) return;
      held = note ? { note, at } : null;
      ease();
      draw();
    }

    /** @param {boolean} keep - the note that is held, wherever its words are */
    function scrolled(keep) {
      if (held && !keep) {
        const y = firstBox(held.at ?? held.note.card).top;
        if (y < 0 || y > innerHeight) hold(null);
      }
      pending ||= requestAnimationFrame(draw);
    }

    return { measure, hold, scrolled, ease, beside: () => beside, held: () => held?.note };
  }

  /* Across the pages that a theme puts in without loading: the address of an open sheet, and the one that a step back
     leads to; the note whose sheet such a step has just closed. */
  const trail = { top: "", base: "" };
  /** @type {{ href: string, id: string } | null} */
  let returning = null;
  /* the address of words that a link in a sheet leads to: no sheet is to cover them again */
  let uncovered = "";

  /** @param {() => void} forget */
  function soon(forget) {
    setTimeout(forget, 1500); /* the theme may have to load the page first */
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
    const column = margin(page, notes);
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
    /** @type {T.Note | null} */
    let chosen = null;
    /**
     * The innermost brightly, those around it faintly, so that one can be told from the other. With nothing pointed at,
     * the note that a reader has gone to stays lit.
     * @param {T.Note[]} pointed
     */
    function light(pointed) {
      const which = pointed.length || !chosen ? pointed : [chosen];
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
      column.ease();
      column.measure();
    }

    /* Where a link has led: kept in sight until the reader does something. The page may still change under it:
       fonts and pictures come, and the browser and the theme scroll to the fragment, or to where one was, when
       they are ready. */
    /** @type {Element | null} */
    let aim = null;
    function settle() {
      if (aim) look(aim, "instant");
    }
    function release() {
      aim = null;
    }

    /**
     * Scroll to words, unless they are in view.
     * @param {Element} at
     * @param {ScrollBehavior} behavior
     */
    function look(at, behavior) {
      const words = firstBox(at);
      const lowest = column.beside() ? innerHeight * 0.8 : dialog.getBoundingClientRect().top - 8;
      if (words.top > MARGINAL && words.bottom < lowest) return;
      const place = column.beside() ? innerHeight * 0.35 : Math.max(HEADER + 8, Math.min(MARGINAL + 8, lowest - 60));
      scrollBy({ top: words.top - place, behavior });
    }

    /**
     * Show a note with its words.
     * @param {T.Note} note
     * @param {{ at?: Element | null, open?: boolean, arriving?: boolean }} [how] - at: the element of its words to
     *   stand beside; open: the whole note; arriving: by a link, as the page may still change
     */
    function go(note, { at, open = false, arriving = false } = {}) {
      const words = at ?? note.reference ?? note.card;
      for (let part = words.closest("details"); part; part = part.parentElement?.closest("details") ?? null)
        part.open = true;
      chosen = note;
      light([note]);
      if (column.beside()) {
        if (dialog.open) dialog.close();
        column.hold(note, words === note.card ? null : words);
        if (open) unfold(note, true);
        note.card.focus({ preventScroll: true });
      } else sheet(note);
      aim = arriving ? words : null;
      look(words, arriving || CALM.matches ? "instant" : "smooth");
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
      if (!dialog.open) {
        dialog.showModal();
        if (!column.beside()) advance();
      }
      dialog.scrollTop = 0;
    }

    function closed() {
      if (location.href === trail.top) history.replaceState(history.state, "", trail.base);
      if (chosen === current) chosen = null;
      current = null;
      light([]);
    }

    /* On a phone the way back closes the sheet, as it closes whatever lies over a page: an open sheet is an entry
       of the history, with the address of its note. Where it was closed otherwise, that entry is kept for the
       next sheet and passed over on the way back: the theme loads the page anew at its first step back, and the
       focus is lost. */
    function advance() {
      const top = new URL(current ? `#note-${current.id}` : "#", location.href).href;
      if (trail.top === top && location.href === top) return; // the theme has loaded the page anew
      if (trail.top && location.href === trail.base) history.replaceState(null, "", top);
      else {
        trail.base = location.href === top ? location.href.split("#")[0] : location.href;
        if (location.href === top) history.replaceState(history.state, "", trail.base);
        history.pushState(null, "", top);
      }
      trail.top = top;
    }

    function back() {
      if (!trail.top || location.href !== trail.base) return; // a link within the page gives this event too
      trail.top = "";
      if (dialog.open) {
        returning = { href: location.href, id: current?.id ?? "" };
        soon(() => (returning = null));
        dialog.close();
      } else history.back();
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

    /**
     * A note's own number, whatever else is shown; one on the whole document has none.
     * @param {HTMLElement} card
     */
    function named(card) {
      const list = /** @type {HTMLElement} */ (card.parentElement);
      if (card instanceof HTMLLIElement && card.value) return `Note ${card.value} of ${list.children.length}`;
      return list.parentElement?.querySelector("h2")?.textContent ?? "";
    }

    /** @param {T.Note} note */
    function sheet(note) {
      /* The dialog gives the focus back to whatever had it: the note's own reference. */
      if (!dialog.open) note.reference?.focus({ preventScroll: true });
      current = note;
      const copy = /** @type {HTMLElement} */ (note.card.cloneNode(true));
      copy.querySelector(".postil-opener")?.remove();
      for (const element of copy.querySelectorAll("[id]")) element.removeAttribute("id");
      show(named(note.card), [make("div", { class: `postil-note postil-tone-${note.tone}` }, ...copy.childNodes)]);
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
        on(button, "click", () => go(note, { open: true }));
        on(button, "focus", () => light([note]));
        on(button, "mouseenter", () => light([note]));
        return make("li", {}, button);
      });
      current = null;
      if (!dialog.open) which[0].reference?.focus({ preventScroll: true });
      show(
        `${which.length} notes on these words`,
        [make("ul", { class: "postil-choice" }, ...rows)],
        column.beside() ? event : null,
      );
    }

    /** @param {number} step */
    function walk(step) {
      const among = visible();
      const now = dialog.open ? current : (column.held() ?? current);
      const here = now ? among.indexOf(now) : -1;
      const next = among[here < 0 ? first(among, step) : here + step];
      if (next) go((current = next));
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
      column.measure();
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
          column.hold(note);
        });
        note.card.append(button);
      }
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
      if (event.key === "Escape" && !dialog.open && column.beside() && note) {
        chosen = null;
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
      if (!which.length && chosen) {
        chosen = null;
        light([]);
      }
      if ((link && !reference) || !which.length) return;
      if (reference) mine(event);
      else if (!getSelection()?.isCollapsed) return;
      if (closest(target, "[data-postil-kind]")) {
        if (column.beside() && !closest(target, "button, summary, details, .postil-open")) unfold(which[0], true);
      } else if (which.length > 1) choose(which, event);
      else go(which[0], { open: true, at: reference ?? closest(target, "[data-postil-notes]") });
    }

    /* A link to a note of this page, or to its words: both are shown. */
    function arrived() {
      const [, part, id] = decoded(location.hash).match(/^#(note|quote)-(.*)$/s) ?? [];
      const note = byId.get(id ?? "");
      if (!note) return;
      if (note.card.hidden) {
        for (const facet of facets) wish[facet].clear();
        wish.text = false;
        keep();
      }
      const at = note.marks[0] ?? note.reference ?? note.card;
      if (location.href === uncovered) {
        chosen = note;
        light([note]);
        look(at, "instant");
      } else go(note, { at, open: part === "note", arriving: true });
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
        go(note, { at: note.marks[0], open: true });
      } else {
        uncovered = link.href;
        soon(() => (uncovered = ""));
        dialog.close();
      }
    });
    on(dialog, "close", closed);
    on(page, "mouseover", (event) => light(notesAt(event.target)), { passive: true });
    on(page, "mouseleave", () => light([]), { passive: true });
    on(page, "focusin", (event) => {
      const { target } = event;
      const which = notesAt(target);
      light(which);
      if (which.length && target instanceof Element && target.matches(":focus-visible") && column.held() !== which[0])
        column.hold(which[0]);
    });
    on(page, "focusout", () => light([]));
    on(page, "click", clicked);
    /* The theme opens all details when one prints; an answer that nobody has asked for stays closed. */
    on(page, "click", (/** @type {MouseEvent} */ { target }) => {
      const answer = closest(target, ".postil-closed > summary")?.parentElement;
      answer?.classList.toggle("postil-asked", !answer.hasAttribute("open"));
    });
    on(
      page,
      "toggle",
      () => {
        column.ease();
        column.measure();
      },
      { capture: true },
    );
    on(document, "keydown", pressed, { capture: true });
    on(
      window,
      "scroll",
      () => {
        column.scrolled(aim !== null);
        settle();
      },
      { passive: true },
    );
    on(window, "load", settle);
    for (const event of ["wheel", "touchmove", "pointerdown", "keydown"])
      on(window, event, release, { passive: true, capture: true });
    on(window, "hashchange", arrived);
    on(window, "popstate", back);
    on(window, "beforeprint", () => {
      for (const fold of all(page, ".postil-fold")) fold.setAttribute("open", "");
    });
    const watch = new ResizeObserver(() => {
      const before = column.beside();
      column.measure();
      if (before !== column.beside() && dialog.open) dialog.close();
      settle();
    });

    equip();
    recall();
    apply();
    watch.observe(one(page, "[data-postil=text]"));
    watch.observe(document.body);
    if (returning?.href === location.href) byId.get(returning.id)?.reference?.focus({ preventScroll: true });
    else arrived();
    returning = null;
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
