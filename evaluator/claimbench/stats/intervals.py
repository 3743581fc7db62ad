"""How sure a score is: the delete-one-cluster jackknife with Student's t.

Whole clusters are left out, never items, because items about one thing are right or wrong together.
The spread is measured on a scale that stabilises it: logit for scores in [0, 1], Fisher's z for
correlations, log for losses (Efron & Tibshirani 1993, ch. 11; Brown, Cai & DasGupta 2001 on the logit).

Clusters of unequal size weigh as much as fewer equal ones. The degrees of freedom are one less than that
number (Kish 1965), not one less than the number of clusters: ``benchmarks/coverage_grid.md`` measures both.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from claimbench.stats.estimators import Additive, Floats, Ints, Metric, Rows, Scale, pooled, unit_weights
from claimbench.stats.measured import least_coverage
from claimbench.stats.student import t_quantile

LEVEL = 0.95
NO_SPREAD = 1e-12
"""A standard error up to this is none: all clusters agree."""


@dataclass(frozen=True)
class Interval:
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


@dataclass(frozen=True)
class _Stabiliser:
    """A scale on which spread is even: there, its slope, back, and the ends of the range."""

    name: str
    forward: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]
    back: Callable[[Floats], Floats]
    ends: tuple[float, float]


_STABILISE: dict[Scale, _Stabiliser] = {
    "proportion": _Stabiliser(
        "logit",
        lambda x: np.log(x) - np.log1p(-x),
        lambda x: 1.0 / (x * (1.0 - x)),
        lambda y: 1.0 / (1.0 + np.exp(-y)),
        (0.0, 1.0),
    ),
    "correlation": _Stabiliser(
        "fisher-z", np.arctanh, lambda x: 1.0 / ((1.0 - x) * (1.0 + x)), np.tanh, (-1.0, 1.0)
    ),
    "loss": _Stabiliser("log", np.log, lambda x: 1.0 / x, np.exp, (0.0, math.inf)),
}


def cluster_codes(clusters: Sequence[str]) -> Ints:
    """Return int64 codes from 0 for cluster names, in sorted order of the names; shape (items,)."""
    code = {name: i for i, name in enumerate(sorted(set(clusters)))}
    return np.array([code[name] for name in clusters], dtype=np.int64)


def effective_clusters(codes: Ints) -> float:
    """Return how many equal clusters would weigh as much: (sum n)^2 / sum n^2 of the cluster sizes n."""
    sizes = np.bincount(codes).astype(np.float64)
    return float(sizes.sum() ** 2 / np.sum(sizes * sizes)) if codes.size else 0.0


def degrees_of_freedom(codes: Ints) -> float:
    """Return the effective number of clusters less one, at least 1."""
    return max(1.0, effective_clusters(codes) - 1.0)


def leave_one_out(codes: Ints) -> Ints:
    """Return int64 weights (clusters, items): row k leaves cluster k out."""
    count = int(codes.max()) + 1 if codes.size else 0
    weights: Ints = (np.arange(count)[:, np.newaxis] != codes).astype(np.int64)
    return weights


def with_and_without(metric: Metric, rows: Rows, codes: Ints) -> tuple[float, Floats]:
    """Return the score on all rows, and without each cluster, shape (clusters,).

    For an additive metric the cost is one pass over the rows and one over the clusters.
    """
    if isinstance(metric, Additive):
        totals = pooled(rows, codes).select(metric.columns)
        whole = totals.sum(axis=0)
        return float(metric.value(whole)), metric.value(whole - totals)
    estimate = metric.estimator(rows)
    return float(estimate(unit_weights(rows))), estimate(leave_one_out(codes))


def jackknife(metric: Metric, rows: Rows, codes: Ints, level: float = LEVEL) -> Interval | None:
    """Return the jackknife-t interval over clusters, or None where it cannot be given.

    ``codes`` are cluster codes of shape (items,). None where the score is undefined, on the whole or
    without some cluster, where its scale has none, or where there are fewer than two clusters. Where all
    clusters agree, each open side is the Clopper-Pearson bound that as many clusters without exception allow.
    """
    count = int(codes.max()) + 1 if codes.size else 0
    if count < 2 or metric.scale not in _STABILISE:
        return None
    value, without = with_and_without(metric, rows, codes)
    degrees = degrees_of_freedom(codes)
    low, high = jackknife_bounds(np.array(value), without, metric.scale, degrees, level)
    if math.isnan(float(low)) or math.isnan(float(high)):
        return None
    found = least_coverage(effective_clusters(codes)) if level == LEVEL else None
    unanimous = standard_error(without) <= NO_SPREAD
    method = "clopper-pearson clusters" if unanimous else f"jackknife-t {_STABILISE[metric.scale].name}"
    return Interval(float(low), float(high), level, method, count, None if unanimous else degrees, found)


def jackknife_bounds(
    value: Floats, without: Floats, scale: Scale, degrees: float, level: float = LEVEL
) -> tuple[Floats, Floats]:
    """Return both bounds, shape (...), of scores (...) and their replicates (..., clusters); NaN for none.

    Where a replicate reaches an end of the range, the error is carried to the stabilising scale by its slope
    at the score instead of being measured there.
    """
    here = _STABILISE[scale]
    least, most = here.ends
    count, t = without.shape[-1], t_quantile(0.5 + level / 2.0, degrees)
    with np.errstate(all="ignore"):
        plain = standard_error(without)
        edge = ((without <= least) | (without >= most)).any(axis=-1)
        error = np.where(edge, plain * here.slope(value), standard_error(here.forward(without)))
        middle = here.forward(value)
        low, high = here.back(middle - t * error), here.back(middle + t * error)
    width = (1.0 - ((1.0 - level) / 2.0) ** (1.0 / count)) * (most - least)
    unanimous = plain <= NO_SPREAD
    low = np.where(unanimous, np.maximum(least, value - width), low)
    high = np.where(unanimous, np.minimum(most, value + width), high)
    undefined = np.isnan(value) | np.isnan(without).any(axis=-1) | (unanimous & math.isinf(most))
    return np.where(undefined, np.nan, low), np.where(undefined, np.nan, high)


def standard_error(without: Floats) -> Floats:
    """Return the jackknife's standard error, shape (...), of replicates (..., clusters)."""
    count = without.shape[-1]
    deviations = without - without.mean(axis=-1, keepdims=True)
    error: Floats = np.sqrt((count - 1) / count * np.sum(deviations * deviations, axis=-1))
    return error
