"""The time that a corpus takes grows with its size, not with the square of it, whatever it holds."""

from __future__ import annotations

import gc
import os
from collections import deque
from pathlib import Path

import pytest
from growth_shapes import SHAPES, Files

from builder.pipeline import Settings, load_corpus, press_pages
from builder.render.shell import Marker, Shell

# Linear growth gives 2, square growth 4. Below the floor, in seconds, a ratio is noise.
MOST_GROWTH, FLOOR, CEILING = 3.0, 0.3, 5.0
BARE = Shell(("", ""), (Marker.CONTENT,), "", ("", ""))


class SameShell(dict):  # type: ignore[type-arg]
    """The bare shell for every kind of page."""

    def __missing__(self, key: object) -> Shell:
        return BARE


def processor_seconds() -> float:
    """Return what this process and those that it waited for have used: documents are read in children."""
    return sum(os.times()[:4])


def seconds(root: Path, files: Files) -> tuple[float, float]:
    """Return the processor seconds of reading a corpus, and of pressing it and listing what search indexes.

    The collector runs before each, not in it.
    """
    for name, text in files.items():
        path = root / "seeds" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    settings = Settings(root=root, seeds=root / "seeds", workers=1)
    gc.collect()
    start = processor_seconds()
    loaded = load_corpus(settings, {})
    read = processor_seconds()
    press_pages(loaded, SameShell(), root / "out", settings, index=lambda pages, _: deque(pages, maxlen=0))
    return read - start, processor_seconds() - read


@pytest.mark.parametrize("shape", SHAPES)
def test_twice_the_size_takes_twice_the_time(shape: str, tmp_path: Path) -> None:
    size, make = SHAPES[shape]
    runs = [seconds(tmp_path / f"once{number}", make(size)) for number in range(2)]
    once = [min(times) for times in zip(*runs, strict=True)]
    for before, after in zip(once, seconds(tmp_path / "twice", make(2 * size)), strict=True):
        assert after < CEILING
        assert after < MOST_GROWTH * max(before, FLOOR)
