"""The stages in order; reads like a table of contents. *Map, reduce, map*: read and anchor, link, render and press.

The two maps look at one document at a time and may run on several processors; what goes from the first to the
second is kept packed, so that a corpus never stands unpacked in memory as a whole.
"""

from __future__ import annotations

import gc
import hashlib
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

from builder.anchor.anchor import anchor
from builder.diagnostics import Diagnostic, Place, UserError, has_errors
from builder.link.catalog import build_catalog
from builder.link.changelog import add_changelog, build_changelog, changes_by_document
from builder.link.cross_links import PageLink, add_page_links, document_links, link_documents, redact_closed_verdicts
from builder.link.records import document_record
from builder.model import (
    AnchoredDocument,
    Catalog,
    Corpus,
    DocumentLinks,
    DocumentRecord,
    Entry,
    Ledger,
    Limits,
    Page,
    Project,
)
from builder.publish import staging
from builder.publish.page_check import check_page
from builder.read.corpus_files import read_project
from builder.read.discovery import Seed, discover, read_bytes
from builder.read.document import read_document, slug_collisions
from builder.render.document_page import document_page
from builder.render.entry_pages import entry_pages
from builder.render.index_pages import continuation_pages
from builder.render.shell import Key, Shell, press_page, shell_key
from builder.render.templating import compile_templates
from builder.render.weave import FILES
from builder.search.pages import SearchPage, search_pages
from builder.search.records import entry_search_record, search_records
from builder.serialisation import pack, unpack

Progress = Callable[[str, int, int], None]
"""Told (stage, done, total) now and then."""

_BATCH = 24  # documents a worker takes at a time: a few tens of milliseconds of work
_PARALLEL = 64  # documents from which starting workers pays
_SENT = 1000  # notes of an entry that is sent to a worker to be drawn
_AHEAD = 4  # batches for each worker that are on their way at once


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the corpus is and how it is to be built. ``root`` is the project's folder; places are relative to it.

    ``workers`` 0 means as many as there are processors. ``preview`` shows drafts.
    """

    root: Path
    seeds: Path
    limits: Limits = field(default_factory=Limits)
    workers: int = 0
    preview: bool = False


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What the first map made of one document: kept under ``key``, the fingerprint of all it was made from."""

    key: str
    packed: bytes
    record: DocumentRecord | None
    pictures: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class LoadedCorpus:
    """The corpus, read, anchored and linked, before any page is made.

    ``corpus`` is what pages may tell, ``full`` has the verdicts that documents keep closed too. ``readings``: path of a
    document -> its reading; handed to the next survey, what has not changed is not read again. ``incomplete``: slugs of
    documents with errors of their own, which may lack notes.
    """

    corpus: Corpus
    full: Corpus
    catalog: Catalog
    read_results: Mapping[str, ReadResult]
    diagnostics: tuple[Diagnostic, ...]
    incomplete: frozenset[str]


def check(settings: Settings, progress: Progress | None = None) -> tuple[Diagnostic, ...]:
    """Every fault of the corpus, sorted. Looks at ``seeds/`` alone and writes nothing."""
    return load_corpus(settings, {}, progress).diagnostics


def load_corpus(
    settings: Settings,
    earlier: Mapping[str, ReadResult],
    progress: Progress | None = None,
    *,
    ledger: Ledger | None = None,
) -> LoadedCorpus:
    """Gather, read, anchor and link. UserError if there is no such folder. ``ledger``: what history tells, if asked."""
    seeds, gathered = discover(settings.root, settings.seeds, settings.limits)
    project, described = read_project(settings.seeds, settings.root, settings.limits)
    work = [(seed, earlier.get(seed.name)) for seed in seeds]
    shared = hashlib.sha256(repr((project, settings.limits)).encode()).digest()
    task = partial(_read_all, project=project, limits=settings.limits, shared=shared)
    with _mapping(settings, len(work)) as (mapping, _):
        readings = dict(_counted(mapping(task, _batches(work)), "read", len(work), progress))
    diagnostics = [*gathered, *described, *(fault for each in readings.values() for fault in each.diagnostics)]
    records = [each.record for each in readings.values() if each.record]
    told = {each.place.file for each in diagnostics if each.code == "F105"}
    diagnostics += slug_collisions((each.slug, each.path) for each in records if each.path not in told)
    diagnostics += _missing_pictures(settings, readings)
    broken = frozenset(each.record.slug for each in readings.values() if each.record and _lacks_notes(each))
    full, linked = link_documents(_one_each(records), project, drafts=settings.preview, incomplete=broken)
    corpus = redact_closed_verdicts(full)
    whole = build_catalog(corpus)
    whole = add_changelog(whole, build_changelog(ledger, corpus)) if ledger else whole
    return LoadedCorpus(corpus, full, whole, readings, tuple(sorted({*diagnostics, *linked})), broken)


