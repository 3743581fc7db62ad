"""Predicting every cluster from the others, the score of that, and what guessing scores."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from claimbench.stats.classification import macro_f1
from claimbench.stats.estimators import Additive, Floats, Ints, Rows, point
from claimbench.stats.intervals import Interval, cluster_codes, jackknife


def held_out(table: Any, gold: Sequence[str], clusters: Sequence[str]) -> list[str]:
    """Return a label for each row of features, (items, features), from a model of all other clusters.

    Every label must be in two clusters or more.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, cross_val_predict
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # comes with scikit-learn

    model = LogisticRegression(max_iter=1000, class_weight="balanced")
    one_cluster_each = GroupKFold(len(set(clusters)))
    with threadpool_limits(1):  # so little data is several times slower on many threads
        labels: list[str] = cross_val_predict(
            model, table, gold, groups=clusters, cv=one_cluster_each
        ).tolist()
    return labels


def scored(
    gold: Sequence[str], predicted: Sequence[str], clusters: Sequence[str]
) -> tuple[float, Interval | None]:
    """Return macro-F1 over the gold's labels and its jackknife interval over clusters."""
    labels = sorted(set(gold))
    code = {label: i for i, label in enumerate(labels)}
    counts = np.zeros((len(gold), len(labels) ** 2), dtype=np.int64)
    for row, (right, said) in enumerate(zip(gold, predicted, strict=True)):
        counts[row, code[right] * len(labels) + code[said]] = 1
    columns = tuple(f"{right}>{said}" for right in labels for said in labels)
    rows = Rows(tuple(map(str, range(len(gold)))), columns, counts)
    metric = Additive("macro_f1", columns, partial(_macro, len(labels)))
    return point(metric, rows) or 0.0, jackknife(metric, rows, cluster_codes(clusters))


def _macro(size: int, total: Ints) -> Floats:
    return macro_f1(total.reshape(*total.shape[:-1], size, size), tuple(range(size)))


def majority(counts: Sequence[int]) -> float:
    """Return the macro-F1 of always saying the most frequent label; ``counts`` are items per label."""
    return 2 * max(counts) / (sum(counts) + max(counts)) / len(counts)


def prior(counts: Sequence[int]) -> float:
    """Return the expected macro-F1 of drawing labels by their shares; ``counts`` are items per label.

    Where m of n items are said to have a label that g have, m g / n of them do on average; m is binomial.
    """
    from scipy.stats import binom

    total = sum(counts)
    said = np.arange(total + 1)
    expected = [
        float(np.sum(binom.pmf(said, total, count / total) * 2 * said * count / total / (said + count)))
        for count in counts
    ]
    return sum(expected) / len(counts)
