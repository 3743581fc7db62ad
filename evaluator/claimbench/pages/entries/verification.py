"""Verification items for reading."""

from __future__ import annotations

from collections.abc import Mapping

from claimbench.pages.entries.entry import (
    UNANSWERED,
    Entry,
    Said,
    cited,
    evidence_marks,
    quantities_said,
    sets,
)
from claimbench.pages.shown import Shown, plain
from claimbench.reading.corpus import Corpus
from claimbench.records import LABELS, Verification, VerificationPrediction
from claimbench.tasks.base import State, complete_sets
from claimbench.tasks.verification import TASK
from claimbench.text.quantities import quantities

MEANING: Mapping[str, str] = {
    "supported": "the articles support it",
    "refuted": "the articles refute it",
    "conflicting": "one passage supports it and another contradicts it",
    "not_enough_info": "the articles neither support nor refute it",
}


def entries(corpus: Corpus, predictions: Mapping[str, VerificationPrediction], split: str) -> list[Entry]:
    """Return the propositions of a split with their verdicts."""
    return [_entry(corpus, v, predictions.get(v.id)) for v in corpus.verification if v.split == split]


def _entry(corpus: Corpus, item: Verification, prediction: VerificationPrediction | None) -> Entry:
    state = TASK.state(prediction)
    label = prediction.label if prediction is not None and state is State.ANSWERED else None
    right = label == item.label
    given = prediction.evidence or () if prediction is not None else ()
    sentences = cited(item.evidence, given)
    said = [Said("label", item.label, (str(label) if label else state.value,))]
    if prediction is not None and prediction.probabilities is not None:
        said.append(_probabilities(prediction))
    said.append(Said("evidence", sets(item.evidence), (", ".join(given) or "none",)))
    return Entry(
        key=f"verification/{item.id}",
        id=item.id,
        task="verification",
        title=item.claim,
        language=item.language,
        right=right,
        score=float(right),
        outcome="right" if right else f"{item.label} → {label or state.value}",
        fields={"label": item.label, "predicted": str(label or state.value), "edit": item.edit or ""},
        said=tuple(said),
        reason=(
            *_reason(item, label if isinstance(label, str) else None, state, given),
            *_quantities(corpus, item),
            f"The gold’s own reason: {item.rationale}",
        ),
        evidence=sentences,
        marks=evidence_marks(corpus, sentences),
        answered=label is not None,
    )


def _probabilities(prediction: VerificationPrediction) -> Said:
    values = prediction.probabilities.as_tuple() if prediction.probabilities else ()
    each = " · ".join(f"{label} {p:.2f}" for label, p in zip(LABELS, values, strict=True))
    return Said("probabilities", "", (each,))


def _quantities(corpus: Corpus, item: Verification) -> tuple[str, ...]:
    """Return a sentence on the quantities of a proposition and its gold evidence, where it has any."""
    if not quantities(item.claim, item.language):
        return ()
    sentences = dict.fromkeys(sentence for group in item.evidence for sentence in group.sentences)
    gold = [(corpus.sentence_text(s), corpus.sentences[s][0].language) for s in sentences]
    found = quantities_said(gold, item.claim, item.language) if gold else ()
    return tuple(
        f"Quantities of the proposition: {plain(line.predicted[0])}; of its evidence: {plain(line.gold)}."
        for line in found
    )


def _reason(item: Verification, label: str | None, state: State, given: tuple[str, ...]) -> tuple[Shown, ...]:
    if label is None:
        first = UNANSWERED.get(state, UNANSWERED[State.ABSTAINED])
    elif label == item.label:
        first = f"The verdict is right: {MEANING[item.label]}."
    else:
        first = (
            f"The system says that {MEANING[label]}; by the gold {MEANING[item.label]}. "
            f"It counts as a miss of {item.label} and a false {label}."
        )
    return (first, *_strict(item, label, given))


def _strict(item: Verification, label: str | None, given: tuple[str, ...]) -> tuple[str, ...]:
    if not item.evidence or label is None:
        return ()
    whole = complete_sets(item.evidence, given[:5])
    has = "hold" if whole else "do not hold"
    return (f"Its first five sentences {has} a complete evidence set, as strict accuracy asks.",)
