"""Work shared among threads of this process: what Arrow and numpy do without holding the interpreter."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

S = TypeVar("S")
C = TypeVar("C")
T = TypeVar("T")


def made_once(make: Callable[[S], T]) -> Callable[[S], T]:
    """Return ``make`` with a memory of the last few values; threads that ask while it works wait."""
    remembered, lock = lru_cache(maxsize=4)(make), Lock()

    def found(value: S) -> T:
        with lock:
            return remembered(value)

    return found


def map_threads(
    function: Callable[[S, C], T], tasks: Sequence[S], common: C, workers: int = 1
) -> Iterator[tuple[int, T]]:
    """Yield (place, ``function(task, common)``) for every task, in order; few values wait to be taken."""
    if workers <= 1 or len(tasks) <= 1:
        yield from ((i, function(task, common)) for i, task in enumerate(tasks))
        return
    from concurrent.futures import ThreadPoolExecutor

    waiting: deque[tuple[int, Future[T]]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        for i, task in enumerate(tasks):
            waiting.append((i, pool.submit(function, task, common)))
            if len(waiting) > workers + 1:
                place, future = waiting.popleft()
                yield place, future.result()
        while waiting:
            place, future = waiting.popleft()
            yield place, future.result()
