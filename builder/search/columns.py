"""What the browser has to know of every part of every page without loading any page: two tables beside each index.

A table is gzip of a line of JSON and columns of whole numbers, each number in LEB128 (seven bits a byte, the lowest
first). That of words: by page the number of parts, and the place of its other languages among those that occur (see
``SearchPage``); by part the slots it fills, the words of its title, rounded down, and its type. That of facets: by page
the place of its date among the dates; then for each facet, by page the place from 1 of the set of values that all its
parts have, or 0 where they differ, and the places of their own.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any, Literal, TypeAlias, TypedDict

from builder.search.pages import FACETS

_Name: TypeAlias = Literal["slots", "title", "type"]


class Facet(TypedDict):
    """The sets of values that parts have, each once, and by part the place of its set."""

    sets: list[list[str]]
    of: list[int]


class Columns(TypedDict):
    """What a shard keeps of its pages. By page: ``parts``, ``date`` and ``others``. By part: the rest."""

    parts: list[int]
    date: list[str]
    others: list[list[str]]
    slots: list[int]
    title: list[int]
    type: list[int]
    facets: dict[str, Facet]


def columns(pages: Iterable[tuple[str, Sequence[Sequence[Any]], list[str]]]) -> Columns:
    """Make the columns of pages.

    Of each: its date, its parts' slots, words of title, type and sets of values, and its other languages.
    """
    pages = list(pages)
    parts = [part for _, each, _ in pages for part in each]
    return {
        "parts": [len(each) for _, each, _ in pages],
        "date": [date for date, _, _ in pages],
        "others": [others for _, _, others in pages],
        "slots": [part[0] for part in parts],
        "title": [_rounded(part[1]) for part in parts],
        "type": [part[2] for part in parts],
        "facets": {facet: _facet([tuple(part[3][at]) for part in parts]) for at, facet in enumerate(FACETS)},
    }


def _rounded(number: int) -> int:
    """Round down to 1, 2, 3, 4, 6, 8, 12, 16, 24 and so on: exact lengths would be the largest part of the table."""
    power = 1 << number.bit_length() >> 1
    return power + power // 2 if number >= power + power // 2 else power


def _facet(sets: Sequence[tuple[str, ...]]) -> Facet:
    numbers = {each: number for number, each in enumerate(dict.fromkeys(sets))}
    return {"sets": [list(each) for each in numbers], "of": [numbers[each] for each in sets]}


def facet_counts(shards: Iterable[Columns]) -> Mapping[str, Mapping[str, int]]:
    """How many parts have each value of each facet."""
    counted: dict[str, Counter[str]] = {facet: Counter() for facet in FACETS}
    for shard in shards:
        for facet, column in shard["facets"].items():
            for number, times in Counter(column["of"]).items():
                counted[facet].update(dict.fromkeys(column["sets"][number], times))
    return counted


def words_table(shards: Sequence[Columns], packs: Sequence[tuple[str, Sequence[int]]], common: Sequence[str]) -> bytes:
    """Make the first table.

    ``packs``: each shard's folder of texts, and how many pages are in each of its files. ``common``: words that stand
    nearly everywhere.
    """
    parts = [number for each in shards for number in each["parts"]]
    others = [tuple(one) for each in shards for one in each["others"]]
    places = {one: at for at, one in enumerate(dict.fromkeys(others))}
    told = {"pages": len(parts), "packs": packs, "common": common, "others": list(places)}
    names: tuple[_Name, ...] = ("slots", "title", "type")
    rest = ([number for each in shards for number in each[name]] for name in names)
    return _table(told, (parts, [places[one] for one in others], *rest))


def facets_table(shards: Sequence[Columns]) -> bytes:
    """Make the second table, which only filters and sorting need."""
    dates = sorted({date for each in shards for date in each["date"]})
    places = {date: at for at, date in enumerate(dates)}
    made = [[places[date] for each in shards for date in each["date"]]]
    facets: dict[str, Mapping[str, Any]] = {}
    for facet in FACETS:
        sets = list(dict.fromkeys(tuple(one) for each in shards for one in each["facets"][facet]["sets"]))
        values = {value: at for at, value in enumerate(dict.fromkeys(value for one in sets for value in one))}
        facets[facet] = {"values": list(values), "sets": [[values[value] for value in one] for one in sets]}
        numbers = {one: at for at, one in enumerate(sets, 1)}
        pages = [page for each in shards for page in _by_page(each, facet, numbers)]
        made.append([page[0] if len(set(page)) == 1 else 0 for page in pages])
        made.append([number for page in pages if len(set(page)) > 1 for number in page])
    return _table({"dates": dates, "facets": facets}, made)


def _by_page(shard: Columns, facet: str, numbers: Mapping[tuple[str, ...], int]) -> Iterator[tuple[int, ...]]:
    """By page: the numbers of its parts' sets."""
    column = shard["facets"][facet]
    known = [numbers[tuple(one)] for one in column["sets"]]
    rest = iter(column["of"])
    return (tuple(known[number] for number in islice(rest, size)) for size in shard["parts"])


def _table(told: Mapping[str, Any], made: Iterable[Iterable[int]]) -> bytes:
    line = json.dumps(told, separators=(",", ":")).encode()
    return gzip.compress(b"".join((line, b"\n", *map(_leb128, chain.from_iterable(made)))), 9, mtime=0)


_ONE = tuple(bytes([number]) for number in range(0x80))


def _leb128(number: int) -> bytes:
    if number < len(_ONE):
        return _ONE[number]
    return bytes([0x80 | number & 0x7F]) + _leb128(number >> 7)
