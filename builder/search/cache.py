"""The cache of indexed shards: a folder for each, named after the fingerprint of all that it is made from."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from builder.search.shard_index import ABOUT, PROGRAM, TEXTS, WORDS

# Kept beside what is in use, so that a preview with its drafts and a build do not drive each other out: so many times
# as many shards, and what is younger than an hour, in seconds.
_SPARE, _YOUNG = 2, 3600

_UNFINISHED = "making-"  # what names of folders begin with that are no shards, or not yet


def open_cache(folder: Path | None) -> Path | None:
    """Make the folder of the cache and keep it out of git. Return None if there is to be none or it cannot be made."""
    if folder is None:
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".gitignore").write_text("*\n")
    except OSError:
        return None
    return folder


def is_cached(shard: Path) -> bool:
    """Return whether this shard is in the cache with all its files; if so, it now is the youngest."""
    with suppress(OSError):
        os.utime(shard)
    return _is_complete(shard)


def put_in_cache(shard: Path, write: Callable[[Path], None]) -> None:
    """Let ``write`` fill a new folder, and make it this shard. Raises OSError, and whatever ``write`` raises."""
    folder = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=shard.parent))
    try:
        write(folder)
        if not _is_complete(shard):  # another build may have put the same there meanwhile
            shutil.rmtree(shard, ignore_errors=True)
            folder.rename(shard)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def prune_cache(cache: Path, used: set[str]) -> None:
    """Keep what is in use, what another build may be using, and a few generations of the rest."""
    with suppress(OSError):
        ages = {path: path.stat().st_mtime for path in cache.iterdir() if path.is_dir() and path.name not in used}
        surplus = sorted(ages, key=lambda path: ages[path], reverse=True)[_SPARE * len(used) :]
        for path in surplus:
            if ages[path] < time.time() - _YOUNG:
                # Renamed first: half of a shard never has a shard's name.
                unnamed = path.name.startswith(_UNFINISHED)
                doomed = path if unnamed else path.rename(path.with_name(f"{_UNFINISHED}{path.name}"))
                shutil.rmtree(doomed, ignore_errors=True)


def _is_complete(shard: Path) -> bool:
    try:
        about = json.loads((shard / ABOUT).read_bytes())
        texts = sum(length for _, length in about["packs"])
        sizes = [(shard / name).stat().st_size for name in (WORDS, TEXTS)]
        return sizes == [about["words"], texts] and len(list((shard / PROGRAM).iterdir())) == len(about["program"])
    except (OSError, ValueError, KeyError, TypeError):
        return False
