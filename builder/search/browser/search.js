/* Search, as far as every page needs it: the button and the keys that open the box. What the box does, the search page
   and the marks on the words that were found are loaded when they are wanted. Everything is found anew in the page at
   each event, because a theme may put in another page without loading it. */
(() => {
  "use strict";

  const HERE = new URL(".", document.currentScript.src);
  const part = (name) => document.querySelector(`[data-postil-search="${name}"]`);
  const dialog = () => part("dialog");
  const load = (name) => import(new URL(name, HERE));

  function open() {
    const box = dialog();
    if (!box || box.open) return;
    box.showModal();
    box.querySelector("input").select();
    tell("opened");
  }

  /* The box may still be on its way when a reader has typed and pressed Enter. */
  function tell(what) {
    const status = dialog().querySelector("[role=status]");
    load("box.js")
      .then((box) => box[what]())
      .catch((problem) => failed(problem, status));
  }

  function failed(problem, status) {
    console.error(problem);
    status.textContent = "Search could not be loaded. Load this page again.";
  }

  function wanted(event) {
    if (event.defaultPrevented || event.isComposing || event.altKey) return false;
    const command = event.ctrlKey || event.metaKey;
    if (command ? event.key.toLowerCase() !== "k" || event.shiftKey : event.key !== "/") return false;
    return !event.target.closest?.("input, textarea, select, [contenteditable]:not([contenteditable=false])");
  }

  document.addEventListener("keydown", (event) => {
    if (!dialog() || dialog().open || !wanted(event)) return;
    event.preventDefault();
    open();
  });
  document.addEventListener("click", (event) => {
    const control = event.target.closest?.("[data-postil-search]")?.dataset.postilSearch;
    if (control === "open") open();
    else if (control === "close" || event.target === dialog()) dialog().close(); // the dialog itself: beside the box
  });
  document.addEventListener("submit", (event) => {
    if (event.target.closest?.(".postil-search, [data-postil-find=form]")) event.preventDefault();
    if (dialog()?.contains(event.target)) tell("entered");
  });

  /* Whether the browser's way back (or forward) led here, past this script or, with a theme that keeps it, not. */
  let back = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  window.addEventListener("popstate", () => {
    back = true;
  });

  /* Without this script there is no button: it would do nothing. */
  function arrive() {
    for (const button of document.querySelectorAll('[data-postil-search="open"]')) button.hidden = !dialog();
    const page = part("page");
    const returned = back;
    back = false;
    globalThis.CSS?.highlights?.delete("postil-found");
    if (page)
      load("page.js")
        .then((search) => search.arrive(returned))
        .catch((problem) => failed(problem, page));
    else if (new URL(location.href).searchParams.has("h")) load("arrival.js").then(({ light }) => light());
  }
  if (window.document$) window.document$.subscribe(arrive);
  else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", arrive);
  else arrive();
})();
