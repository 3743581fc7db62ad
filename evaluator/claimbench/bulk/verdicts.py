"""Verification in bulk: cells, and the rows they give."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from claimbench.bulk.columns import ANSWERED, NO_LABEL, Columns, needed
from claimbench.bulk.counted import Part
from claimbench.bulk.gold import EvidenceIndex, Gold
from claimbench.bulk.languages import Families, combinations, in_columns
from claimbench.bulk.layout import Layout, ranks
from claimbench.bulk.threads import made_once
from claimbench.records import LABELS, LANGUAGES, Verification
from claimbench.stats.estimators import FRACTION_BITS, Bools, Floats, Ints, to_fixed
from claimbench.tasks.families import HEAD, LANGUAGE_COLUMNS, family_columns, language_row
from claimbench.tasks.verification import (
    COLUMNS,
    CONFUSION,
    CONTRASTS,
    LOG_FLOOR,
    PAIRS,
    contrast_families,
    item_row,
    pair_row,
    proposition_row,
)

CELL = np.dtype(
    [
        ("state", np.int8),
        ("label", np.int8),
        ("whole", np.bool_),
        ("given", np.bool_),
        ("came_true", np.bool_),
        ("brier", np.int64),
        ("log_loss", np.int64),
        ("confidence", np.int64),
    ]
)
"""``confidence`` is the greatest of the probabilities, which are made to sum to one."""

_AT = {name: COLUMNS.index(name) for name in ("given", "answered")}
_VERDICTS = (*LABELS, None)
_FAMILY = family_columns(LABELS)
_VERDICT = ("items", *CONFUSION, "correct", "error", "answered", *LANGUAGE_COLUMNS)
_MEASURED = ("strict", "given", "brier", "log_loss", "confidence", "came_true", "confidence_rank")


class _Lookup:
    """The scored items' gold as arrays, and the rows of families and pairs by the verdicts on them."""

    def __init__(self, gold: Gold) -> None:
        by_id = {item.id: item for item in gold.corpus.verification}
        scored = [by_id[item] for item in gold.items.ids]
        code = {item.id: i for i, item in enumerate(scored)}
        self.label = np.array([LABELS.index(item.label) for item in scored], dtype=np.int8)
        alike = {(item.label, item.language): item for item in scored}
        kind = {key: i * len(_VERDICTS) for i, key in enumerate(alike)}
        self.kind = np.array([kind[item.label, item.language] for item in scored], dtype=np.intp)
        rows = [_verdict_row(item, said) for item in alike.values() for said in _VERDICTS]
        self.of_verdict = np.array(rows, dtype=np.int32)
        self.evidence = EvidenceIndex([item.evidence for item in scored], gold.sentences)
        self.needs_none = np.array([not item.evidence for item in scored])
        self.families = Families(
            gold.items.ids, [item.family for item in scored], [item.language for item in scored]
        )
        heads = {item.label: item for item in scored if item.language == HEAD}
        self.of_family = np.array([_family_rows(heads.get(label)) for label in LABELS], dtype=np.int32)
        pairs = [item for item in scored if (item.contrast_of or "") in by_id]
        self.edit = np.array([code[item.id] for item in pairs], dtype=np.intp)
        self.partner = np.array([code.get(str(item.contrast_of), -1) for item in pairs], dtype=np.intp)
        self.of_pair = np.array([_pair_rows(item, by_id) for item in pairs], dtype=np.int32).reshape(
            -1, len(_VERDICTS), len(_VERDICTS), len(PAIRS)
        )
        contrasts = {
            code[original]: [code.get(member, -1) for member in members]
            for original, members in contrast_families(by_id).items()
            if original in code
        }
        self.original = np.array(list(contrasts), dtype=np.intp)
        self.member = np.array(
            [member for members in contrasts.values() for member in members], dtype=np.intp
        )
        self.contrast = np.cumsum([0, *map(len, contrasts.values())], dtype=np.intp)[:-1]


def _verdict_row(item: Verification, verdict: str | None) -> list[int]:
    """Return what hangs on nothing but the verdict on an item like this one."""
    row = item_row(item, verdict, None) | language_row(item.language, verdict == item.label)
    return in_columns(_VERDICT, row | {"answered": int(verdict is not None)})


def _family_rows(head: Verification | None) -> Ints:
    """Return the row of a family like that of an item for every combination of verdicts."""
    if head is None:
        return np.zeros((len(_VERDICTS) ** len(LANGUAGES), len(_FAMILY)), dtype=np.int64)
    ids = [f"{head.family}-{language}" for language in LANGUAGES]
    said = ([_VERDICTS[code] for code in codes] for codes in combinations(len(_VERDICTS)))
    rows = (proposition_row(head, dict(zip(ids, verdicts, strict=True))) for verdicts in said)
    return np.array([in_columns(_FAMILY, row) for row in rows])


