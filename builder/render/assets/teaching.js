/* Teaching mode: a claim whose verdict is closed asks for the reader's own, then opens what was found and says whether
   the two agree. At the end stands how often they did, to be printed or copied. Without this, what was found opens as
   any details do. Only pages with closed verdicts load it, and the theme runs it again for each of them. */

import { all, closest, make, one } from "./document/elements.js";
import { ngettext } from "./document/messages.js";
import { forgetVerdicts, keepVerdict, keptVerdicts } from "./teaching/kept.js";

/** @param {HTMLElement} page */
function teach(page) {
  const end = one(page, ".postil-answers");
  /* The reader's verdicts, by note. */
  /** @type {Map<string, string>} */
  const given = new Map();
  const claims = all(page, "[data-postil-found]").flatMap((found) => {
    const card = closest(found, "[data-postil-kind]");
    return card ? [{ card, found, id: card.id.slice(5) }] : [];
  });

  /* A note may be open in the sheet too, as a copy that has no listeners. */
  const stop = new AbortController();
  /** @type {(event: "click" | "keydown", act: (event: any) => void) => void} */
  const on = (event, act) =>
    document.addEventListener(event, (it) => (page.isConnected ? act(it) : stop.abort()), {
      signal: stop.signal,
      capture: true,
    });

  /** @type {(ask: HTMLElement) => HTMLButtonElement | undefined} */
  const chosen = (ask) => {
    const verdict = given.get(ask.dataset.postilAsks ?? "");
    return [...ask.querySelectorAll("button")].find((button) => button.value === verdict);
  };
  /** @type {(place: HTMLElement) => Node} */
  const stamp = (place) => one(place, ".postil-stamp").cloneNode(true);

  /**
   * Show what was answered to one question, or that nothing was.
   * @param {HTMLElement} ask
   */
  function show(ask) {
    const button = chosen(ask);
    const judged = /** @type {HTMLElement} */ (ask.nextElementSibling);
    const closed = /** @type {HTMLDetailsElement} */ (judged.nextElementSibling);
    const same = button?.value === one(closed, "[data-postil-found]").dataset.postilFound;
    const before = ask.hidden;
    ask.hidden = button !== undefined;
    judged.replaceChildren(
      ...(button
        ? [
            make("span", { class: "postil-label" }, judged.dataset.label ?? ""),
            " ",
            stamp(button),
            " ",
            make("span", { class: "postil-agreement" }, judged.dataset[same ? "same" : "other"] ?? ""),
          ]
        : []),
    );
    if (ask.hidden !== before) {
      /* Notes beside the text move as one of them opens, which this one may have done before. */
      if (closed.open === ask.hidden) closed.dispatchEvent(new Event("toggle"));
      closed.open = ask.hidden;
      closed.classList.toggle("postil-asked", ask.hidden);
    }
  }

  /** @param {string} [only] - the note whose answer has changed, if not all have */
  function refresh(only) {
    for (const ask of all(document, ".postil-ask"))
      if ((only ?? ask.dataset.postilAsks) === ask.dataset.postilAsks) show(ask);
    const answered = claims.filter(({ card }) => one(card, ".postil-ask").hidden);
    const rows = answered.map(({ card, found, id }) => {
      const [words] = [".postil-statement", ".postil-quote", ".postil-kind"].flatMap((part) => all(card, part));
      const cell = make("bdi", {}, words.textContent.trim());
      for (const name of ["lang", "dir"])
        if (words.hasAttribute(name)) cell.setAttribute(name, words.getAttribute(name) ?? "");
      const mine = /** @type {HTMLElement} */ (chosen(one(card, ".postil-ask")));
      const link = make("a", { href: `#note-${id}` }, cell);
      return make(
        "tr",
        {},
        make("th", { scope: "row" }, link),
        ...[mine, found].map((place) => make("td", card.lang ? { lang: card.lang } : {}, stamp(place))),
      );
    });
    one(end, "tbody").replaceChildren(...rows);
    const agreed = claims.filter(({ found, id }) => given.get(id) === found.dataset.postilFound).length;
    const open = claims.length - answered.length;
    one(end, ".postil-score").textContent = ngettext(
      "%(agreed)s of %(num)s as the editors judged",
      "%(agreed)s of %(num)s as the editors judged",
      answered.length,
      { agreed },
    );
    one(end, ".postil-open-claims").textContent = open
      ? ngettext("%(num)s claim is still to be judged.", "%(num)s claims are still to be judged.", open)
      : "";
    for (const part of all(end, "[data-postil-answered]")) part.hidden = !answered.length;
  }

  /** @param {Promise<unknown>} kept */
  function tell(kept) {
    kept.catch(() => {
      one(end, ".postil-kept").hidden = true;
      one(end, ".postil-not-kept").hidden = false;
    });
  }

  /** @param {HTMLButtonElement} button */
  function answer(button) {
    const ask = /** @type {HTMLElement} */ (button.parentElement);
    const id = ask.dataset.postilAsks ?? "";
    const focused = ask.contains(document.activeElement);
    given.set(id, button.value);
    tell(keepVerdict(id, button.value));
    refresh(id);
    if (focused) one(/** @type {HTMLElement} */ (ask.parentElement), ".postil-closed > summary").focus();
  }

  function begin() {
    if (!confirm(one(end, "[data-postil-answers=begin]").dataset.confirm)) return;
    given.clear();
    tell(forgetVerdicts());
    refresh();
    one(end, "h2").focus();
  }

  async function copy() {
    const text = (/** @type {Element} */ cell) => cell.textContent.trim().replaceAll(/\s+/g, " ");
    const rows = all(end, "tr").map((row) => Array.from(row.children, text).join("\t"));
    const head = [text(one(page, "h1")), location.href.split("#")[0], text(one(end, ".postil-score")), ""];
    await navigator.clipboard.writeText([...head, ...rows, ""].join("\n"));
    one(end, ".postil-copied").textContent = one(end, ".postil-copied").dataset.done ?? "";
  }

  function print() {
    const off = () => page.classList.remove("postil-print-judged");
    page.classList.add("postil-print-judged");
    addEventListener("afterprint", off, { once: true });
    window.print();
  }

  /* Until now the style sheet has kept the place of what is hidden. */
  page.classList.add("postil-taught");
  /* That a claim has no verdict was not to be seen either. */
  for (const ask of all(page, ".postil-ask"))
    if (!claims.some(({ id }) => id === ask.dataset.postilAsks)) {
      ask.nextElementSibling?.remove();
      ask.remove();
    }
  one(end, "[data-postil-answers=copy]").hidden = !navigator.clipboard;
  end.hidden = !claims.length;
  on("click", ({ target }) => {
    const button = closest(target, ".postil-ask > button");
    if (button instanceof HTMLButtonElement) answer(button);
    const act = { begin, copy, print }[closest(target, "[data-postil-answers]")?.dataset.postilAnswers ?? ""];
    if (act) act();
  });
  /* A digit answers the question of the note, or of the sheet, that has the focus. Digits need the shift key on some
     keyboards, which give the place of the key as well. */
  on("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || closest(event.target, "select, input")) return;
    const digit = event.key.match(/^[1-9]$/)?.[0] ?? (event.shiftKey ? null : event.code.match(/^Digit([1-9])$/)?.[1]);
    const ask = closest(event.target, "[data-postil-kind], .postil-sheet")?.querySelector(".postil-ask:not([hidden])");
    const button = digit && ask?.querySelectorAll("button")[Number(digit) - 1];
    if (!button) return;
    event.preventDefault();
    button.click();
  });
  refresh();
  const kept = keptVerdicts().then((verdicts) => {
    for (const [id, verdict] of verdicts) if (!given.has(id)) given.set(id, verdict);
    if (verdicts.size) refresh();
  });
  tell(kept);
}

const taught = document.querySelector(".postil-document");
if (taught instanceof HTMLElement && taught.querySelector(".postil-answers")) teach(taught);
