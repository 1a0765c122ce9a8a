"""One shard -> its part of the index, kept in a folder; and several of them -> the bundle that the browser loads.

A kept shard holds ``words`` (see ``postings``), ``texts`` (what results show, in the files to be published, one after
the other), ``about.json`` (the columns of ``tables``, how many pages and bytes each of these files has, and what
Pagefind says of its index) and ``program/``. A bundle is a folder of one language as Pagefind's program expects it, and
the two tables; texts are published in a folder for each shard.
"""

from __future__ import annotations

import base64
import gzip
import json
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import accumulate
from pathlib import Path
from typing import Any

from builder.diagnostics import UserError
from builder.search.cbor import cbor_file, decode, list_of, read_cbor
from builder.search.columns import Columns, columns, facets_table, words_table
from builder.search.pagefind import ask
from builder.search.postings import base36, dump_postings, index_contents, index_pieces, join_postings, read_postings
from builder.search.words import pagefind_words

PROGRAM, SCRIPT = "program", "pagefind.js"
_WORDS, _TEXTS, _ABOUT = "words", "texts", "about.json"

# Characters of a file of texts. A result shows words of its page, so its file is fetched; a file for each page would
# be one file more for every page that is published.
_PACK = 16_000

# Bytes of a word's entry, before compression, from which a search for several words leaves it out: it is nearly
# everywhere, and more to load than all else. There are such words in corpora of thousands of documents: "the", "of".
_COMMON = 300_000

# Where the lists stand in Pagefind's table of contents: its version first, pages, pieces of the index; then filters,
# sorting and fields, which are not used.
_VERSION, _PAGES, _PIECES = 0, 1, 2

_WORKERS, _WAITING = 2, 16  # threads that compress pieces, and pieces that wait for them


class CancelledError(Exception):
    """Search was asked for and is not wanted any more."""


# --- a shard --------------------------------------------------------------------------------------------------------


def index_shard(
    program: Path, language: str, lines: Sequence[bytes], folder: Path, cancelled: threading.Event | None
) -> None:
    """Let Pagefind index the pages and put the shard into ``folder``, which is there.

    Raises NotStartedError if the program cannot be started, OSError if the folder cannot be written, UserError if the
    program fails or its files are not of the form known here, CancelledError soon after ``cancelled`` is set.
    """
    pages = [json.loads(line) for line in lines]
    sent = [(address, pagefind_words(content)) for address, content, *_ in pages]
    answered = ask(program, _requests(sent, language, cancelled))
    files = {each["path"]: each["content"] for each in answered}
    del answered
    try:
        about = _keep_index(files, sent, folder)
    except (ValueError, KeyError, IndexError, TypeError, EOFError) as problem:
        raise UserError(f"the search index that Pagefind wrote is not of a form known here: {problem!r}") from problem
    packs = tuple(_packs(pages))
    about["packs"] = [(number, len(data)) for number, data in packs]
    about["words"] = (folder / _WORDS).stat().st_size
    (folder / _TEXTS).write_bytes(b"".join(data for _, data in packs))
    about["columns"] = columns(page[3:] for page in pages)
    (folder / _ABOUT).write_bytes(json_bytes(about))


