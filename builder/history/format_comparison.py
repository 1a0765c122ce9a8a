"""Format a comparison: text for a terminal, Markdown for a pull request, JSON for programs. Pure strings.

Titles, ids and quotes may be hostile: in text they cannot steer a terminal, and in Markdown they stand in code spans
alone, where nothing is a mention, a link, an image or HTML.
"""

from __future__ import annotations

import json as json_format
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Final

from builder.diagnostics import Diagnostic
from builder.history.differences import Difference, DifferenceKind
from builder.model import NoteKind
from builder.report import visible

JSON_VERSION: Final = 1
MARK: Final = "<!-- postil: changes -->"  # by which a comment is found again, to be updated and not repeated
_MOST_LINES: Final = 100  # of one kind in Markdown: GitHub takes 65,536 characters in a comment
_MOST_WORDS: Final = 200  # characters of anything that is quoted in Markdown
_MOST_CHARACTERS: Final = 60_000

_HEADINGS: Final = {
    DifferenceKind.VERDICT: "verdict changed",
    DifferenceKind.CORRECTION: "correction",
    DifferenceKind.UNPLACED: "note without its place",
    DifferenceKind.RETIRED: "note retired",
    DifferenceKind.REMOVED: "note removed",
    DifferenceKind.ADDED: "note added",
    DifferenceKind.MOVED: "note moved",
    DifferenceKind.ANCHORED: "quote re-anchored",
    DifferenceKind.EDITED: "note edited",
    DifferenceKind.CITED: "source cited",
    DifferenceKind.UNCITED: "source no longer cited",
    DifferenceKind.DOCUMENT_REMOVED: "document removed",
    DifferenceKind.DOCUMENT_ADDED: "document added",
    DifferenceKind.DOCUMENT_MOVED: "document moved",
    DifferenceKind.DOCUMENT_EDITED: "document edited",
    DifferenceKind.SOURCE_REMOVED: "source removed from the bibliography",
    DifferenceKind.SOURCE_ADDED: "source added to the bibliography",
    DifferenceKind.SOURCE_EDITED: "source edited in the bibliography",
    DifferenceKind.SCALE: "step of the verdict scale changed",
}
NOTHING: Final = "No note, document or source changed."  # a comment that says no more is not begun


class DiffFormat(StrEnum):
    """The formats of a comparison."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from ``base`` to ``head`` (as given on the command line), and the errors of either side."""

    base: str
    head: str
    differences: tuple[Difference, ...]
    faults_before: tuple[Diagnostic, ...]
    faults_after: tuple[Diagnostic, ...]


def format_comparison(comparison: Comparison, form: DiffFormat) -> str:
    """Return the comparison in one of the formats, ending in a line feed."""
    match form:
        case DiffFormat.TEXT:
            return text(comparison)
        case DiffFormat.MARKDOWN:
            return markdown(comparison)
        case DiffFormat.JSON:
            return json(comparison)


def text(comparison: Comparison) -> str:
    """Return a heading with a count for each kind of difference, with its differences below."""
    lines = []
    for what, several in _kinds(comparison.differences):
        lines += [_heading(what, len(several)), *(f"  {_plain(difference)}" for difference in several), ""]
    lines += [visible(warning) for warning in _warnings(comparison)]
    return "\n".join([*lines, _tally(comparison.differences), ""])


def markdown(comparison: Comparison) -> str:
    """Return the comparison for a pull request: verdicts first, everything quoted in code spans."""
    lines = [MARK, f"### Notes: what changed from {_code(comparison.base)} to {_code(comparison.head)}", ""]
    lines += [f"> {warning}" for warning in _warnings(comparison)]
    lines += ["", _tally(comparison.differences), ""]
    room = _MOST_CHARACTERS - sum(map(len, lines))
    for what, several in _kinds(comparison.differences):
        section = [f"**{_heading(what, len(several))}**", "", *_points(several), ""]
        room -= sum(len(line) + 1 for line in section)
        if room < 0:
            lines.append("*The rest is too long for a comment; `postil diff` shows it.*")
            break
        lines += section
    return "\n".join(lines).rstrip("\n") + "\n"


