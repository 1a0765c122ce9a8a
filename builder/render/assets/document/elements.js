/* Making and finding elements. */

/**
 * Make an element.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** @type {(root: ParentNode, selector: string) => HTMLElement[]} */
export const all = (root, selector) => Array.from(root.querySelectorAll(selector));

/**
 * An element that is there on every page with notes.
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {HTMLElement}
 */
export const one = (root, selector) => /** @type {HTMLElement} */ (root.querySelector(selector));

/** @type {(target: EventTarget | null, selector: string) => HTMLElement | null} */
export const closest = (target, selector) => (target instanceof Element ? target.closest(selector) : null);

/** @type {(element: Element) => DOMRect} */
export const firstBox = (element) => element.getClientRects()[0] ?? element.getBoundingClientRect();
