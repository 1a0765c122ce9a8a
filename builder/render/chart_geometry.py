"""The geometry of the charts: where bars begin and curves end. Numbers only; words stand beside them in HTML.

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
    """Bars over equal spans of time. ``labels`` stand at equal distances; ``unit``: the months that a bar stands for.

    ``earlier`` and ``undated`` are how many, above and below, have no bar: they are too old, or have no date.
    """

    bars: tuple[Bar, ...]
    labels: tuple[str, ...]
    unit: int
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

    The oldest tenth is left out and counted as ``earlier``: a treaty of 1945 would press the present into one bar. The
    unit is the smallest of which 24 bars span the rest. A date that names only its year stands at its beginning.
    """
    all_above, all_below = _months(above), _months(below)
    first = _oldest(all_above + all_below)
    ups, downs = [month for month in all_above if month >= first], [month for month in all_below if month >= first]
    if not ups and not downs:
        return None
    last = max([*ups, *downs])
    if first == last:
        return None
    unit = next((months for months in _UNITS if last // months - _begin(first, months) < _MOST), _UNITS[-1])
    begin = _begin(first, unit)
    step_of_labels = max(1, -(-(last // unit - begin + 1) // _LABELS))
    count = min(step_of_labels, 40) * _LABELS
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
    labels = tuple(_name((begin + place * step_of_labels) * unit, unit * step_of_labels) for place in range(_LABELS))
    return Timeline(
        bars,
        labels,
        unit,
        earlier=(len(all_above) - len(ups), len(all_below) - len(downs)),
        undated=(len(above) - len(all_above), len(below) - len(all_below)),
    )


def curves(links: Iterable[tuple[int, int, str]], left: int, right: int) -> tuple[Curve, ...]:
    """Render a curve for each (left place, right place, tone) between two columns of so many equal rows.

    The box is ``WIDE`` by ``WIDE`` units. Curves leave and arrive level, so that one can be followed by eye.
    """
    middle = WIDE // 2
    drawn = []
    for row, opposite, tone in links:
        start, end = round((row + 0.5) / left * WIDE, 1), round((opposite + 0.5) / right * WIDE, 1)
        drawn.append(Curve(row, opposite, tone, f"M0 {start:g}C{middle} {start:g} {middle} {end:g} {WIDE} {end:g}"))
    return tuple(drawn)


def uncrossed(left: Sequence[str], right: Sequence[str], links: Mapping[tuple[str, str], str]) -> tuple[str, ...]:
    """Order the right side so that curves cross little: by the mean place of what each is linked to.

    This is one sweep of Sugiyama's barycentre method. What has no link comes last, and equals keep their order.
    """
    places: dict[str, list[int]] = {}
    rows = {name: row for row, name in enumerate(left)}
    for left_name, right_name in links:
        places.setdefault(right_name, []).append(rows[left_name])
    means = {name: sum(linked) / len(linked) for name, linked in places.items()}
    return tuple(sorted(right, key=lambda name: means.get(name, len(left))))


def _months(dates: Iterable[str | None]) -> list[int]:
    """Return dates as months since the year 0; what is no date is left out."""
    matches = (_DATE.match(date) for date in dates if date)
    return [int(match[1]) * _YEAR + (min(int(match[2]), _YEAR) - 1 if match[2] else 0) for match in matches if match]


def _oldest(months: list[int]) -> int:
    """Return the month from which on nine tenths of these lie; 0 if there are none."""
    return sorted(months)[len(months) // 10] if months else 0


def _begin(month: int, unit: int) -> int:
    """Return the bar that a timeline begins with: the one of this month, or the January before it."""
    return month // max(unit, _YEAR) * max(1, _YEAR // unit)


def _binned(months: Iterable[int], unit: int, begin: int, count: int) -> list[int]:
    bins = [0] * count
    for month in months:
        bins[min(max(month // unit - begin, 0), count - 1)] += 1
    return bins


def _name(month: int, unit: int) -> str:
    year, rest = divmod(month, _YEAR)
    return f"{year:04}" if unit % _YEAR == 0 else f"{year:04}-{rest + 1:02}"
