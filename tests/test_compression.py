"""Compressed files: read by others, and the same bytes in every Python."""

from __future__ import annotations

import gzip
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder import compression
from builder.compression import gzip_bytes

PROGRAM = """
import hashlib, runpy, sys, zlib
gzip_bytes = runpy.run_path(sys.argv[1])["gzip_bytes"]
content = b" ".join(b"word%d" % (number * number % 997) for number in range(20_000))
print(zlib.ZLIB_RUNTIME_VERSION, *(hashlib.sha256(gzip_bytes(content, level)).hexdigest() for level in (6, 9)))
"""


@given(st.binary(max_size=3_000), st.sampled_from([1, 6, 9]))
def test_what_is_compressed_comes_back(content: bytes, level: int) -> None:
    assert gzip.decompress(gzip_bytes(content, level)) == content


def test_the_header_has_neither_time_nor_system() -> None:
    assert gzip_bytes(b"")[:10].hex() == "1f8b08000000000000ff"
    assert gzip_bytes(b"x" * 100_000, 1)[:10] == gzip_bytes(b"", 9)[:10]


def made_by(python: str) -> list[str]:
    """Return the version of zlib and what this Python makes, as digests; empty if it cannot be run."""
    command = [python, "-c", PROGRAM, compression.__file__]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60).stdout.split()


@pytest.mark.parametrize("name", ["python3.11", "python3.12", "python3.13", "python3.14"])
def test_every_python_with_the_same_zlib_makes_the_same_bytes(name: str) -> None:
    here = made_by(sys.executable)
    assert len(here) == 3
    pythons = {*filter(None, [shutil.which(name)]), *map(str, Path.home().glob(f".pyenv/versions/*/bin/{name}"))}
    others = [made for made in map(made_by, pythons) if made[:1] == here[:1]]
    if not others:
        pytest.skip(f"no {name} here with zlib {here[0]}")
    assert all(made == here for made in others)
