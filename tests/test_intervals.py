"""Fixed point, Student's t and the jackknife."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from claimbench.stats.classification import f1, recall, share
from claimbench.stats.clusters import joined_clusters
from claimbench.stats.estimators import Additive, Rows, from_fixed, point, to_fixed
from claimbench.stats.intervals import cluster_codes, jackknife, leave_one_out
from claimbench.stats.student import t_quantile, t_tail, t_tails

ACCURACY = Additive("accuracy", ("right", "items"), share)
RECALL = Additive("recall", ("tp", "fp", "fn"), recall)


def rows_of(right: list[int]) -> Rows:
    table = np.array([[r, 1] for r in right], dtype=np.int64).reshape(-1, 2)
    return Rows(tuple(str(i) for i in range(len(right))), ("right", "items"), table)


@given(st.floats(0.001, 0.999), st.integers(1, 300))
def test_t_quantile_equals_scipy(p, df):
    """Our t quantile is scipy's to ten digits, for every probability and degrees of freedom in use."""
    assert t_quantile(p, df) == pytest.approx(float(stats.t.ppf(p, df)), rel=1e-9, abs=1e-9)


@given(st.lists(st.floats(0.0) | st.floats(0.0, 10.0), max_size=50), st.floats(1.0, 300.0))
def test_tails_of_many_are_those_of_each(found, df):
    """The tails of many values are to the last bit those of each, and near scipy's."""
    tails = t_tails(np.array(found), df).tolist()
    assert tails == [t_tail(t, df) for t in found]
    assert tails == pytest.approx(stats.t.sf(np.array(found), df).tolist(), rel=1e-9, abs=1e-8)


@given(st.floats(0.0, 1e-6), st.floats(1.0, 300.0))
def test_a_tail_near_zero_is_a_half_less_the_density(t, df):
    """Near zero P(T > t) is 1/2 - t f(0) to 1e-15; df / (df + t**2) alone is 1 there."""
    assert t_tail(t, df) == pytest.approx(0.5 - t * float(stats.t.pdf(0.0, df)), rel=0.0, abs=1e-15)


@given(st.lists(st.floats(-100, 100), max_size=50))
def test_fixed_point_sums_are_exact_in_any_order(values):
    """Sums of fixed-point columns do not depend on order and are right to 2**-41 an entry."""
    fixed = to_fixed(np.array(values))
    assert fixed.sum() == fixed[::-1].sum()
    assert float(from_fixed(fixed.sum())) == pytest.approx(sum(values), abs=1e-9)


@pytest.mark.parametrize("value", [np.nan, np.inf, 2.0**18])
def test_fixed_point_refuses_what_could_overflow(value):
    """A value that is not finite or too large is an OverflowError, not a wrong sum."""
    with pytest.raises(OverflowError):
        to_fixed([value])


def test_jackknife_of_a_mean_is_the_t_interval():
    """On one item a cluster and an untransformed scale, the jackknife error is the standard error."""
    values = np.array([0, 1, 1, 0, 1, 1, 1, 0, 1, 1])
    replicates = ACCURACY.estimator(rows_of(list(values)))(leave_one_out(np.arange(10)))
    spread = np.sqrt(9 / 10 * np.sum((replicates - replicates.mean()) ** 2))
    assert spread == pytest.approx(values.std(ddof=1) / np.sqrt(10))


def test_copies_of_a_cluster_do_not_narrow_the_interval():
    """Repeating every item inside its cluster leaves the interval where it was."""
    right, clusters = [1, 0, 1, 1, 0, 1], ["a", "b", "c", "d", "e", "f"]
    once = jackknife(ACCURACY, rows_of(right), cluster_codes(clusters))
    thrice = jackknife(ACCURACY, rows_of(right * 3), cluster_codes(clusters * 3))
    assert once is not None
    assert thrice is not None
    assert (once.low, once.high) == pytest.approx((thrice.low, thrice.high))


