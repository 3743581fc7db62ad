"""FEVER: the official scorer's figures, to the last bit."""

from __future__ import annotations

import json
from itertools import islice

import pytest

from claimbench import InputError, score_format
from claimbench.formats.evidence import FIGURES

VERSIONS = {"github_1.2": "1.2", "pypi_2.0.39": "2.0.39"}


def official(predictions, gold, **options):
    return score_format("verification", predictions, format="fever", gold=gold, options=options).official


@pytest.mark.parametrize("version", VERSIONS)
def test_real_predictions(parity, tmp_path, version):
    """9,999 real predictions, 14 runs: every figure equals the official one."""
    folder = parity("fever")
    runs = json.loads((folder / "expected.json").read_text())
    for name, expected in runs.items():
        first, limit = (part.partition("=")[2] for part in name.split())
        paths = []
        for file in ("predictions.jsonl", "actual.jsonl"):
            paths.append(tmp_path / file)
            with (folder / file).open("rb") as lines:
                paths[-1].write_bytes(b"".join(islice(lines, int(first))))
        found = official(*paths, max_evidence=limit.lower(), version=VERSIONS[version])
        assert dict(found.figures) == expected[version], name


def test_edge_cases(parity, jsonl):
    """Every edge case gives the official figures; where the official scorer raises there are none."""
    cases = json.loads((parity("fever") / "edge_cases.json").read_text())
    for name, case in cases.items():
        predictions = jsonl("predictions.jsonl", case["predictions"])
        gold = jsonl("gold.jsonl", case["actual"] or case["predictions"])
        for version, release in VERSIONS.items():
            limit = "none" if case["max_evidence"] is None else str(case["max_evidence"])
            try:
                figures = official(predictions, gold, max_evidence=limit, version=release).figures
            except InputError:
                figures = {}
            value = case[version].get("value")
            assert figures == ({} if value is None else dict(zip(FIGURES, value, strict=True))), name
