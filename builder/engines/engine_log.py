"""What an engine only logs, captured and made into diagnostics."""

from __future__ import annotations

import difflib
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from builder.diagnostics import Diagnostic, Place, UserError
from builder.engines.build import StoppedError
from builder.engines.seam import SiteSettings

ENGINE_LOGGERS = ("mkdocs", "properdocs")
OWN_LOGGER = "mkdocs.plugins.postil"

_DOC_FILE = re.compile(r"^Doc file '([^']+)' (.*)", re.DOTALL)
_VALUE = re.compile(r"^Config value '([^']*)': (.*)", re.DOTALL)
_UNKNOWN = re.compile(r"(?:^Plugin '([^']+)' option '[^']*': )?Unrecognised configuration name: (.+)$")
_IN_STRICT_MODE = re.compile(r"^Aborted with .* in strict mode!$")  # the warnings are diagnostics


@contextmanager
def capture_warnings() -> Iterator[list[logging.LogRecord]]:
    """Collect the warnings and errors that an engine and its plug-ins log; none of them goes to the terminal."""
    handler = _Collector()
    loggers = [logging.getLogger(name) for name in ENGINE_LOGGERS]
    before = [(logger.propagate, logger.handlers) for logger in loggers]
    for logger in loggers:
        logger.propagate, logger.handlers = False, [handler]
    try:
        yield handler.records
    finally:
        for logger, (propagate, handlers) in zip(loggers, before, strict=True):
            logger.propagate, logger.handlers = propagate, handlers


def has_warned() -> bool:
    """Return whether MkDocs or ProperDocs has counted a warning: its strict build fails for it once we are done.

    Each counts with a class of its own, and ProperDocs at its own logger.
    """
    handlers = (handler for name in ENGINE_LOGGERS for handler in logging.getLogger(name).handlers)
    counters = (getattr(handler, "get_counts", None) for handler in handlers)
    return any(count for get_counts in counters if get_counts for _, count in get_counts())


def page_warnings(records: Iterable[logging.LogRecord], settings: SiteSettings) -> Iterator[Diagnostic]:
    """Yield P403 for each warning of a build, at the page that it names. Errors end the build, which reports them."""
    for record in records:
        if record.levelno != logging.WARNING:
            continue
        message = record.getMessage()
        if match := _DOC_FILE.match(message):
            yield Diagnostic(Place(f"{settings.docs_dir.name}/{match[1]}"), "P403", match[2])
        else:
            yield Diagnostic(Place(settings.file.name), "P403", message)


def settings_refusal(records: Iterable[logging.LogRecord], file: Path, error: BaseException) -> UserError:
    """Return what to tell of settings that an engine does not take, with the next step where there is one."""
    messages = [_wrong_value(record.getMessage()) for record in records if record.levelno >= logging.ERROR]
    return UserError("\n".join(f"{file}: {line}" for line in messages or [str(error)]))


def settings_warning(message: str, settings: SiteSettings, known: Mapping[str | None, Iterable[str]]) -> Diagnostic:
    """Return P403: for an unknown key its place and the nearest known one; other warnings as the engine words them.

    ``message``: what was logged.
    ``settings``: those of the site.
    ``known``: the keys of each plug-in by its name; those of the site under None.
    """
    if not (value := _VALUE.match(message)):
        return Diagnostic(Place(settings.file.name), "P403", message)
    if not (unknown := _UNKNOWN.search(value[2])):
        return Diagnostic(settings.place(value[1]), "P403", f"{value[1]}: {value[2]}")
    plugin, key = unknown[1], unknown[2]
    near = difflib.get_close_matches(key, sorted({*known.get(plugin, ())} - {key}), n=1)
    where = f'option "{key}" of the plug-in {plugin}' if plugin else f'key "{key}"'
    hint = f"nearest: {near[0]}" if near else "take it out"
    return Diagnostic(settings.place(key, inside=bool(plugin)), "P403", f"unknown {where}", hint)


def format_warnings(warnings: Iterable[Diagnostic]) -> str:
    """Return the lines to add to an error. A setting that an engine ignored may well be its cause."""
    return "".join(f"\n{fault.place}: {fault.severity} {fault.code}: {fault.message}" for fault in warnings)


def build_refusal(error: BaseException, records: Iterable[logging.LogRecord]) -> str:
    """Return why an engine gave up, "" if the diagnostics say it all.

    It logs the reason and raises an error that says only that there is one. Ours is further down the chain.

    ``error``: what it raised.
    ``records``: what it logged.
    """
    chain = [error]
    while cause := chain[-1].__cause__ or chain[-1].__context__:
        chain.append(cause)
    for cause in chain:
        if isinstance(cause, UserError):
            return "" if isinstance(cause, StoppedError) else str(cause)
        if _IN_STRICT_MODE.search(str(cause)):
            return ""
    logged = [record.getMessage() for record in records if record.levelno >= logging.ERROR]
    return "\n".join(logged or [str(error)])


def _wrong_value(message: str) -> str:
    value = _VALUE.match(message)
    if not value:
        return message
    message = f"{value[1]}: {value[2]}"
    if value[1] == "docs_dir" and "isn't an existing" in message:
        return f"{message}\nmake that folder, with an index.md in it, for the pages that you write by hand"
    return message


class _Collector(logging.Handler):
    """Collects all warnings and errors but our own, which are diagnostics already."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Collect a record, unless it is our own."""
        if not record.name.startswith(OWN_LOGGER):
            self.records.append(record)
