"""AVeriTeC without METEOR's data: labels, assignment, levels, joining and refusals, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import f1_score

import claimbench
from claimbench.cli import main
from claimbench.errors import IncomparableError, ProblemsError
from claimbench.formats import averitec
from claimbench.formats.assignment import best_assignment
from claimbench.formats.averitec_figures import ANSWERS, LABELS, QUESTIONS, of_labels
from claimbench.formats.meteor.resources import MissingDataError

SUPPORTED, REFUTED, UNSURE = "Supported", "Refuted", "Not Enough Evidence"


def equal_strings(compared):
    """Equal strings score 1, others 0, in place of METEOR."""
    return [[[float(gold == mine) for gold in golds] for mine in given] for golds, given in compared]


@pytest.fixture
def equality(monkeypatch):
    monkeypatch.setattr(averitec, "load_meteor", lambda again: (equal_strings, "3.0"))


@pytest.fixture
def no_meteor(monkeypatch):
    def refuse(again):
        raise MissingDataError("WordNet is missing")

    monkeypatch.setattr(averitec, "load_meteor", refuse)


def claim(label, *pairs, kinds=("Numerical Claim",), **fields):
    questions = [{"question": q, "answers": [{"answer": a}]} for q, a in pairs]
    return {"label": label, "claim_types": list(kinds), "questions": questions, **fields}


def prediction(number, label, *pairs):
    evidence = [{"question": q, "answer": a} for q, a in pairs]
    return {"claim_id": number, "pred_label": label, "evidence": evidence}


GOLD = [
    claim(SUPPORTED, ("a", "1"), ("b", "2")),
    claim(REFUTED, ("c", "3"), kinds=("Numerical Claim", "Causal Claim")),
    claim(REFUTED, ("d", "4"), ("e", "5"), ("f", "6"), ("g", "7")),
]
PREDICTIONS = [
    prediction(0, SUPPORTED, ("b", "2"), ("x", "y")),
    prediction(1, UNSURE, ("c", "3")),
    prediction(2, REFUTED, ("d", "4"), ("e", "no"), ("d", "4")),
]


@pytest.fixture
def report(put):
    def make(gold, predictions, **options):
        paths = put("gold.json", gold), put("predictions.json", predictions)
        return claimbench.score_format(
            "verification", paths[1], format="averitec", gold=paths[0], options=options
        )

    return make


def test_figures_by_hand(equality, report):
    """Evidence scores 1/2, 1 and 1/4: levels count strictly above, types ignore labels, extras are free."""
    found = report(GOLD, PREDICTIONS)
    figures = found.official.figures
    assert figures[QUESTIONS] == pytest.approx((1 / 2 + 1 + 2 / 4) / 3)
    assert figures[ANSWERS] == pytest.approx((1 / 2 + 1 + 1 / 4) / 3)
    assert figures["Veracity scores (meteor @ 0.2)"] == 2 / 3
    assert figures["Veracity scores (meteor @ 0.25)"] == 1 / 3
    assert figures["Veracity scores (meteor @ 0.5)"] == 0
    assert figures["Veracity scores (Numerical Claim) @ 0.25"] == 0.5
    assert figures["Veracity scores (Causal Claim) @ 0.25"] == 1
    assert figures["Refuted"] == 2 / 3
    assert figures["macro"] == pytest.approx((1 + 2 / 3) / 4)
    house = {name: score.value for name, score in found.metrics.items()}
    assert house["averitec_score"] == pytest.approx(1 / 3)
    assert house["evidence_answers"] == pytest.approx((1 / 2 + 1 + 1 / 4) / 3)
    assert house["macro_f1"] == pytest.approx((1 + 2 / 3) / 2)
    assert any("never look at the label" in quirk for quirk in found.official.quirks)


def test_labels_need_no_meteor(no_meteor, report):
    """Without METEOR's data the label figures are given, official and house, and the others refused."""
    found = report(GOLD, PREDICTIONS)
    assert set(found.official.figures) == {*LABELS, "macro", "acc"}
    assert found.official.refused == "METEOR figures: WordNet is missing"
    assert found.metrics["accuracy"].value == pytest.approx(2 / 3)
    assert "averitec_score" not in found.metrics
    assert "wordnet" not in found.signature


def test_the_signature_names_wordnet(equality, report, monkeypatch):
    """The signature has WordNet's version where METEOR was computed; with other versions nothing compares."""
    found = report(GOLD, PREDICTIONS)
    assert "|wordnet:3.0|" in found.signature
    monkeypatch.setattr(averitec, "load_meteor", lambda again: (equal_strings, "3.1"))
    with pytest.raises(IncomparableError, match=r"wordnet: '3\.0' and '3\.1'"):
        claimbench.compare(found, report(GOLD, PREDICTIONS))


def test_some_figures_are_printed_with_the_reason_for_the_rest(no_meteor, put, capsys):
    """Printed are the label figures, and why there are no others."""
    paths = put("gold.json", GOLD), put("predictions.json", PREDICTIONS)
    assert main(["score", "verification", paths[1], "--gold", paths[0], "--format", "averitec"]) == 0
    out = capsys.readouterr().out
    assert "macro" in out
    assert "no further official figures: METEOR figures: WordNet is missing" in out


