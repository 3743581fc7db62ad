"""The gameability card: what predictors that understand nothing get on each task."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from claimbench.conformance.bench import Bench
from claimbench.conformance.scorers import Scorer
from claimbench.conformance.tricks import TRICKS
from claimbench.reading.corpus import Corpus
from claimbench.systems import inputs, installed, load_system, predict

FLOORS = ("majority", "random")
"""Installed systems that stand on the card beside the tricks."""

COMPANIONS: Mapping[str, tuple[str, ...]] = {
    "detection": ("auroc", "precision@10", "f1", "brier"),
    "extraction": ("precision", "recall", "coverage", "groundedness"),
    "evidence": ("precision", "recall@1", "recall@5", "mrr"),
    "verification": ("accuracy", "mcc", "strict_accuracy"),
    "qa": ("exact_match", "typed_match", "unanswerable_f1"),
}
"""The metrics shown beside a task's headline."""


class Row(msgspec.Struct, frozen=True):
    """What one predictor gets on one task; the first metric is the headline."""

    task: str
    predictor: str
    values: Mapping[str, float | None]
    note: str


def card(scorer: Scorer, task: str, corpus: Corpus, folder: Path) -> list[Row]:
    """Return the rows of a task's card; "right answers" is the ceiling, read from the gold."""
    bench = Bench(task, corpus, folder, scorer)
    items, articles = inputs(bench.task, bench.corpus), bench.corpus.articles
    lines: dict[str, list[dict[str, Any]]] = {"right answers": bench.perfect}
    for name in FLOORS:
        if name in installed():
            lines[name] = predict(bench.task, load_system(name), bench.corpus)
    lines |= {name: trick(items, articles) for name, trick in TRICKS[bench.task].items()}
    return [_row(bench, name, found) for name, found in lines.items()]


def _row(bench: Bench, predictor: str, lines: list[dict[str, Any]]) -> Row:
    message = bench.refuses(lines)
    if message is not None:
        return Row(bench.task, predictor, {}, f"refused: {message}")
    values = bench.values(lines)
    headline = bench.headline_name
    companions = [name for name in COMPANIONS[bench.task] if name in values and name != headline]
    return Row(bench.task, predictor, {name: values.get(name) for name in (headline, *companions)}, "")
