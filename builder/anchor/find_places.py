"""Find the places of a quote: strings in, spans out. Nothing here chooses among places."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import islice, takewhile
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from builder.anchor.divided_words import find_divided, quote_has_occasion
from builder.anchor.normalise import NormalisedText, normalise, original_span
from builder.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.anchor.searchable_text import QuotableText

# The most places that are looked at, unless a later occurrence is asked for: a bound on what a quote of one letter
# costs. One of several parts may be a common word, placed by the other parts: a megabyte
# holds so many "the".
MOST_ALONE: Final = 1_000
MOST: Final = 10_000


def find_exact(
    searched: QuotableText, exact: str, prefix: str = "", suffix: str = "", *, most: int = MOST, whole: bool = True
) -> tuple[Span, ...]:
    """Return, to the letter, the first ``most`` places of ``exact`` right after ``prefix`` and right before ``suffix``.

    Overlapping places are included; they come in reading order. ``exact`` must not be empty. White space of a context
    that reaches beyond the text matches its end, which is trimmed. ``whole``: leave out places that begin or end inside
    a letter.
    """
    starts = _core_starts(searched.text, prefix, exact, suffix)
    spans = (Span(start, start + len(exact)) for start in starts)
    return tuple(islice(filter(searched.is_whole, spans) if whole else spans, most))


def find_normalised(
    searched: QuotableText, exact: str, prefix: str = "", suffix: str = "", *, most: int = MOST, whole: bool = True
) -> tuple[Span, ...]:
    """Return the same with text, ``exact``, ``prefix`` and ``suffix`` normalised alike; spans are of the text itself.

    White space at the ends of ``exact`` is required first and, if that matches nowhere, dropped (a block scalar of YAML
    ends in a line feed); it is no part of the spans. A border in the normalised text matches a space or nothing.
    ``exact`` must normalise to more than white space.
    """
    words = normalise(exact).text
    core = words.strip()
    before, after = normalise(prefix).text, normalise(suffix).text
    lead = "" if before.endswith(" ") else words[: words.index(core)]
    trail = "" if after.startswith(" ") else words[words.index(core) + len(core) :]

    def places(left: str, right: str) -> tuple[Span, ...]:
        spans = _in_every_form(searched.normalised(), left, core, right)
        return tuple(islice(filter(searched.is_whole, spans) if whole else spans, most))

    spans = places(before + lead, trail + after)
    return spans if spans or not (lead or trail) else places(before, after)


def find_loosely(
    searched: QuotableText, exact: str, prefix: str = "", suffix: str = "", *, most: int = MOST, whole: bool = True
) -> tuple[Span, ...]:
    """Return the same where words are divided at a line's end, or pointed, in one of text and quote only."""
    if not searched.may_be_divided() and not any(map(quote_has_occasion, (exact, prefix, suffix))):
        return ()
    spans = find_divided(searched.letters(), exact, prefix, suffix)
    return tuple(islice(filter(searched.is_whole, spans) if whole else spans, most))


def combinations_in_order(choices: tuple[tuple[Span, ...], ...]) -> Iterator[tuple[Span, ...]]:
    """Yield all ways to take one place from each choice, each starting at or after the end of the one before.

    Every choice is in reading order; the ways come in reading order, first part first. No dead end is entered:
    the latest places that the following parts can take tell which ways can be completed.
    """
    latest = _latest(choices)
    if latest is None:
        return
    chosen: list[Span] = []
    waiting = [_from(choices[0], 0, latest[0])]  # for each part so far, the places left to try
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


def _core_starts(text: str, before: str, core: str, after: str) -> Iterator[int]:
    """Yield, in order, where ``core`` begins between ``before`` and ``after``, at the text's ends too."""
    edges = iter(sorted(_edge_starts(text, before, core, after)))
    edge = next(edges, None)
    for found in _starts(text, before + core + after):
        start = found + len(before)
        while edge is not None and edge < start:
            yield edge
            edge = next(edges, None)
        edge = next(edges, None) if edge == start else edge
        yield start
    yield from () if edge is None else (edge, *edges)


