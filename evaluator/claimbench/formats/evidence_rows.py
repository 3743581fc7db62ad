"""The house's rows and metrics of verdict with evidence."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from claimbench.formats import evidence as e
from claimbench.formats.base import MOST_ITEMS, House
from claimbench.stats import classification as c
from claimbench.stats.confusion import Confusion
from claimbench.stats.estimators import Additive, Ints, Metric, Rows, to_fixed

NAMES = tuple(e.LABELS.values())
_CONFUSION = Confusion(NAMES)
COLUMNS = ("items", *_CONFUSION.columns, "correct", "strict", "precision", "recalled", "evidence_items")


def house(codes: Ints, ids: Iterable[object]) -> House:
    """Return the house's rows: distinct ones, and which of them each claim has.

    Precision of a claim is over its distinct evidence and 0 without any; a claim without gold evidence is
    left out of the evidence metrics, and strictly right when its label is.
    """
    kinds, index = np.unique(codes, return_inverse=True)
    scored = e.flag(kinds, e.SCORED) * (1 - e.flag(kinds, e.NO_GROUPS))
    recalled, correct = e.flag(kinds, e.RECALLED) * scored, e.flag(kinds, e.CORRECT)
    given, gold = e.number(kinds, e.DISTINCT_AT), e.number(kinds, e.GOLD_AT)
    share = np.divide(e.number(kinds, e.DISTINCT_HITS_AT), given, out=np.zeros(kinds.size), where=given > 0)
    place = gold * (e.OTHER + 1) + e.number(kinds, e.PREDICTED_AT)
    confusion = (place[:, np.newaxis] == np.arange(len(_CONFUSION.columns))).astype(np.int64)
    strict = correct * np.where(scored == 1, recalled, 1)
    rest = (correct, strict, to_fixed(share) * scored, recalled, scored)
    return House(
        rows=Rows((), COLUMNS, np.column_stack([np.ones(kinds.size, dtype=np.int64), confusion, *rest])),
        fields={"label": [NAMES[label] for label in gold]},
        index=index.astype(np.int64),
        ids=tuple(map(str, ids)) if codes.size <= MOST_ITEMS else (),
    )


def metrics(rows: Rows) -> tuple[Metric, ...]:
    """Return the house metrics; ``macro_f1`` averages over the labels that have gold in these rows."""
    return (
        Additive("strict_accuracy", ("strict", "items"), c.share),
        Additive("accuracy", ("correct", "items"), c.share),
        _CONFUSION.macro_f1(rows),
        *(_CONFUSION.of_label("f1", c.f1, name) for name in NAMES),
        Additive("evidence_precision", ("precision", "evidence_items"), c.mean_fixed),
        Additive("evidence_recall", ("recalled", "evidence_items"), c.share),
        Additive("evidence_f1", ("precision", "recalled", "evidence_items"), c.f1_of_means),
    )
