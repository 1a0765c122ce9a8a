"""Cache the ledger between two builds: a file that may be deleted at any time and is ignored if damaged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from builder.cache_files import read_cache_file, write_cache_file
from builder.history.note_states import NoteState
from builder.model import Change, Event, NoteKind

_VERSION: Final = 2
# Looked up for each of 100,000 changes, where calling the enums would take as long as all the rest.
_EVENTS: Final = {str(event): event for event in Event}
_KINDS: Final = {str(kind): kind for kind in NoteKind}


@dataclass(frozen=True, slots=True)
class HistoryState:
    """History up to a commit: the changes, and the notes of each sidecar (its path in the project) at that commit.

    Documents are among the sidecars; the state of their one note "" has their text's version.

    ``since``: in a shallow clone, the date from which history is known.
    """

    commit: str | None
    changes: tuple[Change, ...]
    lives: tuple[tuple[str, Mapping[str, NoteState]], ...]
    since: str | None


def load_state(path: Path, circumstances: object) -> HistoryState | None:
    """Return the state saved under the same circumstances; None if there is none, or it is unreadable."""
    try:
        stored = json.loads(read_cache_file(path) or b"")
        if stored["version"] != _VERSION or stored["circumstances"] != json.loads(json.dumps(circumstances)):
            return None
        changes = tuple(
            Change(_EVENTS[event], sidecar, note, _KINDS[kind], before, after, date, reason, commit)
            for event, sidecar, note, kind, before, after, date, reason, commit in stored["changes"]
        )
        lives = tuple(
            (
                name,
                {note: NoteState(_KINDS[kind], value, retired, words) for note, kind, value, retired, words in notes},
            )
            for name, notes in stored["lives"]
        )
        return HistoryState(stored["commit"], changes, lives, stored["since"])
    except (ValueError, KeyError, TypeError):
        return None


def save_state(path: Path, circumstances: object, past: HistoryState) -> None:
    """Save the state atomically; a write error is ignored."""
    changes = [
        [c.event, c.sidecar, c.note, c.kind, c.before, c.after, c.date, c.reason, c.commit] for c in past.changes
    ]
    lives = [[name, [[n, s.kind, s.value, s.retired, s.words] for n, s in notes.items()]] for name, notes in past.lives]
    value = {
        "version": _VERSION,
        "circumstances": circumstances,
        "commit": past.commit,
        "since": past.since,
        "changes": changes,
        "lives": lives,
    }
    with suppress(OSError):
        write_cache_file(path, json.dumps(value).encode())
