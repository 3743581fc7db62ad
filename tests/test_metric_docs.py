"""docs/metrics.md and docs/statistics.md say what the evaluator does."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

import claimbench
from claimbench.records import SPLITS
from claimbench.stats.estimators import Rows
from claimbench.stats.intervals import cluster_codes
from claimbench.systems import load_system, predict
from claimbench.tasks import task
from claimbench.tasks.matching import gold_claims

pytestmark = pytest.mark.checkout

DOCS = Path(__file__).resolve().parent.parent / "docs"
SECTIONS = {
    "detection": "Detection",
    "extraction": "Extraction",
    "evidence": "Evidence",
    "verification": "Verification",
    "qa": "Question answering",
}
FORMULA = re.compile(r"(?:headline: )?([2`\w/+() ]*` / [2`\w/+() ]*[`)])")
"""What a definition begins with where it is a quotient of columns: "headline: 2 `tp` / (2 `tp` + `fp`)"."""


class Documented(NamedTuple):
    name: str
    definition: str
    better: str
    scale: str


def table(file: str, heading: str) -> list[list[str]]:
    """The cells of the table under a heading, without its head."""
    text = (DOCS / file).read_text(encoding="utf-8")
    section = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)[1]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines[2:]]


def documented(name: str) -> list[Documented]:
    """What docs/metrics.md says of each metric of a task."""
    return [
        Documented(metric, definition, better, scale)
        for names, definition, _, better, scale in table("metrics.md", SECTIONS[name])
        for metric in re.findall(r"`([^`]+)`", names)
    ]


@lru_cache
def report(name: str) -> claimbench.Report:
    """The report of a baseline that gives everything a line may hold."""
    corpus = claimbench.load_corpus()
    return claimbench.score(name, predict(name, load_system("tfidf"), corpus), corpus=corpus)


@pytest.mark.parametrize("name", SECTIONS)
def test_every_metric_is_documented_and_no_other(name):
    """A task's table names each metric of its reports once."""
    assert sorted(each.name for each in documented(name)) == sorted(report(name).metrics)


@pytest.mark.parametrize("name", SECTIONS)
def test_direction_and_scale_are_those_documented(name):
    """A metric's table row says which values are better, and its scale."""
    items = report(name).items
    rows = Rows(items.ids, items.columns, np.array(items.rows, dtype=np.int64))
    metrics = {metric.name: metric for metric in task(name).metrics(rows)}
    for each in documented(name):
        metric = metrics[each.name]
        assert (each.better, each.scale) == (metric.better, metric.scale), each.name


def test_formulas_give_the_scores():
    """A definition that is a quotient of columns gives the report's score from the report's rows."""
    evaluated = 0
    for name in SECTIONS:
        items = report(name).items
        sums = dict(zip(items.columns, np.array(items.rows).sum(axis=0).tolist(), strict=True))
        for each in documented(name):
            if found := FORMULA.match(each.definition):
                code = re.sub(r"2 (?=[`(])", "2 * ", found[1]).replace("`", "")
                assert report(name).metrics[each.name].value == pytest.approx(eval(code, {}, sums)), each
                evaluated += 1
    assert evaluated > 30


def test_figures_of_the_gold_are_those_documented():
    """What the texts count in the shipped corpus is what there is."""
    corpus = claimbench.load_corpus()
    gold = [claim for article in corpus.articles for claim in gold_claims(corpus, article)]
    required = sum(not claim.optional for claim in gold)
    questions = [item for item in corpus.questions if item.split == "test"]
    null = sum(not item.answerable for item in questions)
    largest = max(np.bincount(cluster_codes(task("detection").items(corpus, "test").clusters)))
    metrics, statistics = (
        " ".join((DOCS / f"{x}.md").read_text(encoding="utf-8").split()) for x in ("metrics", "statistics")
    )
    assert f"{len(gold)} from {len(corpus.claims)} claims" in metrics
    assert f"{required} are *required*" in metrics
    assert f"{null} of {len(questions)} in test have no answer" in metrics
    assert f"One cluster holds {largest} of the {len(corpus.sentences)} sentences" in statistics


def test_clusters_are_as_many_as_documented():
    """The table of clusters in docs/statistics.md is that of the shipped corpus."""
    corpus, found = claimbench.load_corpus(), []
    for name in SECTIONS:
        for split in SPLITS:
            if (items := task(name).items(corpus, split)).ids:
                sizes = np.bincount(cluster_codes(items.clusters))
                effective = sizes.sum() ** 2 / (sizes**2).sum()
                found.append([name, split, str(sizes.sum()), str(sizes.size), f"{effective:.1f}"])
    assert table("statistics.md", "Clusters") == found
