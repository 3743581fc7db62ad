"""Evidence: which sentences decide a proposition?

Precision is the mean share of the first five sentences that belong to any gold set (0 where none is given);
recall is the share of propositions for which the first five hold one whole gold set, for conflicting
propositions one for each stance. F1 is their harmonic mean, as in FEVER, without its precision of 1 for
silence.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from claimbench.reading.corpus import Corpus
from claimbench.records import EvidencePrediction, EvidenceSet, Split, Verification
from claimbench.stats import classification as c
from claimbench.stats.estimators import Additive, Metric, Rows, to_fixed
from claimbench.tasks.base import Items, Task, answered, check_sentences, complete_sets, counts
from claimbench.tasks.verification import splits, verification_items

LIMIT = 5
RECALL_AT = (1, 3, 5)
COLUMNS = ("items", "precision", *(f"complete@{k}" for k in RECALL_AT), "ndcg", "reciprocal_rank")


def _has_evidence(item: Verification) -> bool:
    return bool(item.evidence)


def items(corpus: Corpus, split: Split) -> Items:
    """Return the verification items of a split that have evidence."""
    return verification_items(corpus, split, _has_evidence)


def evidence_row(evidence: tuple[EvidenceSet, ...], predicted: tuple[str, ...]) -> dict[str, int]:
    """Return the counts of one proposition's ranked sentences."""
    gold = {sentence for group in evidence for sentence in group.sentences}
    first = predicted[:LIMIT]
    hits = [sentence in gold for sentence in first]
    gain = sum(1.0 / math.log2(i + 2) for i, hit in enumerate(hits) if hit)
    ideal = sum(1.0 / math.log2(i + 2) for i in range(min(LIMIT, len(gold))))
    rank = next((i for i, sentence in enumerate(predicted, start=1) if sentence in gold), 0)
    row = {
        "items": 1,
        "precision": int(to_fixed(sum(hits) / len(first))) if first else 0,
        "ndcg": int(to_fixed(gain / ideal)),
        "reciprocal_rank": int(to_fixed(1.0 / rank)) if rank else 0,
    }
    row |= {f"complete@{k}": int(complete_sets(evidence, predicted[:k])) for k in RECALL_AT}
    return row


def rows(corpus: Corpus, scored: Items, predictions: Mapping[str, EvidencePrediction]) -> Rows:
    """Lay out counts per proposition."""
    gold = {item.id: item.evidence for item in corpus.verification}
    table = []
    for item in scored.ids:
        prediction = answered(predictions, item)
        found = prediction.evidence if prediction is not None else None
        table.append(evidence_row(gold[item], found if isinstance(found, tuple) else ()))
    return counts(scored.ids, COLUMNS, table)


def metrics(table: Rows) -> tuple[Metric, ...]:
    """Return the metrics of ranked evidence; all are additive."""
    complete = [Additive(f"recall@{k}", (f"complete@{k}", "items"), c.share) for k in RECALL_AT]
    return (
        Additive("f1", ("precision", f"complete@{LIMIT}", "items"), c.f1_of_means),
        Additive("precision", ("precision", "items"), c.mean_fixed),
        *complete,
        Additive(f"ndcg@{LIMIT}", ("ndcg", "items"), c.mean_fixed),
        Additive("mrr", ("reciprocal_rank", "items"), c.mean_fixed),
    )


def check(corpus: Corpus, prediction: EvidencePrediction) -> Iterable[tuple[str, str]]:
    """Yield what types cannot say of one prediction."""
    if isinstance(prediction.evidence, tuple):
        yield from check_sentences(corpus, prediction.evidence, "evidence")
    elif not (prediction.evidence is None or prediction.abstain or prediction.invalid):
        yield "", "field 'evidence' is missing"


TASK = Task(
    name="evidence",
    prediction=EvidencePrediction,
    headline="f1",
    needs=("articles", "facts", "verification"),
    splits=splits,
    items=items,
    columns=COLUMNS,
    rows=rows,
    metrics=metrics,
    check=check,
    payload=("evidence",),
)
