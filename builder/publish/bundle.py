"""A Pagefind bundle as its program leaves it -> one with the same bytes every time, small pieces, and names of ours.

Three things are changed, all of them in Pagefind's own files (gzip of ``pagefind_dcd`` and CBOR, RFC 8949):

- Filters are taken out. They carry what is shown of a page into its fragment, and nothing is filtered by them.
- Pages are named after the bundle and their place in it, so that a result says which row of the bundle's table it is,
  and no two bundles name a page alike.
- The index of words is cut into smaller pieces: a query fetches one of each bundle for each of its words, and
  Pagefind's are 20 KB.
"""

from __future__ import annotations

import gzip
import json
import re
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from builder.diagnostics import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_Cbor: TypeAlias = "int | str | list[_Cbor]"

# The program in a bundle: the script of the page, with WebAssembly beside it. That of a worker is 40 KB more to load.
PROGRAM = ("pagefind.js",)

_SIGNATURE = b"pagefind_dcd"

# Where the lists stand in the bundle's table of contents.
_PAGES, _CHUNKS, _FILTERS, _SORTS = 1, 2, 3, 4

# Bytes of a piece of the index before compression, which halves them.
_PIECE = 9_000


def settle(folder: Path, *, name: str) -> None:
    """Give the bundle in ``folder`` its fixed names and pieces, and delete what the browser won't ask for.

    ``name`` begins the names of its pages: ``<name>-<place>``, the place from 0 and in base 36. The bundle must hold
    one language, and its pages in their order. Raises Refusal if the files are not of the form that this version knows.
    """
    entry_path = folder / "pagefind-entry.json"
    try:
        entry = json.loads(entry_path.read_bytes())
        ((_, about),) = entry["languages"].items()
        contents_path = folder / f"pagefind.{about['hash']}.pf_meta"
        contents = _list(_load(contents_path))
        contents_path.unlink()
        contents[_FILTERS], contents[_SORTS] = [], []
        contents[_PAGES] = [
            _rename(folder, page, f"{name}-{_base36(at)}") for at, page in enumerate(_list(contents[1]))
        ]
        contents[_CHUNKS] = _cut_again(folder, [str(_list(each)[2]) for each in _list(contents[_CHUNKS])])
        about["hash"] = name
        _store(folder / f"pagefind.{name}.pf_meta", _encode(contents))
    except (OSError, ValueError, KeyError, IndexError, TypeError, EOFError) as problem:
        raise Refusal(f"the search index that Pagefind wrote is not of a form known here: {problem!r}") from problem
    entry_path.write_text(json.dumps(entry, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    kept = {entry_path.name, f"pagefind.{name}.pf_meta", *PROGRAM, f"wasm.{about['wasm'] or 'unknown'}.pagefind"}
    for each in folder.iterdir():
        if each.name not in kept and each.is_file():
            each.unlink()
    for each in (folder / "filter").glob("*"):
        each.unlink()
    if (folder / "filter").is_dir():
        (folder / "filter").rmdir()


def _rename(folder: Path, page: _Cbor, name: str) -> list[_Cbor]:
    old, words = _list(page)
    (folder / "fragment" / f"{old}.pf_fragment").rename(folder / "fragment" / f"{name}.pf_fragment")
    return [name, words]


def _base36(number: int) -> str:
    digits = ""
    while number or not digits:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits


# --- the index of words, in pieces ----------------------------------------------------------------------------------

# Of a page in a word's entry: [pages since the last, [places], [places in meta]]. Numbers are not looked at.
_INT = rb"(?:[\x00-\x17\x20-\x37]|[\x18\x38].|[\x19\x39]..|[\x1a\x3a]....)"
_LIST_OF = rb"(?:[\x80-\x97]|\x98.|\x99..|\x9a....)"
_WORD_PAGES = re.compile(
    _LIST_OF + rb"(?:\x83" + _INT + _LIST_OF + _INT + rb"*+" + _LIST_OF + _INT + rb"*+)*+", re.DOTALL
)


def _cut_again(folder: Path, names: Sequence[str]) -> list[_Cbor]:
    """Write the index anew in smaller pieces; give the rows that list them: first word, last word, name."""
    pieces: list[tuple[str, str, str]] = []
    words: list[str] = []
    entries: list[bytes] = []
    size = 0

    def close() -> None:
        nonlocal size
        if words:
            data = b"\x81" + _head(_LIST, len(entries)) + b"".join(entries)
            name = _base36(len(pieces))  # the folder's own name tells versions apart
            _store(folder / "index" / f"{name}.pf_index", data)
            pieces.append((words[0], words[-1], name))
        words.clear()
        entries.clear()
        size = 0

    (folder / "index").rename(folder / "whole")
    (folder / "index").mkdir()
    for old in names:
        data = _unpacked(folder / "whole" / f"{old}.pf_index")
        (folder / "whole" / f"{old}.pf_index").unlink()
        for word, entry in _entries(data):
            words.append(word)
            entries.append(entry)
            size += len(entry)
            if size >= _PIECE:
                close()
    close()
    (folder / "whole").rmdir()
    return _rows(pieces)


def _rows(pieces: Sequence[tuple[str, str, str]]) -> list[_Cbor]:
    """Shorten the borders between pieces to what tells them apart, so that a beginning of a word finds its piece."""
    rows: list[list[_Cbor]] = [list(each) for each in pieces]
    for before, after in pairwise(rows):
        last, first = str(before[1]), str(after[0])
        common = next((at for at, (a, b) in enumerate(zip(last, first, strict=False)) if a != b), len(last))
        before[1], after[0] = last[: common + 1], first[: common + 1]
    return list(rows)


def _entries(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Give each word of a piece of the index with its entry: [word, pages, spellings with accents]."""
    at = 1 + _head_size(data, 1)
    if data[0] != _LIST << 5 | 1:
        raise ValueError("a piece of the index is not a list of words")
    while at < len(data):
        word, end = _decode(data, at + 1)
        pages = _WORD_PAGES.match(data, end)
        if data[at] != _LIST << 5 | 3 or not isinstance(word, str) or pages is None:
            raise ValueError("a word of the index is not of the form known here")
        _, end = _decode(data, pages.end())
        yield word, data[at:end]
        at = end


def _head_size(data: bytes, at: int) -> int:
    return 1 + _WIDTHS.get(data[at] & 31, 0)


def _unpacked(path: Path) -> bytes:
    data = gzip.decompress(path.read_bytes())
    if not data.startswith(_SIGNATURE):
        raise ValueError(f"{path.name} lacks its signature")
    return data[len(_SIGNATURE) :]


def _load(path: Path) -> _Cbor:
    data = _unpacked(path)
    value, end = _decode(data, 0)
    if end != len(data):
        raise ValueError(f"{path.name} goes on after its end")
    return value


def _store(path: Path, data: bytes) -> None:
    # mtime: a clock has no place in what is published
    path.write_bytes(gzip.compress(_SIGNATURE + data, 9, mtime=0))


def _list(value: _Cbor) -> list[_Cbor]:
    if not isinstance(value, list):
        raise TypeError(f"a list was expected, not {value!r}")
    return value


# --- CBOR: integers (major types 0 and 1), text (3), lists (4) of known length or up to a break ---------------------

_NUMBER, _NEGATIVE, _TEXT, _LIST = 0, 1, 3, 4
_OPEN_ENDED, _BREAK = 31, 0xFF
_SMALL = 24  # numbers below stand in the head itself; 24 to 27 say that 1, 2, 4 or 8 bytes follow
_WIDTHS = {24: 1, 25: 2, 26: 4, 27: 8}


def _decode(data: bytes, at: int) -> tuple[_Cbor, int]:
    """Give the value that begins at ``at``, and where it ends."""
    major, size = data[at] >> 5, data[at] & 31
    at += 1
    if major == _LIST and size == _OPEN_ENDED:
        items: list[_Cbor] = []
        while data[at] != _BREAK:
            item, at = _decode(data, at)
            items.append(item)
        return items, at + 1
    if size >= _SMALL:
        width = _WIDTHS[size]
        size, at = int.from_bytes(data[at : at + width], "big"), at + width
    if major in (_NUMBER, _NEGATIVE):
        return (size if major == _NUMBER else -1 - size), at
    if major == _TEXT:
        return data[at : at + size].decode(), at + size
    if major == _LIST:
        items = []
        for _ in range(size):
            item, at = _decode(data, at)
            items.append(item)
        return items, at
    raise ValueError(f"CBOR of major type {major}")


def _encode(value: _Cbor) -> bytes:
    if isinstance(value, int):
        return _head(_NUMBER, value) if value >= 0 else _head(_NEGATIVE, -1 - value)
    if isinstance(value, str):
        text = value.encode()
        return _head(_TEXT, len(text)) + text
    return _head(_LIST, len(value)) + b"".join(map(_encode, value))


def _head(major: int, size: int) -> bytes:
    if size < _SMALL:
        return bytes([major << 5 | size])
    code, width = next(each for each in _WIDTHS.items() if size < 1 << 8 * each[1])
    return bytes([major << 5 | code]) + size.to_bytes(width, "big")
