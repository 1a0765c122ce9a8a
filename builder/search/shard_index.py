"""One shard -> its part of the index, as files in a folder of its own, which the cache keeps.

The folder has ``words`` (the postings, see ``join_postings.py``), ``texts`` (what results show, in the files that will
be published, one after the other), ``program/`` (what the browser runs), and ``about.json``: the columns of
``columns.py``, how many pages and bytes each file of texts has, and what Pagefind says of its index.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from builder.compression import gzip_bytes
from builder.search.cbor import decode_cbor, list_of, read_cbor_file
from builder.search.columns import columns
from builder.search.join_postings import dump_postings
from builder.search.pagefind import run_service
from builder.search.postings import read_postings
from builder.search.words import pagefind_words

WORDS, TEXTS, ABOUT, PROGRAM = "words", "texts", "about.json", "program"
SCRIPT = "pagefind.js"  # in PROGRAM: Pagefind's program for the browser

# Characters of a file of texts. A result shows words of its page, so its file is fetched; a file for each page would
# be one file more for every page that is published.
_PACK = 16_000
_TEXTS_LEVEL = 6  # of compression

# Where the lists are in Pagefind's table of contents: its version first, pages, pieces of the index; then filters,
# sorting and fields, which are not used.
_VERSION, _PAGES, _PIECES = 0, 1, 2

# Pagefind's program passes over a piece of the index that could not be loaded, as if its words were nowhere. With this
# it fails instead, so that the reader hears of it.
_PASSES_OVER = re.compile(rb"console\.error\(`Failed to load the index chunk [^`]*`\);")
_FAILS = b"throw e;"


class CancelledError(Exception):
    """Search was asked for and is not wanted any more."""


class PagefindFormatError(Exception):
    """The files that this Pagefind makes have a form that is not known here."""


def index_shard(
    program: Path, language: str, lines: Sequence[bytes], folder: Path, cancelled: threading.Event | None
) -> None:
    """Let Pagefind index the pages, and put the shard into ``folder``.

    Raises NotStartedError if the program cannot be started, OSError if the folder cannot be written, UserError if the
    program fails, PagefindFormatError if its files have another form, CancelledError soon after ``cancelled`` is set.

    ``program``: Pagefind's program.
    ``language``: whose stemmer it takes.
    ``lines``: of each page its ``SearchPage.line``.
    ``folder``: where to put the shard; it exists.
    ``cancelled``: set by whoever does not want the index any more.
    """
    pages = [json.loads(line) for line in lines]
    sent = [(address, pagefind_words(content)) for address, content, *_ in pages]
    files = run_service(program, _requests(sent, language, cancelled))
    try:
        about = _write_index(files, sent, folder)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise PagefindFormatError(f"{type(error).__name__}: {error}") from error
    packs = tuple(_text_packs(pages))
    about["packs"] = [(number, len(data)) for number, data in packs]
    about["words"] = (folder / WORDS).stat().st_size
    (folder / TEXTS).write_bytes(b"".join(data for _, data in packs))
    about["columns"] = columns(page[3:] for page in pages)
    (folder / ABOUT).write_bytes(json_bytes(about))


def json_bytes(value: Any) -> bytes:  # noqa: ANN401 - any value that JSON has
    """Return a value as JSON without spaces; text that is no Unicode (lone surrogates) is kept all the same."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _requests(
    pages: Iterable[tuple[str, str]], language: str, cancelled: threading.Event | None
) -> Iterator[Mapping[str, Any]]:
    """Yield the requests for the index of one shard. A service numbers its indexes from 0."""
    yield {"type": "NewIndex", "config": {}}
    for address, content in pages:
        if cancelled and cancelled.is_set():
            raise CancelledError
        # Pagefind searches all of its `meta`, so it is left empty: a title begins the text anyway.
        record = {"url": address, "content": content, "language": language, "meta": {}, "filters": {}, "sort": {}}
        yield {"type": "AddRecord", "index_id": 0, **record}
    # Not WriteFiles: that answers before the last bytes are on the disk, and a service that ends then loses them.
    yield {"type": "GetFiles", "index_id": 0}


def _write_index(files: Mapping[str, bytes], pages: Sequence[tuple[str, str]], folder: Path) -> dict[str, Any]:
    """Write the words and the program of a shard; return what Pagefind says of its index.

    Raises ValueError, KeyError, IndexError, TypeError or AttributeError if the files have another form.
    """
    entry = json.loads(files["pagefind-entry.json"])
    ((_, about),) = entry["languages"].items()
    contents, end = decode_cbor(data := read_cbor_file(files[f"pagefind.{about['hash']}.pf_meta"]))
    if end != len(data):
        raise ValueError("its table of contents goes on after its end")
    contents = list_of(contents)
    names = [list_of(page)[0] for page in list_of(contents[_PAGES])]
    for name, (address, text) in zip(names, pages, strict=True):
        # Places are counted in the words that we sent: one more or less would show a note that hasn't the word.
        fragment = json.loads(read_cbor_file(files[f"fragment/{name}.pf_fragment"]))
        if fragment["url"] != address or fragment["content"].split() != text.split():
            raise ValueError(f"the page {address} is not as it was sent")
    postings = (
        posting
        for piece in list_of(contents[_PIECES])
        for posting in read_postings(read_cbor_file(files[f"index/{list_of(piece)[2]}.pf_index"]))
    )
    (folder / WORDS).write_bytes(dump_postings(postings))
    wasm = f"wasm.{about['wasm'] or 'unknown'}.pagefind"  # the variant for a worker is 40 KB more to load
    program = {SCRIPT: _failing_script(files[SCRIPT]), wasm: files[wasm]}
    (folder / PROGRAM).mkdir()
    for name, content in program.items():
        (folder / PROGRAM / name).write_bytes(content)
    return {
        "program": list(program),
        "entry": entry,
        "contents": [contents[_VERSION], [], [], *contents[_PIECES + 3 :]],
    }


def _failing_script(script: bytes) -> bytes:
    script, changes = _PASSES_OVER.subn(_FAILS, script)
    if changes != 1:
        raise ValueError(f"{SCRIPT} passes over a piece that could not be loaded at {changes} places, not at 1")
    return script


def _text_packs(pages: Iterable[Sequence[Any]]) -> Iterator[tuple[int, bytes]]:
    """Yield what results show of the pages, as files of several pages each: how many pages, and the file."""
    pack: list[Any] = []
    size = 0
    for address, text, shown, *_ in pages:
        content = text if shown else ""  # what an echo shows is kept with its page
        if pack and size + len(content) > _PACK:
            yield _text_pack(pack)
            pack, size = [], 0
        pack.append([address, content, shown])
        size += len(content)
    yield _text_pack(pack)


def _text_pack(pages: Sequence[Any]) -> tuple[int, bytes]:
    return len(pages), gzip_bytes(json_bytes(pages), _TEXTS_LEVEL)
