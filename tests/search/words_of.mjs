/* Compare how Python and the browser cut texts into words: node words_of.mjs <find.js as published> < cases.json
   Input: a list of [text, the words that Python cut it into]. Output: of each text whose words differ, the text and
   both lists. Words are compared as they are searched: folded, without symbols, without those that have no letter. */
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";

const script = await readFile(process.argv[2], "utf8");
const { fold, wordsOf } = await import(`data:text/javascript,${encodeURIComponent(script)}`);

/** @param {string} word */
const folded = (word) => fold(word.replace(/\p{S}+/gu, ""));
/** @type {[text: string, words: string[]][]} */
const cases = JSON.parse(await text(process.stdin));
const differing = [];
for (const [given, words] of cases) {
  const indexed = words.filter((word) => /[\p{L}\p{N}]/u.test(word)).map(folded);
  const asked = wordsOf(given).map(folded);
  if (JSON.stringify(indexed) !== JSON.stringify(asked)) differing.push([given, indexed, asked]);
}
console.log(JSON.stringify(differing));
