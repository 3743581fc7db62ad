"""When is a drop a regression? The verdict on one metric, from its paired interval.

A *gain* is the difference after - before, turned so that more is better. The verdict is *pass* where the
rows are equal or the lower bound of the gain is above -max_drop; *regression* where its upper bound is below
0 and the drop exceeds max_drop; else *inconclusive*. With several metrics, "upper bound below 0" is said by
p adjusted by Holm (1979), for any false alarm counts. A pass needs no adjustment: all have to pass.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from claimbench.comparing import LOWER_IS_BETTER, NEITHER_IS_BETTER
from claimbench.gating.decision import Verdict
from claimbench.stats.estimators import Ints, Metric, Rows, point
from claimbench.stats.intervals import LEVEL
from claimbench.stats.multiplicity import holm
from claimbench.stats.paired import POWER, Paired, jackknife_difference
from claimbench.stats.student import t_quantile

TINY = 1e-12
MOST_TIMES = 1000
"""A difference that needs more than so many times the clusters is not said to be settled by more items."""


@dataclass(frozen=True)
class Measured:
    """One metric before and after, with the paired test of the difference where there is one."""

    before: float | None
    after: float | None
    equal: bool
    sign: int
    """-1 where less is better."""
    test: Paired | None

    @property
    def difference(self) -> float | None:
        """After - before; None where either is undefined."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def bounds(self) -> tuple[float, float]:
        """Of the gain. Raises ValueError where there is no test."""
        if self.test is None:
            raise ValueError("there is no interval")
        low, high = sorted((self.sign * self.test.low, self.sign * self.test.high))
        return low, high


def direction(metric: Metric) -> Literal["higher", "lower", "neither"]:
    """Return which values of a metric are better."""
    if metric.name in NEITHER_IS_BETTER:
        return "neither"
    return "lower" if metric.scale == "loss" or metric.name in LOWER_IS_BETTER else "higher"


def measured(old: Metric | None, new: Metric, before: Rows, after: Rows, codes: Ints) -> Measured:
    """Return a metric on the same items before and after, as either report binds it.

    ``codes`` are cluster codes (items,). ``old`` is None where the baseline lacks the metric.
    """
    values = None if old is None else point(old, before), point(new, after)
    test = None if None in values else jackknife_difference(new, before, after, codes)
    same_where_it_counts = test is not None and test.low == test.high == 0.0
    return Measured(
        before=values[0],
        after=values[1],
        equal=same_where_it_counts or bool((before.counts == after.counts).all()),
        sign=-1 if direction(new) == "lower" else 1,
        test=test,
    )


def adjusted(family: Mapping[str, Measured]) -> dict[str, float]:
    """Return Holm's p of every metric that has a test."""
    p = {name: one.test.p for name, one in family.items() if one.test is not None}
    return dict(zip(p, holm(list(p.values())), strict=True))


def verdict(one: Measured, max_drop: float, p: float | None) -> Verdict:
    """Return the verdict on a drop, given p after adjustment."""
    if one.equal:
        return "pass"
    if one.test is None or one.difference is None or p is None:
        return "inconclusive"
    low, _ = one.bounds
    if low > -max_drop:
        return "pass"
    drop = -one.sign * one.difference
    return "regression" if p <= 1.0 - LEVEL + TINY and drop > max_drop + TINY else "inconclusive"


def detectable(test: Paired | None, max_drop: float, family: int) -> float | None:
    """Return the true drop that ends as a regression 4 times in 5, with ``family`` metrics gated.

    It has to be shown, at the level that Holm's first step asks for, and to be seen to exceed ``max_drop``.
    """
    error = _error(test)
    if test is None or error is None:
        return None
    power = t_quantile(POWER, test.clusters - 1)
    return max(_shown(test.clusters, family) * error + power * error, max_drop + power * error)


def clusters_to_settle(one: Measured, max_drop: float, family: int) -> int | None:
    """Return how many clusters would make the verdict pass or regression, if the difference stayed.

    None where the difference lies too close to what decides, or nothing is known of its spread.
    """
    error = _error(one.test)
    if one.test is None or error is None or one.difference is None:
        return None
    count, gain = one.test.clusters, one.sign * one.difference
    room, family = (gain + max_drop, 1) if gain > -max_drop else (-gain, family)

    def settles(clusters: int) -> bool:
        return _shown(clusters, family) * error * math.sqrt(count / clusters) < room

    low, high = count, MOST_TIMES * count
    if not settles(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if settles(middle) else (middle, high)
    return high


def _error(test: Paired | None) -> float | None:
    """Return the standard error of a difference, which its minimum detectable effect is a multiple of."""
    if test is None or test.mde is None:
        return None
    return test.mde / (_shown(test.clusters, 1) + t_quantile(POWER, test.clusters - 1))


def _shown(clusters: int, family: int) -> float:
    return t_quantile(1.0 - (1.0 - LEVEL) / (2.0 * family), clusters - 1)


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """Return the verdict on all: a regression anywhere is one, else what is inconclusive anywhere is."""
    order: tuple[Verdict, ...] = ("regression", "inconclusive", "pass")
    return next((v for v in order if v in verdicts), "pass")
