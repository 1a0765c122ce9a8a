"""Files of the cache are read as they were written by this user, or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.cache_files import read_cache_file, write_cache_file


@given(st.binary(max_size=300))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("cache") / "below" / "file"
    write_cache_file(path, content)
    assert read_cache_file(path) == content


def test_every_bit_counts(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_cache_file(path, b"content")
    stored = path.read_bytes()
    for at in range(len(stored)):
        for bit in range(8):
            path.write_bytes(stored[:at] + bytes([stored[at] ^ 1 << bit]) + stored[at + 1 :])
            assert read_cache_file(path) is None
        path.write_bytes(stored[:at])
        assert read_cache_file(path) is None
    path.write_bytes(stored + b"\n")
    assert read_cache_file(path) is None


def test_a_file_is_known_by_its_name(tmp_path: Path) -> None:
    write_cache_file(tmp_path / "one", b"content")
    (tmp_path / "one").rename(tmp_path / "two")
    assert read_cache_file(tmp_path / "two") is None
    assert read_cache_file(tmp_path / "one") is None


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_nobody_else_can_write_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_cache_file(tmp_path / "file", b"content")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can give a file away")
def test_the_file_of_another_user_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_cache_file(path, b"content")
    os.chown(path, 12345, -1)
    assert read_cache_file(path) is None
    write_cache_file(path, b"ours")
    assert read_cache_file(path) == b"ours"


@pytest.mark.skipif(os.name == "nt", reason="Windows asks for rights to make links")
def test_links_and_what_is_no_file_are_left_alone(tmp_path: Path) -> None:
    write_cache_file(tmp_path / "a" / "file", b"content")
    (tmp_path / "file").symlink_to(tmp_path / "a" / "file")
    os.mkfifo(tmp_path / "pipe")
    assert [read_cache_file(tmp_path / name) for name in ("file", "pipe", "a", "missing")] == [None] * 4


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder" / "inside").mkdir(parents=True)
    with pytest.raises(OSError, match="folder"):
        write_cache_file(tmp_path / "folder", b"content")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
