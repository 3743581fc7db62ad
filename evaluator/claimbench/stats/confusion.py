"""Confusion of labels as columns of rows, and the metrics that follow from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import msgspec

from claimbench.stats import classification as c
from claimbench.stats.estimators import Additive, Floats, Ints, Metric, Rows

NONE = "none"
"""Stands for a prediction that is no label."""


class Confusion(msgspec.Struct, frozen=True):
    """Counts of items by gold and predicted label; predicted may also be none of the labels."""

    labels: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, gold label by gold label."""
        return tuple(f"{gold}>{predicted}" for gold in self.labels for predicted in (*self.labels, NONE))

    def cells(self, total: Ints) -> Ints:
        """Return counts (..., columns) as (..., gold, predicted)."""
        return total.reshape(*total.shape[:-1], len(self.labels), len(self.labels) + 1)

    def macro_f1(self, rows: Rows, among: Sequence[str] | None = None) -> Metric:
        """Return the mean F1 over those of the labels that have gold in these rows."""
        gold = self.cells(rows.select(self.columns).sum(axis=0)).sum(axis=-1)
        places = [self.labels.index(label) for label in among or self.labels]
        return Additive("macro_f1", self.columns, partial(_macro, self, tuple(p for p in places if gold[p])))

    def of_label(self, name: str, value: Callable[[Ints], Floats], label: str) -> Metric:
        """Return a metric of hits, false positives and misses for one label, called ``name[label]``."""
        of_class = partial(_of_class, self, value, self.labels.index(label))
        return Additive(f"{name}[{label}]", self.columns, of_class)


def _macro(confusion: Confusion, places: tuple[int, ...], total: Ints) -> Floats:
    return c.macro_f1(confusion.cells(total), places)


def _of_class(confusion: Confusion, value: Callable[[Ints], Floats], place: int, total: Ints) -> Floats:
    return value(c.class_counts(confusion.cells(total), place))
