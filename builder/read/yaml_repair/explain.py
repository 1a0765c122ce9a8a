"""Explain why YAML could not be read, to people who do not know YAML.

A line to write is given only if it helps: if the file with that line can be read beyond the error.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from builder.diagnostics import Diagnostic, Place
from builder.read.yaml_repair.candidates import candidate_repairs
from builder.read.yaml_repair.lines import ParseStop, Repair, indent_of, neighbours

CHARACTERS: Final = 4_000_000  # that the trials for one error may read: about a second
_MOST_TRIALS: Final = 120

# Words in the parser's message -> code, and what to do. The first that occurs counts.
_HINTS: Final = (
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
    """How far a repaired text can be read: up to this line (from 0); None: as far as was asked.

    ``odd`` counts keys that are unknown or repeated, which are signs of a wrong repair. ``known`` counts the others:
    if they are fewer than with another repair, a field was read as text, and would be lost silently.
    """

    ended: int | None
    odd: int
    known: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """The diagnostic of an error, and the repair that it proposes if no other would do as well; else None.

    ``characters`` is how many were read to find it.
    """

    diagnostic: Diagnostic
    repair: Repair | None
    characters: int


def explain_syntax_error(
    lines: Sequence[str],
    stop: ParseStop,
    *,
    place: Place,
    names: frozenset[str],
    attempt: Callable[[str, int], Trial],
    characters: int = CHARACTERS,
) -> Explanation:
    """Return the diagnostic for a text that cannot be read.

    ``lines``: the text.
    ``stop``: where reading stopped.
    ``place``: the place of the text's first line.
    ``names``: the words known as keys.
    ``attempt``: reads a text up to a line, from 0.
    ``characters``: how many may be read.
    """
    code, hint = _code_and_hint(stop)
    best, alone, spent = _best_repair(lines, stop, names, attempt, characters)
    if best is not None:
        message = best.message.replace("{}", str(best.first + place.line), 1)
        where = Place(place.file, best.first + place.line, _first_changed_column(lines[best.first], best.lines[0]))
        return Explanation(Diagnostic(where, code, f"not YAML: {message}", best.hint), best if alone else None, spent)
    where = Place(place.file, stop.line + place.line, stop.column + 1)
    written = lines[stop.line] if stop.line < len(lines) else ""
    if written[stop.column : stop.column + 1] == "\t":
        hint = "indent with spaces, not tabs"
    elif outlier := _outlier(lines, stop.line, place.line):
        hint = outlier
    elif stop.began and stop.began[0] < stop.line and any(context in stop.context for context in ("quoted", "flow")):
        hint += f"\nit was opened on line {stop.began[0] + place.line}, column {stop.began[1] + 1}"
    return Explanation(Diagnostic(where, code, f"not YAML: {stop.problem}", hint), None, spent)


def _code_and_hint(stop: ParseStop) -> tuple[str, str]:
    message = f"{stop.context} {stop.problem}"
    found = ((code, hint) for words, code, hint in _HINTS if words in message)
    return next(found, ("Y101", "put the value in quotes, or write it as a block: note: |"))


def _best_repair(
    lines: Sequence[str],
    stop: ParseStop,
    names: frozenset[str],
    attempt: Callable[[str, int], Trial],
    characters: int,
) -> tuple[Repair | None, bool, int]:
    """Return the repair after which most is read, with most fields and fewest changes; None if none helps.

    And whether no other repair does as well, and how many characters were read.
    """
    until = stop.line + 30
    size = sum(len(line) + 1 for line in lines[: until + 1])
    most = min(_MOST_TRIALS, characters // max(size, 1))
    ranked: list[tuple[int, int, int, int, int, Repair]] = []
    trials = 0
    for order, repair in enumerate(islice(candidate_repairs(lines, stop, names), most)):
        trials += 1
        repaired = repair.apply(lines)
        longer = len(repaired) - len(lines)
        tried = attempt("\n".join(repaired), until + longer)
        ended = until + 1 if tried.ended is None else tried.ended - longer
        if ended > stop.line + 1:
            ranked.append((-ended, tried.odd, -tried.known, repair.count, order, repair))
    if not ranked:
        return None, False, trials * size
    ranked.sort(key=lambda rating: rating[:5])
    best = ranked[0]
    as_good = (rating[5] for rating in ranked if (rating[:4], rating[5].rank) == (best[:4], best[5].rank))
    equals = {tuple(repair.apply(lines)) for repair in as_good}
    return best[5], len(equals) == 1, trials * size


def _first_changed_column(old: str, new: str) -> int:
    """Return the column (from 1) of the first change; for indentation, where the line's text begins."""
    if old.lstrip(" \t") == new.lstrip(" \t"):
        return old.index("\t") + 1 if "\t" in old[: indent_of(old)] else indent_of(old) + 1
    same = next(
        (at for at, (was, now) in enumerate(zip(old, new, strict=False)) if was != now), min(len(old), len(new))
    )
    return same + 1


def _outlier(lines: Sequence[str], at: int, first_line: int) -> str:
    """Return a hint at a line near the error that is indented differently from both its neighbours, or ""."""
    for number in range(min(at, len(lines) - 1), max(-1, at - 4), -1):
        before, after = neighbours(lines, number)
        own = indent_of(lines[number])
        if (
            lines[number].strip()
            and before == after != own
            and before >= 0
            and not lines[number].lstrip().startswith(("-", "#"))
        ):
            spaces = f"line {number + first_line} is indented by {own}, the lines around it by {before}"
            return f"check the indentation: {spaces}"
    return ""
