"""Joining the indexes of shards gives the index that Pagefind makes of all their pages at once."""

from __future__ import annotations

import json
import random
from itertools import accumulate, chain, groupby, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.cache_files import write_cache_file
from builder.model import SearchRecord
from builder.search.browser_tables import columns
from builder.search.cbor import decode_cbor, encode_cbor, read_cbor_file
from builder.search.join import IndexedShard, join_shards
from builder.search.join_postings import base36, dump_postings, index_pieces, iter_postings, join_postings
from builder.search.pagefind import find_program
from builder.search.pagefind_index import language_files
from builder.search.pages import search_pages
from builder.search.postings import read_postings
from builder.search.shard_index import dump_shard, index_shard

Pages = list[tuple[int, list[tuple[int, int]]]]
"""Pages and the places there, each with its weight, which is below zero."""

TEXT = "troop troops cafe café cafés naïve well-known it's 2,000 état Etat U.S. résumé resume said says"


def pages(number: int, chance: random.Random) -> list[Any]:
    texts = [" ".join(chance.choices(TEXT.split(), k=40)) for _ in range(number)]
    records = [
        SearchRecord(f"p{at}/", f"Page {at}", text, "en", "page", "", {}, {}, {}) for at, text in enumerate(texts)
    ]
    return [json.loads(page.line) for page in search_pages(records)]


def read(pieces: list[bytes]) -> dict[str, Pages]:
    """What an index says, decoded by the book and not as the code does it."""
    found: dict[str, Pages] = {}
    value: Any
    for piece in pieces:
        value, end = decode_cbor(piece)
        assert end == len(piece)
        (rows,) = value
        for word, plain, spellings in rows:
            assert spellings == []
            found[word] = absolute(plain)
    return found


def absolute(pages: list[Any]) -> Pages:
    numbers = accumulate(step for step, *_ in pages)
    return [(number, weighed(places)) for number, (_, places, _) in zip(numbers, pages, strict=True)]


def weighed(places: list[int]) -> list[tuple[int, int]]:
    heads = [at for at, value in enumerate(places) if value < 0]
    return [
        (places[start], place)
        for start, end in pairwise([*heads, len(places)])
        for place in accumulate(places[start + 1 : end])
    ]


def index_of(folder: Path) -> dict[str, Pages]:
    (listing,) = folder.glob("pagefind.*.pf_meta")
    contents: Any
    contents, _ = decode_cbor(read_cbor_file(listing.read_bytes()))
    names = [name for _, _, name in contents[2]]
    return read([read_cbor_file((folder / "index" / f"{name}.pf_index").read_bytes()) for name in names])


@pytest.mark.skipif(find_program() is None, reason="Pagefind is not installed")
@pytest.mark.parametrize("cuts", [(0, 7, 19, 60), (0, 1, 59, 60), (0, 30, 60)])
def test_shards_joined_are_the_whole(tmp_path: Path, cuts: tuple[int, ...]) -> None:
    program, every = find_program(), pages(60, random.Random(7))  # noqa: S311 - not a secret
    assert program
    made = []
    parts = {"whole": every, **{f"s{start}": every[start:end] for start, end in pairwise(cuts)}}
    for name, some in parts.items():
        index = index_shard(program, "en", some)
        write_cache_file(tmp_path / f"{name}.shard", dump_shard(index))
        made.append(IndexedShard(tmp_path / f"{name}.shard", len(index.words), columns(page[3:] for page in some)))
    for name, shards in (("one", made[:1]), ("joined", made[1:])):
        join_shards(shards, language_files(program, "en"), tmp_path / name / "en-x", 1, None)
    one, joined = index_of(tmp_path / "one" / "en-x"), index_of(tmp_path / "joined" / "en-x")
    assert list(one) == sorted(one)
    assert one == joined
    assert len(one) > 10
    assert set(one) >= {"cafe", "resum", "naiv"}
    entries = [
        json.loads((tmp_path / each / "en-x" / "pagefind-entry.json").read_bytes()) for each in ("one", "joined")
    ]
    assert entries[0] == entries[1]
    assert entries[0]["languages"]["en"]["page_count"] == 60


