"""The house's view of items with one label each: counts per label, accuracy, F1 of each and their mean."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from claimbench.stats import classification as c
from claimbench.stats.estimators import Additive, Floats, Ints, Metric, Rows

KINDS = ("tp", "fp", "fn")
COLUMNS = ("items", "correct")
"""What rows have beside the columns of their labels."""
OF_LABELS = "f1_"


def label_rows(ids: Sequence[str], gold: Sequence[str], predicted: Sequence[str | None]) -> Rows:
    """Lay out hits, false positives and misses of every label that has gold; None is no prediction, wrong."""
    labels = sorted(set(gold))
    columns = (*COLUMNS, *(f"{kind}:{label}" for label in labels for kind in KINDS))
    place = {label: len(COLUMNS) + len(KINDS) * i for i, label in enumerate(labels)}
    counts: Ints = np.zeros((len(gold), len(columns)), dtype=np.int64)
    for row, right, found in zip(counts, gold, predicted, strict=True):
        row[0] = 1
        if found == right:
            row[1] = row[place[right]] = 1
            continue
        row[place[right] + 2] = 1
        if found in place:
            row[place[found] + 1] = 1
    return Rows(tuple(ids), columns, counts)


def labels_of(table: Rows) -> list[str]:
    """Return the labels that have gold in the rows."""
    total = dict(zip(table.columns, table.counts.sum(axis=0).tolist(), strict=True))
    labels = [name.removeprefix("tp:") for name in table.columns if name.startswith("tp:")]
    return [label for label in labels if total[f"tp:{label}"] + total[f"fn:{label}"]]


def _macro_f1(total: Ints) -> Floats:
    """Columns (tp, fp, fn) of one label after the other: the mean F1."""
    by_label = total.reshape((*total.shape[:-1], -1, len(KINDS)))
    value: Floats = np.nan_to_num(c.f1(by_label), nan=0.0).mean(axis=-1)
    return value


def metrics(table: Rows) -> tuple[Metric, ...]:
    """Return macro F1 over the labels that have gold, accuracy, and the F1 of each label."""
    columns = {label: tuple(f"{kind}:{label}" for kind in KINDS) for label in labels_of(table)}
    return (
        Additive("macro_f1", tuple(name for names in columns.values() for name in names), _macro_f1),
        Additive("accuracy", ("correct", "items"), c.share),
        *(Additive(OF_LABELS + label, names, c.f1) for label, names in columns.items()),
    )
