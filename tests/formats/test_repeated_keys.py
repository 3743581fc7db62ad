"""A key that an object repeats is refused wherever it is read, though other lines have fewer keys."""

from __future__ import annotations

import json
import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import claimbench
from claimbench.errors import ProblemsError
from claimbench.formats import format_named, lines
from claimbench.formats.lines import Records
from claimbench.reading.jsonl import Problems
from claimbench.reading.keys import RepeatedError, count_keys, loads, may_repeat_keys, most_keys

COUNT = 300


def fever(number):
    evidence = [[[number, number, "Page", 0]]]
    gold = {"id": number, "verifiable": "VERIFIABLE", "label": "SUPPORTS", "claim": "c", "evidence": evidence}
    return gold, {"id": number, "predicted_label": "SUPPORTS", "predicted_evidence": [["Page", 0]]}


def feverous(number):
    group = {"content": ["A_sentence_0", "A_sentence_1"], "context": {"A_sentence_0": [], "A_sentence_1": []}}
    line = {"id": number, "label": "SUPPORTS", "claim": "c", "evidence": [group, group]}
    return None, line | {"predicted_label": "SUPPORTS", "predicted_evidence": ["A_sentence_0"]}


def scifact(number):
    gold = {
        "id": number,
        "claim": "c",
        "evidence": {"1": [{"sentences": [1], "label": "SUPPORT"}]},
        "doc": "d",
    }
    return gold, {"id": number, "evidence": {"1": {"sentences": [1], "label": "SUPPORT"}}, "note": "n"}


def aggrefact(number):
    return None, {"dataset": "a", "label": number % 2, "pred": 1, "doc": 'he: "x" : y', "claim": "c"}


MADE = {"fever": fever, "feverous": feverous, "scifact": scifact, "aggrefact": aggrefact}


def files(name):
    """Gold and prediction lines of a format, as text."""
    made = [MADE[name](number) for number in range(COUNT)]
    if name == "feverous":
        made.insert(0, (None, {"header": 1}))
    return [[json.dumps(pair[side]) for pair in made if pair[side] is not None] for side in (0, 1)]


def score(name, put, content):
    paths = [put(f"{side}", "\n".join(part)) for side, part in zip(("gold", "mine"), content, strict=True)]
    gold = paths[:1] if content[0] else ()
    return claimbench.score_format(format_named(name).task, paths[1], format=name, gold=gold)


CASES = [
    # format, side, the key that one line lacks, what another has twice, the pointer of the object
    ("fever", 0, '"claim": "c", ', '"label"', ""),
    ("fever", 0, '"id": 7, ', '"id"', ""),
    ("fever", 0, '"claim": "c", ', '"verifiable"', ""),
    ("fever", 1, '"id": 7, ', '"predicted_label"', ""),
    ("feverous", 1, '"claim": "c", ', '"label"', ""),
    ("feverous", 1, '"claim": "c", ', '"content"', "/evidence/0"),
    ("feverous", 1, ', "context": {"A_sentence_0": [], "A_sentence_1": []}', '"context"', "/evidence/0"),
    ("scifact", 0, '"claim": "c", ', '"id"', ""),
    ("scifact", 0, ', "doc": "d"', '"claim"', ""),
    ("scifact", 0, ', "doc": "d"', '"label"', "/evidence/1/0"),
    ("scifact", 1, ', "note": "n"', '"evidence"', ""),
    ("scifact", 1, ', "note": "n"', '"1"', "/evidence"),
    ("aggrefact", 1, ', "claim": "c"', '"pred"', ""),
]


@pytest.mark.parametrize("escaped", [False, True])
@pytest.mark.parametrize(("name", "side", "lacking", "twice", "where"), CASES)
def test_a_line_that_lacks_a_key_hides_no_repeated_one(put, name, side, lacking, twice, where, escaped):
    """One line lacks a key, another repeats one, plain or spelled with an escape: the latter is named."""
    content = files(name)
    part = content[side]
    first = 1 if name == "feverous" else 0
    part[first + 7] = part[first + 7].replace(lacking, "", 1)
    key = re.match('"(.)(.*?)"', twice)
    again = f'"\\u{ord(key[1]):04x}{key[2]}"' if escaped else key[0]
    odd = part[first + 9]
    at = odd.index(key[0] + ":")
    value, _ = json.JSONDecoder().raw_decode(odd[at + len(key[0]) + 2 :])
    part[first + 9] = f"{odd[:at]}{again}: {json.dumps(value)}, {odd[at:]}"
    with pytest.raises(ProblemsError) as caught:
        score(name, put, content)
    (problem,) = caught.value.problems
    assert (problem.line, problem.pointer) == (first + 10, where)
    assert problem.message == f"key {key[0]} occurs twice in one object"


