"""Small conformance cases that travel with the project: made-up content, official results, house figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import claimbench
from claimbench.formats import format_named
from claimbench.formats.meteor import resources

LISTS = ("averitec",)
"""Formats whose files are one JSON list each."""
CASES = [
    (path.stem, case)
    for path in sorted((Path(__file__).parent / "cases").glob("*.json"))
    for case in json.loads(path.read_text(encoding="utf-8"))["cases"]
]


def skip_without_meteor():
    try:
        resources.punkt_folder(), resources.wordnet_folder()
    except resources.MissingDataError as missing:
        pytest.skip(str(missing))


@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{n}: {c['name']}" for n, c in CASES])
def test_case(put, jsonl, monkeypatch, name: str, case: dict[str, Any]):
    """Official figures are equal to the last bit; house figures, quirks, refusal and error are as said.

    The house figures can be asked for by name.
    """
    write = jsonl if isinstance(case.get("predictions"), list) and name not in LISTS else put
    if case.get("meteor") is False:
        monkeypatch.setattr(resources, "nltk_folders", list)
    elif "meteor" in case:
        skip_without_meteor()

    def files(kind: str) -> list[str]:
        contents = case.get(f"{kind} files", [case[kind]] if kind in case else [])
        return [write(f"{kind}{i}", content) for i, content in enumerate(contents)]

    def score(metrics: list[str] | None = None) -> claimbench.Report:
        given = case["options"].items()
        options = {key: value if isinstance(value, str) else put(key, value) for key, value in given}
        task = format_named(name).task
        return claimbench.score_format(
            task, files("predictions"), format=name, gold=files("gold"), options=options, metrics=metrics
        )

    if "error" in case:
        with pytest.raises(claimbench.InputError, match=case["error"]):
            score()
        return
    found = score()
    assert found.official.figures == (case["official"] or {})
    assert any(case.get("quirk", "") in quirk for quirk in [*found.official.quirks, ""])
    assert list(found.official.quirks) == case.get("quirks", list(found.official.quirks))
    assert case.get("refused", "") in f"{found.refused} {found.official.refused}"
    house = {metric: score.value for metric, score in found.metrics.items()}
    expected = case["house"] or {}
    assert {metric: house[metric] for metric in expected} == pytest.approx(expected)
    assert bool(house) == bool(expected)
    assert score(list(found.metrics)).metrics == found.metrics
