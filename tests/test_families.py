"""Consistency: contrast families, families of three languages, and the gaps between languages."""

from __future__ import annotations

import random

import krippendorff
import numpy as np
import pytest
from conftest import perfect
from hypothesis import given, settings
from hypothesis import strategies as st

import claimbench
from claimbench.records import LABELS, LANGUAGES
from claimbench.stats.estimators import Rows, unit_weights
from claimbench.tasks.families import family_columns, family_metrics, family_row


def values(corpus, task, lines):
    scores = claimbench.score(task, lines, corpus=corpus, by=()).metrics
    return {name: score.value for name, score in scores.items()}


def of_test(items):
    return [item for item in items if item.split == "test"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(*[st.sampled_from([*LABELS, None])] * 3), min_size=1, max_size=30))
def test_agreement_of_languages_is_krippendorffs_alpha(families):
    """On random verdicts with gaps, language_alpha is the nominal alpha of the package krippendorff 0.8."""
    rows = [family_row(family, False) for family in families]
    columns = family_columns(LABELS)
    counts = np.array([[row.get(column, 0) for column in columns] for row in rows], dtype=np.int64)
    table = Rows(tuple(map(str, range(len(rows)))), columns, counts)
    alpha = next(m for m in family_metrics(LABELS, "accuracy") if m.name == "language_alpha")
    found = float(alpha.estimator(table)(unit_weights(table)))
    paired = {
        label for f in families if sum(x is not None for x in f) > 1 for label in f if label is not None
    }
    if len(paired) < 2:
        assert np.isnan(found)
        return
    data = [[np.nan if f[i] is None else LABELS.index(f[i]) for f in families] for i in range(3)]
    expected = krippendorff.alpha(reliability_data=data, level_of_measurement="nominal")
    assert found == pytest.approx(expected, abs=1e-12)
    assert -1.0 <= found <= 1.0


def test_a_contrast_family_is_right_when_all_its_members_are(corpus):
    """One wrong edit costs its pair and the family of its original, in its language alone."""
    gold = {v.id: v for v in of_test(corpus.verification)}
    edits = {v.id: v.contrast_of for v in gold.values() if v.contrast_of}
    originals = set(edits.values()) - set(edits)
    wrong = next(edit for edit, original in edits.items() if gold[original].label == "supported")
    lines = [{"id": v.id, "label": "supported" if v.id == wrong else v.label} for v in gold.values()]
    found = values(corpus, "verification", lines)
    assert found["contrast_family_accuracy"] == pytest.approx(1 - 1 / len(originals))
    assert found["contrast_consistency"] == pytest.approx(1 - 1 / len(edits))
    due = sum(gold[edit].label != gold[original].label for edit, original in edits.items())
    assert found["flip_rate"] == pytest.approx(1 - 1 / due)


def test_flips_need_two_verdicts_and_may_go_anywhere(corpus):
    """A verdict that always changes flips everywhere, however wrong; one that is not given never does."""
    gold = of_test(corpus.verification)
    other = {"supported": "refuted", "refuted": "not_enough_info"} | {"not_enough_info": "supported"}
    changing = [{"id": v.id, "label": other.get(v.label, v.label)} for v in gold]
    found = values(corpus, "verification", changing)
    assert found["contrast_consistency"] < 0.1
    assert found["flip_rate"] == 1.0
    quiet = [
        {"id": v.id, "abstain": True} if v.contrast_of else line
        for v, line in zip(gold, changing, strict=True)
    ]
    assert values(corpus, "verification", quiet)["flip_rate"] == 0.0
    constant = values(corpus, "verification", [{"id": v.id, "label": "refuted"} for v in gold])
    assert (constant["flip_rate"], constant["language_alpha"]) == (0.0, None)


@pytest.mark.parametrize(("task", "base"), [("verification", "accuracy"), ("qa", "typed_match")])
def test_gaps_are_signed_differences_of_the_languages(corpus, task, base):
    """What one language scores less another is the gap, with its sign; slices say the same."""
    draw = random.Random(5)
    spoilt = {"label": "conflicting"} if task == "verification" else {"answer": "Atlantis"}
    lines = [
        {**line, **spoilt} if line["id"].endswith("-nl") and draw.random() < 0.5 else line
        for line in perfect(corpus, task)
    ]
    report = claimbench.score(task, lines, corpus=corpus, by=["language"])
    found = {name: score.value for name, score in report.metrics.items()}
    assert found[f"{base}[nl]"] < found[f"{base}[de]"] == 1.0
    assert found[f"{base}_gap[nl_en]"] == found[f"{base}[nl]"] - 1.0 < 0
    assert found[f"{base}_gap[de_nl]"] == -found[f"{base}_gap[nl_en]"]
    assert found[f"{base}_gap[de_en]"] == 0.0
    assert {s.value: s.metrics[base].value for s in report.slices} == {
        x: found[f"{base}[{x}]"] for x in LANGUAGES
    }


def test_translations_of_a_question_are_right_together(corpus):
    """A wrong answer in one language costs its family; null for all is one outcome, beyond no chance."""
    gold = of_test(corpus.questions)
    families = {q.family for q in gold}
    wrong = next(q for q in gold if q.answerable)
    spoilt = [{**x, "answer": "Atlantis"} if x["id"] == wrong.id else x for x in perfect(corpus, "qa")]
    found = values(corpus, "qa", spoilt)
    assert found["family_accuracy"] == found["language_consistency"] == pytest.approx(1 - 1 / len(families))
    null = values(corpus, "qa", [{"id": q.id, "answer": None} for q in gold])
    assert (null["language_consistency"], null["language_alpha"]) == (1.0, None)
    assert null["family_accuracy"] == pytest.approx(sum(not q.answerable for q in gold) / len(gold))


@pytest.mark.parametrize("task", ["verification", "qa"])
def test_families_without_answers_agree_on_nothing(corpus, task):
    """Abstaining everywhere is no agreement."""
    lines = [{"id": line["id"], "abstain": True} for line in perfect(corpus, task)]
    found = values(corpus, task, lines)
    assert found["language_consistency"] == found["family_accuracy"] == 0.0
    assert found["language_alpha"] is None
