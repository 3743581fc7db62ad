"""HoVer: the figures of its three metric files, to the last bit."""

from __future__ import annotations

import json

import pytest

PARTS = {"claim_verification": "verification", "sent_retrieval": "sentence", "doc_retrieval": "document"}


def test_real_gold(parity, scored):
    """4,000 real claims with seeded predictions: all eight figures and the total are the official ones."""
    folder = parity("hover")
    expected = json.loads((folder / "expected.json").read_text())
    found = scored("hover", folder / "gold_dev.json", folder / "pred_seeded.json").official
    for name, part in PARTS.items():
        value = dict(expected[name]["value"])
        assert found.counts["total"] == value.pop("total")
        assert {f"{part}_{figure}": each for figure, each in value.items()}.items() <= found.figures.items()


def test_missing_predictions(parity, scored, put):
    """Missing claims leave the official denominator; without any prediction there is no official figure."""
    expected = json.loads((parity("hover") / "expected.json").read_text())["edge"]
    claims = json.loads((parity("hover") / "gold_dev.json").read_text())[:2]
    gold, uid, label = put("gold.json", claims), claims[0]["uid"], claims[0]["label"]
    one = scored("hover", gold, put("one.json", {uid: {"predicted_label": label}}))
    assert one.official.figures["verification_acc"] == expected["missing prediction"]["value"]["acc"]
    assert one.official.counts == {"total": expected["missing prediction"]["value"]["total"]}
    assert one.counts.missing == 1
    none = scored("hover", gold, put("none.json", {"x": {"predicted_label": label}}))
    assert expected["no prediction"]["exception"] == "ZeroDivisionError"
    assert not none.official.figures
    assert "divides" in none.official.refused


@pytest.mark.parametrize(
    ("name", "gold", "predicted"),
    [
        ("sent duplicates in prediction", [["A", 0]], [["A", 0], ["A", 0], ["B", 0]]),
        ("sent dup same length counts exact", [["A", 0], ["A", 0]], [["A", 0], ["B", 0]]),
        ("sent NFD equal NFC", [["Caf\u00e9", 0]], [["Cafe\u0301", 0]]),
        ("sent empty pred", [["A", 0]], []),
    ],
)
def test_edge_cases(parity, scored, put, name, gold, predicted):
    """Sentences shaped as the names of the edge cases say give the official exact match and F1."""
    expected = json.loads((parity("hover") / "expected.json").read_text())["edge"][name]
    claims = put("gold.json", [{"uid": "x", "label": "SUPPORTED", "supporting_facts": gold}])
    found = scored("hover", claims, put("predictions.json", {"x": {"predicted_sp": predicted}})).official
    assert found.figures == {f"sentence_{figure}": 100.0 * each for figure, each in expected.items()}
