"""Pages -> the search index in ``pagefind/``: shard by shard while they come, then one bundle a language.

Every shard is indexed by a Pagefind service of its own, which gives its memory back when it ends. What is made of it
is named after the fingerprint of all that it is made from, so a shard that is in the cache under its name is not made
again. ``pagefind/bundles.json`` lists the bundles, with the program that searches them (``find.js``)
and the labels and counts of the facets (``facets.json``).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from builder.diagnostics import Diagnostic, Place, UserError
from builder.render.page_assets import read_asset
from builder.search.columns import Columns, facet_counts
from builder.search.index import (
    PROGRAM,
    SCRIPT,
    index_shard,
    is_whole,
    join_shards,
    json_bytes,
    size_of_words,
)
from builder.search.pagefind import NotStartedError, find_program
from builder.search.pages import FACETS, SearchPage
from builder.search.shards import Shard, shards
from builder.search.words import RULES

_FOLDER = "pagefind"

# Threads, if it is threads: each waits for a process on one core, and then works for a while of its own.
_WORKERS = 2

# Shards that wait for their turn, beside those in work.
_AHEAD = 8

# Kept in the cache beside what is in use, so that a preview with its drafts and a build do not drive each other out:
# so many times as much, and what is younger than an hour, in seconds.
_SPARE, _YOUNG = 2, 3600

_MAKING = "making-"

_RULES_HERE = b"/* words.json */ {}"  # in find.js

# Where Pagefind's program passes over a piece of the index that could not be loaded: its words would be nowhere.
_PASSED_OVER = re.compile(rb"console\.error\(`Failed to load the index chunk [^`]*`\);")


def pagefind_available() -> bool:
    """Whether a Pagefind program was found, so that ``write_search`` can make an index."""
    return find_program() is not None


def write_search(
    pages: Iterable[SearchPage],
    out: Path,
    *,
    labels: Mapping[str, Mapping[str, str]] | None = None,
    cache_folder: Path | None = None,
    pool: Executor | None = None,
    cancelled: threading.Event | None = None,
) -> tuple[Diagnostic, ...]:
    """Make the search index of these pages in ``out / "pagefind"``, replacing the folder if it is there.

    Pages are indexed while they come, by threads or by this pool, which is shut down after the last of them because its
    memory is wanted; to another process no ``cancelled`` can be sent. ``labels`` are facet -> value -> what to print,
    in the order of the list. The same pages in the same order give the same bytes, cached or not. No pages: no folder.
    Without a Pagefind program there is no folder either, and the warning P402. Raises UserError when the program is
    there but fails, CancelledError soon after ``cancelled`` is set.
    """
    root = (out / _FOLDER).absolute()
    shutil.rmtree(root, ignore_errors=True)
    program = find_program()
    if program is None:
        return (_no_search("the program Pagefind was not found"),)
    with tempfile.TemporaryDirectory(prefix="postil-search-") as spare:
        kept = _cache(cache_folder) or Path(spare)
        version = _version(program)
        try:
            with pool or ThreadPoolExecutor(_WORKERS) as workers:
                index = partial(_index, program, cancelled)
                made = _index_all(partial(workers.submit, index), version, kept, shards(pages))
        except NotStartedError as problem:
            return (_no_search(f"the program {program.name} cannot be run ({problem})"),)
        if made:
            try:
                _put(made, kept, root, labels or {}, cancelled)
            except OSError as problem:
                raise _cannot_write(problem) from problem
            _prune(kept, {name for names in made.values() for name in names})
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


def _cannot_write(problem: OSError) -> UserError:
    return UserError(f"cannot write the search index: {problem.strerror or problem}")


def _no_search(what: str) -> Diagnostic:
    return Diagnostic(
        Place("mkdocs.yml"),
        "P402",
        f"the site is built without search: {what}",
        "install it beside postil with `pip install 'pagefind[bin]'`; where that has nothing for this platform,\n"
        "put a `pagefind` from https://pagefind.app into the PATH, or name it in the variable PAGEFIND_BINARY_PATH",
    )


# --- making ---------------------------------------------------------------------------------------------------------


def _index_all(
    index: Callable[..., Future[None]], version: bytes, kept: Path, cut: Iterable[Shard]
) -> Mapping[str, Sequence[str]]:
    """Have indexed what is not in the cache, while shards come; give their names by language, in their order."""
    made: dict[str, list[str]] = {}
    working: list[Future[None]] = []
    try:
        for shard in cut:
            lines = tuple(page.line for page in shard.pages)
            name = f"{shard.language}-{_digest(version, *lines)}"
            made.setdefault(shard.language, []).append(name)
            if not _known(kept / name):
                working.append(index(shard.language, lines, kept / name))
                if len(working) > _AHEAD:  # pages are made faster than they are indexed: they are not to pile up
                    working[-_AHEAD].result()
        for each in working:
            each.result()
    finally:
        for each in working:
            each.cancel()
    return made


def _index(program: Path, cancelled: threading.Event | None, language: str, lines: Sequence[bytes], into: Path) -> None:
    """Index one shard and put it into the cache under its name."""
    try:
        folder = Path(tempfile.mkdtemp(prefix=_MAKING, dir=into.parent))
        try:
            index_shard(program, language, lines, folder, cancelled)
            if not is_whole(into):  # another build may have put the same there meanwhile
                shutil.rmtree(into, ignore_errors=True)
                folder.rename(into)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    except OSError as problem:
        raise _cannot_write(problem) from problem


def _known(folder: Path) -> bool:
    """Whether this is in the cache and whole; there it now is the youngest."""
    with suppress(OSError):
        os.utime(folder)
    return is_whole(folder)


def _digest(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part + b"\n")
    return digest.hexdigest()[:10]


def _version(program: Path) -> bytes:
    """Fingerprint what makes the index: Pagefind, and our own files that decide what becomes of its own."""
    ours = ("cbor.py", "columns.py", "index.py", "pages.py", "postings.py", "words.json", "words.py")
    return _digest(program.read_bytes(), *((files("builder.search") / name).read_bytes() for name in ours)).encode()


# --- publishing -----------------------------------------------------------------------------------------------------


def _put(
    made: Mapping[str, Sequence[str]],
    kept: Path,
    root: Path,
    labels: Mapping[str, Mapping[str, str]],
    cancelled: threading.Event | None,
) -> None:
    """Put the index and what lists it into the site; the list comes last, because a preview's reader may be waiting."""
    languages: dict[str, str] = {}
    told: list[Columns] = []
    every = [kept / name for names in made.values() for name in names]
    total = size_of_words(every)
    for language, names in made.items():
        name = f"{language}-{_digest(*map(str.encode, names))}"
        told += join_shards([kept / each for each in names], root, name, total, cancelled)
        languages[language] = f"{name}/"
    contents = {
        "find.js": find_script(),
        "facets.json": _line(_facets(facet_counts(told), labels)),
        SCRIPT: _PASSED_OVER.sub(b"throw e;", (every[0] / PROGRAM / SCRIPT).read_bytes()),
    }
    for name, content in contents.items():
        (root / name).write_bytes(content)
    program, facets, engine = (f"{name}?{hashlib.sha256(data).hexdigest()[:8]}" for name, data in contents.items())
    listing = {"program": program, "facets": facets, "engine": engine, "languages": languages}
    (root / "bundles.json").write_bytes(_line(listing))


