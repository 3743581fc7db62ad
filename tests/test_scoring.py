"""Scores as a whole: perfect, empty-handed, shuffled, sliced."""

from __future__ import annotations

import random

import msgspec
import numpy as np
import pytest
from careless import random_lines
from conftest import perfect
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

import claimbench
from claimbench.records import LABELS
from claimbench.scoring import scored
from claimbench.stats.estimators import Additive, cluster_sums, point
from claimbench.stats.intervals import cluster_codes
from claimbench.tasks import NAMES, task
from claimbench.tasks.families import family_columns
from claimbench.tasks.qa import OUTCOMES
from claimbench.tasks.verification import CONTRASTS, PAIRS

PERFECT_IS_LESS = {"aurc", "brier", "log_loss", "positive_share", "split_rate", "merge_rate"} | {
    "duplicate_rate", "overreach_rate", "unjudged_rate", "span_given", "ece(bins=10)",
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_perfect_predictions_score_perfectly(corpus, name):
    """Predictions made from the gold get 1 on the headline and on every metric where 1 is best."""
    report = claimbench.score(name, perfect(corpus, name), corpus=corpus)
    assert report.metrics[report.headline].value == 1.0
    for metric, score in report.metrics.items():
        if (
            metric not in PERFECT_IS_LESS
            and "@" not in metric
            and "_gap[" not in metric
            and score.value is not None
        ):
            assert score.value == 1.0, metric
    assert report.counts.missing == report.counts.abstained == report.counts.invalid == 0


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", [None, 1, 2])
def test_a_score_rests_on_the_clusters_that_it_hears_of(corpus, name, seed):
    """A cluster that a metric does not rest on changes nothing, however often it is there."""
    whole = seed is None or name == "extraction"
    lines = perfect(corpus, name)[:seed] if whole else random_lines(name, seed, 1)
    result = scored(name, lines, corpus=corpus)
    chosen = task(name)
    items = chosen.items(corpus, "test")
    rows = chosen.rows(corpus, items, next(iter(result.predictions.values())))
    codes, few = cluster_codes(items.clusters), set()
    for metric in chosen.metrics(rows):
        if not isinstance(metric, Additive) or point(metric, rows) is None:
            continue
        heard = metric.rests_on(rows, codes)
        estimate = metric.estimator(rows)
        for times in (0, 7):
            weights = np.where(heard[:, np.newaxis], 1, np.where(np.eye(len(heard), dtype=bool), times, 1))
            assert np.all(estimate(weights[:, codes]) == estimate(np.ones(codes.size, dtype=np.int64)))
        assert cluster_sums(rows.select(metric.columns), codes)[heard].any(axis=1).all()
        few |= {metric.name} if not heard.all() else set()
    assert seed is not None or few >= LOCAL[name]


LOCAL = {
    "detection": {"recall", "f1"},
    "extraction": {"quantity_accuracy"},
    "verification": {"recall[conflicting]", "contrast_consistency"},
    "evidence": set(),
    "qa": {"unanswerable_recall"},
}
"""Metrics of what only some clusters hold."""


@pytest.mark.parametrize("name", NAMES)
def test_abstaining_everywhere_scores_zero_or_undefined(corpus, name):
    """Abstaining on every line gets 0 where the headline is defined and says undefined where it is not."""
    lines = [{"id": line["id"], "abstain": True} for line in perfect(corpus, name)]
    report = claimbench.score(name, lines, corpus=corpus)
    assert report.counts.abstained == report.counts.items
    assert report.metrics[report.headline].value in (0.0, None)
    assert claimbench.score(name, lines[:1], corpus=corpus).counts.missing >= report.counts.items - 1


def test_saying_unanswerable_everywhere_is_right_where_it_is(corpus):
    """An answer of null is right on exactly the unanswerable questions."""
    lines = [{"id": q.id, "answer": None} for q in corpus.questions]
    report = claimbench.score("qa", lines, corpus=corpus)
    test = [q for q in corpus.questions if q.split == "test"]
    share = sum(not q.answerable for q in test) / len(test)
    assert report.metrics["f1"].value == pytest.approx(share)
    assert report.metrics["unanswerable_recall"].value == 1.0
    assert report.counts.abstained == 0


@pytest.mark.parametrize("name", NAMES)
def test_missing_lines_are_wrong_and_counted(corpus, name):
    """Leaving out lines lowers the score as wrong answers do; the denominator stays."""
    lines = perfect(corpus, name)
    kept = lines[: len(lines) // 2]
    report = claimbench.score(name, kept, corpus=corpus)
    items = task(name).items(corpus, "test")
    assert report.counts.items == len(items.expected)
    assert report.counts.missing == len(set(items.expected) - {line["id"] for line in kept})
    assert report.metrics[report.headline].value < 1.0


@pytest.mark.parametrize("name", NAMES)
def test_order_of_lines_does_not_matter(corpus, name):
    """The same lines in another order give the same bytes of report."""
    lines = perfect(corpus, name)
    lines = lines[: len(lines) * 2 // 3]
    mixed = random.Random(0).sample(lines, len(lines))
    assert (
        claimbench.score(name, lines, corpus=corpus).to_json()
        == claimbench.score(name, mixed, corpus=corpus).to_json()
    )


def test_lines_of_other_splits_are_ignored_and_counted(corpus):
    """Predictions for train and validation items change nothing but the count of ignored lines."""
    lines = perfect(corpus, "verification")
    test_ids = {v.id for v in corpus.verification if v.split == "test"}
    report = claimbench.score("verification", lines, corpus=corpus)
    alone = claimbench.score("verification", [x for x in lines if x["id"] in test_ids], corpus=corpus)
    assert report.counts.other_split == len(lines) - len(test_ids)
    assert report.metrics == alone.metrics


def test_a_file_for_another_split_misses_everything_and_says_so(corpus):
    """A run with lines for other splits only is scored as all missing, and its lines are counted."""
    lines = [{"id": v.id, "label": v.label, "run": "x"} for v in corpus.verification if v.split == "train"]
    report = claimbench.score("verification", lines, corpus=corpus)
    assert report.counts.other_split == len(lines)
    assert report.counts.missing == report.counts.items
    assert report.metrics["accuracy"].value == 0.0


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_verification_metrics_equal_sklearn(corpus, seed):
    """On random verdicts with gaps, macro F1, accuracy and class scores are scikit-learn's."""
    draw = random.Random(seed)
    gold = [v for v in corpus.verification if v.split == "test"]
    said = [draw.choice([*LABELS, None]) for _ in gold]
    lines = [{"id": v.id, "label": label} for v, label in zip(gold, said, strict=True)]
    found = claimbench.score("verification", lines, corpus=corpus, by=()).metrics
    truth, answer = [v.label for v in gold], [label or "none" for label in said]
    three = ["supported", "refuted", "not_enough_info"]
    assert found["macro_f1"].value == pytest.approx(
        sk.f1_score(truth, answer, labels=three, average="macro", zero_division=0), abs=1e-12
    )
    assert found["accuracy"].value == pytest.approx(sk.accuracy_score(truth, answer), abs=1e-12)
    assert found["mcc"].value == pytest.approx(sk.matthews_corrcoef(truth, answer), abs=1e-12)
    assert found["recall[refuted]"].value == pytest.approx(
        sk.recall_score(truth, answer, labels=["refuted"], average=None)[0], abs=1e-12
    )


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_detection_metrics_equal_sklearn(corpus, seed):
    """On random scores with ties, AP, AUROC and Brier are scikit-learn's."""
    draw = random.Random(seed)
    worthy = {corpus.sentence_of(c) for c in corpus.claims if c.checkworthiness == 2}
    lines = [{"id": s, "score": draw.randrange(8) / 8} for s in corpus.sentences]
    found = claimbench.score("detection", lines, corpus=corpus, by=()).metrics
    truth = np.array([s in worthy for s in corpus.sentences])
    scores = np.array([line["score"] for line in lines])
    assert found["average_precision"].value == pytest.approx(
        sk.average_precision_score(truth, scores), abs=1e-12
    )
    assert found["auroc"].value == pytest.approx(sk.roc_auc_score(truth, scores), abs=1e-12)
    assert found["brier"].value == pytest.approx(sk.brier_score_loss(truth, scores), abs=1e-9)
    assert found["f1"].value is None


@pytest.mark.parametrize("name", NAMES)
def test_laws_of_every_metric(corpus, name):
    """Weight k equals k copies, parts sum to the whole, a slice equals scoring the slice alone."""
    draw = random.Random(1)
    lines = [x for x in perfect(corpus, name) if draw.random() < 0.7]
    chosen = task(name)
    items = chosen.items(corpus, "test")
    decoded = {line["id"]: _decode(chosen, line) for line in lines}
    rows = chosen.rows(corpus, items, {k: v for k, v in decoded.items() if k in items.expected})
    weights = np.array([draw.randrange(3) for _ in rows.ids], dtype=np.int64)
    copies = np.repeat(np.arange(len(rows.ids)), weights)
    part = np.flatnonzero(np.arange(len(rows.ids)) % 3 == 0)
    for metric in chosen.metrics(rows):
        estimate = metric.estimator(rows)
        again = metric.estimator(rows.take(copies))(np.ones(copies.size, dtype=np.int64))
        assert np.allclose(estimate(weights), again, equal_nan=True), metric.name
        inside = np.zeros(len(rows.ids), dtype=np.int64)
        inside[part] = 1
        alone = metric.estimator(rows.take(part))(np.ones(part.size, dtype=np.int64))
        assert np.allclose(estimate(inside), alone, equal_nan=True), metric.name
        assert metric.merges == isinstance(metric, Additive)
        if isinstance(metric, Additive) and metric.columns:
            counts = rows.select(metric.columns)
            halves = counts[::2].sum(axis=0) + counts[1::2].sum(axis=0)
            assert np.array_equal(
                metric.value(halves), estimate(np.ones(len(rows.ids), np.int64)), equal_nan=True
            )


def _decode(chosen, line):
    import json

    import msgspec

    return msgspec.json.decode(json.dumps(line).encode(), type=chosen.prediction)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 40))
def test_calibration_error_equals_its_definition(corpus, seed, bins):
    """ECE is the mean gap of confidence and accuracy over bins, weighted by their items, at any bins."""
    draw = random.Random(seed)
    worthy = {corpus.sentence_of(c) for c in corpus.claims if c.checkworthiness == 2}
    lines = [{"id": s, "score": draw.choice([0.0, 0.1, 0.5, 1.0, draw.random()])} for s in corpus.sentences]
    name = f"ece(bins={bins})"
    report = claimbench.score("detection", lines, corpus=corpus, by=(), metrics=[name])
    gap = 0.0
    for i in range(bins):
        held = [x for x in lines if min(int(x["score"] * bins), bins - 1) == i]
        gap += abs(sum(x["score"] for x in held) - sum(x["id"] in worthy for x in held))
    assert report.metrics[name].value == pytest.approx(gap / len(lines), abs=1e-9)
    assert report.metrics[name].intervals.this_benchmark is None


def test_metrics_are_chosen_by_canonical_names(corpus):
    """Asked for by name, metrics come beside the headline and compare; unknown ones get the near miss."""
    draw = random.Random(8)
    lines = [{"id": s, "score": draw.random()} for s in corpus.sentences]
    report = claimbench.score("detection", lines, corpus=corpus, by=(), metrics=["precision@7", "auroc"])
    assert list(report.metrics) == ["average_precision", "f1", "precision@7", "auroc"]
    first = sorted(lines, key=lambda x: -x["score"])[:7]
    worthy = {corpus.sentence_of(c) for c in corpus.claims if c.checkworthiness == 2}
    assert report.metrics["precision@7"].value == pytest.approx(sum(x["id"] in worthy for x in first) / 7)
    assert claimbench.compare(report, report, metrics=["precision@7"]).metrics["precision@7"].difference == 0
    with pytest.raises(claimbench.errors.UsageError, match="did you mean 'auroc'"):
        claimbench.score("detection", lines, corpus=corpus, metrics=["aurocc"])


def test_bootstrap_intervals_are_seeded_and_signed(corpus):
    """The bootstrap gives the same bytes for the same seed, says so in the signature and holds the value."""
    lines = [
        {**x, "label": "supported"} if i % 3 else x for i, x in enumerate(perfect(corpus, "verification"))
    ]
    one, again, other = (
        claimbench.score("verification", lines, corpus=corpus, ci="bootstrap", seed=seed)
        for seed in (0, 0, 1)
    )
    assert one.to_json() == again.to_json() != other.to_json()
    assert "interval:bootstrap 0.95 draws 9999 seed 0" in one.signature
    found = one.metrics["macro_f1"]
    assert found.intervals.this_benchmark.low < found.value < found.intervals.this_benchmark.high
    plain = claimbench.score("verification", lines, corpus=corpus, ci="none")
    assert plain.metrics["macro_f1"].value == found.value
    assert plain.metrics["macro_f1"].intervals.this_benchmark is None


def test_a_sentence_without_a_score_is_wrong_wherever_it_stands(corpus):
    """Leaving out detection lines never pays: no ranking metric rises when lines are dropped."""
    draw = random.Random(3)
    lines = [{"id": s, "score": draw.random()} for s in corpus.sentences]
    full = claimbench.score("detection", lines, corpus=corpus, by=()).metrics
    for kept in (lines[::2], lines[:1], sorted(lines, key=lambda x: -x["score"])[:40]):
        part = claimbench.score("detection", kept, corpus=corpus, by=()).metrics
        for name in ("average_precision", "auroc", "precision@10"):
            assert part[name].value <= full[name].value, name
    one = claimbench.score("detection", lines[:1], corpus=corpus, by=()).metrics
    assert one["average_precision"].value <= 1 / 50
    assert one["probability_coverage"].value == pytest.approx(1 / len(lines))


def test_probabilities_are_ranked_as_if_they_summed_to_one(corpus):
    """A sum a little off one changes no figure of probabilities, and what is tied without it stays tied."""
    draw, lines = random.Random(4), []
    for item in corpus.verification:
        shares = [0.4, 0.3, 0.2, 0.1] if draw.random() < 0.5 else [0.45, 0.25, 0.25, 0.05]
        off = draw.choice((0.9991, 1.0, 1.0009))
        chances = dict(zip(LABELS, (share * off for share in draw.sample(shares, 4)), strict=True))
        lines.append({"id": item.id, "label": max(chances, key=chances.get), "probabilities": chances})
    whole = []
    for line in lines:
        total = sum(line["probabilities"].values())
        whole.append(line | {"probabilities": {x: p / total for x, p in line["probabilities"].items()}})
    one, other = (claimbench.score("verification", x, corpus=corpus, by=()) for x in (lines, whole))
    for name in ("aurc", "brier", "log_loss", "ece(bins=10)"):
        assert one.metrics[name].value == pytest.approx(other.metrics[name].value, abs=1e-11)
    ranks = {row[one.items.columns.index("confidence_rank")] for row in one.items.rows}
    assert ranks == {0, 1}


def test_labels_alone_make_f1_the_headline(corpus):
    """Detection lines without any score are headlined by F1; one line without a score just costs."""
    labels = [{"id": s, "label": True} for s in corpus.sentences]
    report = claimbench.score("detection", labels, corpus=corpus)
    assert report.headline == "f1"
    assert report.metrics["average_precision"].value is None
    assert report.slices[0].metrics["f1"].intervals.this_benchmark is not None
    scores = [{"id": s, "score": 0.5} for s in corpus.sentences]
    mixed = claimbench.score("detection", [*scores[:-1], labels[-1]], corpus=corpus)
    assert mixed.headline == "average_precision"
    assert mixed.metrics["average_precision"].value is not None


def test_several_runs_give_a_row_each(corpus):
    """Lines that carry different runs are scored apart; one run's score is what it is alone."""
    good = [{**x, "run": "good"} for x in perfect(corpus, "verification")]
    bad = [{"id": x["id"], "label": "refuted", "system": "bad", "seed": 3} for x in good]
    report = claimbench.score("verification", good + bad, corpus=corpus)
    found = {run.run: run.metrics["macro_f1"].value for run in report.runs}
    assert set(found) == {"good", "bad@3"}
    assert found["good"] == 1.0
    assert found["bad@3"] == claimbench.score("verification", bad, corpus=corpus).metrics["macro_f1"].value
    assert report.items is None


def test_runs_are_tested_by_the_jackknife_whatever_the_intervals(corpus):
    """Another --ci changes no test against the best, and the signature says how the test was made."""
    right = perfect(corpus, "verification")
    lines = [{**x, "run": run} for run, some in (("a", right[::2]), ("b", right)) for x in some]
    asked = {ci: claimbench.score("verification", lines, corpus=corpus, metrics=(), ci=ci)
             for ci in ("jackknife", "bootstrap", "none")}  # fmt: skip
    tests = {ci: [run.against_best for run in report.runs] for ci, report in asked.items()}
    assert tests["none"] == tests["bootstrap"] == tests["jackknife"]
    assert any(tests["none"])
    assert {ci: "|against_best:jackknife-t 0.95|" in report.signature for ci, report in asked.items()} == {
        "jackknife": False, "bootstrap": True, "none": True,
    }  # fmt: skip


def test_foreign_gold_is_no_split_of_ours(corpus):
    """A report of a foreign format has no split to take another for."""
    report = claimbench.score("qa", perfect(corpus, "qa"), corpus=corpus, by=())
    assert report.own_split == "test"
    with pytest.raises(claimbench.errors.IncomparableError, match="format 'fever'"):
        _ = msgspec.structs.replace(report, split=None, format="fever").own_split


def test_a_slice_has_the_value_of_its_items(corpus):
    """The slice of German items equals the score of the German items alone."""
    lines = [{"id": v.id, "label": "supported"} for v in corpus.verification]
    report = claimbench.score("verification", lines, corpus=corpus, by=["language"])
    german = next(x for x in report.slices if x.value == "de")
    gold = [v for v in corpus.verification if v.split == "test" and v.language == "de"]
    right = sum(v.label == "supported" for v in gold) / len(gold)
    assert german.items == len(gold)
    assert german.metrics["accuracy"].value == pytest.approx(right)


TOGETHER = {
    "verification": {
        "language": {"language_consistency", "language_alpha", "family_accuracy"},
        "edit": {"contrast_family_accuracy"},
        "label": {"contrast_consistency", "flip_rate", "contrast_family_accuracy"},
    },
    "qa": {"language": {"language_consistency", "language_alpha", "family_accuracy"}, "kind": set()},
}
"""What slices by a field leave out."""


@pytest.mark.parametrize("name", TOGETHER)
def test_slices_leave_out_what_looks_at_items_of_others(corpus, name):
    """A metric of families or pairs whose items a field parts stands in no slice by it, asked for or not."""
    asked = ["family_accuracy", *(["flip_rate"] if name == "verification" else [])]
    for metrics in (None, asked):
        lines, by = perfect(corpus, name), [*TOGETHER[name]]
        found = claimbench.score(name, lines, corpus=corpus, by=by, metrics=metrics)
        for part in found.slices:
            assert set(part.metrics) == set(found.metrics) - TOGETHER[name][part.field]


@pytest.mark.parametrize("name", TOGETHER)
def test_tasks_know_which_fields_part_families(corpus, name):
    """Columns of families and pairs are declared across exactly the fields in which their items differ.

    But the kind of an edit is also that of its pair.
    """
    chosen = task(name)
    items = chosen.items(corpus, "test")
    heads: dict[str, str] = {}
    whole = [(heads.setdefault(family, x), x) for family, x in zip(items.families, items.ids, strict=True)]
    edited = [(x.contrast_of, x.id) for x in corpus.verification if x.contrast_of and x.split == "test"]
    outcomes = OUTCOMES if name == "qa" else LABELS
    linked = [(family_columns(outcomes), whole, ""), (PAIRS, edited, "edit"), (CONTRASTS, edited, "")]
    for field, values in items.fields.items():
        value = dict(zip(items.ids, values, strict=True))
        assert chosen.across.get(field, set()) == {
            column
            for columns, links, own in linked
            if set(columns) <= set(chosen.columns) and any(value[x] != value[y] for x, y in links)
            for column in columns
            if field != own
        }


def test_report_round_trips_and_fits_its_schema(corpus):
    """A report survives JSON unchanged and is valid against the report schema."""
    import json

    from claimbench.reading.schemas import violations

    for name in NAMES:
        report = claimbench.score(name, perfect(corpus, name), corpus=corpus)
        data = report.to_json()
        assert claimbench.Report.from_json(data) == report
        assert list(violations("report", json.loads(data))) == []


def test_repeating_a_claim_or_dumping_the_article_does_not_pay(corpus):
    """Copies of right claims and whole sentences as claims score below the claims themselves."""
    right = perfect(corpus, "extraction")
    doubled = [{**x, "claims": x["claims"] * 2} for x in right]
    dumped = [
        {"id": a.id, "claims": [{"text": a.text[s.start : s.end]} for s in a.sentences]}
        for a in corpus.articles
    ]
    scores = [
        claimbench.score("extraction", lines, corpus=corpus, by=()).metrics["f1"].value
        for lines in (right, doubled, dumped)
    ]
    assert scores[0] == 1.0
    assert scores[1] < 0.7
    assert scores[2] < 0.7
