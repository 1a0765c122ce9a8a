"""Read from git history when each note appeared and each change of it: verdict, correction, words; and of its text.

Only first parents from ``HEAD`` on count: that is what was published, one state after another. A merged change is dated
by the merge; its reason and commit are those of the commit on the merged branch that made it. Missing history (a
shallow clone) is reported as missing and nothing is invented in its place. The result is cached for the next build.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Final

from builder.diagnostics import UserError
from builder.hidden_paths import is_hidden
from builder.history import git
from builder.history.cache import HistoryState, load_state, save_state
from builder.history.note_states import DRAFT, NoteState, note_states
from builder.history.text_changes import changed_texts, changed_words
from builder.model import Change, Event, Ledger, Limits, NoteKind, SourceFormat

_OWN_FILES: Final = frozenset({"corpus.yml", "sources.yml"})
UNKNOWN: Final = Ledger((), None)
_BATCH: Final = 20_000  # versions in memory at a time: about 50 MB
_PARALLEL: Final = 1_000  # versions from which starting workers pays


def read_ledger(root: Path, seeds: Path, limits: Limits, cache: Path | None = None) -> Ledger:
    """Return the ledger of the notes below ``seeds``; ``UNKNOWN`` without git, a repository or a commit.

    ``root``: the project's folder.
    ``seeds``: the folder of documents.
    ``limits``: sidecars beyond them are not read.
    ``cache``: file for the state at the last commit, so that the next build reads new commits only.
    """
    try:
        repo = git.repository(root)
        below = git.within(repo, seeds)
    except UserError:
        return UNKNOWN
    commit = git.head(repo)
    if commit is None:
        return UNKNOWN
    prefix = seeds.relative_to(root).as_posix() if seeds.is_relative_to(root) else seeds.name
    scope = _HistoryScope(repo, below, prefix, limits, git.shallow_commits(repo))
    circumstances = (below, prefix, sorted(scope.cut), limits.sidecar_bytes)
    earlier = load_state(cache, circumstances) if cache else None
    past = _continue_history(scope, commit, earlier) if earlier else None
    past = past or _continue_history(scope, commit, HistoryState(None, (), (), None))
    if past is None:
        return UNKNOWN
    if cache and past != earlier:
        save_state(cache, circumstances, past)
    return Ledger(past.changes, past.since or "")


@dataclass(frozen=True, slots=True)
class _HistoryScope:
    """A repository, the folder of the seeds in it and in the project, and its shallow commits."""

    repo: git.Repository
    below: str
    prefix: str
    limits: Limits
    cut: frozenset[str]


def _continue_history(scope: _HistoryScope, until: str, past: HistoryState) -> HistoryState | None:
    """Return history up to ``until``; None if it does not continue ``past`` (another branch, a rewritten one)."""
    if past.commit == until:
        return past
    try:
        commits = {commit.oid: commit for commit in git.commits_below(scope.repo, until, past.commit, scope.below)}
    except UserError:
        return None  # the last commit that was read no longer exists
    line = _first_parents(commits, until)
    if past.commit is not None and (not line or line[0].parents[:1] != (past.commit,)):
        return None
    walk = _HistoryWalk.of(past, _read_versions(scope, commits.values()), scope)
    seen = {commit.oid for commit in line}
    for commit in line:
        side = _merged_commits(commits, commit, seen)
        if commit.oid in scope.cut:
            walk.since = commit.date
        walk.take(commit, side, silent=commit.oid in scope.cut)
    walk.describe_texts(len(past.changes))
    return walk.state(until)


def _first_parents(commits: Mapping[str, git.Commit], until: str) -> list[git.Commit]:
    """Return the commits along first parents, oldest first."""
    line = []
    at = until
    while at in commits:
        line.append(commits[at])
        at = next(iter(commits[at].parents), "")
    return line[::-1]


def _merged_commits(commits: Mapping[str, git.Commit], merge: git.Commit, seen: set[str]) -> list[git.Commit]:
    """Return the commits that a merge brought in, parents first; each belongs to one merge only."""
    if len(merge.parents) < 2:  # noqa: PLR2004 - one parent is no merge
        return []
    merged, wanted = set(), list(merge.parents[1:])
    while wanted:
        oid = wanted.pop()
        if oid in commits and oid not in seen:
            seen.add(oid)
            merged.add(oid)
            wanted += commits[oid].parents
    return [commit for oid, commit in commits.items() if oid in merged]


def _read_versions(scope: _HistoryScope, commits: Iterable[git.Commit]) -> dict[str, Mapping[str, NoteState]]:
    """Return blob id -> notes for every version of every sidecar; unreadable and missing ones are left out."""
    wanted = list(
        {move.oid: None for commit in commits for move in commit.moves if move.oid and _sidecar(move.path, scope)}
    )
    known: dict[str, Mapping[str, NoteState]] = {}
    same: dict[NoteState, NoteState] = {}  # most notes are the same in most versions, and their words are long
    for start in range(0, len(wanted), _BATCH):
        # All blobs are fetched before workers start: a process with git's timer thread must not be forked.
        some = wanted[start : start + _BATCH]
        contents = [content or b"" for _, content in git.read_blobs(scope.repo, some, scope.limits.sidecar_bytes)]
        versions = zip(some, contents, _read(contents, scope.limits), strict=True)
        for oid, content, notes in versions:
            if content and notes is not None:
                known[oid] = {note: same.setdefault(state, state) for note, state in notes.items()}
    return known


def _read(contents: Sequence[bytes], limits: Limits) -> list[Mapping[str, NoteState] | None]:
    """Return the notes in each; on several processors if that pays and is safe, as in the pipeline."""
    task = partial(note_states, limits=limits)
    if len(contents) < _PARALLEL or threading.active_count() > 1 or (os.cpu_count() or 1) == 1:
        return list(map(task, contents))
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context()) as pool:
        return list(pool.map(task, contents, chunksize=100))


def _sidecar(path: str, scope: _HistoryScope) -> str | None:
    """Return a repository path as a path of the project if it is a sidecar's, else None."""
    if scope.below and not path.startswith(f"{scope.below}/"):
        return None
    name = path[len(scope.below) + 1 :] if scope.below else path
    read = name.lower().endswith((".yml", ".yaml")) and name not in _OWN_FILES and not is_hidden(name)
    return f"{scope.prefix}/{name}" if read else None


