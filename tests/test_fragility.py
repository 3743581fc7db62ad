"""How many gold labels would have to be wrong: against trying all of them."""

from __future__ import annotations

from itertools import product

import msgspec
import numpy as np
import pytest
from conftest import perfect
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import claimbench
from claimbench.comparing.fragility import fragility
from claimbench.records import LABELS
from claimbench.report import ItemRows
from claimbench.stats.estimators import Rows, unit_weights
from claimbench.stats.intervals import cluster_codes
from claimbench.stats.paired import jackknife_difference
from claimbench.tasks import verification
from claimbench.tasks.base import counts

LANGUAGE = ("de", "nl", "en")


def laid_out(golds, verdicts) -> Rows:
    """Rows of propositions in two languages, made from gold labels and verdicts in the columns of labels."""
    table = []
    for i, verdict in enumerate(verdicts):
        label, language = golds[i // 2], LANGUAGE[i % 2]
        right = int(verdict == label)
        table.append(
            {"items": 1, f"{label}>{verdict or 'none'}": 1, "correct": right, "error": 1 - right}
            | {f"{language}_items": 1, f"{language}_right": right, "answered": int(verdict is not None)}
        )
    ids = tuple(f"v{i}" for i in range(len(verdicts)))
    return counts(ids, verification.COLUMNS, table)


def metric_of(rows: Rows, name: str):
    return next(metric for metric in verification.metrics(rows) if metric.name == name)


said = st.sampled_from([*LABELS[:3], None])
cases = st.integers(2, 4).flatmap(
    lambda n: st.tuples(
        st.lists(st.sampled_from(LABELS), min_size=n, max_size=n),
        st.lists(said, min_size=2 * n, max_size=2 * n),
        st.lists(said, min_size=2 * n, max_size=2 * n),
    )
)


@settings(max_examples=40, deadline=None)
@given(cases, st.sampled_from(["accuracy", "accuracy[de]", "macro_f1", "mcc"]))
def test_no_other_change_of_labels_takes_fewer(case, name):
    """Trying every gold: the fewest labels are those found for a share, and no more than for others."""
    golds, left, right = case
    a, b = laid_out(golds, left), laid_out(golds, right)
    metric = metric_of(a, name)
    families = tuple(f"f{i // 2}" for i in range(len(left)))
    items = ItemRows(
        ids=a.ids, clusters=families, sources=None, columns=a.columns, rows=(), families=families
    )

    def lead(x: Rows, y: Rows) -> float:
        return float(metric.estimator(y)(unit_weights(y)) - metric.estimator(x)(unit_weights(x)))

    before = lead(a, b)
    assume(abs(before) > 1e-9)
    codes = cluster_codes(families)

    def shown(x: Rows, y: Rows) -> bool:
        test = jackknife_difference(metric, x, y, codes)
        return test is not None and test.p <= 0.2

    found = fragility("verification", metric, items, a, b, shown if shown(a, b) else None)
    assert found.labels == len(golds)
    signs, losses = [], []
    for other in product(LABELS, repeat=len(golds)):
        x, y = laid_out(other, left), laid_out(other, right)
        changed = sum(one != two for one, two in zip(golds, other, strict=True))
        if lead(x, y) * before <= 1e-12:
            signs.append(changed)
        if not shown(x, y) or lead(x, y) * before <= 1e-12:
            losses.append(changed)
    if found.sign_exact:
        assert found.sign == min(signs, default=None)
    elif found.sign is not None:
        assert found.sign >= min(signs)
    if shown(a, b) and found.verdict is not None:
        assert found.verdict >= min(losses) >= 1
        assert found.sign is None or found.verdict <= found.sign
    assert found.sign_exact == name.startswith("accuracy")
    assert (found.verdict is None) or shown(a, b)


@settings(max_examples=20, deadline=None)
@given(cases, st.sampled_from(LABELS))
def test_rows_under_another_label_are_those_of_that_gold(case, label):
    """Moving the counts of rows gives what laying them out anew from the other gold gives."""
    golds, verdicts, _ = case
    moved = verification.relabelled(laid_out(golds, verdicts), label)
    anew = laid_out([label] * len(golds), verdicts)
    assert np.array_equal(moved.counts, anew.counts)


def test_relabelling_agrees_with_scoring_the_corpus_anew(corpus):
    """On the shipped corpus a proposition with another gold label is scored as its rows are moved."""
    lines = [{"id": v.id, "label": LABELS[i % 4]} for i, v in enumerate(corpus.verification)]
    before = claimbench.score("verification", lines, corpus=corpus, by=()).items
    other = tuple(msgspec.structs.replace(v, label="refuted") for v in corpus.verification)
    replaced = claimbench.Corpus(**{**vars_of(corpus), "verification": other})
    after = claimbench.score("verification", lines, corpus=replaced, by=()).items
    rows = [Rows(x.ids, x.columns, np.array(x.rows, dtype=np.int64)) for x in (before, after)]
    moved = verification.relabelled(rows[0], "refuted")
    columns = tuple(sorted(verification.OF_LABELS))
    assert np.array_equal(moved.select(columns), rows[1].select(columns))


def vars_of(corpus):
    return {name: getattr(corpus, name) for name in corpus.__struct_fields__}


@pytest.fixture(scope="module")
def reports(corpus):
    lines = perfect(corpus, "verification")
    wrong = [{**x, "label": "supported"} if i % 4 == 0 else x for i, x in enumerate(lines)]
    return tuple(claimbench.score("verification", x, corpus=corpus, by=()) for x in (wrong, lines))


def test_a_comparison_says_on_how_many_labels_it_hangs(reports):
    """Labels are propositions: a comparison gives both counts for its family, and says them in words."""
    found = claimbench.compare(*reports, metrics=["accuracy", "macro_f1"])
    items = reports[1].items
    wrong = {f for f, x, y in zip(items.families, reports[0].items.rows, items.rows, strict=True) if x != y}
    for one in found.metrics.values():
        fragile = one.fragility
        assert fragile.labels == len(set(items.families)) < len(items.ids)
        assert 1 <= fragile.verdict < fragile.sign <= len(wrong)
    fragile = found.metrics["macro_f1"].fragility
    assert f"at most {fragile.verdict} for the verdict to be lost" in found.explain()
    assert f"Of {fragile.labels} gold labels" in found.explain()
    assert claimbench.Comparison.from_json(found.to_json()) == found
    assert claimbench.compare(*reports).metrics["accuracy"].fragility is None


def test_exchanging_the_systems_changes_no_count(reports):
    """A lead hangs on as many labels whoever has it."""
    there, back = claimbench.compare(*reports), claimbench.compare(*reversed(reports))
    assert there.metrics["macro_f1"].fragility == back.metrics["macro_f1"].fragility


def test_what_cannot_be_followed_says_why(corpus, reports):
    """Other tasks, metrics of more than labels, equal systems and old reports give a reason, not a count."""
    a, b = reports

    def reason(x, y, **options) -> str:
        found = claimbench.compare(x, y, **options)
        one = next(m for m in found.metrics.values() if m.family).fragility
        assert (one.sign, one.verdict) == (None, None)
        assert one.reason in found.explain()
        return one.reason

    assert "more than each item's own label" in reason(a, b, metrics=["strict_accuracy"])
    assert "not a sum" in reason(a, b, metrics=["aurc"])
    assert "neither system" in reason(a, a)
    old = [msgspec.structs.replace(x, items=msgspec.structs.replace(x.items, families=None)) for x in reports]
    assert "score the predictions again" in reason(*old)
    qa = claimbench.score("qa", perfect(corpus, "qa"), corpus=corpus, by=())
    assert "rows of qa" in reason(qa, qa)
