"""Where reading YAML ended -> what is wrong, in the words of somebody who has never heard of YAML.

A line to write is given only where it helps: where the file with that line in place can be read on beyond the fault.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from builder.diagnostics import Diagnostic, Place
from builder.read.yaml_repair.candidates import candidate_repairs
from builder.read.yaml_repair.lines import ParseStop, Repair, indent_of, neighbours

_CHARACTERS: Final = 4_000_000  # that trials may read, all together: about a second
_MOST_TRIALS: Final = 120

# What the parser says -> code, and what to do about it. The first that occurs in its message counts.
_CURES: Final = (
    ("anchor", "Y103", 'a value that begins with & must be in quotes: "&…"'),
    ("alias", "Y103", 'a value that begins with * must be in quotes: "*…", or stand in a block: note: |'),
    ("tag", "Y104", 'a value that begins with ! must be in quotes: "!…"'),
    ("mapping values are not allowed", "Y101", "put a value that holds a colon in quotes, or in a block: note: |"),
    ("escape", "Y101", "write the character itself, or use single quotes"),
    ("cannot start any token", "Y101", "put a value that begins with a special character in quotes"),
    ("quoted scalar", "Y101", "close the quotation mark, or write the value as a block: note: |"),
    ("block mapping", "Y101", "check indentation, and quote the value above if it begins with a quotation mark"),
    ("block collection", "Y101", "check the indentation of the dashes"),
    ("flow", "Y101", "close the bracket, or put the value in quotes if a bracket is meant"),
    ("directive", "Y101", "put a value that begins with % in quotes"),
)


@dataclass(frozen=True, slots=True)
class Trial:
    """How far a mended text can be read: to this line (from 0), None for as far as was asked.

    ``odd`` counts keys that are not known or given twice: signs of a reading that nobody meant. ``known`` counts the
    others: where there are fewer than there could be, a field was taken for text, and would be lost without a word.
    """

    ended: int | None
    odd: int
    known: int


def explain_syntax_error(
    lines: Sequence[str],
    stop: ParseStop,
    *,
    place: Place,
    names: frozenset[str],
    attempt: Callable[[str, int], Trial],
) -> Diagnostic:
    """The fault at ``stop``. ``place`` is the text's first line; ``attempt`` reads a text up to a line, from 0."""
    code, hint = _cure(stop)
    best = _best(lines, stop, names, attempt)
    if best is not None:
        message = best.message.replace("{}", str(best.first + place.line), 1)
        where = Place(place.file, best.first + place.line, _changed(lines[best.first], best.lines[0]))
        return Diagnostic(where, code, f"not YAML: {message}", best.hint)
    where = Place(place.file, stop.line + place.line, stop.column + 1)
    written = lines[stop.line] if stop.line < len(lines) else ""
    if written[stop.column : stop.column + 1] == "\t":
        hint = "indent with spaces, not tabs"
    elif looks := _outlier(lines, stop.line, place.line):
        hint = looks
    elif stop.began and stop.began[0] < stop.line and any(each in stop.context for each in ("quoted", "flow")):
        hint += f"\nit was opened on line {stop.began[0] + place.line}, column {stop.began[1] + 1}"
    return Diagnostic(where, code, f"not YAML: {stop.problem}", hint)


def _cure(stop: ParseStop) -> tuple[str, str]:
    said = f"{stop.context} {stop.problem}"
    found = ((code, cure) for words, code, cure in _CURES if words in said)
    return next(found, ("Y101", "put the value in quotes, or write it as a block: note: |"))


def _best(
    lines: Sequence[str], stop: ParseStop, names: frozenset[str], attempt: Callable[[str, int], Trial]
) -> Repair | None:
    """The repair after which most is read, as fields and not as text, with the fewest changes; None if none helps."""
    until = stop.line + 30
    size = sum(len(each) + 1 for each in lines[: until + 1])
    most = min(_MOST_TRIALS, _CHARACTERS // max(size, 1))
    ranked: list[tuple[int, int, int, int, int, Repair]] = []
    for order, each in enumerate(islice(candidate_repairs(lines, stop, names), most)):
        mended = each.of(lines)
        longer = len(mended) - len(lines)
        tried = attempt("\n".join(mended), until + longer)
        ended = until + 1 if tried.ended is None else tried.ended - longer
        if ended > stop.line + 1:
            ranked.append((-ended, tried.odd, -tried.known, each.count, order, each))
    return min(ranked, key=lambda each: each[:5])[5] if ranked else None


def _changed(old: str, new: str) -> int:
    """The column, from 1, at which something is to be changed; of indentation, where the line's text begins."""
    if old.lstrip(" \t") == new.lstrip(" \t"):
        return old.index("\t") + 1 if "\t" in old[: indent_of(old)] else indent_of(old) + 1
    same = next(
        (at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), min(len(old), len(new))
    )
    return same + 1


def _outlier(lines: Sequence[str], at: int, first_line: int) -> str:
    """A line near the fault that begins elsewhere than both its neighbours, in words; "" if there is none."""
    for each in range(min(at, len(lines) - 1), max(-1, at - 4), -1):
        before, after = neighbours(lines, each)
        own = indent_of(lines[each])
        if (
            lines[each].strip()
            and before == after != own
            and before >= 0
            and not lines[each].lstrip().startswith(("-", "#"))
        ):
            spaces = f"line {each + first_line} is indented by {own}, the lines around it by {before}"
            return f"check the indentation: {spaces}"
    return ""
