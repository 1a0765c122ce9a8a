/* A strip along the text that shows all notes over its whole length, by tone, and where the window is among them. It
   leads to the note nearest to where one points; by keys it is a slider over the notes. At its ends stands how many
   notes are above the window and below it. Nothing is measured while scrolling. */

import { all, firstBox, one } from "./elements.js";
/** @import * as T from "../types.d.ts" */

/**
 * Gives the strip of a page.
 * @param {HTMLElement} page
 * @param {T.Note[]} notes
 * @param {T.Listen} on
 * @param {T.StripsPage} around
 */
export function stripOf(page, notes, on, { point, places }) {
  const text = one(page, "[data-postil=text]");
  const track = one(page, ".postil-track");
  const strip = one(track, ".postil-strip");
  const [above, below] = all(strip, ".postil-beyond");
  const lines = one(strip, "svg");
  const frame = one(strip, "i");
  /** @type {T.Note[]} */
  let shown = [];
  /** @type {number[]} */
  /* px from the top of the text, and of the window, to the words of each */
  let words = [];
  let origin = 0;
  let length = 1;
  /* px of the strip for each px of the text */
  let scale = 1;
  let here = 0;
  let pending = 0;

  /** @param {string | undefined} tone */
  const ticks = (tone) => shown.map((note, i) => (note.tone === tone ? `M0 ${words[i] * scale + 2}h10` : "")).join("");

  function measure() {
    shown = notes.filter((note) => note.reference && !note.card.hidden);
    const box = text.getBoundingClientRect();
    const top = box.top - page.getBoundingClientRect().top;
    track.hidden = shown.length < 2;
    origin = box.top + scrollY;
    length = box.height || 1;
    words = shown.map(({ marks, reference }) => firstBox(marks[0] ?? /** @type {Element} */ (reference)).top - box.top);
    /* Where all of the text is seen at once, it stands beside it; else it is as long as the window. */
    track.style.top = length < innerHeight ? `${top}px` : "";
    track.style.bottom = places() ? "" : `${page.offsetHeight - top - length}px`;
    strip.style.height = length < innerHeight - 200 ? `${length}px` : "";
    scale = (lines.parentElement?.clientHeight ?? 0) / length;
    for (const line of all(lines, "path")) line.setAttribute("d", ticks(line.dataset.tone));
    strip.setAttribute("aria-valuemax", String(shown.length));
    tell(shown[here] ?? null);
    draw();
  }

  /**
   * Say where one is.
   * @param {T.Note | null} note
   */
  function tell(note) {
    here = note ? Math.max(0, shown.indexOf(note)) : 0;
    strip.setAttribute("aria-valuenow", String(here + 1));
    const head = shown[here] && one(shown[here].card, ".postil-note-head");
    const parts = head ? all(head, ".postil-number, .postil-kind, .postil-stamp") : [];
    strip.setAttribute("aria-valuetext", parts.map((part) => part.lastChild?.textContent?.trim()).join(" "));
  }

  function draw() {
    pending = 0;
    /** @type {(y: number) => number} */
    const within = (y) => Math.max(0, Math.min(length, y - origin));
    const [first, last] = [within(scrollY), within(scrollY + innerHeight)];
    frame.style.transform = `translateY(${first * scale}px) scaleY(${(last - first) / length})`;
    const [before, after] = beyond();
    write(above, before, "↑");
    write(below, after, "↓");
  }

  /* How many notes are above the window, and below it: where they stand beside the text, or else by their words. */
  function beyond() {
    const beside = places();
    const ends = beside ?? words.map((at) => [at + origin, at + origin]);
    return [
      ends.filter(([, bottom]) => bottom < scrollY + 60).length,
      ends.filter(([top]) => top > scrollY + innerHeight - 20).length,
    ];
  }

  /**
   * @param {HTMLElement} end
   * @param {number} number
   * @param {string} arrow
   */
  function write(end, number, arrow) {
    const said = number ? `${arrow} ${number}` : "";
    if (end.textContent !== said) end.textContent = said;
  }

  /** @param {number} i */
  function lead(i) {
    const note = shown[Math.max(0, Math.min(shown.length - 1, i))];
    if (note) point(note);
  }

  on(strip, "pointerdown", (/** @type {PointerEvent} */ { clientY }) => {
    const at = (clientY - lines.getBoundingClientRect().top) / scale;
    const away = words.map((word) => Math.abs(word - at));
    lead(away.indexOf(Math.min(...away)));
  });
  on(strip, "keydown", (/** @type {KeyboardEvent} */ event) => {
    const steps = { ArrowDown: here + 1, ArrowRight: here + 1, ArrowUp: here - 1, ArrowLeft: here - 1 };
    const to = { ...steps, Home: 0, End: shown.length }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    lead(to);
  });

  /* After the notes have been moved, which is what it counts. */
  function scrolled() {
    pending ||= requestAnimationFrame(draw);
  }

  return { measure, tell, scrolled };
}
