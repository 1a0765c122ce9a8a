/* Ask a built index, as the browser would: node search_query.mjs <pagefind folder> < queries.json
   Input: a list of searches ({query, facets, sort}), or strings. Output: for each, what find.js answers, each group
   with what it shows; and the files that were fetched for it. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";

const root = `${resolve(process.argv[2])}/`;
/** @type {[path: string, bytes: number][]} */
let fetched = [];

globalThis.fetch = async (address) => {
  const path = String(address).replace(/^x:/, "").split("?")[0];
  const bytes = await readFile(path);
  fetched.push([path.slice(root.length), bytes.length]);
  return new Response(bytes);
};

/* Data: addresses, whatever Node takes a .js file for; of the engine one for each language, as in a browser. */
const source = (await readFile(`${root}find.js`, "utf8")).replace("await import(", "await globalThis.engineAt(");
/** @param {string} address */
async function engineAt(address) {
  const script = await readFile(address.split("?")[0], "utf8");
  if (!fetched.some(([path]) => path === "pagefind.js")) fetched.push(["pagefind.js", script.length]);
  return import(`data:text/javascript,${encodeURIComponent(`// ${address}\n${script}`)}`);
}
Object.assign(globalThis, { engineAt });
const find = await import(`data:text/javascript,${encodeURIComponent(source)}`);

const listing = JSON.parse(await readFile(`${root}bundles.json`, "utf8"));
const index = await find.open(root, listing);
const answers = [];
for (const asked of JSON.parse(await text(process.stdin))) {
  const { groups, ...found } = await find.search(index, typeof asked === "string" ? { query: asked } : asked);
  const shown = await Promise.all(groups.slice(0, asked.limit ?? 20).map(find.read));
  answers.push({ ...found, number: groups.length, groups: shown, fetched });
  fetched = [];
}
console.log(JSON.stringify(answers));
