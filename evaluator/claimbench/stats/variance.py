"""Several seeds of a system: how far does a difference hang on the items asked, how far on the seeds?

Items and seeds are crossed random effects: every seed answers every item. The jackknife's pseudo-values of
each run, one per cluster, form a table of seeds by clusters; its mean squares give the variance components by
the method of moments (Searle, Casella & McCulloch 1992, ch. 4). The variance of the difference of means is
that of a mean over both: clusters + seeds - what both count, which for a mean is the two-way cluster variance
of Cameron, Gelbach & Miller (2011). Degrees of freedom are Satterthwaite's (1946), at most one less than the
effective clusters.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec
import numpy as np

from claimbench.stats.estimators import Additive, Bools, Floats, Ints, Rows
from claimbench.stats.intervals import LEVEL, degrees_of_freedom, effective_number
from claimbench.stats.paired import POWER, Paired, jackknife_difference
from claimbench.stats.student import t_quantile, t_tail

METHOD = "jackknife-t over clusters and seeds"
_TINY = 1e-12


class VarianceSplit(msgspec.Struct, frozen=True):
    """The parts of the variance of a difference of means over seeds; they sum to its squared standard error.

    ``items``: other propositions might have been asked. ``seeds``: other seeds might have been drawn.
    ``both``: a seed does better on some items than on others. ``df`` are the degrees of freedom of the sum.
    """

    items: float
    seeds: float
    both: float
    df: float


def seeded_difference(
    metric: Additive, a: Sequence[Rows], b: Sequence[Rows], sizes: Ints, level: float = LEVEL
) -> tuple[Paired | None, VarianceSplit | None]:
    """Return the test of B - A between means over seeds, and the split of its variance.

    ``a`` and ``b`` are one table a run, (clusters, columns), in the same order of clusters; ``sizes`` are
    their items. Clusters that no run's score rests on are left aside. The seeds of two systems are
    independent draws, whatever their numbers. None where a run is undefined, on the whole or without some
    cluster, or fewer than two clusters are left. A system with one run adds no variance of seeds: it is
    taken as it is.
    """
    codes = np.arange(sizes.size)
    heard = np.logical_or.reduce([metric.rests_on(rows, codes) for rows in (*a, *b)])
    count = int(heard.sum())
    values_a, table_a = _pseudo_values(metric, a, heard)
    values_b, table_b = _pseudo_values(metric, b, heard)
    difference = float(values_b.mean() - values_a.mean())
    if count < 2 or bool(np.isnan(table_a).any() or np.isnan(table_b).any()):
        return None, None
    split = _split(table_a, table_b, degrees_of_freedom(float(effective_number(sizes[heard]))))
    error = math.sqrt(split.items + split.seeds + split.both)
    if error <= _TINY:
        return jackknife_difference(metric, a[0], b[0], codes, level), None
    t = t_quantile(0.5 + level / 2.0, split.df)
    p = 2.0 * t_tail(abs(difference) / error, split.df)
    mde = (t + t_quantile(POWER, split.df)) * error
    half = t * error
    return Paired(difference - half, difference + half, p, mde, level, METHOD, count, split.df), split


def _pseudo_values(metric: Additive, runs: Sequence[Rows], heard: Bools) -> tuple[Floats, Floats]:
    """Return the scores (runs,) and the jackknife's pseudo-values (runs, clusters) of clusters heard."""
    counts = np.stack([rows.select(metric.columns)[heard] for rows in runs])
    whole = counts.sum(axis=1)
    values, without = metric.value(whole), metric.value(whole[:, np.newaxis] - counts)
    clusters = counts.shape[1]
    return values, clusters * values[:, np.newaxis] - (clusters - 1) * without


def _split(a: Floats, b: Floats, degrees: float) -> VarianceSplit:
    """Split the variance of the difference of the means of two tables (seeds, clusters).

    ``degrees`` are those of the spread between clusters.
    """
    clusters = a.shape[1]
    by_cluster = float(np.var(b.mean(axis=0) - a.mean(axis=0), ddof=1)) / clusters
    seeds, both = 0.0, 0.0
    spread = by_cluster**2 / degrees
    for table in (a, b):
        by_seed, by_both = _seed_variances(table)
        both += by_both
        if by_seed > by_both:
            seeds += by_seed - by_both
            spread += (by_seed**2 + by_both**2 / (clusters - 1)) / (len(table) - 1)
    items = max(0.0, by_cluster - both)
    total = items + seeds + both
    df = min(degrees, total**2 / spread) if spread else degrees
    return VarianceSplit(items, seeds, both, df)


def _seed_variances(table: Floats) -> tuple[float, float]:
    """Return the mean square of seeds and that of what is left, each as a variance of the mean."""
    seeds, clusters = table.shape
    if seeds < 2:
        return 0.0, 0.0
    means = table.mean(axis=1)
    rest = table - means[:, np.newaxis] - table.mean(axis=0) + means.mean()
    freedom = (seeds - 1) * (clusters - 1)
    return float(np.var(means, ddof=1)) / seeds, float(np.sum(rest**2)) / freedom / (seeds * clusters)
