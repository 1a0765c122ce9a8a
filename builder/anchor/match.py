"""The matcher: strings in, spans out. It knows neither notes nor files, and it never chooses among places."""

from __future__ import annotations

from bisect import bisect_left
from itertools import islice, takewhile
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from builder.anchor.normalise import NormalisedText, normalise, original_span
from builder.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

# No more places of a quote are looked at, unless a later occurrence is asked for: it bounds what a quote of one letter
# costs. A part of several may be a common word ("the" stands so often in a megabyte) that the others put in its place.
MOST_ALONE: Final = 1_000
MOST: Final = 10_000


def find_exact(text: str, exact: str, prefix: str = "", suffix: str = "", *, most: int = MOST) -> tuple[Span, ...]:
    """Find, to the letter, the first ``most`` places of ``exact`` right after ``prefix`` and right before ``suffix``.

    Overlapping places are included; they come in reading order. ``exact`` must not be empty.
    """
    needle = prefix + exact + suffix
    starts = islice(_starts(text, needle), most)
    return tuple(Span(start + len(prefix), start + len(prefix) + len(exact)) for start in starts)


def find_normalised(
    folded: NormalisedText, exact: str, prefix: str = "", suffix: str = "", *, most: int = MOST
) -> tuple[Span, ...]:
    """Find the same in a folded text, all three folded alike; give spans of the original text.

    White space at the ends of ``exact`` is asked for first and then, where that fits nowhere, let go (a block scalar
    of YAML ends in a line feed); it is no part of the spans. A place that would cut a composed letter is none.
    ``exact`` must fold to more than white space.
    """
    whole = normalise(exact).text
    core = whole.strip()
    before, after = normalise(prefix).text, normalise(suffix).text
    lead = "" if before.endswith(" ") else whole[: whole.index(core)]
    trail = "" if after.startswith(" ") else whole[whole.index(core) + len(core) :]
    spans = _unfolded(folded, before + lead, core, trail + after, most)
    return spans if spans or not (lead or trail) else _unfolded(folded, before, core, after, most)


def combinations_in_order(choices: tuple[tuple[Span, ...], ...]) -> Iterator[tuple[Span, ...]]:
    """Go through all ways to take one place from each choice, each starting at or after the end of the one before.

    Every choice is in reading order; the ways come in reading order, first part first. No dead end is entered: what
    cannot be completed is known from the latest places that the following parts can take.
    """
    latest = _latest(choices)
    if latest is None:
        return
    chosen: list[Span] = []
    waiting = [_from(choices[0], 0, latest[0])]  # for each part so far, what it may still take
    while waiting:
        span = next(waiting[-1], None)
        del chosen[len(waiting) - 1 :]
        if span is None:
            waiting.pop()
        elif len(waiting) == len(choices):
            yield (*chosen, span)
        else:
            chosen.append(span)
            waiting.append(_from(choices[len(chosen)], span.end, latest[len(chosen)]))


def _starts(text: str, needle: str) -> Iterator[int]:
    start = text.find(needle)
    while start >= 0:
        yield start
        start = text.find(needle, start + 1)


def _unfolded(folded: NormalisedText, before: str, core: str, after: str, most: int) -> tuple[Span, ...]:
    originals = (
        original_span(folded, start + len(before), start + len(before) + len(core))
        for start in _starts(folded.text, before + core + after)
    )
    return tuple(Span(*span) for span in islice(filter(None, originals), most))


def _latest(choices: tuple[tuple[Span, ...], ...]) -> tuple[Span, ...] | None:
    """The last place that each part can take, or None where the parts do not stand in this order."""
    latest: list[Span] = []
    for spans in reversed(choices):
        fitting = [span for span in spans if not latest or span.end <= latest[-1].start]
        if not fitting:
            return None
        latest.append(fitting[-1])
    return tuple(reversed(latest))


def _from(spans: tuple[Span, ...], start: int, last: Span) -> Iterator[Span]:
    """The places from an offset on, up to and including ``last``."""
    first = bisect_left(spans, start, key=attrgetter("start"))
    return takewhile(lambda span: span.start <= last.start, islice(spans, first, None))
