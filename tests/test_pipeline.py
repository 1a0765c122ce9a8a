"""The stages in order, without an engine: what a preview of a corpus with faults still does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from processes import running

from builder.pipeline import Settings, load_corpus, press_pages
from builder.render.shell import Marker, Shell
from builder.search.pages import SearchPage

BARE = Shell(("", ""), (Marker.CONTENT,), "", ("", ""))


def test_a_preview_leaves_out_a_picture_that_is_a_link(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "a.md").write_text("![One](one.png) and ![two](two.png)\n")
    (seeds / "one.png").write_bytes(b"one")
    (seeds / "two.png").symlink_to("one.png")
    settings = Settings(tmp_path, seeds, preview=True)
    found = load_corpus(settings, {})
    assert [(str(each.place), each.code) for each in found.diagnostics] == [
        ("seeds/a.md", "F110"),
        ("seeds/two.png", "F104"),
    ]
    press_pages(found, {("documents", 2): BARE}, tmp_path / "out", settings)
    published = [path.name for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert sorted(published) == ["index.html", "one.png"]


def test_search_is_told_where_links_lead_and_in_the_order_of_the_corpus(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for slug, title in {"b": "A budget", "a": "A letter"}.items():
        (seeds / f"{slug}.txt").write_text(f"Words of {slug}.\n")
        note = "{id: n, quote: Words, note: 'See [[b]], [[b|this]].'}"
        (seeds / f"{slug}.yml").write_text(f"title: {title}\ncontext: [{note}]\n")
    settings = Settings(tmp_path, seeds)
    taken: list[SearchPage] = []
    press_pages(
        load_corpus(settings, {}),
        {("documents", 2): BARE},
        tmp_path / "out",
        settings,
        index=lambda pages, _: taken.extend(pages),
    )
    assert [page.address for page in taken] == ["documents/a/", "documents/b/"]
    assert "Words of a. Words See A budget, this." in " ".join(json.loads(taken[0].line)[1].replace("·", " ").split())


# In a process of its own: beside threads, which other tests leave running, the pipeline starts no workers.
ENDED = """
import os, sys
from pathlib import Path
from builder.diagnostics import UserError
from builder.pipeline import Settings, load_corpus, press_pages

root = Path(sys.argv[1])
settings = Settings(root, root / "seeds", workers=2)
found = load_corpus(settings, {})
try:
    press_pages(found, {}, root / "out", settings, index=lambda _, pool: pool.submit(os._exit, 1).result())
except UserError as refusal:
    print(refusal)
"""


KILLED = """
import sys, time
from pathlib import Path
from builder.pipeline import Settings, load_corpus, press_pages

root = Path(sys.argv[1])
settings = Settings(root, root / "seeds", workers=2)
loaded = load_corpus(settings, {})

def index(pages, pool):
    pool.submit(time.sleep, 0).result()
    print(*pool._processes, flush=True)
    time.sleep(100)

press_pages(loaded, {}, root / "out", settings, index=index)
"""


def alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return "\nState:\tZ" not in Path(f"/proc/{number}/status").read_text()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="looks into /proc")
def test_workers_end_with_a_build_that_is_killed(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    for number in range(64):
        (tmp_path / "seeds" / f"d{number}.txt").write_text("Words.\n")
    with running([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True) as process:
        workers = [int(number) for number in process.stdout.readline().split()]
        assert len(workers) == 2
        assert all(map(alive, workers))
        process.kill()
        process.wait(30)
        end = time.monotonic() + 30
        while any(map(alive, workers)):
            assert time.monotonic() < end, "they wait for work that nobody will give them"
            time.sleep(0.05)


def test_a_worker_that_is_ended_from_outside_is_a_refusal(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for number in range(64):
        (seeds / f"d{number}.txt").write_text("Words.\n")
    run = subprocess.run(
        [sys.executable, "-c", ENDED, str(tmp_path)], capture_output=True, text=True, timeout=120, check=False
    )
    assert "a worker process was killed" in run.stdout, run.stderr
