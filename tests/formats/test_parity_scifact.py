"""SciFact: the figures of both official scorers, to the last bit."""

from __future__ import annotations

import json

import pytest

from claimbench import InputError

SCORERS = {"scifact-evaluator": "leaderboard", "verisci": "verisci"}


def figures(scored, gold, predictions, scorer):
    return dict(scored("scifact", gold, predictions, scorer=scorer).official.figures)


def flat(value):
    """verisci's table in the names of the leaderboard."""
    return {
        f"{level}_{name}" if isinstance(figure, dict) else level: each
        for level, figure in value.items()
        for name, each in (figure.items() if isinstance(figure, dict) else [("", figure)])
    }


@pytest.mark.parametrize("scorer", SCORERS)
@pytest.mark.parametrize("data", ["small", "synthetic"])
def test_real_predictions(parity, scored, scorer, data):
    """10 real and 1,000 synthetic claims: every figure of both scorers equals the official one."""
    folder = parity("scifact")
    gold, predictions = (
        ("gold_small", "predictions_small") if data == "small" else ("synthetic_gold", "synthetic_pred")
    )
    runs = json.loads((folder / "expected.json").read_text())
    expected = next(run for name, run in runs.items() if name.startswith(f"{data} {scorer}"))
    found = figures(scored, folder / f"{gold}.jsonl", folder / f"{predictions}.jsonl", SCORERS[scorer])
    assert found == flat(expected["value"])


@pytest.mark.parametrize("scorer", SCORERS)
def test_edge_cases(parity, scored, jsonl, scorer):
    """Every edge case gives the official figures; where the official scorer raises there are none."""
    cases = json.loads((parity("scifact") / "edge_cases.json").read_text())
    for name, case in cases.items():
        paths = (jsonl("gold.jsonl", case["gold"]), jsonl("predictions.jsonl", case["pred"]))
        try:
            found = figures(scored, *paths, SCORERS[scorer])
        except InputError:
            found = {}
        value = case[scorer].get("value")
        assert found == ({} if value is None else flat(value)), name
