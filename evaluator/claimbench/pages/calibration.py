"""Is a system as sure as it is right? Reliability and risk-coverage, only where the items allow it."""

from __future__ import annotations

import msgspec
import numpy as np

from claimbench.stats.classification import share
from claimbench.stats.estimators import Additive, Floats, Ints, Rows, from_fixed, to_fixed
from claimbench.stats.intervals import Interval, cluster_codes, jackknife

BINS = 5
LEAST_ITEMS = 20
"""Fewest items in a bin of the reliability curve, and before the first point of risk-coverage."""
LEAST_CLUSTERS = 10
"""Fewest clusters in a bin, and for a risk-coverage curve at all; with fewer the interval says nothing."""
LEAST_BINS = 3

_RIGHT = Additive("right", ("right", "items"), share)


class Bin(msgspec.Struct, frozen=True):
    """The items whose confidence lies in one fifth: the mean of it, and the share that is right."""

    items: int
    confidence: float
    right: float
    interval: Interval | None


class Curve(msgspec.Struct, frozen=True):
    """What can be drawn, or the reason why it is not."""

    points: tuple[tuple[float, float], ...] = ()
    bins: tuple[Bin, ...] = ()
    why_not: str = ""


def reliability(confidence: Floats, right: Ints, clusters: tuple[str, ...]) -> Curve:
    """Return the share of right items by confidence in ``BINS`` equal bins of [0, 1].

    ``confidence`` and ``right`` (0 or 1) are of shape (items,). Bins with fewer than ``LEAST_ITEMS`` items
    or ``LEAST_CLUSTERS`` clusters are left out; with fewer than ``LEAST_BINS`` left there is no curve.
    """
    if not confidence.size:
        return Curve(why_not="The predictions carry no confidence for every answer.")
    place = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    rows = Rows(tuple(map(str, range(right.size))), ("right", "items"), np.stack([right, right * 0 + 1], 1))
    bins = []
    for which in range(BINS):
        index = np.flatnonzero(place == which)
        codes = cluster_codes([clusters[i] for i in index])
        if index.size < LEAST_ITEMS or np.unique(codes).size < LEAST_CLUSTERS:
            continue
        interval = jackknife(_RIGHT, rows.take(index), codes)
        bins.append(Bin(index.size, float(confidence[index].mean()), float(right[index].mean()), interval))
    if len(bins) < LEAST_BINS:
        return Curve(
            bins=tuple(bins),
            why_not=f"A point needs {LEAST_ITEMS} items from {LEAST_CLUSTERS} clusters, and a curve "
            f"{LEAST_BINS} such points of {BINS}; {len(bins)} of {BINS} fifths of the confidence scale "
            "have that many.",
        )
    return Curve(bins=tuple(bins))


def risk_coverage(confidence: Floats, loss: Floats, clusters: tuple[str, ...]) -> Curve:
    """Return (coverage, risk) points: the mean loss of the surest answers, ties taken together.

    ``confidence`` and ``loss`` are of shape (items,). The first point stands at ``LEAST_ITEMS`` items.
    """
    if not confidence.size:
        return Curve(why_not="The predictions carry no confidence for every answer.")
    count = len(set(clusters))
    if confidence.size < 2 * LEAST_ITEMS or count < LEAST_CLUSTERS:
        return Curve(
            why_not=f"It needs {2 * LEAST_ITEMS} items from {LEAST_CLUSTERS} clusters; "
            f"there are {confidence.size} from {count}."
        )
    order = np.argsort(-confidence, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(confidence[order]) != 0, True))
    total = from_fixed(np.cumsum(to_fixed(loss[order])))
    points = [(float(e + 1) / confidence.size, float(total[e] / (e + 1))) for e in ends]
    kept = [p for p in points if p[0] * confidence.size >= LEAST_ITEMS]
    if len(kept) < 2:
        return Curve(why_not="Every answer is given with the same confidence.")
    return Curve(points=tuple(kept))
