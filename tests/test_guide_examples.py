"""Output that the guide shows, against what the program prints. ``pytest --update`` renews the pages."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from site_cases import lay_out
from snapshots import Snapshots

from builder.cli import run

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "docs" / "guide"
WHO = {"NAME": "An editor", "EMAIL": "editor@example.org", "DATE": "2026-11-22T12:00:00+00:00"}
SPEECH = """\
claims:
  - id: twice
    quote: Twice as many people
    verdict: unsupported
    note: Nobody counted them.
corrections:
  - id: noon
    quote: ended at noon
    correct: ended at one
"""
LIBRARY = """\
title: The town library
language: en
text_sha256: {}
claims:
  - id: free
    quote: Reading is free
    verdict: supported
    note: So it is.
  - id: hours
    quote: opens at ten
    verdict: supported
    note: Since 1998.
  - id: lent
    quote: lent 41,200 books in 2023
    verdict: supported
    note: The annual report has the same number.
  - id: said
    quote: The mayor said so on Monday.
    verdict: "false"
    note: She said it on Tuesday.
"""
OLD = "The library opens at ten. Reading is free.\n\nIt lent 41,200 books in 2023. The mayor said so on Monday.\n"
NEW = """\
Reading is free.

The library opens at ten. The reading room opens at ten too.

It lent 42,000 books in 2023.
"""

Compare = Callable[[Path, str, str], None]


@pytest.fixture
def compare(snapshot: Snapshots) -> Compare:
    """Compare output with the one block of a page that begins with the words ``begins``."""

    def shown(page: Path, begins: str, output: str) -> None:
        text = page.read_text("utf-8")
        pattern = rf"(?<=^```text\n){re.escape(begins)}.*?(?=^```$)"
        blocks = re.findall(pattern, text, re.MULTILINE | re.DOTALL)
        assert len(blocks) == 1, f"{page.name}: a block {begins} …"
        snapshot.part(page, "```text\n", blocks[0], output)

    return shown


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "seeds").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def commit(message: str) -> None:
    """Commit everything; the same files give the same commit, wherever and whenever."""
    who = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in WHO.items()}
    environment = {**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    for arguments in (("init", "-q", "-b", "main"), ("add", "-A", "seeds"), ("commit", "-q", "-m", message)):
        subprocess.run(["git", *arguments], env=environment, timeout=60, check=True)


def test_a_message(
    compare: Compare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(lay_out("quotes", tmp_path))
    assert run(["check"]) == 1
    (message,) = re.findall(r"^seeds/alice\.yml:4:.*\n(?: .*\n)*", capfd.readouterr().out, re.MULTILINE)
    compare(ROOT / "builder" / "explanations.md", "seeds/alice.yml:4:", message)


def test_a_changed_text(compare: Compare, project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    seed, sidecar = project / "seeds" / "library.txt", project / "seeds" / "library.yml"
    seed.write_text(OLD)
    sidecar.write_text(LIBRARY.format("0" * 64))
    assert run(["pin"]) == 0
    commit("The library's notice")
    seed.write_text(NEW)
    capfd.readouterr()
    assert run(["check"]) == 1
    (message,) = re.findall(r"^\S+ warning Q206.*\n(?: .*\n)*", capfd.readouterr().out, re.MULTILINE)
    compare(GUIDE / "changes.md", "seeds/library.yml:3:", message)
    assert run(["rebase", "seeds/library.txt"]) == 1
    compare(GUIDE / "changes.md", "seeds/library.yml: ", capfd.readouterr().out)


def test_what_changed(compare: Compare, project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    sidecar = project / "seeds" / "speech.yml"
    (project / "seeds" / "speech.txt").write_text("Twice as many people came. It ended at noon.\n")
    sidecar.write_text(SPEECH)
    commit("A speech")
    sidecar.write_text(SPEECH.replace("unsupported", '"false"').replace("at one", "at two"))
    assert run(["diff", "HEAD"]) == 0
    compare(GUIDE / "reviewing.md", "1 verdict changed", capfd.readouterr().out)
