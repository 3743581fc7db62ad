"""Span evaluation in the four modes of SemEval-2013 task 9.1, as nervaluate 1.2.1 counts them.

Ends are inclusive. Predictions are matched in file order, each to one gold span that is still free.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

MODES = ("strict", "exact", "partial", "ent_type")


class Span(NamedTuple):
    """A labelled span; ``end`` belongs to it."""

    label: str
    start: int
    end: int


class Tally(NamedTuple):
    """Counts of one mode; every count but ``spurious`` is of gold spans."""

    correct: int = 0
    incorrect: int = 0
    partial: int = 0
    missed: int = 0
    spurious: int = 0

    @property
    def actual(self) -> int:
        """Number of predictions."""
        return self.correct + self.incorrect + self.partial + self.spurious

    @property
    def possible(self) -> int:
        """Number of gold spans."""
        return self.correct + self.incorrect + self.partial + self.missed


def precision_recall_f1(tally: Tally, credit: float = 0.5) -> tuple[float, float, float]:
    """Return the three figures, 0/0 being 0; a partial match earns ``credit``."""
    earned = tally.correct + credit * tally.partial
    precision = earned / tally.actual if tally.actual else 0.0
    recall = earned / tally.possible if tally.possible else 0.0
    total = precision + recall
    return precision, recall, 2 * (precision * recall) / total if total else 0.0


def overlaps(predicted: Span, gold: Span) -> bool:
    """Whether a prediction covers at least one percent of a gold span.

    Raises ZeroDivisionError where the gold span is empty (it ends one before its start) and is touched.
    """
    if predicted.start > gold.end or predicted.end < gold.start:
        return False
    common = min(predicted.end, gold.end) - max(predicted.start, gold.start) + 1
    return common / (gold.end - gold.start + 1) * 100.0 >= 1.0


def _same_place(predicted: Span, gold: Span) -> bool:
    return predicted.start == gold.start and predicted.end == gold.end


def _partial_place(predicted: Span, gold: Span) -> bool:
    return overlaps(predicted, gold) and _same_place(predicted, gold)


def _tally(
    gold: Sequence[Span], predicted: Sequence[Span], right: Callable[[Span, Span], bool], near: str
) -> Tally:
    """Match each prediction to the first free gold span it gets right, else to the first it overlaps."""
    free = dict(enumerate(gold))
    counts = {"correct": 0, near: 0, "spurious": 0}
    for span in predicted:
        found = next((i for i, other in free.items() if right(span, other)), None)
        kind = "correct"
        if found is None:
            found = next((i for i, other in free.items() if overlaps(span, other)), None)
            kind = near
        if found is None:
            counts["spurious"] += 1
        else:
            counts[kind] += 1
            del free[found]
    return Tally(missed=len(free), **counts)


def _tally_types(gold: Sequence[Span], predicted: Sequence[Span]) -> Tally:
    """Match each prediction to the free overlapping gold span of its label with the closest ends."""
    free = dict(enumerate(gold))
    counts = {"correct": 0, "incorrect": 0, "spurious": 0}
    for span in predicted:
        touched = [i for i, other in free.items() if overlaps(span, other)]
        same = [i for i in touched if free[i].label == span.label]
        if same:
            distance = {i: abs(span.start - free[i].start) + abs(span.end - free[i].end) for i in same}
            counts["correct"] += 1
            del free[min(same, key=distance.__getitem__)]
        elif touched:
            counts["incorrect"] += 1
            del free[touched[0]]
        else:
            counts["spurious"] += 1
    return Tally(missed=len(free), **counts)


def tally(mode: str, gold: Sequence[Span], predicted: Sequence[Span]) -> Tally:
    """Return the counts of one document in one mode of MODES."""
    if mode == "strict":
        return _tally(gold, predicted, Span.__eq__, "incorrect")
    if mode == "exact":
        return _tally(gold, predicted, _same_place, "incorrect")
    if mode == "partial":
        return _tally(gold, predicted, _partial_place, "partial")
    return _tally_types(gold, predicted)
