"""Work shared among threads of this process: what Arrow and numpy do without holding the interpreter."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

S = TypeVar("S")
C = TypeVar("C")
T = TypeVar("T")


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
