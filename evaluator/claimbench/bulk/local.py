"""Shards on this machine: one process, or a pool of which this process is a part."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from claimbench.bulk.gold import Gold
from claimbench.reading.inputs import Shard

T = TypeVar("T")

ShardFunction = Callable[[Shard, Gold], T]
"""A pure function of a shard, which can be run again after a failure."""

_gold: Gold | None = None


def map_local(
    function: ShardFunction[T], shards: Sequence[Shard], gold: Gold, workers: int = 1
) -> Iterator[tuple[int, T]]:
    """Yield (place, value) for every shard, in any order.

    This process works too, from the end of the list, while ``workers`` - 1 others begin at the front. If one
    dies, its shards are left to this process.
    """
    if workers <= 1 or len(shards) <= 1:
        yield from ((i, function(shard, gold)) for i, shard in enumerate(shards))
        return
    from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
    from multiprocessing import get_context

    pool = ProcessPoolExecutor(workers - 1, get_context("spawn"), _start, (gold,))
    try:
        waiting = {}
        for i, shard in enumerate(shards):
            try:
                waiting[i] = pool.submit(_work, function, shard)
            except BrokenExecutor:
                yield i, function(shard, gold)
        while waiting:
            own = next((i for i in reversed(waiting) if waiting[i].cancel()), None)
            if own is not None:
                del waiting[own]
                yield own, function(shards[own], gold)
            done = [i for i, future in waiting.items() if future.done()]
            for i in done or (list(waiting)[:1] if own is None else []):
                try:
                    value = waiting.pop(i).result()
                except BrokenExecutor:
                    value = function(shards[i], gold)
                yield i, value
    finally:
        pool.shutdown(cancel_futures=True)


def _start(gold: Gold) -> None:
    global _gold
    _gold = gold


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


def _work(function: ShardFunction[T], shard: Shard) -> T:
    if _gold is None:
        raise RuntimeError("the worker was not given the gold")
    return function(shard, _gold)
