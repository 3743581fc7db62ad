"""When is a drop a regression? The verdict on one metric, from its paired interval.

A *gain* is the difference after - before, turned so that more is better. The verdict is *pass* where the
rows are equal or the lower bound of the gain is above -max_drop; *regression* where its upper bound is below
0 and the drop exceeds max_drop; else *inconclusive*. With several metrics, "upper bound below 0" is said by
p adjusted by Holm (1979), for any false alarm counts. A pass needs no adjustment: all have to pass.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from claimbench.gating.decision import Verdict
from claimbench.stats.estimators import Additive, Floats, Ints, Metric, Rows, point
from claimbench.stats.intervals import LEVEL, degrees_of_freedom
from claimbench.stats.multiplicity import holm
from claimbench.stats.paired import POWER, Paired, jackknife_difference
from claimbench.stats.student import t_quantile

TINY = 1e-12
MOST_TIMES = 1000
"""A difference that needs more than so many times the clusters is not said to be settled by more items."""

UNEVEN = 0.4
"""How much a drop varies between clusters, as a share of it: as where they share 15 % of what makes their
items hard and four items in five are right."""


class Measured(msgspec.Struct, frozen=True):
    """One metric before and after, with the paired test of the difference where there is one."""

    before: float | None
    after: float | None
    equal: bool
    sign: int
    """-1 where less is better."""
    test: Paired | None
    step: float = 0.0
    """How far one item moves the score when it comes out differently, on average."""

    @property
    def difference(self) -> float | None:
        """After - before; None where either is undefined."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def error(self) -> float | None:
        """The standard error of the difference; None where it is unknown or 0."""
        if self.test is None or self.test.mde is None or self.test.degrees is None:
            return None
        return (self.test.high - self.test.low) / (2.0 * _shown(self.test.degrees, 1))

    @property
    def effective(self) -> float:
        """How many equal clusters would weigh as much as those that the difference rests on."""
        return 1.0 if self.test is None or self.test.degrees is None else self.test.degrees + 1.0

    @property
    def bounds(self) -> tuple[float, float]:
        """Of the gain. Raises ValueError where there is no test."""
        if self.test is None:
            raise ValueError("there is no interval")
        low, high = sorted((self.sign * self.test.low, self.sign * self.test.high))
        return low, high


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
        sign=-1 if new.better == "lower" else 1,
        test=test,
        step=_step(new, before, after),
    )


def _step(metric: Metric, before: Rows, after: Rows) -> float:
    """Return the mean move of the score when one row of ``before`` becomes that of ``after``.

    Never less than one over the items, which is what accuracy moves by. Ranks move together, so that for
    metrics of ranks it is that.
    """
    least = 1.0 / max(len(before.ids), 1)
    if not isinstance(metric, Additive):
        return least
    old = before.select(metric.columns)
    moved = after.select(metric.columns) - old
    changed = moved[moved.any(axis=1)]
    total = old.sum(axis=0)
    steps = np.abs(metric.value(total + changed) - metric.value(total))
    steps = steps[np.isfinite(steps)]
    return max(least, float(steps.mean())) if steps.size else least


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


def detectable(
    error: float | None, step: float, max_drop: float, family: int, effective: float
) -> float | None:
    """Return the true drop that ends as a regression 4 times in 5, with ``family`` metrics gated.

    It has to be shown, at the level that Holm's first step asks for, and to be seen to exceed ``max_drop``.
    ``error`` is the standard error of the difference between the two runs at hand; alone it would promise too
    much where they hardly differ, for a drop adds spread of its own. None where no drop is large enough.
    """
    if error is None:
        return None
    freedom = degrees_of_freedom(effective)
    power = t_quantile(POWER, freedom)
    drops = np.linspace(0.0, 1.0, 10_001)
    spread = _spread(drops, error, step, effective)
    found = (drops >= (_shown(freedom, family) + power) * spread) & (drops >= max_drop + power * spread)
    return float(drops[np.argmax(found)]) if found.any() else None


def _spread(drops: Floats, error: float, step: float, effective: float) -> Floats:
    """Return the standard error of a difference in which there is a true drop.

    The variance grows with the items that differ, ``step`` each: those that differ by chance, of which a drop
    leaves fewer to become right, and those that the drop falls on. And clusters do not all drop alike.
    """
    by_chance = error * error / step
    differing = np.hypot(by_chance, drops) * step
    return np.sqrt(differing + (UNEVEN * drops) ** 2 / effective)


def clusters_to_settle(one: Measured, max_drop: float, family: int) -> int | None:
    """Return how many clusters would make the verdict pass or regression, if the difference stayed.

    None where the difference lies too close to what decides, or nothing is known of its spread.
    """
    error = one.error
    if one.test is None or error is None or one.difference is None or one.test.degrees is None:
        return None
    effective = one.effective / one.test.clusters
    count, gain = one.test.clusters, one.sign * one.difference
    room, family = (gain + max_drop, 1) if gain > -max_drop else (-gain, family)

    def settles(clusters: int) -> bool:
        freedom = degrees_of_freedom(effective * clusters)
        return _shown(freedom, family) * error * math.sqrt(count / clusters) < room

    low, high = count, MOST_TIMES * count
    if not settles(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if settles(middle) else (middle, high)
    return high


def _shown(freedom: float, family: int) -> float:
    return t_quantile(1.0 - (1.0 - LEVEL) / (2.0 * family), freedom)


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """Return the verdict on all: a regression anywhere is one, else what is inconclusive anywhere is."""
    order: tuple[Verdict, ...] = ("regression", "inconclusive", "pass")
    return next((v for v in order if v in verdicts), "pass")