def press_pages(
    found: LoadedCorpus,
    shells: Mapping[Key, Shell],
    out: Path,
    settings: Settings,
    *,
    page_links: Sequence[PageLink] = (),
    progress: Progress | None = None,
    searching: Callable[[Iterable[SearchPage], Executor | None], None] | None = None,
) -> tuple[Diagnostic, ...]:
    """Render, press, check and write every document's page below ``out``, and the pictures they show.

    ``searching`` is called with what search has to know of the pages, each as soon as it is made, documents in the
    order of the corpus, and with the pool of workers, if there is one: it may have them work on pages beside the
    pressing, and may shut it down after the last. Gives faults of the pages (P401), which forbid publishing.
    """
    compile_templates()
    corpus, entries = add_page_links(found.corpus, page_links), found.catalog.entries
    changes = changes_by_document(found.catalog.changelog) if found.catalog.changelog else {}
    work = [
        (found.read_results[each.path].packed, replace(links, changes=changes.get(each.slug, {})))
        for each, links in document_links(corpus)
    ]
    press_documents = partial(_press_all, project=corpus.project, shells=shells, out=out, searching=bool(searching))
    press_entries = partial(_press_each, project=corpus.project, shells=shells, out=out)
    faults: list[Diagnostic] = []

    def pressed(mapping: _Map) -> Iterator[SearchPage]:
        for pages, page_faults in _counted(mapping(press_documents, _batches(work)), "press", len(work), progress):
            faults.extend(page_faults)
            yield from pages
        # An entry with very many notes would take longer, and much more memory, to send to a worker than to draw here.
        few = [each for each in entries if len(each.appearances) <= _SENT]
        many = [each for each in entries if len(each.appearances) > _SENT]
        gathered = chain(mapping(press_entries, _batches(few)), map(press_entries, _batches(many)))
        yield from _counted(gathered, "gather", len(entries), progress)

    with _mapping(settings, len(work)) as (mapping, pool):
        pages = pressed(mapping)
        if searching:
            searching(pages, pool)
        for _ in pages:  # the rest, if search does not want them
            pass
    _copy_pictures(found, out, settings)
    for page in continuation_pages(found.corpus, found.catalog):  # what is left of long lists
        _write(page, shells, out)
    return tuple(faults)


# --- the first map --------------------------------------------------------------------------------------------------


def _read_all(
    work: Sequence[tuple[Seed, ReadResult | None]], *, project: Project, limits: Limits, shared: bytes
) -> list[tuple[str, ReadResult]]:
    return [(seed.name, _read(seed, project, limits, shared, earlier)) for seed, earlier in work]


def _read(seed: Seed, project: Project, limits: Limits, shared: bytes, earlier: ReadResult | None) -> ReadResult:
    key = _key(seed, shared)
    if earlier and earlier.key == key:
        return earlier
    document, faults = read_document(seed, project, limits)
    if document is None:
        return ReadResult(key, b"", None, (), faults)
    anchored, misplaced = anchor(document)
    return ReadResult(key, pack(anchored), document_record(anchored), document.body.pictures, (*faults, *misplaced))


def _key(seed: Seed, shared: bytes) -> str:
    """The fingerprint of all that a reading is made from: names, bytes of both files, the project's own files."""
    digest = hashlib.sha256(shared)
    digest.update(repr((seed.name, seed.slug, seed.sidecar_name, seed.rivals)).encode())
    for path in (seed.path, seed.sidecar):
        try:
            content = read_bytes(path) if path else b""
        except OSError:
            content = b"unreadable"  # what is wrong with it, reading will tell
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def _one_each(records: Sequence[DocumentRecord]) -> list[DocumentRecord]:
    """The first document of every slug: two of one slug are a fault that has been told."""
    return list({each.slug: each for each in reversed(records)}.values())


