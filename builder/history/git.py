"""Read from git, the only file that runs it. Revisions, trees, contents and the log, all bounded.

Nothing here touches the work tree, the index or the network, prompts, or starts a pager. Git is given no name
that could be taken for an option, and its output is read as bytes under a limit.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final

from builder.diagnostics import UserError
from builder.model import CorpusCommit

_SECONDS: Final = 300  # the log of ten thousand files takes two
_MOST_BYTES: Final = 512_000_000  # of an answer that is taken whole
_OBJECT_BYTES: Final = 64_000_000  # of one file's content
# Set by git for its own hooks, these would lead away from the folder that was asked for.
_ITS_OWN: Final = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_NAMESPACE")
_QUIET: Final = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_LITERAL_PATHSPECS": "1",
    "LC_ALL": "C",
}


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository. ``top`` is its work tree's folder; ``shallow``: history before some commits is not here."""

    top: Path
    shallow: bool


@dataclass(frozen=True, slots=True)
class Blob:
    """A regular file of a tree: its path from the repository's top, POSIX, and the name of its content."""

    path: str
    oid: str


@dataclass(frozen=True, slots=True)
class FileChange:
    """What a commit did to one file. ``status`` is git's letter (A, C, D, M, R, T); ``oid`` is None where it is gone.

    ``before`` is the path that it had, which differs from ``path`` for R and C alone.
    """

    status: str
    before: str
    path: str
    oid: str | None


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit of the log.

    ``date`` is the committer's, ISO 8601 in UTC. ``moves`` are relative to the first parent.
    """

    oid: str
    parents: tuple[str, ...]
    date: str
    subject: str
    body: str
    moves: tuple[FileChange, ...]

    @property
    def root(self) -> bool:
        """Return whether no parent is known: history begins here, or is missing before it."""
        return not self.parents


def repository(folder: Path) -> Repository:
    """Return the repository of a folder. Raises UserError if there is none, or no git."""
    answer = _ask(folder, "rev-parse", "--show-toplevel", "--is-shallow-repository").decode("utf-8", "surrogateescape")
    top, shallow = answer.rstrip("\n").rsplit("\n", 1)
    return Repository(Path(top), shallow == "true")


def within(repo: Repository, folder: Path) -> str:
    """Return a folder of the work tree as a path from the repository's top, POSIX; "" for the top itself."""
    path = folder.resolve()
    top = repo.top.resolve()
    if not path.is_relative_to(top):
        raise UserError(f"{folder} is not part of the repository {repo.top}")
    return "" if path == top else path.relative_to(top).as_posix()


def commit_of(repo: Repository, revision: str) -> str:
    """Return the full id of a revision's commit. Raises UserError if there is none."""
    question = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    try:
        return _ask(repo.top, *question).decode("ascii").strip()
    except UserError as refusal:
        hint = "\nhistory is cut short here (a shallow clone): git fetch --unshallow" if repo.shallow else ""
        raise UserError(f'git knows no revision "{revision}"{hint}') from refusal


def head(repo: Repository) -> str | None:
    """Return the commit that is checked out; None in a repository without commits."""
    try:
        return commit_of(repo, "HEAD")
    except UserError:
        return None


def shallow_commits(repo: Repository) -> frozenset[str]:
    """Return the commits of a shallow clone whose parents are missing; none in a full one."""
    if not repo.shallow:
        return frozenset()
    path = _ask(repo.top, "rev-parse", "--git-path", "shallow").decode("utf-8", "surrogateescape").rstrip("\n")
    try:
        return frozenset((repo.top / path).read_text("ascii").split())
    except OSError as error:
        raise UserError(f"cannot read where history is cut: {error.strerror or error}") from error


def list_files(repo: Repository, commit: str, under: str) -> tuple[Blob, ...]:
    """Return the regular files below a folder at a commit, in path order. Links and submodules are left out."""
    answer = _ask(repo.top, "ls-tree", "-r", "-z", "--full-tree", commit, "--", *([f"{under}/"] if under else []))
    files = []
    for line in answer.split(b"\0")[:-1]:
        facts, _, path = line.partition(b"\t")
        mode, kind, oid = facts.decode("ascii").split()
        if kind == "blob" and mode.startswith("100"):
            files.append(Blob(os.fsdecode(path), oid))
    return tuple(files)


def read_blobs(repo: Repository, oids: Iterable[str], most: int = _OBJECT_BYTES) -> Iterator[tuple[str, bytes | None]]:
    """Yield the content of each, in order; None if it is missing, no file, or longer than ``most`` bytes."""
    with tempfile.TemporaryFile() as wanted:
        wanted.writelines(f"{oid}\n".encode("ascii") for oid in oids)
        wanted.seek(0)
        with _running(repo.top, wanted, "cat-file", "--batch") as out:
            while line := out.readline():
                fields = line.decode("ascii").split()
                if len(fields) != 3:  # noqa: PLR2004 - "<oid> missing"
                    yield fields[0], None
                    continue
                oid, kind, size = fields[0], fields[1], int(fields[2])
                yield oid, _content(out, size, keep=kind == "blob" and size <= most)


