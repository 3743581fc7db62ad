"""Which items make the difference?"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from claimbench.comparing.comparison import Change
from claimbench.stats.estimators import Additive, Floats, Metric, Rows

MOST_CHANGED = 10

Places = npt.NDArray[np.intp]


def changes(
    metric: Metric, difference: float | None, a: Rows, b: Rows, changed: Places
) -> tuple[Change, ...]:
    """Return the items whose leaving out changes B - A most, the greatest first, ties by id."""
    whole = math.nan if difference is None else difference
    effects = whole - (_without(metric, b, changed) - _without(metric, a, changed))
    strength = np.nan_to_num(np.abs(effects), nan=-1.0)
    order = sorted(range(len(changed)), key=lambda i: (-strength[i], a.ids[changed[i]]))
    return tuple(
        Change(
            id=a.ids[changed[i]],
            effect=None if math.isnan(effects[i]) else float(effects[i]),
            columns={
                name: (int(mine), int(theirs))
                for name, mine, theirs in zip(
                    a.columns, a.counts[changed[i]], b.counts[changed[i]], strict=True
                )
                if mine != theirs
            },
        )
        for i in order[:MOST_CHANGED]
    )


def _without(metric: Metric, rows: Rows, left_out: Places) -> Floats:
    """Return the score without each of some items, shape (left out,)."""
    if isinstance(metric, Additive):
        counts = rows.select(metric.columns)
        return metric.value(counts.sum(axis=0) - counts[left_out])
    estimate = metric.estimator(rows)
    return np.array([estimate((np.arange(len(rows.ids)) != i).astype(np.int64)) for i in left_out])
