"""The shapes of the pictures: what a timeline counts and names, and where curves run."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.render.chart_geometry import HIGH, WIDE, curves, timeline, uncrossed


@pytest.mark.parametrize(
    ("dates", "unit", "labels"),
    [
        (["2025-01", "2025-06-25"], 1, ["2025-01", "2025-02", "2025-03", "2025-04", "2025-05", "2025-06"]),
        (["2023-02", "2024-11"], 1, ["2023-01", "2023-05", "2023-09", "2024-01", "2024-05", "2024-09"]),
        (["2021-04-01", "2026-07"], 3, ["2021", "2022", "2023", "2024", "2025", "2026"]),
        (["2015", "2024"], 6, ["2015", "2017", "2019", "2021", "2023", "2025"]),
        (["1945", "2025"], 60, ["1945", "1960", "1975", "1990", "2005", "2020"]),
        (["0900", "2025"], 600, ["0900", "1100", "1300", "1500", "1700", "1900"]),
    ],
)
def test_the_unit_is_the_smallest_that_fits(dates: list[str], unit: int, labels: list[str]) -> None:
    line = timeline(dates, [])
    assert line is not None
    assert line.unit == unit
    assert [each.zfill(4) for each in line.labels] == labels


@pytest.mark.parametrize("dates", [[], [None, "soon"], ["2025-06-25", "2025-06-01"], ["2025", "2025-01"]])
def test_one_month_is_no_timeline(dates: list[str | None]) -> None:
    assert timeline(dates, []) is None


def test_the_oldest_tenth_is_told_and_not_drawn() -> None:
    line = timeline(["2025-06"] * 5, ["1945", *["2024"] * 4, None, "some day"])
    assert line is not None
    assert (line.earlier, line.undated) == ((0, 1), (0, 2))
    assert line.labels[0] == "2024-01"
    assert sum(each.above for each in line.bars) == 5
    assert sum(each.below for each in line.bars) == 4


DAYS = st.dates(max_value=date(2999, 12, 31)).map(str)
DATES = st.lists(st.none() | DAYS | DAYS.map(lambda day: day[:7]) | st.just("unknown"), max_size=30)


@given(DATES, DATES)
def test_every_date_is_drawn_or_told_and_every_bar_is_in_its_box(
    above: list[str | None], below: list[str | None]
) -> None:
    line = timeline(above, below)
    if line is None:
        return
    assert sum(each.above for each in line.bars) + line.earlier[0] + line.undated[0] == len(above)
    assert sum(each.below for each in line.bars) + line.earlier[1] + line.undated[1] == len(below)
    assert len(line.bars) % len(line.labels) == 0
    for bar, following in zip(line.bars, line.bars[1:], strict=False):
        assert bar.start < following.start
        assert bar.x + bar.width <= following.x
    assert all(0 <= each.above_height <= HIGH and 0 <= each.below_height <= HIGH for each in line.bars)
    assert line.bars[-1].x + line.bars[-1].width <= WIDE


def test_a_curve_leads_from_the_middle_of_a_row_to_the_middle_of_another() -> None:
    (curve,) = curves([(0, 1, "bad")], 2, 4)
    assert (curve.path, curve.tone) == ("M0 250C500 250 500 375 1000 375", "bad")
    assert re.fullmatch(r"M[\d. ]+C[\d. ]+", curve.path)


def test_what_is_linked_to_the_same_stands_together() -> None:
    links = {("a", "z"): "", ("b", "y"): "", ("c", "x"): "", ("a", "y"): ""}
    assert uncrossed(["a", "b", "c"], ["w", "x", "y", "z"], links) == ("z", "y", "x", "w")