def json(comparison: Comparison) -> str:
    """Return an object in ASCII: ``version``, ``base``, ``head``, ``summary`` (kind -> number), ``differences``.

    Each difference has ``what``, ``document``, ``note``, ``kind``, ``before``, ``after``, ``verdict``, ``words``,
    ``fields``, ``file``, ``line`` and ``column``. ``faults`` holds the number of errors of either side, which may hide
    notes.
    """
    value = {
        "version": JSON_VERSION,
        "base": comparison.base,
        "head": comparison.head,
        "summary": {what: len(several) for what, several in _kinds(comparison.differences)},
        "faults": {"base": len(comparison.faults_before), "head": len(comparison.faults_after)},
        "differences": [
            {
                "what": difference.what,
                "document": difference.document or None,
                "note": difference.note,
                "kind": difference.kind,
                "before": difference.before,
                "after": difference.after,
                "verdict": difference.verdict,
                "words": difference.words,
                "fields": difference.fields,
                "file": difference.place.file or None,
                "line": difference.place.line or None,
                "column": difference.place.column or None,
            }
            for difference in comparison.differences
        ],
    }
    return json_format.dumps(value, indent=2).replace("\x7f", "\\u007f") + "\n"


def _kinds(differences: Sequence[Difference]) -> Iterator[tuple[DifferenceKind, list[Difference]]]:
    return ((what, list(several)) for what, several in groupby(differences, key=lambda difference: difference.what))


def _heading(what: DifferenceKind, number: int) -> str:
    first, _, rest = _HEADINGS[what].partition(" ")
    return f"{number} {first}{'' if number == 1 else 's'} {rest}".rstrip()


def _tally(differences: Sequence[Difference]) -> str:
    return ", ".join(_heading(what, len(several)) for what, several in _kinds(differences)) or NOTHING


def _warnings(comparison: Comparison) -> Iterator[str]:
    """Yield a warning for each state with errors: a note that cannot be read there looks removed."""
    for side, diagnostics in (("older", comparison.faults_before), ("newer", comparison.faults_after)):
        if diagnostics:
            many = "1 error" if len(diagnostics) == 1 else f"{len(diagnostics)} errors"
            yield f"The {side} state has {many}: notes that cannot be read there count as missing."


def _plain(difference: Difference) -> str:
    parts = _parts(difference, str)
    words = f'  {_reads(difference)}"{difference.words}"' if _has_words(difference) else ""
    return visible(": ".join((_subject(difference), *parts)) + words)


def _points(several: Sequence[Difference]) -> Iterator[str]:
    for difference in several[:_MOST_LINES]:
        parts = _parts(difference, _code)
        words = f" — {_reads(difference)}{_code(difference.words)}" if _has_words(difference) else ""
        yield "- " + ": ".join((_code(_subject(difference)), *parts)) + words
    if len(several) > _MOST_LINES:
        yield f"- … and {len(several) - _MOST_LINES} more"


def _subject(difference: Difference) -> str:
    return (
        f"{difference.document}#{difference.note}"
        if difference.document and difference.note
        else difference.document or difference.note or ""
    )


def _has_words(difference: Difference) -> bool:
    return bool(difference.words) and difference.words != difference.after


def _reads(difference: Difference) -> str:
    return "reads " if difference.kind is NoteKind.CORRECTION else ""


def _parts(difference: Difference, show: Callable[[str], str]) -> Iterator[str]:
    """Yield the note's label, where the change does not say it, and the change.

    The quote comes after them: whoever copies a claim from a report must copy its verdict too.
    """
    labelled = {DifferenceKind.VERDICT, DifferenceKind.CORRECTION, DifferenceKind.ADDED, DifferenceKind.REMOVED}
    if difference.kind and difference.what not in labelled:
        rated = difference.kind is NoteKind.CLAIM
        yield f"{difference.kind}, {show(difference.verdict or 'not rated')}" if rated else str(difference.kind)
    if change := _change(difference, show):
        yield change


def _change(difference: Difference, show: Callable[[str], str]) -> str:
    before, after = (value and show(value) for value in (difference.before, difference.after))
    match difference.what:
        case DifferenceKind.VERDICT:
            words = f"{before or 'none'} → {after or 'none'}"
        case DifferenceKind.CORRECTION if not before:
            words = f"should read {after}"
        case DifferenceKind.CORRECTION if not after:
            words = f"withdrawn (should read {before})"
        case DifferenceKind.ADDED | DifferenceKind.REMOVED:
            words = ", ".join(filter(None, (difference.kind, after or before)))
        case DifferenceKind.MOVED | DifferenceKind.DOCUMENT_MOVED:
            words = f"was {before}"
        case _ if difference.fields:
            words = ", ".join(map(show, difference.fields))
        case _ if before and after:
            words = f"{before} → {after}"
        case _:
            words = after or before or ""
    return words


def _code(words: str) -> str:
    """Return the words as a code span on one line, fenced with more backticks than they hold."""
    line = visible(" ".join(words.split()))
    line = line if len(line) <= _MOST_WORDS else line[: _MOST_WORDS - 1] + "…"
    fence = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    return f"{fence} {line} {fence}" if line.startswith("`") or line.endswith("`") else f"{fence}{line or ' '}{fence}"
