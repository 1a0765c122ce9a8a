"""What ``pytest --update`` writes, and when it does not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from snapshots import Snapshots

KEEPING, RENEWING = Snapshots(update=False), Snapshots(update=True)
CASES = "=== one\nx\n>>>\nold\n\n=== two\nx\n>>>\nold\n"


def test_a_file_that_is_not_up_to_date_fails_and_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "expect.txt"
    with pytest.raises(AssertionError, match=r"there is no .*: if it is meant to be, run pytest --update"):
        KEEPING.whole(path, "new\n")
    path.write_text("old\n")
    for check in (lambda: KEEPING.whole(path, "new\n"), lambda: KEEPING.part(path, "", "old", "new")):
        with pytest.raises(AssertionError, match="if that is meant, run pytest --update to renew it"):
            check()
    assert path.read_text() == "old\n"
    KEEPING.whole(path, "old\n")


def test_update_writes_what_changed_and_names_it(tmp_path: Path) -> None:
    path = tmp_path / "expect.txt"
    snapshots = Snapshots(update=True)
    snapshots.whole(path, "new\n")
    assert (path.read_text(), snapshots.renewed) == ("new\n", {str(path)})
    snapshots = Snapshots(update=True)
    snapshots.whole(path, "new\n")
    snapshots.part(path, "", "new", "new")
    assert snapshots.renewed == set()


def test_update_writes_a_part_in_its_place_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "cases.txt"
    path.write_text(CASES)
    RENEWING.part(path, "=== two\nx\n>>>\n", "old\n", "new\n")
    assert path.read_text() == CASES.removesuffix("old\n") + "new\n"
    for before in ("x\n>>>\n", "=== three\nx\n>>>\n"):
        path.write_text(CASES)
        with pytest.raises(AssertionError, match="not one place to renew"):
            RENEWING.part(path, before, "old\n", "new\n")
        assert path.read_text() == CASES


TESTS = """
def test_it(snapshot, request):
    snapshot.whole(request.path.with_name("expect.txt"), made())

def made():
    {made}

def test_another():
    raise AssertionError("not run with --update")
"""


@pytest.mark.parametrize(("made", "code", "held"), [("return 'new'", 0, "new"), ("raise OSError('gone')", 1, "old")])
def test_a_crash_is_never_written(tmp_path: Path, made: str, code: int, held: str) -> None:
    for name in ("conftest.py", "snapshots.py"):
        shutil.copy(Path(__file__).with_name(name), tmp_path)
    (tmp_path / "expect.txt").write_text("old")
    (tmp_path / "test_it.py").write_text(TESTS.format(made=made))
    command = [sys.executable, "-m", "pytest", "--update", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == code, done.stdout
    assert (tmp_path / "expect.txt").read_text() == held
    assert ("renewed: read the diff" in done.stdout) == (held == "new")
    assert "1 deselected" in done.stdout
