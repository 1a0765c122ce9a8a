// Exits with 1 and a message if two scripts differ in more than comments and space: node same_code.mjs ONE OTHER ...
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { tokenizer } from "acorn";

const paths = process.argv.slice(2);
for (let at = 0; at < paths.length; at += 2) {
  const [one, other] = paths.slice(at, at + 2).map((path) => {
    const code = readFileSync(path, "utf8");
    const tokens = [...tokenizer(code, { ecmaVersion: "latest", sourceType: "module" })];
    return tokens.map(({ start, end }) => code.slice(start, end));
  });
  assert.deepEqual(other, one, paths[at]);
}
