"""Describe what became of a document's notes, for the terminal; diff a sidecar's old and new text."""

from __future__ import annotations

import difflib
import shlex
from collections import Counter

from builder.anchor.disambiguating_lines import message_excerpt
from builder.anchor.nearest_passage import word_changes
from builder.reanchor.carry import Fate
from builder.reanchor.rebase import Outcome, Plan, Rebased
from builder.report import visible
from builder.source_positions import locate

_ADVICE = {
    Fate.UNSURE: "several passages could be meant: read the text, then fix quote, prefix or suffix",
    Fate.GONE: "its words are no longer there: fix the quote, or add a line: retired: <date and reason>",
}


def heading(plan: Plan) -> str:
    """Return which sidecar it is, the number of notes by fate, and where the old text was found."""
    name = plan.sidecar.name
    count = Counter(outcome.fate for outcome in plan.outcomes)
    tally = ", ".join(f"{count[fate]} {fate}" for fate in Fate if count[fate]) or "no notes with a quote"
    if plan.old:
        known = f"the old text is from {plan.old.whence}"
    elif plan.document.meta.text_sha256:
        known = "the old text was not found in git or .cache, so edited quotes below are guesses: check each"
    else:
        known = "there is no text_sha256 to find the old text by, so edited quotes below are guesses: check each"
    lines = [f"{name}: {tally}", f"    {known}"]
    if plan.shallow and not plan.old:
        lines.append("    history is cut short here (a shallow clone): git fetch --unshallow")
    return "\n".join(visible(line) for line in lines)


def story(plan: Plan, outcome: Outcome) -> str:
    """Return one note's fate: where it is now, and for an edited one its old and new words."""
    lines = [f"{outcome.note.place}: {outcome.fate}: {outcome.note.id}"]
    if outcome.spans:
        line, column = locate(plan.document.body, outcome.spans[0].start)
        lines[0] += f", now at {plan.document.path}:{line}:{column}"
    if outcome.score is not None:
        lines[0] += f" (likeness {outcome.score:.2f})"
    if outcome.fate is Fate.MOVED:
        lines.append(f"    {_words(outcome.after)}")
    elif outcome.fate is not Fate.UNCHANGED:
        lines.append(f"    was: {_words(outcome.before)}")
    if outcome.fate is Fate.EDITED:
        lines.append(f"    now: {_words(outcome.after)}")
        for before, after in zip(outcome.before, outcome.after, strict=True):
            lines += [
                f"    {_side(old_words)} → {_side(new_words)}" for old_words, new_words in word_changes(before, after)
            ]
    if advice := _ADVICE.get(outcome.fate):
        lines.append(f"    {advice}")
    return "\n".join(visible(line) for line in lines)


def ending(done: Rebased) -> str:
    """Return what is left to do; "" if nothing is."""
    path = shlex.quote(done.plan.document.path)
    if done.plan.faults:
        return visible(f"{done.plan.sidecar.name}: not finished: the sidecar itself has errors, see  postil check")
    edited = sum(outcome.fate is Fate.EDITED for outcome in done.left)
    others = len(done.left) - edited
    hints = []
    if edited:
        hints.append(f"{edited} edited: read them, then  postil rebase {path} --accept edited")
    if others:
        hints.append(f"{others} to fix by hand, then  postil pin {path}")
    return "\n".join(visible(f"{done.plan.sidecar.name}: {hint}") for hint in hints)


def diff(done: Rebased) -> str:
    """Return the change to the sidecar as a unified diff for ``git apply``; "" if there is none."""
    return file_diff(done.plan.sidecar.name, done.plan.sidecar.data, done.data)


def file_diff(name: str, before: bytes, after: bytes) -> str:
    """Return the change to a file as a unified diff for ``git apply``; "" if there is none."""
    old, new = (data.decode("utf-8").splitlines(keepends=True) for data in (before, after))
    lines = difflib.unified_diff(old, new, f"a/{name}", f"b/{name}")
    return "".join(
        visible(line.rstrip("\r\n")) + "\n" + ("" if line.endswith("\n") else "\\ No newline at end of file\n")
        for line in lines
    )


def _words(passages: tuple[str, ...]) -> str:
    return " … ".join(f'"{message_excerpt(passage)}"' for passage in passages)


def _side(words: str) -> str:
    return f'"{message_excerpt(words)}"' if words else "nothing"
