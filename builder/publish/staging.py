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
from dataclasses import dataclass
from pathlib import Path

from builder.diagnostics import UserError

try:
    import fcntl
except ImportError:  # Windows; folders of killed builds stay there until somebody removes them
    fcntl = None  # type: ignore[assignment]

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_ASIDE = "-old"  # ends the name that the old site has for a moment where names cannot be exchanged
_LOCK = ".lock"
_MARK = ".postil-unpublished"  # in a staging folder until it is published; it moves with the folder
_READABLE, _SEARCHABLE = 0o444, 0o555


@dataclass(frozen=True, slots=True)
class Staging:
    """A folder beside the site that a build writes to, and the lock that says that the build still runs.

    The lock is a file of its own, because the folder changes places with the site. It ends with the process: a process
    number would not do, for in a container every build may have the number 1.
    """

    path: Path
    lock_file: Path
    lock: int


def create_staging(site: Path) -> Staging:
    """Make a new folder beside ``site``: on the same file system, and hidden, so that nothing serves or commits it.

    Folders that killed builds left behind are removed first; a site that one had put aside goes back to its place.
    Raises UserError if the folder cannot be made.
    """
    try:
        site.parent.mkdir(parents=True, exist_ok=True)
        _clear_stale(site)
        lock_file, lock = _lock_new(site)
        path = lock_file.with_name(lock_file.name.removesuffix(_LOCK))
        path.mkdir()
        path.chmod(0o755)  # whatever the umask says: this one becomes the site
        (path / _MARK).touch()
    except OSError as error:
        raise UserError(f"cannot write beside {site}: {error.strerror or error}") from error
    return Staging(path, lock_file, lock)


def discard_staging(staging: Staging) -> None:
    """Remove a staging folder. The published site stays as it is."""
    shutil.rmtree(staging.path, ignore_errors=True)
    _release(staging)


def check_is_folder(site: Path) -> None:
    """Raise UserError if there is a link or a file in the place of the site's folder."""
    if site.is_symlink() or (site.exists() and not site.is_dir()):
        raise UserError(f"{site} is a link or a file, not a folder; move it away")


def publish_staging(staging: Staging, site: Path) -> None:
    """Put a staging folder in the place of ``site`` in one step, and remove the old site.

    Names beginning with a dot (``.git``, ``.well-known``) are the owner's, and move over from the old site unless the
    new one has its own. Raises UserError if the folders cannot exchange places; the old site then stands.
    """
    path = staging.path
    try:
        _make_readable(path)
        if not site.exists():
            path.rename(site)
        else:
            check_is_folder(site)
            _exchange(path, site)
            try:
                _keep_hidden(path, site)
            except OSError:
                _exchange(path, site)
                raise
        (site / _MARK).unlink(missing_ok=True)
    except OSError as error:
        raise UserError(
            f"cannot put the new site in the place of {site}: {error.strerror or error}. The old one still stands. "
            "The site's folder must not be a mount point: mount or deploy the folder above it."
        ) from error
    discard_staging(staging)


def write_file(target: Path, content: bytes) -> None:
    """Write a file, and make its folders."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def _prefix(site: Path) -> str:
    return f".{site.name}.postil-"


def _clear_stale(site: Path) -> None:
    """Remove what killed builds left beside ``site``, and put back what was the site."""
    for stale in sorted(site.parent.glob(f"{_prefix(site)}*")):
        lock_file = stale.with_name(stale.name.removesuffix(_LOCK).removesuffix(_ASIDE) + _LOCK)
        if _is_locked(lock_file):
            continue
        if stale == lock_file:
            stale.unlink(missing_ok=True)
        elif stale.name.endswith(_ASIDE) and not site.exists():
            stale.rename(site)
        else:
            if not (stale / _MARK).exists():  # it was the site, until a build was killed
                _keep_hidden(stale, site)
            shutil.rmtree(stale, ignore_errors=True)
    if site.is_dir():
        (site / _MARK).unlink(missing_ok=True)  # of a build that was killed just after it had published


def _lock_new(site: Path) -> tuple[Path, int]:
    """Make and lock a new lock file. Another build may take it for a stale one before it is locked: then try again."""
    while True:
        lock, name = tempfile.mkstemp(prefix=_prefix(site), suffix=_LOCK, dir=site.parent)
        path = Path(name)
        if fcntl is None or (_try_lock(lock) and path.exists() and path.stat().st_ino == os.fstat(lock).st_ino):
            return path, lock
        os.close(lock)


def _is_locked(lock_file: Path) -> bool:
    """Return whether a build still runs."""
    if fcntl is None:
        return True
    try:
        lock = os.open(lock_file, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        return not _try_lock(lock)
    finally:
        os.close(lock)


def _try_lock(lock: int) -> bool:
    """Lock an open file; return False if another build has it. Where files cannot be locked, nobody has it."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def _release(staging: Staging) -> None:
    staging.lock_file.unlink(missing_ok=True)
    os.close(staging.lock)


def _make_readable(folder: Path) -> None:
    """Let everybody read a site that a umask has made private to its owner: no server could read it."""
    if (folder / _MARK).stat().st_mode & 0o044:
        return
    for parent, folders, files in os.walk(folder):
        for names, mode in ((folders, _SEARCHABLE), (files, _READABLE)):
            for name in names:
                path = Path(parent, name)
                path.chmod(path.stat().st_mode | mode)


def _keep_hidden(old: Path, site: Path) -> None:
    """Move the hidden names in ``old`` to ``site``: all of them, or, if there is an OSError, none."""
    if not site.is_dir():
        return
    moved: list[Path] = []
    try:
        for entry in sorted(old.iterdir()):
            if entry.name.startswith(".") and entry.name != _MARK and not (site / entry.name).exists():
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