def commits_below(repo: Repository, until: str, since: str | None, under: str) -> Iterator[Commit]:
    """Yield the commits that lead to ``until`` and not to ``since``, parents first, with their changes below a folder.

    A merge is compared with its first parent: with the branch that it was merged into.
    """
    form = "--format=%H%x00%P%x00%ct%x00%s%x00%b%x00"
    how = ("--topo-order", "--reverse", "--diff-merges=first-parent", "--raw", "-z", "--no-abbrev", "-B", "-M")
    span = [until, f"^{since}"] if since else [until]
    # --sparse: commits that touch nothing here are told too, for which line they stand on must be known.
    every = ("--full-history", "--sparse", "--no-show-signature", "--encoding=UTF-8", form)
    answer = _ask(repo.top, "log", *how, *every, *span, *(["--", under] if under else []))
    return _commits(answer.split(b"\0"))


def has_changes(repo: Repository, under: str) -> bool:
    """Return whether files below a folder are not as committed, or not committed at all; ignored ones aside."""
    return bool(_ask(repo.top, "status", "--porcelain", "--untracked-files=normal", "--", under or "."))


def last_commit(repo: Repository, until: str, under: str) -> CorpusCommit | None:
    """Return the last commit before ``until``, or that one, that changed something below a folder; None if none did."""
    answer = _ask(repo.top, "log", "-1", "--format=%H %ct", until, "--", under or ".").decode("ascii")
    oid, _, seconds = answer.strip().partition(" ")
    return CorpusCommit(oid, _moment(seconds)[: len("2025-12-18")]) if oid else None


def blob_name(content: bytes, like: str) -> str:
    """Return the blob id of a file's content, under the hash function of the id ``like``."""
    digest = hashlib.sha256() if len(like) == 64 else hashlib.sha1(usedforsecurity=False)  # noqa: PLR2004 - in hex
    digest.update(b"blob %d\0" % len(content))
    digest.update(content)
    return digest.hexdigest()


# --- answers --------------------------------------------------------------------------------------------------------


def _commits(tokens: Sequence[bytes]) -> Iterator[Commit]:
    """Parse the log by position alone, so that no message or path can be taken for anything else."""
    at = 0
    while at + 5 < len(tokens):
        oid, parents, date, subject, body = (token.decode("utf-8", "replace") for token in tokens[at : at + 5])
        at += 6  # and an empty one, which ends the message
        moves = []
        while at + 1 < len(tokens) and tokens[at].lstrip(b"\n").startswith(b":"):
            _, mode, _, new, status = tokens[at].lstrip(b"\n:").decode("ascii").split()
            letter = status[0]
            before = os.fsdecode(tokens[at + 1])
            at += 2
            path = before
            if letter in "RC":
                path = os.fsdecode(tokens[at])
                at += 1
            gone = letter == "D" or not mode.startswith("100")
            moves.append(FileChange(letter, before, path, None if gone else new))
        yield Commit(oid, tuple(parents.split()), _moment(date), subject, body, tuple(moves))


def _moment(seconds: str) -> str:
    """Return seconds since 1970 as ISO 8601 in UTC, which sorts as text; 1970-01-01 for what no calendar holds."""
    try:
        return datetime.fromtimestamp(int(seconds), UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return "1970-01-01T00:00:00+00:00"


def _content(out: IO[bytes], size: int, *, keep: bool) -> bytes | None:
    """Read one object's content and the line end after it; skip it in pieces if it is not wanted."""
    if keep:
        return out.read(size + 1)[:size]
    left = size + 1
    while left:
        left -= len(out.read(min(left, 1 << 20))) or left
    return None


# --- running --------------------------------------------------------------------------------------------------------


def _ask(folder: Path, *arguments: str) -> bytes:
    """Return the output of one command. Raises UserError with git's own message if it fails."""
    with _running(folder, subprocess.DEVNULL, *arguments) as out:
        answer = out.read(_MOST_BYTES + 1)
    if len(answer) > _MOST_BYTES:
        raise UserError(f"git {arguments[0]} answers with more than {_MOST_BYTES} bytes")
    return answer


@contextmanager
def _running(folder: Path, stdin: IO[bytes] | int, *arguments: str) -> Iterator[IO[bytes]]:
    """Give git's output as a stream. Raises UserError if git is missing, or fails once all of it was read."""
    surroundings = {key: value for key, value in os.environ.items() if key not in _ITS_OWN} | _QUIET
    command = ["git", "--no-pager", "-c", "core.quotePath=false", "-C", str(folder), *arguments]
    with tempfile.TemporaryFile() as complaints:
        try:
            process = subprocess.Popen(  # noqa: S603 - no shell, and no name that could be an option
                command, stdin=stdin, stdout=subprocess.PIPE, stderr=complaints, env=surroundings
            )
        except OSError as error:
            raise UserError(f"cannot run git: {error.strerror or error}\ninstall it, or put it on the PATH") from error
        late = threading.Timer(_SECONDS, process.kill)
        late.start()
        unread = True
        try:
            with process:
                try:
                    if process.stdout is not None:
                        yield process.stdout
                        unread = bool(process.stdout.read(1))
                finally:
                    if unread:
                        process.kill()
        finally:
            late.cancel()
        if process.returncode and not unread:
            complaints.seek(0)
            message = complaints.read(4000).decode("utf-8", "replace").strip() or f"exit code {process.returncode}"
            raise UserError(f"git {arguments[0]}: {message}")
