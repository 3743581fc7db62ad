"""Small made-up cases with the official results: what travels with the project.

Every ``cases/<format>.json`` names inputs, options, the official figures and quirk lines, the reason of a
refusal, and the house's figures. The official ones were made by the scorer that ``by`` names.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from claimbench.errors import InputError
from claimbench.formats import format_named
from claimbench.stats.estimators import points

CASES = {
    f"{path.stem}: {case['name']}": (path.stem, case)
    for path in sorted((Path(__file__).parent / "cases").glob("*.json"))
    for case in json.loads(path.read_text(encoding="utf-8"))["cases"]
}


@pytest.mark.parametrize("name", CASES)
def test_case(name: str, scored: Any, put: Any) -> None:
    """A case gives the official figures to the last bit, quirks and refusals by the word, and the house's."""
    format_name, case = CASES[name]
    gold = [put(f"gold{i}", content) for i, content in enumerate(case["gold"])]
    predictions = [put(f"predictions{i}", content) for i, content in enumerate(case["predictions"])]
    options = {
        key: value if isinstance(value, str) else put(key, value) for key, value in case["options"].items()
    }
    if "error" in case:
        with pytest.raises(InputError, match=case["error"]):
            scored(format_name, gold, predictions, **options)
        return
    found = scored(format_name, gold, predictions, **options)
    assert found.official.figures == case["figures"]
    assert list(found.official.quirks) == case["quirks"]
    assert found.official.refused == case.get("official_refused")
    assert found.refused == case.get("refused")
    house = found.house and points(format_named(format_name).metrics(found.house.rows), found.house.rows)
    assert house == (case["metrics"] and pytest.approx(case["metrics"], abs=1e-11))
