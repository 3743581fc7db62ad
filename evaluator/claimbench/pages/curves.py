"""Reliability and risk-coverage of one run, as a template draws them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from claimbench.pages.calibration import Curve, reliability, risk_coverage
from claimbench.pages.entries import Entry
from claimbench.pages.plots import path, point
from claimbench.records import QaPrediction, VerificationPrediction
from claimbench.scoring import Scored
from claimbench.tasks.base import answered


def curves(scored: Scored, mine: Sequence[Entry]) -> list[dict[str, Any]]:
    """Return the curves of a task whose predictions can say how sure they are."""
    table = scored.report.items
    if scored.report.task not in ("verification", "qa") or table is None:
        return []
    clusters = dict(zip(table.ids, table.clusters, strict=True))
    found = next(iter(scored.predictions.values()))
    sure = {entry.id: _sure(answered(found, entry.id)) for entry in mine}
    kept = [entry for entry in mine if entry.answered]
    if any(sure[entry.id] is None for entry in kept):
        kept = []
    confidence = np.array([sure[entry.id] for entry in kept], dtype=np.float64)
    loss = np.array([1.0 - (entry.score or 0.0) for entry in kept])
    right = np.array([int(bool(entry.right)) for entry in kept], dtype=np.int64)
    of = tuple(clusters[entry.id] for entry in kept)
    return [_reliability(reliability(confidence, right, of)), _risk(risk_coverage(confidence, loss, of))]


def _sure(prediction: object) -> float | None:
    if isinstance(prediction, VerificationPrediction) and prediction.probabilities is not None:
        return max(prediction.probabilities.as_tuple())
    return prediction.confidence if isinstance(prediction, QaPrediction) else None


def _reliability(curve: Curve) -> dict[str, Any]:
    marks = []
    for one in curve.bins:
        x, y = point(one.confidence, one.right)
        low, high = (one.interval.low, one.interval.high) if one.interval else (one.right, one.right)
        marks.append({"x": x, "y": y, "low": point(0, low)[1], "high": point(0, high)[1]})
    said = "; ".join(f"of {b.items} items at confidence {b.confidence:.2f}, {b.right:.2f} are right"
                     for b in curve.bins)  # fmt: skip
    return {
        "name": "Reliability",
        "x": "confidence",
        "y": "share right",
        "marks": marks,
        "line": "",
        "said": f"Reliability: {said}.",
        "note": "On the diagonal a system is as sure as it is right. Bars are 95 % intervals; fifths of the "
        "scale with too few items or clusters are left out.",
        "why_not": curve.why_not,
    }


def _risk(curve: Curve) -> dict[str, Any]:
    ends = [curve.points[0], curve.points[-1]] if curve.points else []
    said = " and ".join(f"risk {risk:.2f} at coverage {coverage:.2f}" for coverage, risk in ends)
    return {
        "name": "Risk and coverage",
        "x": "coverage: share answered, surest first",
        "y": "risk: mean loss",
        "marks": [],
        "line": path(curve.points),
        "said": f"Risk-coverage curve: {said}.",
        "note": f"What it would cost to answer only when sure: {said}.",
        "why_not": curve.why_not,
    }
