"""Span modes give what nervaluate 1.2.1 gives, on its data and on random spans."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimbench.errors import InputError
from claimbench.formats.span_modes import MODES, Span, precision_recall_f1
from claimbench.formats.spans import tallies
from claimbench.stats.estimators import points

COUNTS = ("correct", "incorrect", "partial", "missed", "spurious")


def assert_equal(figures: dict[str, float], counts: dict[str, int], expected: Any) -> None:
    for mode in MODES:
        for name in COUNTS:
            assert counts[f"{mode}_{name}"] == expected["overall"][mode][name], mode
        for name in ("precision", "recall", "f1"):
            assert figures[f"{mode}_{name}"] == expected["overall"][mode][name], mode
            for tag, modes in expected["entities"].items():
                assert figures[f"{mode}_{name}[{tag}]"] == modes[mode][name], (tag, mode)


def test_nervaluate(parity: Any, scored: Any, put: Any) -> None:
    """37 cases, edges and two documents of each, have the counts and figures of nervaluate 1.2.1."""
    folder = parity("nervaluate")
    cases = json.loads((folder / "cases.json").read_text(encoding="utf-8"))
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    assert len(cases) == 37
    for name, case in cases.items():
        files = put("gold.json", case["true"]), put("pred.json", case["pred"])
        found = scored("spans", *files, tags=",".join(case["tags"])).official
        assert_equal(found.figures, found.counts, expected["1.2.1"][name])


def test_forgotten_half_credit(parity: Any, scored: Any, put: Any) -> None:
    """The partial F1 that nervaluate 1.1 reports for two documents is named."""
    folder = parity("nervaluate")
    case = json.loads((folder / "cases.json").read_text(encoding="utf-8"))["edge x2docs one_doc_partial"]
    old = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["1.1.0"]
    value = old["edge x2docs one_doc_partial"]["overall"]["partial"]["f1"]
    found = scored("spans", put("gold.json", case["true"]), put("pred.json", case["pred"])).official
    assert found.figures["partial_f1"] == 0.5
    assert f"partial_f1 {float(value)!r} from these counts" in found.quirks[-1]


def test_order_is_named_and_has_no_say_in_the_house(scored: Any, put: Any) -> None:
    """Where figures hang on the order of spans a line says so; the house's do not."""
    gold = [{"label": "A", "start": 0, "end": 9}, {"label": "A", "start": 8, "end": 20}]
    spans = [{"label": "A", "start": 5, "end": 12}, {"label": "A", "start": 0, "end": 9}]
    found = [
        scored("spans", put("gold.json", [gold]), put("pred.json", [order])) for order in (spans, spans[::-1])
    ]
    assert found[0].official.figures["strict_f1"] != found[1].official.figures["strict_f1"]
    assert any("hangs on the order" in line for line in found[0].official.quirks)
    from claimbench.formats.spans import metrics

    values = [points(metrics(each.house.rows), each.house.rows) for each in found]
    assert values[0] == values[1]


def test_touched_empty_gold_is_refused(scored: Any, put: Any) -> None:
    """A gold span that ends one before its start divides by zero there, and is refused with that reason."""
    gold = put("gold.json", [[{"label": "A", "start": 5, "end": 4}]])
    found = scored("spans", gold, put("pred.json", [[{"label": "A", "start": 3, "end": 8}]]))
    assert found.official.refused.startswith("ZeroDivisionError")
    assert found.refused == "1 spans end before they start"
    with pytest.raises(InputError, match="1 documents of gold, but predictions for 2"):
        scored("spans", gold, put("pred.json", [[], []]))


LENGTHS = (0, 0, 1, 2, 5, 150, 400, -1, -2)
SPANS = st.builds(
    lambda label, start, length: Span(label, start, start + length),
    st.sampled_from("AB"),
    st.integers(-3, 12),
    st.sampled_from(LENGTHS),
)
DOCUMENTS = st.lists(
    st.tuples(st.lists(SPANS, max_size=5), st.lists(SPANS, max_size=5)), min_size=1, max_size=3
)


@settings(max_examples=1500, deadline=None)
@given(DOCUMENTS)
def test_random_spans(documents: list[tuple[list[Span], list[Span]]]) -> None:
    """All counts and figures of random spans, backward, empty and very long ones too, are nervaluate's."""
    evaluator = pytest.importorskip("nervaluate").Evaluator
    gold, found = [list(right) for right, _ in documents], [list(given) for _, given in documents]
    dicts = [[[span._asdict() for span in document] for document in side] for side in (gold, found)]
    try:
        expected = evaluator(*dicts, tags=["A", "B"], loader="dict").evaluate()["overall"]
    except ZeroDivisionError:
        with pytest.raises(ZeroDivisionError):
            tallies(gold, found)
        return
    for mode, counts in tallies(gold, found).items():
        theirs = expected[mode]
        assert tuple(counts) == tuple(getattr(theirs, name) for name in COUNTS)
        assert precision_recall_f1(counts) == (theirs.precision, theirs.recall, theirs.f1)
