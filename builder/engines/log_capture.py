"""Capture what MkDocs only logs, and make diagnostics of it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

from builder.diagnostics import Diagnostic, Place

_DOC_FILE = re.compile(r"^Doc file '([^']+)' (.*)", re.DOTALL)


@contextmanager
def capture_warnings() -> Iterator[list[logging.LogRecord]]:
    """Collect the warnings and errors that MkDocs and its plug-ins log; none of them goes to the terminal."""
    handler, logger = _Collector(), logging.getLogger("mkdocs")
    before = logger.propagate, logger.handlers
    logger.propagate, logger.handlers = False, [handler]
    try:
        yield handler.records
    finally:
        logger.propagate, logger.handlers = before


def page_warnings(records: list[logging.LogRecord], docs: str, settings: str) -> Iterator[Diagnostic]:
    """Yield P403 for each warning of a build, at the page that it names.

    Errors end the build, which reports them.

    ``records``: what was logged.
    ``docs``: the name of the pages' folder.
    ``settings``: the name of the file of settings.
    """
    for record in records:
        if record.levelno != logging.WARNING:
            continue
        message = record.getMessage()
        if match := _DOC_FILE.match(message):
            yield Diagnostic(Place(f"{docs}/{match[1]}"), "P403", match[2])
        else:
            yield Diagnostic(Place(settings), "P403", message)


class _Collector(logging.Handler):
    """Collects all warnings and errors but our own, which are diagnostics already."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Collect a record, unless it is our own."""
        if not record.name.startswith("mkdocs.plugins.postil"):
            self.records.append(record)
