/* The page at an old address of a document: on to the new one, with the fragment of the link, which names a note. A
   refresh, which the page has for readers without JavaScript, would lose it. */
(() => {
  "use strict";

  const to = document.currentScript?.dataset.to;
  if (to) location.replace(new URL(to, location.href).href + location.search + location.hash);
})();
