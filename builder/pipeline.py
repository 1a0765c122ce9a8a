"""Run the stages in order: read and anchor (a map over documents), link (a reduce), render and press (a map).

Both maps look at one document at a time and may run in several processes. What goes from the first to the second is
serialised, so that a corpus is never held in memory as a whole.
"""

from __future__ import annotations

import gc
import hashlib
import multiprocessing
import os
import signal
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

from builder.addresses import page_file
from builder.anchor.place_notes import anchor
from builder.cards.cache import open_cache
from builder.cards.draw_cards import CardFolders, draw_cards
from builder.diagnostics import Diagnostic, Place, UserError, has_errors
from builder.limited_map import ItemLimits, Overrun, can_fork, limited_map, within_time
from builder.link.build_catalog import build_catalog
from builder.link.changelog import add_changelog, build_changelog, changes_by_document
from builder.link.cross_links import PageLink, add_page_links, document_links, link_documents, redact_closed_verdicts
from builder.link.document_record import document_record
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
from builder.pickling import pack, unpack
from builder.publish import staging
from builder.publish.fidelity_check import check_page
from builder.publish.file_links import link_to_files
from builder.read.corpus_and_sources import read_project
from builder.read.discovery import Seed, discover, read_bytes
from builder.read.document import read_document, slug_collisions
from builder.render.catalog_pages import entry_pages, entry_place
from builder.render.document_page import document_page
from builder.render.index_pages import continuation_pages
from builder.render.share_card import card_address
from builder.render.shell import Shell, ShellKey, press_page, shell_key
from builder.render.templating import compile_templates
from builder.render.weave import FILES
from builder.search.pages import SearchPage, search_pages
from builder.search.records import entry_search_record, search_records
from builder.translation import Translation

Progress = Callable[[str, int, int], None]
"""Called with (stage, done, total) after each batch of documents."""

IndexPages = Callable[[Iterable[SearchPage], Executor | None], None]
"""Index pages, each as soon as it is made: documents in the order of the corpus, then entries.

Also called with the pool of workers, if there is one: it may have them work on the index between pages, and may shut
the pool down after the last page.
"""

_Map = Callable[..., Iterator[Any]]

_GARBAGE = 50_000  # new values after which garbage is looked for
_BATCH = 24  # documents a worker takes at a time: a few tens of milliseconds of work
_PARALLEL = 64  # documents from which starting workers pays
_SENT = 1000  # notes of an entry that is sent to a worker to be drawn
_SHOWN = 12  # characters that no font has, in a message
_AHEAD = 4  # batches for each worker that are on their way at once


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the corpus is and how to build it.

    ``root``: the project's folder, which places are relative to.
    ``seeds``: the folder of the documents.
    ``limits``: sizes beyond which a file is refused.
    ``workers``: number of processes; 0 means one for each processor.
    ``preview``: whether drafts are shown.
    ``directory_urls``: whether links lead to folders, as a server has them; else to files.
    ``cards``: where share cards are kept and their fonts are, if they are drawn.
    ``language``: the readers' (BCP 47), where the theme is set to one; else it is the corpus's.
    """

    root: Path
    seeds: Path
    limits: Limits = field(default_factory=Limits)
    workers: int = 0
    preview: bool = False
    directory_urls: bool = True
    cards: CardFolders | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What the first map made of one document.

    ``key``: fingerprint of everything it was made from.
    ``packed``: the anchored document, serialised.
    ``record``: what the link stage needs to know of it; None if the document could not be read.
    ``pictures``: paths of the pictures that it shows, relative to ``seeds/``.
    ``diagnostics``: of the document and its sidecar.
    """

    key: str
    packed: bytes
    record: DocumentRecord | None
    pictures: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class LoadedCorpus:
    """The corpus, read, anchored and linked, before any page is made.

    ``corpus``: what every page may show.
    ``full``: the same with the verdicts that documents keep closed until a reader asks.
    ``catalog``: claims, sources, topics, people and changes over all documents.
    ``read_results``: path of a document -> its reading. Given to the next ``load_corpus``, what has not changed is not
    read again.
    ``diagnostics``: all of the corpus, sorted.
    ``incomplete``: slugs of documents with errors of their own, which may lack notes.
    """

    corpus: Corpus
    full: Corpus
    catalog: Catalog
    read_results: Mapping[str, ReadResult]
    diagnostics: tuple[Diagnostic, ...]
    incomplete: frozenset[str]


