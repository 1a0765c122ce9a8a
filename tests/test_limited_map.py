"""Whatever an item does, the others are worked on, and the item is known by the limit that it passed."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest
from processes import running

from builder.limited_map import Overrun, within_time

# In a process of its own: beside threads, which other tests leave running, nothing is forked.
MAPPED = """
import ctypes, hashlib, os, signal, sys, time
from builder.limited_map import ItemLimits, limited_map

def task(what):
    match what:
        case "loop":
            while True: pass
        case "in C":
            hashlib.pbkdf2_hmac("sha256", b"", b"", 10**9)
        case "memory":
            return len([bytearray(10**7) for _ in range(10**5)])
        case "memory in C":
            return len(bytes(10**12))
        case "crash":
            ctypes.string_at(1)
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "wrong":
            raise ValueError("wrong")
        case "asleep":
            time.sleep(1.5)
    return what.upper() if isinstance(what, str) else what

limits = ItemLimits(seconds=1, memory=300_000_000)
items = eval(sys.argv[1])
results = dict(limited_map(task, items, limits, processes=int(sys.argv[2])))
print([getattr(results[index], "reason", results[index]) for index in range(len(items))])
"""


def mapped(items: list[object], processes: int = 2) -> str:
    command = [sys.executable, "-c", MAPPED, repr(items), str(processes)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    return done.stdout.strip() or next(line for line in done.stderr.splitlines() if "Error" in line)


linux = pytest.mark.skipif(sys.platform != "linux", reason="nothing is forked elsewhere")


@linux
@pytest.mark.parametrize("processes", [1, 2, 5])
def test_every_item_has_its_result(processes: int) -> None:
    assert mapped(list(range(100)), processes) == str(list(range(100)))
    assert mapped([], processes) == "[]"


@linux
@pytest.mark.parametrize("processes", [1, 3])
def test_an_item_that_passes_a_limit_is_the_only_one_that_is_lost(processes: int) -> None:
    items = [
        "a",
        "loop",
        "b",
        "memory",
        "c",
        "crash",
        "d",
        "in C",
        "memory in C",
        "e",
        "killed",
    ]
    told = ["A", "time", "B", "memory", "C", "crash", "D", "time", "memory", "E", "memory"]
    assert mapped([*items, *range(60)], processes) == str([*told, *range(60)])


@linux
def test_time_that_a_processor_does_not_work_is_not_counted() -> None:
    assert mapped(["asleep", "a"]) == "['ASLEEP', 'A']"


@linux
def test_an_error_of_the_task_is_raised() -> None:
    assert mapped([1, "wrong", 2]) == "ValueError: wrong"


@linux
def test_children_end_with_the_process_that_started_them(tmp_path: Path) -> None:
    script = textwrap.dedent(f"""
        import os, time
        from pathlib import Path
        from builder.limited_map import ItemLimits, limited_map

        def task(number):
            (Path({str(tmp_path)!r}) / str(os.getpid())).touch()
            return number

        for index, result in limited_map(task, list(range(10)), ItemLimits(60, 10**9), processes=2):
            print("done", flush=True)
            time.sleep(100)
    """)
    with running([sys.executable, "-c", script], stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        process.kill()
        process.wait(30)
        end = time.monotonic() + 30
        while any(Path("/proc", path.name).exists() for path in tmp_path.iterdir()):
            assert time.monotonic() < end
            time.sleep(0.05)


def test_without_children_time_is_limited_where_python_works() -> None:
    def loop(item: str) -> str:
        while item == "loop":
            pass
        return item

    for _ in range(3):
        assert within_time(loop, "loop", 0.3) == Overrun("time")
        assert within_time(loop, "a", 0.3) == "a"
    assert [thread.name for thread in threading.enumerate() if "interrupt" in thread.name] == []


def test_an_interruption_never_arrives_late() -> None:
    """Items that take about as long as they may: each is either done or too long, and nothing else is interrupted."""

    def work(rounds: int) -> int:
        for _ in range(rounds):
            hashlib.sha256(b"x").digest()
        return rounds

    results = {type(within_time(work, rounds, 0.1)) for rounds in range(80_000, 200_000, 10_000)}
    assert results <= {int, Overrun}
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
