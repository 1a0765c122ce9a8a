"""Pages -> the search index in ``pagefind/``: shard by shard while they come, then one bundle for each language.

Every shard is indexed by a Pagefind service of its own, which gives its memory back when it ends. A shard that is in
the cache is not made again. ``pagefind/bundles.json`` lists the bundles, with the program that searches them
(``find.js``) and the labels and counts of the facets (``facets.json``).
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import threading
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from builder.diagnostics import Diagnostic, UserError
from builder.render.page_assets import read_asset
from builder.search.cache import is_cached, open_cache, prune_cache, put_in_cache
from builder.search.check_pagefind import cannot_run, no_search, unknown_format
from builder.search.columns import Columns, facet_counts
from builder.search.join import join_shards, size_of_words
from builder.search.pagefind import NotStartedError, find_program
from builder.search.pages import FACETS, SearchPage
from builder.search.shard_index import PROGRAM, SCRIPT, PagefindFormatError, index_shard, json_bytes
from builder.search.shards import Shard, cut_shards
from builder.search.words import RULES

INDEX_FOLDER = "pagefind"  # of the site

# Threads, if it is threads: each waits for a process on one core, and then works for a while of its own.
_WORKERS = 2

# Shards that wait for their turn, beside those in work.
_AHEAD = 8

_RULES_HERE = b"/* words.json */ {}"  # in find.js


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

    The same pages in the same order give the same bytes, cached or not. No pages: no folder. If no index can be made
    (see ``pagefind_problem``) there is no folder either, and the warning P402.

    Raises UserError when Pagefind fails or the index cannot be written, CancelledError soon after ``cancelled`` is set.

    ``pages``: indexed while they come.
    ``out``: the site's folder.
    ``labels``: facet -> value -> what is printed for it, in the order in which values are listed.
    ``cache_folder``: keeps the shards for the next build.
    ``pool``: indexes the shards, else threads do. It is shut down after the last page, because its memory is needed.
    ``cancelled``: set by whoever does not want the index any more. Not for a pool of processes, which do not see it.
    """
    root = (out / INDEX_FOLDER).absolute()
    shutil.rmtree(root, ignore_errors=True)
    program = find_program()
    if program is None:
        return (no_search("the program Pagefind was not found"),)
    with tempfile.TemporaryDirectory(prefix="postil-search-") as temporary:
        cache = open_cache(cache_folder) or Path(temporary)
        made_by = _fingerprint_of_maker(program)
        try:
            with pool or ThreadPoolExecutor(_WORKERS) as workers:
                submit = partial(workers.submit, partial(_index, program, cancelled))
                names = _index_all(submit, made_by, cache, cut_shards(pages))
        except NotStartedError as error:
            return (no_search(*cannot_run(program, error)),)
        except PagefindFormatError as error:
            return (no_search(*unknown_format(error)),)
        if names:
            try:
                _publish(names, cache, root, labels or {}, cancelled)
            except OSError as error:
                raise _cannot_write(error) from error
            prune_cache(cache, {name for names_of_language in names.values() for name in names_of_language})
    return ()


def find_script() -> bytes:
    """Return ``find.js`` as it is published: with the rules of words in it, which are no file of their own to load."""
    rules = json.dumps(RULES, separators=(",", ":")).encode()
    before, _, after = read_asset(files("builder.search") / "browser" / "find.js").partition(_RULES_HERE)
    return before + rules + after


def _cannot_write(error: OSError) -> UserError:
    return UserError(f"cannot write the search index: {error.strerror or error}")


# --- making ---------------------------------------------------------------------------------------------------------


