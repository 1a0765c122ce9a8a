"""Whole builds side by side, each in a process of its own: wall time and peak memory, medians and ratios.

    python tests/bench/bench.py [--documents 1000] [--runs 3] [--only postil,...]

Machines differ and are shared: read the ratios. The corpus is made from a fixed seed: 600 words and ten notes each.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO

WORDS = 600
NOTES = 10
SEED = 20251218
VERDICTS = ("false", "supported", "misleading")

_MKDOCS = """\
site_name: Bench
site_url: https://bench.example/corpus/
theme: {{name: material, font: false}}
plugins: {plugins}
markdown_extensions: [footnotes]
nav: [index.md]
validation: {{nav: {{omitted_files: ignore}}}}
"""


def vocabulary(chance: random.Random) -> list[str]:
    letters = "etaoinshrdlucmfwypvbgkjqxz"
    return sorted({"".join(chance.choices(letters, range(26, 0, -1), k=chance.randint(2, 9))) for _ in range(9000)})


def text_of(chance: random.Random, words: list[str]) -> list[list[str]]:
    """Paragraphs of about 60 words; frequent words first, as in a language."""
    weights = [1 / (rank + 5) for rank in range(len(words))]
    return [chance.choices(words, weights, k=60) for _ in range(WORDS // 60)]


def quotes_of(paragraphs: list[list[str]]) -> list[str]:
    return [" ".join(paragraph[10:17]) for paragraph in paragraphs[:NOTES]]


def make_corpus(root: Path, documents: int) -> None:
    chance = random.Random(SEED)  # noqa: S311 - a corpus, not a secret
    words = vocabulary(chance)
    (root / "docs").mkdir(parents=True)
    (root / "seeds").mkdir()
    (root / "docs" / "index.md").write_text("# Bench\n")
    for number in range(documents):
        paragraphs = text_of(chance, words)
        (root / "seeds" / f"doc-{number:05}.txt").write_text("\n\n".join(" ".join(each) + "." for each in paragraphs))
        notes = [
            f"  - id: n{index}\n    quote: {json.dumps(quote)}\n    verdict: {VERDICTS[index % 3]}\n"
            f"    note: |\n      {' '.join(chance.choices(words, k=40))}.\n    sources: [report]\n"
            for index, quote in enumerate(quotes_of(paragraphs))
        ]
        (root / "seeds" / f"doc-{number:05}.yml").write_text(
            f"title: Document {number}\npublished: 2025-06-{number % 28 + 1:02}\nclaims:\n{''.join(notes)}"
        )
    (root / "seeds" / "sources.yml").write_text("report: {title: A report, publisher: B, date: 2025-06-25}\n")


def make_footnoted(root: Path, documents: int) -> None:
    """The same pages as plain MkDocs would have them: Markdown with footnotes."""
    chance = random.Random(SEED)  # noqa: S311
    words = vocabulary(chance)
    (root / "docs").mkdir(parents=True)
    (root / "docs" / "index.md").write_text("# Bench\n")
    for number in range(documents):
        paragraphs = text_of(chance, words)
        text = [" ".join([*each[:17], f"[^{i}]", *each[17:]]) + "." for i, each in enumerate(paragraphs)]
        notes = [f"[^{i}]: {' '.join(chance.choices(words, k=40))}." for i in range(NOTES)]
        (root / "docs" / f"doc-{number:05}.md").write_text(f"# Document {number}\n\n" + "\n\n".join([*text, *notes]))


def run(command: list[str], root: Path, stdout: int | IO[str] = subprocess.DEVNULL) -> tuple[float, float]:
    """Seconds, and the largest sum of resident memory of the process and its children in MB (sampled)."""
    shutil.rmtree(root / "site", ignore_errors=True)
    start = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=root,
        stdout=stdout,
        stderr=subprocess.PIPE,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
    )
    peak = 0
    while process.poll() is None:
        peak = max(peak, memory(process.pid))
        time.sleep(0.02)
    seconds = time.perf_counter() - start
    if process.returncode:
        sys.exit(f"{command} failed:\n{process.stderr.read().decode() if process.stderr else ''}")
    return seconds, peak / 1e6


def memory(pid: int, parent: str = "") -> int:
    """Proportional set size of a process and all below it: pages that workers share count once.

    ``parent`` is what its parent's said: a child that is about to become another program has the same for a moment, and
    nothing of its own.
    """
    total = 0
    try:
        own = Path(f"/proc/{pid}/smaps_rollup").read_text()
        for line in own.splitlines()[1:]:
            if line.startswith("Pss:") and own != parent:
                total = int(line.split()[1]) * 1024
        tasks = Path(f"/proc/{pid}/task").iterdir()  # a thread has children of its own
        children = [child for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return total
    return total + sum(memory(int(child), own) for child in children)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    bin_folder = Path(sys.executable).parent
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        cases = {
            "postil without search": ("postil", "[{postil: {search: false}}]"),
            "postil": ("postil", "[postil]"),
            "postil, one worker": ("postil", "[{postil: {workers: 1}}]"),
            "mkdocs, footnoted Markdown, no search": ("mkdocs", "[]"),
        }
        wanted = {name: case for name, case in cases.items() if not arguments.only or name in arguments.only.split(";")}
        for index, (name, (tool, plugins)) in enumerate(wanted.items()):
            place = root / str(index)
            (make_corpus if tool == "postil" else make_footnoted)(place, arguments.documents)
            (place / "mkdocs.yml").write_text(_MKDOCS.format(plugins=plugins))
            del name
        figures: dict[str, list[tuple[float, float]]] = {name: [] for name in wanted}
        for _ in range(arguments.runs):  # in turn, so that a slow minute of the machine meets all of them
            for index, (name, (tool, _)) in enumerate(wanted.items()):
                figures[name].append(run([str(bin_folder / tool), "build"], root / str(index)))
        first = statistics.median(seconds for seconds, _ in next(iter(figures.values())))
        print(f"{arguments.documents} documents of {WORDS} words with {NOTES} notes, {arguments.runs} runs, medians")
        for index, (name, runs) in enumerate(figures.items()):
            seconds = statistics.median(each for each, _ in runs)
            peak = statistics.median(each for _, each in runs)
            site = root / str(index) / "site"
            files = [path for path in site.rglob("*") if path.is_file()]
            size = sum(path.stat().st_size for path in files) / 1e6
            figure = f"{seconds:6.2f} s  {seconds / first:5.2f} x  {peak:5.0f} MB"
            print(f"{name:40} {figure}  {len(files)} files  {size:.1f} MB")


if __name__ == "__main__":
    main()
