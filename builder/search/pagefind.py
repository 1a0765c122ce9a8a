"""Pagefind's own program: where it is, and how it is spoken to. What is asked of it is others' business.

Pagefind's own Python wrapper pauses 0.1 s for every answer, so its service is spoken to here: requests and answers are
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

# Requests on their way at once: enough to keep the service busy, few enough that its queue stays small.
_WINDOW = 256


def find_program() -> Path | None:
    """Find the program where Pagefind's own wrapper would."""
    if named := os.environ.get("PAGEFIND_BINARY_PATH"):
        return Path(named) if Path(named).is_file() else None
    for package in _PACKAGES:
        try:
            return Path(importlib.import_module(package).get_executable())
        except (ImportError, FileNotFoundError):
            continue
    found = next(filter(None, map(shutil.which, _COMMANDS)), None)
    return Path(found) if found else None


class NotStartedError(Exception):
    """The program is there and cannot be run, as one of another platform."""


def ask(program: Path, requests: Iterator[Mapping[str, Any]]) -> tuple[Mapping[str, str], ...]:
    """Start a service, make the requests in their order, end it; give the files that its answers hold.

    Files are path below the bundle's folder and content in base64. Raises NotStartedError if the program cannot be
    started, UserError if it fails, and whatever ``requests`` raises; the service has ended in each case.
    """
    with tempfile.TemporaryFile() as stderr, _started(program, stderr) as service:
        try:
            fault, files = _converse(service, requests)
        except BaseException:
            service.kill()
            raise
        code = service.wait()
        if fault or code:
            stderr.seek(0)
            said = stderr.read().decode(errors="replace").strip()
            raise UserError(
                f"Pagefind could not make the search index: {fault or f'exit code {code}'}\n{said}".rstrip()
            )
    return tuple(files)


def _started(program: Path, stderr: IO[bytes]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603 - the program that the user installed
            [program, "--service"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr
        )
    except OSError as problem:
        raise NotStartedError(problem.strerror) from problem


def _converse(
    service: subprocess.Popen[bytes], requests: Iterator[Mapping[str, Any]]
) -> tuple[str | None, list[Mapping[str, str]]]:
    """Ask, without waiting for each answer, and end the service; give what went wrong, or None if nothing did.

    With it come the files of the index: path below the bundle's folder, content in base64.

    The input stays open until everything is answered: the service stops at its end, whatever is still in its queue.
    """
    asked: dict[int, str] = {}
    faults: list[str] = []
    files: list[Mapping[str, str]] = []
    window = threading.Semaphore(_WINDOW)
    answered = threading.Event()  # everything is; from then on the service may end

    def listen() -> None:
        try:
            for answer in _answers(_pipe(service.stdout)):
                payload = answer["payload"]
                about = asked.pop(answer.get("message_id") or 0, "a request")
                if payload["type"] == "Error":
                    faults.append(f"{about}: {payload.get('message')}")
                    return
                files.extend(payload.get("files", ()))
                window.release()
            if asked or not answered.is_set():
                faults.append("it ended too soon")
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            faults.append(f"it gave an answer that is not known here: {problem!r}")
        finally:
            window.release(2 * _WINDOW)  # whoever waits for an answer needn't any more

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    with suppress(BrokenPipeError):
        for number, request in enumerate(requests, 1):
            window.acquire()
            if faults:
                break
            asked[number] = request.get("url") or request["type"]
            message = json.dumps({"message_id": number, "payload": request}).encode()
            _pipe(service.stdin).write(base64.b64encode(message) + b",")
            _pipe(service.stdin).flush()
    for _ in range(_WINDOW):
        window.acquire()
    answered.set()
    if faults:
        service.kill()
    with suppress(OSError):
        _pipe(service.stdin).close()
    listener.join()
    return next(iter(faults), None), files


def _answers(stdout: IO[bytes]) -> Iterator[Mapping[str, Any]]:
    """Give the answers as they come, until the service closes its end."""
    rest = b""
    while part := stdout.read1(1 << 16):  # type: ignore[attr-defined]
        *whole, rest = (rest + part).split(b",")
        for each in whole:
            yield json.loads(base64.b64decode(each))


def _pipe(end: IO[bytes] | None) -> IO[bytes]:
    """Give an end of a pipe that was asked for, so that it is there."""
    if end is None:
        raise ValueError("the service was started without a pipe")
    return end
