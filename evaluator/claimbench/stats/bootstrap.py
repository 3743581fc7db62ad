"""The cluster bootstrap: whole clusters drawn with replacement, by seed.

A replicate is one row of cluster counts, so all metrics of a task come from one weight matrix (Davison &
Hinkley 1997, ch. 2-3). Percentiles of few or unequal clusters are too narrow; they are taken further out, as
Student's t lies outside the normal (Hesterberg 2015, "expanded percentile"). The jackknife is the default.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import NormalDist

import numpy as np

from claimbench.stats.estimators import Additive, Floats, Ints, Metric, Rows, pooled
from claimbench.stats.intervals import LEVEL, Interval
from claimbench.stats.student import t_quantile, t_tail

DRAWS = 9999
"""One less than a round number, so that the bounds at 95 % are order statistics."""

_BLOCK = 2**21


def cluster_weights(clusters: int, draws: int, seed: int) -> Ints:
    """Return how often each draw holds each cluster: int64 (draws, clusters), rows summing to clusters."""
    generator = np.random.Generator(np.random.PCG64(seed))
    picks = generator.integers(clusters, size=(draws, clusters))
    places = picks + clusters * np.arange(draws)[:, np.newaxis]
    weights: Ints = np.bincount(places.ravel(), minlength=draws * clusters).astype(np.int64)
    return weights.reshape(draws, clusters)


def replicates(metrics: Sequence[Metric], rows: Rows, codes: Ints, weights: Ints) -> Mapping[str, Floats]:
    """Return every metric's scores, shape (draws,), for cluster weights (draws, clusters).

    Additive metrics share one matrix product; the others see the weights spread over their items.
    """
    sums = Rows((), rows.columns, np.matmul(weights, pooled(rows, codes).counts))
    found: dict[str, Floats] = {}
    for metric in metrics:
        if isinstance(metric, Additive):
            found[metric.name] = metric.value(sums.select(metric.columns))
        else:
            found[metric.name] = _by_items(metric, rows, codes, weights)
    return found


def _by_items(metric: Metric, rows: Rows, codes: Ints, weights: Ints) -> Floats:
    estimate = metric.estimator(rows)
    block = max(1, _BLOCK // max(1, codes.size))
    parts = [estimate(weights[at : at + block][:, codes]) for at in range(0, len(weights), block)]
    return np.concatenate(parts)


def expanded(level: float, effective: float) -> float:
    """Return the level at which percentiles of draws are taken, for a number of effective clusters above 1.

    The normal tail beyond sqrt(n / (n - 1)) times Student's quantile with n - 1 degrees of freedom.
    """
    reach = math.sqrt(effective / (effective - 1.0)) * t_quantile(0.5 + level / 2.0, effective - 1.0)
    return 1.0 - 2.0 * NormalDist().cdf(-reach)


def p_of_tail(tail: float, effective: float) -> float:
    """Return the two-sided p of a share of draws beyond 0: it is small where the interval excludes 0."""
    reach = -NormalDist().inv_cdf(min(tail, 0.5)) * math.sqrt((effective - 1.0) / effective)
    return 2.0 * t_tail(reach, effective - 1.0)


def tail_bounds(found: Floats, level: float = LEVEL) -> tuple[float, float]:
    """Return the order statistics that cut off (1 - level) / 2 of the draws and one on either side.

    An undefined (NaN) replicate counts as lying beyond both bounds, so a bound may be infinite. So it is
    where there are too few draws for the level.
    """
    place = math.floor((1.0 - level) / 2.0 * (found.size + 1) + 1e-9)
    if place < 1:
        return -math.inf, math.inf
    low = np.sort(np.where(np.isnan(found), -math.inf, found))[place - 1]
    high = np.sort(np.where(np.isnan(found), math.inf, found))[found.size - place]
    return float(low), float(high)


def percentile(found: Floats, clusters: int, effective: float, level: float = LEVEL) -> Interval | None:
    """Return the expanded percentile interval of replicates, shape (draws,).

    None with fewer than two clusters, or where too many replicates are undefined or the draws are too few.
    """
    if clusters < 2 or effective <= 1.0:
        return None
    low, high = tail_bounds(found, expanded(level, effective))
    if not (math.isfinite(low) and math.isfinite(high)):
        return None
    return Interval(low, high, level, "cluster bootstrap, percentile", clusters, effective - 1.0)
