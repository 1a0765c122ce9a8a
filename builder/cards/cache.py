"""The cache of share cards: a file for each picture, named after the fingerprint of all that it is made from."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

from builder.cache_files import read_cache_file, write_cache_file

_KEPT = 30 * 24 * 3600  # seconds for which a picture is kept that no build asks for: other branches may
_IGNORED = ".gitignore"


def open_cache(folder: Path) -> None:
    """Make the folder of the cache, keep it out of git, and delete what no build has asked for in a month."""
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _IGNORED).write_text("*\n")
        for path in folder.iterdir():
            if path.name != _IGNORED and path.lstat().st_mtime < time.time() - _KEPT:
                path.unlink()


def read_card(path: Path) -> bytes | None:
    """Return a picture of the cache, as the youngest there; None if it is not there or not as it was written."""
    picture = read_cache_file(path)
    if picture is not None:
        with suppress(OSError):
            os.utime(path)
    return picture


def write_card(path: Path, picture: bytes) -> None:
    """Put a picture into the cache, if it can be written."""
    with suppress(OSError):
        write_cache_file(path, picture)
