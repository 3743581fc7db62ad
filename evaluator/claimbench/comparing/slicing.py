"""Where is B better? The difference on parts of the items; many questions at once, so only a hint."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from claimbench.comparing.comparison import ComparedSlice, Method
from claimbench.comparing.testing import paired, untested
from claimbench.errors import IncomparableError, InputError, UsageError, nearest
from claimbench.report import ItemRows
from claimbench.stats.estimators import Ints, Metric, Rows, point
from claimbench.stats.intervals import cluster_codes
from claimbench.stats.multiplicity import benjamini_hochberg
from claimbench.tasks import task as task_by_name


def compared_slices(
    task: str, name: str, items: ItemRows, a: Rows, b: Rows, by: Sequence[str], how: Method, seed: int
) -> tuple[ComparedSlice, ...]:
    """Return B - A on each value of each field, p adjusted over all of them (Benjamini & Hochberg 1995).

    ``items`` are those of A, in the order of both tables. Raises UsageError for an unknown field,
    or a metric that says nothing of such slices alone, IncomparableError where the report holds no fields.
    """
    if not items.fields:
        raise IncomparableError("A's items have no fields to slice by; score its predictions again")
    found = []
    for field in dict.fromkeys(by):
        if field not in items.fields:
            known = ", ".join(items.fields)
            raise UsageError(f"no field '{field}'{nearest(field, items.fields)}; one of {known}")
        values = np.array(items.fields[field])
        if len(values) != len(items.ids):
            raise InputError(f"A: the report's ids and field '{field}' do not fit together")
        for value in sorted({*items.fields[field]} - {""}):
            index = np.flatnonzero(values == value)
            codes = cluster_codes([items.clusters[i] for i in index])
            metric, test = _bound(task, name, field, a.take(index)), (a.take(index), b.take(index), codes)
            found.append(_one(metric, field, value, *test, how, seed))
    p = [one.this_benchmark.p for one in found if one.this_benchmark is not None]
    adjusted = iter(benjamini_hochberg(p))
    return tuple(
        one if one.this_benchmark is None else msgspec.structs.replace(one, p_adjusted=next(adjusted))
        for one in found
    )


def _bound(task: str, name: str, field: str, rows: Rows) -> Metric:
    """Return the metric as the gold of these rows binds it, as in the slices of a report."""
    (metric,) = task_by_name(task).named(rows, (name,), field)
    return metric


def _one(
    metric: Metric, field: str, value: str, a: Rows, b: Rows, codes: Ints, how: Method, seed: int
) -> ComparedSlice:
    scores = untested(point(metric, a), point(metric, b))
    return ComparedSlice(
        field=field,
        value=value,
        items=len(a.ids),
        metric=metric.name,
        a=scores.a,
        b=scores.b,
        difference=scores.difference,
        p_adjusted=None,
        this_benchmark=None if scores.difference is None else paired(metric, a, b, codes, how, seed),
    )
