"""From a table to the row of every run: metrics, intervals and how it stands against the best."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np

from claimbench.bulk.layout import layout
from claimbench.bulk.table import Table
from claimbench.report import AgainstBest, ClusterSums, Counts, Intervals, Run, Score
from claimbench.stats.estimators import Additive, Floats, Ints, Metric, Ranked, Rows, Scale
from claimbench.stats.intervals import cluster_codes, jackknife_many
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
    scale: dict[str, Scale] = field(default_factory=dict)


def run_scores(task: Task[Any], items: Items, rows: RunRows) -> tuple[list[Run], ClusterSums]:
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
        scores = _scores(task, items, rows, counts, sums, start, headlines)
        for name, metrics, seen, table in zip(
            rows.names[some], scores, rows.counts[some], sums.tolist(), strict=True
        ):
            runs.append(Run(run=name, metrics=metrics, counts=seen, sums=tuple(map(tuple, table))))
    clusters = tuple(sorted(set(items.clusters)))
    return _against_best(runs, wanted, headlines), ClusterSums(clusters=clusters, columns=rows.columns)


def _sums(counts: Ints, codes: Ints) -> Ints:
    """Return the column totals of every cluster, shape (runs, clusters, columns)."""
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    sums: Ints = np.add.reduceat(counts[:, order], starts, axis=1)
    return sums


def _scores(
    task: Task[Any], items: Items, rows: RunRows, counts: Ints, sums: Ints, start: int, headlines: _Headlines
) -> list[dict[str, Score]]:
    """Return the metrics of every run, in the order of ``Task.metrics``, and note those in ``headlines``."""
    kinds = rows.kinds(sums.sum(axis=1))
    result: list[dict[str, Score]] = [{} for _ in counts]
    codes = [cluster_codes(items.clusters)]
    codes += [cluster_codes(items.sources)] if items.sources else []
    for kind in np.unique(kinds):
        which = np.flatnonzero(kinds == kind)
        part = counts[which]
        pooled = [sums[which], *(_sums(part, code) for code in codes[1:])]
        for metric in task.metrics(Rows(items.ids, rows.columns, part[0])):
            found = [
                _without_each(metric, rows.columns, part, *pair) for pair in zip(pooled, codes, strict=True)
            ]
            if metric.name in headlines.found:
                headlines.found[metric.name][start + which] = found[0]
                headlines.scale[metric.name] = metric.scale
            bounds = [jackknife_many(each[:, 0], each[:, 1:], metric.scale) for each in found]
            values = found[0][:, 0].tolist()
            for i, value, *intervals in zip(which.tolist(), values, *bounds, strict=True):
                score = None if value != value else value
                result[i][metric.name] = Score(value=score, intervals=Intervals(*intervals))
    return result


def _without_each(metric: Metric, columns: tuple[str, ...], counts: Ints, sums: Ints, codes: Ints) -> Floats:
    """Return a metric on all items and without each cluster, shape (runs, 1 + clusters)."""
    if isinstance(metric, Ranked):
        return metric.without_each(counts, columns, codes)
    if not isinstance(metric, Additive):
        raise TypeError(f"{metric.name} is a metric neither of sums nor of ranks")
    part = sums[..., [columns.index(name) for name in metric.columns]]
    total = part.sum(axis=1, keepdims=True)
    return metric.value(np.concatenate([total, total - part], axis=1))


def _against_best(runs: list[Run], wanted: Sequence[str], headlines: _Headlines) -> list[Run]:
    """Return the runs with their difference from the best on the headline that is defined for any of them."""
    defined = [name for name in wanted if not np.isnan(headlines.found[name][:, 0]).all()]
    if not defined:
        return runs
    scale = headlines.scale[defined[0]]
    found = headlines.found[defined[0]]
    sign = -1.0 if scale == "loss" else 1.0
    best = int(np.nanargmax(sign * found[:, 0]))
    p_values = jackknife_p_values(found[:, 0], found[:, 1:], best, scale)
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
                verdict=verdict(difference[i], adjusted[i], lower_is_better=scale == "loss"),
            )
            if i in tested
            else None,
        )
        for i, run in enumerate(runs)
    ]
