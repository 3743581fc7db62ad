"""LLM-AggreFact: is a claim grounded in a document? (Tang et al. 2024)

Equals the notebook ``benchmark_evaluation_demo.ipynb``: scikit-learn's balanced accuracy of each dataset in
percent, and their unweighted mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec
import numpy as np

from claimbench.errors import InputError
from claimbench.formats.base import Format, House, Scored, Source, only
from claimbench.formats.labels import LabelScore, balanced_accuracy, label_scores, mean
from claimbench.formats.lines import Records, file_digest
from claimbench.reading.jsonl import Problems
from claimbench.report import Counts, Official
from claimbench.stats import classification as c
from claimbench.stats.estimators import Additive, Floats, Ints, Metric, Rows, ratio

CLASSES = ("0", "1")
COLUMNS = ("items", "correct")
"""What rows have beside the columns of their datasets."""


class Line(msgspec.Struct, frozen=True, gc=False):
    """One judged claim; further fields are not read."""

    dataset: str
    label: Literal[0, 1]
    pred: Literal[0, 1]


def figures(scores: Mapping[str, Mapping[str, LabelScore]]) -> dict[str, float]:
    """Return the balanced accuracy of each dataset in percent, and their mean."""
    found = {name: balanced_accuracy(labels.values()) * 100 for name, labels in scores.items()}
    return {**found, "Average": mean(found.values())}


def read(gold: Sequence[str], predictions: Sequence[str], options: Mapping[str, str]) -> Scored:
    """Read and score; every line holds its gold."""
    problems = Problems()
    path = only(predictions, "predictions")
    # What is read of a line, without the document it stands beside.
    lines = [Line(line.dataset, line.label, line.pred) for line in Records(path, Line, problems)]
    problems.raise_if_any()
    if not lines:
        raise InputError(f"{path}: holds no line")
    by_dataset: dict[str, list[Line]] = {}
    for line in lines:
        by_dataset.setdefault(line.dataset, []).append(line)
    scores = {
        name: label_scores([str(x.label) for x in part], [str(x.pred) for x in part])
        for name, part in by_dataset.items()
    }
    return Scored(
        official=Official(
            definition="LLM-AggreFact notebook, scikit-learn balanced accuracy",
            figures=dict(figures(scores)),
            counts={"n": len(lines), "datasets": len(scores)},
            quirks=tuple(_quirks(scores)),
        ),
        counts=Counts(items=len(lines), missing=0, abstained=0, invalid=0, other_split=0),
        house=_house(lines, list(scores)),
        gold=file_digest(path),
    )


def _quirks(scores: Mapping[str, Mapping[str, LabelScore]]) -> list[str]:
    lines = []
    for name, labels in scores.items():
        without = [label for label, score in labels.items() if not score.gold]
        if without:
            lines.append(f"{name}: class {', '.join(without)} has no gold and leaves the mean")
        elif len(labels) == 1:
            lines.append(f"{name}: only one class, whose recall is the balanced accuracy")
    return lines


def _house(lines: Sequence[Line], datasets: Sequence[str]) -> House:
    names = tuple(f"{kind}:{name}:{label}" for name in datasets for label in CLASSES for kind in ("tp", "n"))
    columns = (*COLUMNS, *names)
    place = {name: i for i, name in enumerate(columns)}
    counts: Ints = np.zeros((len(lines), len(columns)), dtype=np.int64)
    for row, line in zip(counts, lines, strict=True):
        row[0] = 1
        row[1] = right = line.label == line.pred
        row[place[f"n:{line.dataset}:{line.label}"]] = 1
        row[place[f"tp:{line.dataset}:{line.label}"]] = right
    ids = tuple(str(number) for number in range(1, len(lines) + 1))
    clusters = tuple(line.dataset for line in lines)
    return House(Rows(ids, columns, counts), clusters, fields={"dataset": clusters})


def _mean_balanced_accuracy(total: Ints) -> Floats:
    """Columns (hits, gold) of class 0 and 1 of each dataset: mean over datasets of mean recall of classes."""
    pairs = total.reshape((*total.shape[:-1], -1, len(CLASSES), 2))
    recall = ratio(pairs[..., 0], pairs[..., 1])
    return _mean_defined(_mean_defined(recall))


def _mean_defined(values: Floats) -> Floats:
    return ratio(np.nansum(values, axis=-1), (~np.isnan(values)).sum(axis=-1))


def metrics(table: Rows) -> tuple[Metric, ...]:
    """Return balanced accuracy, the mean over datasets, and accuracy over all lines."""
    return (
        Additive("balanced_accuracy", table.columns[len(COLUMNS) :], _mean_balanced_accuracy),
        Additive("accuracy", ("correct", "items"), c.share),
    )


FORMAT = Format(
    name="aggrefact",
    task="verification",
    title="LLM-AggreFact: is a claim grounded in a document?",
    source=Source(
        "github.com/Liyan06/MiniCheck",
        "benchmark_evaluation_demo.ipynb",
        "b58b9fa69acbd1015ec970fa65dd752413a053d2",
        "Apache-2.0",
    ),
    options={},
    figures=("Average", "one per dataset"),
    quirks=(
        "Datasets weigh the same, however few claims they have.",
        "A class without gold leaves a dataset's mean, even where it was predicted.",
    ),
    headline="balanced_accuracy",
    read=read,
    columns=COLUMNS,
    metrics=metrics,
    gold="within",
)
