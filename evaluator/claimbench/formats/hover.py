"""HoVer: claims that need several documents, with verdict, sentences and documents (Jiang et al. 2020).

Official figures equal the functions in ``my_transformers/data/metrics`` of hover-nlp/hover, which its
training script calls; the leaderboard's own scorer is not public. Figures are percentages.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import msgspec
import numpy as np

from claimbench.errors import InputError, Problem
from claimbench.formats.base import Format, House, Option, Scored, Source, only
from claimbench.formats.documents import read_document
from claimbench.formats.lines import file_digest
from claimbench.formats.quirks import touched
from claimbench.formats.summation import PythonSum, python_sum
from claimbench.reading.jsonl import Problems
from claimbench.report import Counts, Official
from claimbench.stats import classification as c
from claimbench.stats.estimators import Additive, Metric, Rows, to_fixed

CUTOFFS = (5, 8, 10)
GROUPS = {
    "predicted_label": ("verification_acc",),
    "predicted_sp": ("sentence_exact", "sentence_f1"),
    "sorted_titles": tuple(f"document_hit{k}" for k in CUTOFFS),
    "predicted_docs": ("document_exact", "document_f1"),
}
"""Field of a prediction to the figures that it is needed for."""

FIGURES = tuple(figure for figures in GROUPS.values() for figure in figures)
LABELS = ("SUPPORTED", "NOT_SUPPORTED")
Fact = tuple[str, int]


class Claim(msgspec.Struct, frozen=True):
    """What is read of a gold claim."""

    uid: str
    label: str
    supporting_facts: list[Fact]
    num_hops: int | None = None

    def documents(self) -> list[str]:
        """Return the titles of the supporting facts, each once."""
        return list(dict.fromkeys(title for title, _ in self.supporting_facts))


class Prediction(msgspec.Struct, frozen=True):
    """What is read of a prediction; each part of the task may be left out of the whole file."""

    predicted_label: str | None = None
    predicted_sp: list[Fact] | None = None
    sorted_titles: list[str] | None = None
    predicted_docs: list[str] | None = None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def _sentences(facts: Sequence[Fact]) -> list[str]:
    """Return facts as officially compared: a title that ends in a number may pass for another sentence."""
    return [f"{_plain(title)}_{number}" for title, number in facts]


def exact(gold: Sequence[str], given: Sequence[str]) -> int:
    """Return whether both are equally many and every gold piece is given."""
    return int(len(gold) == len(given) and set(gold) <= set(given))


def f1(gold: Sequence[str], given: Sequence[str]) -> float | int:
    """Return F1 over the pieces with repetitions; an int, as there, where it is 0 or a side is empty."""
    if not gold or not given:
        return int(list(gold) == list(given))
    common = (Counter(gold) & Counter(given)).total()
    if common == 0:
        return 0
    precision, recall = 1.0 * common / len(given), 1.0 * common / len(gold)
    return (2 * precision * recall) / (precision + recall)


def official_scores(claim: Claim, given: Prediction) -> dict[str, float | int]:
    """Return the figures of one claim, for the parts that its prediction has."""
    scores: dict[str, float | int] = {}
    if given.predicted_label is not None:
        scores["verification_acc"] = int(given.predicted_label == claim.label)
    if given.predicted_sp is not None:
        gold, mine = _sentences(claim.supporting_facts), _sentences(given.predicted_sp)
        scores |= {"sentence_exact": exact(gold, mine), "sentence_f1": f1(gold, mine)}
    if given.sorted_titles is not None:
        for k in CUTOFFS:
            first = given.sorted_titles[:k]
            scores[f"document_hit{k}"] = int(all(title in first for title in claim.documents()))
    if given.predicted_docs is not None:
        gold, mine = list(map(_plain, claim.documents())), list(map(_plain, given.predicted_docs))
        scores |= {"document_exact": exact(gold, mine), "document_f1": f1(gold, mine)}
    return scores


COLUMNS = ("items", "correct", "strict", "exact", "precision", "recall", *(f"documents@{k}" for k in CUTOFFS))


def house_row(claim: Claim, given: Prediction | None) -> list[int]:
    """Return a claim's counts by the house's definitions: missing is wrong, a sentence counts once."""
    if given is None:
        return [1, *([0] * (len(COLUMNS) - 1))]
    gold = {(_plain(title), number) for title, number in claim.supporting_facts}
    mine = {(_plain(title), number) for title, number in given.predicted_sp or ()}
    hits = len(gold & mine)
    correct = given.predicted_label == claim.label
    documents = {_plain(title) for title in claim.documents()}
    ranked = [_plain(title) for title in given.sorted_titles or ()]
    return [
        1,
        correct,
        correct and gold <= mine,
        gold == mine,
        int(to_fixed(hits / len(mine))) if mine else 0,
        int(to_fixed(hits / len(gold))) if gold else 0,
        *(documents <= set(ranked[:k]) for k in CUTOFFS),
    ]


class _Read(msgspec.Struct):
    """Official scores by figure and claim of the predictions there are; house rows of all claims."""

    scores: dict[str, list[float | int]] = msgspec.field(default_factory=dict)
    rows: list[list[int]] = msgspec.field(default_factory=list)
    answered: int = 0


def read(gold: Sequence[str], predictions: Sequence[str], options: Mapping[str, str]) -> Scored:
    """Read the gold list and the map of predictions."""
    path, name = only(gold, "gold"), only(predictions, "predictions")
    claims: list[Claim] = read_document(path, list[Claim])
    given: dict[str, Prediction] = read_document(name, dict[str, Prediction])
    if not claims:
        raise InputError(f"{path}: holds no claim")
    parts = _parts(name, given)
    result = _Read()
    for claim in claims:
        mine = given.get(claim.uid)
        result.rows.append(house_row(claim, mine))
        if mine is not None:
            result.answered += 1
            for figure, score in official_scores(claim, mine).items():
                result.scores.setdefault(figure, []).append(score)
    refused = _unjoinable(claims, given)
    missing = len(claims) - result.answered
    return Scored(
        official=_official(result, parts, missing, cast(PythonSum, options["python"])),
        counts=Counts(items=len(claims), missing=missing, abstained=0, invalid=0, other_split=0),
        house=None if refused else _house(claims, result),
        gold=file_digest(path),
        refused=refused,
    )


def _parts(name: str, given: Mapping[str, Prediction]) -> list[str]:
    """Return the fields that the predictions have. Raises ProblemsError where some lack what others have."""
    have = [part for part in GROUPS if any(getattr(p, part) is not None for p in given.values())]
    problems = Problems()
    for uid, prediction in given.items():
        for part in have:
            if getattr(prediction, part) is None:
                problems.add(
                    Problem(name, 0, f"/{uid}", f"'{part}' is missing, though other predictions have it")
                )
    problems.raise_if_any()
    return have


def _unjoinable(claims: Sequence[Claim], given: Mapping[str, Prediction]) -> str | None:
    known = {claim.uid for claim in claims}
    if len(known) < len(claims):
        return "ids of the gold are not unique"
    unknown = [uid for uid in given if uid not in known]
    if unknown:
        return f"{len(unknown)} ids of the predictions are not in the gold, such as {unknown[0]}"
    labels = {claim.label for claim in claims} - set(LABELS)
    return f"gold label '{labels.pop()}' is none of {', '.join(LABELS)}" if labels else None


def _official(found: _Read, parts: Sequence[str], missing: int, python: PythonSum) -> Official:
    definition = f"hover 39b8469, sum() of Python {python}"
    if not found.answered or not parts:
        reason = "no claim of the gold has a prediction, and the scorer divides by their number"
        return Official(definition=definition, figures={}, counts={}, quirks=(), refused=reason)
    wanted = [figure for part in parts for figure in GROUPS[part]]
    sums = {figure: python_sum(found.scores[figure], python) for figure in wanted}
    figures = {figure: 100.0 * total / found.answered for figure, total in sums.items()}
    return Official(
        definition=definition,
        figures=dict(figures),
        counts={"total": found.answered},
        quirks=tuple(_quirks(figures, sums, missing, found.answered + missing)),
    )


def _quirks(
    figures: Mapping[str, float], sums: Mapping[str, float], missing: int, claims: int
) -> Iterator[str]:
    if missing:
        whole = {figure: 100.0 * total / claims for figure, total in sums.items()}
        yield touched(f"{missing} claims without a prediction leave the denominator", figures, whole)


def _house(claims: Sequence[Claim], found: _Read) -> House:
    names = {"SUPPORTED": "supported", "NOT_SUPPORTED": "not_supported"}
    return House(
        rows=Rows(tuple(claim.uid for claim in claims), COLUMNS, np.array(found.rows, dtype=np.int64)),
        fields={
            "label": [names[claim.label] for claim in claims],
            "hops": ["" if claim.num_hops is None else str(claim.num_hops) for claim in claims],
        },
    )


def metrics(rows: Rows) -> tuple[Metric, ...]:
    """Return the house metrics; a part that no prediction has is all wrong."""
    return (
        Additive("accuracy", ("correct", "items"), c.share),
        Additive("strict_accuracy", ("strict", "items"), c.share),
        Additive("evidence_exact", ("exact", "items"), c.share),
        Additive("evidence_precision", ("precision", "items"), c.mean_fixed),
        Additive("evidence_recall", ("recall", "items"), c.mean_fixed),
        *(Additive(f"document_recall@{k}", (f"documents@{k}", "items"), c.share) for k in CUTOFFS),
    )


FORMAT = Format(
    name="hover",
    task="verification",
    title="HoVer: claims over several documents, verdict and evidence",
    source=Source(
        "github.com/hover-nlp/hover",
        "my_transformers/data/metrics/hover_{verif,sent,doc}_metrics.py",
        "39b84697f196308f398a251a7aea9b82ae0f0562",
        "MIT (files: Apache-2.0)",
    ),
    options={
        "python": Option(
            "3.11", "the CPython whose sum() adds up F1: to 3.11, or from 3.12", ("3.11", "3.12")
        )
    },
    figures=FIGURES,
    quirks=(
        "Claims without a prediction leave the denominator.",
        "A sentence is its title, an underscore and its number, so that two may look the same.",
        "Exact match with repetitions asks only for equal numbers and every gold sentence.",
        "Titles compare decomposed (NFD), but in the hits at 5, 8 and 10 as they are.",
        "F1 is added up with sum(), whose last digits changed in Python 3.12.",
    ),
    headline="accuracy",
    read=read,
    columns=COLUMNS,
    metrics=metrics,
)
