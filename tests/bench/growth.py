"""How time grows when the input doubles three times: 8 is proportion, 64 is its square.

    python tests/bench/growth.py

What is hostile or odd must cost no more than its length. A ratio is the best of three runs at 80,000 over the best of
three at 10,000; on a busy machine it wavers, so this prints and judges nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from builder.anchor.nearest_passage import word_changes
from builder.anchor.normalise import normalise
from builder.model import Limits, Project
from builder.read.corpus_and_sources import DEFAULT_VERDICTS
from builder.read.html import read_html
from builder.read.markdown import read_markdown
from builder.read.sidecar import read_sidecar

_SMALL, _LARGE = 10_000, 80_000
_NOTE = "  - id: n{}\n    quote: some words of the text\n    note: |\n      A *note* with [[a-link#to]] another.\n"


def best(action: Callable[[int], object], size: int) -> float:
    seconds = []
    for _ in range(3):
        start = time.process_time()
        action(size)
        seconds.append(time.process_time() - start)
    return min(seconds)


def sidecar(size: int) -> object:
    text = "context:\n" + "".join(_NOTE.format(number) for number in range(size // 100))
    verdicts = {each.id: each for each in DEFAULT_VERDICTS}
    project = Project("T", "en", None, None, verdicts, {}, {}, {})
    return read_sidecar(text, file="a.yml", slug="a", project=project, limits=Limits())


def html(unit: str) -> Callable[[int], object]:
    return lambda size: read_html(unit * (size // 8), path="a.html", folder="", limits=Limits())


def markdown(unit: str) -> Callable[[int], object]:
    return lambda size: read_markdown(unit * (size // 8), path="a.md", folder="", limits=Limits())


def cases() -> dict[str, Callable[[int], object]]:
    folds = ["\u200b", " ", " \u200b", "a\u200b", "\u200b\u0301", "e\u0301", "\u0301", "\u1100\u1161\u11a8"]
    found: dict[str, Callable[[int], object]] = {
        f"fold {unit!a}": (lambda size, unit=unit: normalise("e\u0301" + unit * size)) for unit in folds
    }
    found |= {
        f"differences {unit!a}": (lambda size, unit=unit: word_changes(unit * size, "a"))
        for unit in ["a", "a'", "a-", "'", "a ", "中", "\u0301"]
    }
    found["sidecar"] = sidecar
    found |= {f"html {unit!a}": html(unit) for unit in ["<p>", "<div>", "<b><p>", "<table><tr><td>", "<h1>x", "<dd>"]}
    found |= {f"markdown {unit!a}": markdown(unit) for unit in ["[", "*a_", "> ", "`", "# x\n", "| a |\n"]}
    return found


def main() -> None:
    print(f"seconds at {_SMALL:,} and {_LARGE:,}, and their ratio ({Path(__file__).name})")
    for name, action in cases().items():
        small, large = best(action, _SMALL), best(action, _LARGE)
        print(f"{name:32} {small:8.4f} {large:8.4f} {large / max(small, 1e-6):7.1f}")


if __name__ == "__main__":
    main()
