"""FEVEROUS's claims many at a time say what they say one by one, however they are written."""

from __future__ import annotations

import json
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import claimbench
from claimbench import InputError
from claimbench.formats import feverous, parts

HEADER = {"id": "", "label": "", "evidence": [], "predicted_evidence": [], "predicted_label": ""}
PAGES = [
    "Bell Hill 1558",
    "Bell Hill 1559",
    "Südküste",
    'The "Echo"',
    "A header",
    "B_c",
    "Ka\\",
    "😀",
    "a/b",
    "",
]
ENDS = [
    "sentence_0",
    "sentence_1",
    "cell_0_1_0",
    "cell_0_1_1",
    "cell_0_header_cell_1",
    "item_0_1",
    "header_cell_0_0",
    "table_caption_0",
    "title",
    "section_1_",
    "",
]
PIECES = st.builds("{}_{}".format, st.sampled_from(PAGES), st.sampled_from(ENDS))
USUAL = st.builds("{}_{}".format, st.sampled_from(PAGES[:5]), st.sampled_from(ENDS[:8]))
LABELS = st.sampled_from(["SUPPORTS", "supports", "REFUTES", "NOT ENOUGH INFO", ", ", "nö"])


def claims(pieces, least):
    group = st.fixed_dictionaries(
        {"content": st.lists(pieces, min_size=least, max_size=4)}, optional={"context": st.just({"a": ["b"]})}
    )
    return st.lists(
        st.fixed_dictionaries(
            {
                "id": st.one_of(st.integers(0, 10**6), st.sampled_from(["x", ", "])),
                "label": LABELS if not least else st.just("REFUTES"),
                "evidence": st.lists(group, min_size=least, max_size=3),
                "predicted_label": LABELS,
                "predicted_evidence": st.lists(pieces, min_size=least, max_size=12),
            }
        ),
        max_size=8,
    )


def report(path, workers=1, **options):
    """The report, or what is said of the file."""
    try:
        found = claimbench.score_format(
            "verification", path, format="feverous", options=options, workers=workers
        )
    except InputError as error:
        return str(error)
    return found.to_json()


def one_by_one(*_):
    return False


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.one_of(claims(USUAL, 1), claims(PIECES, 0)),
    odd=st.sampled_from(
        [None, None, {"predicted_evidence": ["page"]}, {"predicted_evidence": [["a_b"], "c_d"]}]
    ),
    ascii_only=st.booleans(),
    separators=st.sampled_from([(", ", ": "), (",", ":"), (" , ", ": ")]),
    most=st.sampled_from(["none", "0", "2", "5"]),
)
def test_many_at_a_time_is_one_by_one(tmp_path, lines, odd, ascii_only, separators, most):
    """Reports, digests and messages are the same bytes, whatever strings there are and however written."""
    if odd and lines:
        lines[-1] |= odd
    path = tmp_path / "claims.jsonl"
    text = (json.dumps(line, ensure_ascii=ascii_only, separators=separators) for line in [HEADER, *lines])
    path.write_text("\n".join(text), encoding="utf-8")
    found = report(path, max_evidence=most)
    with patch.object(feverous, "_taken", one_by_one):
        assert found == report(path, max_evidence=most)