def _lacks_notes(reading: ReadResult) -> bool:
    """Whether notes of this document may have been left out: its sidecar has faults, or isn't surely its own."""
    faults = tuple(each for each in reading.diagnostics if each.code[0] in "YS" or each.code == "F105")
    return has_errors(faults)


def _missing_pictures(settings: Settings, readings: Mapping[str, ReadResult]) -> Iterator[Diagnostic]:
    for name, each in readings.items():
        for picture in each.pictures:
            if _picture(settings, picture) is None:
                yield Diagnostic(
                    Place(name),
                    "F110",
                    f'picture "{picture}" is not in {settings.seeds.name}/',
                    "put the file beside the document, or take the picture out",
                )


def _picture(settings: Settings, name: str) -> Path | None:
    """The file of a picture that a document shows, if it is a file of its own inside ``seeds/``."""
    path = settings.seeds / name
    if not path.is_file() or path.is_symlink() or not path.resolve().is_relative_to(settings.seeds.resolve()):
        return None
    return path


# --- the second map -------------------------------------------------------------------------------------------------


def _press_all(
    work: Sequence[tuple[bytes, DocumentLinks]],
    *,
    project: Project,
    shells: Mapping[Key, Shell],
    out: Path,
    searching: bool,
) -> list[tuple[tuple[SearchPage, ...], tuple[Diagnostic, ...]]]:
    pressed: list[tuple[tuple[SearchPage, ...], tuple[Diagnostic, ...]]] = []
    for packed, links in work:
        anchored: AnchoredDocument = unpack(packed)
        html = _write(document_page(anchored, links, project), shells, out)
        found = tuple(search_pages(search_records(anchored, links, project))) if searching else ()
        pressed.append((found, check_page(html, anchored)))
    return pressed


def _press_each(
    entries: Sequence[Entry], *, project: Project, shells: Mapping[Key, Shell], out: Path
) -> list[SearchPage]:
    for entry in entries:
        for page in entry_pages(entry, project):
            _write(page, shells, out)
    return list(search_pages(entry_search_record(each, project) for each in entries))


def _write(page: Page, shells: Mapping[Key, Shell], out: Path) -> str:
    html = press_page(page, shells[shell_key(page.address)])
    staging.write_file(out / page.address / "index.html", html.encode())
    return html


def _copy_pictures(found: LoadedCorpus, out: Path, settings: Settings) -> None:
    for each in found.corpus.documents:
        for picture in found.read_results[each.path].pictures:
            if path := _picture(settings, picture):
                staging.write_file(out / FILES / picture, read_bytes(path))


# --- many at a time -------------------------------------------------------------------------------------------------


_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def _batches(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    return (items[start : start + _BATCH] for start in range(0, len(items), _BATCH))


_Map = Callable[..., Iterator[Any]]


@contextmanager
def _mapping(settings: Settings, size: int) -> Iterator[tuple[_Map, Executor | None]]:
    """A ``map`` that keeps the order: here, or on several processors where that pays and is safe; then with the pool.

    Copying a process that runs threads (a preview that rebuilds) can hang it, so there the work is done here.
    """
    workers = settings.workers or _processors()
    if workers == 1 or size < _PARALLEL or threading.active_count() > 1:
        yield map, None
        return
    # What is there already stays to the end: no worker need look for garbage in it, time and again.
    gc.freeze()
    try:
        with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context()) as pool:
            try:
                yield partial(_mapped, pool, _AHEAD * workers), pool
            except BrokenProcessPool as broken:
                raise UserError(
                    "a worker was ended from outside, perhaps for want of memory; try --workers 1"
                ) from broken
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
    finally:
        gc.unfreeze()


def _mapped(
    pool: ProcessPoolExecutor, ahead: int, task: Callable[[_Item], _Result], items: Iterable[_Item]
) -> Iterator[_Result]:
    """Map on the pool, only so many items ahead: what is not wanted yet needs no memory, and other work gets a turn."""
    waiting: deque[Future[_Result]] = deque()
    for item in items:
        waiting.append(pool.submit(task, item))
        if len(waiting) > ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _processors() -> int:
    """How many processors this process may use; on a shared machine often fewer than there are."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _counted(
    batches: Iterable[Sequence[_Result]], stage: str, total: int, progress: Progress | None
) -> Iterator[_Result]:
    done = 0
    for batch in batches:
        yield from batch
        done += len(batch)
        if progress:
            progress(stage, done, total)
