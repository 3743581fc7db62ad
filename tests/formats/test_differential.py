"""The formats against plain definitions and installed scorers, on random and hostile input."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
import warnings
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimbench.errors import InputError
from claimbench.formats import format_named
from claimbench.formats.answers import common_words, squad_words
from claimbench.formats.base import Scored
from claimbench.formats.base import settings as options_of
from claimbench.formats.labels import balanced_accuracy, label_scores
from formats import oracles

quick = settings(max_examples=250, deadline=None)
many = settings(max_examples=1500, deadline=None)
few = settings(max_examples=100, deadline=None)

PIECES = ("a", "An", "the", "cat", "Cat", "dog", "yes", "no", "noanswer", "5", "$5", "U.S.", ".", "_", "-")
ODD = ("ß", "é", "e\u0301", "İ", "天气", "“", "–", "'", '"', "\\", " ", "\t", "\u3000", "\x1c", "\x00")
TEXT = st.lists(st.sampled_from(PIECES + ODD), max_size=6).map("".join) | st.text(max_size=8)
IDS = st.sampled_from([f"q{i}" for i in range(6)])


def read(name: str, gold: Any, predictions: Any, **given_options: Any) -> Scored:
    """Score texts or values, written to files that live as long as the call."""
    chosen = format_named(name)
    with tempfile.TemporaryDirectory() as folder:

        def put(file: str, content: Any) -> str:
            path = Path(folder) / file
            text = content if isinstance(content, str) else json.dumps(content)
            path.write_text(text, encoding="utf-8", newline="")
            return str(path)

        options = {
            key: value if isinstance(value, str) else put(f"{key}.json", value)
            for key, value in given_options.items()
        }
        golds = [] if gold is None else [put("gold", gold)]
        return chosen.read(golds, [put("predictions", predictions)], options_of(chosen, options))


def gold_of(questions: list[tuple[str, list[str]]]) -> Any:
    qas = [{"id": key, "answers": [{"text": text} for text in texts]} for key, texts in questions]
    return {"data": [{"title": "t", "paragraphs": [{"context": "", "qas": qas}]}]}


@many
@given(TEXT)
def test_normal_form(text: str) -> None:
    """The normal form of any text is the definition's, whatever path computes it."""
    assert " ".join(squad_words(text)) == oracles.squad_normal(text)


@many
@given(st.lists(st.sampled_from("abc"), max_size=40), st.lists(st.sampled_from("bcd"), max_size=40))
def test_common_words(gold: list[str], predicted: list[str]) -> None:
    """Short and long answers share as many words as their multisets do."""
    expected = sum(min(gold.count(word), predicted.count(word)) for word in set(gold))
    assert common_words(tuple(gold), tuple(predicted)) == expected


@quick
@given(
    st.lists(st.tuples(IDS, st.lists(TEXT, min_size=1, max_size=3)), min_size=1, max_size=6),
    st.dictionaries(IDS | st.just("unknown"), TEXT),
)
def test_squad1(questions: list[tuple[str, list[str]]], predictions: dict[str, str]) -> None:
    """Missing, unknown and repeated questions included, the figures are the definition's."""
    gold = gold_of(questions)
    found = read("squad1", gold, predictions)
    assert found.official.figures == oracles.squad1(gold, predictions)
    assert (found.house is None) == (len(dict(questions)) < len(questions))


PROBABILITY = st.sampled_from([0.0, 0.1, 0.25, 0.5, 1.0]) | st.floats(0, 1)


@quick
@given(st.data())
def test_squad2(data: Any) -> None:
    """With and without probabilities, over any threshold, the figures are the definition's."""
    texts = st.lists(TEXT, max_size=3)
    questions = data.draw(st.lists(st.tuples(IDS, texts), min_size=1, max_size=8))
    keys = list(dict(questions))
    predictions = {key: data.draw(TEXT | st.just("")) for key in data.draw(st.permutations(keys))}
    probabilities = None
    options: dict[str, Any] = {"python": oracles.PYTHON}
    if data.draw(st.booleans()):
        probabilities = {key: data.draw(PROBABILITY) for key in data.draw(st.permutations(keys))}
        options["na_prob"] = probabilities
    threshold = data.draw(st.sampled_from([1.0, 0.5, 0.25, 0.0]))
    gold = gold_of(questions)
    found = read("squad2", gold, predictions, threshold=str(threshold), **options)
    assert found.official.figures == oracles.squad2(gold, predictions, probabilities, threshold)


FACTS = st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 2)), max_size=4)


