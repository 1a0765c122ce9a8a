"""Decide from the matches of a quote's parts where it is, or why it has no place. Never a guess."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from builder.anchor.find_places import (
    MOST,
    MOST_ALONE,
    combinations_in_order,
    find_exact,
    find_loosely,
    find_normalised,
)
from builder.anchor.normalise import normalise

if TYPE_CHECKING:
    from builder.anchor.searchable_text import QuotableText
    from builder.model import Quote, Span

# Ways to place a quote of several parts are counted until they hold so many spans, 0.03 s: a quote of 2,400 parts in a
# text of 17 KB took 10 s and 0.9 GB with a bound on the ways alone. A message lists ten.
_WAY_SPANS: Final = 40_000
_FEWEST_WAYS: Final = 11
_MOST_CUT: Final = 11  # matches that cut a letter; a message lists ten
_FIRST_WAYS: Final = 201  # if there are too few; for more than 200, contexts are not compared


@dataclass(frozen=True, slots=True)
class Resolved:
    """The quote has its place. ``normalised``: some part matched only normalised."""

    spans: tuple[Span, ...]
    normalised: bool


@dataclass(frozen=True, slots=True)
class EmptyPart:
    """A part (from 0) holds nothing to look for."""

    part: int


@dataclass(frozen=True, slots=True)
class Missing:
    """A part (from 0) matches nowhere.

    ``elsewhere`` is where it would match without prefix and suffix; ``cut`` are matches that cut a letter in two.
    """

    part: int
    elsewhere: tuple[Span, ...]
    cut: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """There are several ways to place the parts. ``more``: they were not counted to the end."""

    ways: tuple[tuple[Span, ...], ...]
    more: bool


@dataclass(frozen=True, slots=True)
class TooManyPlaces:
    """A part (from 0) of several matches so many places that the ways were not counted."""

    part: int
    places: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class OutOfOrder:
    """Every part has places, but no way of placing them follows the order of the parts."""

    places: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True, slots=True)
class TooFewPlaces:
    """Fewer ways than the occurrence that was asked for: the first of them, and their number."""

    ways: tuple[tuple[Span, ...], ...]
    count: int


Failure = EmptyPart | Missing | Ambiguous | TooManyPlaces | OutOfOrder | TooFewPlaces


KnownPlaces = dict[tuple[str, str, str], tuple[int, tuple["Span", ...], bool]]
"""(part, prefix, suffix) -> how many places were asked for, those that were found, and whether normalised."""


def resolve_quote(searched: QuotableText, quote: Quote, known: KnownPlaces | None = None) -> Resolved | Failure:
    """Decide where a quote is in a text.

    ``searched``: the text.
    ``quote``: as written.
    ``known``: places in this text that are known, to be used and added to.

    Each part is looked for to the letter and, if it matches nowhere, normalised; the prefix goes with the first part
    and the suffix with the last.
    """
    for index, part in enumerate(quote.parts or ("",)):
        if not normalise(part).text.strip():
            return EmptyPart(index)
    several = len(quote.parts) > 1
    most = MOST if several else _at_least(quote.occurrence or 0)
    known = {} if known is None else known
    places: list[tuple[Span, ...]] = []
    normalised = False
    for index, part in enumerate(quote.parts):
        prefix, suffix = part_context(quote, index)
        spans, folded = _find_part(searched, (part, prefix, suffix), most, known)
        normalised = normalised or folded
        if not spans:
            return _missing(searched, index, part, with_context=bool(prefix or suffix))
        if len(spans) == most and several:
            return TooManyPlaces(index, spans)
        places.append(spans)
    most = max(_FEWEST_WAYS, min(most, _WAY_SPANS // len(places))) if several else most
    return _pick(tuple(places), quote.occurrence, most, normalised=normalised)


def _at_least(occurrence: int) -> int:
    """Return how many places to look at for an occurrence. In few steps, so that other occurrences use them too."""
    return MOST_ALONE << max(0, (occurrence - 1) // MOST_ALONE).bit_length()


def _find_part(
    searched: QuotableText, key: tuple[str, str, str], most: int, known: KnownPlaces
) -> tuple[tuple[Span, ...], bool]:
    """Return the first ``most`` places of a part with its context, and whether they match only normalised."""
    asked, spans, normalised = known.get(key, (0, (), False))
    if len(spans) == asked < most:  # or it was not looked for
        spans = find_exact(searched, *key, most=most)
        normalised = not spans
        if normalised:
            spans = _find_otherwise(searched, *key, most=most)
        known[key] = (most, spans, normalised)
    return spans[:most], normalised


def _find_otherwise(
    searched: QuotableText, part: str, prefix: str = "", suffix: str = "", *, most: int = MOST, whole: bool = True
) -> tuple[Span, ...]:
    """Return the places of a part that does not match to the letter: normalised, else divided otherwise."""
    return find_normalised(searched, part, prefix, suffix, most=most, whole=whole) or find_loosely(
        searched, part, prefix, suffix, most=most, whole=whole
    )


def _missing(searched: QuotableText, index: int, part: str, *, with_context: bool) -> Missing:
    elsewhere = (
        (find_exact(searched, part, most=MOST_ALONE) or _find_otherwise(searched, part, most=MOST_ALONE))
        if with_context
        else ()
    )
    cut = (
        ()
        if elsewhere
        else _find_otherwise(searched, part, most=_MOST_CUT, whole=False)
        or find_exact(searched, part, most=_MOST_CUT, whole=False)
    )
    return Missing(index, elsewhere, cut)


def part_context(quote: Quote, part: int) -> tuple[str, str]:
    """Return the prefix and suffix that go with a part (from 0) of a quote."""
    return quote.prefix if part == 0 else "", quote.suffix if part == len(quote.parts) - 1 else ""


def _pick(
    places: tuple[tuple[Span, ...], ...], occurrence: int | None, most: int, *, normalised: bool
) -> Resolved | Failure:
    if len(places) == 1:
        count = min(len(places[0]), most)
        first = places[0][: _FIRST_WAYS if occurrence else most]
        ways: tuple[tuple[Span, ...], ...] = tuple((span,) for span in first)
    else:
        ways = tuple(islice(combinations_in_order(places), most))
        count = len(ways)
    if not ways:
        return OutOfOrder(places)
    if occurrence is None:
        return Resolved(ways[0], normalised) if count == 1 else Ambiguous(ways, more=count == most)
    if 1 <= occurrence <= count:
        way = (places[0][occurrence - 1],) if len(places) == 1 else ways[occurrence - 1]
        return Resolved(way, normalised)
    if occurrence > most == count:
        commonest = max(range(len(places)), key=lambda part: len(places[part]))
        return TooManyPlaces(commonest, places[commonest])
    return TooFewPlaces(ways, count)
