"""Fresh repositories, under nobody's settings."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from history_repo import SIDECAR, SOURCES, SPEECH, Repo


@pytest.fixture(autouse=True)
def _nobodys_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)


@pytest.fixture
def make(tmp_path: Path) -> Callable[[], Repo]:
    if not shutil.which("git"):
        pytest.skip("git is not installed")

    def one() -> Repo:
        repo = Repo(tmp_path / "project")
        repo.top.mkdir()
        repo.git("init", "--quiet", "--initial-branch", "main")
        repo.write("speech.txt", SPEECH)
        repo.write("speech.yml", SIDECAR)
        repo.write("sources.yml", SOURCES)
        repo.commit("Begin")
        return repo

    return one


@pytest.fixture
def repo(make: Callable[[], Repo]) -> Repo:
    return make()
