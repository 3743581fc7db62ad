"""Work shared among processes on this machine: this one, and others that start while it works.

The others are plain interpreters that read pickled tasks from a pipe. Unlike those of ``multiprocessing``
they need nothing of the main module of the caller, so a script without a main guard can use them.
"""

from __future__ import annotations

import gc
import os
import pickle
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from threading import Thread
from typing import Any, Self, TypeVar

S = TypeVar("S")
C = TypeVar("C")
T = TypeVar("T")

START = (
    "import pickle, sys; from importlib import import_module; sys.path[:] = pickle.load(sys.stdin.buffer); "
    "import_module(sys.argv[1]); import_module('claimbench.processes').serve()"
)

ROOM = 1 << 20
"""Bytes that a pipe and its reader hold: a whole answer, so that nobody waits for this process to be idle."""

PLENTY = 8
"""So many tasks that are left let a worker hold one ready."""


def spread(
    function: Callable[[S, C], T], tasks: Sequence[S], common: C, workers: int
) -> Iterator[tuple[int, T]]:
    """Yield (place, ``function(task, common)``) for every task, in any order, done by a ``Crew``."""
    with Crew(min(workers, len(tasks))) as crew:
        yield from crew.share(function, tasks, common)


_ready: list[_Worker] = []


@contextmanager
def prepared(workers: int, module: str) -> Iterator[None]:
    """Start the ``workers`` - 1 others of crews to come, which import ``module`` while this process does."""
    _ready.extend(_Worker(module) for _ in range(workers - 1))
    try:
        yield
    finally:
        while _ready:
            _ready.pop().close()


class Crew:
    """This process and ``workers`` - 1 others, which start at once, import ``module`` and wait for work."""

    def __init__(self, workers: int, module: str = "pickle") -> None:
        self._others = [_ready.pop() if _ready else _Worker(module) for _ in range(workers - 1)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for other in self._others:
            other.close()

    def share(self, function: Callable[[S, C], T], tasks: Sequence[S], common: C) -> Iterator[tuple[int, T]]:
        """Have the others begin; return (place, ``function(task, common)``) for every task, in any order.

        They begin at the front; this process joins them from the end when it takes the first value. If one
        dies or fails, its tasks are left to this process, so that an error is raised here.
        """
        left = deque(range(len(tasks)))
        found: SimpleQueue[tuple[int | None, Any]] = SimpleQueue()
        for other in self._others:
            other.start(function, tasks, common, left, found)

        def values() -> Iterator[tuple[int, T]]:
            missing = len(tasks)
            while missing:
                own = _taken(left.pop)
                if own is not None:
                    missing -= 1
                    yield own, function(tasks[own], common)
                while not found.empty() or (own is None and missing):
                    place, value = found.get()
                    if place is None:
                        break
                    missing -= 1
                    yield place, value

        return values()


def _taken(take: Callable[[], int]) -> int | None:
    """Return the next task; None where another thread was faster, or none is left."""
    try:
        return take()
    except IndexError:
        return None


class _Worker:
    """Another process, which a thread of this one gives tasks."""

    def __init__(self, module: str) -> None:
        from subprocess import PIPE, Popen

        command = [sys.executable, "-c", START, module]
        self._process = Popen(command, ROOM, stdin=PIPE, stdout=PIPE, process_group=0, pipesize=ROOM)
        self._thread: Thread | None = None
        with suppress(OSError):
            self._send(sys.path)

    def start(self, *work: Any) -> None:
        """Begin ``_work``."""
        self._thread = Thread(target=self._work, args=work, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        if self._thread is not None:
            self._thread.join()
        with suppress(OSError), self._process:
            pass

    def _work(
        self,
        function: Callable[[S, C], T],
        tasks: Sequence[S],
        common: C,
        left: deque[int],
        found: SimpleQueue[tuple[int | None, Any]],
    ) -> None:
        """Have tasks done until none is left, holding a second one ready while there are many."""
        held: deque[int] = deque()
        try:
            self._send((function, common))
            while True:
                while len(held) < (2 if len(left) > PLENTY else 1):
                    place = _taken(left.popleft)
                    if place is None:
                        break
                    held.append(place)
                    self._send(tasks[place])
                if not held:
                    return
                value = pickle.load(self._process.stdout)  # type: ignore[arg-type]
                found.put((held.popleft(), value))
        except Exception:
            # Whatever fails here fails again in the process that waits, where it can be told.
            return
        finally:
            left.extend(held)
            found.put((None, None))

    def _send(self, value: object) -> None:
        stdin = self._process.stdin
        if stdin is not None:
            pickle.dump(value, stdin, protocol=pickle.HIGHEST_PROTOCOL)
            stdin.flush()


def serve() -> None:
    """Do what is asked on standard input and answer on standard output, until either ends."""
    given, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        keep_memory()
        function, common = pickle.load(given)
        gc.freeze()
        while True:
            value = function(pickle.load(given), common)
            pickle.dump(value, answers, protocol=pickle.HIGHEST_PROTOCOL)
            answers.flush()
    except BaseException:
        os._exit(1)


M_TOP_PAD, M_MMAP_THRESHOLD = -2, -3
"""What ``mallopt`` calls memory beyond what is needed, and the size from which blocks are mapped alone."""


def keep_memory() -> None:
    """Have glibc ask for memory in large pieces and keep it; elsewhere do nothing.

    Blocks that are read and freed in turn would else go back to the system and come again page by page, a
    tenth of the time of reading.
    """
    import ctypes

    with suppress(OSError, AttributeError, TypeError):
        libc = ctypes.CDLL(None)
        libc.mallopt(M_TOP_PAD, 1 << 26)
        libc.mallopt(M_MMAP_THRESHOLD, 1 << 25)


@contextmanager
def uncollected() -> Iterator[None]:
    """Pause the collector of cycles: millions of records that form none are looked through in vain."""
    paused = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if paused:
            gc.enable()
