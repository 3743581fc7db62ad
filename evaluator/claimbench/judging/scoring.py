"""Scoring with what settles open claims: people's decisions, a judge, or both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from msgspec.structs import replace

from claimbench.judging.comparing import (
    answer_requests,
    claim_requests,
    judged_alike,
    judged_answer,
)
from claimbench.judging.judge import Judge
from claimbench.judging.prompts import Request
from claimbench.judging.queue import unjudged
from claimbench.judging.trust import Confusion, Labelled, answer_pairs, claim_pairs, confusion, sample
from claimbench.reading.corpus import Corpus
from claimbench.records import ExtractionPrediction, Judgement, QaPrediction
from claimbench.report import Report
from claimbench.scoring import PredictionSource, score
from claimbench.stats.estimators import Rows
from claimbench.tasks import extraction, qa
from claimbench.tasks.base import Items
from claimbench.tasks.decisions import NONE, Decisions
from claimbench.tasks.matching import alike

DIGITS = 12
"""Digits of a digest in a signature."""

Predictions = PredictionSource | Sequence[str]


def score_extraction(
    predictions: Predictions,
    corpus: Corpus,
    *,
    decisions: Decisions = NONE,
    judge: Judge | None = None,
    split: str = "test",
    by: Sequence[str] | None = None,
    how: Callable[..., Report] = score,
) -> tuple[Report, tuple[Judgement, ...]]:
    """Return the report of extraction with decisions and a judge, and the queue of what is still unjudged.

    ``how`` does the scoring. The signature names decisions and judge by digest, the notes say what the judge
    did. Raises what
    ``claimbench.score`` raises.
    """
    runs: list[Mapping[str, ExtractionPrediction]] = []
    asked: list[Request] = []
    compare = alike if judge is None else judged_alike(judge)

    def rows(gold: Corpus, items: Items, found: Mapping[str, ExtractionPrediction]) -> Rows:
        runs.append(found)
        if judge is not None:
            asked.extend(_prepared(judge, claim_requests(gold, found)))
        return extraction.rows(gold, items, found, alike=compare, decisions=decisions)

    signed = {"judgements": decisions.digest[:DIGITS]} if decisions.by_id else {}
    task = replace(extraction.TASK, rows=rows, signed=signed | _signed(judge))
    report = how(task, predictions, split=split, corpus=corpus, by=by)
    queue = unjudged(corpus, runs, decisions, alike=compare)
    return _noted(report, judge, asked, claim_pairs(corpus, report.own_split)), queue


def score_qa(
    predictions: Predictions,
    corpus: Corpus,
    judge: Judge,
    *,
    split: str = "test",
    by: Sequence[str] | None = None,
    how: Callable[..., Report] = score,
) -> Report:
    """Return the report of question answering where a judge says which answers are right.

    ``how`` does the scoring. F1 is the judge's verdict where it gave one; exact and typed match stay as they
    are without it. Raises what ``claimbench.score`` raises.
    """
    asked: list[Request] = []

    def rows(gold: Corpus, items: Items, found: Mapping[str, QaPrediction]) -> Rows:
        scored = set(items.ids)
        asked.extend(_prepared(judge, answer_requests((q for q in gold.questions if q.id in scored), found)))
        return qa.rows(gold, items, found, compare=partial(judged_answer, judge))

    task = replace(qa.TASK, rows=rows, signed=_signed(judge))
    report = how(task, predictions, split=split, corpus=corpus, by=by)
    return _noted(report, judge, asked, answer_pairs(corpus, report.own_split))


def _prepared(judge: Judge, requests: Iterable[Request]) -> list[Request]:
    wanted = list(requests)
    judge.prepare(wanted)
    return wanted


def _signed(judge: Judge | None) -> dict[str, str]:
    return {} if judge is None else {"judge": judge.config.digest[:DIGITS]}


def _noted(report: Report, judge: Judge | None, asked: list[Request], pairs: Iterator[Labelled]) -> Report:
    """Return the report with what the judge did here, and how it does where the gold knows better."""
    if judge is None:
        return report
    checked = sample(pairs, judge.config.pairs)
    judge.prepare(pair.request for pair in checked)
    notes = (*report.notes, said(judge, asked), trusted(confusion(judge, checked)))
    return replace(report, notes=notes).sealed()


def said(judge: Judge, asked: Iterable[Request]) -> str:
    """Return in a sentence how many comparisons a judge decided, and why not the others."""
    count = judge.tally(asked)
    decided, total = count.pop("verdict", 0), count.total()
    why = ", ".join(f"{number} {outcome}" for outcome, number in sorted(count.items()))
    lost = ", ".join(f"{number} {reason}" for reason, number in sorted(judge.unanswered.items()))
    return (
        f"judge {judge.config.model} at {judge.config.endpoint} decided {decided} comparisons; {total} were "
        f"inconclusive and decided by likeness{f' ({why})' if why else ''}"
        f"{f'; requests without a reply: {lost}' if lost else ''}"
    )


def trusted(found: Confusion) -> str:
    """Return in a sentence what a judge made of pairs that the gold labels."""
    return f"the judge on pairs that the gold labels: {found}"
