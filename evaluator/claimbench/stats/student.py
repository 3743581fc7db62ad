"""Student's t in plain Python and numpy: importing scipy.stats costs more than a whole scoring run.

Tested against ``scipy.stats.t``.
"""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from claimbench.stats.estimators import Floats

_TINY = 1e-300
_TERMS = 400


def _incomplete_beta(a: float, b: float, x: float, y: float) -> float:
    """Regularised incomplete beta function I_x(a, b), y = 1 - x, by Lentz's continued fraction."""
    if x <= 0.0 or y <= 0.0:
        return 0.0 if x <= 0.0 else 1.0
    if x > (a + 1.0) / (a + b + 2.0):
        return 1.0 - _incomplete_beta(b, a, y, x)
    front, c, d, f = _front(a, b, x), 1.0, 0.0, 1.0
    for i in range(_TERMS):
        above, below = _term(a, b, i)
        numerator = above * x / below if i else 1.0
        d = 1.0 / (1.0 + numerator * d or _TINY)
        c = 1.0 + numerator / c or _TINY
        f *= c * d
        if abs(1.0 - c * d) < 1e-16:
            break
    return front * (f - 1.0) / a


def _front(a: float, b: float, x: float) -> float:
    """Return x^a (1 - x)^b / B(a, b)."""
    return math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )


def _term(a: float, b: float, i: int) -> tuple[float, float]:
    """Return what the numerator of the i-th fraction is but for x, and what it is divided by."""
    m = i // 2
    if i % 2 == 0:
        return m * (b - m), (a + 2 * m - 1) * (a + 2 * m)
    return -(a + m) * (a + b + m), (a + 2 * m) * (a + 2 * m + 1)


def _incomplete_betas(a: float, b: float, x: Floats, y: Floats) -> Floats:
    """Return ``_incomplete_beta`` of every x and y in [0, 1], shape (...), to the last bit."""
    far = x > (a + 1.0) / (a + b + 2.0)
    if far.any():
        result = np.empty_like(x)
        result[~far] = _incomplete_betas(a, b, x[~far], y[~far])
        result[far] = 1.0 - _incomplete_betas(b, a, y[far], x[far])
        return result
    front = np.array([_front(a, b, each) if each > 0.0 else 0.0 for each in x.tolist()])
    c, d, f, going = np.ones_like(x), np.zeros_like(x), np.ones_like(x), np.ones(x.shape, dtype=np.bool_)
    for i in range(_TERMS):
        above, below = _term(a, b, i)
        numerator = above * x / below if i else np.ones_like(x)
        d = 1.0 + numerator * d
        d = 1.0 / np.where(d == 0.0, _TINY, d)
        c = 1.0 + numerator / c
        c = np.where(c == 0.0, _TINY, c)
        f = np.where(going, f * (c * d), f)
        going &= np.abs(1.0 - c * d) >= 1e-16
        if not going.any():
            break
    found: Floats = front * (f - 1.0) / a
    return found


def t_tail(t: float, df: float) -> float:
    """Return P(T > t) for t >= 0."""
    square = t * t
    return 0.5 * _incomplete_beta(
        df / 2.0, 0.5, df / (df + square), 1.0 / (1.0 + df / square) if square else 0.0
    )


def t_tails(t: Floats, df: float) -> Floats:
    """Return ``t_tail`` of every t, shape (systems,), to the last bit; many cost less at once."""
    with np.errstate(over="ignore", divide="ignore"):
        square = t * t
        return 0.5 * _incomplete_betas(df / 2.0, 0.5, df / (df + square), 1.0 / (1.0 + df / square))


@lru_cache(maxsize=1024)
def t_quantile(p: float, df: float) -> float:
    """Return the p quantile of Student's t with ``df`` degrees of freedom.

    Raises ValueError unless 0 < p < 1 and df > 0.
    """
    if not (0.0 < p < 1.0 and df > 0.0):
        raise ValueError("t_quantile needs 0 < p < 1 and df > 0")
    if p == 0.5:
        return 0.0
    if p < 0.5:
        return -t_quantile(1.0 - p, df)
    low, high = 0.0, max(1.0, NormalDist().inv_cdf(p))
    while t_tail(high, df) > 1.0 - p:
        low, high = high, 2.0 * high
    for _ in range(200):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        if t_tail(middle, df) > 1.0 - p:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)
