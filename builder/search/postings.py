"""Where words are: the postings that Pagefind's index of a shard holds.

Pagefind keeps for each word ``[word, pages, spellings with accents]``, a spelling being ``[spelling, pages]``, and of
each page ``[pages since the last, [places], [places in meta]]``. Most of that is copied as bytes and never decoded:
``join_postings.py`` writes the pages of several shards one after the other.

Spellings are not kept apart: on a page with both *cafe* and *café*, Pagefind finds no phrase with either of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from builder.search.cbor import LIST, NUMBER, SMALL, TEXT, WIDTHS, Cbor, cbor_head, decode_cbor, encode_cbor, list_of

PAGE_HEAD = cbor_head(LIST, 3)  # what each page of a word begins with
EMPTY_LIST = cbor_head(LIST, 0)


class Postings(NamedTuple):
    """The pages of one shard that have a word, with whatever accents.

    ``first`` and ``last`` are pages, numbered in the shard from 0, ``pages`` is how many there are. ``entries`` are
    these pages as Pagefind has them, but for the number of the first.
    """

    word: str
    first: int
    last: int
    pages: int
    entries: bytes


# The numbers of an index are skipped over and not decoded: these match them as bytes.
_INT = rb"(?:[\x00-\x17\x20-\x37]|[\x18\x38].|[\x19\x39]..|[\x1a\x3a]....)"
_LIST_OF = rb"(?:[\x80-\x97]|\x98.|\x99..|\x9a....)"
_PLACES = _LIST_OF + _INT + rb"*+" + _LIST_OF + _INT + rb"*+"
_PAGES = re.compile(rb"(?:\x83" + _INT + _PLACES + rb")*+", re.DOTALL)
_PAGE = re.compile(rb"\x83(" + _INT + rb")" + _PLACES, re.DOTALL)
_PAGE_AND_PLACES = re.compile(rb"\x83(" + _INT + rb")(" + _PLACES + rb")", re.DOTALL)


def read_postings(index: bytes) -> Iterator[Postings]:
    """Yield what an index file of Pagefind holds (as CBOR). Raises ValueError if it has another form."""
    words, at = _size(index, 1, LIST)
    if index[0] != LIST << 5 | 1:
        raise ValueError("a piece of the index is not a list of words")
    for _ in range(words):
        if index[at] != LIST << 5 | 3:
            raise ValueError("a word of the index has an unknown form")
        word, at = _text(index, at + 1)
        plain, at = _postings(index, at, word)
        spellings = [plain] if plain.pages else []
        number, at = _size(index, at, LIST)
        for _ in range(number):
            if index[at] != LIST << 5 | 2:
                raise ValueError("a spelling of the index has an unknown form")
            _, at = _text(index, at + 1)
            accented, at = _postings(index, at, word)
            spellings.append(accented)
        if spellings:
            yield spellings[0] if len(spellings) == 1 else _merged(spellings)
    if at != len(index):
        raise ValueError("a piece of the index goes on after its end")


def _postings(index: bytes, at: int, word: str) -> tuple[Postings, int]:
    pages, at = _size(index, at, LIST)
    if not pages:
        return Postings(word, 0, 0, 0, b""), at
    match = _PAGES.match(index, at)
    steps = _PAGE.findall(match[0]) if match else []
    if match is None or len(steps) != pages:
        raise ValueError(f"the pages of {word!r} have an unknown form")
    first, joined = steps[0], b"".join(steps)
    # Mostly each step is one byte, which is the number itself.
    last = sum(joined) if len(joined) == pages else sum(map(_number, steps))
    return Postings(word, _number(first), last, pages, match[0][1 + len(first) :]), match.end()


def _merged(spellings: Sequence[Postings]) -> Postings:
    """Return the pages of all spellings of a word, as of one."""
    places_on: dict[int, bytes] = {}
    for spelling in spellings:
        number = 0
        entries = PAGE_HEAD + cbor_head(NUMBER, spelling.first) + spelling.entries
        for step, places in _PAGE_AND_PLACES.findall(entries):
            number += _number(step)
            places_on[number] = _merged_places(places_on[number], places) if number in places_on else places
    numbers = sorted(places_on)
    merged = [places_on[numbers[0]]]
    for before, number in pairwise(numbers):
        merged += (PAGE_HEAD, cbor_head(NUMBER, number - before), places_on[number])
    return Postings(spellings[0].word, numbers[0], numbers[-1], len(numbers), b"".join(merged))


def _merged_places(*lists: bytes) -> bytes:
    """Return the places of several spellings on a page.

    Places come by weight, which is a number below zero before them, and each is counted from the one before.
    """
    by_weight: dict[int, list[int]] = {}
    for places in lists:
        values, end = decode_cbor(places)
        if places[end:] != EMPTY_LIST:
            raise ValueError("the places on a page of the index have an unknown form")
        at = weight = 0
        for value in list_of(values):
            if not isinstance(value, int):
                raise TypeError(f"a number was expected, not {value!r}")
            at, weight = (0, value) if value < 0 else (at + value, weight)
            if value >= 0:
                by_weight.setdefault(weight, []).append(at)
    merged: list[Cbor] = []
    for weight in sorted(by_weight, reverse=True):
        merged += (weight, *(after - before for before, after in pairwise((0, *sorted(by_weight[weight])))))
    return encode_cbor(merged) + EMPTY_LIST


def _number(data: bytes) -> int:
    return int.from_bytes(data[1:] or data, "big")


def _text(data: bytes, at: int) -> tuple[str, int]:
    length, start = _size(data, at, TEXT)
    return data[start : start + length].decode(), start + length


def _size(data: bytes, at: int, major: int) -> tuple[int, int]:
    """Return the length of the list or text at ``at``, and where its content begins."""
    size = data[at] - (major << 5)
    if 0 <= size < SMALL:
        return size, at + 1
    if not 0 <= size < SMALL + len(WIDTHS):
        raise ValueError("the index has an unknown form")
    end = at + 1 + WIDTHS[size]
    return int.from_bytes(data[at + 1 : end], "big"), end
