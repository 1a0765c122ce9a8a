"""Pages -> the search index in ``pagefind/``: shard by shard while they come, then one bundle for each language.

Every shard is indexed by a Pagefind service of its own, which gives its memory back when it ends. A shard that is in
the cache is not indexed again. ``pagefind/bundles.json`` lists the bundles, with the program that searches them
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
from builder.search.browser_tables import columns, facet_counts
from builder.search.cache import open_cache, prune_cache, read_shard_of, write_shard
from builder.search.check_pagefind import cannot_run, no_search, unknown_format
from builder.search.join import IndexedShard, join_shards
from builder.search.pagefind import NotStartedError, find_program
from builder.search.pagefind_index import SCRIPT, LanguageFiles, PagefindFormatError, language_files
from builder.search.pages import FACETS, SearchPage
from builder.search.shard_index import index_shard, json_bytes
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
                shards = _index_all(submit, made_by, cache, cut_shards(pages))
            files = _files_by_language(program, shards)
        except NotStartedError as error:
            return (no_search(*cannot_run(program, error)),)
        except PagefindFormatError as error:
            return (no_search(*unknown_format(error)),)
        if shards:
            try:
                _publish(shards, files, root, labels or {}, cancelled)
            except OSError as error:
                raise _cannot_write(error) from error
            prune_cache(cache, {shard.path.name for of_language in shards.values() for shard in of_language})
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
    submit: Callable[..., Future[IndexedShard]], made_by: bytes, cache: Path, shards: Iterable[Shard]
) -> Mapping[str, Sequence[IndexedShard]]:
    """Have the shards indexed while they come; return them by language, in their order.

    ``submit``: has ``_index`` called with a language, lines and a path.
    ``made_by``: fingerprint of what makes the index.
    ``cache``: the folder that all shards are in afterwards.
    ``shards``: in the order of their pages.
    """
    futures: list[tuple[str, Future[IndexedShard]]] = []
    try:
        for shard in shards:
            lines = tuple(page.line for page in shard.pages)
            path = cache / f"{shard.language}-{_digest(made_by, *lines)}.shard"
            futures.append((shard.language, submit(shard.language, lines, path)))
            if len(futures) > _AHEAD:  # pages are made faster than they are indexed: they are not to pile up
                futures[-_AHEAD][1].result()
        indexed: dict[str, list[IndexedShard]] = {}
        for language, future in futures:
            indexed.setdefault(language, []).append(future.result())
    finally:
        for _, future in futures:
            future.cancel()
    return indexed


def _index(
    program: Path, cancelled: threading.Event | None, language: str, lines: Sequence[bytes], path: Path
) -> IndexedShard:
    """Index one shard and put it into the cache, unless it is there.

    ``program``, ``cancelled``, ``language``: as for ``index_shard``.
    ``lines``: of each page its ``SearchPage.line``.
    ``path``: where the shard is in the cache.
    """
    pages = [json.loads(line) for line in lines]
    index = read_shard_of(path, pages)
    if index is None:
        index = index_shard(program, language, pages, cancelled)
        try:
            write_shard(path, index)
        except OSError as error:
            raise _cannot_write(error) from error
    return IndexedShard(path, len(index.words), columns(page[3:] for page in pages))


def _files_by_language(program: Path, languages: Iterable[str]) -> Mapping[str, LanguageFiles]:
    """Return what every index of each language has."""
    languages = tuple(languages)
    with ThreadPoolExecutor(_WORKERS) as workers:
        return dict(zip(languages, workers.map(partial(language_files, program), languages), strict=True))


def _digest(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part + b"\n")
    return digest.hexdigest()[:10]


def _fingerprint_of_maker(program: Path) -> bytes:
    """Return the fingerprint of what makes a shard: Pagefind, zlib, and our files that process what Pagefind makes."""
    ours = ("cbor", "join_postings", "pagefind_index", "pages", "postings", "shard_index", "words")
    sources = [f"{name}.py" for name in ours] + ["words.json"]
    contents = ((files("builder.search") / name).read_bytes() for name in sources)
    return _digest(program.read_bytes(), zlib.ZLIB_RUNTIME_VERSION.encode(), *contents).encode()


# --- publishing -----------------------------------------------------------------------------------------------------


def _publish(
    shards: Mapping[str, Sequence[IndexedShard]],
    files_by_language: Mapping[str, LanguageFiles],
    root: Path,
    labels: Mapping[str, Mapping[str, str]],
    cancelled: threading.Event | None,
) -> None:
    """Write the bundles, what searches them, and last what lists them: a preview's reader may be waiting for it.

    ``shards``: by language.
    ``files_by_language``: what every index of each language has.
    ``root``: the folder of the published index.
    ``labels``, ``cancelled``: as for ``write_search``.
    """
    languages: dict[str, str] = {}
    every = [shard for of_language in shards.values() for shard in of_language]
    total = sum(shard.size for shard in every)
    for language, of_language in shards.items():
        name = f"{language}-{_digest(*(shard.name.encode() for shard in of_language))}"
        join_shards(of_language, files_by_language[language], root / name, total, cancelled)
        languages[language] = f"{name}/"
    contents = {
        "find.js": find_script(),
        "facets.json": _line(_facets(facet_counts(shard.columns for shard in every), labels)),
        SCRIPT: next(iter(files_by_language.values())).script,
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
