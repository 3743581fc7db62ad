"""How sure a score is: the delete-one-cluster jackknife with Student's t.

Whole clusters are left out, never items, because items about one thing are right or wrong together.
The spread is measured on a scale that stabilises it: logit for scores in [0, 1], Fisher's z for
correlations, log for losses (Efron & Tibshirani 1993, ch. 11; Brown, Cai & DasGupta 2001 on the logit).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from claimbench.stats.estimators import Additive, Estimator, Floats, Ints, Metric, Rows, Scale
from claimbench.stats.student import t_quantile

LEVEL = 0.95
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Interval:
    """A confidence interval: bounds, level, how it was made and from how many clusters."""

    low: float
    high: float
    level: float
    method: str
    clusters: int


_STABILISE: dict[Scale, tuple[str, Callable[[Floats], Floats], Callable[[Floats], Floats], float, float]] = {
    "proportion": (
        "logit",
        lambda x: np.log(x) - np.log1p(-x),
        lambda y: 1.0 / (1.0 + np.exp(-y)),
        0.0,
        1.0,
    ),
    "correlation": ("fisher-z", np.arctanh, np.tanh, -1.0, 1.0),
    "loss": ("log", np.log, np.exp, 0.0, math.inf),
}


def cluster_codes(clusters: Sequence[str]) -> Ints:
    """Return int64 codes from 0 for cluster names, in sorted order of the names; shape (items,)."""
    code = {name: i for i, name in enumerate(sorted(set(clusters)))}
    return np.array([code[name] for name in clusters], dtype=np.int64)


def leave_one_out(codes: Ints) -> Ints:
    """Return int64 weights (clusters, items): row k leaves cluster k out."""
    count = int(codes.max()) + 1 if codes.size else 0
    weights: Ints = (np.arange(count)[:, np.newaxis] != codes).astype(np.int64)
    return weights


def jackknife(
    estimator: Estimator, codes: Ints, scale: Scale = "proportion", level: float = LEVEL
) -> Interval | None:
    """Return the jackknife-t interval over clusters, or None where it cannot be given.

    ``codes`` are cluster codes of shape (items,). None where the score is undefined, on the whole or
    without some cluster, or where there are fewer than two clusters. At the edge of the range the open
    side is the Clopper-Pearson bound that K clusters without exception allow.
    """
    count = int(codes.max()) + 1 if codes.size else 0
    if count < 2:
        return None
    value = float(estimator(np.ones(codes.size, dtype=np.int64)))
    return interval_of_replicates(value, estimator(leave_one_out(codes)), scale, level)


def interval_of_replicates(
    value: float,
    replicates: Floats,
    scale: Scale = "proportion",
    level: float = LEVEL,
    times: Ints | None = None,
) -> Interval | None:
    """Return the jackknife-t interval of a score, given its replicates without each cluster (clusters,).

    ``times`` says how many clusters have each replicate, where clusters with equal counts stand together.
    """
    count = replicates.size if times is None else int(times.sum())
    if count < 2:
        return None
    if math.isnan(value) or bool(np.isnan(replicates).any()):
        return None
    name, forward, back, low_end, high_end = _STABILISE[scale]
    if value in (low_end, high_end):
        return _edge_interval(value, low_end, high_end, count, level)
    t = t_quantile(0.5 + level / 2.0, count - 1)
    at_edge = bool(((replicates <= low_end) | (replicates >= high_end)).any())
    if at_edge:
        half = t * _standard_error(replicates, times)
        low, high = max(low_end, value - half), min(high_end, value + half)
        return Interval(low, high, level, "jackknife-t", count)
    middle = float(forward(np.array(value)))
    half = t * _standard_error(forward(replicates), times)
    bounds = back(np.array([middle - half, middle + half]))
    return Interval(float(bounds[0]), float(bounds[1]), level, f"jackknife-t {name}", count)


def scores_without_clusters(metric: Metric, rows: Rows, codes: Ints) -> tuple[float, Floats]:
    """Return the score on all rows, and without each cluster, shape (clusters,).

    The same numbers as ``estimator(leave_one_out(codes))``. An additive metric takes the total minus each
    cluster's sum, in time and space of rows times columns; others go through blocks of weights.
    """
    count = int(codes.max()) + 1 if codes.size else 0
    if isinstance(metric, Additive):
        sums = cluster_sums(rows.select(metric.columns), codes, count)
        total = sums.sum(axis=0)
        return float(metric.value(total)), metric.value(total - sums)
    estimate = metric.estimator(rows)
    block = max(1, _BLOCK // max(1, codes.size))
    parts = [
        estimate((np.arange(at, min(at + block, count))[:, np.newaxis] != codes).astype(np.int64))
        for at in range(0, count, block)
    ]
    return float(estimate(np.ones(codes.size, dtype=np.int64))), np.concatenate(parts)


def scores_without_one(metric: Additive, rows: Rows, times: Ints) -> tuple[float, Floats]:
    """Return the score on all items, and without one item of each row, shape (rows,).

    ``times`` (rows,) says how many items have each row.
    """
    counts = rows.select(metric.columns)
    total = np.matmul(times, counts)
    return float(metric.value(total)), metric.value(total - counts)


def cluster_sums(counts: Ints, codes: Ints, clusters: int) -> Ints:
    """Return int64 sums (clusters, columns) of counts (items, columns); every code occurs."""
    if clusters == codes.size:
        sums = np.empty_like(counts)
        sums[codes] = counts
        return sums
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], np.arange(clusters))
    return np.add.reduceat(counts[order], starts, axis=0)


def _standard_error(replicates: Floats, times: Ints | None = None) -> float:
    if times is not None:
        count = int(times.sum())
        deviations = replicates - float(np.dot(replicates, times)) / count
        return math.sqrt((count - 1) / count * float(np.dot(deviations * deviations, times)))
    count = replicates.size
    deviations = replicates - replicates.mean()
    return math.sqrt((count - 1) / count * float(np.sum(deviations * deviations)))


def _edge_interval(
    value: float, low_end: float, high_end: float, count: int, level: float
) -> Interval | None:
    """All clusters agree on the end of the range: bound the share of clusters that might not."""
    if math.isinf(high_end):
        return None
    width = (1.0 - ((1.0 - level) / 2.0) ** (1.0 / count)) * (high_end - low_end)
    low, high = (value, value + width) if value == low_end else (value - width, value)
    return Interval(low, high, level, "clopper-pearson clusters", count)
