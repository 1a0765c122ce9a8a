/* A sheet by touch: drawn to its whole height and back by its bar, drawn down to close it, swiped to the next note. */

import { closest } from "./elements.js";

/** @import * as T from "../types.d.ts" */

/* px that a finger must move to be meant, and to have swiped */
const MEANT = 8;
const SWIPED = 60;

/**
 * Listen to gestures on the sheet's bar and on what is in it.
 * @param {HTMLElement} bar
 * @param {HTMLElement} inside
 * @param {T.Listen} on
 * @param {T.SheetsMoves} moves
 */
export function gestures(bar, inside, on, { draw, size, walk }) {
  /** @type {{ x: number, y: number } | null} */
  let from = null;
  /* A click that ends a movement is none. */
  let far = false;
  /** @param {EventTarget | null} target */
  const isOther = (target) => closest(target, "button:not(.postil-grip)") !== null;

  /** @param {PointerEvent} event */
  function began(event) {
    const { currentTarget, target, pointerType, pointerId, clientX, clientY } = event;
    const drawn = currentTarget === bar;
    far = false;
    if (isOther(target) || (!drawn && pointerType === "mouse")) return;
    from = { x: clientX, y: clientY };
    if (drawn) bar.setPointerCapture(pointerId);
  }

  /** @param {PointerEvent} event */
  function moved({ currentTarget, clientX, clientY }) {
    if (!from) return;
    const across = clientX - from.x;
    if (currentTarget === bar) draw(clientY - from.y);
    else inside.style.transform = Math.abs(across) > MEANT ? `translateX(${across}px)` : "";
  }

  /** @param {PointerEvent} event */
  function ended({ type, currentTarget, clientX, clientY }) {
    if (!from) return;
    const across = clientX - from.x;
    const down = clientY - from.y;
    from = null;
    draw(0);
    inside.style.transform = "";
    if (type === "pointercancel") return;
    far = Math.abs(down) > MEANT;
    if (currentTarget !== bar) {
      if (Math.abs(across) > SWIPED) walk(across < 0 === (document.dir !== "rtl") ? 1 : -1);
    } else if (far) size(-Math.sign(down));
  }

  on(bar, "click", (/** @type {MouseEvent} */ { target, detail }) => {
    if (!(far && detail) && !isOther(target)) size(0); // by key, it has no detail
  });
  for (const part of [bar, inside]) {
    on(part, "pointerdown", began);
    on(part, "pointermove", moved);
    for (const end of ["pointerup", "pointercancel"]) on(part, end, ended);
  }
}
