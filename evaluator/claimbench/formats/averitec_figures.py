"""AVeriTeC's official figures from labels and scores of claims, with the summations of its scorers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from claimbench.formats.summation import pairwise_mean, running_sum

LABELS = {
    "Supported": "supported",
    "Refuted": "refuted",
    "Not Enough Evidence": "not_enough_evidence",
    "Conflicting Evidence/Cherrypicking": "conflicting_evidence",
}
"""The official labels in the form of metric names."""

LEVELS = (0.1, 0.2, 0.25, 0.3, 0.4, 0.5)
QUESTIONS, ANSWERS = "Question-only score (HU-meteor)", "Question-answer score (HU-meteor)"
JUSTIFICATION = "Justification score (meteor)"
OF_LABELS = (*LABELS, "macro", "acc")
VERACITY_AT = tuple(f"Veracity scores (meteor @ {level})" for level in LEVELS)
JUSTIFICATION_AT = tuple(f"Justification scores (meteor @ {level})" for level in LEVELS)


def of_labels(gold: Sequence[str], predicted: Sequence[str]) -> dict[str, float]:
    """Return F1 per label, their mean over all four, and accuracy.

    Equals ``sklearn.metrics.f1_score`` (1.2.2) with the four labels, a label without a case counting 0.
    """
    figures = {}
    for label in LABELS:
        hits = sum(mine == label == theirs for mine, theirs in zip(predicted, gold, strict=True))
        precision, recall = _share(hits, predicted.count(label)), _share(hits, gold.count(label))
        figures[label] = 2 * precision * recall / (precision + recall) if hits else 0.0
    figures["macro"] = pairwise_mean(list(figures.values()))
    figures["acc"] = _share(sum(map(str.__eq__, gold, predicted)), len(gold))
    return figures


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def at_levels(names: Sequence[str], evidence: Sequence[float], scores: Sequence[float]) -> dict[str, float]:
    """Return the mean of ``scores`` at each level, those claims counting 0 whose evidence is not above it."""
    figures = {}
    for name, level in zip(names, LEVELS, strict=True):
        kept = [score if mine > level else 0.0 for mine, score in zip(evidence, scores, strict=True)]
        figures[name] = running_sum(kept) / len(kept)
    return figures


def by_type(types: Sequence[Sequence[str]], evidence: Sequence[float], level: float) -> Mapping[str, float]:
    """Return the mean evidence score of each type of claim, what is not above the level counting 0."""
    scores: dict[str, list[float]] = {}
    for kinds, score in zip(types, evidence, strict=True):
        for kind in kinds:
            scores.setdefault(kind, []).append(score if score > level else 0.0)
    return {f"Veracity scores ({kind}) @ {level}": pairwise_mean(given) for kind, given in scores.items()}
