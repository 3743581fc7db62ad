"""Pure, vectorised values of totals: what the metrics of every task are made of.

Each function takes int64 totals of shape (..., columns) and returns float64 scores of shape (...). A
confusion matrix comes flattened, gold label by row. Oracle: scikit-learn.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from claimbench.stats.estimators import FRACTION_BITS, Floats, Ints, from_fixed, harmonic_mean, ratio
from claimbench.stats.ranked import TieSum


def share(total: Ints) -> Floats:
    """Columns (part, whole): part / whole."""
    return ratio(total[..., 0], total[..., 1])


def mean_fixed(total: Ints) -> Floats:
    """Columns (fixed-point sum, items): the mean."""
    return ratio(from_fixed(total[..., 0]), total[..., 1])


def precision(total: Ints) -> Floats:
    """Columns (true positives, false positives, false negatives): tp / (tp + fp)."""
    return ratio(total[..., 0], total[..., 0] + total[..., 1])


def recall(total: Ints) -> Floats:
    """Columns (true positives, false positives, false negatives): tp / (tp + fn)."""
    return ratio(total[..., 0], total[..., 0] + total[..., 2])


def f1(total: Ints) -> Floats:
    """Columns (true positives, false positives, false negatives): 2 tp / (2 tp + fp + fn)."""
    return ratio(2 * total[..., 0], 2 * total[..., 0] + total[..., 1] + total[..., 2])


def class_counts(confusion: Ints, label: int) -> Ints:
    """From a confusion matrix (..., gold, predicted): (tp, fp, fn) of one label, shape (..., 3)."""
    hit = confusion[..., label, label]
    predicted = confusion[..., :, label].sum(axis=-1)
    gold = confusion[..., label, :].sum(axis=-1)
    return np.stack([hit, predicted - hit, gold - hit], axis=-1)


def macro_f1(confusion: Ints, labels: tuple[int, ...]) -> Floats:
    """Mean F1 of the given labels; a label without gold and prediction counts 0; NaN without labels.

    Equals ``sklearn.metrics.f1_score(..., labels=labels, average="macro", zero_division=0)``.
    """
    if not labels:
        return np.full(confusion.shape[:-2], np.nan)
    scores = np.stack([f1(class_counts(confusion, label)) for label in labels], axis=-1)
    value: Floats = np.nan_to_num(scores, nan=0.0).mean(axis=-1)
    return value


def matthews(confusion: Ints) -> Floats:
    """Multi-class Matthews correlation of a confusion matrix (..., gold, predicted).

    Columns beyond the number of rows are wrong answers of no class. Undefined (NaN) where gold or
    predictions hold a single class. Equals ``sklearn.metrics.matthews_corrcoef`` where that is defined.
    """
    matrix = confusion.astype(np.float64)
    size = matrix.shape[-2]
    correct = np.trace(matrix[..., :size], axis1=-2, axis2=-1)
    gold = matrix.sum(axis=-1)
    predicted = matrix.sum(axis=-2)
    total = gold.sum(axis=-1)
    covariance = correct * total - (gold * predicted[..., :size]).sum(axis=-1)
    spread_gold = total**2 - (gold**2).sum(axis=-1)
    spread_predicted = total**2 - (predicted**2).sum(axis=-1)
    return ratio(covariance, np.sqrt(spread_gold * spread_predicted))


def _part_of(part: Ints, whole: Ints) -> Floats:
    """Return a part of counts by the whole; nothing of nothing is 0."""
    share: Floats = part / np.maximum(whole, 1)
    return share


def _unranked_negatives(last: Ints) -> Ints:
    """From (ranked positives, ranked items, positives, items) of all items: negatives that are not ranked."""
    count: Ints = (last[..., 3] - last[..., 2]) - (last[..., 1] - last[..., 0])
    return count


def _recalled(before: Ints, here: Ints, last: Ints) -> Floats:
    precision = _part_of(here[..., 0], here[..., 1] + _unranked_negatives(last))
    return precision * (here[..., 0] - before[..., 0])


def _positives(last: Ints) -> Ints:
    return last[..., 2]


average_precision = TieSum(_recalled, _positives)
"""Cumulative (ranked positives, ranked items, positives, items) per tie group, best first.

The sum of precision × recall gain; tied items share one threshold. An item that is not ranked is wrong: a
positive is never found, a negative stands before everything. Equals
``sklearn.metrics.average_precision_score`` where all items are ranked.
"""


def _twice_in_order(before: Ints, here: Ints, last: Ints) -> Ints:
    negatives = (here[..., 1] - here[..., 0]) - (before[..., 1] - before[..., 0])
    pairs: Ints = negatives * (before[..., 0] + here[..., 0])
    return pairs


def _twice_all_pairs(last: Ints) -> Ints:
    pairs: Ints = 2 * last[..., 2] * (last[..., 3] - last[..., 2])
    return pairs


auroc = TieSum(_twice_in_order, _twice_all_pairs)
"""Cumulative (ranked positives, ranked items, positives, items) per tie group, best first.

The share of pairs of a positive and a negative that are in the right order; ties count half, and a pair
with an item that is not ranked is wrong. Equals ``sklearn.metrics.roc_auc_score`` where all items are
ranked; NaN where one class is missing.
"""


def _places(k: int, last: Ints) -> Ints:
    places: Ints = np.minimum(k, last[..., 3])
    return places


def _found_in_places(k: int, before: Ints, here: Ints, last: Ints) -> Floats:
    free = np.maximum(_places(k, last) - _unranked_negatives(last), 0)
    gain = here - before
    taken = np.clip(free - before[..., 1], 0, gain[..., 1])
    found: Floats = taken * _part_of(gain[..., 0], gain[..., 1])
    return found


def precision_at(k: int) -> TieSum:
    """Cumulative (ranked positives, ranked items, positives, items) per tie group, best first.

    The expected share of positives in the first ``k`` places when ties are broken at random, of all items
    where there are fewer than ``k``. Negatives that are not ranked take the first places.
    """
    return TieSum(partial(_found_in_places, k), partial(_places, k))


def _risk(before: Ints, here: Ints, last: Ints) -> Floats:
    return _part_of(here[..., 0], here[..., 1]) * (here[..., 1] - before[..., 1])


def _fixed_risk(before: Ints, here: Ints, last: Ints) -> Floats:
    return _risk(before, here, last) * 2.0**-FRACTION_BITS


def _covered(last: Ints) -> Ints:
    return last[..., 1]


area_under_risk_coverage = TieSum(_risk, _covered)
"""Cumulative (errors, items) per tie group, most confident first: mean error rate over coverage.

The mean over items of the risk among those at least as confident (Geifman et al. 2019, AURC).
"""

area_under_fixed_risk_coverage = TieSum(_fixed_risk, _covered)
"""The same of errors in fixed point."""


def f1_of_means(total: Ints) -> Floats:
    """Columns (fixed-point precision sum, recalled items, items): F1 of macro precision and recall."""
    return harmonic_mean(mean_fixed(total[..., [0, 2]]), ratio(total[..., 1], total[..., 2]))
