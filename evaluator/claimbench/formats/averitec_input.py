"""What AVeriTeC's gold and predictions look like, and the strings of theirs that are compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec import UNSET, UnsetType

MOST_QUESTIONS = 10
"""Predicted strings beyond this many are never looked at."""

BOOLEAN = "Boolean"
UNANSWERED = "No answer could be found."


class Answer(msgspec.Struct, frozen=True):
    """An answer; a Boolean one is compared together with its explanation."""

    answer: str
    answer_type: str | None = None
    boolean_explanation: str | UnsetType = UNSET


class Question(msgspec.Struct, frozen=True):
    """A question with its answers, or with one that is no list."""

    question: str
    answers: list[Answer] | Answer

    def listed(self) -> list[Answer]:
        """Return the answers."""
        return self.answers if isinstance(self.answers, list) else [self.answers]


class Pair(msgspec.Struct, frozen=True):
    """A question with one answer."""

    question: str
    answer: str


class Claim(msgspec.Struct, frozen=True):
    """What is read of a gold claim."""

    label: str
    claim_types: list[str]
    questions: list[Question]
    justification: str | UnsetType = UNSET
    string_evidence: tuple[str, ...] = ()
    claim_id: int | str | None = None


class Prediction2024(msgspec.Struct, frozen=True):
    """What is read of a prediction of the shared task of 2024."""

    pred_label: str
    evidence: list[Pair] | UnsetType = UNSET
    string_evidence: tuple[str, ...] = ()
    claim_id: int | str | None = None


class PredictionOfPaper(msgspec.Struct, frozen=True):
    """What is read of a prediction in the dataset paper's format."""

    label: str
    questions: list[Question] | UnsetType = UNSET
    string_evidence: tuple[str, ...] = ()
    justification: str | UnsetType = UNSET
    claim_id: int | str | None = None


class Strings(msgspec.Struct, frozen=True):
    """What of a claim or prediction is compared: questions, questions with answers, justification.

    ``unexplained`` says that a Boolean answer has no explanation, where the official scorers fail.
    """

    label: str
    questions: tuple[str, ...]
    pairs: tuple[str, ...]
    justification: str | None
    unexplained: bool


def of_claim(claim: Claim) -> Strings:
    """Return the strings of a gold claim."""
    pairs, unexplained = _pairs(claim.questions)
    return Strings(
        label=claim.label,
        questions=tuple(question.question for question in claim.questions),
        pairs=(*pairs, *claim.string_evidence),
        justification=None if claim.justification is UNSET else claim.justification,
        unexplained=unexplained,
    )


def of_prediction(given: Prediction2024 | PredictionOfPaper) -> Strings:
    """Return the strings of a prediction, as many as are looked at.

    Without questions the string evidence stands for them; without a justification all strings do.
    """
    questions: Sequence[Pair] | Sequence[Question] | UnsetType
    if isinstance(given, Prediction2024):
        questions, unexplained, justification = given.evidence, False, None
        pairs = [] if given.evidence is UNSET else [f"{p.question} {p.answer}" for p in given.evidence]
        label = given.pred_label
    else:
        questions, label = given.questions, given.label
        pairs, unexplained = ([], False) if given.questions is UNSET else _pairs(given.questions)
        justification = given.justification
    full = (*pairs, *given.string_evidence)[:MOST_QUESTIONS]
    asked = full if questions is UNSET else tuple(q.question for q in questions[:MOST_QUESTIONS])
    return Strings(
        label=label,
        questions=asked,
        pairs=full,
        justification=justification if isinstance(justification, str) else " ".join(full),
        unexplained=unexplained,
    )


def _pairs(questions: Iterable[Question]) -> tuple[list[str], bool]:
    """Return questions with each of their answers, and whether a Boolean one lacks its explanation."""
    pairs, unexplained = [], False
    for question in questions:
        answers = question.listed()
        for answer in answers:
            text = f"{question.question} {answer.answer}"
            if answer.answer_type == BOOLEAN:
                unexplained |= answer.boolean_explanation is UNSET
                text += "" if answer.boolean_explanation is UNSET else f". {answer.boolean_explanation}"
            pairs.append(text)
        if not answers:
            pairs.append(f"{question.question} {UNANSWERED}")
    return pairs, unexplained


def joined(golds: Sequence[Claim], given: Sequence[Prediction2024 | PredictionOfPaper]) -> list[int] | str:
    """Return which prediction each gold claim has, -1 for none, or why ids cannot be joined.

    A gold claim without an id has its position as id, as the organisers number them.
    """
    ids = [place if claim.claim_id is None else claim.claim_id for place, claim in enumerate(golds)]
    mine = [prediction.claim_id for prediction in given]
    if without := mine.count(None):
        return f"{without} of {len(mine)} predictions have no claim_id"
    for name, numbers in (("gold", ids), ("predictions", mine)):
        if len(set(numbers)) < len(numbers):
            return f"claim ids of the {name} are not unique"
    place: Mapping[int | str | None, int] = {number: at for at, number in enumerate(mine)}
    unknown = place.keys() - set(ids)
    if unknown:
        such = min(unknown, key=str)
        return f"{len(unknown)} claim ids of the predictions are not in the gold, such as {such}"
    return [place.get(number, -1) for number in ids]
