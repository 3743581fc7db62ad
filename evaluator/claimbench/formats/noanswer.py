"""SQuAD 2.0's figures: scores with and without an answer, best no-answer thresholds, average precision.

For the curves, questions are answered one by one by ascending no-answer probability, from none to all;
``has_answer``, ``scores``, ``said`` and ``probabilities`` come in that order, shape (items,).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from claimbench.formats.squad import Matches
from claimbench.formats.summation import PythonSum, array_sum, running_sum
from claimbench.stats.estimators import Bools, Floats

PARTS = ("", "HasAns_", "NoAns_")


class Answered(NamedTuple):
    """Questions and what was predicted, one entry per question."""

    has_answer: Bools
    said: Bools
    """Whether the prediction is not the empty string."""
    found: Matches
    probability: Floats
    """That there is no answer."""


def thresholded(answered: Answered, threshold: float) -> Matches:
    """Return the matches with every prediction above the threshold taken as "no answer"."""
    withheld, right = answered.probability > threshold, ~answered.has_answer
    return Matches(
        exact=np.where(withheld, right, answered.found.exact),
        f1=np.where(withheld, right.astype(np.float64), answered.found.f1),
        empty=answered.found.empty & ~withheld,
        hollow=answered.found.hollow,
    )


def f1_sum(scores: Matches, python: PythonSum) -> float:
    """Return the sum of F1; an exact match of nothing is an integer in the scorer, any other a float."""
    return array_sum(scores.f1, python, whole=scores.exact & scores.empty)


def figures(has_answer: Bools, scores: Matches, python: PythonSum) -> dict[str, float]:
    """Return exact match and F1 in percent, on all questions and on those with and without an answer."""
    result = {}
    for part, chosen in zip(PARTS, (np.ones_like(has_answer), has_answer, ~has_answer), strict=True):
        count = int(chosen.sum())
        if count:
            kept = scores.part(chosen)
            result[f"{part}exact"] = 100.0 * int(kept.exact.sum()) / count
            result[f"{part}f1"] = 100.0 * f1_sum(kept, python) / count
    return result


def walk(has_answer: Bools, scores: Floats, said: Bools) -> Floats:
    """Return the summed score after each step, (items + 1,): none answered, the first answered, and so on."""
    gains = np.where(has_answer, scores, np.where(said, -1.0, 0.0))
    start = float((~has_answer).sum())
    sums: Floats = np.add.accumulate(np.concatenate([[start], gains]))
    return sums


def best_threshold(steps: Floats, probabilities: Floats) -> tuple[float, float]:
    """Return the best score of a walk in percent, and the probability of its last question; 0 for none."""
    at = int(np.argmax(steps))
    return 100.0 * float(steps[at]) / len(probabilities), float(probabilities[at - 1]) if at else 0.0


def reachable_best(steps: Floats, probabilities: Floats) -> float:
    """Return the best score in percent that a threshold reaches, equal probabilities being one step."""
    best = max(steps[0], steps[1:][_group_ends(probabilities)].max())
    return 100.0 * float(best) / len(probabilities)


def average_precision(has_answer: Bools, scores: Floats, probabilities: Floats) -> float:
    """Return the area under precision and recall in percent, a step per group of equal probabilities."""
    gathered = np.add.accumulate(np.where(has_answer, scores, 0.0))
    ends = _group_ends(probabilities)
    precision = (gathered / np.arange(1, len(gathered) + 1))[ends]
    recall = (gathered / int(has_answer.sum()))[ends]
    return 100.0 * running_sum(precision * np.diff(recall, prepend=0.0))


def _group_ends(probabilities: Floats) -> Bools:
    return np.append(np.diff(probabilities) != 0, True)


def curve_figures(answered: Answered, order: npt.NDArray[np.intp]) -> tuple[dict[str, float], list[str]]:
    """Return best thresholds and average precisions, and a line on each best that no threshold reaches.

    ``order`` lists the questions by ascending no-answer probability.
    """
    has, said, probability = answered.has_answer[order], answered.said[order], answered.probability[order]
    scores = {"exact": answered.found.exact[order].astype(np.float64), "f1": answered.found.f1[order]}
    result, lines = {}, []
    for name, values in scores.items():
        steps = walk(has, values, said)
        result[f"best_{name}"], result[f"best_{name}_thresh"] = best_threshold(steps, probability)
        within = reachable_best(steps, probability)
        if within < result[f"best_{name}"]:
            reason = "falls inside a group of equal probabilities; the best that a threshold reaches is"
            lines.append(f"best_{name} {reason} {within!r}")
    if has.any():
        for name, values in {**scores, "oracle": np.ones(len(has))}.items():
            result[f"pr_{name}_ap"] = average_precision(has, values, probability)
    return result, lines
