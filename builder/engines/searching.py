"""When the search index is made: in a build beside the pressing, in a preview behind it, once the pages are there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from queue import SimpleQueue

from builder.diagnostics import Diagnostic, Refusal
from builder.publish.index import CancelledError
from builder.publish.prepare import SearchPage

Make = Callable[[Iterable[SearchPage], threading.Event], tuple[Diagnostic, ...]]
"""Makes the index of these pages, and stops soon after the event is set, with CancelledError."""


class Searching:
    """One index at a time, made in a thread that does not keep the process alive; a preview makes one after another."""

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self._pages: SimpleQueue[SearchPage | None] = SimpleQueue()
        self._cancelled = threading.Event()
        self._thread: threading.Thread | None = None
        self._made: Future[tuple[Diagnostic, ...]] = Future()

    def put(self, page: SearchPage) -> None:
        """Take a page that is to be found."""
        self._pages.put(page)

    def start(self, make: Make) -> None:
        """Begin with what was put, and wait for more, if that has not begun yet."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, args=(make,), name="postil-search", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Say that there are no more pages."""
        self._pages.put(None)

    def result(self) -> tuple[Diagnostic, ...]:
        """Wait for the end; give what there is to say. Raises what the making raised."""
        return self._made.result()

    def stop(self) -> None:
        """Cancel the work, wait for its end, and be as new: afterwards it writes nothing."""
        self._cancelled.set()
        self.close()
        if self._thread:
            self._thread.join()
        self._forget()

    def _run(self, make: Make) -> None:
        try:
            made = make(iter(self._pages.get, None), self._cancelled)
        except (CancelledError, Refusal) as problem:
            self._made.set_exception(problem)
        except BaseException as problem:
            self._made.set_exception(problem)
            raise  # nobody may be waiting: a preview isn't
        else:
            self._made.set_result(made)
