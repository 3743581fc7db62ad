"""The best one-to-one assignment of system claims to gold claims, unique whatever the order of its input."""

from __future__ import annotations

import numpy as np

from claimbench.stats.clusters import connected
from claimbench.stats.estimators import Floats, Ints

SCORE_BITS = 24
"""Scores are compared as multiples of 2**-24, so that ties are exact."""
TIE_BITS = 16
"""Room below a score for the tie-breakers of one assignment: 1023 pairs of them."""
_TIE_STEPS = 64


def assign(scores: Floats, tie_breaks: Floats, threshold: float) -> list[int | None]:
    """Return for each row the column it is assigned, maximising the sum of scores >= ``threshold``.

    Both tables have shape (rows, columns) and values from 0 to 1. Among equal optima that with the
    greatest sum of ``tie_breaks`` counts, among those that whose rows, in order, take the smallest columns.
    """
    ranked = np.ldexp(np.rint(np.ldexp(scores, SCORE_BITS)), TIE_BITS) + np.rint(tie_breaks * _TIE_STEPS)
    weights = np.where(scores >= threshold, ranked, 0.0).astype(np.int64)
    result: list[int | None] = [None] * weights.shape[0]
    pairs = [(int(i), int(j)) for i, j in np.argwhere(weights > 0)]
    groups: dict[tuple[str, int], tuple[set[int], set[int]]] = {}
    head = connected([(("row", i), ("column", j)) for i, j in pairs])
    for i, j in pairs:
        left, right = groups.setdefault(head["row", i], (set(), set()))
        left.add(i)
        right.add(j)
    for left, right in groups.values():
        for i, j in _smallest_optimum(weights, sorted(left), sorted(right)).items():
            result[i] = j
    return result


def _smallest_optimum(weights: Ints, left: list[int], right: list[int]) -> dict[int, int]:
    chosen: dict[int, int] = {}
    rest = list(right)
    best = _optimum(weights, left, rest)
    for position, i in enumerate(left):
        later = left[position + 1 :]
        for j in rest:
            if (
                weights[i, j]
                and weights[i, j] + _optimum(weights, later, [k for k in rest if k != j]) == best
            ):
                chosen[i] = j
                best -= int(weights[i, j])
                rest.remove(j)
                break
    return chosen


def _optimum(weights: Ints, left: list[int], right: list[int]) -> int:
    if not left or not right:
        return 0
    if len(left) == 1 or len(right) == 1:
        return int(weights[np.ix_(left, right)].max())
    from scipy.optimize import linear_sum_assignment

    block = weights[np.ix_(left, right)]
    return int(block[linear_sum_assignment(block, maximize=True)].sum())