def is_whole(shard: Path) -> bool:
    """Whether a kept shard is there with all that it holds."""
    try:
        about = json.loads((shard / _ABOUT).read_bytes())
        texts = sum(length for _, length in about["packs"])
        sizes = [(shard / name).stat().st_size for name in (_WORDS, _TEXTS)]
        return sizes == [about["words"], texts] and len(list((shard / PROGRAM).iterdir())) == len(about["program"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _requests(
    pages: Iterable[tuple[str, str]], language: str, cancelled: threading.Event | None
) -> Iterator[Mapping[str, Any]]:
    """All that the service is asked for one shard. A service numbers its indexes from 0."""
    yield {"type": "NewIndex", "config": {}}
    for address, content in pages:
        if cancelled and cancelled.is_set():
            raise CancelledError
        # Pagefind searches all of its `meta`, so nothing stands there: a title begins the text anyway.
        record = {"url": address, "content": content, "language": language, "meta": {}, "filters": {}, "sort": {}}
        yield {"type": "AddRecord", "index_id": 0, **record}
    # Not WriteFiles: that answers before the last bytes are on the disk, and a service that ends then loses them.
    yield {"type": "GetFiles", "index_id": 0}


def _keep_index(files: Mapping[str, str], pages: Sequence[tuple[str, str]], folder: Path) -> dict[str, Any]:
    def content(name: str) -> bytes:
        return base64.b64decode(files[name])

    entry = json.loads(content("pagefind-entry.json"))
    ((_, about),) = entry["languages"].items()
    listing, end = decode(data := read_cbor(content(f"pagefind.{about['hash']}.pf_meta")))
    if end != len(data):
        raise ValueError("its table of contents goes on after its end")
    listing = list_of(listing)
    names = [list_of(each)[0] for each in list_of(listing[_PAGES])]
    for name, (address, sent) in zip(names, pages, strict=True):
        # Places are counted in the words that we sent: one more or less would show a note that hasn't the word.
        fragment = json.loads(read_cbor(content(f"fragment/{name}.pf_fragment")))
        if fragment["url"] != address or fragment["content"].split() != sent.split():
            raise ValueError(f"the page {address} is not as it was sent")
    found = (
        postings
        for each in list_of(listing[_PIECES])
        for postings in read_postings(read_cbor(content(f"index/{list_of(each)[2]}.pf_index")))
    )
    (folder / _WORDS).write_bytes(dump_postings(found))
    (folder / PROGRAM).mkdir()
    # That of a worker of the browser's is 40 KB more to load.
    program = (SCRIPT, f"wasm.{about['wasm'] or 'unknown'}.pagefind")
    for name in program:
        (folder / PROGRAM / name).write_bytes(content(name))
    return {"program": program, "entry": entry, "contents": [listing[_VERSION], [], [], *listing[_PIECES + 3 :]]}


def _packs(pages: Iterable[Sequence[Any]]) -> Iterator[tuple[int, bytes]]:
    """What results show of the pages, as files of several pages each: how many, and the file."""
    held: list[Any] = []
    size = 0
    for address, text, shown, *_ in pages:
        content = text if shown else ""  # of an echo, the page tells
        if held and size + len(content) > _PACK:
            yield _pack(held)
            held, size = [], 0
        held.append([address, content, shown])
        size += len(content)
    yield _pack(held)


def _pack(held: Sequence[Any]) -> tuple[int, bytes]:
    return len(held), gzip.compress(json_bytes(held), 6, mtime=0)


# --- a bundle -------------------------------------------------------------------------------------------------------


def size_of_words(shards: Iterable[Path]) -> int:
    """How many bytes the index of words of these kept shards has, before compression."""
    return sum((shard / _WORDS).stat().st_size for shard in shards)


def join_shards(
    shards: Sequence[Path], root: Path, name: str, total: int, cancelled: threading.Event | None
) -> Sequence[Columns]:
    """Write the bundle of these kept shards of one language, and their texts, below ``root``; give their columns.

    The bundle's folder is called ``name``, which ends in a fingerprint. ``total`` is the size of words of all bundles,
    by which the index is cut into pieces. Raises OSError, CancelledError soon after ``cancelled`` is set.
    """
    kept = [json.loads((shard / _ABOUT).read_bytes()) for shard in shards]
    for shard, each in zip(shards, kept, strict=True):
        _write_texts(shard, each["packs"], root / _TEXTS / shard.name)
    folder = root / name
    folder.mkdir()
    packs = [(shard.name, [number for number, _ in each["packs"]]) for shard, each in zip(shards, kept, strict=True)]
    told = [each["columns"] for each in kept]
    sizes = [len(each["parts"]) for each in told]
    before = accumulate(sizes[:-1], initial=0)
    words = (((shard / _WORDS).read_bytes(), number) for shard, number in zip(shards, before, strict=True))
    borders, common = _write_pieces(tuple(words), total, folder / "index", cancelled)
    (folder / "words.pf_table").write_bytes(words_table(told, packs, common))
    (folder / "facets.pf_table").write_bytes(facets_table(told))
    fingerprint = name.rpartition("-")[2]
    (folder / f"pagefind.{fingerprint}.pf_meta").write_bytes(index_contents(kept[0]["contents"], sum(sizes), borders))
    entry = kept[0]["entry"]
    ((language, about),) = entry["languages"].items()
    languages = {language: {**about, "hash": fingerprint, "page_count": sum(sizes)}}
    (folder / "pagefind-entry.json").write_bytes(json_bytes({**entry, "languages": languages}))
    for each in (shards[0] / PROGRAM).glob("wasm.*"):
        (folder / each.name).write_bytes(each.read_bytes())
    return told


def _write_texts(shard: Path, packs: Sequence[tuple[int, int]], folder: Path) -> None:
    folder.mkdir(parents=True)
    with (shard / _TEXTS).open("rb") as texts:
        for at, (_, length) in enumerate(packs):
            (folder / f"{base36(at)}.pf_texts").write_bytes(texts.read(length))


def _write_pieces(
    shards: Sequence[tuple[bytes, int]], total: int, folder: Path, cancelled: threading.Event | None
) -> tuple[list[tuple[str, str]], list[str]]:
    """Write the index of words; give the first and last word of each piece, and the words that are common."""
    folder.mkdir()
    borders: list[tuple[str, str]] = []
    common: list[str] = []

    def noted() -> Iterator[tuple[str, bytes]]:
        for word, entry in join_postings(shards):
            if len(entry) > _COMMON:
                common.append(word)
            yield word, entry

    with ThreadPoolExecutor(_WORKERS) as pool:  # compressing lets other threads work
        writing: deque[Future[None]] = deque()
        for first, last, data in index_pieces(noted(), total):
            if cancelled and cancelled.is_set():
                raise CancelledError
            path = folder / f"{base36(len(borders))}.pf_index"
            writing.append(pool.submit(_write_packed, path, data))
            borders.append((first, last))
            if len(writing) > _WAITING:
                writing.popleft().result()
        for each in writing:
            each.result()
    return borders, common


def _write_packed(path: Path, data: bytes) -> None:
    path.write_bytes(cbor_file(data))


def json_bytes(value: Any) -> bytes:  # noqa: ANN401 - whatever goes into a file of ours
    """Give a value as JSON without spaces; what of its text is no Unicode (lone surrogates) is kept all the same."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