@quick
@given(
    st.lists(st.tuples(IDS, TEXT, FACTS), min_size=1, max_size=5),
    st.dictionaries(IDS, TEXT),
    st.dictionaries(IDS, FACTS),
)
def test_hotpotqa(gold: list[tuple[str, str, Any]], answers: dict[str, str], facts: dict[str, Any]) -> None:
    """Missing answers and facts, repeated facts and closed answers included, figures are the definition's."""
    items = [{"_id": key, "answer": answer, "supporting_facts": given} for key, answer, given in gold]
    predictions = {"answer": answers, "sp": facts}
    assert read("hotpotqa", items, predictions).official.figures == oracles.hotpotqa(items, predictions)


SCORES = st.sampled_from([0.0, -0.0, 0.5, 0.5, 1e-3, float("inf"), float("nan")]) | st.floats(-1, 1)


@quick
@given(st.data())
def test_checkthat_ranking(data: Any) -> None:
    """Ties, repeated lines, NaN, infinities and golds without positives get the definition's figures."""
    labels = dict(enumerate(data.draw(st.lists(st.sampled_from([0, 1, 1, 2]), min_size=1, max_size=60)), 1))
    more = data.draw(st.lists(st.sampled_from(list(labels)), max_size=3))
    order = data.draw(st.permutations([*labels, *more]))
    scores = [(line, data.draw(SCORES)) for line in order]
    gold = "".join(f"{line}\tS\ttext\t{label}\n" for line, label in labels.items())
    found = read(
        "checkthat", gold, "".join(f"{line}\t{score!r}\n" for line, score in scores), python=oracles.PYTHON
    )
    assert found.official.figures == oracles.ranking(labels, scores)


@quick
@given(st.data())
def test_factuality(data: Any) -> None:
    """Every confusion of the three labels gets the definition's figures; a class without gold is refused."""
    label = st.sampled_from(["true", "false", "half-true"])
    gold = dict(enumerate(data.draw(st.lists(label, min_size=1, max_size=20)), 1))
    predicted = {number: data.draw(label) for number in gold}
    rows = "".join(f"{n}\tS\ttext\t{n}\tclaim\t{x.upper()}\n" for n, x in gold.items())
    run = "".join(f"{n}\t{x}\n" for n, x in predicted.items())
    found = read("checkthat-factuality", rows, run, python=oracles.PYTHON).official
    if len(set(gold.values())) < 3:
        assert found.refused is not None
        assert found.refused.startswith("ValueError: no instances for class")
    else:
        assert found.figures == oracles.factuality(gold, predicted)


JUDGED = st.tuples(st.sampled_from("xyz"), st.integers(0, 1), st.integers(0, 1))
LABELS = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abce")), min_size=1, max_size=30)


@few
@given(LABELS)
def test_label_scores(pairs: list[tuple[str, str]]) -> None:
    """Precision, recall and F1 of counts are scikit-learn's; the older F1 is equal but for last digits."""
    sklearn = pytest.importorskip("sklearn.metrics")
    gold, found = zip(*pairs, strict=True)
    scores = label_scores(gold, found)
    theirs = sklearn.precision_recall_fscore_support(gold, found, zero_division=0)
    assert list(scores) == sorted({*gold, *found})
    assert [s.precision for s in scores.values()] == theirs[0].tolist()
    assert [s.recall for s in scores.values()] == theirs[1].tolist()
    assert [s.f1_of_counts for s in scores.values()] == theirs[2].tolist()
    assert all(oracles.close(s.f1, f1) for s, f1 in zip(scores.values(), theirs[2], strict=True))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert balanced_accuracy(scores.values()) == sklearn.balanced_accuracy_score(gold, found)


IDENTIFIERS = st.sampled_from(["1", "01", "1.0", "2", "02", " 3", "+3", "a", "NA", "nan", "4e0", "4"])


