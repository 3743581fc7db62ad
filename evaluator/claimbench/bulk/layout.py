"""What bulk scoring needs of a task beside its definition."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from claimbench.bulk.columns import Columns
from claimbench.bulk.counted import Part
from claimbench.bulk.gold import Gold
from claimbench.stats.estimators import Floats, Ints

Cells = npt.NDArray[Any]
"""A structured array; field ``state`` is 0 where there is no line."""

HOMES = {
    "verification": "verdicts",
    "detection": "sentences",
    "evidence": "evidence",
    "qa": "answers",
}
"""Tasks that can be scored in bulk, and their modules here."""


class Layout(msgspec.Struct, frozen=True):
    """A task's cell and what follows from it.

    ``columns`` name the columns of rows. ``cells`` maps lines of scored items to cells; ``counts`` maps cells
    (runs, items) to what ``Task.rows`` gives for every run; ``kinds`` maps column totals (runs, columns) to a
    code that is equal where ``Task.metrics`` gives the same metrics.
    """

    columns: tuple[str, ...]
    cell: np.dtype[Any]
    cells: Callable[[Gold, Columns], Cells]
    counts: Callable[[Gold, Cells], Sequence[Part]]
    kinds: Callable[[Ints], Ints]


def layout(task: str) -> Layout:
    """Return the layout of a task in ``HOMES``, importing only it."""
    found: Layout = import_module(f"claimbench.bulk.{HOMES[task]}").LAYOUT
    return found


def ranks(scores: Floats | Ints) -> Ints:
    """Return ``dense_rank`` of each row, shape (runs, items)."""
    order = np.argsort(scores, axis=1)
    ordered = np.take_along_axis(scores, order, axis=1)
    steps = np.zeros(scores.shape, dtype=np.int64)
    np.cumsum(ordered[:, 1:] != ordered[:, :-1], axis=1, out=steps[:, 1:])
    result = np.empty_like(steps)
    np.put_along_axis(result, order, steps, axis=1)
    return result
