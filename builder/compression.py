"""Compressed files whose bytes depend on their content alone."""

from __future__ import annotations

import zlib
from typing import Final

# RFC 1952: no name, no time, no hint about the level, and 255 for an unknown operating system. ``gzip.compress`` writes
# the system's number in Python 3.11 and 3.12, and 255 from 3.13 on.
_HEADER: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"


def gzip_bytes(content: bytes, level: int = 9) -> bytes:
    """Return the content as a gzip file: the same bytes in every version of Python that has the same zlib."""
    compressor = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)  # negative: without zlib's own header
    trailer = zlib.crc32(content).to_bytes(4, "little") + (len(content) & 0xFFFFFFFF).to_bytes(4, "little")
    return b"".join((_HEADER, compressor.compress(content), compressor.flush(), trailer))
