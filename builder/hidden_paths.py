"""Which files and folders below ``seeds/`` are left alone."""

from __future__ import annotations


def is_hidden(path: str) -> bool:
    """Return whether a POSIX path below ``seeds/`` is left alone: a part of it begins with ``_`` or ``.``.

    ``..`` is such a part, so a path that leads out of the folder is hidden too.
    """
    return any(part.startswith(("_", ".")) for part in path.split("/"))
