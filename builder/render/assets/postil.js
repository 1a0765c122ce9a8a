/* Light on a document's notes: pointing at a note or at marked words lights every passage of that note, wherever
   they are. Nothing here is needed to read: references lead to notes and notes lead back without it. */
(() => {
  "use strict";

  /* What one document page consists of: for each note, its card and all its marks. */
  function survey(page) {
    const notes = new Map();
    const of = (id) => notes.get(id) ?? notes.set(id, []).get(id);
    for (const card of page.querySelectorAll("[data-postil-kind]")) of(card.id.slice(5)).push(card);
    for (const mark of page.querySelectorAll("[data-postil-notes]"))
      for (const id of mark.dataset.postilNotes.split(" ")) of(id).push(mark);
    return notes;
  }

  /* The ids of the notes that an element belongs to, the innermost first. */
  function notesAt(element) {
    const reference = element.closest("[data-postil=ref] a");
    if (reference) return [decodeURIComponent(reference.hash.slice(6))];
    const mark = element.closest("[data-postil-notes]");
    if (mark) return mark.dataset.postilNotes.split(" ");
    const card = element.closest("[data-postil-kind]");
    return card ? [card.id.slice(5)] : [];
  }

  /* Make one page lively. Gives what undoes it, for a theme that changes pages without loading. */
  function mount(page) {
    const notes = survey(page);
    const stop = new AbortController();
    let lit = [];
    const light = (ids) => {
      for (const element of lit) element.classList.remove("postil-lit", "postil-near");
      lit = ids.flatMap((id) => notes.get(id) ?? []);
      /* The innermost brightly, those around it faintly, so that one can be told from the other. */
      ids.forEach((id, depth) => {
        for (const element of notes.get(id) ?? []) element.classList.add(depth ? "postil-near" : "postil-lit");
      });
    };
    const on = (event, act) => page.addEventListener(event, act, { signal: stop.signal, passive: true });
    on("mouseover", (event) => light(notesAt(event.target)));
    on("mouseleave", () => light([]));
    on("focusin", (event) => light(notesAt(event.target)));
    on("focusout", () => light([]));
    return () => stop.abort();
  }

  let leave = () => {};
  function arrive() {
    leave();
    const page = document.querySelector(".postil-document");
    leave = page ? mount(page) : () => {};
  }

  /* Material tells of each page that it puts in; without it there is but one. */
  if (window.document$) window.document$.subscribe(arrive);
  else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", arrive);
  else arrive();
})();
