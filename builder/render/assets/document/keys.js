/* Keys. Single letters can be switched off, as WCAG 2.1.4 asks. */

import { closest, make, one } from "./elements.js";

/** @import * as T from "../types.d.ts" */

const off = () => {
  try {
    return localStorage.getItem("postil.keys") === "off";
  } catch {
    return false;
  }
};

/**
 * Listen to the keys of a page. Gives what shows the list of them.
 * @param {T.KeysPage} page
 * @param {T.Listen} on
 */
export function keysOf(page, on) {
  function help() {
    const list = /** @type {HTMLTemplateElement} */ (one(document, ".postil-keylist"));
    const content = make("div", {}, list.content.cloneNode(true));
    const box = /** @type {HTMLInputElement} */ (one(content, "input"));
    box.checked = !off();
    on(box, "change", () => {
      try {
        localStorage.setItem("postil.keys", box.checked ? "on" : "off");
      } catch {
        /* not kept */
      }
    });
    page.show(list.dataset.title ?? "", content);
  }

  /** @param {KeyboardEvent} event */
  function pressed(event) {
    const typing = closest(event.target, "input:not([type=checkbox]), textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector("dialog[open]:not(.postil-sheet)")) return;
    if (event.key === "Escape") page.leave(event.target);
    if (event.key === "Enter") page.enter(event.target);
    if (!["n", "p", "?"].includes(event.key) || (event.key !== "?" && off())) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "?") help();
    else page.walk(event.key === "n" ? 1 : -1);
  }

  on(document, "keydown", pressed, { capture: true });
  return help;
}
