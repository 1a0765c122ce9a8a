"""Find old texts by their fingerprint: in git's history, else where ``new`` and ``pin`` keep them.

A file is never trusted for its name: every text that is returned was read as its document is read and has the
fingerprint that was asked for. A kept text's breaks, which no fingerprint covers, are held against a digest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Final

from builder.cache_files import cache_path, read_cache_file, write_cache_file
from builder.diagnostics import UserError
from builder.history import git
from builder.model import Body, Limits, SourceFormat
from builder.read.discovery import Seed, read_bytes
from builder.read.document import fingerprint, read_body
from builder.reanchor.sidecar_files import write_atomically

# The most versions that are tried: of the document itself, and of others, one of which may be the document renamed.
_OWN: Final = 2_000
_OTHERS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Version:
    """A file of a commit: its path from the repository's top, its blob's id, and its path before."""

    path: str
    before: str
    oid: str
    commit: str
    date: str


@dataclass(frozen=True, slots=True)
class TextHistory:
    """Where old texts are looked for. ``versions``: every version of every document, the newest first.

    ``repository`` is None where there is none; ``prefix`` is the project's folder in it, with its slash, or "".
    """

    folder: Path
    repository: git.Repository | None
    prefix: str
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class OldText:
    """A text that a document had, and where it was found, in words."""

    body: Body
    whence: str


def text_history(root: Path) -> TextHistory:
    """Return the history of the project's folder; it is empty without git or a repository."""
    folder = cache_path(root, "texts")
    try:
        repository = git.repository(root)
        prefix = git.within(repository, root)
        tip = git.head(repository)
        commits = tuple(git.commits_below(repository, tip, None, "")) if tip else ()
    except UserError:
        return TextHistory(folder, None, "", ())
    versions = (
        Version(move.path, move.before, move.oid, commit.oid, commit.date)
        for commit in reversed(commits)
        for move in commit.moves
        if move.oid and PurePosixPath(move.path).suffix.lower()[1:] in set(SourceFormat)
    )
    return TextHistory(folder, repository, f"{prefix}/" if prefix else "", tuple(versions))


def old_text(known: TextHistory, seed: Seed, sha256: str, limits: Limits) -> OldText | None:
    """Return the text with this fingerprint, looked for under the document's names first, then under others."""
    return _in_history(known, seed, sha256, limits) or _in_cache(known, sha256)


def keep_text(root: Path, sha256: str, body: Body) -> None:
    """Keep a document's text and its breaks in the cache, as git may not have them. A write error is ignored."""
    path = cache_path(root, "texts") / sha256
    breaks = " ".join(map(str, body.breaks)).encode("ascii")
    try:
        if breaks and read_cache_file(_breaks_file(path)) != breaks:
            write_cache_file(_breaks_file(path), breaks)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, body.text.encode("utf-8"))
    except (OSError, UserError):
        return


def _in_cache(known: TextHistory, sha256: str) -> OldText | None:
    path = known.folder / sha256
    try:
        text = read_bytes(path).decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    if fingerprint(text) != sha256:
        return None
    breaks = tuple(map(int, (read_cache_file(_breaks_file(path)) or b"").split()))
    return OldText(Body((), text, (), breaks=breaks), "the texts that `postil new` and `postil pin` kept")


def _breaks_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.breaks")


def _in_history(known: TextHistory, seed: Seed, sha256: str, limits: Limits) -> OldText | None:
    if known.repository is None:
        return None
    wanted = {version.oid: version for version in reversed(tuple(_candidates(known, seed)))}
    order = list(dict.fromkeys(version.oid for version in _candidates(known, seed)))
    for oid, data in git.read_blobs(known.repository, order, limits.document_bytes):
        version = wanted[oid]
        ending = PurePosixPath(version.path).suffix.lower()[1:]
        body = read_body(data, replace(seed, format=SourceFormat(ending)), limits) if data is not None else None
        if body is not None and fingerprint(body.text) == sha256:
            return OldText(body, f"git, commit {version.commit[:10]} of {version.date[:10]}")
    return None


def _candidates(known: TextHistory, seed: Seed) -> Iterator[Version]:
    """Yield the document's own versions, newest first, then others of its format."""
    own = list(_own(known.versions, known.prefix + seed.name))
    yield from own[:_OWN]
    mine = {version.oid for version in own}
    others = [version for version in known.versions if version.oid not in mine and _format(version.path) is seed.format]
    name = PurePosixPath(seed.name).name
    others.sort(
        key=lambda version: PurePosixPath(version.path).name != name
    )  # stable: a file that moved keeps its name
    yield from others[:_OTHERS]


def _own(versions: Iterable[Version], path: str) -> Iterator[Version]:
    """Yield the versions of one file through the renames that git detects."""
    names = {path}
    for version in versions:
        if version.path in names:
            yield version
            names.add(version.before)


def _format(path: str) -> SourceFormat:
    return SourceFormat(PurePosixPath(path).suffix.lower()[1:])
