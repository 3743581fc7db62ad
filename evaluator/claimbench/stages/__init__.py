"""Stage loss: at which stage of a pipeline does a claim get lost?

What is followed are the gold claims a fact-checking desk would check: one for each article and fact that it
states as check-worthy (check-worthiness 2) and does not presuppose, of the facts of the split. A claim passes
through up to five stages, in order:

- detection: one of the sentences in which the article states it is flagged;
- extraction: the one-to-one assignment matches one of the system's claims with it;
- evidence: the first five sentences hold one complete set (of each stance) for every proposition on its fact
  that has evidence;
- verification: every proposition on its fact gets its gold label;
- qa: every question on its fact is answered right by typed match, or with null where it has no answer.

It is lost at the first that fails it; what is missing, abstained or invalid fails. Propositions and questions
are those in the language of the article. One over several facts counts for the claims of each of them: where
it fails, all are lost, for it rests on all. A stage without any item on a claim passes it, and is said not to
have been asked. A stage that is not given passes every claim.

All stages are predicted from gold inputs, each by itself, so a loss is that of the stage and not of what came
before it. Shares are of all claims; their intervals are the jackknife over components.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from claimbench._version import __version__
from claimbench.errors import UsageError, nearest
from claimbench.reading.corpus import Corpus, load_corpus, refuse_dangling
from claimbench.records import Split
from claimbench.report import Intervals, Score
from claimbench.scoring import PredictionSource, one_run
from claimbench.stages.claims import Followed, followed
from claimbench.stages.outcomes import Outcome, detection, extraction, of_items
from claimbench.stages.result import Fate, Stage, StageLoss, Waterfall
from claimbench.stats import classification as c
from claimbench.stats.estimators import Additive, Ints, Rows, point
from claimbench.stats.intervals import LEVEL, cluster_codes, jackknife
from claimbench.tasks import NAMES

__all__ = ["StageLoss", "stage_loss"]

SPLIT: Split = "test"
"""The only split in which sentences and articles are items."""


def stage_loss(
    predictions: Mapping[str, PredictionSource],
    *,
    threshold: float | None = None,
    corpus: Corpus | str | Path | None = None,
    runs: Mapping[str, str] | None = None,
    watch: Callable[[Iterator[str], int], Iterable[str]] = lambda stages, _: stages,
) -> StageLoss:
    """Return where the gold claims are lost, from one run's predictions for two tasks or more.

    ``threshold`` is the least detection score of a flagged sentence; None goes by the labels. ``runs`` names
    the run to take for a task whose predictions hold several. The stages, and how many there are, go through
    ``watch`` one by one.

    Raises UsageError for an unknown or a single task, several runs, or detection that lacks what the
    threshold asks for; ProblemsError and InputError as scoring does.
    """
    for name in predictions:
        if name not in NAMES:
            raise UsageError(f"unknown task '{name}'{nearest(name, NAMES)}; one of {', '.join(NAMES)}")
    if len(predictions) < 2:
        raise UsageError("stage loss needs the predictions for at least two tasks")
    if threshold is not None and ("detection" not in predictions or not math.isfinite(threshold)):
        raise UsageError("a threshold is a finite number for the scores of detection, which must be given")
    gold = corpus if isinstance(corpus, Corpus) else load_corpus(corpus)
    refuse_dangling(gold)
    given = tuple(name for name in NAMES if name in predictions)
    chosen = {
        name: one_run(name, predictions[name], SPLIT, gold, run=(runs or {}).get(name)) for name in given
    }
    outcomes = {
        name: _outcome(name, gold, chosen[name], threshold) for name in watch(iter(given), len(given))
    }
    claims = followed(gold, SPLIT)
    fates = tuple(_fate(claim, outcomes) for claim in claims)
    if not fates:
        raise UsageError("the corpus has no claims to follow")
    languages = sorted({fate.language for fate in fates})
    return StageLoss(
        split=SPLIT,
        signature=_signature(given, gold, len(fates), threshold),
        threshold=threshold,
        given=given,
        skipped=tuple(name for name in NAMES if name not in given),
        total=_waterfall(fates, given, None),
        languages=tuple(_waterfall([f for f in fates if f.language == x], given, x) for x in languages),
        claims=fates,
        version=__version__,
    )


def _outcome(
    name: str, corpus: Corpus, predictions: Mapping[str, object], threshold: float | None
) -> Outcome:
    if name == "detection":
        return detection(predictions, threshold)
    if name == "extraction":
        return extraction(corpus, predictions)
    if name == "qa":
        return of_items(name, "typed", corpus, SPLIT, predictions, lambda claim: claim.questions)
    column = "correct" if name == "verification" else "complete@5"
    return of_items(name, column, corpus, SPLIT, predictions, lambda claim: claim.propositions)


def _fate(claim: Followed, outcomes: Mapping[str, Outcome]) -> Fate:
    found = {name: outcome(claim) for name, outcome in outcomes.items()}
    return Fate(
        article=claim.article,
        fact=claim.fact,
        language=claim.language,
        cluster=claim.component,
        lost_at=next((name for name, passed in found.items() if passed is False), None),
        not_asked=tuple(name for name, passed in found.items() if passed is None),
    )


def _waterfall(fates: Sequence[Fate], given: Sequence[str], language: str | None) -> Waterfall:
    """Count the claims in rows, one a claim, so that shares have the intervals of any other score."""
    columns = ("claims", "kept", *given)
    counts = [[1, fate.lost_at is None, *(fate.lost_at == name for name in given)] for fate in fates]
    rows = Rows(tuple(f.fact for f in fates), columns, np.array(counts, dtype=np.int64))
    codes = cluster_codes([fate.cluster for fate in fates])
    left, stages = list(fates), []
    for name in given:
        lost = sum(fate.lost_at == name for fate in left)
        asked = sum(name not in fate.not_asked for fate in left)
        share = _share(rows, codes, name)
        stages.append(Stage(stage=name, reached=len(left), asked=asked, lost=lost, share=share))
        left = [fate for fate in left if fate.lost_at != name]
    return Waterfall(
        language=language,
        claims=len(fates),
        stages=tuple(stages),
        kept=len(left),
        kept_asked=sum(not fate.not_asked for fate in left),
        kept_share=_share(rows, codes, "kept"),
    )


def _share(rows: Rows, codes: Ints, column: str) -> Score:
    metric = Additive(f"share[{column}]", (column, "claims"), c.share)
    interval = jackknife(metric, rows, codes)
    return Score(value=point(metric, rows), intervals=Intervals(this_benchmark=interval))


def _signature(given: Sequence[str], gold: Corpus, claims: int, threshold: float | None) -> str:
    parts = {
        "stages": "+".join(given),
        "split": SPLIT,
        "corpus": f"{gold.version}-{gold.digest[:12]}",
        "claims": claims,
        **({} if threshold is None else {"threshold": f"{threshold:g}"}),
        "interval": f"jackknife-t {LEVEL:g}",
        "version": __version__,
    }
    return "|".join(f"{key}:{value}" for key, value in parts.items())
