"""A Pagefind bundle as its program leaves it -> the same bundle with the same bytes every time, and nothing to spare.

Pagefind keeps filters and sorts in hash maps with a random seed, so their order in its files changes from run to run,
and with it the names of these files, which are hashes. Here they are put in alphabetical order and named again. The
files are gzip of ``pagefind_dcd`` and CBOR (RFC 8949); only the three kinds of CBOR value that occur are known.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from typing import TYPE_CHECKING, TypeAlias

from builder.diagnostics import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_Cbor: TypeAlias = "int | str | list[_Cbor]"

# Begins the names of filters that are no facets: they tell the reader of a result what it is.
SHOWN = "_"

_SIGNATURE = b"pagefind_dcd"

# Where the lists of filters and sorts stand in the bundle's table of contents.
_FILTERS, _SORTS = 3, 4

# Only the first bundle of a language brings the program; those merged into it bring their index alone.
_PROGRAM = ("pagefind.js", "pagefind-worker.js")


def settle(folder: Path, *, with_program: bool) -> None:
    """Give the bundle in ``folder`` its fixed order and names, and delete what the browser won't ask for.

    ``with_program`` keeps Pagefind's script, worker and WebAssembly. The bundle must hold one language. Raises Refusal
    if the files are not of the form that this version knows.
    """
    entry_path = folder / "pagefind-entry.json"
    try:
        entry = json.loads(entry_path.read_bytes())
        ((language, about),) = entry["languages"].items()
        about["hash"] = _settle_contents(folder, language, about["hash"])
    except (OSError, ValueError, KeyError, IndexError, TypeError, EOFError) as problem:
        raise Refusal(f"the search index that Pagefind wrote is not of a form known here: {problem!r}") from problem
    entry_path.write_text(json.dumps(entry, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    kept = {entry_path.name, f"pagefind.{about['hash']}.pf_meta"}
    if with_program:
        kept |= {*_PROGRAM, f"wasm.{about['wasm'] or 'unknown'}.pagefind"}
    for each in folder.iterdir():  # folders stay: other bundles lie in the first one's
        if each.name not in kept and each.is_file():
            each.unlink()


def _settle_contents(folder: Path, language: str, name: str) -> str:
    """Order the table of contents called ``name`` and its filters, without those only shown; give its new name."""
    contents_path = folder / f"pagefind.{name}.pf_meta"
    contents = _list(_load(contents_path))
    filters: list[_Cbor] = []
    for row in map(_list, _sorted(contents[_FILTERS])):
        path = folder / "filter" / f"{row[1]}.pf_filter"
        if str(row[0]).startswith(SHOWN):
            path.unlink()
            continue
        filters.append(row)
        facet = _list(_load(path))
        facet[1] = _sorted(facet[1])
        path.unlink()
        row[1] = _store(facet, language, lambda new: folder / "filter" / f"{new}.pf_filter")
    contents[_FILTERS] = filters
    contents[_SORTS] = _sorted(contents[_SORTS])
    contents_path.unlink()
    return _store(contents, language, lambda new: folder / f"pagefind.{new}.pf_meta")


def _sorted(rows: _Cbor) -> list[_Cbor]:
    """Put rows in the order of their first column, a name that no two of them share."""
    return sorted(_list(rows), key=lambda row: str(_list(row)[0]))


def _list(value: _Cbor) -> list[_Cbor]:
    if not isinstance(value, list):
        raise TypeError(f"a list was expected, not {value!r}")
    return value


def _load(path: Path) -> _Cbor:
    data = gzip.decompress(path.read_bytes())
    if not data.startswith(_SIGNATURE):
        raise ValueError(f"{path.name} lacks its signature")
    value, end = _decode(data, len(_SIGNATURE))
    if end != len(data):
        raise ValueError(f"{path.name} goes on after its end")
    return value


def _store(value: _Cbor, language: str, path_of: Callable[[str], Path]) -> str:
    """Write a value under a name made from its content, and give the name."""
    data = _encode(value)
    name = f"{language}_{hashlib.sha256(data).hexdigest()[:10]}"
    # mtime: a clock has no place in what is published
    path_of(name).write_bytes(gzip.compress(_SIGNATURE + data, 9, mtime=0))
    return name


# --- CBOR: unsigned integers (major type 0), text (3), lists (4) of known length or up to a break ---------------------

_NUMBER, _TEXT, _LIST = 0, 3, 4
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
    if major == _NUMBER:
        return size, at
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
        return _head(_NUMBER, value)
    if isinstance(value, str):
        text = value.encode()
        return _head(_TEXT, len(text)) + text
    return _head(_LIST, len(value)) + b"".join(map(_encode, value))


def _head(major: int, size: int) -> bytes:
    if size < _SMALL:
        return bytes([major << 5 | size])
    code, width = next(each for each in _WIDTHS.items() if size < 1 << 8 * each[1])
    return bytes([major << 5 | code]) + size.to_bytes(width, "big")
