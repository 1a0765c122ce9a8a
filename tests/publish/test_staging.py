"""All or nothing: whatever goes wrong while a site changes places, one whole site stands afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from processes import running

from builder.diagnostics import UserError
from builder.publish import staging


def fill(folder: Path, word: str, files: int = 5) -> None:
    for number in range(files):
        staging.write_file(folder / f"page-{number}" / "index.html", word.encode())


def words_in(folder: Path) -> set[str]:
    return {path.read_text() for path in folder.rglob("index.html")}


def leftovers(parent: Path) -> list[str]:
    return [path.name for path in parent.iterdir() if path.name.startswith(".site.postil-")]


def test_the_first_site_is_put_in_place(tmp_path: Path) -> None:
    made = staging.create_staging(tmp_path / "site")
    fill(made, "new")
    staging.publish_staging(made, tmp_path / "site")
    assert words_in(tmp_path / "site") == {"new"}
    assert leftovers(tmp_path) == []


def test_a_new_site_replaces_the_old_one_whole(tmp_path: Path) -> None:
    site = tmp_path / "site"
    fill(site, "old", files=9)
    made = staging.create_staging(site)
    fill(made, "new", files=3)
    staging.publish_staging(made, site)
    assert sorted(path.name for path in site.iterdir()) == ["page-0", "page-1", "page-2"]
    assert words_in(site) == {"new"}
    assert leftovers(tmp_path) == []


def test_it_can_do_without_the_system_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "other")
    site = tmp_path / "site"
    fill(site, "old")
    made = staging.create_staging(site)
    fill(made, "new")
    staging.publish_staging(made, site)
    assert words_in(site) == {"new"}
    assert leftovers(tmp_path) == []


def test_dot_names_are_the_owners_and_stay(tmp_path: Path) -> None:
    site = tmp_path / "site"
    fill(site, "old")
    (site / ".git").mkdir()
    (site / ".git" / "HEAD").write_text("ref")
    made = staging.create_staging(site)
    fill(made, "new")
    staging.publish_staging(made, site)
    assert (site / ".git" / "HEAD").read_text() == "ref"


def test_what_is_the_owners_and_cannot_move_keeps_the_old_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    fill(site, "old")
    for name in (".git", ".well-known"):
        staging.write_file(site / name / "file", b"kept")
    made = staging.create_staging(site)
    fill(made, "new")
    rename = Path.rename

    def stuck(self: Path, target: Path) -> Path:
        if self.name == ".well-known":  # as a mount point is
            raise OSError(16, "Device or resource busy")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", stuck)
    with pytest.raises(UserError, match="The old one still stands"):
        staging.publish_staging(made, site)
    staging.discard_staging(made)
    assert words_in(site) == {"old"}
    assert [(site / name / "file").read_bytes() for name in (".git", ".well-known")] == [b"kept", b"kept"]
    assert leftovers(tmp_path) == []


def test_a_site_that_a_killed_build_had_put_aside_comes_back(tmp_path: Path) -> None:
    site = tmp_path / "site"
    aside = tmp_path / ".site.postil-99999999-x-old"
    fill(tmp_path / ".site.postil-99999999-x", "new")
    fill(aside, "old")
    (aside / ".git").mkdir()
    made = staging.create_staging(site)
    assert words_in(site) == {"old"}
    assert (site / ".git").is_dir()
    assert leftovers(tmp_path) == [made.name]


def test_a_discarded_build_leaves_the_site_alone(tmp_path: Path) -> None:
    site = tmp_path / "site"
    fill(site, "old")
    made = staging.create_staging(site)
    fill(made, "new")
    staging.discard_staging(made)
    assert words_in(site) == {"old"}
    assert leftovers(tmp_path) == []


def test_a_link_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "site").symlink_to(tmp_path / "elsewhere")
    made = staging.create_staging(tmp_path / "site")
    with pytest.raises(UserError, match="is a link or a file"):
        staging.publish_staging(made, tmp_path / "site")


def test_a_dead_builds_folder_is_cleared_and_a_live_ones_is_not(tmp_path: Path) -> None:
    with running([sys.executable, "-c", ""]) as dead:
        dead.wait(60)
    site = tmp_path / "site"
    fill(tmp_path / f".site.postil-{dead.pid}-x", "half")
    fill(tmp_path / f".site.postil-{os.getppid()}-x", "other build")
    made = staging.create_staging(site)
    assert sorted(leftovers(tmp_path)) == sorted([made.name, f".site.postil-{os.getppid()}-x"])


def test_no_room_is_a_refusal_and_says_where(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot write beside"):
        staging.create_staging(tmp_path / "file" / "site")


def test_killed_at_any_moment_one_whole_site_stands(tmp_path: Path) -> None:
    """A process publishes "0", "1", "2", … without rest and is killed; what stands is one number, all of it."""
    site = tmp_path / "site"
    fill(site, "start", files=20)
    script = textwrap.dedent(f"""
        from pathlib import Path
        from builder.publish import staging
        site, number = Path({str(site)!r}), 0
        while True:
            made = staging.create_staging(site)
            for page in range(20):
                staging.write_file(made / f"page-{{page}}" / "index.html", str(number).encode())
            staging.publish_staging(made, site)
            number += 1
            print(number, flush=True)
    """)
    seen = set()
    for attempt in range(25):
        with running([sys.executable, "-c", script], stdout=subprocess.PIPE) as process:
            process.stdout.readline()  # it has published at least once
            time.sleep(0.0007 * attempt)
            process.send_signal(signal.SIGKILL)
        assert len(list(site.iterdir())) == 20
        assert len(words_in(site)) == 1
        seen |= words_in(site)
    assert len(seen) > 1  # it was not always killed before it did anything
    staging.discard_staging(staging.create_staging(site))
    assert leftovers(tmp_path) == []