def check(settings: Settings, progress: Progress | None = None) -> tuple[Diagnostic, ...]:
    """Return all diagnostics of the corpus, sorted. Reads ``seeds/`` alone and writes nothing."""
    return load_corpus(settings, {}, progress).diagnostics


def load_corpus(
    settings: Settings,
    earlier: Mapping[str, ReadResult],
    progress: Progress | None = None,
    *,
    ledger: Ledger | None = None,
) -> LoadedCorpus:
    """Discover, read, anchor and link the documents. Raises UserError if there is no such folder.

    ``settings``: where the corpus is.
    ``earlier``: the ``read_results`` of an earlier call, or nothing.
    ``progress``: called as documents are read.
    ``ledger``: the history of the notes, if it is to be shown.
    """
    seeds, discovered = discover(settings.root, settings.seeds, settings.limits)
    project, misdescribed = read_project(settings.seeds, settings.root, settings.limits, settings.language)
    shared = hashlib.sha256(repr((project, settings.limits)).encode()).digest()
    results = _read_all(settings, seeds, project, shared, earlier=earlier, progress=progress)
    diagnostics = [*discovered, *misdescribed, *(fault for result in results.values() for fault in result.diagnostics)]
    records = [result.record for result in results.values() if result.record]
    reported = {fault.place.file for fault in diagnostics if fault.code == "F105"}
    diagnostics += slug_collisions(record for record in records if record.path not in reported)
    diagnostics += _missing_pictures(settings, results)
    incomplete = frozenset(result.record.slug for result in results.values() if result.record and _lacks_notes(result))
    full, misleading = link_documents(_first_of_each(records), project, drafts=settings.preview, incomplete=incomplete)
    corpus = redact_closed_verdicts(full)
    catalog = build_catalog(corpus)
    catalog = add_changelog(catalog, build_changelog(ledger, corpus)) if ledger else catalog
    return LoadedCorpus(corpus, full, catalog, results, tuple(sorted({*diagnostics, *misleading})), incomplete)


def press_pages(
    loaded: LoadedCorpus,
    shells: Mapping[ShellKey, Shell],
    out: Path,
    settings: Settings,
    *,
    page_links: Sequence[PageLink] = (),
    progress: Progress | None = None,
    index: IndexPages | None = None,
) -> tuple[Diagnostic, ...]:
    """Write every page of the corpus below ``out``, and the pictures that documents show.

    Returns what is wrong with the pages: P401, which forbids publishing, and P411.

    ``loaded``: the corpus.
    ``shells``: the theme's pages to press, for every key of an address.
    ``out``: the folder to write into.
    ``settings``: as ``loaded`` was made with.
    ``page_links``: cross-links of hand-written pages.
    ``progress``: called as pages are written.
    ``index``: called once to index the pages for search.
    """
    compile_templates(_translations(loaded.corpus))
    if settings.cards:
        open_cache(settings.cards.cache)
    diagnostics: list[Diagnostic] = []
    with _mapping(settings, len(loaded.corpus.documents)) as (mapping, pool):
        writer = _Writer(shells, out, settings.directory_urls, settings.cards)
        documents = _press_documents(loaded, writer, mapping, page_links, searched=bool(index))
        entries = _press_entries(loaded, writer, mapping)
        pressed = chain(
            _counted(documents, "press", len(loaded.corpus.documents), progress),
            _counted(entries, "gather", len(loaded.catalog.entries), progress),
        )
        pages = _without_diagnostics(pressed, diagnostics)
        if index:
            index(pages, pool)
        for _ in pages:  # those that the index did not take: it may take none
            pass
    _write_continuations(loaded, writer)
    _copy_pictures(loaded, out, settings)
    return tuple(diagnostics)


def _translations(corpus: Corpus) -> frozenset[Translation]:
    """Return the translations that pages are drawn with: the site's, and those of notes in other languages."""
    site = corpus.project.translation
    return frozenset({site, *(site.in_language(document.notes_language) for document in corpus.documents)})


# --- the first map --------------------------------------------------------------------------------------------------


