"""How many gold labels would have to be wrong to overturn a comparison?

A conclusion is overturned where the system that scores higher no longer does, or, which takes fewer, where
its lead is no longer shown. A label is that of a proposition: if it is wrong, it is wrong in all languages.
Labels are changed one after the other, each to what hurts the lead most, until it is gone (fragility index,
Walsh et al. 2014; for estimators, Broderick, Giordano & Meager 2020).

On a share of right items every label has an effect of its own, so that the strongest first are the fewest:
the count is exact. On other metrics, and for a lead no longer shown, it is an upper bound.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import msgspec
import numpy as np
import numpy.typing as npt

from claimbench.comparing.comparison import Fragility
from claimbench.report import ItemRows
from claimbench.stats import classification as c
from claimbench.stats.estimators import Additive, Floats, Ints, Metric, Rows, pooled, unit_weights
from claimbench.stats.intervals import cluster_codes

Shown = Callable[[Rows, Rows], bool]
"""Whether the lead of the second system is shown on these rows."""

Places = npt.NDArray[np.intp]

_TINY = 1e-12


def fragility(task: str, metric: Metric, items: ItemRows, a: Rows, b: Rows, shown: Shown | None) -> Fragility:
    """Return how many gold labels would have to be wrong to overturn B - A on a metric.

    ``items`` are those of A, in the order of both tables. ``shown`` repeats the test of the comparison; None
    where nothing is shown to begin with.
    """
    reason = _unsuited(task, metric, items)
    if reason or not isinstance(metric, Additive) or items.families is None:
        return Fragility(reason=reason)
    lead = float(metric.estimator(b)(unit_weights(b)) - metric.estimator(a)(unit_weights(a)))
    behind, ahead = (a, b) if lead > 0 else (b, a)
    search = _Search.of(metric, behind, ahead, items.families, cluster_codes(items.clusters))
    if not abs(lead) > _TINY:
        return Fragility(labels=len(search.home), reason="neither system scores higher")
    turned = search.fewest(_lead, lambda _behind, _ahead: True)
    lost = None if shown is None else search.fewest(_studentised_lead, shown)
    if shown is not None and turned is not None:
        lost = turned if lost is None else min(lost, turned)
    return Fragility(
        labels=len(search.home), sign=turned, sign_exact=metric.value is c.share, verdict=lost, reason=""
    )


def _unsuited(task: str, metric: Metric, items: ItemRows) -> str:
    """Return why the metric cannot be followed through other gold labels, "" where it can."""
    from claimbench.tasks.verification import OF_LABELS

    if task != "verification":
        return f"the rows of {task} do not tell what another gold would make of an answer"
    if not isinstance(metric, Additive):
        return f"{metric.name} is not a sum over items"
    if not metric.columns or not OF_LABELS.issuperset(metric.columns):
        return f"{metric.name} hangs on more than each item's own label"
    if items.families is None or len(items.families) != len(items.ids):
        return "the report does not tell which items share a gold label; score the predictions again"
    return ""


def _lead(metric: Additive, sums: Ints) -> Floats:
    """From sums (..., 2 systems, clusters, columns): the second system's score less the first one's."""
    values: Floats = metric.value(sums.sum(axis=-2))
    return np.asarray(values[..., 1] - values[..., 0])


def _studentised_lead(metric: Additive, sums: Ints) -> Floats:
    """From sums (..., 2 systems, clusters, columns): the lead in standard errors of the jackknife."""
    count = sums.shape[-2]
    values = metric.value(sums.sum(axis=-2, keepdims=True) - sums)
    without = values[..., 1, :] - values[..., 0, :]
    error = np.sqrt((count - 1) * without.var(axis=-1))
    lead = _lead(metric, sums)
    found: Floats = np.divide(lead, error, out=np.full(lead.shape, math.inf), where=error > _TINY)
    return found


class _Search(msgspec.Struct, frozen=True, eq=False):
    """Propositions whose label may change: ``moved`` holds both systems' rows under each label.

    ``sums`` are the counts of both systems by cluster, (2, clusters, columns); ``change`` what a label does
    to those of its cluster, (propositions, labels, 2, columns); ``unit`` is the proposition of each item,
    ``home`` the cluster of each proposition.
    """

    metric: Additive
    rows: tuple[Rows, Rows]
    moved: tuple[tuple[Rows, Rows], ...]
    unit: Ints
    home: Ints
    sums: Ints
    change: Ints

    @classmethod
    def of(
        cls, metric: Additive, behind: Rows, ahead: Rows, families: tuple[str, ...], codes: Ints
    ) -> _Search:
        """Lay out every change of one label."""
        from claimbench.records import LABELS
        from claimbench.tasks.verification import relabelled

        unit = cluster_codes([f"{family} {code}" for family, code in zip(families, codes, strict=True)])
        moved = tuple((relabelled(behind, label), relabelled(ahead, label)) for label in LABELS)

        def summed(rows: Rows, groups: Ints) -> Ints:
            return pooled(rows, groups).select(metric.columns)

        both = (behind, ahead)
        before = np.stack([summed(rows, unit) for rows in both], axis=1)
        after = np.stack([np.stack([summed(rows, unit) for rows in pair], axis=1) for pair in moved], axis=1)
        home = np.zeros(len(before), dtype=np.int64)
        home[unit] = codes
        sums = np.stack([summed(rows, codes) for rows in both])
        return cls(metric, both, moved, unit, home, sums, after - before[:, np.newaxis])

    def fewest(self, strength: Callable[[Additive, Ints], Floats], holds: Shown) -> int | None:
        """Return after how many changes the lead is gone or no longer holds; None where it stays.

        Each change is the one after which ``strength`` is least.
        """
        sums, chosen = self.sums, dict[int, int]()
        while float(_lead(self.metric, sums)) > _TINY and holds(*self._changed(chosen)):
            free = np.array([unit for unit in range(len(self.home)) if unit not in chosen], dtype=np.intp)
            found = self._strengths(strength, sums, free)
            if not found.min(initial=math.inf) < float(strength(self.metric, sums)) - _TINY:
                return None
            place, label = (int(i) for i in np.unravel_index(int(found.argmin()), found.shape))
            unit = int(free[place])
            sums = sums.copy()
            sums[:, self.home[unit]] += self.change[unit, label]
            chosen[unit] = label
        return len(chosen)

    def _strengths(self, strength: Callable[[Additive, Ints], Floats], sums: Ints, free: Places) -> Floats:
        """Return the strength of the lead after each one change of a free proposition, (free, labels)."""
        tried = np.broadcast_to(sums, (len(free), self.change.shape[1], *sums.shape)).copy()
        tried[np.arange(len(free)), :, :, self.home[free]] += self.change[free]
        return np.nan_to_num(strength(self.metric, tried), nan=math.inf, posinf=math.inf)

    def _changed(self, chosen: dict[int, int]) -> tuple[Rows, Rows]:
        """Return both systems' rows under the labels chosen."""
        behind, ahead = (rows.counts.copy() for rows in self.rows)
        for unit, label in chosen.items():
            own = self.unit == unit
            behind[own] = self.moved[label][0].counts[own]
            ahead[own] = self.moved[label][1].counts[own]
        ids, columns = self.rows[0].ids, self.rows[0].columns
        return Rows(ids, columns, behind), Rows(ids, columns, ahead)
