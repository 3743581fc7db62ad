"""Items in words: what they ask, what is right, and how a system did, read off its row of counts."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import NamedTuple

from claimbench.reading.corpus import Corpus
from claimbench.records import LABELS, EvidenceSet
from claimbench.stats.estimators import FRACTION_BITS

Row = Mapping[str, int]
"""Column to count, of one item."""

ONE = 2**FRACTION_BITS


class Wording(NamedTuple):
    """How a task's items are told: ``asks`` and ``gold`` by id, ``outcome`` and ``right`` by row.

    ``family`` names the proposition or question that an item is a language of; ``unit`` is what it is called.
    ``truth`` is what a row shows of the gold, whatever was predicted.
    """

    asks: Callable[[str], str]
    gold: Callable[[str], str]
    family: Callable[[str], str]
    outcome: Callable[[Row], str]
    right: Callable[[Row], bool]
    truth: Callable[[Row], Hashable]
    unit: str


def wording(task: str, corpus: Corpus) -> Wording:
    """Return how the items of a task are told."""
    return _TASKS[task](corpus)


def _verification(corpus: Corpus) -> Wording:
    items = {item.id: item for item in corpus.verification}
    return Wording(
        asks=lambda item: items[item].claim,
        gold=lambda item: items[item].label,
        family=lambda item: items[item].family,
        outcome=_verdict,
        right=lambda row: bool(row["correct"]),
        truth=lambda row: _confused(row)[0],
        unit="propositions",
    )


def _confused(row: Row) -> tuple[str, str]:
    """Return gold label and predicted label, as the row's one count in the confusion matrix names them."""
    told = (name for name, count in row.items() if count and ">" in name)
    gold, _, predicted = next(told, "none>none").partition(">")
    return gold, predicted


def _verdict(row: Row) -> str:
    label = _confused(row)[1]
    return label if label in LABELS else "no verdict"


def _evidence(corpus: Corpus) -> Wording:
    items = {item.id: item for item in corpus.verification}
    return Wording(
        asks=lambda item: items[item].claim,
        gold=lambda item: _sets(items[item].evidence),
        family=lambda item: items[item].family,
        outcome=lambda row: (
            f"{'a' if row['complete@5'] else 'no'} whole set, precision {row['precision'] / ONE:.2f}"
        ),
        right=lambda row: bool(row["complete@5"]),
        truth=lambda row: row["items"],
        unit="propositions",
    )


def _sets(evidence: tuple[EvidenceSet, ...]) -> str:
    return " or ".join(" + ".join(group.sentences) for group in evidence)


def _qa(corpus: Corpus) -> Wording:
    items = {item.id: item for item in corpus.questions}

    def gold(item: str) -> str:
        language = items[item].language
        texts = [answer.text for answer in items[item].answers if answer.language == language]
        return " or ".join(texts or [answer.text for answer in items[item].answers]) or "cannot be answered"

    return Wording(
        asks=lambda item: items[item].question,
        gold=gold,
        family=lambda item: items[item].family,
        outcome=_answer,
        right=lambda row: row["f1"] == ONE,
        truth=lambda row: (row["answerable"], row["evidence_items"]),
        unit="questions",
    )


def _answer(row: Row) -> str:
    if not row["answered"]:
        return "no answer"
    if row["null_tp"] or row["null_fp"]:
        return "said to have no answer"
    if row["f1"] == ONE:
        return "right"
    return f"partly right, F1 {row['f1'] / ONE:.2f}" if row["f1"] else "wrong"


def _detection(corpus: Corpus) -> Wording:
    from claimbench.tasks.detection import positives

    worthy = positives(corpus)
    return Wording(
        asks=corpus.sentence_text,
        gold=lambda item: "check-worthy" if item in worthy else "not check-worthy",
        family=lambda item: item,
        outcome=_flag,
        right=lambda row: bool(row["labelled"]) and not row["fp"] and not row["fn"],
        truth=lambda row: row["positive"],
        unit="sentences",
    )


def _flag(row: Row) -> str:
    if row["labelled"]:
        return "called check-worthy" if row["tp"] or row["fp"] else "passed over"
    return f"rank {row['rank']} from the bottom" if row["ranked"] else "no score"


def _extraction(corpus: Corpus) -> Wording:
    claims: dict[str, list[str]] = {}
    for claim in corpus.claims:
        if claim.duplicate_of is None:
            claims.setdefault(corpus.sentence_of(claim), []).append(claim.text)
    return Wording(
        asks=corpus.sentence_text,
        gold=lambda item: "; ".join(claims.get(item, ())) or "no claim",
        family=lambda item: item,
        outcome=lambda row: f"{row['tp']} found, {row['fn']} missed, {row['fp']} wrong",
        right=lambda row: not row["fp"] and not row["fn"],
        truth=lambda row: row["gold"],
        unit="sentences",
    )


_TASKS: dict[str, Callable[[Corpus], Wording]] = {
    "verification": _verification,
    "evidence": _evidence,
    "qa": _qa,
    "detection": _detection,
    "extraction": _extraction,
}