def _document(path: str, scope: _HistoryScope) -> str | None:
    """Return a repository path as a path of the project if it is a document's, else None."""
    if scope.below and not path.startswith(f"{scope.below}/"):
        return None
    name = path[len(scope.below) + 1 :] if scope.below else path
    return f"{scope.prefix}/{name}" if _ending(name) in set(SourceFormat) and not is_hidden(name) else None


def _ending(path: str) -> str:
    return PurePosixPath(path).suffix.lower()[1:]


@dataclass(slots=True)
class _SidecarLife:
    """One sidecar through all its renames. ``name`` and ``notes`` are its last ones. Documents are followed alike."""

    name: str
    notes: Mapping[str, NoteState]


@dataclass(slots=True)
class _HistoryWalk:
    """A walk over history from the oldest commit to the newest."""

    known: Mapping[str, Mapping[str, NoteState]]
    scope: _HistoryScope
    since: str | None = None
    lives: dict[str, _SidecarLife] = field(default_factory=dict)
    recorded: list[tuple[_SidecarLife, Change]] = field(default_factory=list)

    @classmethod
    def of(cls, past: HistoryState, known: Mapping[str, Mapping[str, NoteState]], scope: _HistoryScope) -> _HistoryWalk:
        walk = cls(known, scope, past.since)
        walk.lives = {name: _SidecarLife(name, notes) for name, notes in past.lives}
        gone: dict[str, _SidecarLife] = {}
        for change in past.changes:
            life = walk.lives.get(change.sidecar) or gone.setdefault(change.sidecar, _SidecarLife(change.sidecar, {}))
            walk.recorded.append((life, change))
        return walk

    def state(self, commit: str) -> HistoryState:
        changes = tuple(
            entry if entry.sidecar == life.name else replace(entry, sidecar=life.name) for life, entry in self.recorded
        )
        return HistoryState(
            commit, changes, tuple((name, life.notes) for name, life in sorted(self.lives.items())), self.since
        )

    def take(self, commit: git.Commit, side: Sequence[git.Commit], *, silent: bool) -> None:
        """Record the changes of one commit. ``silent``: the state before is unknown, so no change is recorded."""
        moves = [(move, self._name(move.before), self._name(move.path)) for move in commit.moves]
        # Old names are released before new ones are assigned: two sidecars may have swapped theirs.
        leaving = {move.path: self.lives.pop(old, None) for move, old, _ in moves if old and move.status in "RD"}
        for move, _, name in moves:
            life = leaving.get(move.path) or (self.lives.get(name) if name else None)
            if name is None or move.oid is None:
                self._record(life, {}, commit, side, silent=silent)
                continue
            life = life or _SidecarLife(name, {})
            life.name = name
            self.lives[name] = life
            if _document(move.path, self.scope):
                version = NoteState(NoteKind.CONTEXT, f"{move.oid}:{_ending(name)}", None)
                self._record_text(life, version, commit, side, silent=silent)
                continue
            notes = self.known.get(move.oid)
            if notes is not None:  # an unreadable version is skipped; the next one shows the change
                self._record(life, notes, commit, side, silent=silent)

    def _name(self, path: str) -> str | None:
        return _sidecar(path, self.scope) or _document(path, self.scope)

    def _record_text(
        self, life: _SidecarLife, version: NoteState, commit: git.Commit, side: Sequence[git.Commit], *, silent: bool
    ) -> None:
        """Record a change of a document's text; what changed is described later, for all of them at once."""
        was = life.notes.get("")
        life.notes = {"": version}
        stem = str(PurePosixPath(life.name).with_suffix(""))
        sidecar = self.lives.get(f"{stem}.yml") or self.lives.get(f"{stem}.yaml")
        draft = sidecar is not None and sidecar.notes == DRAFT
        # The same bytes under another ending are not said to be another text.
        if silent or draft or was is None or (was.value or "").split(":")[0] == (version.value or "").split(":")[0]:
            return
        touching = (merged for merged in reversed(side) if any(self._name(m.path) == life.name for m in merged.moves))
        cause = next(touching, commit)
        change = Change(
            Event.TEXT, life.name, "", version.kind, was.value, version.value, commit.date, _reason(cause), cause.oid
        )
        self.recorded.append((life, change))

    def describe_texts(self, first: int) -> None:
        """Put the words that changed into the changes of texts from ``recorded[first]`` on."""
        texts = [at for at in range(first, len(self.recorded)) if self.recorded[at][1].event is Event.TEXT]
        versions = ((change.before or "", change.after or "") for _, change in (self.recorded[at] for at in texts))
        for at, (before, after) in zip(texts, changed_texts(self.scope.repo, versions, self.scope.limits), strict=True):
            life, change = self.recorded[at]
            self.recorded[at] = (life, replace(change, before=before, after=after))

    def _record(
        self,
        life: _SidecarLife | None,
        notes: Mapping[str, NoteState],
        commit: git.Commit,
        side: Sequence[git.Commit],
        *,
        silent: bool,
    ) -> None:
        if life is None:
            return
        if _document(life.name, self.scope) or silent:
            life.notes = notes
            return
        for note, event, was, now in _events(life.notes, notes):
            cause = self._cause(side, life.name, note, event, now) or commit
            kind = (now or was or _NOTHING).kind
            before, after = (state.value if state else None for state in (was, now))
            if event is Event.RETIRED:
                before, after = None, now.retired if now else None
            elif event is Event.REWORDED and was and now:
                before, after = changed_words(was.words, now.words)
            change = Change(event, life.name, note, kind, before, after, commit.date, _reason(cause), cause.oid)
            self.recorded.append((life, change))
        life.notes = notes

    def _cause(
        self, side: Sequence[git.Commit], name: str, note: str, event: Event, now: NoteState | None
    ) -> git.Commit | None:
        """Return the commit of a merged branch after which the note was, in what the event is about, as merged."""
        cause = None
        for commit in reversed(side):
            for move in commit.moves:
                if name not in (_sidecar(move.path, self.scope), _sidecar(move.before, self.scope)):
                    continue
                notes = self.known.get(move.oid, {}) if move.oid else {}
                if _aspect(event, notes.get(note)) != _aspect(event, now):
                    return cause
                cause = commit
        return cause


