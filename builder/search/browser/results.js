/* Results as elements, and what is said of a search; for the box and for the search page. */

import { GLYPHS, SITE, TYPES } from "./finder.js";

export const MOST = 4; // notes of a page that are shown at once
const MISSING = 8; // of the words that are nowhere, so many are told
const TOLD = 100; // characters of a query that are repeated

export function make(tag, className, ...content) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...content);
  return element;
}

/* Words with marks around those found; the mark leaves out quotation marks and full stops. */
function marked(words) {
  return words.flatMap(({ text, gap, found }, at) => {
    const space = at < words.length - 1 ? gap : "";
    const [, open, core, close] = found ? text.match(/^([^\p{L}\p{N}]*)(.*?)([^\p{L}\p{N}\p{M}]*)$/su) : [];
    return core ? [open, make("mark", "", core), close + space] : [text + space];
  });
}

const wordsOf = new WeakMap(); // of a link: the words to mark where it leads

export function link(className, address, words, ...content) {
  const element = make("a", `postil-hit ${className}`, ...content);
  element.href = address;
  wordsOf.set(element, words);
  return element;
}

function excerpt({ excerpt: words, before, after }) {
  if (!words.length) return "";
  const element = make("span", "postil-hit-excerpt", before ? "… " : "", ...marked(words), after ? " …" : "");
  element.dir = "auto";
  return element;
}

function pageLink(page) {
  const own = page.parts.find((each) => each.type !== "note");
  const name = TYPES[page.type] ?? TYPES.page;
  const title = make("bdi", "postil-hit-title", ...(own ? marked(own.title) : [page.title]));
  const content = [make("span", "postil-hit-type", name), " ", title];
  if (own) content.push(" ", excerpt(own));
  return inLanguage(page, link(`postil-hit--${name.toLowerCase()}`, page.address, own?.marked ?? [], ...content));
}

function noteLink(page, note) {
  const glyph = make("span", "postil-glyph", GLYPHS[note.stamp.tone]);
  glyph.setAttribute("aria-hidden", "true");
  const title = make("bdi", "postil-hit-title", ...marked(note.title));
  const content = [make("span", "postil-hit-stamp", glyph, ` ${note.stamp.label}`), " ", title, " ", excerpt(note)];
  return inLanguage(
    page,
    link(`postil-hit--note postil-tone-${note.stamp.tone}`, note.address, note.marked, ...content),
    page.notes,
  );
}

function inLanguage(page, element, language = page.language) {
  for (const each of element.querySelectorAll(".postil-hit-title")) each.lang = page.language;
  for (const each of element.querySelectorAll(".postil-hit-excerpt")) each.lang = language;
  return element;
}

/* A page stands above its notes, also where only these were found. The best result is the one ranked first. */
export function elementsOf(page) {
  const head = pageLink(page);
  const notes = page.parts.filter((each) => each.type === "note").map((each) => noteLink(page, each));
  return { head, notes, best: page.parts[0].type === "note" ? notes[0] : head };
}

/* --- in words --- */

/* Words as they are told: somebody may have put a whole page into the field, or what turns the words around it. */
export function told(words) {
  const shown = words.length > TOLD ? `${words.slice(0, TOLD)} …` : words;
  return `“${shown.replace(/[\u202a-\u202e\u2066-\u2069]/gu, "")}”`;
}

export const numbered = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

export function nothing({ query }) {
  return query ? `Nothing found for ${told(query)} in documents, notes and pages.` : "Nothing found.";
}

/* Words that were not searched for, because they are nearly everywhere. */
export function leftOut({ left }) {
  const words = left.map(told).join(", ");
  return words && `; without ${words}, nearly everywhere: put a word in quotation marks to insist on it`;
}

/* What to loosen: the words that stand nowhere, or that they stand together. */
export function loosen({ terms }) {
  const missing = terms
    .filter(({ total }) => !total)
    .slice(0, MISSING)
    .map(({ text, exact }) => `${told(text)}${exact ? " as a phrase" : ""}`);
  if (missing.length)
    return `${missing.join(" and ")} ${missing.length === 1 ? "occurs" : "occur"} nowhere: try another spelling, or the word’s beginning.`;
  if (terms.length > 1) return "Each of the words occurs, but not together in one note or text: leave one out.";
  return "";
}

export function regret(problem, status) {
  console.error(problem);
  const way = make("a", "", "look through all documents");
  way.href = `${SITE}documents/`;
  status.replaceChildren("The search index could not be loaded. Try again, or ", way, ".");
}

/* --- choosing one: the words that were found go with the reader --- */

const MARKED = "h"; // in the address, each of them; taken out where they are marked

/* Set as late as the click, so that a result's own address is that of the note. Before the theme looks at it. */
function carry(event) {
  const chosen = event.target.closest?.("a.postil-hit");
  const words = wordsOf.get(chosen);
  if (!words?.length) return;
  const address = new URL(chosen.href);
  address.searchParams.delete(MARKED);
  for (const word of words) address.searchParams.append(MARKED, word);
  chosen.href = address.href;
}
document.addEventListener("click", carry, true);
document.addEventListener("auxclick", carry, true);
