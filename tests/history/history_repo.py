"""Real repositories, made in a temporary folder by git itself."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from builder.history.compare_revisions import compare_revisions
from builder.history.differences import Difference
from builder.history.format_comparison import Comparison
from builder.model import Limits

SPEECH = """\
The town hall opened in 1971, and the mayor cut the ribbon.

Twice as many people came as the year before. Nobody counted them.

The speech ended at noon. The band played on.
"""
SIDECAR = """\
title: A speech
claims:
  # How this was counted is told below.
  - id: twice
    quote: Twice as many people
    statement: Attendance doubled.
    verdict: unsupported
    note: Nobody counted.
    sources: [register]
  - id: opened
    quote: opened in 1971
    verdict: supported
    note: So says the plaque.
context:
  - id: band
    quote: The band played on
    note: The town's own.
corrections:
  - id: noon
    quote: ended at noon
    correct: ended at one
    note: By the minutes.
"""
SOURCES = """\
register:
  title: The register
  url: https://example.org/register
"""


class Repo:
    """A repository with a corpus in it, as a person works on it."""

    def __init__(self, top: Path) -> None:
        self.top = top
        self.seeds = top / "seeds"
        self.clock = 0

    def git(self, *arguments: str) -> str:
        day = f"2026-01-{self.clock + 1:02d}T12:00:00+00:00"
        surroundings = {**os.environ, "GIT_AUTHOR_DATE": day, "GIT_COMMITTER_DATE": day}
        command = ["git", "-c", "user.name=An editor", "-c", "user.email=editor@example.org", *arguments]
        done = subprocess.run(
            command, cwd=self.top, env=surroundings, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def write(self, name: str, content: str) -> None:
        path = self.seeds / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode())

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.seeds / name).read_bytes().decode()
        assert old in text
        self.write(name, text.replace(old, new))

    def commit(self, message: str) -> str:
        self.clock += 1
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        return self.git("rev-parse", "HEAD")

    def compare(self, base: str = "HEAD", head: str | None = None) -> Comparison:
        return compare_revisions(self.top, self.seeds, Limits(), base, head)

    def changes(self, base: str = "HEAD", head: str | None = None) -> list[str]:
        """What changed, a line each: kind, place, before, after, fields."""
        return [line(difference) for difference in self.compare(base, head).differences]


def line(outcome: Difference) -> str:
    where = (
        f"{outcome.document}#{outcome.note}" if outcome.document and outcome.note else outcome.document or outcome.note
    )
    values = [f"{outcome.before} -> {outcome.after}"] if outcome.before is not None or outcome.after is not None else []
    return " ".join([outcome.what, str(where), *values, *outcome.fields])
