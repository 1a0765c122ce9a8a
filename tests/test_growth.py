"""The time that a file takes grows with its size, not with the square of it, whatever it holds."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from builder.pipeline import Settings, check

Files = dict[str, str]


def notes(lines: list[str], kind: str = "context") -> str:
    return f"{kind}:\n" + "".join(f"  - {{{line}}}\n" for line in lines)


def numbered(form: str, count: int) -> list[str]:
    return [form.replace("%", str(number)) for number in range(count)]


# Each shape with the size at which it was slow: there, it took over two seconds.
SHAPES: dict[str, tuple[int, Callable[[int], Files]]] = {
    "rows without cells": (
        350,
        lambda size: {"a.md": "|" + "a|" * size + "\n|" + "-|" * size + "\n" + "|\n" * size},
    ),
    "many tables without cells": (
        100,
        lambda size: {"a.md": ("|" + "a|" * 30 + "\n|" + "-|" * 30 + "\n" + "|\n" * 30 + "\n") * size},
    ),
    "open brackets": (10, lambda size: {"a.md": ("[" * 3_999 + "\n\n") * size}),
    "open brackets before stars": (1_000, lambda size: {"a.md": "[" * size + "*a " * size * 10}),
    "quote of many passages": (
        1_000,
        lambda size: {
            "a.txt": "a b " * size,
            "a.yml": notes([f"id: x, quote: [{', '.join(['a', 'b'] * (size // 2))}], note: x"]),
        },
    ),
    "late occurrence": (
        500,
        lambda size: {
            "a.txt": "a b c " * size,
            "a.yml": notes(["id: x, quote: [a, b, c], occurrence: 100000000, note: x"]),
        },
    ),
    "written-out sources": (
        1_000,
        lambda size: {
            "a.txt": " ".join(numbered("w%.", size)),
            "a.yml": notes(
                numbered('id: n%, quote: w%., sources: [{title: T%, url: "http://e.org/%"}], note: x', size)
            ),
        },
    ),
    "unknown topics": (
        1_000,
        lambda size: {
            "corpus.yml": "topics:\n" + "".join(numbered("  topic-number-%: {label: T%}\n", size)),
            "a.txt": "x",
            "a.yml": f"topics: [{', '.join(numbered('topic-nomber-%x', size // 3))}]\n",
        },
    ),
    "notes on one word": (
        1_200,
        lambda size: {"a.txt": "one word here", "a.yml": notes(numbered("id: n%, quote: word, note: x", size))},
    ),
    "combining marks": (
        40_000,
        lambda size: {"a.txt": "a" + "\u0301" * size + " end\n", "a.yml": notes(["id: x, quote: end, note: x"])},
    ),
}
# Linear growth gives 2, square growth 4. Below the floor, in seconds, a ratio is noise.
MOST_GROWTH, FLOOR, CEILING = 3.0, 0.3, 5.0


def seconds(root: Path, files: Files) -> float:
    """Return the processor seconds of a check; the collector runs before it, not in it."""
    (root / "seeds").mkdir(parents=True)
    for name, text in files.items():
        (root / "seeds" / name).write_text(text)
    gc.collect()
    start = time.process_time()
    check(Settings(root=root, seeds=root / "seeds", workers=1))
    return time.process_time() - start


@pytest.mark.parametrize("shape", SHAPES)
def test_twice_the_size_takes_twice_the_time(shape: str, tmp_path: Path) -> None:
    size, make = SHAPES[shape]
    once = min(seconds(tmp_path / f"once{number}", make(size)) for number in range(2))
    twice = seconds(tmp_path / "twice", make(2 * size))
    assert twice < CEILING
    assert twice < MOST_GROWTH * max(once, FLOOR)
