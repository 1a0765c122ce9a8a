// Prints as a list, in JSON, what style sheets and scripts use that browsers of these versions do not have, as one
// would write it: node newer_than.mjs '{"chrome": "120", …}' FILE...
//
// Of a member of an object only its name is known, so one is printed that no interface has in these versions, unless
// the scripts or their types declare the name themselves. Newer syntax is a fault of its own: the script is not read.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse as parseCss, walk as walkCss } from "@eslint/css-tree";
import { parse } from "acorn";

/** @typedef {{ __compat?: { support: Record<string, unknown> } } & Record<string, any>} Feature */

const [given, ...paths] = process.argv.slice(2);
/** @type {Record<string, string>} */
const floor = JSON.parse(given);
const data = JSON.parse(readFileSync(fileURLToPath(import.meta.resolve("@mdn/browser-compat-data")), "utf8"));
const { css, api, javascript } = /** @type {Record<string, Feature>} */ (data);
const { builtins } = javascript;
const LISTENING = new Set(["addEventListener", "on"]);
/** @type {Feature} */
const UNKNOWN = { __compat: { support: {} } };
/** @type {Set<string>} */
const newer = new Set();

/** @type {(version: string) => number} */
const asNumber = (version) => Number.parseFloat(version.replace("≤", ""));

/**
 * Whether a browser has it under none of its names; what is to be switched on is not there.
 * @type {(feature: Feature | undefined, prefixes?: string[]) => boolean}
 */
function isNewer(feature, prefixes = [""]) {
  if (!feature?.__compat) return false;
  const { support } = feature.__compat;
  return Object.entries(floor).some(([browser, version]) => {
    /** @type {any[]} */
    const statements = [support[browser] ?? []].flat();
    return !statements.some(
      (each) =>
        typeof each.version_added === "string" &&
        asNumber(each.version_added) <= asNumber(version) &&
        !(each.version_removed && asNumber(each.version_removed) <= asNumber(version)) &&
        !each.flags &&
        prefixes.includes(each.prefix ?? "") &&
        !each.alternative_name,
    );
  });
}

/** @type {(written: string, feature: Feature | undefined) => void} */
function use(written, feature) {
  if (isNewer(feature)) newer.add(written);
}

/** @type {(within: Feature, name: string) => Feature | undefined} */
function deep(within, name) {
  if (within[name]?.__compat) return within[name];
  const parts = Object.keys(within).filter((key) => key !== "__compat" && typeof within[key] === "object");
  return parts.map((key) => deep(within[key], name)).find((found) => found);
}

/** @type {(source: string) => void} */
function readStyles(source) {
  /** @type {Set<string>} */
  const declared = new Set();
  const sheet = parseCss(source, { parseCustomProperty: true });
  walkCss(sheet, function visit(node) {
    const property = this.declaration?.property;
    const of = css.properties[property ?? ""] ?? {};
    if (node.type === "Declaration") declared.add(node.property);
    if (node.type === "Identifier" && property && !isNewer(of)) use(`${property}: ${node.name}`, of[node.name]);
    else if (node.type === "Function") use(`${node.name}()`, of[node.name] ?? deep(css.types, node.name));
    else if (node.type === "Dimension") {
      const ofWindow = { d: "dynamic", s: "small", l: "large" }[/^([dsl])v/.exec(node.unit)?.[1] ?? ""];
      use(node.unit, css.types.length[ofWindow ? `viewport_percentage_units_${ofWindow}` : node.unit]);
    } else if (node.type === "Atrule") use(`@${node.name}`, css["at-rules"][node.name]);
    else if (node.type === "Feature") use(`(${node.name})`, css["at-rules"].media[node.name]);
    else if (node.type === "FeatureRange") use("(a < b)", css["at-rules"].media.range_syntax);
    else if (node.type === "NestingSelector") use("&", css.selectors.nesting);
    else if (node.type === "PseudoClassSelector") use(`:${node.name}`, css.selectors[node.name]);
    else if (node.type === "PseudoElementSelector") use(`::${node.name}`, css.selectors[node.name]);
  });
  for (const written of declared) {
    const name = written.replace(/^-webkit-/, "");
    if (written.startsWith("--") || (written !== name && declared.has(name))) continue;
    const prefixes = ["", "-webkit-"].filter((prefix) => declared.has(prefix + name));
    const known = css.properties[written];
    if (known ? isNewer(known, ["", ...prefixes]) : isNewer(css.properties[name] ?? UNKNOWN, prefixes))
      newer.add(written);
  }
}

/** @type {Map<string, [string, Feature][]>} */
const members = new Map();
for (const interfaces of [api, builtins, builtins.Intl])
  for (const [owner, its] of Object.entries(interfaces))
    for (const [key, feature] of Object.entries(its)) {
      const name = key.replace(/_static$/, "");
      if (feature.__compat) members.set(name, [...(members.get(name) ?? []), [owner, feature]]);
    }

/** @type {(node: any, visit: (node: any) => void) => void} */
function walkScript(node, visit) {
  if (typeof node?.type === "string") visit(node);
  for (const part of Object.values(node)) if (part && typeof part === "object") walkScript(part, visit);
}

/* names of variables, parameters, functions and members that are declared here */
/** @type {Set<string>} */
const own = new Set();

/** @type {(node: any) => void} */
function declare(node) {
  if (node.type === "Property" && !node.computed) own.add(node.key.name);
  for (const each of [node.id, node.param, ...(node.params ?? []), node.local].flat())
    if (each) walkScript(each, ({ type, name }) => type === "Identifier" && own.add(name));
}

/** @type {(name: string) => void} */
function useMember(name) {
  const property = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`); // of an element's style
  const having = own.has(name) || css.properties[property] ? [] : (members.get(name) ?? []);
  if (having.length && having.every(([, feature]) => isNewer(feature))) newer.add(`${having[0][0]}.${name}`);
}

/** @type {(node: any) => void} */
function useScript(node) {
  if (node.type === "MemberExpression" && !node.computed) useMember(node.property.name);
  else if (node.type === "Identifier" && !own.has(node.name))
    use(node.name, api[node.name] ?? builtins[node.name] ?? api.Window[node.name]);
  else if (node.type === "CallExpression" && LISTENING.has(node.callee.name ?? node.callee.property?.name))
    for (const { value } of node.arguments) if (typeof value === "string") useMember(`${value}_event`);
}

const scripts = [];
for (const path of paths) {
  const source = readFileSync(path, "utf8");
  if (path.endsWith(".css")) readStyles(source);
  else if (path.endsWith(".d.ts")) for (const [, name] of source.matchAll(/^ +(\w+)\??[:(]/gm)) own.add(name);
  else scripts.push(parse(source, { ecmaVersion: 2023, sourceType: "module" }));
}
for (const script of scripts) walkScript(script, declare);
for (const script of scripts) walkScript(script, useScript);
console.log(JSON.stringify([...newer].sort()));
