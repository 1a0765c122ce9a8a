/* Where a result leads: the words that were found are marked, without a change to the text. */

const MARKED = "h"; // in the address, each of the words
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const BLOCKS =
  "p, li, dt, dd, td, th, h1, h2, h3, h4, h5, h6, pre, blockquote, figcaption, summary, div, section, article, main, body";

/** Mark the words that the address names, and take them out of it. */
export function light() {
  const address = new URL(location.href);
  const words = address.searchParams.getAll(MARKED).filter(Boolean);
  if (!words.length) return;
  address.searchParams.delete(MARKED);
  history.replaceState(history.state, "", address);
  const target = document.getElementById(decodeURIComponent(address.hash.slice(1)));
  const page = document.querySelector("[data-postil=text]") ?? document.querySelector("article, main") ?? document.body;
  const ranges = rangesOf(target ?? page, words);
  if (target?.dataset.postilKind) {
    const note = target.id.replace(/^note-/, "");
    const marks = document.querySelectorAll(`mark[data-postil-notes~="${CSS.escape(note)}"]`);
    ranges.push(...[...marks].flatMap((mark) => rangesOf(mark, words)));
  }
  if (ranges.length && CSS.highlights) CSS.highlights.set("postil-found", new Highlight(...ranges));
  if (!target && !address.hash) ranges[0]?.startContainer.parentElement?.scrollIntoView({ block: "center" });
}

/**
 * The places of words in a text. A word may run over markup inside it, not over the end of a block; the numbers of
 * notes are none of the text.
 * @param {Element} root
 * @param {string[]} words
 */
function rangesOf(root, words) {
  const alternatives = [...words]
    .sort((one, other) => other.length - one.length)
    .map((word) => {
      const plain = word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll(" ", "\\s+");
      return UNSPACED.test(word) ? plain : `(?<![\\p{L}\\p{N}\\p{M}])${plain}(?![\\p{L}\\p{N}\\p{M}])`;
    });
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  /** @type {[start: number, node: Text][]} */
  const nodes = []; // where each begins in the text
  let text = "";
  /** @type {Element | null | undefined} */
  let before;
  while (walker.nextNode()) {
    const node = /** @type {Text} */ (walker.currentNode);
    if (node.parentElement?.closest("[data-postil=ref]")) continue;
    const block = node.parentElement?.closest(BLOCKS);
    if (block !== before || node.previousSibling?.nodeName === "BR") text += "\n";
    nodes.push([text.length, node]);
    text += node.data;
    before = block;
  }
  let at = 0;
  return [...text.matchAll(new RegExp(alternatives.join("|"), "giu"))].slice(0, 500).map(({ index, 0: found }) => {
    const range = new Range();
    while (nodes[at + 1]?.[0] <= index) at++;
    range.setStart(nodes[at][1], index - nodes[at][0]);
    while (nodes[at + 1]?.[0] < index + found.length) at++;
    range.setEnd(nodes[at][1], index + found.length - nodes[at][0]);
    return range;
  });
}
