"""The cluster bootstrap: whole clusters drawn with replacement, by seed.

A replicate is one row of cluster counts, so all metrics of a task come from one weight matrix (Davison &
Hinkley 1997, ch. 2-3). With few or unequal clusters its intervals are short; the jackknife is the default.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from claimbench.stats.estimators import Additive, Floats, Ints, Metric, Rows, Scale
from claimbench.stats.intervals import LEVEL, Interval

DRAWS = 9999
"""One less than a round number, so that the bounds at 95 % are order statistics."""

RANGE: dict[Scale, tuple[float, float]] = {
    "proportion": (0.0, 1.0),
    "correlation": (-1.0, 1.0),
    "loss": (0.0, math.inf),
}
"""The ends of each scale."""

_BLOCK = 2**21


def cluster_weights(clusters: int, draws: int, seed: int) -> Ints:
    """Return how often each draw holds each cluster: int64 (draws, clusters), rows summing to clusters."""
    generator = np.random.Generator(np.random.PCG64(seed))
    picks = generator.integers(clusters, size=(draws, clusters))
    places = picks + clusters * np.arange(draws)[:, np.newaxis]
    weights: Ints = np.bincount(places.ravel(), minlength=draws * clusters).astype(np.int64)
    return weights.reshape(draws, clusters)


def pooled(rows: Rows, codes: Ints) -> Rows:
    """Return one row per cluster: the sum of its items' counts. For additive metrics nothing is lost."""
    count = int(codes.max()) + 1 if codes.size else 0
    totals = np.zeros((count, len(rows.columns)), dtype=np.int64)
    np.add.at(totals, codes, rows.counts)
    return Rows(tuple(str(i) for i in range(count)), rows.columns, totals)


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


def tail_bounds(found: Floats, level: float = LEVEL) -> tuple[float, float]:
    """Return the order statistics that cut off (1 - level) / 2 of the draws and one on either side.

    An undefined (NaN) replicate counts as lying beyond both bounds, so a bound may be infinite. Raises
    ValueError where there are too few draws for the level.
    """
    place = math.floor((1.0 - level) / 2.0 * (found.size + 1) + 1e-9)
    if place < 1:
        raise ValueError(f"{found.size} draws are too few for an interval at level {level:g}")
    low = np.sort(np.where(np.isnan(found), -math.inf, found))[place - 1]
    high = np.sort(np.where(np.isnan(found), math.inf, found))[found.size - place]
    return float(low), float(high)


def percentile(found: Floats, clusters: int, level: float = LEVEL) -> Interval | None:
    """Return the percentile interval of replicates, or None where too many are undefined."""
    low, high = tail_bounds(found, level)
    if clusters < 2 or not (math.isfinite(low) and math.isfinite(high)):
        return None
    return Interval(low, high, level, "cluster bootstrap, percentile", clusters)


def basic(
    value: float, found: Floats, clusters: int, scale: Scale = "proportion", level: float = LEVEL
) -> Interval | None:
    """Return the basic interval, the percentile one reflected at ``value`` and cut at the scale's ends."""
    mirrored = percentile(found, clusters, level)
    if mirrored is None or math.isnan(value):
        return None
    least, most = RANGE[scale]
    low, high = max(least, 2.0 * value - mirrored.high), min(most, 2.0 * value - mirrored.low)
    return Interval(low, high, level, "cluster bootstrap, basic", clusters)