@pytest.mark.parametrize("name", MADE)
def test_usual_lines_are_never_looked_at_one_by_one(put, name, monkeypatch):
    """Regular lines, with fields that are not read, are proved whole, objects and colons in them or not."""
    content = files(name)
    monkeypatch.setattr(Records, "_one_by_one", None)
    expected = score(name, put, content)
    for more in ({"meta": {"id": [{"id": 1}]}}, {"meta": 'so: "x": and " : or !:'}):
        side = [[json.dumps(json.loads(line) | more) for line in part] for part in content]
        again = score(name, put, side)
        assert again.metrics == expected.metrics
        assert again.official.figures == expected.official.figures


def squad(version):
    """Gold of SQuAD 1.1 or 2.0; of the latter some questions have plausible answers, which are not read."""
    more = ({}, {}) if version == "squad1" else ({"is_impossible": False}, {"is_impossible": True})
    plausible = {} if version == "squad1" else {"plausible_answers": [{"text": "it", "answer_start": 3}]}
    answers = [{"text": "Text", "answer_start": 0}]
    first = {"id": "a", "question": "Q?", "answers": answers} | more[0]
    second = {"id": "b", "question": "Q?", "answers": [] if plausible else answers} | plausible | more[1]
    paragraph = {"context": 'Text: of "it": !: ', "qas": [first, second]}
    return {"version": "v", "data": [{"title": "T", "paragraphs": [paragraph]}]}


SQUAD_CASES = [
    ('"id": "a"', '"id": "x", "id": "a"', "/data/0/paragraphs/0/qas/0", "id"),
    ('"id": "a"', '"\\u0069d": "x", "id": "a"', "/data/0/paragraphs/0/qas/0", "id"),
    ('"id": "b"', '"answers": [], "id": "b"', "/data/0/paragraphs/0/qas/1", "answers"),
    ('"text": "Text"', '"text": "x", "text": "Text"', "/data/0/paragraphs/0/qas/0/answers/0", "text"),
    ('"title": "T"', '"title": "S", "title": "T"', "/data/0", "title"),
    ('"version"', '"version": 1, "version"', "", "version"),
]


@pytest.mark.parametrize("name", ["squad1", "squad2"])
@pytest.mark.parametrize(("old", "new", "where", "key"), SQUAD_CASES)
def test_gold_of_squad_repeats_no_key(put, name, old, new, where, key):
    """In a document the object that repeats a key is named by its pointer."""
    gold = put("gold", json.dumps(squad(name)).replace(old, new, 1))
    with pytest.raises(ProblemsError) as caught:
        claimbench.score_format("qa", put("mine", '{"a": "x", "b": ""}'), format=name, gold=gold)
    (problem,) = caught.value.problems
    assert (problem.pointer, problem.message) == (where, f'key "{key}" occurs twice in one object')


@pytest.mark.parametrize("name", ["squad1", "squad2"])
def test_usual_gold_of_squad_is_not_looked_at_again(put, name, monkeypatch):
    """Questions with all that SQuAD has, and with an unknown field, are scored; the former without a look."""
    mine = put("mine", '{"a": "Text: \\"x\\": ", "b": ""}')
    odd = json.loads(json.dumps(squad(name)).replace('"title"', '"source": {"a": 1}, "title"'))
    found = claimbench.score_format("qa", mine, format=name, gold=put("odd", odd))
    monkeypatch.setattr("claimbench.formats.documents.loads", None)
    usual = claimbench.score_format("qa", mine, format=name, gold=put("gold", squad(name)))
    assert usual.metrics == found.metrics


def test_spans_and_predicted_facts_repeat_no_key(put):
    """Formats of one document look at all of it: spans, and HotpotQA's gold and predictions."""
    twice = '[[{"label": "a", "start": 0, "end": 1, "end": 2}]]'
    with pytest.raises(ProblemsError, match='/0/0: key "end" occurs twice'):
        claimbench.score_format("extraction", put("m", [[]]), format="spans", gold=put("g", twice))
    gold = [{"_id": "a", "answer": "x", "supporting_facts": [["t", 0]]}]
    with pytest.raises(ProblemsError, match='/sp: key "a" occurs twice'):
        claimbench.score_format(
            "qa",
            put("m", '{"answer": {"a": "x"}, "sp": {"a": [], "a": [["t", 0]]}}'),
            format="hotpotqa",
            gold=put("g", gold),
        )