def _read_all(
    settings: Settings,
    seeds: Sequence[Seed],
    project: Project,
    shared: bytes,
    *,
    earlier: Mapping[str, ReadResult],
    progress: Progress | None,
) -> dict[str, ReadResult]:
    """Read and anchor every document that has changed, each within its limits; return the results by path, in order."""
    known = {seed.name: earlier[seed.name] for seed in seeds if seed.name in earlier}
    known = {seed.name: known[seed.name] for seed in seeds if _is_current(known.get(seed.name), seed, shared)}
    work = [seed for seed in seeds if seed.name not in known]
    task = partial(_read_one, project=project, limits=settings.limits, shared=shared)
    for done, (seed, result) in enumerate(_within_limits(settings, task, work), len(known) + 1):
        known[seed.name] = result if isinstance(result, ReadResult) else _overrun(seed, settings.limits, shared, result)
        if progress and (done % _BATCH == 0 or done == len(seeds)):
            progress("read", done, len(seeds))
    return {seed.name: known[seed.name] for seed in seeds}


def _within_limits(
    settings: Settings, task: Callable[[Seed], ReadResult], work: Sequence[Seed]
) -> Iterator[tuple[Seed, ReadResult | Overrun]]:
    """Yield each document with its result, or the limit that it passed, in the order in which they are done."""
    seconds = settings.limits.document_seconds
    if work and can_fork():
        processes = _worker_count(settings, len(work))
        limits = ItemLimits(seconds, settings.limits.document_memory)
        with _frozen_garbage():
            for index, result in limited_map(task, work, limits, processes=processes):
                yield work[index], result
        return
    with _frozen_garbage(), _mapping(settings, len(work)) as (mapping, _):
        results = mapping(partial(_read_batch, task=task, seconds=seconds), _batches(work))
        yield from zip(work, chain.from_iterable(results), strict=True)


def _read_batch(
    seeds: Sequence[Seed], *, task: Callable[[Seed], ReadResult], seconds: float
) -> list[ReadResult | Overrun]:
    return [within_time(task, seed, seconds) for seed in seeds]


def _read_one(seed: Seed, *, project: Project, limits: Limits, shared: bytes) -> ReadResult:
    key = _key(seed, shared)
    document, diagnostics = read_document(seed, project, limits)
    if document is None:
        return ReadResult(key, b"", None, (), diagnostics)
    anchored, unanchored = anchor(document)
    diagnostics = (*diagnostics, *unanchored)
    return ReadResult(key, pack(anchored), document_record(anchored), document.body.pictures, diagnostics)


def _overrun(seed: Seed, limits: Limits, shared: bytes, overrun: Overrun) -> ReadResult:
    """Return the result of a document that passed a limit: it is left out (F117)."""
    message = {
        "time": f"reading it takes more than {limits.document_seconds} seconds of a processor",
        "memory": f"reading it takes more than {limits.document_memory} bytes of memory",
    }.get(overrun.reason, "reading it makes the program crash")
    hint = "divide it, or simplify it and its sidecar; `limits` in mkdocs.yml can allow more"
    return ReadResult(_key(seed, shared), b"", None, (), (Diagnostic(Place(seed.name), "F117", message, hint),))


def _is_current(result: ReadResult | None, seed: Seed, shared: bytes) -> bool:
    return result is not None and result.key == _key(seed, shared)


def _key(seed: Seed, shared: bytes) -> str:
    """Return the fingerprint of everything that a reading is made from.

    That is the names and bytes of both files and ``shared``, the fingerprint of the project's own files and the limits.
    """
    digest = hashlib.sha256(shared)
    digest.update(repr((seed.name, seed.slug, seed.sidecar_name, seed.rivals)).encode())
    for path in (seed.path, seed.sidecar):
        try:
            content = read_bytes(path) if path else b""
        except OSError:
            content = b"unreadable"  # reading the document reports why
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def _first_of_each(records: Sequence[DocumentRecord]) -> list[DocumentRecord]:
    """Return the first document of every slug. The others have been reported (F105)."""
    return list({record.slug: record for record in reversed(records)}.values())


def _lacks_notes(result: ReadResult) -> bool:
    """Return whether notes of this document may have been left out: its sidecar has errors, or may not be its own."""
    return has_errors(tuple(fault for fault in result.diagnostics if fault.code[0] in "YS" or fault.code == "F105"))


