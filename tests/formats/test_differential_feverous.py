"""FEVEROUS against the official package on random and hostile input, where it is installed."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claimbench import InputError

scorer = pytest.importorskip("feverous.evaluation.feverous_scorer", reason="pip install --no-deps feverous")

LABELS = st.sampled_from(["SUPPORTS", "supports", "REFUTES", "NOT ENOUGH INFO", "NEI", ""])
KINDS = [
    "sentence_0",
    "sentence_1",
    "cell_0_1_0",
    "item_0_1",
    "header_cell_0_0",
    "table_caption_0",
    "title",
    "x_",
]
PIECES = st.builds(
    "{}_{}".format,
    st.sampled_from(["A", "B_c", "The header", "The header_cell", "Café", ""]),
    st.sampled_from(KINDS),
)
CLAIMS = st.lists(
    st.fixed_dictionaries(
        {
            "label": LABELS,
            "predicted_label": LABELS,
            "evidence": st.lists(
                st.fixed_dictionaries({"content": st.lists(PIECES, max_size=3)}), max_size=3
            ),
            "predicted_evidence": st.lists(PIECES, max_size=12),
        }
    ),
    max_size=6,
)


def cut(piece):
    """What evaluate.py makes of an id, written out."""
    parts = piece.split("_")
    two = "table_caption" in piece or "header_cell" in piece
    return [parts[0], "_".join(parts[1:3]) if two else parts[1], "_".join(parts[3 if two else 2 :])]


@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(claims=CLAIMS, limits=st.tuples(*[st.one_of(st.none(), st.integers(0, 6))] * 2))
def test_equals_the_official_scorer(scored, tmp_path, claims, limits):
    """Any file of claims: the figures are the official ones to the last bit, or both refuse."""
    path = tmp_path / "claims.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in [{}, *claims]), encoding="utf-8")
    options = dict(zip(("max_evidence", "max_evidence_cell"), map(str, limits), strict=True))
    try:
        found = scored("feverous", [], path, **{name: value.lower() for name, value in options.items()})
        ours = tuple(found.official.figures.values())
    except InputError:
        ours = ()
    triples = [
        claim
        | {
            "evidence": [[cut(piece) for piece in group["content"]] for group in claim["evidence"]],
            "predicted_evidence": [cut(piece) for piece in claim["predicted_evidence"]],
        }
        for claim in claims
    ]
    try:
        theirs = scorer.feverous_score(triples, max_evidence=limits[0], max_evidence_cell=limits[1])
    except (ZeroDivisionError, AssertionError):
        theirs = ()
    assert ours == theirs
