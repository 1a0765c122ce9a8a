/* What a document's page consists of: its notes, and the marks on its words. */

import { all } from "./elements.js";

/** @import * as T from "../types.d.ts" */

/**
 * A fragment as ids have it; one that is not well-formed is nobody's.
 * @param {string} hash
 * @returns {string}
 */
export function decoded(hash) {
  try {
    return decodeURIComponent(hash);
  } catch {
    return "";
  }
}

/** @type {(link: Element | null) => string} */
export const noteOf = (link) => (link instanceof HTMLAnchorElement ? decoded(link.hash).slice(6) : "");

/**
 * What a document's page consists of: its notes in order, each with its card, its reference and all its marks.
 * @param {HTMLElement} page
 * @returns {T.Survey}
 */
export function survey(page) {
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

/**
 * The ids of the notes on a mark, the innermost first.
 * @param {HTMLElement} mark
 * @returns {string[]}
 */
export function idsOf(mark) {
  return (mark.dataset.postilNotes ?? "").split(" ");
}

/**
 * A note as it stands elsewhere: a second one, so without ids, and with nothing to open it.
 * @param {HTMLElement} card
 * @returns {HTMLElement}
 */
export function copied(card) {
  const copy = /** @type {HTMLElement} */ (card.cloneNode(true));
  for (const named of [copy, ...all(copy, "[id]")]) named.removeAttribute("id");
  for (const button of all(copy, ".postil-opener")) button.remove();
  return copy;
}
