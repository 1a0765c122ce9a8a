"""SearchRecords -> the search bundles in ``pagefind/``. What a record says is others' business, Pagefind is ours.

Every shard becomes a bundle in ``pagefind/<language>-<fingerprint>/``, made by a Pagefind service of its own, which
gives its memory back when it ends. Its name is the fingerprint of all that it is made from, so a bundle that is in the
cache under its name is not made again. ``pagefind/bundles.json`` lists them, with the program that searches them
(``find.js``) and the labels and counts of the facets (``facets.json``).
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from builder.diagnostics import Diagnostic, Place, Refusal
from builder.publish.bundle import PROGRAM, settle
from builder.publish.pagefind import ask, find_program
from builder.publish.shards import FACETS, Prepared, Shard, counts, prepare, shards

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from builder.model import SearchRecord

_FOLDER = "pagefind"
_TABLE, _CHOSEN = "table.pf_table", "facets.pf_table"

# Bundles made at the same time. Pagefind works on one core for most of the time.
_WORKERS = 2

# Cached bundles kept beside those in use, so that a preview with its drafts and a build do not drive each other out.
_SPARE = 2


class CancelledError(Exception):
    """Search was asked for and is not wanted any more."""


def bundle_available() -> bool:
    """Whether a Pagefind program was found, so that ``write_search`` can make bundles."""
    return find_program() is not None


def write_search(
    records: Iterable[SearchRecord],
    out: Path,
    *,
    labels: Mapping[str, Mapping[str, str]] | None = None,
    cache_folder: Path | None = None,
    cancelled: threading.Event | None = None,
) -> tuple[Diagnostic, ...]:
    """Make the search bundles of these records in ``out / "pagefind"``, replacing the folder if it is there.

    Title and text are searched; the rest of a record is for showing, filtering and sorting. ``labels`` are facet ->
    value -> what to print, in the order of the list. The same records in the same order give the same bytes, cached or
    not. No records: no folder. Without a Pagefind program there is no folder either, and the warning P402. Raises
    Refusal when the program is there but fails, CancelledError soon after ``cancelled`` is set.
    """
    root = (out / _FOLDER).absolute()
    shutil.rmtree(root, ignore_errors=True)
    program = find_program()
    if program is None:
        return (_no_search("the program Pagefind was not found"),)
    cut = shards(records)
    if not cut:
        return ()
    with tempfile.TemporaryDirectory(prefix="postil-search-") as spare:
        kept = _cache(cache_folder) or Path(spare)
        try:
            made = _make_all(program, cut, kept, cancelled)
            _put(made, kept, root, cut, labels or {})
        except PermissionError as problem:
            raise Refusal(f"cannot write the search index: {problem.strerror or problem}") from problem
        except _NotStartedError as problem:
            shutil.rmtree(root, ignore_errors=True)
            return (_no_search(f"the program {program.name} cannot be run ({problem})"),)
        except OSError as problem:
            raise Refusal(f"cannot write the search index: {problem.strerror or problem}") from problem
        _prune(kept, made)
    return ()


def _cache(folder: Path | None) -> Path | None:
    """Make the folder of the cache, which nobody is to commit; None where it cannot be."""
    if folder is None:
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".gitignore").write_text("*\n")
    except OSError:
        return None
    return folder


class _NotStartedError(Exception):
    pass


def _no_search(what: str) -> Diagnostic:
    return Diagnostic(
        Place("mkdocs.yml"),
        "P402",
        f"the site is built without search: {what}",
        "install it beside postil with `pip install 'pagefind[bin]'`; where that has nothing for this platform,\n"
        "put a `pagefind` from https://pagefind.app into the PATH, or name it in the variable PAGEFIND_BINARY_PATH",
    )


# --- making ---------------------------------------------------------------------------------------------------------


def _make_all(program: Path, cut: Sequence[Shard], kept: Path, cancelled: threading.Event | None) -> list[str]:
    """Make what is not in the cache; give the bundles' names, in the shards' order."""
    task = partial(_made, program, kept, _version(program), cancelled)
    with ThreadPoolExecutor(_WORKERS) as pool:
        return list(pool.map(task, cut))


def _made(program: Path, kept: Path, version: bytes, cancelled: threading.Event | None, shard: Shard) -> str:
    prepared = prepare(shard)
    digest = hashlib.sha256(version + prepared.table + prepared.facets)
    for page in prepared.pages:
        digest.update(json.dumps(page).encode())
    name = f"{shard.language}-{digest.hexdigest()[:10]}"
    if (kept / name / _TABLE).is_file():
        with suppress(OSError):
            os.utime(kept / name)
        return name
    made = Path(tempfile.mkdtemp(prefix="making-", dir=kept))
    try:
        try:
            answered = ask(program, _requests(prepared, cancelled))
        except OSError as problem:
            raise _NotStartedError(problem.strerror) from problem
        for each in answered:
            path = made / each["path"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(base64.b64decode(each["content"]))
        settle(made, name=digest.hexdigest()[:8])
        (made / _TABLE).write_bytes(gzip.compress(prepared.table, 9, mtime=0))
        (made / _CHOSEN).write_bytes(gzip.compress(prepared.facets, 9, mtime=0))
        made.chmod(0o755)  # mkdtemp gives a private folder
        shutil.rmtree(kept / name, ignore_errors=True)
        made.rename(kept / name)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return name


def _requests(prepared: Prepared, cancelled: threading.Event | None) -> Iterator[Mapping[str, Any]]:
    """All that the service is asked for one shard. A service numbers its indexes from 0."""
    yield {"type": "NewIndex", "config": {}}
    for page in prepared.pages:
        if cancelled and cancelled.is_set():
            raise CancelledError
        yield {"type": "AddRecord", "index_id": 0, **page}
    # Not WriteFiles: that answers before the last bytes are on the disk, and a service that ends then loses them.
    yield {"type": "GetFiles", "index_id": 0}


def _version(program: Path) -> bytes:
    """Fingerprint what makes bundles: Pagefind, and our own files that decide what is in them."""
    about = program.stat()
    own = b"".join((files("builder.publish") / name).read_bytes() for name in ("bundle.py", "shards.py", "search.py"))
    return hashlib.sha256(repr((about.st_size, about.st_mtime_ns)).encode() + own).digest()


# --- publishing -----------------------------------------------------------------------------------------------------


def _put(
    made: Sequence[str], kept: Path, root: Path, cut: Sequence[Shard], labels: Mapping[str, Mapping[str, str]]
) -> None:
    """Put the bundles and what lists them into the site."""
    languages: dict[str, list[str]] = {}
    for name, shard in zip(made, cut, strict=True):
        # Only the first bundle of a language brings Pagefind's program; those merged into it bring their index alone.
        leads = shard.language not in languages
        languages.setdefault(shard.language, []).append(f"{name}/")
        shutil.copytree(
            kept / name, root / name, copy_function=shutil.copyfile, ignore=None if leads else _without_program
        )
    finder = (files("builder.publish") / "find.js").read_bytes()
    facets = _json(_facets(counts(cut), labels))
    (root / "find.js").write_bytes(finder)
    (root / "facets.json").write_bytes(facets)
    listing = {
        "program": f"find.js?{hashlib.sha256(finder).hexdigest()[:8]}",
        "facets": f"facets.json?{hashlib.sha256(facets).hexdigest()[:8]}",
        "languages": languages,
    }
    (root / "bundles.json").write_bytes(_json(listing))


def _json(value: Mapping[str, Any]) -> bytes:
    content = json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
    return content.encode("utf-8", "surrogatepass")


def _facets(counted: Mapping[str, Mapping[str, int]], labels: Mapping[str, Mapping[str, str]]) -> Mapping[str, Any]:
    """Facet -> rows of value, label, count: in the order of the labels, then by name."""
    rows: dict[str, list[tuple[str, str, int]]] = {}
    for facet in FACETS:
        known = labels.get(facet, {})
        ordered = [*(value for value in known if value in counted[facet]), *sorted(set(counted[facet]) - set(known))]
        rows[facet] = [(value, known.get(value, value), counted[facet][value]) for value in ordered]
    return rows


def _without_program(folder: str, names: list[str]) -> set[str]:
    del folder
    return {name for name in names if name in PROGRAM or name.startswith("wasm.")}


def _prune(kept: Path, made: Iterable[str]) -> None:
    """Keep the cache in bounds: the bundles in use, and a few generations of the others, the youngest."""
    used = set(made)
    with suppress(OSError):
        others = [each for each in kept.iterdir() if each.is_dir() and each.name not in used]
        others.sort(key=lambda each: each.stat().st_mtime, reverse=True)
        for each in others[_SPARE * len(used) :]:
            shutil.rmtree(each, ignore_errors=True)
