"""FEVER: verdict and evidence of claims against Wikipedia (Thorne et al. 2018).

Equals ``fever_score`` of sheffieldnlp/fever-scorer: predictions meet gold by their position, ids are never
read. The house joins by id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np

from claimbench.formats.base import Format, House, Option, Scored, Source, count_of, only
from claimbench.formats.lines import file_digest, records
from claimbench.formats.summation import running_sum
from claimbench.reading.jsonl import Problems
from claimbench.report import Counts, Official
from claimbench.stats import classification as c
from claimbench.stats.estimators import Additive, Metric, Rows, to_fixed

LABELS = ("SUPPORTS", "REFUTES", "NOT ENOUGH INFO")
FIGURES = ("strict_score", "label_accuracy", "evidence_precision", "evidence_recall", "evidence_f1")


class Gold(msgspec.Struct, frozen=True, gc=False):
    """One gold line; further fields are not read."""

    label: str
    evidence: list[list[tuple[Any, Any, Any, Any]]]
    id: int | None = None


class Prediction(msgspec.Struct, frozen=True, gc=False):
    """One prediction line."""

    predicted_label: str
    predicted_evidence: list[tuple[str, int]]
    id: int | None = None


COLUMNS = ("items", "correct", "strict", "precision", "recalled", "evidence_items")


def read(gold: Sequence[str], predictions: Sequence[str], options: Mapping[str, str]) -> Scored:
    """Read and score; both files are streamed in step."""
    problems = Problems()
    path = only(gold, "gold")
    golds = [record for _, record in records(path, Gold, problems)]
    found = [record for name in predictions for _, record in records(name, Prediction, problems)]
    problems.raise_if_any()
    limit = count_of(options["max_evidence"])
    rows, precisions = [], []
    for g, p in zip(golds, found, strict=True):
        correct = g.label.upper() == p.predicted_label.upper()
        nei = g.label.upper() == "NOT ENOUGH INFO"
        given = p.predicted_evidence[:limit]
        groups = [{(e[2], e[3]) for e in group} for group in g.evidence]
        known = {e for group in groups for e in group if e[1] is not None}
        recalled = not nei and any(group <= set(given) for group in groups)
        hits = sum(e in known for e in given)
        precisions.append(0.0 if nei else hits / len(given) if given else 1.0)
        fixed = int(to_fixed(hits / len(given))) if given and not nei else 0
        rows.append((1, correct, correct and (nei or recalled), fixed, recalled, not nei))
    counts = np.array(rows, dtype=np.int64)
    total, verifiable = len(rows), int(counts[:, 5].sum())
    precision = running_sum(precisions) / verifiable if verifiable else 1.0
    recall = int(counts[:, 4].sum()) / verifiable if verifiable else 0.0
    f1 = 2.0 * precision * recall / (precision + recall)
    figures = (int(counts[:, 2].sum()) / total, int(counts[:, 1].sum()) / total, precision, recall, f1)
    return Scored(
        official=Official(
            definition="fever-scorer 1.2",
            figures=dict(zip(FIGURES, figures, strict=True)),
            counts={"claims": total, "verifiable": verifiable},
            quirks=(),
        ),
        counts=Counts(items=total, missing=0, abstained=0, invalid=0, other_split=0),
        house=House(
            rows=Rows(tuple(str(g.id) for g in golds), COLUMNS, counts),
            fields={"label": [g.label for g in golds]},
        ),
        gold=file_digest(path),
    )


def metrics(rows: Rows) -> tuple[Metric, ...]:
    """Return the house metrics."""
    return (
        Additive("strict_accuracy", ("strict", "items"), c.share),
        Additive("accuracy", ("correct", "items"), c.share),
        Additive("evidence_precision", ("precision", "evidence_items"), c.mean_fixed),
        Additive("evidence_recall", ("recalled", "evidence_items"), c.share),
        Additive("evidence_f1", ("precision", "recalled", "evidence_items"), c.f1_of_means),
    )


FORMAT = Format(
    name="fever",
    task="verification",
    title="FEVER: fact extraction and verification against Wikipedia",
    source=Source(
        "github.com/sheffieldnlp/fever-scorer",
        "src/fever/scorer.py",
        "4801615100fbf6327f8e99b5dbaefe5dd890e869 (1.2), fever-scorer 2.0.39",
        "Apache-2.0",
    ),
    options={
        "max_evidence": Option("5", "sentences of a prediction that count", kind="count"),
        "version": Option("1.2", "the releases differ where precision and recall are 0", ("1.2", "2.0.39")),
    },
    figures=FIGURES,
    quirks=(),
    headline="strict_accuracy",
    read=read,
    metrics=metrics,
)
