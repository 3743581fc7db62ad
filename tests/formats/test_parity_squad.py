"""SQuAD and its kin give what the official scripts gave, to the last bit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from claimbench.errors import InputError
from claimbench.formats.answers import mlqa_words, precision_recall_f1, squad_words
from claimbench.formats.squad import best_match, match
from claimbench.formats.squad1 import figures


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("python", ["3.11", "3.12"])
def test_squad2_systems(parity: Any, scored: Any, python: str) -> None:
    """Three leaderboard systems get the official figures of either sum(), with and without probabilities."""
    folder = parity("squad")
    expected = load(folder / ("expected.json" if python == "3.11" else "expected_py3.12.json"))
    runs = {name: value for name, value in expected.items() if name.startswith("v2 dev_half")}
    assert len(runs) == 6
    for name, value in runs.items():
        _, _, system, *more = name.split()
        options = {"python": python}
        if more:
            options |= {
                "na_prob": str(folder / "na_prob_nlnet_seeded.json"),
                "threshold": more[1].partition("=")[2],
            }
        files = folder / "dev_half_v2.0.json", folder / f"pred_2.0_{system}.json"
        official = scored("squad2", *files, **options).official
        assert {**official.figures, **official.counts} == value, name


def test_squad2_names_the_other_sum(parity: Any, scored: Any) -> None:
    """Where the other Python's sum() gives another F1, a line says which."""
    folder = parity("squad")
    files = folder / "dev_half_v2.0.json", folder / "pred_2.0_bert_single.json"
    quirks = scored("squad2", *files).official.quirks
    assert "f1 is 81.82635533198287 by the sum() of CPython 3.12" in quirks


def test_squad1_systems(parity: Any, scored: Any) -> None:
    """Five leaderboard systems on two golds get the official figures; what is missing is counted."""
    folder = parity("squad")
    runs = [(n.split(), v) for n, v in load(folder / "expected.json").items() if n.startswith("v1.1")]
    assert len(runs) == 10
    for (_, gold, system), value in runs:
        found = scored(
            "squad1", folder / f"{gold.removesuffix('.json')}.json", folder / f"pred_1.1_{system}.json"
        )
        assert found.counts.missing == value.pop("unanswered_lines_on_stderr")
        assert found.official.figures == value


def test_squad2_refuses_missing_predictions(parity: Any, scored: Any) -> None:
    """Where the official script dies of a missing prediction, there are house figures only."""
    folder = parity("squad")
    found = scored("squad2", folder / "xquad.en.json", folder / "pred_2.0_bert_single.json")
    assert found.official.refused is not None
    assert found.official.refused.startswith("KeyError: '56beb4343aeaaa14008c925b', 373 questions")
    assert found.official.figures == {}
    assert found.house is not None
    assert found.counts.missing == 373


def test_pairs(parity: Any) -> None:
    """Normal forms, exact match and F1 of awkward pairs of strings are SQuAD's, of either version."""
    for pair in load(parity("squad") / "edge_cases.json")["pairs"]:
        gold, predicted = squad_words(pair["gold"]), squad_words(pair["pred"])
        assert (" ".join(gold), " ".join(predicted)) == (pair["norm_gold"], pair["norm_pred"])
        assert (gold == predicted, precision_recall_f1(gold, predicted)[2]) == (pair["v1_em"], pair["v1_f1"])
        assert best_match([gold], predicted) == (pair["v2_em"], pair["v2_f1"])
        found = match([(pair["gold"],)], [pair["pred"]], squad_words, drop_empty=True)
        assert (found.exact[0], found.f1[0]) == (pair["v2_em"], pair["v2_f1"])


@pytest.mark.parametrize(("version", "name"), [("v2", "squad2"), ("v1", "squad1")])
def test_edge_cases(parity: Any, scored: Any, put: Any, version: str, name: str) -> None:
    """Every odd input gives the official value, or is refused where the script raises."""
    for case, data in load(parity("squad") / "edge_cases.json")[version].items():
        files = put("gold.json", {"data": data["data"]}), put("pred.json", data["pred"])
        result = data["result"]
        if "value" in result:
            official = scored(name, *files).official
            counts = {x: n for x, n in official.counts.items() if x in result["value"]}
            assert {**official.figures, **counts} == result["value"], case
            continue
        try:
            refused = scored(name, *files).official.refused
        except InputError:
            continue
        assert refused is not None, case
        assert refused.startswith(result["exception"]), case


