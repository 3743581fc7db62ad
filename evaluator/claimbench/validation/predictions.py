"""What a prediction line must mean as far as it can tell itself; scoring checks it against the gold."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

from claimbench.records import (
    OFFSETS,
    DetectionPrediction,
    EvidencePrediction,
    ExtractionPrediction,
    Prediction,
    QaPrediction,
    VerificationPrediction,
)
from claimbench.tasks.offsets import LABELS, positions
from claimbench.validation.gold import Finding

PREDICTIONS: dict[str, type[Prediction]] = {
    "prediction-detection": DetectionPrediction,
    "prediction-extraction": ExtractionPrediction,
    "prediction-evidence": EvidencePrediction,
    "prediction-verification": VerificationPrediction,
    "prediction-qa": QaPrediction,
}
"""Record kind to typed value."""

SUM_TOLERANCE = 1e-3
"""How far from one a system's rounded probabilities may sum."""


def probabilities_sum_to_one(prediction: VerificationPrediction) -> Iterator[Finding]:
    """The four probabilities sum to one."""
    if prediction.probabilities is not None:
        total = math.fsum(prediction.probabilities.as_tuple())
        if abs(total - 1) > SUM_TOLERANCE:
            yield "/probabilities", f"expected a sum of one within {SUM_TOLERANCE}, got {total:.6g}"


def claims_have_whole_spans(prediction: ExtractionPrediction) -> Iterator[Finding]:
    """A claim has both offsets, in order, or neither."""
    claims = prediction.claims if isinstance(prediction.claims, tuple) else ()
    for number, claim in enumerate(claims):
        where = f"/claims/{number}"
        if (claim.start is None) != (claim.end is None):
            given, absent = ("end", "start") if claim.start is None else ("start", "end")
            yield f"{where}/{absent}", f"expected both offsets or neither, got only the {given}"
        elif claim.start is not None and claim.end is not None and claim.end <= claim.start:
            yield f"{where}/end", f"expected more than the start, {claim.start}, got {claim.end}"


def quotes_have_their_length(prediction: ExtractionPrediction) -> Iterator[Finding]:
    """A quote comes with both offsets and is as long as they say, by the declared unit or by any."""
    claims = prediction.claims if isinstance(prediction.claims, tuple) else ()
    units = [prediction.offsets] if prediction.offsets else OFFSETS
    for number, claim in enumerate(claims):
        where = f"/claims/{number}/quote"
        if claim.quote is None:
            continue
        if claim.start is None or claim.end is None:
            yield where, "expected both offsets beside the quote"
            continue
        lengths = {unit: max(positions(claim.quote, unit)) for unit in units}
        if claim.end - claim.start not in lengths.values():
            counted = " or ".join(f"{length} {LABELS[unit]}" for unit, length in lengths.items())
            yield where, f"expected {claim.end - claim.start} from start to end, got {counted}"


RULES: dict[str, tuple[Callable[[Any], Iterator[Finding]], ...]] = {
    "prediction-verification": (probabilities_sum_to_one,),
    "prediction-extraction": (claims_have_whole_spans, quotes_have_their_length),
}
