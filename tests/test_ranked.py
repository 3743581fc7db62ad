"""Ranked scores of many systems at once."""

import hashlib

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import claimbench
from claimbench.stats import classification as c
from claimbench.stats.estimators import Calibration, Rows, point, to_fixed
from claimbench.stats.intervals import scores_without_clusters
from claimbench.stats.ranked import Ranked, dense_rank

COLUMNS = ("rank", "found", "ranked", "positive", "items", "loss")
RELEVANCE = ("found", "ranked", "positive", "items")
RANKED = (
    *(Ranked("m", "rank", RELEVANCE, value) for value in (c.average_precision, c.auroc, c.precision_at(3))),
    Ranked("m", "rank", ("positive", "items"), c.area_under_risk_coverage),
    Ranked("m", "rank", ("loss", "items"), c.area_under_fixed_risk_coverage),
)


@pytest.mark.parametrize("metric", RANKED)
@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    items=st.integers(1, 40),
    clusters=st.integers(1, 6),
    ties=st.sampled_from([2, 10, 10_000]),
    unit=st.sampled_from([40, 52]),
)
def test_many_ranked_systems_equal_one_at_a_time(metric, seed, items, clusters, ties, unit):
    """Scores on all items and without each cluster equal the estimator's to the last bit.

    With ties or without, and where sums pass 2^53, from which floats no longer hold every integer.
    """
    draw = np.random.default_rng(seed)
    ids = tuple(map(str, range(items)))
    codes = dense_rank(draw.integers(clusters, size=items))
    tables = np.zeros((5, items, len(COLUMNS)), dtype=np.int64)
    for table in tables:
        positive, ranked = draw.integers(2, size=(2, items))
        scores = np.where(ranked, draw.integers(ties, size=items), -1)
        loss = draw.integers(1 << unit, size=items)
        columns = (dense_rank(scores), positive & ranked, ranked, positive, np.ones(items), loss)
        table[:] = np.stack(columns, axis=-1)
    places = [COLUMNS.index(name) for name in metric.columns]
    together = metric.without_each(tables[..., 0], tables[..., places], codes)
    for table, found in zip(tables, together, strict=True):
        value, without, _ = scores_without_clusters(metric, Rows(ids, COLUMNS, table), codes)
        assert np.array_equal(found, [value, *without], equal_nan=True)


@given(st.integers(0, 2**32 - 1), st.integers(1, 30))
def test_calibration_of_many_systems_equals_one_at_a_time(seed, items):
    """The calibration error of systems together is that of each alone."""
    draw = np.random.default_rng(seed)
    metric = Calibration("ece", ("confidence", "right", "given"), 10)
    shares = draw.choice([0.0, 0.1, 0.5, 0.99, 1.0], size=(4, items))
    tables = np.stack([to_fixed(shares), to_fixed(draw.integers(2, size=shares.shape))], axis=-1)
    tables = np.concatenate([tables, draw.integers(2, size=(4, items, 1))], axis=-1)
    alone = [point(metric, Rows(tuple(map(str, range(items))), metric.columns, table)) for table in tables]
    together = metric.on_each(tables)
    assert [None if np.isnan(value) else value for value in together] == alone


def test_a_reports_digest_is_that_of_its_compact_json(corpus):
    """The digest, put together from runs that are encoded already, is that of the whole without it."""
    ids = [item.id for item in corpus.verification if item.split == "test"]
    lines = [{"id": i, "label": label, "run": label} for i in ids for label in ("supported", "refuted")]
    report = claimbench.score("verification", lines, corpus=corpus)
    plain = msgspec.json.encode(msgspec.structs.replace(report, sha256=""))
    assert report.sha256 == hashlib.sha256(plain).hexdigest()
    assert claimbench.Report.from_json(report.to_json()).digest() == report.sha256
