"""Shards on a Ray cluster: core tasks with retries, so that a node that dies costs time and nothing else."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import islice
from typing import Any, TypeVar

from claimbench.bulk.gold import Gold
from claimbench.errors import FailedSystemError, InputError, MissingExtraError
from claimbench.reading.corpus import Corpus
from claimbench.reading.inputs import Shard
from claimbench.records import Split
from claimbench.systems import Input, Share, ask, check_ability, load_system, shares

T = TypeVar("T")
RETRIES = 5

AHEAD = 1_000
"""Tasks given to the cluster at once: more than it has processors, few enough to wait for cheaply."""


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


ITEMS = 64
"""Items in a share of predicting; fixed, so that predictions do not depend on the cluster."""


def map_ray(
    function: Callable[[Shard, Gold], T], shards: Sequence[Shard], gold: Gold, address: str | None = None
) -> Iterator[tuple[int, T]]:
    """Yield (place, value) for every shard, in any order; each is read on the node that scores it.

    Raises InputError with the shard's name where it was tried ``RETRIES`` times in vain.
    """
    ray = connect(address)

    def apply(shard: Shard, shared: Sequence[Any]) -> T:
        return function(shard, _gold(*shared))

    remote = ray.remote(max_retries=RETRIES)(apply)
    shared = [ray.put(gold)]  # in a list, or Ray would unpack it for every shard
    try:
        yield from _finished(ray, (partial(remote.remote, shard, shared) for shard in shards))
    except _LostError as lost:
        name = shards[lost.place].name
        raise InputError(f"{name}: could not be scored on the cluster: {lost}") from None


@lru_cache(maxsize=1)
def _gold(reference: Any) -> Gold:
    """Return the gold that a reference stands for; a worker keeps it from shard to shard."""
    import ray

    found: Gold = ray.get(reference)
    return found


def predict_on_ray(
    task: str, name: str, corpus: Corpus, split: Split, seed: int, address: str | None = None
) -> list[dict[str, Any]]:
    """Return the predictions of an installed system, run on the cluster with 64 items at a time.

    A system that looks at all items together may predict otherwise than on this machine. Raises UsageError
    where the system does not do the task, FailedSystemError where it fails.
    """
    check_ability(task, load_system(name))
    ray = connect(address)
    remote = ray.remote(max_retries=RETRIES)(_predicted)
    tasks = []
    for share in shares(task, corpus, split):
        training = ray.put(share.training)
        for start in range(0, len(share.items), ITEMS):
            part = share.items[start : start + ITEMS]
            tasks.append(partial(remote.remote, task, name, part, training, seed))
    try:
        found = dict(_finished(ray, tasks))
    except _LostError as lost:
        raise FailedSystemError(f"system '{name}' failed on the cluster: {lost}") from None
    parts: list[list[dict[str, Any]]] = []
    for place in range(len(tasks)):
        lines, failure = found[place]
        if failure:
            raise FailedSystemError(failure)
        parts.append(lines)
    return [line for lines in parts for line in lines]


def _predicted(
    task: str, name: str, items: Sequence[Input], training: Corpus, seed: int
) -> tuple[list[dict[str, Any]], str]:
    """Return the lines of a system for some items, and why it failed."""
    try:
        return list(ask(load_system(name), task, Share(items, training), seed)), ""
    except FailedSystemError as error:
        return [], str(error)


class _LostError(Exception):
    """A task failed for good."""

    def __init__(self, place: int, reason: str) -> None:
        super().__init__(reason)
        self.place = place


def _finished(ray: Any, tasks: Iterable[Callable[[], Any]]) -> Iterator[tuple[int, Any]]:
    """Start tasks and yield (place, value) as they finish, ``AHEAD`` at a time.

    Raises _LostError where one fails after all retries.
    """
    places = enumerate(tasks)
    waiting: dict[Any, int] = {}
    while True:
        waiting |= {start(): place for place, start in islice(places, AHEAD - len(waiting))}
        if not waiting:
            return
        done, _ = ray.wait(list(waiting), num_returns=1)
        place = waiting.pop(done[0])
        try:
            value = ray.get(done[0])
        except ray.exceptions.RayError as error:
            raise _LostError(place, str(error)) from None
        yield place, value
