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
    return sorted(path.name for path in parent.iterdir() if path.name.startswith(".site.postil-"))


def test_the_first_site_is_put_in_place(tmp_path: Path) -> None:
    made = staging.create_staging(tmp_path / "site")
    fill(made.path, "new")
    staging.publish_staging(made, tmp_path / "site")
    assert words_in(tmp_path / "site") == {"new"}
    assert leftovers(tmp_path) == []


def test_a_new_site_replaces_the_old_one_whole(tmp_path: Path) -> None:
    site = tmp_path / "site"
    fill(site, "old", files=9)
    made = staging.create_staging(site)
    fill(made.path, "new", files=3)
    staging.publish_staging(made, site)
    assert sorted(path.name for path in site.iterdir()) == ["page-0", "page-1", "page-2"]
    assert words_in(site) == {"new"}
    assert leftovers(tmp_path) == []


def test_it_can_do_without_the_system_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "other")
    site = tmp_path / "site"
    fill(site, "old")
    made = staging.create_staging(site)
    fill(made.path, "new")
    staging.publish_staging(made, site)
    assert words_in(site) == {"new"}
    assert leftovers(tmp_path) == []


def test_dot_names_are_the_owners_and_stay(tmp_path: Path) -> None:
    site = tmp_path / "site"
    fill(site, "old")
    (site / ".git").mkdir()
    (site / ".git" / "HEAD").write_text("ref")
    made = staging.create_staging(site)
    fill(made.path, "new")
    staging.publish_staging(made, site)
    assert (site / ".git" / "HEAD").read_text() == "ref"


def test_what_is_the_owners_and_cannot_move_keeps_the_old_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    fill(site, "old")
    for name in (".git", ".well-known"):
        staging.write_file(site / name / "file", b"kept")
    made = staging.create_staging(site)
    fill(made.path, "new")
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
    assert leftovers(tmp_path) == sorted([made.path.name, made.lock_file.name])


def test_a_discarded_build_leaves_the_site_alone(tmp_path: Path) -> None:
    site = tmp_path / "site"
    fill(site, "old")
    made = staging.create_staging(site)
    fill(made.path, "new")
    staging.discard_staging(made)
    assert words_in(site) == {"old"}
    assert leftovers(tmp_path) == []


def test_a_link_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "site").symlink_to(tmp_path / "elsewhere")
    made = staging.create_staging(tmp_path / "site")
    with pytest.raises(UserError, match="is a link or a file"):
        staging.publish_staging(made, tmp_path / "site")


HOLD = """
import sys, time
from pathlib import Path
from builder.publish import staging
made = staging.create_staging(Path(sys.argv[1]))
staging.write_file(made.path / ".well-known" / "made", b"by a build")
staging.write_file(made.path / "index.html", b"half")
print("made", flush=True)
time.sleep(100)
"""


def test_a_dead_builds_folder_is_cleared_and_a_live_ones_is_not(tmp_path: Path) -> None:
    site = tmp_path / "site"
    fill(site, "old")
    fill(tmp_path / ".site.postil-1-x", "of a build that had the number of this process, and no lock")
    with running([sys.executable, "-c", HOLD, str(site)], stdout=subprocess.PIPE) as other:
        other.stdout.readline()
        others = [name for name in leftovers(tmp_path) if name != ".site.postil-1-x"]
        made = staging.create_staging(site)
        assert leftovers(tmp_path) == sorted([*others, made.path.name, made.lock_file.name])
    staging.discard_staging(made)
    assert leftovers(tmp_path) == others
    staging.discard_staging(staging.create_staging(site))
    assert leftovers(tmp_path) == []
    assert sorted(path.name for path in site.iterdir()) == [f"page-{number}" for number in range(5)], "as it was"


def test_what_a_build_hid_in_its_folder_does_not_get_into_a_site_that_it_did_not_publish(tmp_path: Path) -> None:
    site, stale = tmp_path / "site", tmp_path / ".site.postil-x"
    fill(site, "old")
    staging.write_file(stale / ".well-known" / "made", b"by a killed build")
    staging.write_file(stale / staging._MARK, b"")
    staging.discard_staging(staging.create_staging(site))
    assert not (site / ".well-known").exists()


def test_what_was_hidden_in_the_old_site_is_kept_when_a_build_is_killed_just_after_the_exchange(tmp_path: Path) -> None:
    site, old = tmp_path / "site", tmp_path / ".site.postil-x"
    fill(site, "new")
    staging.write_file(site / staging._MARK, b"")
    staging.write_file(old / ".git" / "HEAD", b"ref")
    staging.discard_staging(staging.create_staging(site))
    assert (site / ".git" / "HEAD").read_bytes() == b"ref"
    assert sorted(path.name for path in site.iterdir() if path.name.startswith(".")) == [".git"]


@pytest.mark.skipif(os.name == "nt", reason="modes of files")
@pytest.mark.parametrize(
    ("umask", "file", "folder"), [(0o077, 0o644, 0o755), (0o027, 0o640, 0o750), (0o022, 0o644, 0o755)]
)
def test_a_server_can_read_the_site_unless_a_group_alone_was_meant_to(
    tmp_path: Path, umask: int, file: int, folder: int
) -> None:
    site = tmp_path / "site"
    before = os.umask(umask)
    try:
        made = staging.create_staging(site)
        fill(made.path, "new")
        staging.publish_staging(made, site)
    finally:
        os.umask(before)
    page = site / "page-0"
    assert (page.stat().st_mode & 0o777, (page / "index.html").stat().st_mode & 0o777) == (folder, file)
    assert site.stat().st_mode & 0o777 == 0o755


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
                staging.write_file(made.path / f"page-{{page}}" / "index.html", str(number).encode())
            staging.publish_staging(made, site)
            number += 1
            print(number, flush=True)
    """)
    seen = set()
    for attempt in range(25):
        with running([sys.executable, "-c", script], stdout=subprocess.PIPE) as process:
            for _ in range(1 + attempt % 3):
                process.stdout.readline()  # it has published that often
            time.sleep(0.0007 * attempt)
            process.send_signal(signal.SIGKILL)
        # A build that is killed right after the exchange has not taken its hidden mark off.
        assert len([path for path in site.iterdir() if not path.name.startswith(".")]) == 20
        assert len(words_in(site)) == 1
        seen |= words_in(site)
    assert len(seen) > 1  # it was not always killed before it did anything
    staging.discard_staging(staging.create_staging(site))
    assert leftovers(tmp_path) == []
