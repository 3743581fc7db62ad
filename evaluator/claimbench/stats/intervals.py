"""How sure a score is: the delete-one-cluster jackknife with Student's t.

Whole clusters are left out, never items, because items about one thing are right or wrong together.
The spread is measured on a scale that stabilises it: logit for scores in [0, 1], Fisher's z for
correlations, log for losses (Efron & Tibshirani 1993, ch. 11; Brown, Cai & DasGupta 2001 on the logit).

Clusters that a score does not rest on, such as those without positives for a recall, are left aside: a score
on three clusters is no surer for the sixty that say nothing of it. Clusters of unequal size weigh as much as
fewer equal ones. The degrees of freedom are one less than that number (Kish 1965), not one less than the
number of clusters: ``benchmarks/coverage_grid.md`` measures both.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import repeat

import msgspec
import numpy as np
import numpy.typing as npt

from claimbench.stats.estimators import (
    Additive,
    Bools,
    Floats,
    Ints,
    Metric,
    Rows,
    Scale,
    cluster_count,
    cluster_sums,
    unit_weights,
)
from claimbench.stats.measured import least_coverage
from claimbench.stats.student import t_quantile

LEVEL = 0.95
_BLOCK = 1 << 20
NO_SPREAD = 1e-12
"""A standard error up to this is none: all clusters agree."""


class Interval(msgspec.Struct, frozen=True, gc=False):
    """A confidence interval: bounds, level, how it was made and from how many clusters.

    ``degrees`` are Student's degrees of freedom. ``coverage`` is the least share of simulated benchmarks, of
    all with clusters that weigh no less, in which such intervals held the true value; None where the
    procedure was not simulated.
    """

    low: float
    high: float
    level: float
    method: str
    clusters: int
    degrees: float | None = None
    coverage: float | None = None


class _Stabiliser(msgspec.Struct, frozen=True):
    """A scale on which spread is even: there, its slope, and back."""

    name: str
    forward: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]
    back: Callable[[Floats], Floats]


RANGE: dict[Scale, tuple[float, float]] = {
    "proportion": (0.0, 1.0),
    "correlation": (-1.0, 1.0),
    "loss": (0.0, math.inf),
}
"""The ends of each scale."""

_STABILISE: dict[Scale, _Stabiliser] = {
    "proportion": _Stabiliser(
        "logit",
        lambda x: np.log(x) - np.log1p(-x),
        lambda x: 1.0 / (x * (1.0 - x)),
        lambda y: 1.0 / (1.0 + np.exp(-y)),
    ),
    "correlation": _Stabiliser("fisher-z", np.arctanh, lambda x: 1.0 / ((1.0 - x) * (1.0 + x)), np.tanh),
    "loss": _Stabiliser("log", np.log, lambda x: 1.0 / x, np.exp),
}


def cluster_codes(clusters: Sequence[str]) -> Ints:
    """Return int64 codes from 0 for cluster names, in sorted order of the names; shape (items,)."""
    code = {name: i for i, name in enumerate(sorted(set(clusters)))}
    return np.array([code[name] for name in clusters], dtype=np.int64)


def effective_number(sizes: Ints | Floats, times: Ints | Bools | None = None) -> Floats:
    """Return (sum n)^2 / sum n^2 of cluster sizes n, shape (clusters,): so many equal ones weigh as much.

    ``times`` (..., clusters) says how often each cluster is there, for a result of shape (...); 0 for none.
    """
    n = sizes.astype(np.float64)
    weighed = n if times is None else n * times
    total, squares = np.sum(weighed, axis=-1), np.sum(weighed * n, axis=-1)
    effective: Floats = total**2 / np.maximum(squares, 1.0)
    return effective


def degrees_of_freedom(effective: float) -> float:
    """Return Student's degrees of freedom: the effective number of clusters less one, at least 1."""
    return max(1.0, effective - 1.0)


def leave_one_out(codes: Ints, start: int = 0, stop: int | None = None) -> Ints:
    """Return int64 weights (clusters, items): row k leaves cluster ``start`` + k out, as far as ``stop``."""
    last = cluster_count(codes) if stop is None else stop
    weights: Ints = (np.arange(start, last)[:, np.newaxis] != codes).astype(np.int64)
    return weights


