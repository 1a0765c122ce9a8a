"""Where words stand: Pagefind's indexes of single shards -> one index of them all, in pieces of a size of our own.

Pagefind keeps for each word ``[word, pages, spellings with accents]``, a spelling being ``[spelling, pages]``, and of
each page ``[pages since the last, [places], [places in meta]]``. So the lists of several shards are joined by writing
them one after the other and counting anew to the first page of each; nothing inside them is looked at.

Spellings are not kept apart: on a page with both *cafe* and *café*, Pagefind finds no phrase with either of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from itertools import pairwise
from typing import NamedTuple

from builder.search.cbor import LIST, NUMBER, SMALL, TEXT, WIDTHS, Cbor, cbor_file, decode, encode, head, list_of

# Bytes of a piece before compression, which halves them: what is fetched for a word, and the number of files. Few
# thousand files are enough, so that pages, texts and pieces together stay below the 20,000 that many hosts take.
_SMALLEST, _PIECES = 16_000, 2_000

_ROWS = 500  # that are kept in one line, and of one shard joined at a time
_PAGE_HEAD = head(LIST, 3)
_NONE = head(LIST, 0)


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


# --- reading one shard ----------------------------------------------------------------------------------------------

_INT = rb"(?:[\x00-\x17\x20-\x37]|[\x18\x38].|[\x19\x39]..|[\x1a\x3a]....)"
_LIST_OF = rb"(?:[\x80-\x97]|\x98.|\x99..|\x9a....)"
_PLACES = _LIST_OF + _INT + rb"*+" + _LIST_OF + _INT + rb"*+"
_PAGES = re.compile(rb"(?:\x83" + _INT + _PLACES + rb")*+", re.DOTALL)
_PAGE = re.compile(rb"\x83(" + _INT + rb")" + _PLACES, re.DOTALL)
_PAGE_AND_PLACES = re.compile(rb"\x83(" + _INT + rb")(" + _PLACES + rb")", re.DOTALL)


def read_postings(index: bytes) -> Iterator[Postings]:
    """Give what an index file of Pagefind holds (as CBOR). Raises ValueError if it is not of the form known here."""
    entries, at = _size(index, 1, LIST)
    if index[0] != LIST << 5 | 1:
        raise ValueError("a piece of the index is not a list of words")
    for _ in range(entries):
        if index[at] != LIST << 5 | 3:
            raise ValueError("a word of the index is not of the form known here")
        word, at = _text(index, at + 1)
        plain, at = _postings(index, at, word)
        found = [plain] if plain.pages else []
        spellings, at = _size(index, at, LIST)
        for _ in range(spellings):
            if index[at] != LIST << 5 | 2:
                raise ValueError("a spelling of the index is not of the form known here")
            _, at = _text(index, at + 1)
            spelled, at = _postings(index, at, word)
            found.append(spelled)
        if found:
            yield found[0] if len(found) == 1 else _together(found)
    if at != len(index):
        raise ValueError("a piece of the index goes on after its end")


def _postings(index: bytes, at: int, word: str) -> tuple[Postings, int]:
    pages, at = _size(index, at, LIST)
    if not pages:
        return Postings(word, 0, 0, 0, b""), at
    whole = _PAGES.match(index, at)
    steps = _PAGE.findall(whole[0]) if whole else []
    if whole is None or len(steps) != pages:
        raise ValueError(f"the pages of {word!r} are not of the form known here")
    first, short = steps[0], b"".join(steps)
    last = sum(short) if len(short) == pages else sum(map(_number, steps))
    return Postings(word, _number(first), last, pages, whole[0][1 + len(first) :]), whole.end()


def _together(spellings: Sequence[Postings]) -> Postings:
    """Give what all spellings of a word have, as one."""
    found: dict[int, bytes] = {}
    for each in spellings:
        number = 0
        for step, places in _PAGE_AND_PLACES.findall(_PAGE_HEAD + head(NUMBER, each.first) + each.entries):
            number += _number(step)
            found[number] = _both(found[number], places) if number in found else places
    numbers = sorted(found)
    entries = [found[numbers[0]]]
    for before, number in pairwise(numbers):
        entries += (_PAGE_HEAD, head(NUMBER, number - before), found[number])
    return Postings(spellings[0].word, numbers[0], numbers[-1], len(numbers), b"".join(entries))


def _both(one: bytes, other: bytes) -> bytes:
    """Give the places of two spellings on a page: by weight, which is below zero, each counted from the one before."""
    places: dict[int, list[int]] = {}
    for each in (one, other):
        values, end = decode(each)
        if each[end:] != _NONE:
            raise ValueError("places on a page of the index are not of the form known here")
        at = weight = 0
        for value in list_of(values):
            if not isinstance(value, int):
                raise TypeError(f"a number was expected, not {value!r}")
            at, weight = (0, value) if value < 0 else (at + value, weight)
            if value >= 0:
                places.setdefault(weight, []).append(at)
    joined: list[Cbor] = []
    for weight in sorted(places, reverse=True):
        joined += (weight, *(after - before for before, after in pairwise((0, *sorted(places[weight])))))
    return encode(joined) + _NONE


def _number(data: bytes) -> int:
    return int.from_bytes(data[1:] or data, "big")


def _text(data: bytes, at: int) -> tuple[str, int]:
    length, start = _size(data, at, TEXT)
    return data[start : start + length].decode(), start + length


def _size(data: bytes, at: int, major: int) -> tuple[int, int]:
    """Give the length of the list or text at ``at``, and where its content begins."""
    size = data[at] - (major << 5)
    if 0 <= size < SMALL:
        return size, at + 1
    if not 0 <= size < SMALL + len(WIDTHS):
        raise ValueError("the index is not of the form known here")
    end = at + 1 + WIDTHS[size]
    return int.from_bytes(data[at + 1 : end], "big"), end


# --- keeping one shard ----------------------------------------------------------------------------------------------


def dump_postings(found: Iterable[Postings]) -> bytes:
    """Give the postings of a shard as bytes, in the order of their words.

    First a line that says how long what follows is: lines of JSON, some postings each, by columns and with the lengths
    of their entries in place of these. Then the entries.
    """
    ordered = sorted(found)
    told: list[bytes] = []
    for start in range(0, len(ordered), _ROWS):
        columns = list(zip(*ordered[start : start + _ROWS], strict=True))
        columns[-1] = tuple(map(len, columns[-1]))
        told.append(json.dumps(columns, separators=(",", ":")).encode() + b"\n")
    return b"".join((b"%d\n" % sum(map(len, told)), *told, *(each.entries for each in ordered)))


def iter_postings(content: bytes) -> Iterator[tuple[str, int, int, int, bytes]]:
    """Give again what was kept, as plain tuples and little by little: as values they take several times the memory."""
    start = content.index(b"\n") + 1
    at = start + int(content[:start])
    for line in BytesIO(content[start:at]):
        for word, first, last, pages, length in zip(*json.loads(line), strict=True):
            yield word, first, last, pages, content[at : at + length]
            at += length


# --- joining --------------------------------------------------------------------------------------------------------

_Part = tuple[int, int, int, bytes]  # first page, last, how many, entries


def join_postings(shards: Sequence[tuple[bytes, int]]) -> Iterator[tuple[str, bytes]]:
    """Join what was kept of several shards: word -> its entry in the index of them all, in the order of the words.

    A shard is what was kept of it, and the number of pages before it.
    """
    streams = [iter_postings(content) for content, _ in shards]
    waiting = [next(stream, None) for stream in streams]
    for border in (*_borders(shards[0][0]), None):
        # A stretch of the alphabet at a time: what all shards have of it, in the order of the shards.
        words: dict[str, list[_Part]] = {}
        for at, (stream, (_, before)) in enumerate(zip(streams, shards, strict=True)):
            row = waiting[at]
            while row and (border is None or row[0] < border):
                word, first, last, pages, entries = row
                words.setdefault(word, []).append((before + first, before + last, pages, entries))
                row = next(stream, None)
            waiting[at] = row
        for word in sorted(words):
            yield word, _entry(word, words[word])


def _borders(content: bytes) -> Iterable[str]:
    """Words of a shard that cut the alphabet into stretches with some of every shard: every so many."""
    return dict.fromkeys(each[0] for at, each in enumerate(iter_postings(content)) if at and at % _ROWS == 0)


def _entry(word: str, parts: list[_Part]) -> bytes:
    return b"".join((head(LIST, 3), encode(word), _pages(parts), _NONE))


def _pages(parts: list[_Part]) -> bytes:
    """Write the pages of several shards one after the other, counted anew to the first of each."""
    joined = [head(LIST, sum(part[2] for part in parts))]
    end = 0
    for first, last, _, entries in parts:
        joined += (_PAGE_HEAD, head(NUMBER, first - end), entries)
        end = last
    return b"".join(joined)


# --- cutting into pieces --------------------------------------------------------------------------------------------


def index_pieces(entries: Iterable[tuple[str, bytes]], total: int) -> Iterator[tuple[str, str, bytes]]:
    """Give pieces of the index as CBOR: their first and last word. ``total``: about how many bytes there are."""
    most = max(_SMALLEST, total // _PIECES)
    words: list[str] = []
    held: list[bytes] = []
    size = 0
    for word, entry in entries:
        words.append(word)
        held.append(entry)
        size += len(entry)
        if size >= most:
            yield words[0], words[-1], _piece(held)
            words, held, size = [], [], 0
    if words:
        yield words[0], words[-1], _piece(held)


def _piece(entries: Sequence[bytes]) -> bytes:
    return head(LIST, 1) + head(LIST, len(entries)) + b"".join(entries)


def index_contents(about: Sequence[Cbor], pages: int, borders: Sequence[tuple[str, str]]) -> bytes:
    """Give the file that the browser loads first: the names of pages and of pieces, which are their numbers in base 36.

    Those of pages are written backwards, which makes the file a third smaller. ``about`` is what Pagefind says there
    besides. It also tells how long each page is, which only its own ranking asks: they are all one word long.
    """
    rows: list[list[Cbor]] = [[first, last, base36(at)] for at, (first, last) in enumerate(borders)]
    # Borders are shortened to what tells pieces apart, so that the beginning of a word finds its piece too.
    for before, after in pairwise(rows):
        last, first = str(before[1]), str(after[0])
        common = next((at for at, (a, b) in enumerate(zip(last, first, strict=False)) if a != b), len(last))
        before[1], after[0] = last[: common + 1], first[: common + 1]
    version, *others = about
    names: list[Cbor] = [[base36(at)[::-1], 1] for at in range(pages)]
    return cbor_file(encode([version, names, list(rows), *others]))


def base36(number: int) -> str:
    """Give a number as the browser's ``toString(36)`` does."""
    digits = ""
    while number or not digits:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits
