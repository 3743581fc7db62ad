"""What a judge is asked when a task is scored, and how its verdicts count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from claimbench.judging.judge import Judge
from claimbench.judging.prompts import Request, answer, claims
from claimbench.reading.corpus import Corpus
from claimbench.records import ExtractionPrediction, QaPrediction, Question
from claimbench.tasks.base import answered
from claimbench.tasks.extraction import claims_of
from claimbench.tasks.matching import THRESHOLD, Alike, GoldClaim, alike, gold_claims
from claimbench.tasks.qa import answer_score, unit_asked_for
from claimbench.text.answers import numbers_accepted, numbers_given, other_numbers
from claimbench.text.normalise import token_f1, tokens
from claimbench.text.similarity import contradict

WORTH_ASKING = 0.25
"""Least likeness of two claims that a judge is asked about: below it lie most pairs, but few that match."""


def _about(text: str, gold: GoldClaim) -> Request | None:
    """Return what to ask about a text and a gold claim; None where likeness alone decides.

    That is where they are equal, hardly alike, or contradict each other in a quantity, a name or a negation,
    which no verdict can mend; and for claims that are not of the gold, but adopted. The gold's wording is the
    one with most words of the text, which is that in its language.
    """
    if not gold.ids or not WORTH_ASKING <= alike(text, gold) < 1.0:
        return None
    best = max(gold.wordings, key=lambda wording: token_f1(tokens(text), tokens(wording[0])))
    if contradict(text, *best):
        return None
    return claims(text, best[0])


def claim_requests(corpus: Corpus, predictions: Mapping[str, ExtractionPrediction]) -> Iterator[Request]:
    """Yield everything to ask about the claims of a run."""
    for article in corpus.articles:
        gold = gold_claims(corpus, article)
        for claim in claims_of(predictions, article.id):
            yield from filter(None, (_about(claim.text, target) for target in gold))


def judged_alike(judge: Judge) -> Alike:
    """Return likeness with the judge's verdict where it was asked and gave one.

    From ``THRESHOLD`` to 1 by its confidence where the claims match, 0 where they do not.
    """

    def compare(text: str, gold: GoldClaim) -> float:
        request = _about(text, gold)
        verdict = judge.verdict(request) if request else None
        if verdict is None:
            return alike(text, gold)
        return THRESHOLD + (1.0 - THRESHOLD) * verdict.confidence if verdict.match else 0.0

    return compare


def _asked(gold: Question, text: str) -> Request | None:
    """Return what to ask about an answer; None where it is right to the letter or in no quantity."""
    wordings = [
        (w, accepted.language) for accepted in gold.answers for w in (accepted.text, *accepted.variants)
    ]
    wanted = unit_asked_for(gold)
    given = numbers_given(text, gold.language, wanted)
    if answer_score(gold, text)[0] or all(
        other_numbers(given, numbers_accepted(wording, language, wanted)) for wording, language in wordings
    ):
        return None
    return answer(gold.question, tuple(wording for wording, _ in wordings), text)


def answer_requests(
    questions: Iterable[Question], predictions: Mapping[str, QaPrediction]
) -> Iterator[Request]:
    """Yield everything to ask about the answers of a run."""
    for question in questions:
        prediction = answered(predictions, question.id)
        if question.answerable and prediction is not None and isinstance(prediction.answer, str):
            request = _asked(question, prediction.answer)
            if request:
                yield request


def judged_answer(judge: Judge, gold: Question, text: str) -> tuple[bool, bool, float]:
    """Return what ``answer_score`` does, with F1 1 or 0 by the judge where it gave a verdict."""
    exact, typed, f1 = answer_score(gold, text)
    request = _asked(gold, text)
    verdict = judge.verdict(request) if request else None
    return exact, typed, f1 if verdict is None else float(verdict.match)