def _missing_pictures(settings: Settings, results: Mapping[str, ReadResult]) -> Iterator[Diagnostic]:
    for name, result in results.items():
        for picture in result.pictures:
            if _picture(settings, picture) is None:
                yield Diagnostic(
                    Place(name),
                    "F110",
                    f'picture "{picture}" is not in {settings.seeds.name}/',
                    "put the file beside the document, or take the picture out",
                )


def _picture(settings: Settings, name: str) -> Path | None:
    """Return the path of a picture that a document shows; None unless it is a regular file inside ``seeds/``."""
    path = settings.seeds / name
    if not path.is_file() or path.is_symlink() or not path.resolve().is_relative_to(settings.seeds.resolve()):
        return None
    return path


# --- the second map -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Writer:
    """Presses pages from the theme's shells and writes them below ``out``; see ``Settings`` for the others."""

    shells: Mapping[ShellKey, Shell]
    out: Path
    directory_urls: bool
    cards: CardFolders | None

    def write(self, page: Page) -> str:
        """Write one page, and return its HTML."""
        html = press_page(page, self.shells[shell_key(page.address)])
        if not self.directory_urls:
            html = link_to_files(html)
        staging.write_file(self.out / page_file(page.address), html.encode())
        return html

    def write_cards(self, pages: Iterable[tuple[Page, Place]]) -> Iterator[Diagnostic]:
        """Write the share cards of pages, drawn together, and yield P411 for those with characters that no font has."""
        if not self.cards:
            return
        wanted = [(page.address, page.card, place) for page, place in pages if page.card]
        drawn = draw_cards([card for _, card, _ in wanted], self.cards)
        for (address, card, place), result in zip(wanted, drawn, strict=True):
            staging.write_file(self.out / card_address(address, card), result.picture)
            if result.unshown:
                yield _unshown(place, result.unshown)


def _unshown(place: Place, characters: str) -> Diagnostic:
    shown = characters[:_SHOWN] + ("…" if len(characters) > _SHOWN else "")
    hint = "install a font that has them, such as the Noto fonts, or name a folder of fonts:  cards: {fonts: FOLDER}"
    return Diagnostic(place, "P411", f"its share card shows boxes for what no font here has: {shown}", hint)


_Pressed = tuple[tuple[SearchPage, ...], tuple[Diagnostic, ...]]
"""What search has to know of a page, and what is wrong with the page or its share card."""


def _press_documents(
    loaded: LoadedCorpus, writer: _Writer, mapping: _Map, page_links: Sequence[PageLink], *, searched: bool
) -> Iterator[list[_Pressed]]:
    """Write and check the documents' pages, each batch when the next is asked for."""
    corpus, changelog = add_page_links(loaded.corpus, page_links), loaded.catalog.changelog
    changes = changes_by_document(changelog) if changelog else {}
    work = [
        (loaded.read_results[record.path].packed, replace(links, changes=changes.get(record.slug, {})))
        for record, links in document_links(corpus)
    ]
    task = partial(_press_document_batch, project=corpus.project, writer=writer, searched=searched)
    return mapping(task, _batches(work))


def _press_entries(loaded: LoadedCorpus, writer: _Writer, mapping: _Map) -> Iterator[list[_Pressed]]:
    """Write the pages of claims, sources, topics and people, each batch when the next is asked for."""
    entries = loaded.catalog.entries
    task = partial(_press_entry_batch, project=loaded.corpus.project, writer=writer)
    # An entry with very many notes would take longer, and much more memory, to send to a worker than to draw here.
    small = [entry for entry in entries if len(entry.appearances) <= _SENT]
    large = [entry for entry in entries if len(entry.appearances) > _SENT]
    return chain(mapping(task, _batches(small)), map(task, _batches(large)))


def _write_continuations(loaded: LoadedCorpus, writer: _Writer) -> None:
    """Write the further pages of long lists. The first page of each is a hand-written one."""
    for page in continuation_pages(loaded.corpus, loaded.catalog):
        writer.write(page)


def _copy_pictures(loaded: LoadedCorpus, out: Path, settings: Settings) -> None:
    for record in loaded.corpus.documents:
        for picture in loaded.read_results[record.path].pictures:
            if path := _picture(settings, picture):
                staging.write_file(out / FILES / picture, read_bytes(path))


