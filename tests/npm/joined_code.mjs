// Exits with 1 and a message unless a joined script is its modules, one after the other, in one function:
// node joined_code.mjs JOINED ENTRY
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse, tokenizer } from "acorn";

const [joined, entry] = process.argv.slice(2);
const options = /** @type {const} */ ({ ecmaVersion: "latest", sourceType: "module" });

/** @type {(code: string, node: import("acorn").Node) => string} */
const text = (code, { start, end }) => {
  const part = code.slice(start, end);
  return [...tokenizer(part, options)].map((token) => part.slice(token.start, token.end)).join(" ");
};
/** @type {(statement: import("acorn").ModuleDeclaration | import("acorn").Statement) => string[]} */
function names(statement) {
  if (statement.type === "VariableDeclaration")
    return statement.declarations.map(({ id }) => /** @type {import("acorn").Identifier} */ (id).name);
  return statement.type === "FunctionDeclaration" ? [statement.id.name] : [];
}

/* path -> what it exports, in the order in which modules run */
const modules = new Map();
/** @type {string[]} */
const declared = [];

/** @type {(path: string) => string[]} */
function statements(path) {
  const code = readFileSync(path, "utf8");
  const own = [];
  const before = [];
  const exported = [];
  modules.set(path, null); // while it is being read
  for (const statement of parse(code, options).body) {
    if (statement.type === "ImportDeclaration") {
      const from = join(dirname(path), String(statement.source.value));
      if (!modules.has(from)) before.push(...statements(from));
      assert(modules.get(from), `${path} and ${from} import each other`);
      for (const each of statement.specifiers) {
        assert(each.type === "ImportSpecifier" && each.imported.type === "Identifier", path);
        assert.equal(each.local.name, each.imported.name, `${path} renames what it imports`);
        assert(modules.get(from).includes(each.local.name), `${from} does not export ${each.local.name}`);
      }
      continue;
    }
    const inner = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    assert(inner && inner.type !== "ExportDefaultDeclaration" && inner.type !== "ExportAllDeclaration", path);
    if (inner !== statement) exported.push(...names(inner));
    declared.push(...names(inner));
    own.push(text(code, inner));
  }
  modules.set(path, exported);
  return [...before, ...own];
}

const expected = statements(entry);
assert.deepEqual(declared, [...new Set(declared)], "two modules declare the same name");
const code = readFileSync(joined, "utf8");
const [program] = parse(code, { ...options, sourceType: "script" }).body;
assert(program.type === "ExpressionStatement" && program.expression.type === "CallExpression");
const { callee } = program.expression;
assert(callee.type === "ArrowFunctionExpression" && callee.body.type === "BlockStatement");
const [strict, ...body] = callee.body.body;
assert.equal(text(code, strict), '"use strict" ;');
assert.deepEqual(
  body.map((statement) => text(code, statement)),
  expected,
);
