"""Shards on a Ray cluster: core tasks with retries, so that a node that dies costs time and nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from claimbench.bulk.gold import Gold
from claimbench.bulk.local import ShardFunction
from claimbench.errors import InputError, MissingExtraError
from claimbench.reading.inputs import Shard

T = TypeVar("T")
RETRIES = 5


def connect(address: str | None) -> Any:
    """Return ray, connected to the cluster at ``address``, or to a new one on this machine.

    Raises MissingExtraError without ray and InputError where there is no such cluster.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
    except ImportError:
        raise MissingExtraError("the engine 'ray'", "ray") from None
    if not ray.is_initialized():
        try:
            ray.init(address=address, log_to_driver=False, configure_logging=False)
        except (ConnectionError, ValueError, RuntimeError) as error:
            raise InputError(f"no Ray cluster at '{address}': {error}") from None
    return ray


def map_ray(
    function: ShardFunction[T], shards: Sequence[Shard], gold: Gold, address: str | None = None
) -> Iterator[tuple[int, T]]:
    """Yield (place, value) for every shard, in any order; each is read on the node that scores it.

    Raises InputError with the shard's name where it was tried ``RETRIES`` times in vain.
    """
    ray = connect(address)
    remote = ray.remote(max_retries=RETRIES)(function)
    shared = ray.put(gold)
    waiting = {remote.remote(shard, shared): i for i, shard in enumerate(shards)}
    while waiting:
        done, _ = ray.wait(list(waiting), num_returns=1)
        place = waiting.pop(done[0])
        try:
            value = ray.get(done[0])
        except ray.exceptions.RayError as error:
            raise InputError(f"{shards[place].name}: could not be scored on the cluster: {error}") from None
        yield place, value
