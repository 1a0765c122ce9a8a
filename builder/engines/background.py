"""Work that a preview does after its pages are there, and that the next rebuild cancels."""

from __future__ import annotations

import threading
from collections.abc import Callable


class BackgroundTask:
    """Runs one piece of work at a time, in a thread that does not keep the process alive."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._cancelled = threading.Event()

    def start(self, work: Callable[[threading.Event], None]) -> None:
        """Start ``work`` and cancel what is running. ``work`` has to end soon after its event is set."""
        self.stop()
        self._cancelled = threading.Event()
        self._thread = threading.Thread(target=work, args=(self._cancelled,), name="postil-search", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Cancel the work and wait for its end; afterwards it writes nothing."""
        self._cancelled.set()
        if self._thread:
            self._thread.join()
            self._thread = None
