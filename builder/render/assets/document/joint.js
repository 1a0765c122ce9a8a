/* The line from the words of a note that is lit to where it stands beside the text, if that is not beside them. */

import { one } from "./elements.js";

/** @import * as T from "../types.d.ts" */

/* px that a note may stand away from the line of its words without a line to them */
const NEAR = 40;
/* px from a note's top to the middle of its first line */
const HEAD = 12;

/**
 * Gives what draws the line. Words are measured when a note is lit, and nothing while scrolling.
 * @param {HTMLElement} page
 * @param {HTMLElement} text
 */
export function jointOf(page, text) {
  const line = one(page, ".postil-joint path");
  /* px from the page's corner to the end of the words, and, across, to the edges of text and note */
  /** @type {{ x: number, y: number, edge: number, card: number } | null} */
  let ends = null;

  /** @param {T.Note | null} note */
  function measure(note) {
    const words = note?.reference && [...(note.marks.at(-1)?.getClientRects() ?? [])].at(-1);
    ends = null;
    if (note && words) {
      const box = page.getBoundingClientRect();
      const card = note.card.getBoundingClientRect();
      const across = text.getBoundingClientRect();
      const after = card.left > across.left;
      ends = {
        x: (after ? words.right : words.left) - box.left,
        y: words.bottom - box.top - 1,
        edge: (after ? across.right + 20 : across.left - 20) - box.left,
        card: (after ? card.left : card.right) - box.left,
      };
      line.setAttribute("class", `postil-tone-${note.tone}`);
    }
  }

  /** @param {number} top - px from the top of the page to the note, where there is one */
  function draw(top) {
    const away = ends && Math.abs(top + HEAD - ends.y) > NEAR;
    line.setAttribute("d", ends && away ? `M${ends.x} ${ends.y}H${ends.edge}L${ends.card} ${top + HEAD}` : "");
  }

  return { measure, draw };
}
