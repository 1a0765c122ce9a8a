/* Search, as far as every page needs it: the button and the keys that open the box. What the box does, the search page
   and the marks on the words that were found are loaded when they are wanted. Everything is found anew in the page at
   each event, because a theme may put in another page without loading it. */
(() => {
  "use strict";

  const HERE = new URL(".", /** @type {HTMLScriptElement} */ (document.currentScript).src);
  /** @type {() => HTMLDialogElement | null} */
  const dialog = () => document.querySelector('[data-postil-search="dialog"]');
  /**
   * @param {EventTarget | null} target
   * @param {string} selector
   * @returns {HTMLElement | null}
   */
  const closest = (target, selector) => (target instanceof Element ? target.closest(selector) : null);
  const { gettext: _ } = globalThis.postilWords;
  /** @param {string} name */
  const load = (name) => import(new URL(name, HERE).href);

  function open() {
    const box = dialog();
    if (!box || box.open) return;
    box.showModal();
    box.querySelector("input")?.select();
    tell("opened");
  }

  /**
   * The box may still be on its way when a reader has typed and pressed Enter.
   * @param {"opened" | "entered"} what - happened
   */
  function tell(what) {
    const status = dialog()?.querySelector("[role=status]");
    load("dialog.js")
      .then((/** @type {typeof import("./dialog.js")} */ box) => box[what]())
      .catch((problem) => failed(problem, status));
  }

  /**
   * @param {unknown} problem
   * @param {Element | null | undefined} status
   */
  function failed(problem, status) {
    console.error(problem);
    if (status)
      status.textContent =
        location.protocol === "file:"
          ? _(
              "Browsers load the search only from a server, and this page was opened from a folder. Show the folder with a server: %(command)s",
              { command: "python3 -m http.server" },
            )
          : _("Search could not be loaded. Load this page again.");
  }

  /** @param {KeyboardEvent} event */
  function wanted(event) {
    if (event.defaultPrevented || event.isComposing || event.altKey) return false;
    const command = event.ctrlKey || event.metaKey;
    if (command ? event.key.toLowerCase() !== "k" || event.shiftKey : event.key !== "/") return false;
    return !closest(event.target, "input, textarea, select, [contenteditable]:not([contenteditable=false])");
  }

  document.addEventListener("keydown", (event) => {
    if (!dialog() || dialog()?.open || !wanted(event)) return;
    event.preventDefault();
    open();
  });
  document.addEventListener("click", (event) => {
    const control = closest(event.target, "[data-postil-search]")?.dataset.postilSearch;
    if (control === "open") open();
    else if (control === "close" || event.target === dialog()) dialog()?.close(); // the dialog itself: beside the box
  });
  document.addEventListener("submit", (event) => {
    if (closest(event.target, ".postil-search, [data-postil-find=form]")) event.preventDefault();
    if (closest(event.target, '[data-postil-search="dialog"]')) tell("entered");
  });

  /* Whether the browser's way back (or forward) led here, past this script or, with a theme that keeps it, not. */
  const [navigation] = performance.getEntriesByType("navigation");
  let back = navigation instanceof PerformanceNavigationTiming && navigation.type === "back_forward";
  window.addEventListener("popstate", () => {
    back = true;
  });

  /* Without this script there is no button: it would do nothing. */
  function arrive() {
    /** @type {NodeListOf<HTMLElement>} */
    const buttons = document.querySelectorAll('[data-postil-search="open"]');
    for (const button of buttons) button.hidden = !dialog();
    const page = document.querySelector('[data-postil-search="page"]');
    const returned = back;
    back = false;
    CSS.highlights?.delete("postil-found");
    if (page)
      load("page.js")
        .then((/** @type {typeof import("./page.js")} */ search) => search.arrive(returned))
        .catch((problem) => failed(problem, page));
    else if (new URL(location.href).searchParams.has("h"))
      load("arrival.js").then((/** @type {typeof import("./arrival.js")} */ arrival) => arrival.light());
  }
  if (window.document$) window.document$.subscribe(arrive);
  else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", arrive);
  else arrive();
})();
