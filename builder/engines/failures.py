"""Why MkDocs could not build a site, where it is neither a diagnostic nor an error of MkDocs's own."""

from __future__ import annotations

import errno
import traceback
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

from builder.engines.files import OWN_NAME

_WRITING = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG)  # errors that only writing raises
_UNCHANGED = "The published site stands as it was."


def explain_failure(error: BaseException, config: MkDocsConfig, *, seeds: str, page_name: str) -> str | None:
    """Return what people are told of an exception that ended a build; None if it is a bug of ours or of MkDocs.

    ``error``: the exception.
    ``config``: MkDocs's settings.
    ``seeds``: the folder of the corpus, as it is in the settings.
    ``page_name``: the page that MkDocs was drawing, if any.
    """
    plugin = _failed_plugin(error, config)
    who = f"the {'hook' if plugin.endswith('.py') else 'plug-in'} {plugin}" if plugin else ""
    if isinstance(error, OSError) and error.errno:  # no room, no rights: MkDocs lets the error through as it is
        return f"{_describe(error, config, seeds)}{f', in {who}' if who else ''}. {_UNCHANGED}"
    if who:
        message = f"{type(error).__name__}: {error}".rstrip(": .")
        return f"{who} failed: {message}. {_UNCHANGED}\nits traceback is shown by:  mkdocs build"
    if isinstance(error, RecursionError) and page_name:
        return f"{page_name}: quotes or lists are nested too deeply for MkDocs to read them. {_UNCHANGED}"
    return None


def _failed_plugin(error: BaseException, config: MkDocsConfig) -> str | None:
    """Return the name of the plug-in, or the file of the hook, that raised this error; None if it was ours or none."""
    name = None
    for frame, _ in traceback.walk_tb(error.__traceback__):
        method = frame.f_locals.get("method") if frame.f_code.co_name == "run_event" else None
        if method is not None:
            name = config.plugins._event_origins.get(method)  # noqa: SLF001 - MkDocs says it nowhere else
    return None if name in (None, OWN_NAME) else name


def _describe(error: OSError, config: MkDocsConfig, seeds: str) -> str:
    """Say what could not be read or written, as far as the error tells: it names a file, but not what was done to it.

    What is below the site's folder is only ever written, what the site is made of only ever read.
    """
    reason = error.strerror or str(error)
    if not isinstance(error.filename, str):
        action = "write" if error.errno in _WRITING else "build"
        return f"cannot {action} the site: {reason}"
    path, site = Path(error.filename).absolute(), Path(config.site_dir).absolute()
    if path.is_relative_to(site):
        return f"cannot write {path.relative_to(site).as_posix()} of the site: {reason}"
    root = Path(config.config_file_path).absolute().parent
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
    made_of = (config.docs_dir, str(root / seeds), *config.theme.dirs)
    if error.errno not in _WRITING and any(path.is_relative_to(Path(folder).absolute()) for folder in made_of):
        return f"cannot read {name}: {reason}"
    return f"cannot {'write' if error.errno in _WRITING else 'read or write'} {name}: {reason}"
