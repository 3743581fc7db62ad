"""Scoring extraction with people's decisions, and collecting what is left for them to decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from claimbench.judging.queue import unjudged
from claimbench.reading.corpus import Corpus
from claimbench.records import ExtractionPrediction, Judgement
from claimbench.report import Report
from claimbench.scoring import PredictionSource, score
from claimbench.stats.estimators import Rows
from claimbench.tasks import extraction
from claimbench.tasks.base import Items
from claimbench.tasks.decisions import NONE, Decisions

DIGITS = 12
"""Digits of a digest in a signature."""


def score_extraction(
    predictions: PredictionSource | Sequence[str],
    corpus: Corpus,
    *,
    decisions: Decisions = NONE,
    split: str = "test",
    by: Sequence[str] | None = None,
) -> tuple[Report, tuple[Judgement, ...]]:
    """Return the report of extraction, scored with decisions, and the queue of what is still unjudged.

    Where there are decisions, the signature names them by digest. Raises what ``claimbench.score`` raises.
    """
    runs: list[Mapping[str, ExtractionPrediction]] = []

    def rows(gold: Corpus, items: Items, found: Mapping[str, ExtractionPrediction]) -> Rows:
        runs.append(found)
        return extraction.rows(gold, items, found, decisions=decisions)

    signed = {"judgements": decisions.digest[:DIGITS]} if decisions.by_id else {}
    task = replace(extraction.TASK, rows=rows, signed=signed)
    report = score(task, predictions, split=split, corpus=corpus, by=by)
    return report, unjudged(corpus, runs, decisions)