@pytest.mark.parametrize("levels", [300, 900, 960, 990, 5000])
@pytest.mark.parametrize("name", ["fever", "averitec", "spans"])
def test_what_is_nested_deeply_is_no_crash(put, name, levels):
    """A repeated key beside or below very many levels is refused, or what is too deep, never a crash."""
    deep = '{"a": ' * levels + '{"b": 1, "b": 2}' + "}" * levels
    span = '[[{"label": "a", "start": 0, "end": 1, "x": ' + deep + "}]]"
    claim = '{"claim": "c", "label": "Supported", "questions": [], "claim_types": [], "x": ' + deep + "}"
    line = '{"id": 1, "id": 2, "predicted_label": "SUPPORTS", "predicted_evidence": [], "x": ' + deep + "}"
    content = {
        "fever": ("verification", line, fever(1)[0]),
        "averitec": ("verification", f"[{claim}]", f"[{claim}]"),
        "spans": ("extraction", span, span),
    }
    task, mine, gold = content[name]
    with pytest.raises(ProblemsError, match=r"occurs twice|nested too deeply|recursion"):
        claimbench.score_format(task, put("mine", mine), format=name, gold=put("gold", gold))


TEXTS = st.sampled_from(["a", "b", "ab", ":", '":', " :", "!:", '"', "\\", '\\":', "ü", "\n"]) | st.text(
    max_size=3
)
VALUES = st.recursive(
    TEXTS | st.integers(0, 9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
)
SEPARATORS = st.sampled_from([(",", ":"), (", ", ": "), (" ,", " : "), (",", "\t:")])


def keys_in(value):
    if isinstance(value, dict):
        return len(value) + sum(map(keys_in, value.values()))
    return sum(map(keys_in, value)) if isinstance(value, list) else 0


@given(VALUES, SEPARATORS, st.booleans())
def test_no_value_has_more_keys_than_are_counted(value, separators, ascii_only):
    """Both counts are bounds from above, the closer one is no larger, exact without leading colons."""
    data = json.dumps(value, separators=separators, ensure_ascii=ascii_only).encode()
    assert keys_in(value) <= count_keys(data) <= most_keys(data)
    if not re.search(
        rb'"[ \t\r\n]*:[^"]*"\s*[,\]}]|"\s*:', json.dumps(value, separators=(",", "=")).encode()
    ):
        assert keys_in(value) == count_keys(data)


def pairs_of(value):
    """Return the JSON of a value whose objects are lists of pairs, which may repeat a key."""
    if isinstance(value, tuple):
        return "{" + ",".join(f"{json.dumps(key)}:{pairs_of(inner)}" for key, inner in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(pairs_of, value)) + "]"
    return json.dumps(value)


PAIRED = st.recursive(
    TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(st.tuples(st.sampled_from("abc"), inner), max_size=3).map(tuple)
    ),
)


@given(PAIRED)
def test_a_repeated_key_is_found_with_its_object(value):
    """What repeats a key is refused with the pointer of an object that does; all else is what json reads."""
    data = pairs_of(value).encode()
    if not repeats(value):
        assert loads(data) == json.loads(data)
        return
    with pytest.raises(RepeatedError) as caught:
        loads(data)
    inner = value
    for step in caught.value.pointer.split("/")[1:]:
        inner = inner[int(step)] if isinstance(inner, list) else next(v for k, v in inner if k == step)
    keys = [key for key, _ in inner]
    assert re.fullmatch('key "(.)" occurs twice in one object', str(caught.value))[1] in keys
    assert len(set(keys)) < len(keys)
    assert may_repeat_keys(data)


def repeats(value):
    """Whether any object of pairs repeats a key."""
    if isinstance(value, tuple):
        return len(dict(value)) < len(value) or any(repeats(inner) for _, inner in value)
    return isinstance(value, list) and any(map(repeats, value))


class Line(msgspec.Struct, frozen=True, gc=False):
    """A record whose keys may all be missing."""

    a: int = 0
    b: int = 0


@given(
    st.lists(
        st.lists(st.sampled_from(["a", "b", "c", "\\u0061"]), min_size=1, max_size=3), min_size=1, max_size=6
    )
)
def test_lines_of_any_keys_are_refused_where_one_repeats(tmp_path_factory, wanted):
    """Lines with any keys in any order: those that repeat one, and no others, become problems."""
    path = tmp_path_factory.getbasetemp() / "lines.jsonl"
    path.write_text(
        "\n".join("{" + ",".join(f'"{k}":{i}' for i, k in enumerate(keys)) + "}" for keys in wanted)
    )
    problems = Problems()
    records = list(Records(str(path), Line, problems))
    plain = [[key.replace("\\u0061", "a") for key in keys] for keys in wanted]
    assert [p.line for p in problems.kept] == [
        n for n, keys in enumerate(plain, 1) if len(set(keys)) < len(keys)
    ]
    assert len(records) == len(wanted)
    assert lines.first_line(str(path)) == path.read_bytes().split(b"\n")[0]
