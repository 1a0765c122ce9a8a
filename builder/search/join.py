"""Indexed shards -> the bundle of one language that the browser loads.

A bundle is a folder as Pagefind's program expects it, with the two tables of ``columns.py``. Texts are published in a
folder for each shard, so that a page that changes changes the files of its neighbours alone.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import accumulate
from pathlib import Path

from builder.search.cbor import cbor_file
from builder.search.columns import Columns, facets_table, words_table
from builder.search.join_postings import base36, index_contents, index_pieces, join_postings
from builder.search.shard_index import ABOUT, PROGRAM, TEXTS, WORDS, CancelledError, json_bytes

# Bytes of a word's entry, before compression, from which a search for several words leaves it out: it is nearly
# everywhere, and more to load than all else. There are such words in corpora of thousands of documents: "the", "of".
_COMMON = 300_000

_WORKERS, _WAITING = 2, 16  # threads that compress pieces, and pieces that wait for them


def size_of_words(shards: Iterable[Path]) -> int:
    """Return how many bytes the postings of these shards have, before compression."""
    return sum((shard / WORDS).stat().st_size for shard in shards)


def join_shards(
    shards: Sequence[Path], root: Path, name: str, total: int, cancelled: threading.Event | None
) -> Sequence[Columns]:
    """Write the bundle of these shards of one language, and their texts, below ``root``; return their columns.

    Raises OSError, and CancelledError soon after ``cancelled`` is set.

    ``shards``: their folders, in the order of their pages.
    ``root``: the folder of the published index.
    ``name``: of the bundle's folder; it ends in a fingerprint.
    ``total``: size of the postings of all bundles, by which the index is cut into pieces.
    ``cancelled``: set by whoever does not want the index any more.
    """
    abouts = [json.loads((shard / ABOUT).read_bytes()) for shard in shards]
    for shard, about in zip(shards, abouts, strict=True):
        _write_texts(shard, about["packs"], root / TEXTS / shard.name)
    folder = root / name
    folder.mkdir()
    packs = [(shard.name, [pages for pages, _ in about["packs"]]) for shard, about in zip(shards, abouts, strict=True)]
    columns = [about["columns"] for about in abouts]
    sizes = [len(shard_columns["parts"]) for shard_columns in columns]
    pages_before = accumulate(sizes[:-1], initial=0)
    postings = (((shard / WORDS).read_bytes(), number) for shard, number in zip(shards, pages_before, strict=True))
    borders, common = _write_pieces(tuple(postings), total, folder / "index", cancelled)
    (folder / "words.pf_table").write_bytes(words_table(columns, packs, common))
    (folder / "facets.pf_table").write_bytes(facets_table(columns))
    fingerprint = name.rpartition("-")[2]
    contents = index_contents(abouts[0]["contents"], sum(sizes), borders)
    (folder / f"pagefind.{fingerprint}.pf_meta").write_bytes(contents)
    entry = abouts[0]["entry"]
    ((language, about),) = entry["languages"].items()
    languages = {language: {**about, "hash": fingerprint, "page_count": sum(sizes)}}
    (folder / "pagefind-entry.json").write_bytes(json_bytes({**entry, "languages": languages}))
    for wasm in (shards[0] / PROGRAM).glob("wasm.*"):
        (folder / wasm.name).write_bytes(wasm.read_bytes())
    return columns


def _write_texts(shard: Path, packs: Sequence[tuple[int, int]], folder: Path) -> None:
    folder.mkdir(parents=True)
    with (shard / TEXTS).open("rb") as texts:
        for at, (_, length) in enumerate(packs):
            (folder / f"{base36(at)}.pf_texts").write_bytes(texts.read(length))


def _write_pieces(
    shards: Sequence[tuple[bytes, int]], total: int, folder: Path, cancelled: threading.Event | None
) -> tuple[list[tuple[str, str]], list[str]]:
    """Write the pieces of the index; return the first and last word of each, and the words that are common.

    ``shards``: of each what ``dump_postings`` made, and the number of pages before it.
    ``total``, ``cancelled``: as for ``join_shards``.
    ``folder``: of the pieces; it is made.
    """
    folder.mkdir()
    borders: list[tuple[str, str]] = []
    common: list[str] = []

    def entries() -> Iterator[tuple[str, bytes]]:
        for word, entry in join_postings(shards):
            if len(entry) > _COMMON:
                common.append(word)
            yield word, entry

    with ThreadPoolExecutor(_WORKERS) as pool:  # other threads run while one compresses
        writing: deque[Future[None]] = deque()
        for first, last, data in index_pieces(entries(), total):
            if cancelled and cancelled.is_set():
                raise CancelledError
            path = folder / f"{base36(len(borders))}.pf_index"
            writing.append(pool.submit(_write_piece, path, data))
            borders.append((first, last))
            if len(writing) > _WAITING:
                writing.popleft().result()
        for future in writing:
            future.result()
    return borders, common


def _write_piece(path: Path, data: bytes) -> None:
    path.write_bytes(cbor_file(data))