def _aspect(event: Event, state: NoteState | None) -> object:
    """Return what of a note's state an event is about."""
    if state is None:
        return None
    return (state.words,) if event is Event.REWORDED else (state.kind, state.value, state.retired)


_NOTHING: Final = NoteState(NoteKind.CONTEXT, None, None)


def _events(
    was: Mapping[str, NoteState], now: Mapping[str, NoteState]
) -> Iterator[tuple[str, Event, NoteState | None, NoteState | None]]:
    """Yield what happened between two versions of a sidecar, in the order of the newer one."""
    was, now = ({note: state for note, state in states.items() if note} for states in (was, now))
    for note, standing in now.items():
        before = was.get(note)
        if before is None or before.kind is not standing.kind:
            if before is not None:
                yield note, Event.REMOVED, before, None
            yield note, Event.ADDED, None, standing
            continue
        if before.value != standing.value:
            yield note, Event.CORRECTION if standing.kind is NoteKind.CORRECTION else Event.VERDICT, before, standing
        if standing.retired and not before.retired:
            yield note, Event.RETIRED, before, standing
        elif standing.words != before.words:
            yield note, Event.REWORDED, before, standing
    for note, before in was.items():
        if note not in now:
            yield note, Event.REMOVED, before, None


def _reason(commit: git.Commit) -> str:
    """Return a commit's subject; for a merge with a standard subject, the first line of its body if there is one."""
    body = next((line.strip() for line in commit.body.split("\n") if line.strip()), "")
    return body if body and len(commit.parents) > 1 and commit.subject.startswith("Merge ") else commit.subject
