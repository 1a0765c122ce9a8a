/* Ask the bundles of a built index, as the browser would: node search_query.mjs <pagefind folder> < queries.json
   Input: a list of queries; null stands for the facets. Output: for each, its results (address, title, words found,
   what is shown) or the facets with their counts. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";

const root = `${resolve(process.argv[2])}/`;

globalThis.fetch = async (address) => {
  const bytes = await readFile(String(address).split("?")[0]);
  return {
    arrayBuffer: async () => bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
    json: async () => JSON.parse(bytes.toString()),
  };
};

/* A data: address each, so that every language has an engine of its own, whatever Node takes a .js file for. */
async function engineOf([first, ...others]) {
  const source = await readFile(`${root}${first}pagefind.js`, "utf8");
  const address = `data:text/javascript,${encodeURIComponent(`// ${first}\n${source}`)}`;
  const engine = (await import(address)).createInstance({ basePath: root + first });
  await engine.init();
  for (const each of others) await engine.mergeIndex(root + each);
  return engine;
}

async function ask(engine, query) {
  if (query === null) return [await engine.filters()];
  const { results } = await engine.search(query);
  return Promise.all(results.map(async (result) => {
    const { raw_url: address, meta, content, locations, filters } = await result.data();
    return { address, title: meta.title, content, locations, filters, score: result.score };
  }));
}

const languages = JSON.parse(await readFile(`${root}bundles.json`, "utf8"));
const engines = await Promise.all(Object.values(languages).map(engineOf));
const answers = [];
for (const query of JSON.parse(await text(process.stdin))) {
  const found = (await Promise.all(engines.map((engine) => ask(engine, query)))).flat();
  answers.push(query === null ? found : found.sort((one, other) => other.score - one.score));
}
console.log(JSON.stringify(answers));
