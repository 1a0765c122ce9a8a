"""Joining the indexes of shards gives the index that Pagefind makes of all their pages at once."""

from __future__ import annotations

import json
import random
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.model import SearchRecord
from builder.publish.cbor import decode, encode, unpacked
from builder.publish.index import index_shard, join_shards
from builder.publish.pagefind import find_program
from builder.publish.postings import base36, join, keep, kept, pieces, read_postings
from builder.publish.prepare import search_pages

Entries = dict[str, list[tuple[str, list[tuple[int, list[int]]]]]]
"""Word -> its spellings, the plain one as "" -> pages and the places there."""

TEXT = "troop troops cafe café cafés naïve well-known it's 2,000 état Etat U.S. résumé resume said says"


def lines(pages: int, chance: random.Random) -> list[bytes]:
    texts = [" ".join(chance.choices(TEXT.split(), k=40)) for _ in range(pages)]
    records = [
        SearchRecord(f"p{at}/", f"Page {at}", text, "en", "page", "", {}, {}, {}) for at, text in enumerate(texts)
    ]
    return [page.line for page in search_pages(records)]


def read(pieces: list[bytes]) -> Entries:
    """What an index says, decoded by the book and not as the code does it."""
    found: Entries = {}
    value: Any
    for piece in pieces:
        value, end = decode(piece)
        assert end == len(piece)
        (rows,) = value
        for word, plain, spellings in rows:
            found[word] = [("", absolute(plain)), *((name, absolute(pages)) for name, pages in spellings)]
    return found


def absolute(pages: list[Any]) -> list[tuple[int, list[int]]]:
    numbers = accumulate(step for step, *_ in pages)
    return [(number, places) for number, (_, places, _) in zip(numbers, pages, strict=True)]


def index_of(folder: Path) -> Entries:
    (listing,) = folder.glob("pagefind.*.pf_meta")
    contents: Any
    contents, _ = decode(unpacked(listing.read_bytes()))
    names = [name for _, _, name in contents[2]]
    return read([unpacked((folder / "index" / f"{name}.pf_index").read_bytes()) for name in names])


@pytest.mark.skipif(find_program() is None, reason="Pagefind is not installed")
@pytest.mark.parametrize("cuts", [(0, 7, 19, 60), (0, 1, 59, 60), (0, 30, 60)])
def test_shards_joined_are_the_whole(tmp_path: Path, cuts: tuple[int, ...]) -> None:
    program, all_lines = find_program(), lines(60, random.Random(7))  # noqa: S311 - not a secret
    assert program
    made = []
    parts = {"whole": all_lines, **{f"s{start}": all_lines[start:end] for start, end in pairwise(cuts)}}
    for name, some in parts.items():
        (tmp_path / name).mkdir()
        index_shard(program, "en", some, tmp_path / name, None)
        made.append(tmp_path / name)
    for name, shards in (("one", made[:1]), ("joined", made[1:])):
        join_shards(shards, tmp_path / name, "en-x", 1, None)
    one, joined = index_of(tmp_path / "one" / "en-x"), index_of(tmp_path / "joined" / "en-x")
    assert list(one) == sorted(one)
    assert {word: sorted(spellings) for word, spellings in one.items()} == {
        word: sorted(spellings) for word, spellings in joined.items()
    }
    assert len(one) > 10
    assert {name for spellings in one.values() for name, _ in spellings} >= {"café", "résumé", "naïve"}
    entries = [
        json.loads((tmp_path / each / "en-x" / "pagefind-entry.json").read_bytes()) for each in ("one", "joined")
    ]
    assert entries[0] == entries[1]
    assert entries[0]["languages"]["en"]["page_count"] == 60


PAGES = st.dictionaries(st.integers(0, 99_999), st.lists(st.integers(-25, 70_000), max_size=5), max_size=30).map(
    lambda pages: sorted(pages.items())
)
WORD = st.text(max_size=6)
SPELLED = st.dictionaries(WORD.filter(bool), PAGES.filter(bool), max_size=2)
SHARD = st.dictionaries(WORD, st.tuples(PAGES, SPELLED), max_size=8)


def steps(pages: list[tuple[int, list[int]]]) -> list[list[object]]:
    numbers = [0, *(number for number, _ in pages)]
    return [
        [after - before, places, []] for before, after, (_, places) in zip(numbers, numbers[1:], pages, strict=False)
    ]


@given(st.lists(SHARD, min_size=1, max_size=4), st.integers(1, 100_000))
@settings(max_examples=150, derandomize=True)
def test_whatever_shards_hold_is_in_the_joined_index(shards: list[dict[str, Any]], size: int) -> None:
    given = []
    expected: dict[str, dict[str, list[tuple[int, list[int]]]]] = {}
    for at, shard in enumerate(shards):
        rows = []
        for word, (plain, spelled) in shard.items():
            rows.append([word, steps(plain), [[name, steps(pages)] for name, pages in spelled.items()]])
            for name, pages in {"": plain, **spelled}.items():
                told = expected.setdefault(word, {}).setdefault(name, [])
                told += [(at * 100_000 + number, places) for number, places in pages]
        given.append(keep(read_postings(encode([rows]))))
    stored = [(data, at * 100_000) for at, data in enumerate(given)]
    joined = read([data for _, _, data in pieces(join(stored), size)])
    assert list(joined) == sorted(joined)
    without = {word: {n: p for n, p in names.items() if p} for word, names in expected.items()}
    assert {word: {n: p for n, p in names if p} for word, names in joined.items()} == {
        word: names for word, names in without.items() if names
    }


def test_what_is_not_of_the_known_form_is_refused() -> None:
    good = encode([[["word", [[0, [1], []]], []]]])
    assert len(list(read_postings(good))) == 1
    bad = (
        good[:-1] + b"\x00\x00",
        good + b"\x00",
        encode([[["word", [[0, [1]]], []]]]),
        encode([[["word", "pages", []]]]),
        encode([[[1, [[0, [1], []]], []]]]),
        encode([[["word", [[0, [1], []]]]]]),
        encode([[], []]),
    )
    for each in bad:
        with pytest.raises((ValueError, IndexError, TypeError, KeyError)):
            list(read_postings(each))


@given(st.integers(0, 10**12))
def test_base36_is_what_the_browser_reads(number: int) -> None:
    assert int(base36(number), 36) == number


def test_what_is_kept_comes_back() -> None:
    found = list(read_postings(encode([[["b", [[3, [1], []], [200, [-25, 4], []]], [["ḅ", [[9, [0], []]]]]]]])))
    assert [each[:5] for each in found] == [("b", "", 3, 203, 2), ("b", "ḅ", 9, 9, 1)]
    assert list(kept(keep(reversed(found)))) == found
