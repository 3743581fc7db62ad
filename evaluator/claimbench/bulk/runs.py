"""From a table to the row of every run: metrics, intervals and how it stands against the best."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import repeat
from struct import Struct
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from claimbench.bulk.clustered import Clustered
from claimbench.bulk.counted import Counted, Part
from claimbench.bulk.layout import layout
from claimbench.bulk.table import Table
from claimbench.bulk.threads import map_threads
from claimbench.estimating import Asked, scores
from claimbench.report import AgainstBest, ClusterSums, Counts, Intervals, Run, Score
from claimbench.stats.estimators import Bools, Floats, Ints, Metric, Rows, cluster_count
from claimbench.stats.intervals import cluster_codes
from claimbench.stats.multiplicity import holm
from claimbench.stats.paired import jackknife_p_values, verdict
from claimbench.tasks.base import Items, Task

TOGETHER = 256
"""Runs computed at once: enough to hide the cost of a call, few enough to stay in the cache."""

MANY = 100
"""Up to so many runs every metric has intervals; of more, dozens for every run would be most of the work."""

_NONE = Intervals()


class RunRows(msgspec.Struct, frozen=True, eq=False):
    """The rows of every run, in the order of their names, made a few at a time.

    ``some`` maps a slice of the runs to their rows; ``kinds`` maps column totals (runs, columns) to a code
    that is equal where ``Task.metrics`` gives the same metrics.
    """

    names: Sequence[str]
    counts: Sequence[Counts]
    columns: tuple[str, ...]
    some: Callable[[slice], Counted]
    kinds: Callable[[Ints], Ints]


def table_rows(table: Table) -> RunRows:
    """Return the rows of a table's runs, as ``Task.rows`` gives them."""
    gold, task = table.gold, layout(table.gold.task)
    names, places = table.order()

    def some(some: slice) -> Counted:
        return Counted(task.columns, gold.scored, tuple(task.counts(gold, table.cells(places[some]))))

    return RunRows(names, table.counts(places), task.columns, some, task.kinds)


def stacked_rows(scored: Mapping[str, Rows], counts: Mapping[str, Counts]) -> RunRows:
    """Return rows that are there already; each run may have metrics of its own."""
    names = sorted(scored)
    first = scored[names[0]]

    def some(some: slice) -> Counted:
        tables = np.stack([scored[name].counts for name in names[some]])
        return Counted(first.columns, len(first.ids), (Part(first.columns, tables),))

    return RunRows(
        names, [counts[name] for name in names], first.columns, some, lambda totals: np.arange(len(totals))
    )


class _Headlines(msgspec.Struct):
    """Scores that may be compared: on all items and without each cluster, (runs, 1 + clusters) by metric.

    ``heard`` says which clusters a score rests on, (runs, clusters).
    """

    found: dict[str, Floats]
    heard: dict[str, Bools]
    metrics: dict[str, Metric] = msgspec.field(default_factory=dict)


class _Board(msgspec.Struct, frozen=True, eq=False):
    """What every block of runs is scored by: cluster codes (items,) of both estimands among it.

    ``only`` names the metrics that get intervals; None gives them to all.
    """

    task: Task[Any]
    items: Items
    rows: RunRows
    asked: Asked
    codes: Ints
    sources: Ints | None
    headlines: _Headlines
    only: Collection[str] | None


def spare(asked: Asked, runs: int) -> bool:
    """Whether so many runs get intervals for the headline only: it is not asked which metrics matter."""
    return runs > MANY and asked.names is None and asked.how.method != "none"


def run_scores(
    task: Task[Any], items: Items, rows: RunRows, asked: Asked, workers: int = 1
) -> tuple[list[Run], ClusterSums]:
    """Return every run with its metrics, intervals and cluster sums, and what the sums stand for.

    Of more than ``MANY`` runs only the headline has intervals, unless metrics were asked for by name.
    ``workers`` threads share the runs.
    """
    codes = cluster_codes(items.clusters)
    sources = cluster_codes(items.sources) if items.sources else None
    wanted = [name for name in (task.headline, task.fallback) if name]
    shape = (len(rows.names), 1 + cluster_count(codes))
    headlines = _Headlines(
        {name: np.full(shape, np.nan) for name in wanted},
        {name: np.ones((shape[0], shape[1] - 1), dtype=np.bool_) for name in wanted},
    )
    only = wanted if spare(asked, len(rows.names)) else None
    board = _Board(task, items, rows, asked, codes, sources, headlines, only)
    blocks = [slice(start, start + TOGETHER) for start in range(0, len(rows.names), TOGETHER)]
    runs = [run for _, block in map_threads(_block, blocks, board, workers) for run in block]
    names = tuple(sorted(set(items.clusters)))
    meaning = ClusterSums(clusters=names, items=tuple(np.bincount(codes).tolist()), columns=rows.columns)
    return _against_best(runs, wanted, headlines, np.bincount(codes)), meaning


