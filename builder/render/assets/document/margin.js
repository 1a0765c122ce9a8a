/* The notes beside the text.

   Notes wish to stand beside their reference. `around(i)` puts note i exactly there and pushes its neighbours
   both ways, just so far that none covers another: one pass each way. While one reads, the column is a blend of
   the two solutions around the note whose turn it is. A blend of two columns without overlaps has none.

   When a note has its turn: as the line one reads at comes to its words. Where many notes are on few words
   their turns are spread, so that the column never moves more than PACE times as fast as the page, and each can
   be seen at a notch of a wheel; the page is made longer where that takes more scrolling than it has. Nothing
   is measured while scrolling. */

import { firstBox, one } from "./elements.js";
import { jointOf } from "./joint.js";

/** @import * as T from "../types.d.ts" */

/* px between two notes of the margin */
const GAP = 16;
/* px that the margin may move for each px of the page: slow enough to see every note pass by */
const PACE = 3;
/* px at the top of the window that the theme's header may cover */
export const HEADER = 70;

/**
 * Gives the notes beside the text.
 * @param {HTMLElement} page
 * @param {T.Note[]} notes
 */
export function margin(page, notes) {
  /** @type {HTMLElement | null} */
  const column = page.querySelector(".postil-margin");
  const text = one(page, "[data-postil=text]");
  const joint = jointOf(page, text);
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
  /* the note that is lit */
  /** @type {T.Note | null} */
  let lit = null;
  let pending = 0;
  /* until when notes glide to their places */
  let soft = 0;

  /* Whether the style sheet has put the notes into the margin: it alone knows the width from which it does, and
     browsers that do not understand what it asks have their notes below the text, with this script or without. */
  const placed = () => getComputedStyle(page).getPropertyValue("--postil-beside").trim() === "1";

  function measure() {
    beside = column !== null && placed();
    page.classList.toggle("postil-placed", beside);
    page.style.minHeight = "";
    if (!column || !beside) {
      join(null);
      return;
    }
    shown = notes.filter((note) => !note.card.hidden);
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
    joint.measure(lit);
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
      /* Not by a class of the page: for that a browser looks at the style of all notes again. */
      card.style.transition = performance.now() < soft ? "transform var(--postil-glide) ease-out" : "";
      card.style.transform = `translateY(${top}px)`;
    });
    joint.draw((column?.offsetTop ?? 0) + (tops[lit ? shown.indexOf(lit) : -1] ?? 0));
  }

  /**
   * Join a note to its words for as long as it is lit.
   * @param {T.Note | null} note
   */
  function join(note) {
    lit = beside ? note : null;
    joint.measure(lit);
    draw();
  }

  /* Not while the page is new: the browser, or the theme, scrolls to the note that a link led to where it is
     then. */
  const fresh = performance.now();
  function ease() {
    if (performance.now() - fresh < 1000) return;
    soft = performance.now() + 250;
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

  /** px from the top of the document to the top and the bottom of each note; null where none stands beside the text. */
  const places = () => (beside ? shown.map((_, i) => [origin + tops[i], origin + tops[i] + height[i]]) : null);

  return {
    measure,
    places,
    join,
    hold,
    scrolled,
    ease,
    beside: () => beside,
    held: () => held?.note,
  };
}