def test_joined_by_claim_id(equality, report):
    """Another order changes the official figures alone; a missing prediction is wrong, lists unequal."""
    straight, turned = report(GOLD, PREDICTIONS), report(GOLD, PREDICTIONS[::-1])
    assert turned.metrics == straight.metrics
    assert turned.official.figures != straight.official.figures
    part = report(GOLD, PREDICTIONS[:2])
    assert part.counts.missing == 1
    assert part.metrics["accuracy"].value == pytest.approx(1 / 3)
    assert part.official.figures[ANSWERS] == pytest.approx(3 / 4)
    assert "acc" not in part.official.figures
    assert "3 claims and 2 predictions" in part.official.refused


def test_only_ten_strings_are_looked_at(equality, report):
    """An eleventh predicted pair earns nothing."""
    extra = [("x", str(n)) for n in range(10)]
    for place, expected in ((9, 1.0), (10, 0.0)):
        given = [prediction(0, SUPPORTED, *extra[:place], ("a", "1"))]
        assert report([claim(SUPPORTED, ("a", "1"))], given).official.figures[ANSWERS] == expected


def test_boolean_answers(equality, report):
    """A Boolean gold answer takes its explanation along; without one pairs are refused, not questions."""
    gold = [claim(SUPPORTED, ("a", "Yes"))]
    answer = gold[0]["questions"][0]["answers"][0]
    answer |= {"answer_type": "Boolean", "boolean_explanation": "So it is"}
    given = [prediction(0, SUPPORTED, ("a", "Yes. So it is"))]
    assert report(gold, given).official.figures[ANSWERS] == 1
    del answer["boolean_explanation"]
    found = report(gold, given).official
    assert found.figures[QUESTIONS] == 1
    assert ANSWERS not in found.figures
    assert found.refused == "claim 0 has a Boolean answer without boolean_explanation"


def test_a_claim_without_questions(equality, report):
    """Official evidence figures are refused; the house leaves the claim out of its evidence metrics."""
    found = report([*GOLD[:1], claim(SUPPORTED)], PREDICTIONS[:2])
    assert found.official.refused == "claim 1 has no question, and the scorer divides by their number"
    assert QUESTIONS not in found.official.figures
    assert found.official.figures["acc"] == 0.5
    assert found.metrics["evidence_answers"].value == 0.5


def test_justifications(equality, report):
    """eval.py falls back on the strings where a prediction has no justification; gold must have one."""
    gold = [
        claim(SUPPORTED, ("a", "1"), justification="a 1"),
        claim(SUPPORTED, ("b", "2"), justification="so"),
    ]
    pairs = [{"question": "a", "answers": {"answer": "1"}}]
    given = [{"label": SUPPORTED, "questions": pairs}, {"label": SUPPORTED, "justification": "so"}]
    found = report(gold, given, scorer="eval.py")
    assert found.official.figures["Justification score (meteor)"] == 1
    assert found.official.figures["Justification scores (meteor @ 0.5)"] == 0.5
    assert found.official.figures[QUESTIONS] == 0.5
    assert found.refused == "2 of 2 predictions have no claim_id"
    with pytest.raises(ProblemsError, match="/0: expected a justification"):
        report([claim(SUPPORTED, ("a", "1"))], given[:1], scorer="eval.py")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda lines: lines[1].update(claim_id=0), "claim ids of the predictions are not unique"),
        (
            lambda lines: lines[1].update(claim_id=7),
            "1 claim ids of the predictions are not in the gold, such as 7",
        ),
        (lambda lines: lines[1].pop("claim_id"), "1 of 3 predictions have no claim_id"),
    ],
)
def test_what_cannot_be_joined(equality, report, change, reason):
    """Where ids cannot be joined there are official figures only, and the reason."""
    lines = [dict(line) for line in PREDICTIONS]
    change(lines)
    found = report(GOLD, lines)
    assert found.refused == reason
    assert not found.metrics
    assert found.official.figures["acc"] == 2 / 3


@given(st.lists(st.tuples(st.sampled_from([*LABELS]), st.sampled_from([*LABELS, "other"])), min_size=1))
def test_label_figures_are_scikit_learns(pairs):
    """F1 per label and their mean are those of scikit-learn with the four labels."""
    gold, predicted = map(list, zip(*pairs, strict=True))
    mine = of_labels(gold, predicted)
    each = f1_score(gold, predicted, labels=[*LABELS], average=None, zero_division=0)
    assert [mine[label] for label in LABELS] == pytest.approx(each.tolist(), abs=1e-15)
    assert mine["macro"] == pytest.approx(each.mean(), abs=1e-15)


@given(st.data())
def test_assignment_is_scipys(data):
    """The best assignment is the one that scipy returns, also among ties."""
    rows, columns = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 6))
    value = st.sampled_from([0.0, 0.25, 0.5, 1.0]) | st.floats(0, 1)
    scores = data.draw(
        st.lists(st.lists(value, min_size=columns, max_size=columns), min_size=rows, max_size=rows)
    )
    expected = zip(*linear_sum_assignment(np.array(scores), maximize=True), strict=True)
    assert best_assignment(scores) == [(int(row), int(column)) for row, column in expected]
