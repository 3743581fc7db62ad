"""CheckThat!'s scorers give what they gave at the labs, to the last bit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from claimbench.errors import InputError
from claimbench.formats.summation import sum_from_left
from claimbench.stats.estimators import points

LANGUAGES = ("bulgarian", "english", "spanish", "turkish")


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def ranking_runs(folder: Path) -> dict[str, tuple[Path, Path]]:
    """Name of each ranking run in expected.json to its gold and its predictions."""
    runs = {
        f"2018 task1 {language} {kind} baseline on 2nd-Presidential": (
            folder / f"2018_t1_gold_{language}_2nd-Presidential.txt",
            folder / f"2018_t1_{kind}_{language}.txt",
        )
        for language in ("English", "Arabic")
        for kind in ("ngram", "random")
    }
    for name in ("gold", "random_baseline", "other_line_number", "not_all_lines"):
        runs[f"2018 task1 English task1_{name}"] = (
            folder / "2018_t1_gold.txt",
            folder / f"2018_task1_{name}.txt",
        )
    for path in sorted((folder / "2019").glob("*-*.tsv")):
        run, debate = path.name.split("-")
        runs[f"2019 {run} {debate}"] = path.with_name(f"gold_{debate}"), path
    runs["2020 task1 submission_instance"] = (
        folder / "2020_t1_gold.tsv",
        folder / "2020_t1_submission_instance.tsv",
    )
    for language in LANGUAGES:
        gold, run = (folder / f"2021_1a_{kind}_{language}.tsv" for kind in ("gold", "ngram"))
        runs[f"2021 1a {language} ngram"] = gold, run
    for path in sorted((folder / "2021_1b").glob("ngram_*")):
        debate = path.name.removeprefix("ngram_")
        runs[f"2021 1b {debate}"] = path.with_name(f"gold_{debate}"), path
    return runs


@pytest.mark.parametrize("python", ["3.11", "3.12"])
def test_rankings(parity: Any, scored: Any, python: str) -> None:
    """Every ranking run gets the official figures of either sum(), or is refused where the scorer stops."""
    folder = parity("checkthat")
    expected = load(folder / "expected.json")
    if python == "3.12":
        later = load(folder / "expected_py3.12.json")
        expected = {name: {"value": value} for name, value in later.items()}
    runs = {name: files for name, files in ranking_runs(folder).items() if name in expected}
    assert len(runs) == (42 if python == "3.11" else 29)
    for name, (gold, run) in runs.items():
        if "exception" in expected[name]:
            with pytest.raises(InputError, match=r"the gold has no line|no score"):
                assert_not_refused(scored("checkthat", gold, run, python=python))
            continue
        found = scored("checkthat", gold, run, python=python)
        assert {**found.official.figures, **found.official.counts} == expected[name]["value"], name


def assert_not_refused(found: Any) -> None:
    if found.official.refused:
        raise InputError(found.official.refused)


def test_mean_over_debates(parity: Any, scored: Any) -> None:
    """Several debates get plain means over files, added in order; the house's clusters are the debates."""
    folder = parity("checkthat")
    runs = [pair for name, pair in ranking_runs(folder).items() if name.startswith("2021 1b")]
    values = [scored("checkthat", *pair).official.figures for pair in runs]
    found = scored("checkthat", [gold for gold, _ in runs], [run for _, run in runs])
    for name in values[0]:
        mean = sum_from_left(value[name] for value in values) / len(values)
        assert found.official.figures[f"mean_{name}"] == mean
    assert len(set(found.house.clusters)) == len(runs) == 8


def test_edge_cases(parity: Any, scored: Any, put: Any) -> None:
    """Every odd ranking gets the official value, or is refused where the scorer raises or quits."""
    cases = load(parity("checkthat") / "edge_cases.json")
    tried = 0
    for name, case in cases.items():
        if not name.startswith("rank ") or "gold" not in case:
            continue
        tried += 1
        files = put("gold.tsv", case["gold"]), put("pred.tsv", case["pred"])
        if "exception" in case["result"]:
            with pytest.raises(InputError):
                assert_not_refused(scored("checkthat", *files))
            continue
        official = scored("checkthat", *files).official
        known = {x: value for x, value in official.figures.items() if value is not None}
        assert {**known, **official.counts} == case["result"]["value"], name
        assert any("IndexError" in line for line in official.quirks), name
    assert tried == 14


