"""Shards of tables: threads of one process, which read and compute without holding the interpreter."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from typing import TypeVar

from claimbench.bulk.gold import Gold
from claimbench.reading.inputs import Shard

T = TypeVar("T")


def map_threads(
    function: Callable[[Shard, Gold], T], shards: Sequence[Shard], gold: Gold, workers: int = 1
) -> Iterator[tuple[int, T]]:
    """Yield (place, value) for every shard, in order; few values wait to be taken."""
    if workers <= 1 or len(shards) <= 1:
        yield from ((i, function(shard, gold)) for i, shard in enumerate(shards))
        return
    from concurrent.futures import ThreadPoolExecutor

    waiting: deque[tuple[int, Future[T]]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        for i, shard in enumerate(shards):
            waiting.append((i, pool.submit(function, shard, gold)))
            if len(waiting) > workers + 1:
                place, future = waiting.popleft()
                yield place, future.result()
        while waiting:
            place, future = waiting.popleft()
            yield place, future.result()
