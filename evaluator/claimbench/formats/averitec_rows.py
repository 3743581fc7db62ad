"""The house's rows and metrics of AVeriTeC."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from claimbench.formats.averitec_figures import LABELS
from claimbench.formats.averitec_input import Claim
from claimbench.formats.base import House
from claimbench.stats import classification as c
from claimbench.stats.estimators import Additive, Floats, Ints, Metric, Rows, to_fixed

LEVEL = 0.25
"""The level of the evidence score above which the shared task of 2024 counts a verdict."""

_NAMES = tuple(LABELS.values())
_PLACE = {label: place for place, label in enumerate(LABELS)}
CONFUSION = tuple(f"{gold}>{predicted}" for gold in _NAMES for predicted in (*_NAMES, "none"))
COLUMNS = ("items", *CONFUSION, "correct")
EVIDENCE = ("questions", "answers", "averitec", "evidence_items")


@dataclass(frozen=True)
class Judged:
    """A gold claim's prediction: label (None without one) and evidence scores.

    ``scored`` says whether METEOR was to be had, ``has_evidence`` whether gold has any.
    """

    label: str | None
    questions: float
    answers: float
    has_evidence: bool
    scored: bool


def house(claims: Sequence[Claim], judged: Sequence[Judged]) -> House:
    """Return one row per claim; those of evidence only where METEOR was to be had."""
    scored = all(each.scored for each in judged)
    ids = tuple(str(place if c.claim_id is None else c.claim_id) for place, c in enumerate(claims))
    rows = [_row(claim.label, each, scored=scored) for claim, each in zip(claims, judged, strict=True)]
    columns = (*COLUMNS, *EVIDENCE) if scored else COLUMNS
    return House(
        rows=Rows(ids, columns, np.array(rows, dtype=np.int64)),
        fields={"label": [LABELS[claim.label] for claim in claims]},
    )


def _row(gold: str, judged: Judged, *, scored: bool) -> list[int]:
    confusion = [0] * len(CONFUSION)
    confusion[_PLACE[gold] * (len(_NAMES) + 1) + _PLACE.get(judged.label or "", len(_NAMES))] = 1
    correct = int(gold == judged.label)
    if not scored:
        return [1, *confusion, correct]
    questions, answers = to_fixed([judged.questions, judged.answers]).tolist()
    strict = correct * (judged.answers > LEVEL)
    return [1, *confusion, correct, questions, answers, strict, int(judged.has_evidence)]


def _confusion(total: Ints) -> Ints:
    return total.reshape(*total.shape[:-1], len(_NAMES), len(_NAMES) + 1)


def _macro(labels: tuple[int, ...], total: Ints) -> Floats:
    return c.macro_f1(_confusion(total), labels)


def _of_class(label: int, total: Ints) -> Floats:
    return c.f1(c.class_counts(_confusion(total), label))


def metrics(rows: Rows) -> tuple[Metric, ...]:
    """Return the house metrics; ``macro_f1`` averages over the labels that have gold in these rows."""
    gold = _confusion(rows.select(CONFUSION).sum(axis=0)).sum(axis=-1)
    present = tuple(label for label in range(len(_NAMES)) if gold[label])
    labels = (
        Additive("accuracy", ("correct", "items"), c.share),
        Additive("macro_f1", CONFUSION, partial(_macro, present)),
        *(Additive(f"f1[{name}]", CONFUSION, partial(_of_class, label)) for label, name in enumerate(_NAMES)),
    )
    if "averitec" not in rows.columns:
        return labels
    return (
        *labels,
        Additive("averitec_score", ("averitec", "evidence_items"), c.share),
        Additive("evidence_questions", ("questions", "evidence_items"), c.mean_fixed),
        Additive("evidence_answers", ("answers", "evidence_items"), c.mean_fixed),
    )
