"""Small conformance cases that travel with the project: made-up content, official results, house figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import claimbench
from claimbench.formats import format_named

CASES = [
    (path.stem, case)
    for path in sorted((Path(__file__).parent / "cases").glob("*.json"))
    for case in json.loads(path.read_text(encoding="utf-8"))["cases"]
]


@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{n}: {c['name']}" for n, c in CASES])
def test_case(put, jsonl, name: str, case: dict[str, Any]):
    """Official figures are equal to the last bit; house figures, quirk and refusal are as said."""
    write = jsonl if isinstance(case["predictions"], list) else put
    gold = [] if "gold" not in case else (write("gold", case["gold"]))
    found = claimbench.score_format(
        format_named(name).task, write("predictions", case["predictions"]), format=name, gold=gold,
        options=case["options"],
    )  # fmt: skip
    assert found.official.figures == (case["official"] or {})
    assert any(case.get("quirk", "") in quirk for quirk in [*found.official.quirks, ""])
    assert case.get("refused", "") in f"{found.refused} {found.official.refused}"
    house = {metric: score.value for metric, score in found.metrics.items()}
    expected = case["house"] or {}
    assert {metric: house[metric] for metric in expected} == pytest.approx(expected)
    assert bool(house) == bool(expected)
