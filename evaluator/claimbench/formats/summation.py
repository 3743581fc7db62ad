"""The ways in which official scorers add up floats; each gives its own last bits on any Python and numpy.

A figure is reproduced to the last bit only by the summation of its scorer. Exact sums (``math.fsum``) equal
none of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Literal

import numpy as np
import numpy.typing as npt

PythonSum = Literal["3.11", "3.12"]
"""The Python whose built-in ``sum`` is meant: up to 3.11, or from 3.12 on."""

_SMALL = 8
_BLOCK = 128


def running_sum(values: npt.ArrayLike) -> float:
    """Return the sum of floats from left to right, as ``total += value`` from 0.0 does."""
    array = np.asarray(values, dtype=np.float64)
    return float(np.add.accumulate(array)[-1]) + 0.0 if array.size else 0.0


def python_sum(values: Iterable[float | int], python: PythonSum) -> float:
    """Return what the built-in ``sum(values)`` of that CPython gives; ints stay exact until a float comes.

    Up to 3.11 floats are added from left to right. From 3.12 on the rounding errors of floats, not of ints
    among them, are gathered apart and added at the end (Neumaier 1974).
    """
    return _compensated(values) if python == "3.12" else _plain(values)


def _plain(values: Iterable[float | int]) -> float:
    total: float | int = 0
    for value in values:
        total = total + value
    return float(total)


def _compensated(values: Iterable[float | int]) -> float:
    total: float | int = 0
    lost = 0.0
    for value in values:
        if isinstance(total, int) or isinstance(value, int):
            total = total + value
            continue
        after = total + value
        lost += (total - after) + value if abs(total) >= abs(value) else (value - after) + total
        total = after
    return float(total + lost) if lost and math.isfinite(lost) else float(total)


def array_sum(values: npt.ArrayLike, python: PythonSum, whole: npt.ArrayLike | None = None) -> float:
    """Return ``python_sum`` of a float64 vector; ``whole`` marks the values that are ints in the scorer."""
    array = np.asarray(values, dtype=np.float64)
    if python == "3.11" or not array.size:
        return running_sum(array)
    after = np.add.accumulate(array)
    before = np.concatenate([[0.0], after[:-1]])
    lost = np.where(np.abs(before) >= np.abs(array), (before - after) + array, (array - after) + before)
    if whole is not None:
        lost[np.asarray(whole)] = 0.0
    rest = running_sum(lost)
    return float(after[-1]) + (rest if math.isfinite(rest) else 0.0)


def pairwise_sum(values: npt.ArrayLike) -> float:
    """Return the sum of a contiguous float64 vector as ``numpy.sum`` makes it: by halves, down to 128.

    A block is added in eight interleaved running sums; fewer than eight values from left to right.
    """
    return _pairwise(np.asarray(values, dtype=np.float64).tolist())


def _pairwise(values: list[float]) -> float:
    count = len(values)
    if count < _SMALL:
        total = -0.0
        for value in values:
            total += value
        return total if values else 0.0
    if count <= _BLOCK:
        whole = count - count % _SMALL
        r = [sum_from_left(values[lane:whole:_SMALL]) for lane in range(_SMALL)]
        total = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]))
        for value in values[whole:]:
            total += value
        return total
    half = count // 2
    half -= half % _SMALL
    return _pairwise(values[:half]) + _pairwise(values[half:])


def sum_from_left(values: Iterable[float]) -> float:
    """Return the sum from left to right starting with the first value."""
    total = -0.0
    for value in values:
        total += value
    return total


def pairwise_mean(values: npt.ArrayLike) -> float:
    """Return the mean as ``numpy.mean`` makes it: the pairwise sum divided by the count."""
    array = np.asarray(values, dtype=np.float64)
    return pairwise_sum(array) / array.size
