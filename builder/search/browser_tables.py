"""What the browser has to know of every part of every page without loading any page: two tables beside each index.

A table is gzip of a line of JSON and columns of whole numbers, each number in LEB128 (seven bits a byte, the lowest
first). That of words: by page the number of parts, and the place of its other languages among those that occur (see
``SearchPage``); by part the slots it fills, the words of its title, rounded down, and its type. That of facets: by page
the place of its date among the dates; then for each facet, by page the place from 1 of the set of values that all its
parts have, or 0 where they differ, and the places of their own.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any, Literal, TypeAlias, TypedDict

from builder.compression import gzip_bytes
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
    """Return the columns of pages.

    Of each page: its date, its parts' slots, words of title, type and sets of values, and its other languages.
    """
    pages = list(pages)
    parts = [part for _, page_parts, _ in pages for part in page_parts]
    return {
        "parts": [len(page_parts) for _, page_parts, _ in pages],
        "date": [date for date, _, _ in pages],
        "others": [others for _, _, others in pages],
        "slots": [slots for slots, _, _, _ in parts],
        "title": [_rounded_down(words) for _, words, _, _ in parts],
        "type": [type_ for _, _, type_, _ in parts],
        "facets": {facet: _facet([tuple(sets[at]) for _, _, _, sets in parts]) for at, facet in enumerate(FACETS)},
    }


def _rounded_down(number: int) -> int:
    """Round down to 1, 2, 3, 4, 6, 8, 12, 16, 24 and so on: exact lengths would be the largest part of the table."""
    power = 1 << number.bit_length() >> 1
    return power + power // 2 if number >= power + power // 2 else power


def _facet(sets: Sequence[tuple[str, ...]]) -> Facet:
    places = {values: place for place, values in enumerate(dict.fromkeys(sets))}
    return {"sets": [list(values) for values in places], "of": [places[values] for values in sets]}


def facet_counts(shards: Iterable[Columns]) -> Mapping[str, Mapping[str, int]]:
    """Return how many parts have each value of each facet."""
    counts: dict[str, Counter[str]] = {facet: Counter() for facet in FACETS}
    for shard in shards:
        for facet, column in shard["facets"].items():
            for place, number in Counter(column["of"]).items():
                counts[facet].update(dict.fromkeys(column["sets"][place], number))
    return counts


def words_table(shards: Sequence[Columns], packs: Sequence[tuple[str, Sequence[int]]], common: Sequence[str]) -> bytes:
    """Return the first table.

    ``packs``: each shard's folder of texts, and how many pages are in each of its files. ``common``: words that are
    nearly everywhere.
    """
    parts = [number for shard in shards for number in shard["parts"]]
    others = [tuple(languages) for shard in shards for languages in shard["others"]]
    places = {languages: place for place, languages in enumerate(dict.fromkeys(others))}
    line = {"pages": len(parts), "packs": packs, "common": common, "others": list(places)}
    names: tuple[_Name, ...] = ("slots", "title", "type")
    by_part = ([number for shard in shards for number in shard[name]] for name in names)
    return _table(line, (parts, [places[languages] for languages in others], *by_part))


def facets_table(shards: Sequence[Columns]) -> bytes:
    """Return the second table, which only filters and sorting need."""
    dates = sorted({date for shard in shards for date in shard["date"]})
    date_places = {date: place for place, date in enumerate(dates)}
    numbers = [[date_places[date] for shard in shards for date in shard["date"]]]
    facets: dict[str, Mapping[str, Any]] = {}
    for facet in FACETS:
        sets = list(dict.fromkeys(tuple(values) for shard in shards for values in shard["facets"][facet]["sets"]))
        known = dict.fromkeys(value for values in sets for value in values)
        value_places = {value: place for place, value in enumerate(known)}
        facets[facet] = {
            "values": list(value_places),
            "sets": [[value_places[value] for value in values] for values in sets],
        }
        set_places = {values: place for place, values in enumerate(sets, 1)}
        pages = [page for shard in shards for page in _sets_by_page(shard, facet, set_places)]
        numbers.append([page[0] if len(set(page)) == 1 else 0 for page in pages])
        numbers.append([place for page in pages if len(set(page)) > 1 for place in page])
    return _table({"dates": dates, "facets": facets}, numbers)


def _sets_by_page(shard: Columns, facet: str, places: Mapping[tuple[str, ...], int]) -> Iterator[tuple[int, ...]]:
    """Yield, by page, the places of its parts' sets."""
    column = shard["facets"][facet]
    known = [places[tuple(values)] for values in column["sets"]]
    rest = iter(column["of"])
    return (tuple(known[place] for place in islice(rest, size)) for size in shard["parts"])


def _table(line: Mapping[str, Any], numbers: Iterable[Iterable[int]]) -> bytes:
    head = json.dumps(line, separators=(",", ":")).encode()
    return gzip_bytes(b"".join((head, b"\n", *map(_leb128, chain.from_iterable(numbers)))))


_ONE_BYTE = tuple(bytes([number]) for number in range(0x80))


def _leb128(number: int) -> bytes:
    if number < len(_ONE_BYTE):
        return _ONE_BYTE[number]
    return bytes([0x80 | number & 0x7F]) + _leb128(number >> 7)
