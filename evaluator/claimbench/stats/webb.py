"""A test for a handful of clusters: the wild cluster bootstrap-t with every sign vector.

With so few clusters a two-point sign flip has too few outcomes for any small p; Webb's six points have
6^G (Webb 2014, QED working paper 1315; Cameron, Gelbach & Miller 2008). Nothing is drawn.
"""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import product

import numpy as np

from claimbench.stats.estimators import Floats

MOST_CLUSTERS = 5
"""6^5 = 7776 vectors; with more clusters t itself is good enough."""

_POINTS = tuple(sign * math.sqrt(square) for square in (0.5, 1.0, 1.5) for sign in (-1.0, 1.0))


def t_statistic(values: Floats) -> Floats:
    """Return mean over standard error of effects (..., clusters); 0 for all zero, infinite without spread."""
    count = values.shape[-1]
    mean = values.mean(axis=-1)
    error = values.std(axis=-1, ddof=1) / math.sqrt(count)
    flat = error <= 1e-12 * np.abs(values).max(axis=-1)
    still = np.where(mean == 0.0, 0.0, np.copysign(math.inf, mean))
    t: Floats = np.where(flat, still, mean / np.where(flat, 1.0, error))
    return t


def webb_p(values: Floats) -> float:
    """Return the two-sided p of the exhaustive wild cluster bootstrap-t for effects (clusters,).

    The null is imposed: effects are multiplied by every vector of Webb's points, and p is the share of
    vectors at least as extreme. Raises ValueError unless there are 2 to ``MOST_CLUSTERS`` clusters.
    """
    if not 2 <= values.size <= MOST_CLUSTERS:
        raise ValueError(f"webb_p needs 2 to {MOST_CLUSTERS} clusters")
    observed = abs(float(t_statistic(values)))
    under_null = np.abs(t_statistic(webb_vectors(values.size) * values))
    return float(np.mean(under_null >= observed * (1.0 - 1e-9)))


@lru_cache(maxsize=MOST_CLUSTERS)
def webb_vectors(clusters: int) -> Floats:
    """Return every vector of Webb's six points, shape (6**clusters, clusters)."""
    return np.array(list(product(_POINTS, repeat=clusters)))
