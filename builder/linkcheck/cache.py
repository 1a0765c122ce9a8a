"""Cache good answers for some days, so that no server is asked more often than needed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from builder.cache_files import read_cache_file, write_cache_file
from builder.diagnostics import UserError
from builder.linkcheck.request import Answer, State

_VERSION: Final = 1


def load_answers(path: Path, today: date, days: int) -> Mapping[str, Answer]:
    """Return address -> answer for those cached within so many days; empty if the file is unreadable.

    Only good answers are cached: what was gone or unsure is requested again each time.
    """
    try:
        stored = json.loads(read_cache_file(path) or b"")
        oldest = (today - timedelta(days=days)).isoformat()
        if stored["version"] != _VERSION:
            return {}
        return {
            url: Answer(State(state), detail)
            for url, (state, detail, day) in stored["answers"].items()
            if oldest < day <= today.isoformat()
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def save_answers(path: Path, answers: Mapping[str, Answer], earlier: Mapping[str, Answer], today: date) -> None:
    """Save the good answers atomically, earlier ones with their own day.

    ``path``: the cache file.
    ``answers``: all that are known now.
    ``earlier``: those that came from the cache.
    ``today``: the day of the others.
    """
    days = _days(path)
    fresh = {
        url: [answer.state, answer.said, days.get(url, today.isoformat()) if url in earlier else today.isoformat()]
        for url, answer in sorted(answers.items())
        if answer.state in {State.FINE, State.MOVED}
    }
    try:
        write_cache_file(path, json.dumps({"version": _VERSION, "answers": fresh}, indent=1).encode() + b"\n")
    except OSError as error:
        raise UserError(f"cannot write {path}: {error.strerror or error}") from error


def _days(path: Path) -> Mapping[str, str]:
    try:
        return {url: day for url, (_, _, day) in json.loads(read_cache_file(path) or b"")["answers"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}
