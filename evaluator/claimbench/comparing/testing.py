"""One metric of two systems, tested."""

from __future__ import annotations

import msgspec

from claimbench.comparing.comparison import Compared, Method
from claimbench.stats.estimators import Additive, Ints, Metric, Rows
from claimbench.stats.paired import (
    Paired,
    bootstrap_difference,
    jackknife_difference,
    jackknife_replicates,
    permutation_difference,
)
from claimbench.stats.webb import MOST_CLUSTERS, webb_p


def untested(a: float | None, b: float | None) -> Compared:
    """Return the scores of both. A metric undefined in one has no difference."""
    return Compared(
        a=a,
        b=b,
        difference=None if a is None or b is None else b - a,
        family=False,
        p_adjusted=None,
        verdict="undefined",
        this_benchmark=None,
        new_sources=None,
        webb_p=None,
    )


def paired(metric: Metric, a: Rows, b: Rows, codes: Ints, how: Method, seed: int) -> Paired | None:
    """Return the paired test of B - A over clusters by the method asked for."""
    if how == "jackknife":
        return jackknife_difference(metric, a, b, codes)
    if how == "permutation" and isinstance(metric, Additive):
        return permutation_difference(metric, a, b, codes, seed=seed)
    return bootstrap_difference(metric, a, b, codes, seed=seed)


def tested(
    metric: Metric, one: Compared, a: Rows, b: Rows, codes: Ints, sources: Ints | None, how: Method, seed: int
) -> Compared:
    """Return a metric with its tests, without adjustment or verdict."""
    if one.difference is None:
        return one
    here = paired(metric, a, b, codes, how, seed)
    there = None if sources is None else jackknife_difference(metric, a, b, sources)
    webb = _webb(metric, a, b, sources) if there is not None and sources is not None else None
    return msgspec.structs.replace(one, this_benchmark=here, new_sources=there, webb_p=webb)


def _webb(metric: Metric, a: Rows, b: Rows, sources: Ints) -> float | None:
    """Return the exhaustive Webb test of the jackknife's pseudo-values, where the sources are few."""
    difference, without, heard = jackknife_replicates(metric, a, b, sources)
    without, count = without[heard], int(heard.sum())
    return webb_p(count * difference - (count - 1) * without) if 2 <= count <= MOST_CLUSTERS else None
