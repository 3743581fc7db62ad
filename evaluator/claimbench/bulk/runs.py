"""From a table to the row of every run: metrics, intervals and how it stands against the best."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from claimbench.bulk.layout import layout
from claimbench.bulk.table import Table
from claimbench.estimating import Asked, scores
from claimbench.report import AgainstBest, ClusterSums, Counts, Intervals, Run, Score
from claimbench.stats.estimators import Additive, Floats, Ints, Metric, Ranked, Rows, point
from claimbench.stats.intervals import Interval, cluster_codes, effective_clusters, intervals_of_replicates
from claimbench.stats.multiplicity import holm
from claimbench.stats.paired import jackknife_p_values, verdict
from claimbench.tasks.base import Items, Task

TOGETHER = 128
"""Runs computed at once: enough to hide the cost of a call, few enough to stay in the cache."""


@dataclass(frozen=True, eq=False)
class RunRows:
    """The rows of every run, in the order of their names, made a few at a time.

    ``some`` maps a slice of the runs to their rows (runs, items, columns); ``kinds`` maps column totals
    (runs, columns) to a code that is equal where ``Task.metrics`` gives the same metrics.
    """

    names: Sequence[str]
    counts: Sequence[Counts]
    columns: tuple[str, ...]
    some: Callable[[slice], Ints]
    kinds: Callable[[Ints], Ints]


def table_rows(table: Table) -> RunRows:
    """Return the rows of a table's runs, as ``Task.rows`` gives them."""
    gold, task = table.gold, layout(table.gold.task)
    names, places = table.order()
    return RunRows(
        names=names,
        counts=table.counts(places),
        columns=task.columns,
        some=lambda some: task.counts(gold, table.cells(places[some])),
        kinds=task.kinds,
    )


def stacked_rows(scored: Mapping[str, Rows], counts: Mapping[str, Counts]) -> RunRows:
    """Return rows that are there already; each run may have metrics of its own."""
    names = sorted(scored)
    return RunRows(
        names=names,
        counts=[counts[name] for name in names],
        columns=scored[names[0]].columns,
        some=lambda some: np.stack([scored[name].counts for name in names[some]]),
        kinds=lambda totals: np.arange(len(totals)),
    )


@dataclass
class _Headlines:
    """Scores that may be compared: on all items and without each cluster, (runs, 1 + clusters) by metric."""

    found: dict[str, Floats]
    metrics: dict[str, Metric] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class _Clustered:
    """Counts of several runs (runs, items, columns), by clusters of items: codes (items,), sums of counts."""

    columns: tuple[str, ...]
    counts: Ints
    codes: Ints
    sums: Ints

    def without_each(self, metric: Metric) -> Floats:
        """Return a metric on all items and without each cluster, shape (runs, 1 + clusters)."""
        if isinstance(metric, Ranked):
            rank, *places = (self.columns.index(name) for name in (metric.rank, *metric.columns))
            return metric.without_each(self.counts[..., rank], self.counts[..., places], self.codes)
        if not isinstance(metric, Additive):
            raise TypeError(f"{metric.name} is a metric neither of sums nor of ranks")
        part = self.sums[..., [self.columns.index(name) for name in metric.columns]]
        total = part.sum(axis=1, keepdims=True)
        return metric.value(np.concatenate([total, total - part], axis=1))

    def intervals(self, metric: Metric, found: Floats) -> list[Interval | None]:
        """Return the interval of every run, given what ``without_each`` found."""
        effective = effective_clusters(self.codes)
        return intervals_of_replicates(found[:, 0], found[:, 1:], metric.scale, effective)


def run_scores(task: Task[Any], items: Items, rows: RunRows, asked: Asked) -> tuple[list[Run], ClusterSums]:
    """Return every run with its metrics, intervals and cluster sums, and what the sums stand for."""
    codes = cluster_codes(items.clusters)
    runs: list[Run] = []
    wanted = [name for name in (task.headline, task.fallback) if name]
    shape = (len(rows.names), 2 + int(codes.max()))
    headlines = _Headlines({name: np.full(shape, np.nan) for name in wanted})
    for start in range(0, len(rows.names), TOGETHER):
        some = slice(start, start + TOGETHER)
        counts = rows.some(some)
        sums = _sums(counts, codes)
        found: list[dict[str, Score]] = [{} for _ in counts]
        kinds = rows.kinds(sums.sum(axis=1))
        for kind in np.unique(kinds):
            which = np.flatnonzero(kinds == kind)
            alike = _Clustered(rows.columns, counts[which], codes, sums[which])
            for i, scores_of_run in zip(
                which.tolist(), _scores(task, items, alike, headlines, start + which, asked), strict=True
            ):
                found[i] = scores_of_run
        for name, metrics, seen, table in zip(
            rows.names[some], found, rows.counts[some], sums.tolist(), strict=True
        ):
            runs.append(Run(run=name, metrics=metrics, counts=seen, sums=tuple(map(tuple, table))))
    names = tuple(sorted(set(items.clusters)))
    meaning = ClusterSums(clusters=names, items=tuple(np.bincount(codes).tolist()), columns=rows.columns)
    return _against_best(runs, wanted, headlines, effective_clusters(codes)), meaning


