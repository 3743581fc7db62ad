"""X-Fact and LLM-AggreFact give what their scripts gave, to the last bit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from claimbench.formats.labels import LabelScore, balanced_accuracy, label_scores


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def test_xfact(parity: Any, scored: Any) -> None:
    """The mean over languages and sites is the script's, and a line says what the whole file has."""
    folder = parity("xfact")
    expected = load(folder / "expected.json")
    found = scored("xfact", folder / "examples.tsv", folder / "predictions.tsv")
    assert found.official.figures == {
        "average_macro_f1": expected["average_macro_f1_over_(language,site)"],
        "macro_f1_of_constant_false": expected["macro_f1_of_constant_false"],
    }
    assert "macro F1 of the whole file is" in found.official.quirks[0]
    assert found.house is not None


def test_aggrefact(parity: Any, scored: Any) -> None:
    """Eleven datasets and their mean have the notebook's balanced accuracy."""
    folder = parity("llm_aggrefact")
    expected = load(folder / "expected.json")
    found = scored("aggrefact", [], folder / "rows.jsonl")
    assert found.official.figures == expected["balanced_accuracy"]
    assert len(set(found.house.clusters)) == 11
    edge = expected["edge"]
    assert balanced_accuracy(label_scores("111", "101").values()) == edge["one_class_in_gold"]
    assert balanced_accuracy(label_scores("11", "10").values()) == edge["pred_class_absent_from_gold"]


def test_aggrefact_refuses_other_labels(scored: Any, put: Any) -> None:
    """A judgement that is neither 0 nor 1 is named with its line and pointer."""
    rows = '{"dataset": "d", "label": 1, "pred": 1}\n{"dataset": "d", "label": 1, "pred": 0.5}\n'
    with pytest.raises(Exception, match=r"rows\.jsonl:2 /pred"):
        scored("aggrefact", [], put("rows.jsonl", rows))


def test_xfact_refuses_other_gold(scored: Any, put: Any) -> None:
    """Where the two files name other gold labels, lines cannot be joined, and the house has no figures."""
    examples = put("examples.tsv", "language\tsite\tlabel\nde\ta\ttrue\nde\ta\tfalse\n")
    found = scored("xfact", examples, put("pred.tsv", "prediction\tgold\ntrue\tfalse\ntrue\ttrue\n"))
    assert found.house is None
    assert "gold labels of the two files differ" in found.refused
    short = scored("xfact", examples, put("short.tsv", "prediction\tgold\ntrue\ttrue\n"))
    assert short.official.refused == "IndexError: 2 examples and 1 predictions"


def test_versions_of_f1() -> None:
    """F1 from precision and recall, and from counts, have the last digits of scikit-learn 1.2 and 1.3."""
    score = LabelScore(hits=124, gold=174, predicted=202)
    assert score.f1 == 0.6595744680851064
    assert score.f1_of_counts == 0.6595744680851063
