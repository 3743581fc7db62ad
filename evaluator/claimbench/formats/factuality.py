"""CheckThat! 2018 task 2: is a claim of a debate true, half-true or false? Equals ``scorer/task2.py``."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from typing import cast

from claimbench.errors import Problem
from claimbench.formats.base import PYTHON, Format, House, Scored, Source, only
from claimbench.formats.labelled import COLUMNS, OF_LABELS, label_rows, metrics
from claimbench.formats.labels import label_scores
from claimbench.formats.lines import file_digest
from claimbench.formats.summation import PythonSum, python_sum
from claimbench.formats.tables import text_lines
from claimbench.reading.jsonl import Problems
from claimbench.report import Counts, Official

VALUES = {"true": 2, "false": 0, "half-true": 1}
"""The labels in the scorer's order; a mistake weighs the difference of their values."""
_KNOWN = "TRUE, FALSE or HALF-TRUE"
FIGURES = ("mae", "macro_mae", "accuracy", "macro_f1", "macro_recall")


def figures(gold: Sequence[str], predicted: Sequence[str], python: PythonSum) -> dict[str, float]:
    """Return the official figures of labels, all of VALUES; each of them must have gold."""
    scores = label_scores(gold, predicted, VALUES)
    distance = [abs(VALUES[g] - VALUES[p]) for g, p in zip(gold, predicted, strict=True)]
    by_label = [
        sum(d for g, d in zip(gold, distance, strict=True) if g == label) / score.gold
        for label, score in scores.items()
    ]

    def macro(values: Sequence[float]) -> float:
        return python_sum(values, python) / len(VALUES)

    return {
        "mae": sum(distance) / len(gold),
        "macro_mae": macro(by_label),
        "accuracy": sum(score.hits for score in scores.values()) / len(gold),
        "macro_f1": macro([score.f1 for score in scores.values()]),
        "macro_recall": macro([score.recall for score in scores.values()]),
    }


def _read_gold(path: str, problems: Problems) -> dict[int, str]:
    """Read claim numbers and labels; lines whose number is N/A are no claims. Quotes may span lines."""
    labels = {}
    rows = csv.reader((f"{text}\n" for _, text in text_lines(path)), delimiter="\t")
    for row in rows:
        if not row or (len(row) > 3 and row[3] == "N/A"):
            continue
        number = row[3].strip() if len(row) >= 6 else ""
        if not number.isdecimal() or row[5].lower() not in VALUES:
            problems.add(
                Problem(path, rows.line_num, "", "expected a claim number and TRUE, FALSE or HALF-TRUE")
            )
        else:
            labels[int(number)] = row[5].lower()
    return labels


def _read_labels(path: str, gold: Mapping[int, str], problems: Problems) -> dict[int, str]:
    labels: dict[int, str] = {}
    for number, text in text_lines(path):
        cells = text.strip().split("\t")
        if len(cells) != 2 or not cells[0].isdecimal() or cells[1].lower() not in VALUES:
            problems.add(
                Problem(path, number, "", "expected a claim number, a tab and TRUE, FALSE or HALF-TRUE")
            )
        elif int(cells[0]) not in gold:
            problems.add(Problem(path, number, "", f"the gold has no claim {cells[0]}: the scorer quits"))
        elif labels.setdefault(int(cells[0]), cells[1].lower()) != cells[1].lower():
            problems.add(Problem(path, number, "", f"claim {cells[0]} was given another label before"))
    return labels


def read(gold: Sequence[str], predictions: Sequence[str], options: Mapping[str, str]) -> Scored:
    """Read and score."""
    problems = Problems()
    path = only(gold, "gold")
    right = _read_gold(path, problems)
    found = _read_labels(only(predictions, "predictions"), right, problems)
    if not right:
        problems.add(Problem(path, 0, "", "holds no claim"))
    problems.raise_if_any()
    refused = _refusal(right, found)
    python = cast(PythonSum, options["python"])
    order = list(found)
    official = {} if refused else figures([right[n] for n in order], [found[n] for n in order], python)
    labels = [found.get(number) for number in right]
    return Scored(
        official=Official("CheckThat! 2018 scorer/task2.py", dict(official), {"n": len(found)}, (), refused),
        counts=Counts(items=len(right), missing=labels.count(None), abstained=0, invalid=0, other_split=0),
        house=House(label_rows([str(number) for number in right], list(right.values()), labels)),
        gold=file_digest(path),
    )


def _refusal(gold: Mapping[int, str], found: Mapping[int, str]) -> str | None:
    missing = gold.keys() - found.keys()
    if missing:
        return f"ValueError: {len(missing)} claims of the gold have no label, claim {min(missing)} first"
    without = [label for label in VALUES if label not in gold.values()]
    return f"ValueError: no instances for class {without[0]} found" if without else None


FORMAT = Format(
    name="checkthat-factuality",
    task="verification",
    title="CheckThat! 2018 task 2: factuality of claims in political debates",
    source=Source(
        "github.com/clef2018-factchecking/clef2018-factchecking",
        "scorer/task2.py",
        "201e236ff5a1b84412d9e5326dbdb903d5d033ca",
        "none stated (definition only)",
    ),
    options={"python": PYTHON},
    figures=FIGURES,
    quirks=(
        "A class without gold stops the scorer; so does a claim without a prediction.",
        "A prediction for an unknown claim makes it quit with exit code 0.",
    ),
    headline="macro_f1",
    read=read,
    columns=COLUMNS,
    metrics=metrics,
    of_labels=OF_LABELS,
)
