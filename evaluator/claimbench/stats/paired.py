"""Is one system better than another on the same items? Whole clusters are left out, swapped or drawn.

Interval, p, minimum detectable effect and verdict of a difference come from one procedure each time, so
they never contradict each other: p is at most 1 - level exactly where the interval excludes 0.
"""

from __future__ import annotations

import math
from typing import Literal

import msgspec
import numpy as np

from claimbench.stats.bootstrap import (
    DRAWS,
    cluster_weights,
    expanded,
    p_of_tail,
    replicates,
    tail_bounds,
)
from claimbench.stats.estimators import (
    Additive,
    Bools,
    Floats,
    Ints,
    Metric,
    Rows,
    Scale,
    cluster_count,
    pooled,
)
from claimbench.stats.intervals import (
    LEVEL,
    NO_SPREAD,
    RANGE,
    degrees_of_freedom,
    effective_number,
    scores_without_clusters,
    standard_error,
)
from claimbench.stats.student import t_quantile, t_tail, t_tails

POWER = 0.80
_TINY = 1e-12

Verdict = Literal["better", "worse", "no difference shown"]


class Paired(msgspec.Struct, frozen=True):
    """What is known of a difference B - A: interval, two-sided p, minimum detectable effect, procedure.

    ``mde`` is the true difference that this test finds with 80 % power; None where the standard error is 0.
    ``degrees`` are Student's degrees of freedom.
    """

    low: float
    high: float
    p: float
    mde: float | None
    level: float
    method: str
    clusters: int
    degrees: float | None = None


def verdict(difference: float, p: float, *, lower_is_better: bool = False, level: float = LEVEL) -> Verdict:
    """Return whether B is shown to be better or worse than A."""
    if p > 1.0 - level + _TINY or difference == 0.0:
        return "no difference shown"
    return "better" if (difference < 0.0) == lower_is_better else "worse"


def jackknife_replicates(metric: Metric, a: Rows, b: Rows, codes: Ints) -> tuple[float, Floats, Bools]:
    """Return B - A on all items, without each cluster, and whether either score rests on it, (clusters,)."""
    left, left_without, left_heard = scores_without_clusters(metric, a, codes)
    right, right_without, right_heard = scores_without_clusters(metric, b, codes)
    return right - left, right_without - left_without, left_heard | right_heard


def rests_on(metric: Metric, a: Rows, b: Rows, codes: Ints) -> Bools:
    """Return which clusters the score of either system rests on, shape (clusters,)."""
    return metric.rests_on(a, codes) | metric.rests_on(b, codes)


