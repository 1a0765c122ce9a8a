// JavaScript and CSS as they are published, and what the tests run in Node. Layout is prettier's business. The versions
// in package.json are the newest that run on Node 18, which is what Debian 12 has.
import css from "@eslint/css";
import js from "@eslint/js";
import jsdoc from "eslint-plugin-jsdoc";
import globals from "globals";

const STYLES = ["builder/**/*.css"];
const PUBLISHED = ["builder/**/*.js"];
const SCRIPTS = ["builder/**/{lists,redirect,search,words}.js"]; // the others are modules
const PARTS = ["builder/render/assets/document/*.js"];
const NODE = ["tests/**/*.{js,mjs}"];

// Text that comes from a document must not become markup.
const MARKUP = ["innerHTML", "outerHTML", "insertAdjacentHTML", "setHTMLUnsafe", "write", "writeln"];

const rules = {
  ...js.configs.recommended.rules,
  ...jsdoc.configs["flat/recommended-typescript-flavor-error"].rules,
  "array-callback-return": ["error", { checkForEach: true, allowVoid: true }],
  "consistent-return": "error",
  "default-case-last": "error",
  eqeqeq: "error",
  "max-len": ["error", { code: 120, ignoreRegExpLiterals: true, ignoreStrings: true, ignoreTemplateLiterals: true }],
  "no-else-return": "error",
  "no-eval": "error",
  "no-implicit-coercion": "error",
  "no-implied-eval": "error",
  "no-lonely-if": "error",
  "no-loop-func": "error",
  "no-new-func": "error",
  "no-param-reassign": "error",
  "no-promise-executor-return": "error",
  "no-restricted-properties": ["error", ...MARKUP.map((property) => ({ property, message: "Make elements instead." }))],
  "no-return-assign": "error",
  "no-script-url": "error",
  "no-self-compare": "error",
  "no-sequences": "error",
  "no-shadow": "error",
  "no-throw-literal": "error",
  "no-unneeded-ternary": "error",
  "no-unused-expressions": "error",
  "no-use-before-define": ["error", { functions: false, variables: false }],
  "no-useless-return": "error",
  "no-var": "error",
  "object-shorthand": "error",
  "one-var": ["error", "never"],
  "prefer-const": "error",
  "prefer-promise-reject-errors": "error",
  "prefer-template": "error",
  radix: "error",
  // What a module exports has a sentence; elsewhere types are enough, and names say what a parameter is.
  "jsdoc/require-description": ["error", { contexts: ["ExportNamedDeclaration > FunctionDeclaration"] }],
  "jsdoc/require-jsdoc": ["error", { publicOnly: true }],
  "jsdoc/require-param-description": "off",
  "jsdoc/require-returns": ["error", { publicOnly: true }],
  "jsdoc/require-returns-description": "off",
  "jsdoc/require-yields": "off",
};

// A browser that does not know these shows everything all the same.
const ENHANCEMENTS = {
  allowProperties: [
    "box-decoration-break",
    "forced-color-adjust",
    "break-after",
    "font-variant-emoji",
    "hanging-punctuation",
    "user-select",
  ],
  allowSelectors: ["details-content", "highlight"],
};

export default [
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  { files: [...PUBLISHED, ...NODE], plugins: { jsdoc }, settings: { jsdoc: { mode: "typescript" } }, rules },
  { files: PUBLISHED, languageOptions: { sourceType: "module", globals: globals.browser } },
  { files: SCRIPTS, languageOptions: { sourceType: "script" }, rules: { strict: ["error", "function"] } },
  // What a part of a page can do is in its function's last lines, and TypeScript reads it there.
  { files: PARTS, rules: { "jsdoc/require-returns": "off" } },
  { files: NODE, languageOptions: { sourceType: "module", globals: globals.node } },
  {
    files: STYLES,
    plugins: { css },
    language: "css/css",
    rules: {
      ...css.configs.recommended.rules,
      "css/no-important": "off", // against the theme's own, and against what scripts set on an element, in print
      "css/no-invalid-properties": ["error", { allowUnknownVariables: true }], // the theme's, and those of another sheet
      "css/use-baseline": ["error", { available: 2024, ...ENHANCEMENTS }],
    },
  },
];
