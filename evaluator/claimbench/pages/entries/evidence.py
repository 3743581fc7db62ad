"""Evidence items for reading."""

from __future__ import annotations

from collections.abc import Mapping

from claimbench.pages.entries.entry import UNANSWERED, Entry, Said, cited, evidence_marks, sets, yes_no
from claimbench.reading.corpus import Corpus
from claimbench.records import EvidencePrediction, Verification
from claimbench.tasks.base import State, complete_sets
from claimbench.tasks.evidence import LIMIT, TASK


def entries(corpus: Corpus, predictions: Mapping[str, EvidencePrediction], split: str) -> list[Entry]:
    """Return the propositions of a split that have evidence, with the sentences ranked for them."""
    chosen = [v for v in corpus.verification if v.split == split and v.evidence]
    return [_entry(corpus, item, predictions.get(item.id)) for item in chosen]


def _entry(corpus: Corpus, item: Verification, prediction: EvidencePrediction | None) -> Entry:
    state = TASK.state(prediction)
    found = prediction.evidence if prediction is not None and state is State.ANSWERED else ()
    ranked = found if isinstance(found, tuple) else ()
    whole = complete_sets(item.evidence, ranked[:LIMIT])
    sentences = cited(item.evidence, ranked)
    return Entry(
        key=f"evidence/{item.id}",
        id=item.id,
        task="evidence",
        title=item.claim,
        language=item.language,
        right=whole,
        score=float(whole),
        outcome=_outcome(item, ranked, whole, state),
        fields={"label": item.label, "edit": item.edit or ""},
        said=(
            Said("sentences", sets(item.evidence), (", ".join(ranked[: 2 * LIMIT]) or "none",)),
            Said("complete set in the first five", "yes", (yes_no(whole),)),
        ),
        reason=(_reason(item, ranked, whole, state), f"The gold’s own reason: {item.rationale}"),
        evidence=sentences,
        marks=evidence_marks(corpus, sentences),
        answered=state is State.ANSWERED,
    )


def _hits(item: Verification, ranked: tuple[str, ...]) -> int:
    gold = {sentence for group in item.evidence for sentence in group.sentences}
    return sum(sentence in gold for sentence in ranked[:LIMIT])


def _outcome(item: Verification, ranked: tuple[str, ...], whole: bool, state: State) -> str:
    if state is not State.ANSWERED:
        return str(state.value)
    if whole:
        return "complete"
    return "part of a set" if _hits(item, ranked) else "no gold sentence"


def _reason(item: Verification, ranked: tuple[str, ...], whole: bool, state: State) -> str:
    if state is not State.ANSWERED:
        return str(UNANSWERED[state])
    shown = len(ranked[:LIMIT])
    hits = f"{_hits(item, ranked)} of the first {shown} sentences are in a gold set"
    if whole:
        return f"The first five hold a complete set; {hits}."
    stances = {group.stance for group in item.evidence}
    each = " of each stance, as the item is conflicting" if len(stances) > 1 else ""
    return f"The first five hold no complete set{each}; {hits}."
