"""Publish all or nothing: a site is written to a folder beside the published one, and then the two exchange names.

MkDocs empties its output folder before it writes and leaves it empty when a page fails, so it is never given the
published folder.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
import tempfile
from pathlib import Path

from builder.diagnostics import UserError

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_ASIDE = "-old"  # ends the name that the old site has for a moment where names cannot be exchanged


def create_staging(site: Path) -> Path:
    """Make a new folder beside ``site``: on the same file system, and hidden, so that nothing serves or commits it.

    Folders that killed builds left behind are removed first; a site that one had put aside goes back to its place.
    Raises UserError if the folder cannot be made.
    """
    try:
        site.parent.mkdir(parents=True, exist_ok=True)
        for stale in sorted(site.parent.glob(f"{_prefix(site)}*")):
            if _alive(stale):
                continue
            if stale.name.endswith(_ASIDE) and not site.exists():
                stale.rename(site)
            else:
                _keep_hidden(stale, site)
                shutil.rmtree(stale, ignore_errors=True)
        made = Path(tempfile.mkdtemp(prefix=f"{_prefix(site)}{os.getpid()}-", dir=site.parent))
        made.chmod(0o755)  # mkdtemp gives a private folder; this one becomes the site
    except OSError as error:
        raise UserError(f"cannot write beside {site}: {error.strerror or error}") from error
    return made


def discard_staging(made: Path) -> None:
    """Remove a staging folder. The published site stays as it is."""
    shutil.rmtree(made, ignore_errors=True)


def check_is_folder(site: Path) -> None:
    """Raise UserError if there is a link or a file in the place of the site's folder."""
    if site.is_symlink() or (site.exists() and not site.is_dir()):
        raise UserError(f"{site} is a link or a file, not a folder; move it away")


def publish_staging(made: Path, site: Path) -> None:
    """Put ``made`` in the place of ``site`` in one step, and remove the old site.

    Names beginning with a dot (``.git``, ``.well-known``) are the owner's, and move over from the old site unless the
    new one has its own. Raises UserError if the folders cannot exchange places; the old site then stands.
    """
    try:
        if not site.exists():
            made.rename(site)
            return
        check_is_folder(site)
        _exchange(made, site)
        try:
            _keep_hidden(made, site)
        except OSError:
            _exchange(made, site)
            raise
    except OSError as error:
        raise UserError(
            f"cannot put the new site in the place of {site}: {error.strerror or error}. The old one still stands. "
            "The site's folder must not be a mount point: mount or deploy the folder above it."
        ) from error
    shutil.rmtree(made, ignore_errors=True)


def write_file(target: Path, content: bytes) -> None:
    """Write a file, and make its folders."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def _prefix(site: Path) -> str:
    return f".{site.name}.postil-"


def _alive(stale: Path) -> bool:
    """Return whether the process that made this staging folder still runs: its number is in the folder's name."""
    number = stale.name.rpartition(".postil-")[2].partition("-")[0]
    if not number.isdigit():
        return False
    if int(number) == os.getpid() or sys.platform == "win32":  # on Windows, asking would end the process
        return True
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _keep_hidden(old: Path, site: Path) -> None:
    """Move the hidden names in ``old`` to ``site``: all of them, or, if there is an OSError, none."""
    if not site.is_dir():
        return
    moved: list[Path] = []
    try:
        for entry in sorted(old.iterdir()):
            if entry.name.startswith(".") and not (site / entry.name).exists():
                entry.rename(site / entry.name)
                moved.append(entry)
    except OSError:
        for entry in moved:
            (site / entry.name).rename(entry)
        raise


def _exchange(made: Path, site: Path) -> None:
    """Exchange the names of two folders: in one step on Linux, elsewhere by renaming, undone if that fails half-way."""
    if sys.platform == "linux" and _renameat2(made, site):
        return
    aside = made.with_name(f"{made.name}{_ASIDE}")
    site.rename(aside)
    try:
        made.rename(site)
    except OSError:
        aside.rename(site)
        raise
    aside.rename(made)


def _renameat2(first: Path, second: Path) -> bool:
    """Exchange two names in one system call; return False where the kernel or file system cannot."""
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return False
    return bool(call(_AT_FDCWD, os.fsencode(first), _AT_FDCWD, os.fsencode(second), _RENAME_EXCHANGE) == 0)
