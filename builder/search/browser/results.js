/* Results as elements, and what is said of a search; for the box and for the search page. */

import { SITE } from "./load-index.js";
import { GLYPHS, TYPES } from "./run-search.js";

/** @import * as T from "./types.d.ts" */

const { gettext: _, ngettext, pgettext } = globalThis.postilWords;

export const MOST = 4; // notes of a page that are shown at once
const MISSING = 8; // of the words that are nowhere, so many are told
const lists = new Intl.ListFormat(globalThis.postilWords.locale);
const TOLD = 100; // characters of a query that are repeated

/**
 * Make an element.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {string} className
 * @param {...(Node | string)} content
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, className, ...content) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...content);
  return element;
}

/**
 * The element, or the one around it, that an event is about.
 * @param {Event} event
 * @param {string} selector
 * @returns {HTMLElement | null}
 */
export function closest({ target }, selector) {
  return target instanceof Element ? target.closest(selector) : null;
}

/**
 * Words with marks around those found; the mark leaves out quotation marks and full stops.
 * @param {T.Word[]} words
 * @returns {(Node | string)[]}
 */
function marked(words) {
  return words.flatMap(({ text, gap, found }, at) => {
    const space = at < words.length - 1 ? gap : "";
    const [, open, core, close] = (found && text.match(/^([^\p{L}\p{N}]*)(.*?)([^\p{L}\p{N}\p{M}]*)$/su)) || [];
    return core ? [open, make("mark", "", core), close + space] : [text + space];
  });
}

/** @type {WeakMap<Element, string[]>} */
const wordsOf = new WeakMap(); // of a link: the words to mark where it leads

/**
 * Make the link of a result.
 * @param {string} className
 * @param {string} address
 * @param {string[]} words - that were found there
 * @param {...(Node | string)} content
 * @returns {HTMLAnchorElement}
 */
export function link(className, address, words, ...content) {
  const element = make("a", `postil-hit ${className}`, ...content);
  element.href = address;
  wordsOf.set(element, words);
  return element;
}

/** @param {T.Quoted} part */
function excerpt({ excerpt: words, before, after }) {
  if (!words.length) return "";
  const element = make("span", "postil-hit-excerpt", before ? "… " : "", ...marked(words), after ? " …" : "");
  element.dir = "auto";
  return element;
}

/** @param {T.ShownPage} page */
function pageLink(page) {
  const own = page.parts.find((part) => part.type !== "note");
  const type = page.type in TYPES ? page.type : "page";
  const title = make("bdi", "postil-hit-title", ...(own ? marked(own.title) : [page.title]));
  const content = [make("span", "postil-hit-type", TYPES[type]), " ", title];
  if (own) content.push(" ", excerpt(own));
  return inLanguage(page, link(`postil-hit--${type}`, page.address, own?.marked ?? [], ...content));
}

/**
 * @param {T.ShownPage} page
 * @param {T.ShownPart} note
 */
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

/**
 * @param {T.ShownPage} page
 * @param {HTMLAnchorElement} element
 * @param {string} [language] - of the excerpt
 */
function inLanguage(page, element, language = page.language) {
  for (const title of element.querySelectorAll(".postil-hit-title")) title.setAttribute("lang", page.language);
  for (const quote of element.querySelectorAll(".postil-hit-excerpt")) quote.setAttribute("lang", language);
  return element;
}

/**
 * Make the links of a page and its notes. The page is above its notes, also where only these were found.
 * @param {T.ShownPage} page
 * @returns {T.ResultElements}
 */
export function elementsOf(page) {
  const head = pageLink(page);
  const notes = page.parts.filter((part) => part.type === "note").map((note) => noteLink(page, note));
  return { head, notes, best: page.parts[0].type === "note" ? notes[0] : head };
}

/* --- in words --- */

/**
 * Quote words of a query: it may be a whole page, or have characters that turn the words around it.
 * @param {string} words
 * @returns {string}
 */
export function told(words) {
  const shown = words.length > TOLD ? `${words.slice(0, TOLD)} …` : words;
  return _("“%(words)s”", { words: shown.replace(/[\u202a-\u202e\u2066-\u2069]/gu, "") });
}

/**
 * Say how many notes and texts were found.
 * @param {number} total
 * @returns {string}
 */
export function results(total) {
  return ngettext("%(num)s result", "%(num)s results", total);
}

/**
 * Say that nothing was found.
 * @param {{ query: string }} search
 * @returns {string}
 */
export function nothing({ query }) {
  return query
    ? _("Nothing found for %(query)s in documents, notes and pages.", { query: told(query) })
    : _("Nothing found.");
}

/**
 * Say which words were not searched for, because they are nearly everywhere.
 * @param {T.Found} found
 * @returns {string}
 */
export function leftOut({ left }) {
  const words = left.map(told).join(pgettext("between things", ", "));
  return words && _("; without %(words)s, nearly everywhere: put a word in quotation marks to insist on it", { words });
}

/**
 * Say what to leave out: the words that are nowhere, or one of those that are nowhere together.
 * @param {{ terms: T.TermTotal[] }} found
 * @returns {string}
 */
export function loosen({ terms }) {
  const missing = terms
    .filter(({ total }) => !total)
    .slice(0, MISSING)
    .map(({ text, exact }) => (exact ? _("%(words)s as a phrase", { words: told(text) }) : told(text)));
  if (missing.length)
    return ngettext(
      "%(words)s occurs nowhere: try another spelling, or the word’s beginning.",
      "%(words)s occur nowhere: try another spelling, or the word’s beginning.",
      missing.length,
      { words: lists.format(missing) },
    );
  if (terms.length > 1) return _("Each of the words occurs, but not together in one note or text: leave one out.");
  return "";
}

/**
 * Say that searching failed, and lead to the list of all documents.
 * @param {unknown} problem
 * @param {HTMLElement} status
 */
export function regret(problem, status) {
  console.error(problem);
  const way = make("a", "", _("look through all documents"));
  way.href = `${SITE}documents/`;
  const message = _("The search index could not be loaded. Try again, or %(way)s.", { way: "\n" });
  const [before, after] = message.split("\n");
  status.replaceChildren(before, way, after);
}

/* --- choosing one: the words that were found go with the reader --- */

const MARKED = "h"; // in the address, each of them; taken out where they are marked

/**
 * Set as late as the click, so that a result's own address is that of the note. Before the theme looks at it.
 * @param {Event} event
 */
function carry(event) {
  const chosen = closest(event, "a.postil-hit");
  const words = chosen && wordsOf.get(chosen);
  if (!(chosen instanceof HTMLAnchorElement) || !words?.length) return;
  const address = new URL(chosen.href);
  address.searchParams.delete(MARKED);
  for (const word of words) address.searchParams.append(MARKED, word);
  chosen.href = address.href;
}
document.addEventListener("click", carry, true);
document.addEventListener("auxclick", carry, true);