def scores_without_clusters(metric: Metric, rows: Rows, codes: Ints) -> tuple[float, Floats, Bools]:
    """Return the score on all rows, without each cluster, and whether it rests on the cluster, (clusters,).

    The same numbers as the estimator gives for ``leave_one_out(codes)``. An additive metric takes the total
    minus each cluster's sum, in time and space of rows times columns; others go through blocks of weights.
    """
    if isinstance(metric, Additive):
        totals = cluster_sums(rows.select(metric.columns), codes)
        whole = totals.sum(axis=0)
        value, without = float(metric.value(whole)), metric.value(whole - totals)
        return value, without, metric.hears(totals) | (without != value)
    estimate, count = metric.estimator(rows), cluster_count(codes)
    block = max(1, _BLOCK // max(1, codes.size))
    parts = [estimate(leave_one_out(codes, at, min(at + block, count))) for at in range(0, count, block)]
    value, without = float(estimate(unit_weights(rows))), np.concatenate(parts)
    return value, without, metric.rests_on(rows, codes) | (without != value)


def scores_without_one(metric: Additive, rows: Rows, times: Ints) -> tuple[float, Floats]:
    """Return the score on all items, and without one item of each row, shape (rows,).

    ``times`` (rows,) says how many items have each row.
    """
    counts = rows.select(metric.columns)
    total = np.matmul(times, counts)
    return float(metric.value(total)), metric.value(total - counts)


def jackknife(metric: Metric, rows: Rows, codes: Ints, level: float = LEVEL) -> Interval | None:
    """Return the jackknife-t interval over clusters, or None where it cannot be given.

    ``codes`` are cluster codes of shape (items,). None where the score is undefined, on the whole or
    without some cluster, where its scale has none, or where it rests on fewer than two clusters. Where all
    of these agree, each open side is the Clopper-Pearson bound that as many without exception allow.
    """
    if cluster_count(codes) < 2 or metric.scale == "none":
        return None
    value, without, heard = scores_without_clusters(metric, rows, codes)
    return interval_of_replicates(value, without, metric.scale, np.bincount(codes), heard, level)


def interval_of_replicates(
    value: float, without: Floats, scale: Scale, sizes: Ints, times: Ints | Bools, level: float = LEVEL
) -> Interval | None:
    """Return the jackknife-t interval of a score, given its replicates without each cluster (clusters,).

    ``sizes`` (clusters,) are the items of each. ``times`` (clusters,) is 0 for a cluster that the score does
    not rest on, and more than 1 where it stands for others with equal counts.
    """
    return intervals_of_replicates(np.array([value]), without[np.newaxis], scale, sizes, times, level)[0]


def intervals_of_replicates(
    values: Floats, without: Floats, scale: Scale, sizes: Ints, times: Ints | Bools, level: float = LEVEL
) -> list[Interval | None]:
    """Return the same for the scores of many systems (systems,) and their replicates (systems, clusters).

    ``times`` is of shape (clusters,) or (systems, clusters).
    """
    if scale == "none":
        return [None] * values.size
    count = np.broadcast_to(times.sum(axis=-1), values.shape)
    effective = np.broadcast_to(effective_number(sizes, times), values.shape).tolist()
    degrees = [degrees_of_freedom(each) for each in effective]
    t = np.array([t_quantile(0.5 + level / 2.0, each) for each in degrees])
    low, high, unanimous = _bounds(values, without, scale, t, level, times)
    covered = {each: least_coverage(each) if level == LEVEL else None for each in set(effective)}
    least, most, clusters = low.tolist(), high.tolist(), count.tolist()
    coverage = [covered[each] for each in effective]
    made = repeat(level), repeat(f"jackknife-t {_STABILISE[scale].name}"), clusters, degrees, coverage
    found: list[Interval | None] = list(map(Interval, least, most, *made))
    for i in np.flatnonzero(unanimous).tolist():
        method = "clopper-pearson clusters"
        found[i] = Interval(least[i], most[i], level, method, clusters[i], coverage=coverage[i])
    for i in np.flatnonzero(np.isnan(low) | np.isnan(high) | (count < 2)).tolist():
        found[i] = None
    return found


def jackknife_bounds(
    value: Floats,
    without: Floats,
    scale: Scale,
    t: float | Floats,
    level: float = LEVEL,
    times: Ints | Bools | None = None,
) -> tuple[Floats, Floats]:
    """Return both bounds, shape (...), of scores (...) and their replicates (..., clusters); NaN for none.

    ``t`` (...) is Student's quantile; ``times`` (..., clusters) says how often each cluster is there. Where a
    replicate reaches an end of the range, the error is carried to the stabilising scale by its slope at the
    score instead of being measured there.
    """
    low, high, _ = _bounds(value, without, scale, t, level, times)
    return low, high


def _bounds(
    value: Floats, without: Floats, scale: Scale, t: float | Floats, level: float, times: Ints | Bools | None
) -> tuple[Floats, Floats, npt.NDArray[np.bool_]]:
    """Return both bounds, and whether all clusters agree."""
    here = _STABILISE[scale]
    least, most = RANGE[scale]
    count = without.shape[-1] if times is None else times.sum(axis=-1)
    with np.errstate(all="ignore"):
        plain = standard_error(without, times)
        edge = ((without <= least) | (without >= most)).any(axis=-1)
        error = np.where(edge, plain * here.slope(value), standard_error(here.forward(without), times))
        middle = here.forward(value)
        low, high = here.back(middle - t * error), here.back(middle + t * error)
        width = _unseen(np.asarray(count), level) * (most - least)
    unanimous = plain <= NO_SPREAD
    low = np.where(unanimous, np.maximum(least, value - width), low)
    high = np.where(unanimous, np.minimum(most, value + width), high)
    undefined = np.isnan(value) | np.isnan(without).any(axis=-1) | (unanimous & math.isinf(most))
    return np.where(undefined, np.nan, low), np.where(undefined, np.nan, high), unanimous


def _unseen(count: Ints, level: float) -> Floats:
    """Return Clopper and Pearson's bound for the share of clusters of which ``count`` (...) held none.

    In Python's own numbers: the last bit of numpy's powers depends on how many are computed at once.
    """
    tail = (1.0 - level) / 2.0
    known = {each: 1.0 - tail ** (1.0 / each) if each else 1.0 for each in set(count.reshape(-1).tolist())}
    return np.array([known[each] for each in count.reshape(-1).tolist()]).reshape(count.shape)


def standard_error(without: Floats, times: Ints | Bools | None = None) -> Floats:
    """Return the jackknife's standard error, shape (...), of replicates (..., clusters), NaN for none.

    ``times`` (..., clusters) says how often each is there.
    """
    count = without.shape[-1] if times is None else times.sum(axis=-1)
    # Not np.matmul: there a row's last bit depends on which rows are computed with it.
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.asarray(np.sum(without if times is None else without * times, axis=-1) / count)
        squares = (without - mean[..., np.newaxis]) ** 2
        summed = np.sum(squares if times is None else squares * times, axis=-1)
        error: Floats = np.sqrt((count - 1) / count * summed)
    return error