@pytest.mark.parametrize(
    ("gold", "predicted"),
    [
        ('["Bell Hill_cell_0_header_cell_1"]', '["Bell Hill_cell_0_header_cell_1"]'),
        ('["A header_cell_0_0"]', '["A header_cell_0_0"]'),
        ('["A header_cell_0_0"]', '["A headed_cell_0_0"]'),
        ('["Bell Hill_title"]', '["Bell Hill_title_"]'),
        ('["Bell Hill_sentence_1",\t"Bell Hill_sentence_2"]', '["Bell Hill_sentence_1"]'),
        (r'["S\u00fcd Hill_sentence_1"]', r'["S\u00FCd Hill_sentence_1"]'),
        (r'["Bell Hill_sentence_1"]', r'["\u0042ell Hill_sentence_1"]'),
        (r'["Bell\/Hill_sentence_1"]', r'["Bell/Hill_sentence_1"]'),
        (r'["\ud83d\ude00 Hill_sentence_1"]', r'["\ud83d\ude00 Hill_sentence_1"]'),
        (r'["\ud83d Hill_sentence_1"]', '["Bell Hill_sentence_1"]'),
        ('["Bell Hill_sentence_1"]', '["Bell Hill_sentence_1",["Bell Hill_sentence_2"]]'),
        ('["Bell Hill_sentence_1"]', '[["Bell Hill_sentence_1"],"Bell Hill_sentence_2"]'),
        ('["Bell Hill_sentence_1"]', '["Bell Hill_sentence_1",1]'),
        ('["Bell Hill_sentence_1"]', "null"),
        ('["Bell Hill_sentence_1"]', '"Bell Hill_sentence_1"'),
        ('["Bell Hill_sentence_1"]', '{"Bell Hill_sentence_1":"Bell Hill_sentence_1"}'),
        ('[ "Bell Hill_sentence_1"]', '["Bell Hill_sentence_1"]'),
        ('["Bell Hill_1", "Bell Hill_2_cell"]', '["Bell Hill_2_cell", "Bell Hill_1"]'),
        ('["Bell Hill_sentence_1\xff"]', '["Bell Hill_sentence_1"]'),
    ],
)
@pytest.mark.parametrize("label", ["SUPPORTS", ", ", r"\u00e4"])
def test_what_is_written_otherwise(write, gold, predicted, label):
    """Evidence that looks alike, or is none, among usual claims is what it is by itself."""
    line = (
        '{{"id":{},"label":"{}","evidence":[{{"content":{}}}],"predicted_label":"","predicted_evidence":{}}}'
    )
    usual = [
        line.format(i, "REFUTES", f'["Bell Hill_sentence_{i}"]', '["Bell Hill_sentence_3", "Bell_cell_1"]')
        for i in range(5)
    ]
    lines = ["{}", *usual, line.format(9, label, gold, predicted), usual[0]]
    path = write("\n".join(lines).encode("latin-1"))
    for most in ("none", "0", "1", "5"):
        found = report(path, max_evidence=most)
        with patch.object(feverous, "_taken", one_by_one):
            assert found == report(path, max_evidence=most)


def test_usual_claims_are_taken(jsonl):
    """Claims as systems write them are scored many at a time, with quoted titles and empty lists, too."""
    pieces = [f"{page}_{end}" for page in PAGES[:4] for end in ENDS[:4]]
    lines = [
        HEADER | {"id": i, "evidence": [{"content": pieces[i : i + 2]}], "predicted_evidence": pieces[i:9]}
        for i in range(12)
    ]
    path = jsonl("claims.jsonl", [HEADER, *lines])
    taken = []

    def noted(*given):
        taken.append(feverous_taken(*given))
        return taken[-1]

    feverous_taken = feverous._taken
    with patch.object(feverous, "_taken", noted):
        report(path)
    assert taken == [True]


@pytest.mark.parametrize("size", [60, 500, 5_000])
def test_lines_are_counted_across_parts(put, monkeypatch, size):
    """Where several processes share a file, what is wrong has its line, wherever the file is cut."""
    monkeypatch.setattr(parts, "BYTES", size)
    monkeypatch.setattr(parts, "WORTH", 0)
    good = HEADER | {
        "id": 1,
        "evidence": [{"content": ["a_sentence_0"]}],
        "predicted_evidence": ["a_sentence_1"],
    }
    lines = [json.dumps(good)] * 90
    lines[30], lines[70], lines[80] = json.dumps(good | {"predicted_evidence": ["page"]}), "{", ""
    path = put("claims.jsonl", "\n".join(["{}", *lines]))
    said = report(path, workers=2)
    assert said == report(path)
    assert "claims.jsonl:32 /predicted_evidence/0: expected" in said
    assert "claims.jsonl:72: not JSON" in said
