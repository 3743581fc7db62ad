"""Reports with several runs: the seeds of one system, as sums of counts by cluster."""

from __future__ import annotations

import msgspec
import numpy as np

from claimbench.comparing.comparison import Compared
from claimbench.comparing.joining import rows_of, same_score, same_setting
from claimbench.comparing.testing import untested
from claimbench.errors import IncomparableError, InputError
from claimbench.records import system_of
from claimbench.report import ClusterSums, Report, Run
from claimbench.stats.estimators import Additive, Metric, Rows, point, pooled
from claimbench.stats.intervals import cluster_codes
from claimbench.stats.variance import seeded_difference
from claimbench.tasks import task as task_by_name

Runs = tuple[Rows, ...]
"""One table (clusters, columns) a run; ``ids`` are the clusters."""

Sizes = tuple[int, ...]
"""How many items each cluster holds."""


def runs_of_both(a: Report, b: Report) -> tuple[Runs, Runs, Sizes]:
    """Return the runs of both systems over the same clusters, and how many items these hold.

    Raises IncomparableError where the reports are not on the same items or one holds several systems.
    """
    same_setting(a, b)
    (left, sizes), (right, sizes_b) = _runs_of(a, "A"), _runs_of(b, "B")
    for name, mine, theirs in (
        ("clusters", left[0].ids, right[0].ids),
        ("sizes of their clusters", sizes, sizes_b),
        ("columns of their rows", left[0].columns, right[0].columns),
    ):
        if mine != theirs:
            raise IncomparableError(f"the reports differ in the {name}")
    return left, right, sizes


def _runs_of(report: Report, name: str) -> tuple[Runs, Sizes]:
    if report.items is not None:
        rows = rows_of(report.items, name)
        codes = cluster_codes(report.items.clusters)
        names = tuple(sorted(set(report.items.clusters)))
        table = Rows(names, rows.columns, pooled(rows, codes).counts)
        return (table,), tuple(np.bincount(codes).tolist())
    if not report.runs:
        raise IncomparableError(f"{name} has neither rows per item nor runs")
    systems = sorted({system_of(run.run) for run in report.runs})
    if len(systems) > 1:
        known = ", ".join(f"'{system}'" for system in systems[:5]) + (" …" if len(systems) > 5 else "")
        raise IncomparableError(f"{name} holds runs of {len(systems)} systems, {known}; pick one: FILE@NAME")
    sums = report.sums
    if sums is None or not all(run.sums for run in report.runs):
        raise IncomparableError(f"{name} has no sums by cluster; score its predictions again")
    clusters = sums.clusters
    if (
        len({*clusters}) != len(clusters)
        or len(sums.items) != len(clusters)
        or min(sums.items, default=0) < 1
    ):
        raise InputError(f"{name}: the clusters of the report and their items do not fit together")
    return tuple(
        _checked_table(report.task, run, sums, f"{name}, run '{run.run}'") for run in report.runs
    ), sums.items


def _checked_table(task: str, run: Run, meaning: ClusterSums, name: str) -> Rows:
    """Return a run's sums. Raises InputError where its scores do not follow from them."""
    rows = _table(run.sums, meaning, name)
    for metric in _metrics(task, rows):
        score = run.metrics.get(metric.name)
        if isinstance(metric, Additive) and score and not same_score(point(metric, rows), score.value):
            raise InputError(f"{name}: the report's {metric.name} does not follow from its sums")
    return rows


def _metrics(task: str, rows: Rows) -> tuple[Metric, ...]:
    try:
        return task_by_name(task).metrics(rows)
    except KeyError as error:
        raise InputError(f"the sums of a run have no column {error}") from None


def _table(rows: tuple[tuple[int, ...], ...], meaning: ClusterSums, name: str) -> Rows:
    """Return a run's sums. Raises InputError where they are no table of int64 with a cluster a row."""
    if len(rows) != len(meaning.clusters):
        raise InputError(f"{name}: clusters and sums do not fit together")
    if any(len(row) != len(meaning.columns) for row in rows):
        raise InputError(f"{name}: columns and sums do not fit together")
    try:
        return Rows(meaning.clusters, meaning.columns, np.array(rows, dtype=np.int64))
    except OverflowError:
        raise InputError(f"{name}: a sum is beyond int64") from None


def metrics_of_runs(task: str, a: Runs, b: Runs) -> dict[str, Metric]:
    """Return the metrics that every run has, bound as the first run's gold binds them."""
    found = [{metric.name: metric for metric in _metrics(task, rows)} for rows in (*a, *b)]
    return {name: metric for name, metric in found[0].items() if all(name in other for other in found)}


def compared_runs(metric: Metric, reports: tuple[Report, Report], a: Runs, b: Runs, sizes: Sizes) -> Compared:
    """Return the means over seeds and their test; a metric of ranks is not made of sums and has no test."""
    one = untested(*(_mean(metric.name, report) for report in reports))
    if one.difference is None or not isinstance(metric, Additive):
        return one
    test, split = seeded_difference(metric, a, b, np.array(sizes, dtype=np.int64))
    return msgspec.structs.replace(one, this_benchmark=test, seeds=split)


def _mean(name: str, report: Report) -> float | None:
    """Return a score, or its mean over runs; None where it is undefined in one."""
    parts = [run.metrics for run in report.runs] or [report.metrics]
    values = [part[name].value if name in part else None for part in parts]
    given = [value for value in values if value is not None]
    return float(np.mean(given)) if len(given) == len(values) else None