def _edge_starts(text: str, before: str, core: str, after: str) -> set[int]:
    """Return the places at the ends of a text that match but for white space which reaches beyond it."""
    left, right = before.lstrip(), after.rstrip()
    if left == before and right == after:
        return set()
    first, last = len(text) - len(text.lstrip()), len(text.rstrip())
    starts = set()
    if left != before and (at := text.find(left + core + after, 0, first + len(left + core + after))) >= 0:
        starts.add(at + len(left))
    if right != after and (at := text.rfind(before + core + right, max(0, last - len(before + core + right)))) >= 0:
        starts.add(at + len(before))
    if left != before and right != after and (at := text.find(left + core + right)) >= 0:
        alone = not text[:at].strip() and not text[at + len(left + core + right) :].strip()
        starts |= {at + len(left)} if alone else set()
    return starts


def _starts(text: str, needle: str) -> Iterator[int]:
    start = text.find(needle)
    while start >= 0:
        yield start
        start = text.find(needle, start + 1)


def _in_every_form(folded: NormalisedText, before: str, core: str, after: str) -> Iterator[Span]:
    """Yield the places in the text, and in the text without its ruby, in reading order and each once."""
    if not folded.others:
        return _original_spans(folded, before, core, after)
    forms = (folded, *folded.others)
    return iter(sorted({span for form in forms for span in _original_spans(form, before, core, after)}))


def _original_spans(folded: NormalisedText, before: str, core: str, after: str) -> Iterator[Span]:
    """Yield the places of ``core`` as spans of the original text; one that would cut a composed letter is left out."""
    if folded.letters:
        places = _over_borders(folded, before, core, after)
    else:
        places = ((start, start + len(core)) for start in _core_starts(folded.text, before, core, after))
    originals = (original_span(folded, *place) for place in places)
    return (Span(*span) for span in filter(None, originals))


def _over_borders(folded: NormalisedText, before: str, core: str, after: str) -> Iterator[tuple[int, int]]:
    """Yield the places of ``core`` in a normalised text with borders.

    Both are compared without their gaps (spaces and borders), then gap by gap: each space of the needle must be a gap,
    and each space between two letters must be in the needle. So one plain search finds every spelling, however many
    borders there are; with a pattern that has an optional border after each letter, it takes a hundred times as long.
    """
    gaps = folded.gaps
    needle = before + core + after
    letters = needle.replace(" ", "")
    wanted = {match.start() - number for number, match in enumerate(re.finditer(" ", needle))}
    whole = len(folded.letters)
    skip, size = len(before.replace(" ", "")), len(core.replace(" ", ""))
    for start in _starts(folded.letters, letters):
        first, stop = bisect_left(gaps, start), bisect_right(gaps, start + len(letters))
        there = {gaps[number] - start for number in range(first, stop)}
        there |= ({0} if start == 0 else set()) | ({len(letters)} if start + len(letters) == whole else set())
        spaces = {gaps[number] - start for number in range(first, stop) if folded.text[gaps[number] + number] == " "}
        if wanted <= there and spaces - {0, len(letters)} <= wanted:
            begin, end = start + skip, start + skip + size
            yield begin + bisect_right(gaps, begin), end + bisect_left(gaps, end)


def _latest(choices: tuple[tuple[Span, ...], ...]) -> tuple[Span, ...] | None:
    """Return the last place that each part can take, or None if the parts do not stand in this order."""
    latest: list[Span] = []
    for spans in reversed(choices):
        # Only what begins before the next part can end before it.
        stop = bisect_left(spans, latest[-1].start, key=attrgetter("start")) if latest else len(spans)
        before = (spans[number] for number in range(stop - 1, -1, -1))
        fitting = next((span for span in before if not latest or span.end <= latest[-1].start), None)
        if fitting is None:
            return None
        latest.append(fitting)
    return tuple(reversed(latest))


def _from(spans: tuple[Span, ...], start: int, last: Span) -> Iterator[Span]:
    """Return the places from an offset on, up to and including ``last``."""
    first = bisect_left(spans, start, key=attrgetter("start"))
    return takewhile(lambda span: span.start <= last.start, islice(spans, first, None))
