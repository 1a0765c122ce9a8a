/* What scripts say to readers, in the site's language. `postilTranslation`, which stands before this in what is
   published, has the translations of the messages that scripts use; in English there is none. */

/** @import * as T from "./types.d.ts" */

(() => {
  "use strict";

  /** @type {T.TranslationData} */
  const {
    locale = "en-GB",
    digits = "latn",
    categories = ["one", "other"],
    messages = {},
  } = globalThis.postilTranslation ?? {};
  const plural = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale, { numberingSystem: digits });

  /** @type {(text: string, values: T.Values) => string} */
  const fill = (text, values) =>
    text.replaceAll(/%(?:%|\((\w+)\)s)/g, (whole, name) => {
      const value = values[name];
      return name === undefined ? "%" : typeof value === "number" ? numbers.format(value) : String(value ?? whole);
    });

  globalThis.postilWords = {
    locale,
    number: (value) => numbers.format(value),
    gettext: (message, values = {}) => fill(messages[message]?.[0] ?? message, values),
    pgettext: (context, message, values = {}) => fill(messages[`${context}|${message}`]?.[0] ?? message, values),
    ngettext: (one, many, num, values = {}) =>
      fill(messages[one]?.[categories.indexOf(plural.select(num))] ?? (num === 1 ? one : many), { num, ...values }),
  };
})();
