/* The print menu: it chooses what goes on paper. Without it a browser prints the text with the notes after it. */

import { all, closest, make, one } from "./elements.js";
import { copied } from "./notes.js";

/** @import * as T from "../types.d.ts" */

/**
 * Listen to the print menu of a page.
 * @param {HTMLElement} page
 * @param {T.Note[]} notes
 * @param {T.Listen} on
 */
export function printing(page, notes, on) {
  let undo = () => {};

  function putBeside() {
    const lists = Array.from(one(page, "[data-postil=text]").children, (block) => {
      const cards = notes.filter((note) => !note.card.hidden && block.contains(note.reference)).map(({ card }) => card);
      const list = make("ol", { class: "postil-cards postil-on-paper" }, ...cards.map(copied));
      if (cards.length) block.after(list);
      return list;
    });
    return () => {
      for (const list of lists) list.remove();
    };
  }

  function openAnswers() {
    const closed = all(page, ".postil-closed:not(.postil-asked)");
    for (const answer of closed) answer.classList.add("postil-asked");
    return () => {
      for (const answer of closed) answer.classList.remove("postil-asked");
    };
  }

  on(page, "click", (/** @type {MouseEvent} */ { target }) => {
    const form = closest(target, "[data-postil-print]")?.dataset.postilPrint;
    if (!form) return;
    undo();
    const name = `postil-print-${form}`;
    page.classList.add(name);
    /** @type {Record<string, (() => () => void) | undefined>} */
    const forms = { beside: putBeside, answers: openAnswers };
    const putBack = forms[form]?.();
    undo = () => {
      page.classList.remove(name);
      putBack?.();
      undo = () => {};
    };
    window.print();
  });
  on(window, "afterprint", () => undo());
}