@few
@given(
    st.lists(st.tuples(IDENTIFIERS, st.sampled_from(["SUBJ", "OBJ", "MAYBE"])), min_size=1, max_size=5),
    st.lists(st.tuples(IDENTIFIERS, st.sampled_from(["SUBJ", "OBJ"])), min_size=1, max_size=5),
)
def test_subjectivity(gold: list[tuple[str, str]], found: list[tuple[str, str]]) -> None:
    """Ids meet as in pandas, and the figures are scikit-learn's; where the script stops, nothing is given."""
    pandas, sklearn = pytest.importorskip("pandas"), pytest.importorskip("sklearn.metrics")
    rows = "sentence_id\tsentence\tlabel\n" + "".join(f"{key}\tx\t{label}\n" for key, label in gold)
    run = "sentence_id\tlabel\n" + "".join(f"{key}\t{label}\n" for key, label in found)
    official = read("checkthat-subjectivity", rows, run).official
    tables = [pandas.read_csv(io.StringIO(text), sep="\t", quoting=csv.QUOTE_NONE) for text in (run, rows)]
    tables[0] = tables[0].rename(columns={"label": "found"})
    try:
        whole = pandas.merge(*tables, on="sentence_id")
    except ValueError:
        whole = []
    if len(gold) != len(found) or len(whole) != len(found):
        assert official.refused is not None
        return
    assert official.refused is None
    right, said = whole["label"].tolist(), whole["found"].tolist()
    precision, recall, f1, _ = sklearn.precision_recall_fscore_support(
        right, said, average="macro", zero_division=0
    )
    assert (official.figures["macro-P"], official.figures["macro-R"]) == (precision, recall)
    assert oracles.close(official.figures["macro-F1"], f1)
    assert official.figures["accuracy"] == sklearn.accuracy_score(right, said)


@few
@given(
    st.lists(st.tuples(st.sampled_from("xyz"), st.integers(0, 1), st.integers(0, 1)), min_size=1, max_size=25)
)
def test_aggrefact(rows: list[tuple[str, int, int]]) -> None:
    """The balanced accuracy of every dataset is scikit-learn's, the average numpy's."""
    sklearn, numpy = pytest.importorskip("sklearn.metrics"), pytest.importorskip("numpy")
    lines = "".join(json.dumps({"dataset": d, "label": g, "pred": p}) + "\n" for d, g, p in rows)
    figures = read("aggrefact", None, lines).official.figures
    expected = {}
    for name in dict.fromkeys(d for d, _, _ in rows):
        part = [(g, p) for d, g, p in rows if d == name]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected[name] = sklearn.balanced_accuracy_score(*zip(*part, strict=True)) * 100
    assert figures == {**expected, "Average": numpy.mean(list(expected.values()))}


@few
@given(st.data())
def test_xfact(data: Any) -> None:
    """The mean over languages and sites of scikit-learn's macro F1, up to its version's last digits."""
    sklearn = pytest.importorskip("sklearn.metrics")
    label = st.sampled_from(["true", "mostly false", "other"])
    row = st.tuples(st.sampled_from(["de", "fr"]), st.sampled_from("pq"), label, label)
    rows = data.draw(st.lists(row, min_size=1, max_size=20))
    examples = "language\tsite\tlabel\n" + "".join(f"{a}\t{b}\t{g}\n" for a, b, g, _ in rows)
    run = "prediction\tgold\n" + "".join(f"{p}\t{g}\n" for _, _, g, p in rows)
    domains: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for a, b, g, p in rows:
        domains.setdefault((a, b), []).append((g, p))
    scores = [
        sklearn.f1_score(*zip(*part, strict=True), average="macro", zero_division=0)
        for part in domains.values()
    ]
    found = read("xfact", examples, run)
    assert oracles.close(found.official.figures["average_macro_f1"], sum(scores) / len(scores))
    assert found.house is not None


HOSTILE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def score_or_refuse(name: str, gold: Any, predictions: Any) -> str:
    """Return what a format objects to, "" where it scores."""
    try:
        read(name, gold, predictions)
    except InputError as error:
        return str(error)
    return ""


NAMED = re.compile(r"/(gold|predictions)\b|^expected")


@pytest.mark.parametrize("name", ["squad1", "squad2", "mlqa", "germanquad", "hotpotqa", "spans", "aggrefact"])
@few
@given(gold=HOSTILE | st.text(), predictions=HOSTILE | st.text())
def test_hostile_documents(name: str, gold: Any, predictions: Any) -> None:
    """Whatever stands in the files, a format scores it or raises an error that names a file."""
    reason = score_or_refuse(name, None if name == "aggrefact" else gold, predictions)
    assert not reason or NAMED.search(reason)


CELLS = ["", "1", "2", "x", "0.5", "nan", "label", "sentence_id", "TRUE", '"', " ", "\r", "N/A"]
TABLE = st.lists(st.lists(st.sampled_from(CELLS), max_size=6).map("\t".join), max_size=5).map("\n".join)


@pytest.mark.parametrize("name", ["checkthat", "checkthat-subjectivity", "checkthat-factuality", "xfact"])
@few
@given(gold=TABLE, predictions=TABLE)
def test_hostile_tables(name: str, gold: str, predictions: str) -> None:
    """Whatever cells stand in the files, a format scores them or raises an error that names a file."""
    reason = score_or_refuse(name, gold, predictions)
    assert not reason or NAMED.search(reason)
