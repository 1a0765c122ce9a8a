/* Which note and which words are lit. */

/** @import * as T from "../types.d.ts" */

/** Gives what lights notes with their words. */
export function lighting() {
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

  /**
   * Make a note the one that a reader has gone to, or none.
   * @param {T.Note | null} note
   */
  function choose(note) {
    chosen = note;
    light(note ? [note] : []);
  }

  return { light, choose, chosen: () => chosen };
}
