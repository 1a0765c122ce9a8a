"""A map whose items may not take more than so much time and memory each, because their authors are not trusted.

Each item is worked on in a child process. The system ends a child that passes a limit, whatever it is doing, also in a
library written in C; its item is reported, and another child goes on with the rest. ``ProcessPoolExecutor`` is not used
because it gives up as a whole when one of its processes ends.
"""

from __future__ import annotations

import ctypes
import math
import multiprocessing
import signal
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

_BATCH = 24  # items that a child is given at a time, so that it need not wait for the next
_LOOKS = 0.1  # seconds between two looks at the time, where no child does the work


@dataclass(frozen=True, slots=True)
class Overrun:
    """What became of an item that passed a limit. ``reason``: "time", "memory", or "crash"."""

    reason: str


@dataclass(frozen=True, slots=True)
class ItemLimits:
    """What an item may take: ``seconds`` of a processor, and bytes of ``memory`` besides what the process has."""

    seconds: float
    memory: int


def can_fork() -> bool:
    """Return whether work can be done in child processes: copying a process that runs threads could hang the copy."""
    return sys.platform == "linux" and threading.active_count() == 1


def limited_map(
    task: Callable[[_Item], _Result], items: Sequence[_Item], limits: ItemLimits, *, processes: int
) -> Iterator[tuple[int, _Result | Overrun]]:
    """Yield (index, result) for every item, in the order in which they are done.

    An exception of ``task`` is raised here. Only to be called if ``can_fork()``.

    ``task``: what to do with an item.
    ``items``: the items; they are not sent anywhere, but there when a child is made.
    ``limits``: what each of them may take.
    ``processes``: number of children.
    """
    waiting = deque(range(len(items)))
    children: dict[Connection, _Child] = {}
    try:
        while waiting or children:
            while waiting and len(children) < processes:
                child = _start(task, items, limits, tuple(children))
                children[child.connection] = child
                child.give(waiting)
            for connection in wait(list(children)):
                child = children[connection]  # type: ignore[index]  # those that it was given
                try:
                    index, result, error = child.connection.recv()
                except EOFError:
                    del children[child.connection]
                    lost, reason = child.end()
                    waiting.extendleft(reversed(lost[1:]))
                    if child.fresh or reason == "time":
                        yield lost[0], Overrun(reason)
                    else:  # its memory may have been that of the items before it
                        waiting.appendleft(lost[0])
                    continue
                if error is not None:
                    raise error
                child.done(index)
                yield index, result
                if not child.todo and not child.give(waiting):
                    del children[child.connection]
                    child.end()
    finally:
        for child in children.values():
            child.process.kill()
            child.end()


@dataclass(slots=True)
class _Child:
    """A process that works on items. ``todo``: those it has been given; ``fresh``: whether it has finished none."""

    process: BaseProcess
    connection: Connection
    todo: deque[int]
    fresh: bool = True

    def give(self, waiting: deque[int]) -> bool:
        """Give the child its next items; return whether there are any. One that gets none ends."""
        batch = [waiting.popleft() for _ in range(min(_BATCH, len(waiting)))]
        with suppress(OSError):  # it has ended; that is seen when it is read from
            self.connection.send(batch)
        self.todo.extend(batch)
        return bool(batch)

    def done(self, index: int) -> None:
        """Note that an item is finished."""
        self.todo.remove(index)
        self.fresh = False

    def end(self) -> tuple[list[int], str]:
        """Wait until the child has ended; return the items that it has not finished, and why it ended."""
        self.process.join()
        self.connection.close()
        code = self.process.exitcode or 0
        # 1: there was not even the memory to end in order.
        reasons = {-signal.SIGXCPU: "time", -signal.SIGKILL: "memory", _MEMORY: "memory", 1: "memory"}
        return list(self.todo), reasons.get(code, "crash")


_MEMORY = 77  # exit code of a child that has no memory left


def _start(
    task: Callable[[_Item], _Result], items: Sequence[_Item], limits: ItemLimits, others: tuple[Connection, ...]
) -> _Child:
    ours, theirs = multiprocessing.Pipe()
    arguments = (task, items, limits, theirs, (ours, *others))
    process = multiprocessing.get_context("fork").Process(target=_work, args=arguments, daemon=True)
    process.start()
    theirs.close()
    return _Child(process, ours, deque())


def _work(
    task: Callable[[_Item], _Result],
    items: Sequence[_Item],
    limits: ItemLimits,
    connection: Connection,
    inherited: tuple[Connection, ...],
) -> None:
    """Work on the items that come, until there are none or the parent has ended."""
    for other in inherited:  # the ends of the parent: as long as one is open, nobody sees that the parent has ended
        other.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears of Control-C too, and ends this process
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _limit_memory(limits.memory)
    with suppress(EOFError, OSError):
        while batch := connection.recv():
            for index in batch:
                _limit_time(limits.seconds)
                connection.send(_answer(task, items, index))


def _answer(
    task: Callable[[_Item], _Result], items: Sequence[_Item], index: int
) -> tuple[int, _Result | None, Exception | None]:
    """Return (index, result, None), or (index, None, the exception of the task)."""
    try:
        return index, task(items[index]), None
    except MemoryError:
        raise SystemExit(_MEMORY) from None
    except Exception as error:  # noqa: BLE001 - raised again by the parent
        error.add_note(traceback.format_exc())
        return index, None, error


def _limit_time(seconds: float) -> None:
    """Have the system end this process after so many seconds of a processor from now."""
    import resource  # noqa: PLC0415 - not on Windows, where nothing is forked

    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    end = math.ceil(time.process_time() + seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (end if hard == resource.RLIM_INFINITY else min(end, hard), hard))


def _limit_memory(memory: int) -> None:
    """Let this process have so many bytes more than it has, and leave no image of it when it is ended."""
    import resource  # noqa: PLC0415 - not on Windows, where nothing is forked

    with suppress(OSError, ValueError):
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - no path of ours
            now = int(file.read().split()[0]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = now + memory if hard == resource.RLIM_INFINITY else min(now + memory, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


# --- without child processes ----------------------------------------------------------------------------------------


class _TooLongError(BaseException):
    """Raised in a thread from outside; no ``except Exception`` is to catch it."""


def within_time(task: Callable[[_Item], _Result], item: _Item, seconds: float) -> _Result | Overrun:
    """Do the work here, beside a thread that interrupts it when it has taken too long.

    It cannot interrupt a library written in C, and does not look at memory; for where nothing can be forked.
    """
    done, lock = threading.Event(), threading.Lock()
    watch = threading.Thread(target=_interrupt, args=(threading.get_ident(), seconds, done, lock), daemon=True)
    watch.start()
    try:
        try:
            result = task(item)
        finally:
            with lock:
                done.set()
        for _ in range(100):  # an interruption that was on its way arrives here, and not in the caller
            pass
    except _TooLongError:
        return Overrun("time")
    finally:
        done.set()
        watch.join(10)
    return result


def _interrupt(thread: int, seconds: float, done: threading.Event, lock: Any) -> None:  # noqa: ANN401 - a lock has no type
    """Raise ``_TooLongError`` in a thread when it has had so many seconds of a processor, unless it is done."""
    clock = time.pthread_getcpuclockid(thread) if hasattr(time, "pthread_getcpuclockid") else None
    now = time.monotonic if clock is None else lambda: time.clock_gettime(clock)
    end = now() + seconds
    while not done.wait(_LOOKS):
        if now() < end:
            continue
        with lock:
            if not done.is_set():
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(_TooLongError))
        return
