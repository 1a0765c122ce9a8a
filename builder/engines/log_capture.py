"""What MkDocs only logs: kept, and told as diagnostics."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

from builder.diagnostics import Diagnostic, Place

_DOC_FILE = re.compile(r"^Doc file '([^']+)' (.*)", re.DOTALL)


@contextmanager
def capture_warnings() -> Iterator[list[logging.LogRecord]]:
    """What MkDocs and its plug-ins warn of and worse, as it is logged; nothing of it goes to the terminal."""
    ear, logger = _Ear(), logging.getLogger("mkdocs")
    before = logger.propagate, logger.handlers
    logger.propagate, logger.handlers = False, [ear]
    try:
        yield ear.heard
    finally:
        logger.propagate, logger.handlers = before


def page_warnings(heard: list[logging.LogRecord], docs: str) -> Iterator[Diagnostic]:
    """P403 for each warning of a build, at the page that it names; ``docs`` is the name of the pages' folder.

    Its errors end the build, and are told by that.
    """
    for record in heard:
        if record.levelno != logging.WARNING:
            continue
        message = record.getMessage()
        if found := _DOC_FILE.match(message):
            yield Diagnostic(Place(f"{docs}/{found[1]}"), "P403", found[2])
        else:
            yield Diagnostic(Place("mkdocs.yml"), "P403", message)


class _Ear(logging.Handler):
    """Keeps all warnings and errors but our own."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one, unless it is our own."""
        if not record.name.startswith("mkdocs.plugins.postil"):
            self.heard.append(record)
