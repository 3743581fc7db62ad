"""Is one system better than another on the same items? Whole clusters are left out, swapped or drawn.

Interval, p, minimum detectable effect and verdict of a difference come from one procedure each time, so
they never contradict each other: p is at most 1 - level exactly where the interval excludes 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from claimbench.stats.bootstrap import DRAWS, RANGE, cluster_weights, pooled, replicates, tail_bounds
from claimbench.stats.estimators import Additive, Floats, Ints, Metric, Rows, Scale, unit_weights
from claimbench.stats.intervals import LEVEL, leave_one_out
from claimbench.stats.student import t_quantile, t_tail

POWER = 0.80
_TINY = 1e-12

Verdict = Literal["better", "worse", "no difference shown"]


@dataclass(frozen=True)
class Paired:
    """What is known of a difference B - A: interval, two-sided p, minimum detectable effect, procedure.

    ``mde`` is the true difference that this test finds with 80 % power; None where the standard error is 0.
    """

    low: float
    high: float
    p: float
    mde: float | None
    level: float
    method: str
    clusters: int


def verdict(difference: float, p: float, *, lower_is_better: bool = False, level: float = LEVEL) -> Verdict:
    """Return whether B is shown to be better or worse than A."""
    if p > 1.0 - level + _TINY or difference == 0.0:
        return "no difference shown"
    return "better" if (difference < 0.0) == lower_is_better else "worse"


def jackknife_replicates(metric: Metric, a: Rows, b: Rows, codes: Ints) -> tuple[float, Floats]:
    """Return B - A on all items, and without each cluster, shape (clusters,)."""
    left, right = metric.estimator(a), metric.estimator(b)
    ones, without = unit_weights(a), leave_one_out(codes)
    return float(right(ones)) - float(left(ones)), right(without) - left(without)


def jackknife_difference(
    metric: Metric, a: Rows, b: Rows, codes: Ints, level: float = LEVEL
) -> Paired | None:
    """Return the delete-one-cluster jackknife of B - A with Student's t(K - 1), on the scale of the scores.

    ``codes`` are cluster codes (items,), shared by both systems. None where the difference is undefined, on
    the whole or without some cluster, or with fewer than two clusters. With one item a cluster and an
    additive mean this is ``scipy.stats.ttest_rel``.
    """
    count = _count(codes)
    if count < 2:
        return None
    difference, found = jackknife_replicates(metric, a, b, codes)
    if math.isnan(difference) or bool(np.isnan(found).any()):
        return None
    if _equal(metric, a, b):
        return Paired(0.0, 0.0, 1.0, None, level, "jackknife-t", count)
    deviations = found - found.mean()
    error = math.sqrt((count - 1) / count * float(np.sum(deviations * deviations)))
    if error <= _TINY:
        return _unanimous(metric, difference, count, level)
    half = t_quantile(0.5 + level / 2.0, count - 1) * error
    p = 2.0 * t_tail(abs(difference) / error, count - 1)
    return Paired(
        difference - half, difference + half, p, _mde(error, count, level), level, "jackknife-t", count
    )


def permutation_difference(
    metric: Additive,
    a: Rows,
    b: Rows,
    codes: Ints,
    *,
    seed: int = 0,
    draws: int = DRAWS,
    level: float = LEVEL,
) -> Paired | None:
    """Return the approximate randomisation test of B - A: whole clusters change system (Noreen 1989).

    p = (1 + draws at least as extreme) / (1 + draws); the interval is the difference and the test's critical
    value on either side. None where a score or a draw is undefined.
    """
    count = _count(codes)
    if count < 2:
        return None
    totals_a, totals_b = pooled(a, codes), pooled(b, codes)
    both = Rows((), a.columns, np.concatenate([totals_a.counts, totals_b.counts]))
    estimate = metric.estimator(both)
    generator = np.random.Generator(np.random.PCG64(seed))
    swap = generator.integers(2, size=(draws + 1, count), dtype=np.int64)
    swap[0] = 0
    stay = 1 - swap
    found = estimate(np.concatenate([swap, stay], axis=1)) - estimate(np.concatenate([stay, swap], axis=1))
    if bool(np.isnan(found).any()):
        return None
    difference, extreme = float(found[0]), np.abs(found[1:])
    p = (1.0 + float(np.sum(extreme >= abs(difference) - _TINY))) / (1.0 + draws)
    place = math.floor((1.0 - level) * (draws + 1) + 1e-9)
    half = float(np.sort(extreme)[draws - place])
    error = math.sqrt(float(np.mean(extreme * extreme)))
    mde = _mde(error, count, level) if error > _TINY else None
    return Paired(difference - half, difference + half, p, mde, level, "permutation of clusters", count)


def bootstrap_difference(
    metric: Metric, a: Rows, b: Rows, codes: Ints, *, seed: int = 0, draws: int = DRAWS, level: float = LEVEL
) -> Paired | None:
    """Return the cluster bootstrap of B - A, both systems on the same draws, with the percentile interval.

    p is twice the smaller share of draws on the other side of 0, both counted with one more. None where the
    difference is undefined, or too many draws are.
    """
    count = _count(codes)
    if count < 2:
        return None
    weights = cluster_weights(count, draws, seed)
    found = (
        replicates([metric], b, codes, weights)[metric.name]
        - replicates([metric], a, codes, weights)[metric.name]
    )
    low, high = tail_bounds(found, level)
    if not (math.isfinite(low) and math.isfinite(high)):
        return None
    undefined = np.isnan(found)
    sides = [np.sum(undefined | (found <= _TINY)), np.sum(undefined | (found >= -_TINY))]
    p = min(1.0, 2.0 * (1.0 + float(min(sides))) / (1.0 + draws))
    error = float(np.std(found[~undefined]))
    mde = _mde(error, count, level) if error > _TINY else None
    return Paired(low, high, p, mde, level, "cluster bootstrap, percentile", count)


def _equal(metric: Metric, a: Rows, b: Rows) -> bool:
    """Whether the systems have the same counts in every column that matters here."""
    if isinstance(metric, Additive):
        return np.array_equal(a.select(metric.columns), b.select(metric.columns))
    return np.array_equal(a.counts, b.counts)


def _count(codes: Ints) -> int:
    return int(codes.max()) + 1 if codes.size else 0


def _mde(error: float, count: int, level: float) -> float:
    """Bloom (1995): the quantiles of the level and of the power, times the standard error."""
    return (t_quantile(0.5 + level / 2.0, count - 1) + t_quantile(POWER, count - 1)) * error


def _unanimous(metric: Metric, difference: float, count: int, level: float) -> Paired | None:
    """All clusters agree to the last digit: bound the share of clusters that might not.

    For a difference of 1 between proportions p is that of the sign test, 2^(1 - K).
    """
    least, most = RANGE[metric.scale]
    span = 2.0 * (most - least)
    if math.isinf(span):
        return None
    width = (1.0 - ((1.0 - level) / 2.0) ** (1.0 / count)) * span
    p = min(1.0, 2.0 * (1.0 - abs(difference) / span) ** count)
    low, high = max(-span / 2.0, difference - width), min(span / 2.0, difference + width)
    return Paired(low, high, p, None, level, "clopper-pearson clusters", count)


def jackknife_p_values(values: Floats, replicates: Floats, best: int, scale: Scale) -> list[float | None]:
    """Return the p of ``jackknife_difference`` between each of many systems and one of them.

    ``values`` are scores on all clusters, shape (systems,), ``replicates`` without each, (systems, clusters);
    None where the difference is undefined.
    """
    count = replicates.shape[1]
    found: list[float | None] = [None] * values.size
    if count < 2:
        return found
    difference, without = values - values[best], replicates - replicates[best]
    deviations = without - without.mean(axis=1, keepdims=True)
    error = np.sqrt((count - 1) / count * np.sum(deviations * deviations, axis=1))
    least, most = RANGE[scale]
    for i in np.flatnonzero(~(np.isnan(difference) | np.isnan(error))).tolist():
        if error[i] > _TINY:
            found[i] = 2.0 * t_tail(abs(float(difference[i])) / float(error[i]), count - 1)
        elif math.isfinite(most):
            found[i] = min(1.0, 2.0 * (1.0 - abs(float(difference[i])) / (2.0 * (most - least))) ** count)
    return found
