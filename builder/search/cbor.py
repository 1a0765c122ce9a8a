"""The form of Pagefind's own files: gzip of a signature and one value of CBOR (RFC 8949), as far as they use it.

That is integers (major types 0 and 1), text (3), and lists (4) of known length or up to a break. A library for CBOR
would make objects of a whole index, most of which ``postings.py`` copies as bytes.
"""

from __future__ import annotations

import gzip
import zlib
from typing import TypeAlias

from builder.compression import gzip_bytes

Cbor: TypeAlias = "int | str | list[Cbor]"

NUMBER, NEGATIVE, TEXT, LIST = 0, 1, 3, 4

_SIGNATURE = b"pagefind_dcd"
_LEVEL = 6  # 9 takes three times as long and saves one byte in 170
_OPEN_ENDED, _BREAK = 31, 0xFF
SMALL = 24  # smaller numbers are in the head itself; 24 to 27 say that 1, 2, 4 or 8 bytes follow
WIDTHS = {24: 1, 25: 2, 26: 4, 27: 8}
_BYTES = tuple(bytes([number]) for number in range(256))


def read_cbor_file(content: bytes) -> bytes:
    """Return the CBOR in a file. Raises ValueError if it is not one of Pagefind's."""
    try:
        data = gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"a file is not gzip: {error}") from error
    if not data.startswith(_SIGNATURE):
        raise ValueError("a file lacks Pagefind's signature")
    return data[len(_SIGNATURE) :]


def cbor_file(data: bytes) -> bytes:
    """Return the file that holds this CBOR: the same bytes every time."""
    return gzip_bytes(_SIGNATURE + data, _LEVEL)


def decode_cbor(data: bytes, at: int = 0) -> tuple[Cbor, int]:
    """Return the value that begins at byte ``at``, and where it ends. Raises ValueError or IndexError if none does."""
    major, size = data[at] >> 5, data[at] & 31
    at += 1
    if major == LIST and size == _OPEN_ENDED:
        items: list[Cbor] = []
        while data[at] != _BREAK:
            item, at = decode_cbor(data, at)
            items.append(item)
        return items, at + 1
    if size >= SMALL:
        width = WIDTHS[size]
        size, at = int.from_bytes(data[at : at + width], "big"), at + width
    if major in (NUMBER, NEGATIVE):
        return (size if major == NUMBER else -1 - size), at
    if major == TEXT:
        return data[at : at + size].decode(), at + size
    if major == LIST:
        items = []
        for _ in range(size):
            item, at = decode_cbor(data, at)
            items.append(item)
        return items, at
    raise ValueError(f"CBOR of major type {major}")


def encode_cbor(value: Cbor) -> bytes:
    """Return the value as CBOR."""
    if isinstance(value, int):
        return cbor_head(NUMBER, value) if value >= 0 else cbor_head(NEGATIVE, -1 - value)
    if isinstance(value, str):
        text = value.encode()
        return cbor_head(TEXT, len(text)) + text
    return cbor_head(LIST, len(value)) + b"".join(map(encode_cbor, value))


def cbor_head(major: int, size: int) -> bytes:
    """Return the bytes that a value begins with: its major type, and its number or length."""
    if size < SMALL:
        return _BYTES[major << 5 | size]
    if size <= 0xFF:  # noqa: PLR2004 - most of what is written, so before all others
        return _BYTES[major << 5 | SMALL] + _BYTES[size]
    code, width = next((code, width) for code, width in WIDTHS.items() if size < 1 << 8 * width)
    return _BYTES[major << 5 | code] + size.to_bytes(width, "big")


def list_of(value: Cbor) -> list[Cbor]:
    """Return the value, which must be a list. Raises TypeError otherwise."""
    if not isinstance(value, list):
        raise TypeError(f"a list was expected, not {value!r}")
    return value
