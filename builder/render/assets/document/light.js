/* Which note and which words are lit. */

/** @import * as T from "../types.d.ts" */

/**
 * Gives what lights notes with their words.
 * @param {(note: T.Note | null) => void} lights - is told which note is lit most brightly
 */
export function lighting(lights) {
  /** @type {HTMLElement[]} */
  let lit = [];
  /** @type {T.Note | null} */
  let chosen = null;

  /**
   * The innermost brightly, those around it faintly, so that one can be told from the other; the note that a reader has
   * gone to rather than the innermost, and alone with nothing pointed at.
   * @param {T.Note[]} pointed
   */
  function light(pointed) {
    const gone = chosen && (pointed.includes(chosen) || !pointed.length) ? [chosen] : [];
    const which = [...gone, ...pointed.filter((note) => !gone.includes(note))];
    for (const element of lit) {
      element.classList.remove("postil-lit", "postil-near");
      element.style.removeProperty("--postil-glow");
    }
    lit = [];
    which.forEach((note, depth) => {
      for (const element of [note.card, ...note.marks]) {
        element.classList.add(depth ? "postil-near" : "postil-lit");
        if (!depth) element.style.setProperty("--postil-glow", `var(--postil-${note.tone})`);
        lit.push(element);
      }
    });
    lights(which[0] ?? null);
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
