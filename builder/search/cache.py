"""The cache of indexed shards: a file for each, named after the fingerprint of all that it is made from.

Of what it holds, the texts that results show are compared with the pages, and the tables are made anew. The postings
are taken as they are, guarded by ``cache_files.py``: to check them would be to index the pages again. Programs are not
in it (see ``language_files``).
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from builder.cache_files import read_cache_file, write_cache_file
from builder.search.shard_index import ShardIndex, dump_shard, load_shard, shows

# Kept beside what is in use, so that a preview with its drafts and a build do not drive each other out: so many times
# as many shards, and what is younger than an hour, in seconds.
_SPARE, _YOUNG = 2, 3600

_IGNORED = ".gitignore"


def open_cache(folder: Path | None) -> Path | None:
    """Make the folder of the cache and keep it out of git. Return None if there is to be none or it cannot be made."""
    if folder is None:
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _IGNORED).write_text("*\n")
    except OSError:
        return None
    return folder


def read_shard(path: Path) -> ShardIndex | None:
    """Return a shard of the cache, None if it is not there or not as it was written; if it is, it is the youngest."""
    content = read_cache_file(path)
    if content is None:
        return None
    with suppress(OSError):
        os.utime(path)
    try:
        return load_shard(content)
    except (ValueError, TypeError):
        return None


def read_shard_of(path: Path, pages: Sequence[Sequence[Any]]) -> ShardIndex | None:
    """Return a shard of the cache if results show of it what these pages have."""
    shard = read_shard(path)
    return shard if shard is not None and shows(shard, pages) else None


def write_shard(path: Path, shard: ShardIndex) -> None:
    """Put a shard into the cache. Raises OSError."""
    if path.is_dir():
        _remove(path)  # a file can take the place of anything else
    write_cache_file(path, dump_shard(shard))


def prune_cache(cache: Path, used: set[str]) -> None:
    """Keep what is in use, what another build may be using, and a few generations of the rest."""
    with suppress(OSError):
        unused = [path for path in cache.iterdir() if path.name not in {*used, _IGNORED}]
        ages = {path: path.lstat().st_mtime for path in unused}
        for path in sorted(unused, key=lambda path: ages[path], reverse=True)[_SPARE * len(used) :]:
            if ages[path] < time.time() - _YOUNG:
                _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():  # earlier versions made a folder of a shard
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
