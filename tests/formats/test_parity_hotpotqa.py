"""HotpotQA gives what its script gave, to the last bit."""

from __future__ import annotations

import json
from typing import Any

from claimbench.formats.hotpotqa import score_answer, score_both, score_facts


def test_hotpotqa(parity: Any, scored: Any) -> None:
    """All twelve figures, and how many answers and facts are missing, are the script's."""
    folder = parity("hotpotqa")
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    found = scored("hotpotqa", folder / "gold.json", folder / "pred.json")
    assert found.official.figures == expected["hotpot_evaluate_v1.py"]
    assert found.official.counts["missing answer"] == expected["missing answer lines"]
    assert found.official.counts["missing sp fact"] == expected["missing sp lines"]
    assert found.counts.missing == expected["missing answer lines"]


def test_closed_answers_match_only_themselves() -> None:
    """Yes, no and noanswer share no credit with longer answers, on either side."""
    assert score_answer("yes, it is", "yes") == (0.0, 0.0, 0.0, 0.0)
    assert score_answer("No.", "no") == (1.0, 1.0, 1.0, 1.0)
    assert score_answer("the yes men", "yes men")[1] == 1.0


def test_facts_are_sets() -> None:
    """A repeated fact counts once, and two empty sets match exactly with F1 0."""
    gold, facts = [("A", 0), ("B", 1)], [("A", 0), ("A", 0), ("C", 0)]
    assert score_facts(gold, facts) == (0.0, 0.5, 0.5, 0.5)
    assert score_facts([], []) == (1.0, 0.0, 0.0, 0.0)
    assert score_both((1.0, 1.0, 1.0, 1.0), (0.0, 0.5, 0.5, 0.5)) == (0.0, 0.5, 0.5, 0.5)
