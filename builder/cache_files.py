"""Files of the cache: where they are, and what an earlier build left, read only if it is as this user wrote it.

What is in the cache is published without being made anew, so a damaged byte would be published too, and somebody else's
file is not to be trusted. So a file begins with a digest of its name and content: damage, cut ends and files that were
moved are noticed. That does not stop somebody who computes the digest; such a file belongs to another user, though,
because ours can be written by nobody else, and is left alone for that. A key would also stop somebody who runs programs
as this user, but would have to be kept where these programs cannot read it, and brought along to every machine that
the cache is carried to.
"""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

CACHE_DIR: Final = ".cache/postil"  # below the project's folder; may be deleted at any time
_ALGORITHM: Final = b"sha256 "
_LENGTH: Final = len(_ALGORITHM) + 2 * sha256().digest_size + 1  # of the first line
_SUPERUSER: Final = 0  # who could do anything else as well


def cache_path(root: Path, name: str) -> Path:
    """Return the path of the cache file or folder ``name`` of the project in ``root``."""
    return root / CACHE_DIR / name


def read_cache_file(path: Path) -> bytes | None:
    """Return what ``write_cache_file`` wrote; None if there is no such file, it is damaged, or another user's."""
    try:
        stored = _read_own(path)
    except OSError:
        return None
    content = stored[_LENGTH:]
    return content if stored[:_LENGTH] == _first_line(path.name, content) else None


def write_cache_file(path: Path, content: bytes) -> None:
    """Write the content and its digest in one step, so that nobody sees half of it. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # for this user alone
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(_first_line(path.name, content))
            file.write(content)
        Path(temporary).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(temporary).unlink()
        raise


def _first_line(name: str, content: bytes) -> bytes:
    digest = sha256(name.encode() + b"\n")
    digest.update(content)
    return _ALGORITHM + digest.hexdigest().encode() + b"\n"


def _read_own(path: Path) -> bytes:
    """Read a regular file of this user. Raises OSError if it is another kind, a link, or another user's."""
    flags = os.O_RDONLY
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
        flags |= getattr(os, name, 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        about = os.fstat(file.fileno())
        user = getattr(os, "geteuid", lambda: about.st_uid)()  # Windows has no such thing
        if not stat.S_ISREG(about.st_mode) or about.st_uid not in (user, _SUPERUSER):
            raise PermissionError(f"{path.name} is not a file of this user")
        return file.read()
