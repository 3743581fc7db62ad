"""Verification in bulk: cells, and the rows they give."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from claimbench.bulk.columns import ANSWERED, NO_LABEL, Columns, needed
from claimbench.bulk.gold import Bools, EvidenceIndex, Gold
from claimbench.bulk.layout import Layout, ranks
from claimbench.records import LABELS, LANGUAGES
from claimbench.stats.estimators import Floats, Ints, to_fixed
from claimbench.tasks.verification import COLUMNS, CONFUSION, LOG_FLOOR

CELL = np.dtype(
    [
        ("state", np.int8),
        ("label", np.int8),
        ("whole", np.bool_),
        ("given", np.bool_),
        ("brier", np.int64),
        ("log_loss", np.int64),
        ("confidence", np.float64),
    ]
)
_AT = {name: i for i, name in enumerate(COLUMNS)}


class _Lookup:
    """The scored items' gold as arrays."""

    def __init__(self, gold: Gold) -> None:
        by_id = {item.id: item for item in gold.corpus.verification}
        scored = [by_id[item] for item in gold.items.ids]
        code = {item.id: i for i, item in enumerate(scored)}
        self.label = np.array([LABELS.index(item.label) for item in scored], dtype=np.int8)
        self.evidence = EvidenceIndex([item.evidence for item in scored], gold.sentences)
        self.needs_none = np.array([not item.evidence for item in scored])
        families = [item for item in scored if item.language == LANGUAGES[0]]
        self.first = np.array([code[item.id] for item in families], dtype=np.intp)
        self.family = np.array(
            [[code.get(f"{item.family}-{language}", -1) for language in LANGUAGES] for item in families],
            dtype=np.intp,
        ).reshape(-1, len(LANGUAGES))
        pairs = [item for item in scored if (item.contrast_of or "") in by_id]
        self.edit = np.array([code[item.id] for item in pairs], dtype=np.intp)
        self.partner = np.array([code.get(str(item.contrast_of), -1) for item in pairs], dtype=np.intp)


_lookup = lru_cache(maxsize=4)(_Lookup)


def cells(gold: Gold, lines: Columns) -> npt.NDArray[Any]:
    """Return the cell of every line."""
    look = _lookup(gold)
    result = np.zeros(lines.item.size, dtype=CELL)
    result["state"] = lines.state
    result["label"] = np.where(lines.state == ANSWERED, needed(lines.label), NO_LABEL)
    said = result["label"] != NO_LABEL
    complete = look.evidence.complete(lines.item, needed(lines.evidence).first(5))
    result["whole"] = look.needs_none[lines.item] | complete
    probabilities = needed(lines.probabilities)
    result["confidence"] = -1.0
    given = np.flatnonzero(said & ~np.isnan(probabilities[:, 0]))
    raw = probabilities[given]
    result["given"][given] = True
    result["confidence"][given] = np.maximum(
        np.maximum(raw[:, 0], raw[:, 1]), np.maximum(raw[:, 2], raw[:, 3])
    )
    brier, log_loss = _losses(raw, look.label[lines.item[given]])
    result["brier"][given] = brier
    result["log_loss"][given] = log_loss
    return result


def _losses(raw: Floats, truth: npt.NDArray[np.int8]) -> tuple[Ints, Ints]:
    """Return Brier and log loss in fixed point, with the operations and their order of the rows."""
    a, b, c, d = raw.T
    p = raw / (a + b + c + d)[:, np.newaxis]
    off = p.copy()
    rows = np.arange(truth.size)
    off[rows, truth] -= 1.0
    a, b, c, d = (off * off).T
    # Not np.log, whose last bit depends on the processor.
    logs = map(math.log, np.maximum(p[rows, truth], LOG_FLOOR).tolist())
    return to_fixed(a + b + c + d), to_fixed(-np.fromiter(logs, dtype=np.float64, count=truth.size))


def counts(gold: Gold, table: npt.NDArray[Any]) -> Ints:
    """Return the rows of several runs, shape (runs, items, columns)."""
    look = _lookup(gold)
    result = np.zeros((*table.shape, len(COLUMNS)), dtype=np.int64)
    label = np.where(table["state"] == 0, NO_LABEL, table["label"])
    correct = label == look.label
    said = label != NO_LABEL
    result[..., _AT["items"]] = 1
    place = _AT[CONFUSION[0]] + look.label.astype(np.intp) * (len(LABELS) + 1) + label
    np.put_along_axis(result, place[..., np.newaxis], 1, axis=-1)
    given = said & table["given"]
    for name, values in (
        ("correct", correct),
        ("error", ~correct),
        ("answered", said),
        ("strict", correct & table["whole"]),
        ("given", given),
        ("brier", table["brier"]),
        ("log_loss", table["log_loss"]),
        ("confidence_rank", ranks(np.where(given, table["confidence"], -1.0))),
    ):
        result[..., _AT[name]] = values
    _consistency(look, label, correct, result)
    return result


def _consistency(look: _Lookup, label: npt.NDArray[np.int8], correct: Bools, result: Ints) -> None:
    """Count families on their first item and contrast pairs on the edit."""
    scored = look.family >= 0
    members = np.where(scored, label[:, look.family], NO_LABEL)
    same = (members[..., 0] != NO_LABEL) & (members == members[..., :1]).all(axis=-1)
    result[:, look.first, _AT["families"]] = 1
    result[:, look.first, _AT["families_same"]] = same
    result[:, look.first, _AT["families_right"]] = same & (members[..., 0] == look.label[look.first])
    result[:, look.edit, _AT["pairs"]] = 1
    right = correct[:, look.edit] & correct[:, look.partner] & (look.partner >= 0)
    result[:, look.edit, _AT["pairs_right"]] = right


def kinds(totals: Ints) -> Ints:
    """Return a code for runs that have the same metrics: probabilities for none, some or all answers."""
    given, answered = totals[:, _AT["given"]], totals[:, _AT["answered"]]
    found: Ints = (given > 0).astype(np.int64) + ((given > 0) & (given == answered))
    return found


LAYOUT = Layout(columns=COLUMNS, cell=CELL, cells=cells, counts=counts, kinds=kinds)
