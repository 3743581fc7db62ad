"""Detection in bulk: cells, and the rows they give."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from claimbench.bulk.columns import ANSWERED, NO_LABEL, Columns, needed
from claimbench.bulk.counted import Part
from claimbench.bulk.gold import Gold
from claimbench.bulk.layout import Layout, ranks
from claimbench.stats.estimators import Ints, to_fixed
from claimbench.tasks.detection import COLUMNS, positives

CELL = np.dtype([("state", np.int8), ("label", np.int8), ("ranked", np.bool_), ("score", np.float64)])
_AT = {name: i for i, name in enumerate(COLUMNS)}


def cells(gold: Gold, lines: Columns) -> npt.NDArray[Any]:
    """Return the cell of every line."""
    result = np.zeros(lines.item.size, dtype=CELL)
    result["state"] = lines.state
    answered = lines.state == ANSWERED
    result["label"] = np.where(answered, needed(lines.label), NO_LABEL)
    number = needed(lines.number)
    result["ranked"] = answered & ~np.isnan(number)
    result["score"] = np.where(result["ranked"], number, -np.inf)
    return result


def counts(gold: Gold, table: npt.NDArray[Any]) -> list[Part]:
    """Return the rows of several runs."""
    found = positives(gold.corpus)
    positive = np.array([item in found for item in gold.items.ids])
    given = table["state"] == ANSWERED
    labelled = given & (table["label"] != NO_LABEL)
    ranked = given & table["ranked"]
    said = labelled & (table["label"] == 1)
    score = np.where(ranked, table["score"], -np.inf)
    probable = ranked & (score >= 0.0) & (score <= 1.0)
    off = np.where(probable, score, 0.0) - np.where(probable, positive, 0.0)
    result = np.zeros((*table.shape, len(COLUMNS)), dtype=np.int64)
    for name, values in (
        ("items", 1),
        ("positive", positive),
        ("ranked", ranked),
        ("ranked_positive", ranked & positive),
        ("labelled", labelled),
        ("tp", said & positive),
        ("fp", said & ~positive),
        ("fn", positive & ~said),
        ("rank", ranks(score)),
        ("brier", to_fixed(off * off)),
        ("probabilities", probable),
        ("probability", to_fixed(np.where(probable, score, 0.0))),
        ("outcome", to_fixed(probable & positive)),
    ):
        result[..., _AT[name]] = values
    return [Part(COLUMNS, result)]


def kinds(totals: Ints) -> Ints:
    """Return a code for runs that have the same metrics: scores, labels, only probabilities as scores."""
    ranked, probable = totals[:, _AT["ranked"]], totals[:, _AT["probabilities"]]
    code = 4 * (ranked > 0) + 2 * (totals[:, _AT["labelled"]] > 0) + ((probable > 0) & (probable == ranked))
    found: Ints = code.astype(np.int64)
    return found


LAYOUT = Layout(columns=COLUMNS, cell=CELL, cells=cells, counts=counts, kinds=kinds)