def _index_all(
    submit: Callable[..., Future[None]], made_by: bytes, cache: Path, shards: Iterable[Shard]
) -> Mapping[str, Sequence[str]]:
    """Have those shards indexed that are not in the cache, while they come; return their names by language.

    ``submit``: has a shard of this language and lines indexed into a folder.
    ``made_by``: fingerprint of what makes the index.
    ``cache``: the folder that all shards are in afterwards.
    ``shards``: in the order of their pages.
    """
    names: dict[str, list[str]] = {}
    futures: list[Future[None]] = []
    try:
        for shard in shards:
            lines = tuple(page.line for page in shard.pages)
            name = f"{shard.language}-{_digest(made_by, *lines)}"
            names.setdefault(shard.language, []).append(name)
            if not is_cached(cache / name):
                futures.append(submit(shard.language, lines, cache / name))
                if len(futures) > _AHEAD:  # pages are made faster than they are indexed: they are not to pile up
                    futures[-_AHEAD].result()
        for future in futures:
            future.result()
    finally:
        for future in futures:
            future.cancel()
    return names


def _index(
    program: Path, cancelled: threading.Event | None, language: str, lines: Sequence[bytes], shard: Path
) -> None:
    """Index one shard and put it into the cache; for the arguments see ``index_shard``."""
    try:
        put_in_cache(shard, lambda folder: index_shard(program, language, lines, folder, cancelled))
    except OSError as error:
        raise _cannot_write(error) from error


def _digest(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part + b"\n")
    return digest.hexdigest()[:10]


def _fingerprint_of_maker(program: Path) -> bytes:
    """Return the fingerprint of what makes a shard: Pagefind, zlib, and our files that process what Pagefind makes."""
    ours = ("cbor", "columns", "join_postings", "pages", "postings", "shard_index", "words")
    sources = [f"{name}.py" for name in ours] + ["words.json"]
    contents = ((files("builder.search") / name).read_bytes() for name in sources)
    return _digest(program.read_bytes(), zlib.ZLIB_RUNTIME_VERSION.encode(), *contents).encode()


# --- publishing -----------------------------------------------------------------------------------------------------


def _publish(
    names: Mapping[str, Sequence[str]],
    cache: Path,
    root: Path,
    labels: Mapping[str, Mapping[str, str]],
    cancelled: threading.Event | None,
) -> None:
    """Write the bundles, what searches them, and last what lists them: a preview's reader may be waiting for it.

    ``names``: of the shards, by language.
    ``cache``: the folder that has them.
    ``root``: the folder of the published index.
    ``labels``, ``cancelled``: as for ``write_search``.
    """
    languages: dict[str, str] = {}
    columns: list[Columns] = []
    shards = {language: [cache / name for name in names_of_language] for language, names_of_language in names.items()}
    every = [shard for shards_of_language in shards.values() for shard in shards_of_language]
    total = size_of_words(every)
    for language, folders in shards.items():
        name = f"{language}-{_digest(*(folder.name.encode() for folder in folders))}"
        columns += join_shards(folders, root, name, total, cancelled)
        languages[language] = f"{name}/"
    contents = {
        "find.js": find_script(),
        "facets.json": _line(_facets(facet_counts(columns), labels)),
        SCRIPT: (every[0] / PROGRAM / SCRIPT).read_bytes(),
    }
    for file_name, content in contents.items():
        (root / file_name).write_bytes(content)
    program, facets, engine = (f"{name}?{hashlib.sha256(data).hexdigest()[:8]}" for name, data in contents.items())
    listing = {"program": program, "facets": facets, "engine": engine, "languages": languages}
    (root / "bundles.json").write_bytes(_line(listing))


def _line(value: Mapping[str, Any]) -> bytes:
    return json_bytes(value) + b"\n"


def _facets(counts: Mapping[str, Mapping[str, int]], labels: Mapping[str, Mapping[str, str]]) -> Mapping[str, Any]:
    """Return facet -> rows of value, label, count: in the order of the labels, then by name."""
    rows: dict[str, list[tuple[str, str, int]]] = {}
    for facet in FACETS:
        known = labels.get(facet, {})
        ordered = [*(value for value in known if value in counts[facet]), *sorted(set(counts[facet]) - set(known))]
        rows[facet] = [(value, known.get(value, value), counts[facet][value]) for value in ordered]
    return rows