def find_script() -> bytes:
    """Return ``find.js`` as it is published: with the rules of words in it, so that they are not one more file to load."""
    rules = json.dumps(RULES, separators=(",", ":")).encode()
    before, _, after = read_asset(files("builder.search") / "browser" / "find.js").partition(_RULES_HERE)
    return before + rules + after


def _line(value: Mapping[str, Any]) -> bytes:
    return json_bytes(value) + b"\n"


def _facets(counted: Mapping[str, Mapping[str, int]], labels: Mapping[str, Mapping[str, str]]) -> Mapping[str, Any]:
    """Facet -> rows of value, label, count: in the order of the labels, then by name."""
    rows: dict[str, list[tuple[str, str, int]]] = {}
    for facet in FACETS:
        known = labels.get(facet, {})
        ordered = [*(value for value in known if value in counted[facet]), *sorted(set(counted[facet]) - set(known))]
        rows[facet] = [(value, known.get(value, value), counted[facet][value]) for value in ordered]
    return rows


def _prune(kept: Path, used: set[str]) -> None:
    """Keep the cache in bounds: what is in use, what another build may be using, a few generations of the rest."""
    with suppress(OSError):
        others = {each: each.stat().st_mtime for each in kept.iterdir() if each.is_dir() and each.name not in used}
        oldest = sorted(others, key=lambda each: others[each], reverse=True)[_SPARE * len(used) :]
        for each in oldest:
            if others[each] < time.time() - _YOUNG:
                gone = each if each.name.startswith(_MAKING) else each.rename(each.with_name(f"{_MAKING}{each.name}"))
                shutil.rmtree(gone, ignore_errors=True)  # half of a shard never has a shard's name
