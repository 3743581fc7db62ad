"""Pure, vectorised values of totals: what the metrics of every task are made of.

Each function takes int64 totals of shape (..., columns) and returns float64 scores of shape (...). A
confusion matrix comes flattened, gold label by row. Oracle: scikit-learn.
"""

from __future__ import annotations

import numpy as np

from claimbench.stats.estimators import Floats, Ints, from_fixed, harmonic_mean, ratio


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


def _unranked_negatives(cumulative: Ints) -> Ints:
    """From (ranked positives, ranked items, positives, items): negatives that are not ranked, shape (...)."""
    found, ranked, positives, items = (cumulative[..., -1, i] for i in range(4))
    count: Ints = (items - positives) - (ranked - found)
    return count


def average_precision(cumulative: Ints) -> Floats:
    """Cumulative (ranked positives, ranked items, positives, items) per tie group, best first.

    The sum of precision × recall gain; tied items share one threshold. An item that is not ranked is wrong: a
    positive is never found, a negative stands before everything. Equals
    ``sklearn.metrics.average_precision_score`` where all items are ranked.
    """
    if cumulative.shape[-2] == 0:
        return np.full(cumulative.shape[:-2], np.nan)
    found, ranked = cumulative[..., 0], cumulative[..., 1]
    gain = np.diff(found, axis=-1, prepend=0)
    before = ranked + _unranked_negatives(cumulative)[..., np.newaxis]
    at = np.nan_to_num(ratio(found, before), nan=0.0)
    return ratio((at * gain).sum(axis=-1), cumulative[..., -1, 2])


def auroc(cumulative: Ints) -> Floats:
    """Cumulative (ranked positives, ranked items, positives, items) per tie group, best first.

    The share of pairs of a positive and a negative that are in the right order; ties count half, and a pair
    with an item that is not ranked is wrong. Equals ``sklearn.metrics.roc_auc_score`` where all items are
    ranked; NaN where one class is missing.
    """
    if cumulative.shape[-2] == 0:
        return np.full(cumulative.shape[:-2], np.nan)
    found, ranked, positives, items = (cumulative[..., i] for i in range(4))
    gain = np.diff(ranked - found, axis=-1, prepend=0)
    above = np.concatenate([np.zeros_like(found[..., :1]), found[..., :-1]], axis=-1)
    area = (gain * (above + found)).sum(axis=-1)
    return ratio(area, 2 * positives[..., -1] * (items - positives)[..., -1])


def precision_at(k: int, cumulative: Ints) -> Floats:
    """Cumulative (ranked positives, ranked items, positives, items) per tie group, best first.

    The expected share of positives in the first ``k`` places when ties are broken at random, of all items
    where there are fewer than ``k``. Negatives that are not ranked take the first places.
    """
    if cumulative.shape[-2] == 0:
        return np.full(cumulative.shape[:-2], np.nan)
    positives = np.concatenate([np.zeros_like(cumulative[..., :1, 0]), cumulative[..., 0]], axis=-1)
    ranked = np.concatenate([np.zeros_like(cumulative[..., :1, 1]), cumulative[..., 1]], axis=-1)
    size = np.minimum(k, cumulative[..., -1, 3])
    free = np.maximum(size - _unranked_negatives(cumulative), 0)[..., np.newaxis]
    taken = np.clip(free - ranked[..., :-1], 0, np.diff(ranked, axis=-1))
    share = np.nan_to_num(ratio(np.diff(positives, axis=-1), np.diff(ranked, axis=-1)), nan=0.0)
    return ratio((taken * share).sum(axis=-1), size)


def area_under_risk_coverage(cumulative: Ints) -> Floats:
    """Cumulative (errors, items) per tie group, most confident first: mean error rate over coverage.

    The mean over items of the risk among those at least as confident (Geifman et al. 2019, AURC).
    """
    if cumulative.shape[-2] == 0:
        return np.full(cumulative.shape[:-2], np.nan)
    errors, items = cumulative[..., 0], cumulative[..., 1]
    group = np.diff(items, axis=-1, prepend=0)
    risk = np.nan_to_num(ratio(errors, items), nan=0.0)
    return ratio((risk * group).sum(axis=-1), items[..., -1])


def f1_of_means(total: Ints) -> Floats:
    """Columns (fixed-point precision sum, recalled items, items): F1 of macro precision and recall."""
    return harmonic_mean(mean_fixed(total[..., [0, 2]]), ratio(total[..., 1], total[..., 2]))
