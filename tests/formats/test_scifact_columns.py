"""SciFact read many claims at a time: the report of the reading claim by claim, which is the oracle."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import claimbench
from claimbench.errors import ProblemsError
from claimbench.formats import scifact, scifact_columns

LABELS = st.sampled_from(["SUPPORT", "CONTRADICT"])
SENTENCES = st.lists(st.integers(0, 6) | st.integers(-1, 10**6), max_size=5)
DOCUMENTS = st.sampled_from(["1", "2", "ü", '"'])
ABSTRACTS = st.dictionaries(DOCUMENTS, st.fixed_dictionaries({"sentences": SENTENCES, "label": LABELS}))


@st.composite
def claims(draw):
    """Draw a claim and its prediction; sentences may repeat, rationales be empty or overlap."""
    gold = {}
    for document in draw(st.sets(DOCUMENTS)):
        label = draw(LABELS)
        gold[document] = [
            {"sentences": sentences, "label": label}
            for sentences in draw(st.lists(SENTENCES, min_size=1, max_size=3))
        ]
    claim = draw(st.sampled_from(["plain", 'a "quoted" one', "back\\slash", 'label"']))
    return {"claim": claim, "evidence": gold}, {"evidence": draw(ABSTRACTS)}


def write(folder, pairs, separators=None):
    paths = folder / "gold.jsonl", folder / "predictions.jsonl"
    for path, lines in zip(paths, zip(*pairs, strict=True), strict=True):
        numbered = ({"id": i, **line} for i, line in enumerate(lines))
        path.write_text("".join(json.dumps(line, separators=separators) + "\n" for line in numbered))
    return list(map(str, paths))


def report(paths):
    return claimbench.score_format("verification", paths[1], format="scifact", gold=paths[0]).to_json()


def refuse(path, name):
    raise scifact_columns.UnusualError


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pairs=st.lists(claims(), min_size=1, max_size=6), tight=st.booleans(), many=st.booleans())
def test_many_at_a_time_is_one_by_one(tmp_path, pairs, tight, many):
    """Both ways give the same bytes or the same refusal, with many claims (distinct rows) and with few."""
    paths = write(tmp_path, pairs, (",", ":") if tight else None)
    found = []
    for reading in (scifact.in_step, refuse):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(scifact, "in_step", reading)
            if many:
                patch.setattr(scifact, "MOST_ITEMS", 2)
            try:
                found.append(report(paths))
            except claimbench.InputError as error:
                found.append(str(error))
    assert found[0] == found[1]


def lines_of(count, shape):
    """Equal claims; ``shape`` changes one line of gold and prediction."""
    gold = [
        {"id": i, "claim": "c", "evidence": {"1": [{"sentences": [i % 7], "label": "SUPPORT"}]}}
        for i in range(count)
    ]
    mine = [{"id": i, "evidence": {"1": {"sentences": [i % 5], "label": "SUPPORT"}}} for i in range(count)]
    return [[json.dumps(shape(line)) for line in lines] for lines in (gold, mine)]


REPEATED = {
    "a key of the line": (1, '"id": ', '"id": 7, "id": ', 'key "id" occurs twice'),
    "an abstract that is predicted": (
        1,
        '"evidence": {',
        '"evidence": {"1": {"sentences": [], "label": "SUPPORT"}, ',
        '/evidence: key "1" occurs twice',
    ),
    "a field of a predicted abstract": (
        1,
        '"label"',
        '"label": "CONTRADICT", "label"',
        '/evidence/1: key "label" occurs twice',
    ),
    "a field written with an escape": (
        1,
        '"label"',
        '"l\\u0061bel": "CONTRADICT", "label"',
        '/evidence/1: key "label" occurs twice',
    ),
    "an abstract of the gold": (
        0,
        '"evidence": {',
        '"evidence": {"1": [{"sentences": [], "label": "SUPPORT"}], ',
        '/evidence: key "1" occurs twice',
    ),
    "a field of a rationale": (
        0,
        '"sentences"',
        '"sentences": [9], "sentences"',
        '/evidence/1/0: key "sentences" occurs twice',
    ),
}


@pytest.mark.parametrize("scorer", ["leaderboard", "verisci"])
@pytest.mark.parametrize("every", [False, True])
@pytest.mark.parametrize("case", REPEATED)
def test_repeated_keys_are_refused(put, case, every, scorer):
    """A key given twice is named with its line, at any depth, in one line or in all of them."""
    which, old, new, said = REPEATED[case]
    files = lines_of(300, dict)
    files[which] = [
        line.replace(old, new) if every or number == 3 else line for number, line in enumerate(files[which])
    ]
    paths = [put(name, "\n".join(lines)) for name, lines in zip(("gold", "mine"), files, strict=True)]
    with pytest.raises(ProblemsError, match=said) as caught:
        claimbench.score_format(
            "verification", paths[1], format="scifact", gold=paths[0], options={"scorer": scorer}
        )
    assert f"{paths[which]}:4{' ' if said[0] == '/' else ': '}{said}" in str(caught.value)
    assert len(caught.value.problems) == (100 if every else 1)


def test_regular_files_are_read_many_at_a_time(put, monkeypatch):
    """Regular files, unknown fields included, never reach the reading claim by claim; odd claims neither."""
    monkeypatch.setattr(scifact, "_in_step", None)
    files = lines_of(3000, lambda line: line | {"meta": {"n": [1, "x"]}})
    files[1][7] = files[1][7].replace("[2]", "[2, 2]")
    paths = [put(name, "\n".join(lines)) for name, lines in zip(("gold", "mine"), files, strict=True)]
    assert b"1 repeated sentences count as retrieved" in report(paths)


def test_too_many_texts_are_read_claim_by_claim(put, monkeypatch):
    """Abstracts written in too many ways are no use to remember, and give the same report."""
    paths = [put(name, "\n".join(lines)) for name, lines in zip(("g", "m"), lines_of(50, dict), strict=True)]
    expected = report(paths)
    monkeypatch.setattr(scifact_columns, "_MOST", 3)
    with pytest.raises(scifact_columns.UnusualError):
        scifact_columns.in_step(*paths)
    assert report(paths) == expected