def test_a_perfect_score_keeps_an_open_side():
    """At 1 the lower bound is the Clopper-Pearson bound of as many clusters, the upper one 1."""
    found = jackknife(ACCURACY, rows_of([1] * 20), cluster_codes([str(i) for i in range(20)]))
    assert found is not None
    assert found.high == 1.0
    assert found.low == pytest.approx(float(stats.beta.ppf(0.025, 20, 1)))


def test_clusters_that_say_nothing_are_left_aside():
    """A recall of 1 on three clusters has the bound of three, however many others hold no positive."""
    counts = np.array([[1, 0, 0]] * 3 + [[0, 1, 0]] * 30 + [[0, 0, 0]] * 30)
    rows = Rows(tuple(map(str, range(63))), ("tp", "fp", "fn"), counts)
    found = jackknife(RECALL, rows, np.arange(63))
    assert found is not None
    assert (found.clusters, found.high) == (3, 1.0)
    assert found.low == pytest.approx(float(stats.beta.ppf(0.025, 3, 1)))
    assert found == jackknife(RECALL, rows.take(np.arange(3)), np.arange(3))


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 5)), min_size=2, max_size=30),
    st.integers(0, 30),
)
def test_silent_clusters_change_no_interval(cases, silent):
    """Clusters without positives, added to any others, leave the interval of a recall as it is."""
    counts = np.array([[hits, 1, misses] for hits, misses, _ in cases] + [[0, 2, 0]] * silent)
    named = [str(cluster) for *_, cluster in cases] + [f"silent {i}" for i in range(silent)]
    rows = Rows(tuple(map(str, range(len(counts)))), ("tp", "fp", "fn"), counts)
    alone = jackknife(RECALL, rows.take(np.arange(len(cases))), cluster_codes(named[: len(cases)]))
    found = jackknife(RECALL, rows, cluster_codes(named))
    assert (found is None) == (alone is None)
    if found is not None:
        assert (found.clusters, found.degrees, found.coverage) == (
            alone.clusters,
            alone.degrees,
            alone.coverage,
        )
        assert (found.low, found.high) == pytest.approx((alone.low, alone.high), abs=1e-12)


def test_one_cluster_or_an_undefined_score_has_no_interval():
    """Where nothing can be said, nothing is said."""
    assert jackknife(ACCURACY, rows_of([1, 0]), cluster_codes(["a", "a"])) is None
    undefined = Additive("f1", ("right", "right", "right"), f1)
    assert jackknife(undefined, rows_of([0, 0]), cluster_codes(["a", "b"])) is None


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 6)), min_size=1, max_size=40), st.randoms())
def test_order_of_items_does_not_matter(cases, random):
    """Shuffling items changes neither the score nor the interval."""
    mixed = list(cases)
    random.shuffle(mixed)
    results = []
    for order in (cases, mixed):
        table = rows_of([right for right, _ in order])
        codes = cluster_codes([f"c{cluster}" for _, cluster in order])
        results.append((point(ACCURACY, table), jackknife(ACCURACY, table, codes)))
    assert results[0] == results[1]


@pytest.mark.slow
def test_coverage_at_25_clusters_is_near_nominal():
    """With 25 unequal clusters of correlated items the interval covers the true share 92 to 98 % of times."""
    random = np.random.default_rng(20250614)
    hits = draws = 0
    for _ in range(2000):
        sizes = random.integers(3, 15, 25)
        rates = random.beta(0.75 * 9, 0.25 * 9, 25)
        right = [int(x) for size, rate in zip(sizes, rates, strict=True) for x in random.random(size) < rate]
        clusters = [f"{i:02}" for i, size in enumerate(sizes) for _ in range(size)]
        found = jackknife(ACCURACY, rows_of(right), cluster_codes(clusters))
        assert found is not None
        hits += found.low <= 0.75 <= found.high
        draws += 1
    assert 0.92 <= hits / draws <= 0.98


def test_items_that_share_a_membership_share_a_cluster():
    """Clusters are joined at any remove and named by their smallest member."""
    assert joined_clusters([["b"], ["b", "c"], ["a", "c"], ["d"]]) == ("a", "a", "a", "d")