def test_thresholds_on_ties(parity: Any, scored: Any, put: Any) -> None:
    """Best thresholds may fall inside a group of equal probabilities; the line says what is reachable."""
    case = load(parity("squad") / "edge_cases.json")["v2_thresholds_on_ties"]
    files = put("gold.json", {"data": case["data"]}), put("pred.json", case["pred"])
    official = scored("squad2", *files, na_prob=put("na.json", case["na_prob"])).official
    figures = official.figures
    assert {name: figures[name] for name in case["best"]} == case["best"]
    for name in ("exact", "f1", "oracle"):
        assert figures[f"pr_{name}_ap"] == case[f"ap_{name}"]["ap"]


def test_xquad_and_mlqa(parity: Any, scored: Any) -> None:
    """Ten languages get SQuAD's figures, seven get MLQA's, the other three are refused."""
    folder = parity("xquad_mlqa")
    for name, value in load(folder / "expected.json").items():
        scorer, language = name.split()
        files = folder / f"xquad.{language}.subset.json", folder / f"pred.{language}.json"
        if "exception" in value:
            with pytest.raises(InputError, match=f"language={language}"):
                scored("mlqa", *files, language=language)
        elif scorer == "mlqa":
            assert scored("mlqa", *files, language=language).official.figures == value
        else:
            official = scored("xquad", *files).official
            assert {**official.figures, "n": official.counts["total"]} == value


def test_mlqa_pairs(parity: Any) -> None:
    """Normal forms and F1 of awkward pairs are MLQA's in each language."""
    for pair in load(parity("xquad_mlqa") / "edge_cases.json")["pairs"]:
        words = mlqa_words(pair["lang"])
        gold, predicted = words(pair["gold"]), words(pair["pred"])
        assert (" ".join(gold), " ".join(predicted)) == (pair["norm_gold"], pair["norm_pred"])
        assert (gold == predicted, precision_recall_f1(gold, predicted)[2]) == (pair["em"], pair["f1"])


def test_germanquad(parity: Any, scored: Any, put: Any) -> None:
    """With ids as text the figures are SQuAD's and MLQA's; as shipped every scorer stops."""
    folder = parity("germanquad")
    expected = load(folder / "expected.json")
    files = folder / "GermanQuAD_test.first7.json", folder / "pred_handmade_string_ids.json"
    ours = scored("germanquad", *files).official
    assert ours.figures == expected["squad-v1.1, gold ids turned to strings"]["value"]
    for name, options in (
        ("germanquad", {"ids": "as_shipped"}),
        ("squad1", {}),
        ("mlqa", {"language": "de"}),
    ):
        assert scored(name, *files, **options).official.refused.startswith("TypeError")
    assert scored("squad2", *files).official.refused.startswith("ZeroDivisionError")
    text = load(files[0])
    for article in text["data"]:
        for paragraph in article["paragraphs"]:
            for question in paragraph["qas"]:
                question["id"] = str(question["id"])
    other = put("gold.json", text), files[1]
    two = scored("squad2", *other).official
    for name, value in expected["squad-v2, gold ids turned to strings"]["value"].items():
        assert {**two.figures, **two.counts}[name] == value
    assert (
        scored("mlqa", *other, language="de").official.figures
        == expected["mlqa-de, gold ids turned to strings"]["value"]
    )


def test_empty_matches_count_in_the_house(put: Any, scored: Any) -> None:
    """SQuAD 1.1 gives F1 0 to an exact match of nothing, says so with the figure, and the house gives 1."""
    gold = {"data": [{"title": "t", "paragraphs": [{"qas": [{"id": "q", "answers": [{"text": "the"}]}]}]}]}
    found = scored("squad1", put("gold.json", gold), put("pred.json", {"q": "a"}))
    assert found.official.figures == {"exact_match": 100.0, "f1": 0.0}
    assert found.official.quirks == ("1 exact matches of nothing have F1 0; counted as 1, f1 would be 100.0",)
    assert found.house.rows.column("f1").tolist() == [1 << 40]
    assert figures(match([("the",)], ["a"], squad_words))["f1"] == 0.0
