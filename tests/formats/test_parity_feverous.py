"""FEVEROUS: the official scorer's figures, to the last bit."""

from __future__ import annotations

import json

import pytest

from claimbench import InputError
from claimbench.formats.evidence import FIGURES
from claimbench.formats.feverous import triple

HEADER = {"id": "", "label": "", "evidence": [], "predicted_evidence": [], "predicted_label": ""}


def figures(scored, path, **options):
    return dict(scored("feverous", [], path, **options).official.figures)


def test_real_predictions(parity, scored, tmp_path):
    """Every run of the released line and of 9,999 recast predictions equals the official figures."""
    folder = parity("feverous")
    runs = json.loads((folder / "expected.json").read_text())
    for name, expected in runs.items():
        words = name.split()
        if words[1:2] == ["triples"]:
            limits = dict(word.lower().split("=") for word in words[2:])
            assert figures(scored, folder / "recast.verdict.jsonl", **limits) == expected["value"], name
        else:
            verdict = "yes" if words[1:] else "no"
            assert figures(scored, folder / words[0], use_gold_verdict=verdict) == expected, name


def test_edge_cases(parity, scored, jsonl):
    """Every edge case that a file can hold gives the official figures, or none where there are none."""
    cases = json.loads((parity("feverous") / "edge_cases.json").read_text())
    for piece in cases.pop("id_string_splitting").values():
        assert list(triple(piece["id"])) == piece["triple"]
    for name, case in cases.items():
        if name.startswith("int_position"):
            continue  # an id string has no integers
        lines = [HEADER, *map(as_line, case["predictions"])]
        limits = {key: str(case[key]) for key in ("max_evidence", "max_evidence_cell")}
        try:
            found = figures(scored, jsonl("claims.jsonl", lines), **limits)
        except InputError:
            found = {}
        value = case["feverous"].get("value")
        assert found == ({} if value is None else dict(zip(FIGURES, value, strict=True))), name


def as_line(claim):
    groups = [{"content": ["_".join(piece) for piece in group], "context": {}} for group in claim["evidence"]]
    return claim | {
        "id": 1,
        "evidence": groups,
        "predicted_evidence": ["_".join(piece) for piece in claim["predicted_evidence"]],
    }


@pytest.mark.parametrize("piece", ["", "page"])
def test_a_piece_without_underscore_is_refused(scored, jsonl, piece):
    """The official scorer raises IndexError; here the line and the pointer are named."""
    claim = {
        "id": 1,
        "label": "SUPPORTS",
        "evidence": [],
        "predicted_label": "",
        "predicted_evidence": [piece],
    }
    with pytest.raises(
        InputError, match=r"claims\.jsonl:2 /predicted_evidence/0: expected page_type_position"
    ):
        scored("feverous", [], jsonl("claims.jsonl", [HEADER, claim]))
