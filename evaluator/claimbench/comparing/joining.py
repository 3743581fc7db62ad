"""Two reports brought onto the same rows and metrics, or refused with what differs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from claimbench.errors import IncomparableError, InputError
from claimbench.formats import format_named
from claimbench.report import ItemRows, Report
from claimbench.stats.estimators import Metric, Rows, point
from claimbench.tasks import task as task_by_name
from claimbench.tasks.names import parse

SIGNED = ("corpus", "gold", "options", "judgements", "judge", "wordnet")
"""Parts of a signature that must agree before reports are compared."""


def same_setting(a: Report, b: Report) -> None:
    """Raise IncomparableError with the first thing that differs in what was scored, and how."""
    for name, mine, theirs in (
        ("task", a.task, b.task),
        ("format", a.format, b.format),
        ("split", a.split, b.split),
        *((name, signed(a.signature, name), signed(b.signature, name)) for name in SIGNED),
        ("version of claimbench", a.version, b.version),
    ):
        if mine != theirs:
            raise IncomparableError(f"the reports differ in their {name}: '{mine}' and '{theirs}'")


def comparable(a: Report, b: Report) -> tuple[ItemRows, ItemRows]:
    """Return the rows of both, or raise IncomparableError with the first thing that differs."""
    same_setting(a, b)
    left, right = _items(a, "A"), _items(b, "B")
    only = sorted(set(left.ids) ^ set(right.ids))
    if only:
        owner = "A" if only[0] in left.ids else "B"
        raise IncomparableError(
            f"the reports differ in their items: {len(only)} are in one only, such as '{only[0]}' in {owner}"
        )
    if left.columns != right.columns:
        raise IncomparableError("the reports differ in the columns of their rows")
    for name in ("clusters", "sources"):
        pairs = [(r.ids, getattr(r, name) or ()) for r in (left, right)]
        if len({tuple(sorted(zip(*pair, strict=False))) for pair in pairs}) > 1:
            raise IncomparableError(f"the reports differ in the {name} of their items")
    return left, right


def _items(report: Report, name: str) -> ItemRows:
    if report.items is None:
        raise IncomparableError(f"{name} has no rows per item, for {_rowless(report)}")
    return report.items


def _rowless(report: Report) -> str:
    if report.format is None:
        return f"it holds {len(report.runs)} runs; score one at a time"
    return report.refused or f"it has {report.counts.items} items, more than reports keep rows for"


def signed(signature: str, key: str) -> str:
    """Return one part of a signature, "" where it lacks it."""
    parts = (part.partition(":") for part in signature.split("|"))
    return next((value for name, _, value in parts if name == key), "")


def rows_of(items: ItemRows, name: str) -> Rows:
    """Return a report's rows. Raises InputError where they are no table of int64 with an id a row."""
    sizes = {len(items.ids), len(set(items.ids)), len(items.clusters), len(items.rows)}
    sizes |= {len(items.sources)} if items.sources is not None else set()
    if len(sizes) > 1 or not items.ids or any(len(row) != len(items.columns) for row in items.rows):
        raise InputError(f"{name}: the report's ids, clusters and rows do not fit together")
    try:
        return Rows(items.ids, items.columns, np.array(items.rows, dtype=np.int64))
    except OverflowError:
        raise InputError(f"{name}: a count of the report is beyond int64") from None


def shared_metrics(
    a: Report, b: Report, rows_a: Rows, rows_b: Rows, asked: Sequence[str] | None = None
) -> dict[str, Metric]:
    """Return the metrics that both reports have, bound as A's gold binds them.

    Where some are ``asked`` for, all that the rows of both give are returned, reported or not.

    Raises InputError where a report's scores do not follow from its rows, or it lacks A's headline.
    """
    mine, theirs = bound_metrics("A", a, rows_a), bound_metrics("B", b, rows_b)
    for name, found in (("A", mine), ("B", theirs)):
        if a.headline not in found:
            raise InputError(f"{name}: the report has no headline '{a.headline}'")
    shared = {metric: bind for metric, bind in mine.items() if metric in theirs}
    if asked and a.format is None:
        chosen = task_by_name(a.task)
        for name in (*(metric.name for metric in chosen.metrics(rows_a)), *asked):
            metric = chosen.metric(rows_a, name)
            if metric is not None and chosen.metric(rows_b, name) is not None:
                shared.setdefault(name, metric)
    return shared


def bound_metrics(name: str, report: Report, rows: Rows) -> dict[str, Metric]:
    """Return the metrics of a report, which is called ``name``, as its gold binds them.

    Raises InputError where its scores do not follow from its rows.
    """
    try:
        metrics = {metric.name: metric for metric in _bound(rows, report)}
    except KeyError as error:
        raise InputError(f"{name}: the report's rows have no column {error}") from None
    kept = {metric: bind for metric, bind in metrics.items() if metric in report.metrics}
    for metric, bind in kept.items():
        if not same_score(point(bind, rows), report.metrics[metric].value):
            raise InputError(f"{name}: the report's {metric} does not follow from its rows")
    return kept


def _bound(rows: Rows, report: Report) -> Iterator[Metric]:
    """Yield the metrics of task or format, and those that the report has by names with other parameters."""
    if report.format is not None:
        yield from format_named(report.format).metrics(rows)
        return
    chosen = task_by_name(report.task)
    listed = chosen.metrics(rows)
    yield from listed
    for name in set(report.metrics) - {metric.name for metric in listed}:
        metric = chosen.further(rows, parse(name))
        if metric is not None:
            yield metric


def same_score(one: float | None, other: float | None) -> bool:
    """Whether two scores are one, up to rounding."""
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
