"""Scores with their intervals: what every report is filled by."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal

import msgspec
import numpy as np

from claimbench.errors import UsageError, nearest
from claimbench.report import Intervals, Score
from claimbench.stats.bootstrap import DRAWS, cluster_weights, percentile, replicates
from claimbench.stats.estimators import Ints, Metric, Rows, cluster_count, points
from claimbench.stats.intervals import LEVEL, Interval, effective_number, jackknife
from claimbench.tasks.base import Task

Method = Literal["jackknife", "bootstrap", "none"]
METHODS: tuple[Method, ...] = ("jackknife", "bootstrap", "none")


class Procedure(msgspec.Struct, frozen=True):
    """How intervals are made: by which method, and from which seed where it draws."""

    method: Method = "jackknife"
    seed: int = 0

    def __str__(self) -> str:
        """Return what the signature says of it."""
        return {
            "jackknife": f"jackknife-t {LEVEL:g}",
            "bootstrap": f"bootstrap {LEVEL:g} draws {DRAWS} seed {self.seed}",
            "none": "none",
        }[self.method]


def procedure(method: str, seed: int = 0) -> Procedure:
    """Return the procedure of a name. Raises UsageError for an unknown one, or a seed it has no use for."""
    for known in METHODS:
        if known == method:
            if seed < 0:
                raise UsageError(f"the seed must not be negative, but is {seed}")
            if seed and known != "bootstrap":
                raise UsageError(f"the interval '{known}' draws nothing; a seed is for 'bootstrap'")
            return Procedure(known, seed)
    raise UsageError(f"unknown interval '{method}'{nearest(method, METHODS)}; one of {', '.join(METHODS)}")


class Asked(msgspec.Struct, frozen=True):
    """Which metrics are wanted, None for all, and how their intervals are made."""

    names: tuple[str, ...] | None = None
    how: Procedure = Procedure()

    def metrics(self, chosen: Task[Any], rows: Rows) -> tuple[Metric, ...]:
        """Return the wanted metrics bound to rows; the headline and its fallback are always among them."""
        if self.names is None:
            return chosen.metrics(rows)
        fallback = (chosen.fallback,) if chosen.fallback else ()
        return chosen.named(rows, (chosen.headline, *fallback, *self.names))


def scores(
    metrics: Sequence[Metric],
    rows: Rows,
    clusters: Ints | None,
    sources: Ints | None,
    how: Procedure,
    only: Collection[str] | None = None,
) -> dict[str, Score]:
    """Return every metric's value and intervals by name.

    ``clusters`` and ``sources`` are cluster codes (items,) of the two estimands, None for an estimand that is
    not asked for. ``only`` names the metrics that get intervals; None gives them to all.
    """
    chosen = [metric for metric in metrics if only is None or metric.name in only]
    here = {} if clusters is None else _intervals(chosen, rows, clusters, how)
    there = {} if sources is None else _intervals(chosen, rows, sources, how)
    return {
        name: Score(value, Intervals(this_benchmark=here.get(name), new_sources=there.get(name)))
        for name, value in points(metrics, rows).items()
    }


def _intervals(
    metrics: Sequence[Metric], rows: Rows, codes: Ints, how: Procedure
) -> Mapping[str, Interval | None]:
    if how.method == "none":
        return {}
    if how.method == "jackknife":
        return {metric.name: jackknife(metric, rows, codes) for metric in metrics}
    sizes = np.bincount(codes)
    heard = {metric.name: metric.rests_on(rows, codes) for metric in metrics if metric.scale != "none"}
    chosen = [metric for metric in metrics if metric.name in heard]
    drawn = replicates(chosen, rows, codes, cluster_weights(cluster_count(codes), DRAWS, how.seed))
    return {
        name: percentile(found, int(heard[name].sum()), float(effective_number(sizes, heard[name])))
        for name, found in drawn.items()
    }