def _press_document_batch(
    work: Sequence[tuple[bytes, DocumentLinks]], *, project: Project, writer: _Writer, searched: bool
) -> list[_Pressed]:
    results: list[_Pressed] = []
    written: list[tuple[Page, Place]] = []
    for packed, links in work:
        anchored: AnchoredDocument = unpack(packed)
        page = document_page(anchored, links, project)
        html = writer.write(page)
        written.append((page, Place(anchored.document.path)))
        pages = tuple(search_pages(search_records(anchored, links, project))) if searched else ()
        results.append((pages, check_page(html, anchored)))
    return _with_diagnostics(results, writer.write_cards(written))


def _press_entry_batch(entries: Sequence[Entry], *, project: Project, writer: _Writer) -> list[_Pressed]:
    written: list[tuple[Page, Place]] = []
    for entry in entries:
        for page in entry_pages(entry, project):
            writer.write(page)
            written.append((page, entry_place(entry)))
    pages = search_pages(entry_search_record(entry, project) for entry in entries)
    return _with_diagnostics([((page,), ()) for page in pages], writer.write_cards(written))


def _with_diagnostics(results: list[_Pressed], diagnostics: Iterable[Diagnostic]) -> list[_Pressed]:
    """Add the diagnostics of a batch to its last result: results are counted, so none is added."""
    *others, (pages, faults) = results or [((), ())]
    return [*others, (pages, (*faults, *diagnostics))]


def _without_diagnostics(pressed: Iterable[_Pressed], diagnostics: list[Diagnostic]) -> Iterator[SearchPage]:
    """Yield the pages for search, and add what is wrong with them to ``diagnostics``."""
    for pages, faults in pressed:
        diagnostics.extend(faults)
        yield from pages


# --- many at a time -------------------------------------------------------------------------------------------------


_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def _batches(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    return (items[start : start + _BATCH] for start in range(0, len(items), _BATCH))


@contextmanager
def _mapping(settings: Settings, size: int) -> Iterator[tuple[_Map, Executor | None]]:
    """Give a ``map`` that keeps the order, and the pool of processes that it runs in, if it does.

    ``size`` is the number of items. A process that runs threads (a preview that rebuilds) does the work itself: to fork
    it could hang the copy.
    """
    workers = _worker_count(settings, size)
    if workers == 1 or threading.active_count() > 1:
        yield map, None
        return
    context = multiprocessing.get_context()
    with _frozen_garbage(), ProcessPoolExecutor(workers, mp_context=context, initializer=_end_with_parent) as pool:
        try:
            yield partial(_mapped, pool, _AHEAD * workers), pool
        except BrokenProcessPool as broken:
            raise UserError("a worker process was killed, perhaps because memory ran out; try --workers 1") from broken
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _worker_count(settings: Settings, size: int) -> int:
    """Return how many processes are to work on so many items."""
    return (settings.workers or _processors()) if size >= _PARALLEL else 1


@contextmanager
def _frozen_garbage() -> Iterator[None]:
    """Keep what exists from being looked through for garbage, all the time and in every worker: it stays to the end.

    And look through the rest seldom: a document is read into very many small values, hardly any of which is garbage. It
    takes a quarter of the time of reading to look at them after every 700.
    """
    thresholds = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_GARBAGE, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()


def _end_with_parent() -> None:
    """Have this worker end when the process that started it is killed; otherwise it would wait for work for ever."""
    parent = multiprocessing.parent_process()

    def wait() -> None:
        if parent:
            parent.join()
        signal.raise_signal(signal.SIGTERM)

    threading.Thread(target=wait, name="postil-parent", daemon=True).start()


def _mapped(
    pool: ProcessPoolExecutor, ahead: int, task: Callable[[_Item], _Result], items: Iterable[_Item]
) -> Iterator[_Result]:
    """Map on the pool, at most ``ahead`` items before they are asked for.

    So results that nobody has asked for need no memory, and the pool has time for other work.
    """
    waiting: deque[Future[_Result]] = deque()
    for item in items:
        waiting.append(pool.submit(task, item))
        if len(waiting) > ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _processors() -> int:
    """Return how many processors this process may use: on a shared machine often fewer than there are."""
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
