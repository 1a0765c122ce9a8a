"""What changed, as text for a terminal, Markdown for a pull request, JSON for programs. Pure strings.

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
    """The forms that a comparison can be told in."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from ``base`` to ``head`` (as they were asked for), and the errors of either side."""

    base: str
    head: str
    differences: tuple[Difference, ...]
    faults_before: tuple[Diagnostic, ...]
    faults_after: tuple[Diagnostic, ...]


def format_comparison(comparison: Comparison, form: DiffFormat) -> str:
    """The comparison in one of its forms, ending in a line feed."""
    match form:
        case DiffFormat.TEXT:
            return text(comparison)
        case DiffFormat.MARKDOWN:
            return markdown(comparison)
        case DiffFormat.JSON:
            return json(comparison)


def text(comparison: Comparison) -> str:
    """A heading with a tally for each kind of difference, and a line each under it."""
    lines = []
    for what, several in _kinds(comparison.differences):
        lines += [_heading(what, len(several)), *(f"  {_plain(each)}" for each in several), ""]
    lines += [visible(each) for each in _warnings(comparison)]
    return "\n".join([*lines, _tally(comparison.differences), ""])


def markdown(comparison: Comparison) -> str:
    """The same for a pull request: verdicts first, what is long folded away, all that is quoted in code spans."""
    lines = [MARK, f"### Notes: what changed from {_code(comparison.base)} to {_code(comparison.head)}", ""]
    lines += [f"> {each}" for each in _warnings(comparison)]
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
    """An object with ``version``, ``base``, ``head``, ``summary`` (kind -> number) and ``differences``, in plain ASCII.

    Each difference has ``what``, ``document``, ``note``, ``kind``, ``before``, ``after``, ``words``, ``fields``,
    ``file``, ``line`` and ``column``. ``faults`` holds the number of errors of either side, which may hide notes.
    """
    value = {
        "version": JSON_VERSION,
        "base": comparison.base,
        "head": comparison.head,
        "summary": {what: len(several) for what, several in _kinds(comparison.differences)},
        "faults": {"base": len(comparison.faults_before), "head": len(comparison.faults_after)},
        "differences": [
            {
                "what": each.what,
                "document": each.document or None,
                "note": each.note,
                "kind": each.kind,
                "before": each.before,
                "after": each.after,
                "words": each.words,
                "fields": each.fields,
                "file": each.place.file or None,
                "line": each.place.line or None,
                "column": each.place.column or None,
            }
            for each in comparison.differences
        ],
    }
    return json_format.dumps(value, indent=2).replace("\x7f", "\\u007f") + "\n"


def _kinds(differences: Sequence[Difference]) -> Iterator[tuple[DifferenceKind, list[Difference]]]:
    return ((what, list(several)) for what, several in groupby(differences, key=lambda each: each.what))


def _heading(what: DifferenceKind, number: int) -> str:
    first, _, rest = _HEADINGS[what].partition(" ")
    return f"{number} {first}{'' if number == 1 else 's'} {rest}".rstrip()


def _tally(differences: Sequence[Difference]) -> str:
    return ", ".join(_heading(what, len(several)) for what, several in _kinds(differences)) or NOTHING


def _warnings(comparison: Comparison) -> Iterator[str]:
    """Errors hide notes, and a note that can't be read looks like one that is gone: say so."""
    for side, faults in (("older", comparison.faults_before), ("newer", comparison.faults_after)):
        if faults:
            many = "1 error" if len(faults) == 1 else f"{len(faults)} errors"
            yield f"The {side} state has {many}: notes that cannot be read there are taken to be missing."


def _plain(each: Difference) -> str:
    change = _change(each, str)
    words = f'  "{each.words}"' if each.words and each.words != each.after else ""
    return visible(f"{_subject(each)}{': ' if change else ''}{change}{words}")


def _points(several: Sequence[Difference]) -> Iterator[str]:
    for each in several[:_MOST_LINES]:
        change = _change(each, _code)
        words = f" — {_code(each.words)}" if each.words and each.words != each.after else ""
        yield f"- {_code(_subject(each))}{': ' if change else ''}{change}{words}"
    if len(several) > _MOST_LINES:
        yield f"- … and {len(several) - _MOST_LINES} more"


def _subject(each: Difference) -> str:
    return f"{each.document}#{each.note}" if each.document and each.note else each.document or each.note or ""


def _change(each: Difference, show: Callable[[str], str]) -> str:
    before, after = (value and show(value) for value in (each.before, each.after))
    match each.what:
        case DifferenceKind.VERDICT:
            said = f"{before or 'none'} → {after or 'none'}"
        case DifferenceKind.CORRECTION if not before:
            said = f"should read {after}"
        case DifferenceKind.CORRECTION if not after:
            said = f"withdrawn (should read {before})"
        case DifferenceKind.ADDED | DifferenceKind.REMOVED:
            said = ", ".join(filter(None, (each.kind, after or before)))
        case DifferenceKind.MOVED | DifferenceKind.DOCUMENT_MOVED:
            said = f"was {before}"
        case _ if each.fields:
            said = ", ".join(map(show, each.fields))
        case _ if before and after:
            said = f"{before} → {after}"
        case _:
            said = after or before or ""
    return said


def _code(words: str) -> str:
    """The words as a code span on one line: fenced with more backticks than they hold."""
    line = visible(" ".join(words.split()))
    line = line if len(line) <= _MOST_WORDS else line[: _MOST_WORDS - 1] + "…"
    fence = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    return f"{fence} {line} {fence}" if line.startswith("`") or line.endswith("`") else f"{fence}{line or ' '}{fence}"
