/* What the script of a document's page says, in the site's language. */

export const _ = globalThis.postilWords.gettext;
export const ngettext = globalThis.postilWords.ngettext;
