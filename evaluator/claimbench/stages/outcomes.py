"""What each stage makes of a claim: passed, failed, or nothing to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from claimbench.errors import UsageError
from claimbench.reading.corpus import Corpus
from claimbench.records import Split
from claimbench.stages.claims import Followed
from claimbench.tasks import task as task_by_name
from claimbench.tasks.assessing import assess
from claimbench.tasks.base import answered
from claimbench.tasks.matching import gold_claims

Outcome = Callable[[Followed], bool | None]
"""Whether a stage passes a claim; None where it has no item on it."""


def detection(predictions: Mapping[str, Any], threshold: float | None) -> Outcome:
    """Pass where any sentence that states the claim is flagged: by its score where there is a threshold.

    Raises UsageError where the predictions do not hold what that takes.
    """
    scored = any(isinstance(found.score, float) for found in predictions.values())
    labelled = any(isinstance(found.label, bool) for found in predictions.values())
    if threshold is None and scored and not labelled:
        raise UsageError("no detection line has a 'label'; say from which score a sentence is flagged")
    if threshold is not None and labelled and not scored:
        raise UsageError("no detection line has a 'score'; leave out the threshold to go by the labels")

    def flagged(sentence: str) -> bool:
        prediction = answered(predictions, sentence)
        if prediction is None:
            return False
        if threshold is None:
            return prediction.label is True
        return isinstance(prediction.score, float) and prediction.score >= threshold

    return lambda claim: any(flagged(sentence) for sentence in claim.sentences)


def extraction(corpus: Corpus, predictions: Mapping[str, Any]) -> Outcome:
    """Pass where the one-to-one assignment of extraction matches a system's claim with it."""
    matched, facts = set(), {claim.id: claim.fact for claim in corpus.claims}
    for article in corpus.articles:
        prediction = answered(predictions, article.id)
        claims = prediction.claims if prediction is not None else None
        found = assess(article, gold_claims(corpus, article), claims if isinstance(claims, tuple) else ())
        matched |= {(article.id, facts[target.ids[0]]) for target, hit, _, _ in found.gold if hit}
    return lambda claim: (claim.article, claim.fact) in matched


def of_items(
    task: str,
    column: str,
    corpus: Corpus,
    split: Split,
    predictions: Mapping[str, Any],
    items: Callable[[Followed], Iterable[str]],
) -> Outcome:
    """Pass where a task's rows count 1 in a column on every item on the claim."""
    chosen = task_by_name(task)
    rows = chosen.rows(corpus, chosen.items(corpus, split), predictions)
    right = dict(zip(rows.ids, (rows.column(column) > 0).tolist(), strict=True))

    def outcome(claim: Followed) -> bool | None:
        found = [right[item] for item in items(claim) if item in right]
        return all(found) if found else None

    return outcome
