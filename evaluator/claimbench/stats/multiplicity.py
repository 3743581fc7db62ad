"""Adjusting p values where several questions are asked at once.

Oracle: ``statsmodels.stats.multitest.multipletests``.
"""

from __future__ import annotations

from collections.abc import Sequence


def holm(p: Sequence[float]) -> tuple[float, ...]:
    """Return p values adjusted to keep the chance of any false finding (Holm 1979), in the given order."""
    adjusted = [0.0] * len(p)
    most = 0.0
    for done, i in enumerate(sorted(range(len(p)), key=p.__getitem__)):
        most = max(most, min(1.0, (len(p) - done) * p[i]))
        adjusted[i] = most
    return tuple(adjusted)


def benjamini_hochberg(p: Sequence[float]) -> tuple[float, ...]:
    """Return p values adjusted to keep the share of false findings (Benjamini & Hochberg 1995), in order."""
    adjusted = [0.0] * len(p)
    least = 1.0
    for rank, i in reversed(list(enumerate(sorted(range(len(p)), key=p.__getitem__), start=1))):
        least = min(least, len(p) / rank * p[i])
        adjusted[i] = least
    return tuple(adjusted)
