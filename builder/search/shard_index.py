"""One shard -> what it adds to the index: its postings, and what results show of its pages."""

from __future__ import annotations

import json
import threading
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.compression import gzip_bytes
from builder.search.join_postings import dump_postings
from builder.search.pagefind_index import make_index
from builder.search.words import pagefind_words

# Characters of a file of texts. A result shows words of its page, so its file is fetched; a file for each page would
# be one file more for every page that is published.
_PACK = 16_000
_TEXTS_LEVEL = 6  # of compression


@dataclass(frozen=True, slots=True)
class ShardIndex:
    """What a shard adds to the index.

    ``words``: its postings, as ``dump_postings`` writes them.
    ``texts``: what results show, as files to be published: the number of pages, and the file.
    """

    words: bytes
    texts: tuple[tuple[int, bytes], ...]


def index_shard(
    program: Path, language: str, pages: Sequence[Sequence[Any]], cancelled: threading.Event | None = None
) -> ShardIndex:
    """Let Pagefind index the pages.

    Raises NotStartedError if the program cannot be started, UserError if it fails, PagefindFormatError if its files
    have an unknown form, CancelledError soon after ``cancelled`` is set.

    ``program``: Pagefind's program.
    ``language``: whose stemmer it takes.
    ``pages``: of each page what its ``SearchPage.line`` holds.
    ``cancelled``: set by whoever does not want the index any more.
    """
    sent = [(address, pagefind_words(content)) for address, content, *_ in pages]
    index = make_index(program, language, sent, cancelled)
    texts = ((len(pack), gzip_bytes(json_bytes(pack), _TEXTS_LEVEL)) for pack in _text_packs(pages))
    return ShardIndex(dump_postings(index.postings), tuple(texts))


def dump_shard(index: ShardIndex) -> bytes:
    """Return the index of a shard as bytes: a line with the sizes of its parts, the postings, the texts."""
    sizes = [len(index.words), [(pages, len(file)) for pages, file in index.texts]]
    return b"".join((json_bytes(sizes), b"\n", index.words, *(file for _, file in index.texts)))


def load_shard(content: bytes) -> ShardIndex:
    """Return what ``dump_shard`` was given."""
    line, _, rest = content.partition(b"\n")
    words, sizes = json.loads(line)
    at = words
    texts = []
    for pages, length in sizes:
        texts.append((pages, rest[at : at + length]))
        at += length
    return ShardIndex(rest[:words], tuple(texts))


def shows(index: ShardIndex, pages: Iterable[Sequence[Any]]) -> bool:
    """Return whether the texts of a shard are those of these pages, to the letter.

    So what results show is never taken from the cache on trust: to unpack it is quicker than to pack it again.
    """
    packs = tuple(_text_packs(pages))
    if [len(pack) for pack in packs] != [number for number, _ in index.texts]:
        return False
    return all(_unpacks_to(file, json_bytes(pack)) for pack, (_, file) in zip(packs, index.texts, strict=True))


def json_bytes(value: Any) -> bytes:  # noqa: ANN401 - any value that JSON has
    """Return a value as JSON without spaces; text that is no Unicode (lone surrogates) is kept all the same."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _text_packs(pages: Iterable[Sequence[Any]]) -> Iterator[list[Any]]:
    """Yield what results show of the pages, several pages at a time: a file of texts."""
    pack: list[Any] = []
    size = 0
    for address, text, shown, *_ in pages:
        content = text if shown else ""  # what an echo shows is kept with its page
        if pack and size + len(content) > _PACK:
            yield pack
            pack, size = [], 0
        pack.append([address, content, shown])
        size += len(content)
    yield pack


def _unpacks_to(file: bytes, content: bytes) -> bool:
    reader = zlib.decompressobj(16 + zlib.MAX_WBITS)  # 16: gzip
    try:
        unpacked = reader.decompress(file, len(content) + 1)  # no more, whatever it is
    except zlib.error:
        return False
    return unpacked == content and reader.eof and not reader.unused_data
