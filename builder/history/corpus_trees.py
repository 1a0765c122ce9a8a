"""Read two states of a corpus, each a git revision or the files on disk.

Only documents that differ in a byte, their own or their sidecar's, are read. They are written to a temporary folder
first, so the work tree is never touched, and read as a corpus to publish is.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from builder.anchor.place_notes import anchor
from builder.diagnostics import Diagnostic, Severity, UserError
from builder.hidden_paths import is_hidden
from builder.history import git
from builder.model import AnchoredDocument, Limits, Project
from builder.read.corpus_and_sources import read_project
from builder.read.discovery import discover, read_bytes
from builder.read.document import read_document

OWN_FILES: Final = ("corpus.yml", "sources.yml")


@dataclass(frozen=True, slots=True)
class CorpusTree:
    """One state of a corpus: the project, and of its documents those that differ from the other state.

    ``documents``: path -> document. ``faults``: the errors found in them, for what is faulty may lack notes.
    """

    project: Project
    documents: Mapping[str, AnchoredDocument]
    faults: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class _Files:
    """The files of one state: path below the seeds -> the name of its content."""

    repo: git.Repository
    seeds: Path
    names: Mapping[str, str]
    on_disk: bool


def load_trees(root: Path, seeds: Path, limits: Limits, base: str, head: str | None) -> tuple[CorpusTree, CorpusTree]:
    """Return the corpus at ``base`` and at ``head``, the work tree if None. Raises UserError if git fails."""
    repo = git.repository(root)
    below = git.within(repo, seeds)
    before = _revision(repo, seeds, below, git.commit_of(repo, base))
    if head is None:
        after = _work_tree(repo, seeds, next(iter(before.names.values()), "0" * 40))
    else:
        after = _revision(repo, seeds, below, git.commit_of(repo, head))
    wanted = _differing(before.names, after.names)
    return _read(before, wanted, root, limits), _read(after, wanted, root, limits)


def _revision(repo: git.Repository, seeds: Path, below: str, commit: str) -> _Files:
    start = len(below) + 1 if below else 0
    names = {file.path[start:]: file.oid for file in git.list_files(repo, commit, below) if _is_read(file.path[start:])}
    return _Files(repo, seeds, names, on_disk=False)


def _work_tree(repo: git.Repository, seeds: Path, like: str) -> _Files:
    """Return the files on disk by blob id. If git converts line ends, more is read than differs."""
    names = {}
    for relative in _walk(seeds, ""):
        try:
            names[relative] = git.blob_name(read_bytes(seeds / relative), like)
        except OSError as error:
            raise UserError(f"cannot read {seeds / relative}: {error.strerror or error}") from error
    return _Files(repo, seeds, names, on_disk=True)


def _walk(folder: Path, below: str) -> Iterator[str]:
    """Yield regular files, never following links."""
    if not folder.is_dir():
        return
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if not _is_read(entry.name):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(folder / entry.name, f"{below}{entry.name}/")
        elif entry.is_file(follow_symlinks=False):
            yield below + entry.name


def _is_read(relative: str) -> bool:
    """Return whether a path is read at all; ``..``, which a hostile tree may hold, is not."""
    return not is_hidden(relative) and "\\" not in relative


def _differing(before: Mapping[str, str], after: Mapping[str, str]) -> frozenset[str]:
    """Return the paths, without their endings, under which anything differs."""
    paths = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    return frozenset(str(PurePosixPath(path).with_suffix("")) for path in paths)


def _read(side: _Files, wanted: frozenset[str], root: Path, limits: Limits) -> CorpusTree:
    with tempfile.TemporaryDirectory(prefix="postil-diff-") as folder:
        place = Path(os.path.relpath(side.seeds, root))
        seeds = Path(folder) / (side.seeds.name if ".." in place.parts else place)
        seeds.mkdir(parents=True, exist_ok=True)
        _lay_out(side, wanted, seeds)
        seed_list, discovered = discover(Path(folder), seeds, limits)
        project, described = read_project(seeds, Path(folder), limits)
        documents, diagnostics = {}, [*discovered, *described]
        for seed in seed_list:
            document, unread = read_document(seed, project, limits)
            diagnostics += unread
            if document is not None:
                documents[document.path], misplaced = anchor(document)
                diagnostics += misplaced
    return CorpusTree(
        project,
        documents,
        tuple(sorted({diagnostic for diagnostic in diagnostics if diagnostic.severity is Severity.ERROR})),
    )


def _lay_out(side: _Files, wanted: frozenset[str], folder: Path) -> None:
    chosen = {
        path: name
        for path, name in side.names.items()
        if path in OWN_FILES or str(PurePosixPath(path).with_suffix("")) in wanted
    }
    try:
        for path, content in _contents(side, chosen):
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                file.write(content)
    except OSError as error:
        raise UserError(f"cannot lay out the corpus for comparison: {error.strerror or error}") from error


def _contents(side: _Files, chosen: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    if side.on_disk:
        yield from ((path, read_bytes(side.seeds / path)) for path in chosen)
        return
    for path, (_, content) in zip(chosen, git.read_blobs(side.repo, chosen.values()), strict=True):
        if content is None:
            raise UserError(f"the content of {path} is not in this clone\nfetch it: git fetch --refetch")
        yield path, content
