"""Metrics of several runs on all items and without each cluster, and their intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from claimbench.bulk.counted import Counted
from claimbench.stats.estimators import Additive, Bools, Calibration, Floats, Ints, Metric
from claimbench.stats.intervals import Interval, intervals_of_replicates
from claimbench.stats.ranked import Ranked


class Clustered:
    """The rows of several runs by clusters of items: codes (items,), and sums (runs, clusters, columns)."""

    def __init__(self, rows: Counted, codes: Ints, sums: Ints) -> None:
        self.rows, self._codes, self._sums = rows, codes, sums
        whole = sums.sum(axis=1, keepdims=True)
        self._totals = np.concatenate([whole, whole - sums], axis=1)
        self._selected: dict[tuple[str, ...], Ints] = {}
        self._heard: dict[str, Bools] = {}

    def on_all(self, metric: Metric) -> Floats:
        """Return a metric on all items, shape (runs,)."""
        if isinstance(metric, Calibration):
            return metric.on_each(self.rows.select(metric.columns))
        if isinstance(metric, Ranked):
            return metric.on_each(*self._in_order(metric))
        return _additive(metric).value(self._totals[:, 0, self._places(metric)])

    def without_each(self, metric: Metric) -> Floats:
        """Return a metric on all items and without each cluster, shape (runs, 1 + clusters)."""
        if isinstance(metric, Ranked):
            return metric.without_each(*self._in_order(metric), self._codes)
        columns = _additive(metric).columns
        if columns not in self._selected:
            self._selected[columns] = self._totals[..., self._places(metric)]
        return _additive(metric).value(self._selected[columns])

    def rests_on(self, metric: Metric, found: Floats) -> Bools:
        """Return which clusters the score of each run rests on, shape (runs, clusters).

        ``found`` is what ``without_each`` found.
        """
        if metric.name not in self._heard:
            bound = metric if isinstance(metric, Ranked) else _additive(metric)
            sums = self._sums[..., [self.rows.columns.index(name) for name in bound.columns]]
            self._heard[metric.name] = bound.hears(sums) | (found[:, 1:] != found[:, :1])
        return self._heard[metric.name]

    def _in_order(self, metric: Ranked) -> tuple[Ints, Ints]:
        """Return the ranks (runs, items) of a metric and its columns (runs, items, columns)."""
        chosen = self.rows.select((metric.rank, *metric.columns))
        return chosen[..., 0], chosen[..., 1:]

    def _places(self, metric: Metric) -> list[int]:
        return [self.rows.columns.index(name) for name in _additive(metric).columns]

    def intervals(
        self, metrics: Sequence[Metric], found: Mapping[str, Floats]
    ) -> dict[str, list[Interval | None]]:
        """Return the interval of every run by metric, given what ``without_each`` found.

        Metrics on one scale go together, which saves calls.
        """
        result: dict[str, list[Interval | None]] = {}
        sizes, runs = np.bincount(self._codes), len(self.rows)
        for scale in sorted({metric.scale for metric in metrics}):
            alone = [metric for metric in metrics if metric.scale == scale]
            stacked = np.concatenate([found[metric.name] for metric in alone])
            heard = np.concatenate([self.rests_on(metric, found[metric.name]) for metric in alone])
            made = intervals_of_replicates(stacked[:, 0], stacked[:, 1:], scale, sizes, heard)
            result |= {metric.name: made[i * runs : (i + 1) * runs] for i, metric in enumerate(alone)}
        return result


def _additive(metric: Metric) -> Additive:
    if not isinstance(metric, Additive):
        raise TypeError(f"{metric.name} is a metric neither of sums nor of ranks")
    return metric
