"""Indexed shards -> the bundle of one language that the browser loads.

A bundle is a folder as Pagefind's program expects it, with the two tables of ``columns.py``. Texts are published in a
folder for each shard, so that a page that changes changes the files of its neighbours alone.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from builder.diagnostics import UserError
from builder.search.browser_tables import Columns, facets_table, words_table
from builder.search.cache import read_shard
from builder.search.cbor import cbor_file
from builder.search.join_postings import base36, index_contents, index_pieces, join_postings
from builder.search.pagefind_index import CancelledError, LanguageFiles
from builder.search.shard_index import json_bytes

# Bytes of a word's entry, before compression, from which a search for several words leaves it out: it is nearly
# everywhere, and more to load than all else. There are such words in corpora of thousands of documents: "the", "of".
_COMMON = 300_000

_WORKERS, _WAITING = 2, 16  # threads that compress pieces, and pieces that wait for them

_TEXTS = "texts"  # beside the bundles


@dataclass(frozen=True, slots=True)
class IndexedShard:
    """A shard whose index is in the cache at ``path``: the size of its postings, and the columns of its pages."""

    path: Path
    size: int
    columns: Columns

    @property
    def name(self) -> str:
        """The name of its folder of texts."""
        return self.path.stem


def join_shards(
    shards: Sequence[IndexedShard],
    files: LanguageFiles,
    folder: Path,
    total: int,
    cancelled: threading.Event | None,
) -> None:
    """Write the bundle of these shards of one language, and their texts beside it.

    Raises OSError, UserError if a shard is not in the cache any more, CancelledError soon after ``cancelled`` is set.

    ``shards``: in the order of their pages.
    ``files``: what every index of the language has.
    ``folder``: of the bundle; it is made, and its name ends in a fingerprint.
    ``total``: size of the postings of all bundles, by which the index is cut into pieces.
    ``cancelled``: set by whoever does not want the index any more.
    """
    folder.mkdir(parents=True)
    columns = [shard.columns for shard in shards]
    sizes = [len(shard.columns["parts"]) for shard in shards]
    postings: list[tuple[bytes, int]] = []
    packs: list[tuple[str, list[int]]] = []
    for shard, pages_before in zip(shards, accumulate(sizes[:-1], initial=0), strict=True):
        index = read_shard(shard.path)
        if index is None:
            raise UserError("another program changed the cache of the search index; build again")
        _write_texts([file for _, file in index.texts], folder.parent / _TEXTS / shard.name)
        packs.append((shard.name, [pages for pages, _ in index.texts]))
        postings.append((index.words, pages_before))
    borders, common = _write_pieces(postings, total, folder / "index", cancelled)
    (folder / "words.pf_table").write_bytes(words_table(columns, packs, common))
    (folder / "facets.pf_table").write_bytes(facets_table(columns))
    fingerprint = folder.name.rpartition("-")[2]
    contents = index_contents(files.contents, sum(sizes), borders)
    (folder / f"pagefind.{fingerprint}.pf_meta").write_bytes(contents)
    ((language, about),) = files.entry["languages"].items()
    languages = {language: {**about, "hash": fingerprint, "page_count": sum(sizes)}}
    (folder / "pagefind-entry.json").write_bytes(json_bytes({**files.entry, "languages": languages}))
    wasm, program = files.wasm
    (folder / wasm).write_bytes(program)


def _write_texts(files: Sequence[bytes], folder: Path) -> None:
    folder.mkdir(parents=True)
    for at, content in enumerate(files):
        (folder / f"{base36(at)}.pf_texts").write_bytes(content)


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