def jackknife_difference(
    metric: Metric, a: Rows, b: Rows, codes: Ints, level: float = LEVEL
) -> Paired | None:
    """Return the delete-one-cluster jackknife of B - A with Student's t, on the scale of the scores.

    ``codes`` are cluster codes (items,), shared by both systems; the degrees of freedom are those of
    ``intervals.degrees_of_freedom``. None where the difference is undefined, on the whole or without some
    cluster, where the scale has no interval, or where neither score rests on two clusters. With one item a
    cluster and an additive mean this is ``scipy.stats.ttest_rel``.
    """
    if cluster_count(codes) < 2 or metric.scale == "none":
        return None
    difference, found, heard = jackknife_replicates(metric, a, b, codes)
    if math.isnan(difference) or bool(np.isnan(found).any()):
        return None
    count, effective = int(heard.sum()), float(effective_number(np.bincount(codes), heard))
    degrees = degrees_of_freedom(effective)
    if _equal(metric, a, b):
        return Paired(0.0, 0.0, 1.0, None, level, "jackknife-t", count, degrees)
    if count < 2:
        return None
    error = float(standard_error(found, heard))
    if error <= NO_SPREAD:
        return _unanimous(metric, difference, count, level)
    half = t_quantile(0.5 + level / 2.0, degrees) * error
    p = 2.0 * t_tail(abs(difference) / error, degrees)
    mde = _mde(error, degrees, level)
    return Paired(difference - half, difference + half, p, mde, level, "jackknife-t", count, degrees)


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
    value on either side. None where a score or a draw is undefined, or neither score rests on two clusters.
    """
    heard, count = rests_on(metric, a, b, codes), cluster_count(codes)
    effective = float(effective_number(np.bincount(codes), heard))
    if heard.sum() < 2 or metric.scale == "none":
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
    degrees = degrees_of_freedom(effective)
    mde = _mde(error, degrees, level) if error > _TINY else None
    method = "permutation of clusters"
    return Paired(difference - half, difference + half, p, mde, level, method, int(heard.sum()), degrees)


def bootstrap_difference(
    metric: Metric, a: Rows, b: Rows, codes: Ints, *, seed: int = 0, draws: int = DRAWS, level: float = LEVEL
) -> Paired | None:
    """Return the cluster bootstrap of B - A, both systems on the same draws, with expanded percentiles.

    p goes with the share of draws on the other side of 0, both counted with one more, as the interval with
    its percentiles. None where the difference is undefined, or too many draws are.
    """
    heard = rests_on(metric, a, b, codes)
    effective = float(effective_number(np.bincount(codes), heard))
    if effective <= 1.0 or metric.scale == "none":
        return None
    weights = cluster_weights(cluster_count(codes), draws, seed)
    found = (
        replicates([metric], b, codes, weights)[metric.name]
        - replicates([metric], a, codes, weights)[metric.name]
    )
    low, high = tail_bounds(found, expanded(level, effective))
    if not (math.isfinite(low) and math.isfinite(high)):
        return None
    undefined = np.isnan(found)
    sides = [np.sum(undefined | (found <= _TINY)), np.sum(undefined | (found >= -_TINY))]
    p = min(1.0, p_of_tail((1.0 + float(min(sides))) / (1.0 + draws), effective))
    error = float(np.std(found[~undefined]))
    degrees = degrees_of_freedom(effective)
    mde = _mde(error, degrees, level) if error > _TINY else None
    method = "cluster bootstrap, percentile"
    return Paired(low, high, p, mde, level, method, int(heard.sum()), degrees)


def _equal(metric: Metric, a: Rows, b: Rows) -> bool:
    """Whether the systems have the same counts in every column that matters here."""
    if isinstance(metric, Additive):
        return np.array_equal(a.select(metric.columns), b.select(metric.columns))
    return np.array_equal(a.counts, b.counts)


def _mde(error: float, degrees: float, level: float) -> float:
    """Bloom (1995): the quantiles of the level and of the power, times the standard error."""
    return (t_quantile(0.5 + level / 2.0, degrees) + t_quantile(POWER, degrees)) * error


def _unanimous(metric: Metric, difference: float, count: int, level: float) -> Paired | None:
    """All clusters agree to the last digit: bound the share of clusters that might not.

    For a difference of 1 between proportions p is that of the sign test, 2^(1 - K).
    """
    least, most = RANGE[metric.scale]
    span = 2.0 * (most - least)
    if math.isinf(span):
        return None
    width = (1.0 - ((1.0 - level) / 2.0) ** (1.0 / count)) * span
    p = _p_of_unanimous(difference, span, count)
    low, high = max(-span / 2.0, difference - width), min(span / 2.0, difference + width)
    return Paired(low, high, p, None, level, "clopper-pearson clusters", count)


def jackknife_p_values(
    values: Floats, without: Floats, best: int, scale: Scale, sizes: Ints, heard: Bools
) -> list[float | None]:
    """Return the p of ``jackknife_difference`` between each of many systems and one of them.

    ``values`` are scores on all clusters, shape (systems,), ``without`` without each, (systems, clusters).
    ``sizes`` (clusters,) are items, ``heard`` (systems, clusters) says which clusters a score rests on. None
    where the difference is undefined.
    """
    found: list[float | None] = [None] * values.size
    if scale == "none":
        return found
    difference, apart = values - values[best], without - without[best]
    either = heard | heard[best]
    error, count, effective = (
        standard_error(apart, either),
        either.sum(axis=-1),
        effective_number(sizes, either),
    )
    span = 2.0 * (RANGE[scale][1] - RANGE[scale][0])
    gap, defined = np.abs(difference), ~(np.isnan(difference) | np.isnan(error)) & (count >= 2)
    spread = defined & (error > NO_SPREAD)
    for each in set(effective[spread].tolist()):
        some = spread & (effective == each)
        tested = 2.0 * t_tails(gap[some] / error[some], degrees_of_freedom(each))
        for i, p in zip(np.flatnonzero(some).tolist(), tested.tolist(), strict=True):
            found[i] = p
    for i in np.flatnonzero(defined & ~spread).tolist():
        if gap[i] == 0.0 or not math.isinf(span):
            found[i] = _p_of_unanimous(float(gap[i]), span, int(count[i]))
    return found


def _p_of_unanimous(difference: float, span: float, count: int) -> float:
    """Return the p where all of ``count`` clusters agree on a difference of at most ``span`` / 2."""
    return min(1.0, 2.0 * (1.0 - abs(difference) / span) ** count)
