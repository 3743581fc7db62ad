"""Verdict with evidence, as FEVER and FEVEROUS score it: one packed integer per claim, and the figures.

A claim's code holds everything that the official figures and the house's rows need, so that a million claims
take eight megabytes and share a few hundred distinct rows.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from claimbench.formats.quirks import touched
from claimbench.formats.summation import running_sum
from claimbench.stats.estimators import Ints

FIGURES = ("strict_score", "label_accuracy", "evidence_precision", "evidence_recall", "evidence_f1")
LABELS = {"SUPPORTS": "supported", "REFUTES": "refuted", "NOT ENOUGH INFO": "not_enough_info"}
"""The official labels in the terms of the task."""

_PLACE = {label: place for place, label in enumerate(LABELS)}
OTHER = len(LABELS)
"""Stands for a label that is none of the official ones, and for no prediction."""

CORRECT, SCORED, RECALLED, NO_GROUPS, MISSING = 1, 2, 4, 8, 16
"""Flags: right label, evidence is scored, a whole group found, gold has no group, no prediction."""

_LABEL_BITS, _BITS = 2, 13
GOLD_AT, PREDICTED_AT, HITS_AT, GIVEN_AT, DISTINCT_HITS_AT, DISTINCT_AT = 5, 7, 9, 22, 35, 48
"""Where the labels and the counts of predicted evidence stand in a code."""

MOST_EVIDENCE = (1 << _BITS) - 1
"""More pieces of evidence for one claim do not fit into a code."""


def flags(gold: str, predicted: str, *, scored: bool) -> int:
    """Return the part of a code that follows from the labels, which compare without case."""
    mine, theirs = gold.upper(), predicted.upper()
    places = _PLACE.get(mine, OTHER) << GOLD_AT | _PLACE.get(theirs, OTHER) << PREDICTED_AT
    return places | CORRECT * (mine == theirs) | SCORED * scored


def unanswered(gold: str, groups: Sequence[object], *, scored: bool) -> int:
    """Return the code of a claim without a prediction."""
    place = _PLACE.get(gold.upper(), OTHER)
    return place << GOLD_AT | OTHER << PREDICTED_AT | MISSING | SCORED * scored | NO_GROUPS * (not groups)


def packed(hits: int, given: int, distinct_hits: int, distinct: int) -> int:
    """Return the part of a code that counts predicted pieces of evidence."""
    return hits << HITS_AT | given << GIVEN_AT | distinct_hits << DISTINCT_HITS_AT | distinct << DISTINCT_AT


HITS = tuple(packed(n, 0, n, 0) for n in range(64))
PIECES = tuple(packed(0, n, 0, n) for n in range(64))
"""What so many hits, and pieces of evidence, add to a code where no piece is repeated."""


def found(
    groups: Sequence[Iterable[Hashable]],
    given: Sequence[Hashable],
    countable: Iterable[Iterable[Hashable]] | None = None,
) -> int:
    """Return the part of a code that follows from gold groups and the predicted evidence that counts.

    ``countable`` are the groups that a piece must be in to be a hit, where they are not the same.
    """
    distinct, common, recalled = set(given), set[Hashable](), 0
    for group in groups:
        whole = True
        for piece in group:
            if piece in distinct:
                common.add(piece)
            else:
                whole = False
        if whole:
            recalled = RECALLED
    if countable is not None:
        common = distinct.intersection(chain.from_iterable(countable))
    if not groups:
        recalled = NO_GROUPS
    hits = len(common)
    if hits and len(distinct) < len(given):
        hits = sum(piece in common for piece in given)
    return recalled | packed(hits, len(given), len(common), len(distinct))


def number(codes: Ints, at: int) -> Ints:
    """Return the label or count that stands at a place of every code, shape (claims,)."""
    bits = _LABEL_BITS if at in (GOLD_AT, PREDICTED_AT) else _BITS
    values: Ints = (codes >> at) & ((1 << bits) - 1)
    return values


def flag(codes: Ints, bit: int) -> Ints:
    """Return 0 or 1 for every code, shape (claims,)."""
    values: Ints = (codes & bit != 0).astype(np.int64)
    return values


class Totals(NamedTuple):
    """Sums over claims, from which the official figures follow."""

    claims: int
    correct: int
    strict: int
    scored: int
    recalled: int
    precision: float

    def counts(self) -> dict[str, int]:
        """Return the whole numbers among them."""
        return {name: value for name, value in self._asdict().items() if name != "precision"}


def totals(codes: Ints, *, unpredicted: float = 1.0, distinct: bool = False) -> Totals:
    """Return the official sums; precision is the running sum in the order of the claims.

    ``unpredicted`` is the precision of a claim without predicted evidence, officially 1.0; ``distinct``
    counts a repeated piece once.
    """
    correct, scored, recalled = (flag(codes, bit) for bit in (CORRECT, SCORED, RECALLED))
    asked = codes[scored == 1]
    hits = number(asked, DISTINCT_HITS_AT if distinct else HITS_AT)
    given = number(asked, DISTINCT_AT if distinct else GIVEN_AT)
    each = np.divide(hits, given, out=np.full(hits.shape, unpredicted), where=given > 0)
    return Totals(
        claims=codes.size,
        correct=int(correct.sum()),
        strict=int((correct * np.where(scored == 1, recalled, 1)).sum()),
        scored=asked.size,
        recalled=int((scored * np.maximum(recalled, flag(codes, NO_GROUPS))).sum()),
        precision=running_sum(each),
    )


def official_figures(sums: Totals, *, zero_f1: bool = False) -> dict[str, float]:
    """Return the official figures.

    ``zero_f1`` makes F1 0 where precision and recall are; else that raises ZeroDivisionError, as there.
    """
    precision = sums.precision / sums.scored if sums.scored else 1.0
    recall = sums.recalled / sums.scored if sums.scored else 0.0
    nothing = zero_f1 and precision + recall == 0
    f1 = 0.0 if nothing else 2.0 * precision * recall / (precision + recall)
    values = (sums.strict / sums.claims, sums.correct / sums.claims, precision, recall, f1)
    return dict(zip(FIGURES, values, strict=True))


def quirks(
    codes: Ints, uncut: Mapping[int, int], limit: str, figures: Mapping[str, float | None]
) -> Iterator[str]:
    """Yield what touched the official figures, with the figures as they would be without it.

    ``uncut`` are the codes, by position, that would be others without the ``limit``.
    """

    def said(what: str, sums: Totals) -> str:
        return touched(what, figures, official_figures(sums, zero_f1=True))

    scored, given = flag(codes, SCORED), number(codes, GIVEN_AT)
    if bare := int((scored * (given == 0)).sum()):
        what = f"precision is 1.0 for {bare} claims without predicted evidence, rather than 0"
        yield said(what, totals(codes, unpredicted=0.0))
    if repeating := int((scored * (number(codes, DISTINCT_AT) < given)).sum()):
        what = f"repeated evidence of {repeating} claims counts every time"
        yield said(what, totals(codes, distinct=True))
    if uncut:
        what = f"evidence of {len(uncut)} claims beyond the first {limit} is dropped"
        yield said(what, totals(replaced(codes, uncut)))
    if free := int((scored * flag(codes, NO_GROUPS)).sum()):
        yield f"recall is 1.0 for {free} claims whose gold has no evidence"


def replaced(codes: Ints, others: Mapping[int, int]) -> Ints:
    """Return the codes with others in some positions."""
    result = codes.copy()
    result[list(others)] = list(others.values())
    return result


def unknown_labels(codes: Ints) -> int:
    """Return how many claims have a gold label that is none of the official ones."""
    return int((number(codes, GOLD_AT) == OTHER).sum())


def answers(codes: Ints) -> Mapping[str, int]:
    """Return how many claims have no prediction, and how many a predicted label that is no official one."""
    missing = flag(codes, MISSING)
    other = number(codes, PREDICTED_AT) == OTHER
    return {"missing": int(missing.sum()), "invalid": int((other * (1 - missing)).sum())}
