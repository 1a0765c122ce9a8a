"""Pages -> the index that Pagefind makes of them: asked of its service, and read from its files."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from builder.search.cbor import Cbor, decode_cbor, list_of, read_cbor_file
from builder.search.pagefind import run_service
from builder.search.postings import Postings, read_postings

SCRIPT = "pagefind.js"  # Pagefind's program for the browser

# Where the lists are in Pagefind's table of contents: its version first, pages, pieces of the index; then filters,
# sorting and fields, which are not used.
_VERSION, _PAGES, _PIECES = 0, 1, 2

# Pagefind's program passes over a piece of the index that could not be loaded, as if its words were nowhere. With this
# it fails instead, so that the reader hears of it.
_PASSES_OVER = re.compile(rb"console\.error\(`Failed to load the index chunk [^`]*`\);")
_FAILS = b"throw e;"

# With accents, so that the index has spellings, and a word that several pages have.
_TRIAL = (("p0/", "The café by the river"), ("p1/", "The résumé of the cafe"))


class CancelledError(Exception):
    """Search was asked for and is not wanted any more."""


class PagefindFormatError(Exception):
    """The files that this Pagefind makes have a form that is not known here."""


@dataclass(frozen=True, slots=True)
class LanguageFiles:
    """What every index of a language has besides its words.

    ``script``: Pagefind's program for the browser, changed to fail where it would pass over a fault.
    ``wasm``: the name and the content of the file with this language's stemmer.
    ``entry``: the first file that the program loads.
    ``contents``: its table of contents, without pages and pieces: the version first.
    """

    script: bytes
    wasm: tuple[str, bytes]
    entry: Mapping[str, Any]
    contents: tuple[Cbor, ...]


@dataclass(frozen=True, slots=True)
class PagefindIndex:
    """An index of Pagefind's: where its words are, and what every index of the language has."""

    postings: tuple[Postings, ...]
    language_files: LanguageFiles


def make_index(
    program: Path, language: str, pages: Sequence[tuple[str, str]], cancelled: threading.Event | None
) -> PagefindIndex:
    """Let Pagefind index the pages.

    Raises NotStartedError if the program cannot be started, UserError if it fails, PagefindFormatError if its files
    have an unknown form, CancelledError soon after ``cancelled`` is set.

    ``program``: Pagefind's program.
    ``language``: whose stemmer it takes.
    ``pages``: address and text of each.
    ``cancelled``: set by whoever does not want the index any more.
    """
    files = run_service(program, _requests(pages, language, cancelled))
    try:
        return _read_index(files, pages)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise PagefindFormatError(f"{type(error).__name__}: {error}") from error


def language_files(program: Path, language: str) -> LanguageFiles:
    """Return what every index of the language has besides its words, from an index of two pages; raises as above.

    It holds the programs that readers' browsers run. So it is taken from Pagefind itself in every build, and never
    from a cache, which others may have written to.
    """
    about = program.stat()
    return _language_files(program, language, about.st_mtime_ns, about.st_size)


@cache
def _language_files(program: Path, language: str, mtime_ns: int, size: int) -> LanguageFiles:
    del mtime_ns, size  # these tell a program from its successor
    return make_index(program, language, _TRIAL, None).language_files


def _requests(
    pages: Iterable[tuple[str, str]], language: str, cancelled: threading.Event | None
) -> Iterator[Mapping[str, Any]]:
    """Yield the requests for one index. A service numbers its indexes from 0."""
    yield {"type": "NewIndex", "config": {}}
    for address, content in pages:
        if cancelled and cancelled.is_set():
            raise CancelledError
        # Pagefind searches all of its `meta`, so it is left empty: a title begins the text anyway.
        record = {"url": address, "content": content, "language": language, "meta": {}, "filters": {}, "sort": {}}
        yield {"type": "AddRecord", "index_id": 0, **record}
    # Not WriteFiles: that answers before the last bytes are on the disk, and a service that ends then loses them.
    yield {"type": "GetFiles", "index_id": 0}


def _read_index(files: Mapping[str, bytes], pages: Sequence[tuple[str, str]]) -> PagefindIndex:
    """Return what the files hold.

    Raises ValueError, KeyError, IndexError, TypeError or AttributeError if they have another form.
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
    postings = tuple(
        posting
        for piece in list_of(contents[_PIECES])
        for posting in read_postings(read_cbor_file(files[f"index/{list_of(piece)[2]}.pf_index"]))
    )
    wasm = f"wasm.{about['wasm'] or 'unknown'}.pagefind"  # the variant for a worker is 40 KB more to load
    others: tuple[Cbor, ...] = (contents[_VERSION], [], [], *contents[_PIECES + 3 :])
    return PagefindIndex(postings, LanguageFiles(_failing(files[SCRIPT]), (wasm, files[wasm]), entry, others))


def _failing(script: bytes) -> bytes:
    script, changes = _PASSES_OVER.subn(_FAILS, script)
    if changes != 1:
        raise ValueError(f"{SCRIPT} passes over a piece that could not be loaded at {changes} places, not at 1")
    return script