def test_quirks_are_measured(scored: Any, put: Any) -> None:
    """Ties, repeated lines and a gold without positives are named with what they did to the figure."""
    gold = put("gold.tsv", "1\tS\ta\t0\n2\tS\tb\t1\n3\tS\tc\t0\n4\tS\td\t1\n")
    ties = scored("checkthat", gold, put("ties.tsv", "1\t.5\n2\t.5\n3\t.5\n4\t.5\n")).official
    assert ties.quirks[0] == (
        "4 lines share a score with one of the other label: average_precision is 0.5 in file order, "
        "0.41666666666666663 to 1.0 in others"
    )
    twice = scored("checkthat", gold, put("twice.tsv", "2\t.9\n2\t.8\n4\t.7\n1\t.2\n3\t.1\n"))
    assert "average_precision is 1.5, 1.0 with each line once" in twice.official.quirks[0]
    assert twice.house is None
    assert "more than once" in twice.refused


def test_house_shares_ranks_and_counts_what_is_missing(scored: Any, put: Any) -> None:
    """The house's average precision is scikit-learn's where all is ranked; what has no score is wrong."""
    from sklearn.metrics import average_precision_score

    rng = np.random.default_rng(5)
    labels, scores = rng.integers(0, 2, 60), rng.integers(0, 9, 60) / 10
    gold = put("gold.tsv", "".join(f"{i}\tS\tx\t{label}\n" for i, label in enumerate(labels)))
    run = put("run.tsv", "".join(f"{i}\t{score}\n" for i, score in enumerate(scores)))
    found = scored("checkthat", gold, run)
    from claimbench.formats.checkthat import metrics

    value = points(metrics(found.house.rows), found.house.rows)["average_precision"]
    assert value == pytest.approx(average_precision_score(labels, scores), abs=1e-12)
    part = scored("checkthat", gold, put("part.tsv", "".join(f"{i}\t{scores[i]}\n" for i in range(30))))
    assert part.official.refused == "ValueError: 30 lines of the gold have no score"
    assert part.counts.missing == 30
    assert points(metrics(part.house.rows), part.house.rows)["average_precision"] < value


def test_subjectivity(parity: Any, scored: Any) -> None:
    """Five languages get scikit-learn's figures as the organisers' script printed them."""
    folder = parity("checkthat")
    tried = 0
    for name, case in load(folder / "expected.json").items():
        if not name.startswith("2025 task1"):
            continue
        _, _, _, language, *kind = name.split()
        run = "pred" if kind == ["seeded"] else "pred_allOBJ"
        files = folder / f"2025_t1_gold_{language}.tsv", folder / f"2025_t1_{run}_{language}.tsv"
        official = scored("checkthat-subjectivity", *files).official
        count = {"n": official.counts["n"]} if "n" in case["value"] else {}
        assert official.figures | count == case["value"], name
        tried += 1
    assert tried == 10


def test_subjectivity_edge_cases(parity: Any, scored: Any, put: Any) -> None:
    """Every odd pair of files gets the official value, or is refused where the script's check fails."""
    tried = 0
    for name, case in load(parity("checkthat") / "edge_cases.json").items():
        if not name.startswith("subjectivity "):
            continue
        tried += 1
        files = put("gold.tsv", case["gold"]), put("pred.tsv", case["pred"])
        official = scored("checkthat-subjectivity", *files).official
        value = case["result"]["value"]
        if isinstance(value, str):
            assert official.refused is not None, name
        else:
            assert official.figures | official.counts == value, name
    assert tried == 10


def test_factuality(parity: Any, scored: Any) -> None:
    """The lab's fixtures of 2018 task 2 get its figures, or are refused where its scorer stops."""
    folder = parity("checkthat")
    for name, case in load(folder / "expected.json").items():
        if not name.startswith("2018 task2"):
            continue
        files = folder / "2018_t2_gold.txt", folder / f"2018_{name.split()[-1]}.txt"
        if "exception" in case:
            with pytest.raises(InputError, match=r"the gold has no claim|have no label"):
                assert_not_refused(scored("checkthat-factuality", *files))
            continue
        official = scored("checkthat-factuality", *files).official
        expected = {x: value for x, value in case["value"].items() if x != "confusion"}
        assert official.figures | official.counts == expected, name
