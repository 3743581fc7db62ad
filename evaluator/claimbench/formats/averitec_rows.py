"""The house's rows and metrics of AVeriTeC."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from claimbench.formats.averitec_figures import LABELS
from claimbench.formats.averitec_input import Claim
from claimbench.formats.base import House
from claimbench.stats import classification as c
from claimbench.stats.confusion import Confusion
from claimbench.stats.estimators import Additive, Metric, Rows, to_fixed

LEVEL = 0.25
"""The level of the evidence score above which the shared task of 2024 counts a verdict."""

_NAMES = tuple(LABELS.values())
_PLACE = {label: place for place, label in enumerate(LABELS)}
_CONFUSION = Confusion(_NAMES)
COLUMNS = ("items", *_CONFUSION.columns, "correct")
EVIDENCE = ("questions", "answers", "averitec", "evidence_items")


class Judged(msgspec.Struct, frozen=True):
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
    confusion = [0] * len(_CONFUSION.columns)
    confusion[_PLACE[gold] * (len(_NAMES) + 1) + _PLACE.get(judged.label or "", len(_NAMES))] = 1
    correct = int(gold == judged.label)
    if not scored:
        return [1, *confusion, correct]
    questions, answers = to_fixed([judged.questions, judged.answers]).tolist()
    strict = correct * (judged.answers > LEVEL)
    return [1, *confusion, correct, questions, answers, strict, int(judged.has_evidence)]


def metrics(rows: Rows) -> tuple[Metric, ...]:
    """Return the house metrics; ``macro_f1`` averages over the labels that have gold in these rows."""
    labels = (
        Additive("accuracy", ("correct", "items"), c.share),
        _CONFUSION.macro_f1(rows),
        *(_CONFUSION.of_label("f1", c.f1, name) for name in _NAMES),
    )
    if "averitec" not in rows.columns:
        return labels
    return (
        *labels,
        Additive("averitec_score", ("averitec", "evidence_items"), c.share),
        Additive("evidence_questions", ("questions", "evidence_items"), c.mean_fixed),
        Additive("evidence_answers", ("answers", "evidence_items"), c.mean_fixed),
    )
