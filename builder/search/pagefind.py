"""Pagefind's own program: where it is, and how requests are sent to it. What they ask for is decided elsewhere.

Pagefind's Python wrapper pauses 0.1 s for every answer, so its service is used directly: requests and answers are
base64 of JSON, each ended by a comma, matched by ``message_id``.
"""

from __future__ import annotations

import base64
import importlib
import json
import os
import shutil
import subprocess
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from builder.diagnostics import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Where the program may be: as packages, and in PATH. The one that splits Chinese and Japanese into words is not needed.
_PACKAGES = ("pagefind_bin", "pagefind_bin_extended")
_COMMANDS = ("pagefind", "pagefind_extended")

# Requests that wait for an answer at once: enough to keep the service busy, few enough that its queue stays small.
_WINDOW = 256


class NotStartedError(Exception):
    """The program is there and cannot be run, as one of another platform."""


def find_program() -> Path | None:
    """Return the program, looked for in the order of Pagefind's own wrapper; None if it is not installed."""
    if path := os.environ.get("PAGEFIND_BINARY_PATH"):
        return Path(path) if Path(path).is_file() else None
    for package in _PACKAGES:
        try:
            return Path(importlib.import_module(package).get_executable())
        except (ImportError, FileNotFoundError):
            continue
    command = next(filter(None, map(shutil.which, _COMMANDS)), None)
    return Path(command) if command else None


def run_service(program: Path, requests: Iterator[Mapping[str, Any]]) -> dict[str, bytes]:
    """Start a service, send it the requests in their order, and end it; return the files that its answers hold.

    Files are path below the bundle's folder -> content. Raises NotStartedError if the program cannot be started,
    UserError if it fails, and whatever ``requests`` raises. The service has ended in each case.
    """
    with tempfile.TemporaryFile() as stderr, _started(program, stderr) as service:
        try:
            problem, files = _converse(service, requests)
        except BaseException:
            service.kill()
            raise
        code = service.wait()
        if problem or code:
            stderr.seek(0)
            log = stderr.read().decode(errors="replace").strip()
            raise UserError(
                f"Pagefind could not make the search index: {problem or f'exit code {code}'}\n{log}".rstrip()
            )
    return files


def _started(program: Path, stderr: IO[bytes]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603 - the program that the user installed
            [program, "--service"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr
        )
    except OSError as error:
        raise NotStartedError(error.strerror) from error


def _converse(
    service: subprocess.Popen[bytes], requests: Iterator[Mapping[str, Any]]
) -> tuple[str | None, dict[str, bytes]]:
    """Send the requests, without waiting for each answer, and end the service.

    Returns what went wrong, or None, and the files of the answers.

    The input stays open until everything is answered: the service stops at its end, whatever is still in its queue.
    """
    unanswered: dict[int, str] = {}
    problems: list[str] = []
    files: dict[str, bytes] = {}
    window = threading.Semaphore(_WINDOW)
    all_answered = threading.Event()  # from then on the service may end

    def listen() -> None:
        try:
            for answer in _answers(_pipe(service.stdout)):
                payload = answer["payload"]
                request = unanswered.pop(answer.get("message_id") or 0, "a request")
                if payload["type"] == "Error":
                    problems.append(f"{request}: {payload.get('message')}")
                    return
                files.update((file["path"], base64.b64decode(file["content"])) for file in payload.get("files", ()))
                window.release()
            if unanswered or not all_answered.is_set():
                problems.append("it ended too soon")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            problems.append(f"it gave an answer of an unknown form: {error!r}")
        finally:
            window.release(2 * _WINDOW)  # nobody needs to wait for an answer any more

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    with suppress(BrokenPipeError):
        for number, request in enumerate(requests, 1):
            window.acquire()
            if problems:
                break
            unanswered[number] = request.get("url") or request["type"]
            message = json.dumps({"message_id": number, "payload": request}).encode()
            _pipe(service.stdin).write(base64.b64encode(message) + b",")
            _pipe(service.stdin).flush()
    for _ in range(_WINDOW):
        window.acquire()
    all_answered.set()
    if problems:
        service.kill()
    with suppress(OSError):
        _pipe(service.stdin).close()
    listener.join()
    return next(iter(problems), None), files


def _answers(stdout: IO[bytes]) -> Iterator[Mapping[str, Any]]:
    """Yield the answers as they come, until the service closes its end."""
    rest = b""
    while block := stdout.read1(1 << 16):  # type: ignore[attr-defined]
        *answers, rest = (rest + block).split(b",")
        for answer in answers:
            yield json.loads(base64.b64decode(answer))


def _pipe(end: IO[bytes] | None) -> IO[bytes]:
    """Return an end of a pipe that was asked for, so that it is there."""
    if end is None:
        raise ValueError("the service was started without a pipe")
    return end
