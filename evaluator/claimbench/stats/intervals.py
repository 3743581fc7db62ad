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

from claimbench.stats.estimators import Estimator, Floats, Ints, Scale
from claimbench.stats.student import t_quantile

LEVEL = 0.95


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
    replicates = estimator(leave_one_out(codes))
    if math.isnan(value) or bool(np.isnan(replicates).any()):
        return None
    name, forward, back, low_end, high_end = _STABILISE[scale]
    if value in (low_end, high_end):
        return _edge_interval(value, low_end, high_end, count, level)
    t = t_quantile(0.5 + level / 2.0, count - 1)
    at_edge = bool(((replicates <= low_end) | (replicates >= high_end)).any())
    if at_edge:
        half = t * _standard_error(replicates)
        low, high = max(low_end, value - half), min(high_end, value + half)
        return Interval(low, high, level, "jackknife-t", count)
    middle = float(forward(np.array(value)))
    half = t * _standard_error(forward(replicates))
    bounds = back(np.array([middle - half, middle + half]))
    return Interval(float(bounds[0]), float(bounds[1]), level, f"jackknife-t {name}", count)


def _standard_error(replicates: Floats) -> float:
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


def jackknife_many(
    values: Floats, replicates: Floats, scale: Scale = "proportion", level: float = LEVEL
) -> list[Interval | None]:
    """Return ``jackknife`` of many systems at once, to the last bit.

    ``values`` are scores on all clusters, shape (systems,), ``replicates`` without each, (systems, clusters).
    """
    count = replicates.shape[1]
    found: list[Interval | None] = [None] * values.size
    if count < 2:
        return found
    name, forward, back, low_end, high_end = _STABILISE[scale]
    t = t_quantile(0.5 + level / 2.0, count - 1)
    defined = ~(np.isnan(values) | np.isnan(replicates).any(axis=1))
    extreme = defined & ((values == low_end) | (values == high_end))
    near = ((replicates <= low_end) | (replicates >= high_end)).any(axis=1)
    for i in np.flatnonzero(extreme).tolist():
        found[i] = _edge_interval(float(values[i]), low_end, high_end, count, level)
    for method, rows in (
        ("jackknife-t", np.flatnonzero(defined & ~extreme & near)),
        (f"jackknife-t {name}", np.flatnonzero(defined & ~extreme & ~near)),
    ):
        middle, spread = values[rows], replicates[rows]
        if method == "jackknife-t":
            half = t * _standard_errors(spread)
            low, high = np.maximum(low_end, middle - half), np.minimum(high_end, middle + half)
        else:
            middle, half = forward(middle), t * _standard_errors(forward(spread))
            low, high = back(middle - half), back(middle + half)
        for i, least, most in zip(rows.tolist(), low.tolist(), high.tolist(), strict=True):
            found[i] = Interval(least, most, level, method, count)
    return found


def _standard_errors(replicates: Floats) -> Floats:
    count = replicates.shape[1]
    deviations = replicates - replicates.mean(axis=1, keepdims=True)
    errors: Floats = np.sqrt((count - 1) / count * np.sum(deviations * deviations, axis=1))
    return errors
