/* Scrolling to words, and keeping them in sight. */

import { firstBox } from "./elements.js";
import { HEADER } from "./margin.js";

/** @import * as T from "../types.d.ts" */

/* px from the top of the window up to which words are in sight, but not comfortable to read */
const MARGINAL = 110;
const CALM = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * Gives what brings words into sight.
 * @param {T.Listen} on
 * @param {() => number | null} above - px from the top of the window to what covers its foot; null beside the margin
 */
export function landing(on, above) {
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
    const foot = above();
    const lowest = foot === null ? innerHeight * 0.8 : foot - 24;
    if (words.top > MARGINAL && words.bottom < lowest) return;
    const place = foot === null ? innerHeight * 0.35 : Math.max(HEADER + 8, Math.min(MARGINAL + 8, lowest - 60));
    scrollBy({ top: words.top - place, behavior });
  }

  /**
   * Scroll to words, and keep them in sight if the page may still change.
   * @param {Element} at
   * @param {boolean} arriving
   */
  function show(at, arriving) {
    aim = arriving ? at : null;
    look(at, arriving || CALM.matches ? "instant" : "smooth");
  }

  on(window, "load", settle);
  for (const event of ["wheel", "touchmove", "pointerdown", "keydown"])
    on(window, event, release, { passive: true, capture: true });
  return { show, settle, aiming: () => aim !== null };
}
