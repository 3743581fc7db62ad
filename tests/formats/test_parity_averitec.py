"""AVeriTeC: the figures of two of its scorers, to the last bit."""

from __future__ import annotations

import json

import pytest

from claimbench.formats.averitec_figures import ANSWERS, LEVELS, QUESTIONS
from claimbench.formats.meteor.resources import MissingDataError, punkt_folder, wordnet_folder

SCORERS = {"2024": "averitec_evaluate.py (2024 shared task)", "eval.py": "eval.py (dataset paper)"}


@pytest.fixture
def meteor():
    try:
        punkt_folder(), wordnet_folder()
    except MissingDataError as missing:
        pytest.skip(str(missing))


def by_our_names(expected):
    """Official figures, with the level in the names of those by type of claim, which the output lacks."""
    figures = {}
    for name, value in expected.items():
        if isinstance(value, dict):
            figures |= {f"Veracity scores ({kind}) @ {name.split()[-1]}": v for kind, v in value.items()}
        else:
            by_type = name.startswith("Veracity scores (") and "meteor" not in name
            figures[f"{name} @ 0.25" if by_type else name] = value
    return figures


@pytest.mark.parametrize("scorer", SCORERS)
@pytest.mark.parametrize("system", ["hero_8b", "hero_70b"])
def test_real_systems(parity, scored, meteor, system, scorer):
    """Two systems on the 500 claims of the dev set: every figure is the official one."""
    folder = parity("averitec")
    expected = json.loads((folder / "expected.json").read_text())[f"{SCORERS[scorer]} {system}"]
    name = f"pred.{system}.json" if scorer == "2024" else f"pred.{system}.evalpy.json"
    found = scored("averitec", folder / "dev.slim.json", folder / name, scorer=scorer)
    assert found.official.figures == by_our_names(expected)
    assert found.official.refused is None
    assert (found.house is None) == (scorer == "eval.py")


def test_edge_cases(parity, scored, meteor, put):
    """Each figure of each edge case is the official one; where the scorer raises, none and a reason."""
    cases = json.loads((parity("averitec") / "edge_cases.json").read_text())
    for name, case in cases.items():
        gold = put(f"{name}.gold.json", case["references"])
        found = scored("averitec", gold, put(f"{name}.json", case["predictions"]), scorer="eval.py").official
        results = case["eval.py"]
        expected = {QUESTIONS: results["Q_only"].get("value"), ANSWERS: results["QA"].get("value")}
        veracity, levels = results["veracity"].get("value"), results["averitec@levels"].get("value")
        if veracity:
            expected |= veracity
        if levels:
            for kind, values in zip(("Veracity", "Justification"), levels, strict=True):
                names = (f"{kind} scores (meteor @ {level})" for level in LEVELS)
                expected |= dict(zip(names, values, strict=True))
        assert {figure: found.figures.get(figure) for figure in expected} == expected, name
        assert ("macro" in found.figures) == bool(veracity), name
        raised = any("exception" in result for result in results.values())
        assert (found.refused is not None) == raised, name