def _block(some: slice, board: _Board) -> list[Run]:
    """Return some of the runs; their headlines are noted at their places."""
    rows = board.rows.some(some)
    sums = rows.sums(board.codes)
    kinds = board.rows.kinds(sums.sum(axis=1))
    found: list[dict[str, Score]] = [{} for _ in kinds]
    # Not np.unique, which imports numpy.ma: a hundredth of a second.
    for kind in sorted(set(kinds.tolist())):
        which = np.flatnonzero(kinds == kind)
        alike = rows if which.size == kinds.size else rows.take(which)
        here = Clustered(alike, board.codes, sums[which])
        for i, scores_of_run in zip(which.tolist(), _scores(board, here, some.start + which), strict=True):
            found[i] = scores_of_run
    table = Struct(f"{len(rows.columns)}q")
    return [
        Run(run=name, metrics=metrics, counts=seen, sums=tuple(table.iter_unpack(own)))
        for name, metrics, seen, own in zip(
            board.rows.names[some], found, board.rows.counts[some], sums, strict=True
        )
    ]


def _scores(board: _Board, here: Clustered, place: npt.NDArray[np.intp]) -> list[dict[str, Score]]:
    """Return the metrics of runs that have the same ones; their headlines are noted at ``place``."""
    task, ids, columns, asked = board.task, board.items.ids, board.rows.columns, board.asked
    metrics = asked.metrics(task, Rows(ids, columns, here.rows.table(0)))
    noted = {metric.name: metric for metric in metrics if metric.name in board.headlines.found}
    found = {name: here.without_each(metric) for name, metric in noted.items()}
    for name, values in found.items():
        board.headlines.found[name][place] = values
        board.headlines.heard[name][place] = here.rests_on(noted[name], values)
    board.headlines.metrics.update(noted)
    if asked.how.method == "jackknife":
        return _jackknifed(metrics, here, found, board)
    return [
        scores(asked.metrics(task, alone), alone, board.codes, board.sources, asked.how, board.only)
        for alone in (Rows(ids, columns, here.rows.table(i)) for i in range(len(here.rows)))
    ]


def _jackknifed(
    metrics: Sequence[Metric], here: Clustered, known: Mapping[str, Floats], board: _Board
) -> list[dict[str, Score]]:
    """Return the metrics of every run; ``known`` are those whose ``without_each`` was found before."""
    only = board.only
    sure = [m for m in metrics if m.scale != "none" and (only is None or m.name in only)]
    found = {m.name: known[m.name] if m.name in known else here.without_each(m) for m in sure}
    bounds = [here.intervals(sure, found)]
    if board.sources is not None:
        there = Clustered(here.rows, board.sources, here.rows.sums(board.sources))
        bounds.append(there.intervals(sure, {metric.name: there.without_each(metric) for metric in sure}))
    table = []
    for metric in metrics:
        values = found[metric.name][:, 0] if metric.name in found else here.on_all(metric)
        if metric in sure:
            table.append(
                map(Score, _defined(values), map(Intervals, *(made[metric.name] for made in bounds)))
            )
        else:
            table.append(map(Score, _defined(values), repeat(_NONE)))
    names = [metric.name for metric in metrics]
    return [dict(zip(names, column, strict=True)) for column in zip(*table, strict=True)]


def _defined(values: Floats) -> list[float | None]:
    """Return numbers, None for NaN."""
    found: list[float | None] = values.tolist()
    for i in np.flatnonzero(np.isnan(values)).tolist():
        found[i] = None
    return found


def _against_best(runs: list[Run], wanted: Sequence[str], headlines: _Headlines, sizes: Ints) -> list[Run]:
    """Return the runs with their difference from the best on the headline that is defined for any of them."""
    defined = [name for name in wanted if not np.isnan(headlines.found[name][:, 0]).all()]
    metric = headlines.metrics[defined[0]] if defined else None
    if metric is None or metric.better == "neither":
        return runs
    found, lower = headlines.found[metric.name], metric.better == "lower"
    best = int(np.nanargmin(found[:, 0]) if lower else np.nanargmax(found[:, 0]))
    heard = headlines.heard[metric.name]
    p_values = jackknife_p_values(found[:, 0], found[:, 1:], best, metric.scale, sizes, heard)
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
