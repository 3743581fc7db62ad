"""What scorers built on scikit-learn compute from labels, to the last bit.

F1 is 2PR / (P + R) as in scikit-learn up to 1.2; since 1.3 it is 2tp / (gold + predicted), which can differ
in the last digit. Means over labels are numpy's.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from claimbench.formats.summation import pairwise_mean


class LabelScore(msgspec.Struct, frozen=True):
    """Counts of one label and what scikit-learn makes of them, 0/0 being 0 (``zero_division=0``)."""

    hits: int
    gold: int
    predicted: int

    @property
    def precision(self) -> float:
        """Share of the predictions of the label that are right."""
        return self.hits / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of the label's items that were found."""
        return self.hits / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two, as scikit-learn up to 1.2."""
        total = self.precision + self.recall
        return 2.0 * self.precision * self.recall / total if total else 0.0

    @property
    def f1_of_counts(self) -> float:
        """The same from the counts, as scikit-learn since 1.3."""
        total = self.gold + self.predicted
        return 2.0 * self.hits / total if total else 0.0


def label_scores(
    gold: Sequence[str], predicted: Sequence[str], labels: Iterable[str] | None = None
) -> dict[str, LabelScore]:
    """Return the score of each label; by default of all in gold or prediction, sorted."""
    hits = Counter(g for g, p in zip(gold, predicted, strict=True) if g == p)
    given, found = Counter(gold), Counter(predicted)
    chosen = sorted(given.keys() | found.keys()) if labels is None else labels
    return {label: LabelScore(hits[label], given[label], found[label]) for label in chosen}


def mean(values: Iterable[float]) -> float:
    """Return the mean as numpy computes it; NaN of nothing."""
    numbers = list(values)
    return pairwise_mean(numbers) if numbers else math.nan


def balanced_accuracy(scores: Iterable[LabelScore]) -> float:
    """Return the mean recall of the labels that have gold; NaN where none has."""
    return mean(score.recall for score in scores if score.gold)
