"""A SciFact claim as counts: as the official scorers make them, and as the house does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

Id = int | str
Label = Literal["SUPPORT", "CONTRADICT"]
LABELS = ("not_enough_info", "mixed", "refuted", "supported")
"""The house's names of a claim's label; mixed where its abstracts disagree."""
MOST_SENTENCES = 3
"""Of an abstract's predicted sentences, those that may rationalise its label."""

LEVELS = {
    "abstract_label_only": ("abstracts_right", "abstracts_predicted", "abstracts"),
    "abstract_rationalized": ("abstracts_rationalized", "abstracts_predicted", "abstracts"),
    "sentence_selection": ("sentences_right", "sentences_predicted", "sentences"),
    "sentence_label": ("sentences_labelled", "sentences_predicted", "sentences"),
}
"""Level of scoring to its columns: correct, retrieved, relevant."""

COLUMNS = (
    "abstracts", "abstracts_predicted", "abstracts_right", "abstracts_rationalized",
    "sentences", "sentences_predicted", "sentences_right", "sentences_labelled",
)  # fmt: skip
FIGURES = tuple(f"{level}_{figure}" for level in LEVELS for figure in ("precision", "recall", "f1"))


class Rationale(msgspec.Struct, frozen=True, gc=False):
    """Sentences of an abstract that together justify the label."""

    sentences: list[int]
    label: Label


class Abstract(msgspec.Struct, frozen=True, gc=False):
    """A predicted abstract."""

    sentences: list[int]
    label: Label


class OverlapError(ValueError):
    """A predicted sentence stands in two gold rationales, where the official scorers assert."""


def official_row(
    gold: Mapping[Any, list[Rationale]], given: Mapping[Any, Abstract], *, longer: bool
) -> tuple[int, ...]:
    """Return a claim's counts as the official scorers make them, and two more.

    ``longer`` keeps as many sentences as the shortest gold rationale has, where those are more than three.
    The two are abstracts that only the sentences dropped would rationalise, and whether sentences repeat or
    rationales overlap. Raises OverlapError where the scorers fail.
    """
    right = rationalized = predicted = selected = labelled = sentences = lost = odd = 0
    for rationales in gold.values():
        every = rationales[0].sentences
        if len(rationales) > 1:
            every = [sentence for rationale in rationales for sentence in rationale.sentences]
        size = len(every)
        sentences += size
        if size > 1 and len(set(every)) < size:
            odd = 1
    for document, abstract in given.items():
        chosen = abstract.sentences
        size = len(chosen)
        predicted += size
        found = gold.get(document)
        if found is None and size < 2:
            continue
        distinct = set(chosen)
        if len(distinct) < size:
            odd = 1
        if found is None:
            continue
        correct, whole = 0, False
        for rationale in found:
            if distinct.issuperset(rationale.sentences):
                correct += len(rationale.sentences)
                whole = True
        if odd:
            correct = _correct(found, distinct)
        selected += correct
        if abstract.label != found[0].label:
            continue
        right += 1
        labelled += correct
        if whole and size > MOST_SENTENCES:
            most = max(MOST_SENTENCES, min(len(r.sentences) for r in found)) if longer else MOST_SENTENCES
            first = set(chosen[:most])
            whole = any(first.issuperset(r.sentences) for r in found)
            lost += not whole
        rationalized += whole
    return len(gold), len(given), right, rationalized, sentences, predicted, selected, labelled, lost, odd


def _correct(rationales: Sequence[Rationale], chosen: set[int]) -> int:
    """Return how many chosen sentences stand in a rationale that is chosen as a whole."""
    correct = 0
    for sentence in chosen:
        holders = [rationale.sentences for rationale in rationales if sentence in rationale.sentences]
        if len(holders) > 1:
            raise OverlapError
        correct += bool(holders) and chosen.issuperset(holders[0])
    return correct


def house_row(gold: Mapping[str, list[Rationale]], given: Mapping[str, Abstract]) -> tuple[int, ...]:
    """Return a claim's counts by the house's definitions: a sentence counts once, on either side."""
    right = rationalized = selected = labelled = 0
    for document, rationales in gold.items():
        abstract = given.get(document)
        if abstract is None:
            continue
        order = list(dict.fromkeys(abstract.sentences))
        most = max(MOST_SENTENCES, min(len(set(r.sentences)) for r in rationales))
        chosen, first = set(order), set(order[:most])
        found = {s for r in rationales if chosen.issuperset(r.sentences) for s in r.sentences}
        same = abstract.label == rationales[0].label
        right += same
        rationalized += same and any(first.issuperset(r.sentences) for r in rationales)
        selected += len(found)
        labelled += same * len(found)
    sentences = sum(len({s for r in rationales for s in r.sentences}) for rationales in gold.values())
    predicted = sum(len(set(abstract.sentences)) for abstract in given.values())
    return len(gold), len(given), right, rationalized, sentences, predicted, selected, labelled


def figures_of(totals: Sequence[int]) -> dict[str, float]:
    """Return the official figures of summed counts; 0/0 is 0."""
    total = dict(zip(COLUMNS, totals, strict=False))
    figures: dict[str, float] = {}
    for level, (correct, retrieved, relevant) in LEVELS.items():
        precision = _divide(total[correct], total[retrieved])
        recall = _divide(total[correct], total[relevant])
        f1 = _divide(2 * precision * recall, precision + recall)
        figures |= {f"{level}_precision": precision, f"{level}_recall": recall, f"{level}_f1": f1}
    return figures


def _divide(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