def _pair_rows(edit: Verification, by_id: Mapping[str, Verification]) -> list[list[int]]:
    """Return the row of a contrast pair for every verdict on the edit and on its original."""
    return [
        in_columns(PAIRS, pair_row(edit, by_id, {edit.id: mine, str(edit.contrast_of): theirs}))
        for mine in _VERDICTS
        for theirs in _VERDICTS
    ]


_lookup = made_once(_Lookup)


def cells(gold: Gold, lines: Columns) -> npt.NDArray[Any]:
    """Return the cell of every line."""
    look = _lookup(gold)
    result = np.zeros(lines.item.size, dtype=CELL)
    result["state"] = lines.state
    result["label"] = np.where(lines.state == ANSWERED, needed(lines.label), NO_LABEL)
    said = result["label"] != NO_LABEL
    complete = look.evidence.complete(lines.item, needed(lines.evidence).first(5))
    result["whole"] = look.needs_none[lines.item] | complete
    raw = needed(lines.probabilities).T
    given = said & ~np.isnan(raw[0])
    chosen = slice(None) if given.all() else np.flatnonzero(given)
    raw = np.ascontiguousarray(raw[:, chosen])
    result["given"] = given
    a, b, c, d = raw
    shares = raw / (a + b + c + d)
    truth = look.label[lines.item[chosen]]
    result["confidence"][chosen] = to_fixed(shares.max(axis=0, initial=0.0))
    result["came_true"][chosen] = shares.argmax(axis=0) == truth
    result["brier"][chosen], result["log_loss"][chosen] = _losses(shares, truth)
    return result


def _losses(p: Floats, truth: npt.NDArray[np.int8]) -> tuple[Ints, Ints]:
    """Return Brier and log loss in fixed point, with the operations and their order of the rows."""
    off = p - (np.arange(len(LABELS))[:, np.newaxis] == truth)
    a, b, c, d = off * off
    of_truth = p[truth, np.arange(truth.size)]
    return to_fixed(a + b + c + d), _surprise(np.maximum(of_truth, LOG_FLOOR))


def _surprise(p: Floats) -> Ints:
    """Return ``to_fixed(-math.log(p))`` of every p in (0, 1].

    The last bits of np.log depend on the processor. They decide only what lies that close to the middle
    between two multiples; that is left to math.log.
    """
    scaled = np.ldexp(-np.log(p), FRACTION_BITS)
    fixed = np.rint(scaled)
    unsure = np.abs(scaled - fixed) > 0.5 - 2.0**-10 - 2.0**-49 * scaled
    result: Ints = fixed.astype(np.int64)
    result[unsure] = to_fixed([-math.log(each) for each in p[unsure].tolist()])
    return result


def counts(gold: Gold, table: npt.NDArray[Any]) -> list[Part]:
    """Return the rows of several runs."""
    look = _lookup(gold)
    label = np.where(table["state"] == 0, NO_LABEL, table["label"])
    given = (label != NO_LABEL) & table["given"]
    correct = label == look.label
    measured = (
        correct & table["whole"],
        given,
        table["brier"],
        table["log_loss"],
        table["confidence"],
        np.where(table["came_true"], to_fixed(1.0), 0),
        ranks(np.where(given, table["confidence"], -1)),
    )
    return [
        Part(_VERDICT, look.of_verdict.take(look.kind + label, axis=0, mode="clip")),
        Part(_MEASURED, np.stack(measured, axis=-1, dtype=np.int64)),
        *_consistency(look, label, correct),
    ]


def _consistency(look: _Lookup, label: npt.NDArray[np.int8], correct: Bools) -> Iterable[Part]:
    """Count families on their first item, pairs and contrasts on theirs."""
    families = look.families
    said = families.outcomes(label, NO_LABEL)
    combination = np.ravel_multi_index(tuple(np.moveaxis(said, -1, 0)), (len(_VERDICTS),) * len(LANGUAGES))
    yield Part(_FAMILY, look.of_family[look.label[families.heads], combination], families.heads)
    theirs = np.where(look.partner >= 0, label[:, look.partner], NO_LABEL)
    pairs = np.arange(look.edit.size)
    yield Part(PAIRS, look.of_pair[pairs, label[:, look.edit], theirs], look.edit)
    right = np.logical_and.reduceat((look.member >= 0) & correct[:, look.member], look.contrast, axis=1)
    yield Part(CONTRASTS, np.stack([np.ones_like(right), right], axis=-1, dtype=np.int32), look.original)


def kinds(totals: Ints) -> Ints:
    """Return a code for runs that have the same metrics: probabilities for none, some or all answers."""
    given, answered = totals[:, _AT["given"]], totals[:, _AT["answered"]]
    found: Ints = (given > 0).astype(np.int64) + ((given > 0) & (given == answered))
    return found


LAYOUT = Layout(columns=COLUMNS, cell=CELL, cells=cells, counts=counts, kinds=kinds)
