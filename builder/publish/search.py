"""SearchRecords -> the search bundles in ``pagefind/``. What a record says is others' business, Pagefind is ours.

Pagefind's own Python wrapper pauses 0.1 s for every answer, so its service is spoken to here: requests and answers are
base64 of JSON, each ended by a comma, matched by ``message_id``.

A bundle holds one language, because the browser's half of Pagefind stems a query as one language only, and is cut at a
size, because Pagefind takes some 600 bytes of memory for each word that it indexes. The first bundle lies in
``pagefind/`` itself, the others in ``pagefind/<language>-<number>/``; ``pagefind/bundles.json`` lists them for
``search.js``.
"""

from __future__ import annotations

import base64
import importlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from builder.diagnostics import Diagnostic, Place, Refusal
from builder.publish.bundle import SHOWN, settle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from concurrent.futures import Future

    from builder.model import SearchRecord

_FOLDER = "pagefind"

# Where the program may be: as packages (the one that can split Chinese and Japanese into words first), and in PATH.
_PACKAGES = ("pagefind_bin_extended", "pagefind_bin")
_COMMANDS = ("pagefind_extended", "pagefind")

# A bundle's limit, in characters of text. Measured at 2 million: 250 MB of memory while it is made, 3 s.
_BUNDLE_CHARACTERS = 2_000_000

# Bundles made at the same time. Pagefind itself works on one core for most of the time.
_WORKERS = 2

# Requests on their way at once: enough to keep the service busy, few enough that its queue stays small.
_WINDOW = 256

_LANGUAGE = re.compile(r"[a-z]{2,8}")


@dataclass(frozen=True, slots=True)
class _Bundle:
    """What goes into one bundle: a language and its records, and the folder below ``pagefind/`` ("" for itself)."""

    folder: str
    language: str
    leads: bool  # the first of its language: brings the program that searches the others too
    records: tuple[SearchRecord, ...]


def bundle_available() -> bool:
    """Whether a Pagefind program was found, so that ``write_search`` can make bundles."""
    return _program() is not None


def write_search(records: Iterable[SearchRecord], out: Path) -> tuple[Diagnostic, ...]:
    """Make the search bundles of these records in ``out / "pagefind"``, replacing the folder if it is there.

    Title and text are searched; the rest of a record is for showing, filtering and sorting. The same records in the
    same order give the same bytes. No records: no folder. Without a Pagefind program there is no folder either, and
    the warning P402. Raises Refusal when the program is there but fails.
    """
    root = (out / _FOLDER).absolute()
    shutil.rmtree(root, ignore_errors=True)
    program = _program()
    if program is None:
        return (_no_search("the program Pagefind was not found"),)
    try:
        made = _make_all(program, _bundles(records), root)
    except OSError as problem:
        shutil.rmtree(root, ignore_errors=True)
        return (_no_search(f"the program {program.name} cannot be run ({problem.strerror})"),)
    if made:
        listing: dict[str, list[str]] = {}
        for each in made:
            listing.setdefault(each.language, []).append(each.folder and f"{each.folder}/")
        (root / "bundles.json").write_text(json.dumps(listing) + "\n", encoding="utf-8")
    return ()


def _no_search(what: str) -> Diagnostic:
    return Diagnostic(
        Place("mkdocs.yml"),
        "P402",
        f"the site is built without search: {what}",
        "install it beside postil with `pip install 'pagefind[bin]'`; where that has nothing for this platform,\n"
        "put a `pagefind` from https://pagefind.app into the PATH, or name it in the variable PAGEFIND_BINARY_PATH",
    )


def _program() -> Path | None:
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


def _bundles(records: Iterable[SearchRecord]) -> Iterator[_Bundle]:
    """Part the records by language and then by size, in their order."""
    open_records: dict[str, list[SearchRecord]] = {}
    sizes: dict[str, int] = {}
    numbers: dict[str, int] = {}
    first: str | None = None

    def close(language: str) -> _Bundle:
        numbers[language] = number = numbers.get(language, 0) + 1
        folder = "" if (language, number) == (first, 1) else f"{language}-{number}"
        sizes[language] = 0
        return _Bundle(folder, language, number == 1, tuple(open_records.pop(language)))

    for record in records:
        language = _language(record.language)
        first = first or language
        open_records.setdefault(language, []).append(record)
        sizes[language] = sizes.get(language, 0) + len(record.text)
        if sizes[language] >= _BUNDLE_CHARACTERS:
            yield close(language)
    for language in tuple(open_records):
        yield close(language)


def _language(tag: str) -> str:
    """Give the language of a BCP 47 tag without region and script, as Pagefind's stemmers are named."""
    base = re.split(r"[-_]", tag.lower(), maxsplit=1)[0]
    return base if _LANGUAGE.fullmatch(base) else "unknown"


def _make_all(program: Path, bundles: Iterator[_Bundle], root: Path) -> list[_Bundle]:
    """Make the bundles, some at once; no more of them are read ahead than are being made."""
    made: list[_Bundle] = []
    with ThreadPoolExecutor(_WORKERS) as pool:
        running: deque[Future[_Bundle]] = deque()
        for bundle in bundles:
            if len(running) == _WORKERS:
                made.append(running.popleft().result())
            running.append(pool.submit(_make, program, bundle, root / bundle.folder))
        made.extend(each.result() for each in running)
    return made


def _make(program: Path, bundle: _Bundle, folder: Path) -> _Bundle:
    """Make one bundle in ``folder`` with a service of its own, which ends with it and gives its memory back."""
    with (
        tempfile.TemporaryFile() as stderr,
        subprocess.Popen(  # noqa: S603 - the program that the user installed
            [program, "--service"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr
        ) as service,
    ):
        try:
            fault, files = _converse(service, _requests(bundle))
        except BaseException:
            service.kill()
            raise
        code = service.wait()
        if fault or code:
            stderr.seek(0)
            said = stderr.read().decode(errors="replace").strip()
            raise Refusal(f"Pagefind could not make the search index: {fault or f'exit code {code}'}\n{said}".rstrip())
    _write(files, folder)
    settle(folder, with_program=bundle.leads)
    return bundle


def _requests(bundle: _Bundle) -> Iterator[Mapping[str, Any]]:
    """All that the service is asked for one bundle. A service numbers its indexes from 0."""
    yield {"type": "NewIndex", "config": {}}
    for record in bundle.records:
        shown = {"type": record.type, "group": record.group, **record.meta}
        yield {
            "type": "AddRecord",
            "index_id": 0,
            "url": record.address or "./",  # an empty one is mistaken for none in the browser
            "content": record.text,
            "language": bundle.language,
            # Pagefind searches all of its `meta`: a query for "note" would find every note. So what is only shown
            # travels as filters, and `settle` takes these out of the index.
            "meta": {"title": record.title},
            "filters": {
                **{facet: list(values) for facet, values in record.filters.items()},
                **{SHOWN + name: [value] for name, value in shown.items()},
            },
            "sort": dict(record.sort),
        }
    # Not WriteFiles: that answers before the last bytes are on the disk, and a service that ends then loses them.
    yield {"type": "GetFiles", "index_id": 0}


def _write(files: Iterable[Mapping[str, str]], folder: Path) -> None:
    try:
        for each in files:
            path = folder / each["path"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(base64.b64decode(each["content"]))
    except OSError as problem:
        raise Refusal(f"cannot write the search index: {problem.strerror or problem}") from problem


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
