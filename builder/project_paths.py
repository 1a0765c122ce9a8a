"""Paths of a project that several rooms share: which names are left alone, and where the cache stands."""

from __future__ import annotations

from pathlib import Path
from typing import Final

CACHE_DIR: Final = ".cache/postil"  # below the project's folder; may be deleted at any time


def is_hidden(path: str) -> bool:
    """Return whether a POSIX path below ``seeds/`` is left alone: a part of it begins with ``_`` or ``.``.

    ``..`` is such a part, so a path that leads out of the folder is hidden too.
    """
    return any(part.startswith(("_", ".")) for part in path.split("/"))


def cache_path(root: Path, name: str) -> Path:
    """Return the path of the cache file or folder ``name`` of the project in ``root``."""
    return root / CACHE_DIR / name
