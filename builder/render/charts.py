"""The shapes of the pictures: where bars begin and curves end. Numbers only; words stand beside them in HTML.

Every picture is bars or curves in a box that stretches with its page, and every word is HTML text next to it, so no
letter has to be measured, nothing shrinks on a phone, and colours are the theme's own. A charting library would bring
axes and letters of its own, and those are what these pictures must not have; what is left is arithmetic.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

WIDE = 1000  # of a box, in units of its own
HIGH = 100  # of half a timeline, above or below its line

_LABELS = 6  # words under a timeline: as many as a phone has room for
_MOST = 24  # bars of a timeline
# Months that a bar may stand for: 1, 3, 6; 1, 2, 5, 10, 25, 50, 100 years.
_UNITS = (1, 3, 6, 12, 24, 60, 120, 300, 600, 1200)
_YEAR = 12
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-\d\d)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a timeline: how many there were above and below the line, and the box of each half."""

    start: str
    above: int
    below: int
    x: float
    width: float
    above_height: float
    below_height: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """Bars over equal spans of time. ``labels`` stand at equal distances; ``unit`` is what a bar stands for.

    ``earlier`` and ``undated`` are how many, above and below, have no bar: they are too old, or have no date.
    """

    bars: tuple[Bar, ...]
    labels: tuple[str, ...]
    unit: str
    earlier: tuple[int, int]
    undated: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve from a left place to a right one: ``path`` as SVG has it. ``tone`` colours it."""

    left: int
    right: int
    tone: str
    path: str


def timeline(above: Sequence[str | None], below: Sequence[str | None]) -> Timeline | None:
    """Lay dates (ISO 8601, whole or cut) out over time; None if fewer than two months are told apart.

    The oldest tenth is left out, told as ``earlier``: a treaty of 1945 would press the present into one bar. The unit
    is the smallest of which 24 bars span the rest. A date that names only its year stands at its beginning.
    """
    every_up, every_down = _months(above), _months(below)
    first = _oldest(every_up + every_down)
    ups, downs = [each for each in every_up if each >= first], [each for each in every_down if each >= first]
    if not ups and not downs:
        return None
    last = max([*ups, *downs])
    if first == last:
        return None
    unit = next((each for each in _UNITS if last // each - _begin(first, each) < _MOST), _UNITS[-1])
    begin = _begin(first, unit)
    each_label = max(1, -(-(last // unit - begin + 1) // _LABELS))
    count = min(each_label, 40) * _LABELS
    up, down = _binned(ups, unit, begin, count), _binned(downs, unit, begin, count)
    tallest_up, tallest_down = max([*up, 1]), max([*down, 1])
    step = WIDE / count
    bars = tuple(
        Bar(
            start=_name((begin + place) * unit, unit),
            above=up[place],
            below=down[place],
            x=round(place * step + step * 0.1, 2),
            width=round(step * 0.8, 2),
            above_height=round(up[place] / tallest_up * HIGH, 2),
            below_height=round(down[place] / tallest_down * HIGH, 2),
        )
        for place in range(count)
    )
    labels = tuple(_name((begin + place * each_label) * unit, unit * each_label) for place in range(_LABELS))
    return Timeline(
        bars,
        labels,
        _unit(unit),
        earlier=(len(every_up) - len(ups), len(every_down) - len(downs)),
        undated=(len(above) - len(every_up), len(below) - len(every_down)),
    )


def curves(links: Iterable[tuple[int, int, str]], left: int, right: int) -> tuple[Curve, ...]:
    """Draw a curve for each (left place, right place, tone) between two columns of so many equal rows.

    The box is ``WIDE`` by ``WIDE`` units. Curves leave and arrive level, so that one can be followed by eye.
    """
    middle = WIDE // 2
    made = []
    for one, other, tone in links:
        start, end = round((one + 0.5) / left * WIDE, 1), round((other + 0.5) / right * WIDE, 1)
        made.append(Curve(one, other, tone, f"M0 {start:g}C{middle} {start:g} {middle} {end:g} {WIDE} {end:g}"))
    return tuple(made)


def uncrossed(left: Sequence[str], right: Sequence[str], links: Mapping[tuple[str, str], str]) -> tuple[str, ...]:
    """Order the right side so that curves cross little: by the mean place of what each is linked to.

    This is one sweep of Sugiyama's barycentre method. What has no link comes last, and equals keep their order.
    """
    places: dict[str, list[int]] = {}
    where = {each: place for place, each in enumerate(left)}
    for one, other in links:
        places.setdefault(other, []).append(where[one])
    means = {each: sum(found) / len(found) for each, found in places.items()}
    return tuple(sorted(right, key=lambda each: means.get(each, len(left))))


def _months(dates: Iterable[str | None]) -> list[int]:
    """Dates as months since the year 0; what is no date is left out."""
    found = (_DATE.match(each) for each in dates if each)
    return [int(each[1]) * _YEAR + (min(int(each[2]), _YEAR) - 1 if each[2] else 0) for each in found if each]


def _oldest(months: list[int]) -> int:
    """The month from which on nine tenths of these lie; 0 if there are none."""
    return sorted(months)[len(months) // 10] if months else 0


def _begin(month: int, unit: int) -> int:
    """The bar that a timeline begins with: the one of this month, or the January before it."""
    return month // max(unit, _YEAR) * max(1, _YEAR // unit)


def _binned(months: Iterable[int], unit: int, begin: int, count: int) -> list[int]:
    bins = [0] * count
    for each in months:
        bins[min(max(each // unit - begin, 0), count - 1)] += 1
    return bins


def _name(month: int, unit: int) -> str:
    year, rest = divmod(month, _YEAR)
    return f"{year:04}" if unit % _YEAR == 0 else f"{year:04}-{rest + 1:02}"


def _unit(months: int) -> str:
    number, word = (months // _YEAR, "year") if months >= _YEAR else (months, "month")
    return f"a {word}" if number == 1 else f"{number} {word}s"
