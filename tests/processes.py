"""Processes that a test starts and does not wait for: each is ended within a bound, whatever it does."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# A shell starts what it runs in its background with SIGINT ignored, and a process hands that down to its children: a
# preview that a suite of this kind starts would never hear of Control-C.
SERVE = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from builder.cli import main; main()"


@contextmanager
def running(command: Sequence[str], *, seconds: float = 120, **options: Any) -> Iterator[subprocess.Popen[Any]]:
    """Run a command beside the block, and kill it when the block is left, or sooner: after so many seconds.

    So what it writes can be read without a bound of its own.
    """
    process = subprocess.Popen(command, **options)
    end = threading.Timer(seconds, process.kill)
    end.start()
    try:
        yield process
    finally:
        end.cancel()
        process.kill()
        process.wait(30)
        for stream in filter(None, (process.stdin, process.stdout, process.stderr)):
            stream.close()


@dataclass(frozen=True)
class Preview:
    """A ``postil serve``; what it says goes into ``log``, its temporary files into ``temporary``."""

    process: subprocess.Popen[Any]
    address: str
    log: Path
    temporary: Path

    def stop(self, sign: signal.Signals) -> int:
        """Send the signal and return the exit code: -15 or -9 if it took a stronger one to end it."""
        for each, patience in ((sign, 30), (signal.SIGTERM, 10), (signal.SIGKILL, 10)):
            self.process.send_signal(each)
            with suppress(subprocess.TimeoutExpired):
                return self.process.wait(patience)
        raise AssertionError("not even SIGKILL ends it")


@contextmanager
def previewing(project: Path) -> Iterator[Preview]:
    """Serve the project on a port that is free, until the block is left."""
    log, temporary = project / "log", project / "tmp"
    temporary.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-c", SERVE, "serve", "--address", address]
    environment = os.environ | {"TMPDIR": str(temporary), "NO_MKDOCS_2_WARNING": "1"}
    with (
        log.open("w") as out,
        running(command, seconds=300, cwd=project, env=environment, stderr=out) as process,
    ):
        yield Preview(process, f"http://{address}/", log, temporary)