PLACES = st.dictionaries(
    st.integers(-26, -1), st.lists(st.integers(0, 70_000), min_size=1, max_size=5), max_size=3
).map(lambda places: [(weight, place) for weight in sorted(places, reverse=True) for place in sorted(places[weight])])
PAGES = st.dictionaries(st.integers(0, 99_999), PLACES, max_size=6).map(lambda pages: sorted(pages.items()))
WORD = st.text(max_size=6)
SPELLED = st.dictionaries(WORD.filter(bool), PAGES.filter(bool), max_size=2)
SHARD = st.dictionaries(WORD, st.tuples(PAGES, SPELLED), max_size=5)


def steps(pages: Pages) -> list[Any]:
    numbers = [0, *(number for number, _ in pages)]
    return [
        [after - before, counted(places), []]
        for before, after, (_, places) in zip(numbers, numbers[1:], pages, strict=False)
    ]


def counted(places: list[tuple[int, int]]) -> list[int]:
    told: list[int] = []
    for weight, group in groupby(places, lambda each: each[0]):
        told.append(weight)
        told += (after - before for before, after in pairwise((0, *(place for _, place in group))))
    return told


@given(st.lists(SHARD, min_size=1, max_size=4), st.integers(1, 5_000))
def test_whatever_shards_hold_is_in_the_joined_index_with_all_its_spellings(
    shards: list[dict[str, Any]], size: int
) -> None:
    given = []
    expected: dict[str, dict[int, list[tuple[int, int]]]] = {}
    for at, shard in enumerate(shards):
        rows = []
        for word, (plain, spelled) in shard.items():
            rows.append([word, steps(plain), [[name, steps(pages)] for name, pages in spelled.items()]])
            for number, places in chain(plain, *spelled.values()):
                expected.setdefault(word, {}).setdefault(at * 100_000 + number, []).extend(places)
        given.append(dump_postings(read_postings(encode_cbor([rows]))))
    stored = [(data, at * 100_000) for at, data in enumerate(given)]
    joined = read([data for _, _, data in index_pieces(join_postings(stored), size)])
    assert list(joined) == sorted(joined)
    assert joined == {
        word: [(number, sorted(pages[number], key=lambda each: (-each[0], each[1]))) for number in sorted(pages)]
        for word, pages in expected.items()
    }


def test_what_is_not_of_the_known_form_is_refused() -> None:
    good = encode_cbor([[["word", [[0, [1], []]], []]]])
    assert len(list(read_postings(good))) == 1
    bad = (
        good[:-1] + b"\x00\x00",
        good + b"\x00",
        encode_cbor([[["word", [[0, [1]]], []]]]),
        encode_cbor([[["word", "pages", []]]]),
        encode_cbor([[[1, [[0, [1], []]], []]]]),
        encode_cbor([[["word", [[0, [1], []]]]]]),
        encode_cbor([[], []]),
        encode_cbor([[["word", [[0, [-1, 1], [1]]], [["wörd", [[0, [-1, 1], []]]]]]]]),
    )
    for each in bad:
        with pytest.raises((ValueError, IndexError, TypeError, KeyError)):
            list(read_postings(each))


@given(st.integers(0, 10**12))
def test_base36_is_what_the_browser_reads(number: int) -> None:
    assert int(base36(number), 36) == number


def test_what_is_kept_comes_back() -> None:
    found = list(read_postings(encode_cbor([[["b", [[3, [1], []], [200, [-25, 4], []]], [["ḅ", [[9, [0], []]]]]]]])))
    assert [each[:4] for each in found] == [("b", 3, 203, 3)]
    assert list(iter_postings(dump_postings(reversed(found)))) == found
