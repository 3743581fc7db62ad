"""Every metric value equals scikit-learn's on random input."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn import metrics as sk

from claimbench.stats import classification as c
from claimbench.stats.estimators import Calibration, Rows, point, to_fixed

labels = hnp.arrays(np.int64, st.integers(2, 60), elements=st.integers(0, 3))


def confusion(gold: np.ndarray, predicted: np.ndarray, size: int = 4) -> np.ndarray:
    table = np.zeros((size, size), dtype=np.int64)
    np.add.at(table, (gold, predicted), 1)
    return table


@st.composite
def labelled(draw):
    gold = draw(labels)
    predicted = draw(hnp.arrays(np.int64, gold.shape, elements=st.integers(0, 3)))
    return gold, predicted


@st.composite
def scored(draw):
    """Binary gold with scores that often tie."""
    gold = draw(hnp.arrays(np.int64, st.integers(2, 60), elements=st.integers(0, 1)))
    scores = draw(hnp.arrays(np.float64, gold.shape, elements=st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])))
    assume(0 < gold.sum() < gold.size)
    return gold, scores


def cumulative(*columns: np.ndarray, scores: np.ndarray) -> np.ndarray:
    order = np.argsort(-scores, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(scores[order]) != 0, True))
    return np.cumsum(np.stack([column[order] for column in columns], axis=-1), axis=0)[ends]


@given(labelled())
def test_macro_f1_equals_sklearn_with_fixed_labels(case):
    """Macro F1 over chosen labels is scikit-learn's with labels= and zero_division=0."""
    gold, predicted = case
    mine = c.macro_f1(confusion(gold, predicted), (0, 1, 3))
    theirs = sk.f1_score(gold, predicted, labels=[0, 1, 3], average="macro", zero_division=0)
    assert mine == pytest.approx(theirs, abs=1e-12)


@given(labelled())
def test_matthews_equals_sklearn(case):
    """MCC is scikit-learn's wherever gold and predictions hold more than one class."""
    gold, predicted = case
    mine = float(c.matthews(confusion(gold, predicted)))
    if len(set(gold)) > 1 and len(set(predicted)) > 1:
        assert mine == pytest.approx(sk.matthews_corrcoef(gold, predicted), abs=1e-12)
    else:
        assert np.isnan(mine)


@given(labelled(), st.integers(0, 3))
def test_precision_recall_f1_equal_sklearn(case, label):
    """Precision, recall and F1 of one label are scikit-learn's, and NaN where it divides by zero."""
    gold, predicted = case
    counts = c.class_counts(confusion(gold, predicted), label)
    theirs = sk.precision_recall_fscore_support(gold, predicted, labels=[label], zero_division=np.nan)
    for mine, wanted in zip((c.precision, c.recall, c.f1), theirs[:3], strict=True):
        assert float(mine(counts)) == pytest.approx(float(wanted[0]), abs=1e-12, nan_ok=True)


@given(scored())
def test_average_precision_equals_sklearn(case):
    """Average precision with ties is scikit-learn's."""
    gold, scores = case
    ones = np.ones_like(gold)
    mine = float(c.average_precision(cumulative(gold, ones, gold, ones, scores=scores)))
    assert mine == pytest.approx(sk.average_precision_score(gold, scores), abs=1e-12)


@given(scored())
def test_auroc_equals_sklearn(case):
    """AUROC with ties is scikit-learn's."""
    gold, scores = case
    ones = np.ones_like(gold)
    mine = float(c.auroc(cumulative(gold, ones, gold, ones, scores=scores)))
    assert mine == pytest.approx(sk.roc_auc_score(gold, scores), abs=1e-12)


@settings(max_examples=30)
@given(scored(), st.integers(1, 12))
def test_precision_at_k_is_the_mean_over_all_tie_breaks(case, k):
    """Precision at k equals its average over random orders of tied items."""
    gold, scores = case
    ones = np.ones_like(gold)
    mine = float(c.precision_at(k)(cumulative(gold, ones, gold, ones, scores=scores)))
    random = np.random.default_rng(0)
    size = min(k, gold.size)
    draws = [gold[np.lexsort((random.random(gold.size), -scores))][:size].mean() for _ in range(2000)]
    assert mine == pytest.approx(float(np.mean(draws)), abs=0.06)


@given(scored())
def test_risk_coverage_without_ties_is_the_mean_of_running_error_rates(case):
    """AURC is the mean of the error rates among the most confident 1, 2, … n items."""
    errors, _ = case
    confidence = np.arange(errors.size, dtype=np.float64)
    mine = float(c.area_under_risk_coverage(cumulative(errors, np.ones_like(errors), scores=confidence)))
    running = np.cumsum(errors[::-1]) / np.arange(1, errors.size + 1)
    assert mine == pytest.approx(float(running.mean()), abs=1e-12)


def test_undefined_is_nan_and_only_nan():
    """0/0 is NaN for every value, never 0 or 1."""
    nothing = np.zeros((4, 4), dtype=np.int64)
    empty = np.zeros((0, 2), dtype=np.int64)
    values = [
        c.matthews(nothing),
        c.f1(np.zeros(3, dtype=np.int64)),
        c.share(np.zeros(2, dtype=np.int64)),
        c.mean_fixed(np.zeros(2, dtype=np.int64)),
        c.average_precision(empty),
        c.auroc(empty),
        c.precision_at(5)(empty),
        c.area_under_risk_coverage(empty),
        c.macro_f1(nothing, ()),
    ]
    assert all(np.isnan(value) for value in values)


@given(
    st.lists(st.tuples(st.integers(0, 1000), st.booleans()), min_size=1, max_size=30),
    st.sampled_from([1, 3, 5, 7, 10, 15, 20, 100]),
)
@example([(700, True), (650, False)], 10)
@example([(200, True), (150, False), (900, False), (850, True)], 10)
def test_calibration_error_is_that_of_exact_bins(cases, bins):
    """Confidences as people write them, 0.7 or 0.125, lie in the bin that begins at or below them."""
    said = [Fraction(n, 1000) for n, _ in cases]
    gaps = dict.fromkeys(range(bins), Fraction(0))
    for confidence, (_, right) in zip(said, cases, strict=True):
        gaps[min(math.floor(confidence * bins), bins - 1)] += confidence - right
    columns = [to_fixed([float(x) for x in said]), to_fixed([float(right) for _, right in cases])]
    counts = np.stack([*columns, np.ones(len(cases), dtype=np.int64)], axis=1)
    rows = Rows(tuple(map(str, range(len(cases)))), ("confidence", "came_true", "given"), counts)
    found = point(Calibration("ece", rows.columns, bins), rows)
    assert found == pytest.approx(float(sum(map(abs, gaps.values())) / len(cases)), abs=1e-9)
