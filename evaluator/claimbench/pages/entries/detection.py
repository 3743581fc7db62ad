"""Sentences for reading, with whether they hold a check-worthy claim."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from claimbench.pages.entries.entry import UNANSWERED, Entry, Mark, Said, yes_no
from claimbench.reading.corpus import Corpus
from claimbench.records import Claim, DetectionPrediction
from claimbench.tasks.base import State
from claimbench.tasks.detection import TASK


def entries(corpus: Corpus, predictions: Mapping[str, DetectionPrediction], split: str) -> list[Entry]:
    """Return all sentences. Without labels a sentence is right where it falls on its side of the cut.

    The cut is after as many best-scored sentences as there are check-worthy ones; ties share a rank.
    """
    if split != "test":
        return []
    worthy: dict[str, list[Claim]] = {}
    for claim in corpus.claims:
        if claim.checkworthiness == 2:
            worthy.setdefault(corpus.sentence_of(claim), []).append(claim)
    ranks = _ranks(predictions)
    return [
        _entry(corpus, sentence, worthy, predictions.get(sentence), ranks.get(sentence))
        for sentence in corpus.sentences
    ]


def _ranks(predictions: Mapping[str, DetectionPrediction]) -> dict[str, int]:
    """Return the rank of every scored sentence, best first; ties have the best rank of them."""
    scores = {
        name: p.score
        for name, p in predictions.items()
        if TASK.state(p) is State.ANSWERED and isinstance(p.score, float)
    }
    first: dict[float, int] = {}
    for rank, score in enumerate(sorted(scores.values(), reverse=True), start=1):
        first.setdefault(score, rank)
    return {name: first[score] for name, score in scores.items()}


def _entry(
    corpus: Corpus,
    sentence: str,
    worthy: Mapping[str, list[Claim]],
    prediction: DetectionPrediction | None,
    rank: int | None,
) -> Entry:
    article, place = corpus.sentences[sentence]
    state = TASK.state(prediction)
    claims = worthy.get(sentence, [])
    positive, cut = bool(claims), len(worthy)
    label = prediction.label if prediction is not None and state is State.ANSWERED else None
    judged = label if isinstance(label, bool) else None if rank is None else rank <= cut
    return Entry(
        key=f"detection/{sentence}",
        id=sentence,
        task="detection",
        title=article.text[place.start : place.end],
        language=article.language,
        right=judged is positive,
        score=float(judged is positive),
        outcome=_outcome(positive, judged, state),
        fields={"label": "check-worthy" if positive else "not check-worthy", "article": article.id},
        said=_said(positive, label, prediction, rank),
        reason=(_reason(positive, label, judged, state, rank, cut), _gold_reason(claims)),
        marks=(
            Mark(article.id, place.start, place.end, "item"),
            *(Mark(article.id, span.start, span.end, "gold") for claim in claims for span in claim.spans),
        ),
    )


def _outcome(positive: bool, judged: bool | None, state: State) -> str:
    if judged is None:
        return state.value if state is not State.ANSWERED else "no verdict"
    if judged is positive:
        return "found" if positive else "rightly passed over"
    return "missed" if positive else "false alarm"


def _said(
    positive: bool,
    label: bool | msgspec.UnsetType | None,
    prediction: DetectionPrediction | None,
    rank: int | None,
) -> tuple[Said, ...]:
    said = [Said("check-worthy", yes_no(positive), (yes_no(label) if isinstance(label, bool) else "–",))]
    if rank is not None and prediction is not None and isinstance(prediction.score, float):
        said.append(Said("score", "", (f"{prediction.score:.4g}",)))
        said.append(Said("rank", "", (str(rank),)))
    return tuple(said)


def _reason(
    positive: bool,
    label: bool | msgspec.UnsetType | None,
    judged: bool | None,
    state: State,
    rank: int | None,
    cut: int,
) -> str:
    if judged is None:
        return UNANSWERED.get(state, "The line has neither a score nor a label that counts.")
    if isinstance(label, bool):
        return f"The label is {'right' if label is positive else 'wrong'}."
    side = "among" if judged else "not among"
    good = "as it should be" if judged is positive else "which is the wrong side"
    return f"Ranked {rank}, {side} the first {cut}, as many as are check-worthy: {good}."


def _gold_reason(claims: list[Claim]) -> str:
    if not claims:
        return "No claim of check-worthiness 2 starts in it."
    return "A fact-checking desk would check: " + " · ".join(claim.text_en for claim in claims)