def _scores(
    task: Task[Any],
    items: Items,
    here: _Clustered,
    headlines: _Headlines,
    place: npt.NDArray[np.intp],
    asked: Asked,
) -> list[dict[str, Score]]:
    """Return the metrics of runs that have the same ones; their headlines are noted at ``place``."""
    sources = cluster_codes(items.sources) if items.sources else None
    metrics = asked.metrics(task, Rows(items.ids, here.columns, here.counts[0]))
    without = _headlines_without_each(metrics, here, headlines, place)
    if asked.how.method == "jackknife":
        return _jackknifed(items.ids, metrics, here, sources, without)
    alone = [Rows(items.ids, here.columns, table) for table in here.counts]
    return [scores(asked.metrics(task, rows), rows, here.codes, sources, asked.how) for rows in alone]


def _sums(counts: Ints, codes: Ints) -> Ints:
    """Return the column totals of every cluster, shape (runs, clusters, columns)."""
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    sums: Ints = np.add.reduceat(counts[:, order], starts, axis=1)
    return sums


def _headlines_without_each(
    metrics: Sequence[Metric], here: _Clustered, headlines: _Headlines, place: npt.NDArray[np.intp]
) -> dict[str, Floats]:
    """Return headlines on all items and without each cluster, and note them at the places of their runs."""
    found = {metric.name: here.without_each(metric) for metric in metrics if metric.name in headlines.found}
    for metric in metrics:
        if metric.name in found:
            headlines.found[metric.name][place] = found[metric.name]
            headlines.metrics[metric.name] = metric
    return found


def _jackknifed(
    ids: tuple[str, ...],
    metrics: Sequence[Metric],
    here: _Clustered,
    sources: Ints | None,
    known: Mapping[str, Floats],
) -> list[dict[str, Score]]:
    """Return the metrics of every run; ``known`` are those whose ``without_each`` was found before."""
    there = None
    if sources is not None:
        there = _Clustered(here.columns, here.counts, sources, _sums(here.counts, sources))
    result: list[dict[str, Score]] = [{} for _ in here.counts]
    for metric in metrics:
        if metric.scale == "none":
            for scores_of_run, table in zip(result, here.counts, strict=True):
                value = point(metric, Rows(ids, here.columns, table))
                scores_of_run[metric.name] = Score(value=value, intervals=Intervals())
            continue
        found = known[metric.name] if metric.name in known else here.without_each(metric)
        bounds = [here.intervals(metric, found)]
        if there is not None:
            bounds.append(there.intervals(metric, there.without_each(metric)))
        for scores_of_run, value, *intervals in zip(result, found[:, 0].tolist(), *bounds, strict=True):
            value = None if math.isnan(value) else value
            scores_of_run[metric.name] = Score(value=value, intervals=Intervals(*intervals))
    return result


def _against_best(
    runs: list[Run], wanted: Sequence[str], headlines: _Headlines, effective: float
) -> list[Run]:
    """Return the runs with their difference from the best on the headline that is defined for any of them."""
    defined = [name for name in wanted if not np.isnan(headlines.found[name][:, 0]).all()]
    metric = headlines.metrics[defined[0]] if defined else None
    if metric is None or metric.better == "neither":
        return runs
    found, lower = headlines.found[metric.name], metric.better == "lower"
    best = int(np.nanargmin(found[:, 0]) if lower else np.nanargmax(found[:, 0]))
    p_values = jackknife_p_values(found[:, 0], found[:, 1:], best, metric.scale, effective)
    tested = {i: p for i, p in enumerate(p_values) if p is not None and i != best}
    adjusted = dict(zip(tested, holm(list(tested.values())), strict=True))
    difference = (found[:, 0] - found[best, 0]).tolist()
    return [
        msgspec.structs.replace(
            run,
            against_best=AgainstBest(
                difference=difference[i],
                p=tested[i],
                p_adjusted=adjusted[i],
                verdict=verdict(difference[i], adjusted[i], lower_is_better=lower),
            )
            if i in tested
            else None,
        )
        for i, run in enumerate(runs)
    ]
