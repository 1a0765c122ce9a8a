"""Why an engine could not build a site, where it is neither a diagnostic nor an error of the engine's own."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from pathlib import Path

from builder.engines.seam import SiteSettings

_WRITING = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG)  # errors that only writing raises
_UNCHANGED = "The published site stands as it was."


def explain_failure(
    error: BaseException, settings: SiteSettings, *, out: Path, made_of: Iterable[str], plugin: str, page_name: str
) -> str | None:
    """Return what people are told of an exception that ended a build; None if it is a bug of ours or of the engine.

    ``error``: the exception.
    ``settings``: those of the site.
    ``out``: the folder that the site is written to.
    ``made_of``: folders of the theme.
    ``plugin``: the plug-in, or the file of the hook, that raised the error; "" if none did.
    ``page_name``: the page that was drawn, "" if none.
    """
    who = f"the {'hook' if plugin.endswith('.py') else 'plug-in'} {plugin}" if plugin else ""
    if isinstance(error, OSError) and error.errno:  # no room, no rights: MkDocs lets the error through as it is
        return f"{_describe(error, settings, out, made_of)}{f', in {who}' if who else ''}. {_UNCHANGED}"
    if who:
        message = f"{type(error).__name__}: {error}".rstrip(": .")
        return f"{who} failed: {message}. {_UNCHANGED}\nits traceback is shown by:  mkdocs build"
    if isinstance(error, RecursionError) and page_name:
        return f"{page_name}: quotes or lists are nested too deeply for MkDocs to read them. {_UNCHANGED}"
    return None


def _describe(error: OSError, settings: SiteSettings, out: Path, made_of: Iterable[str]) -> str:
    """Say what could not be read or written, as far as the error tells: it names a file, but not what was done to it.

    What is below the site's folder is only ever written, what the site is made of only ever read.
    """
    reason = error.strerror or str(error)
    if not isinstance(error.filename, str):
        action = "write" if error.errno in _WRITING else "build"
        return f"cannot {action} the site: {reason}"
    path, site = Path(error.filename).absolute(), out.absolute()
    if path.is_relative_to(site):
        return f"cannot write {path.relative_to(site).as_posix()} of the site: {reason}"
    root = settings.root
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
    read = (str(settings.docs_dir), str(root / settings.own.seeds), *made_of)
    if error.errno not in _WRITING and any(path.is_relative_to(Path(folder).absolute()) for folder in read):
        return f"cannot read {name}: {reason}"
    return f"cannot {'write' if error.errno in _WRITING else 'read or write'} {name}: {reason}"
