"""HotpotQA: answers and their supporting facts from several documents (Yang et al. 2018).

Equals ``hotpot_evaluate_v1.py``: SQuAD's normal form, but yes, no and noanswer match only themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from claimbench.errors import InputError
from claimbench.formats.answers import precision_recall_f1, squad_words
from claimbench.formats.base import Format, House, Scored, Source, only
from claimbench.formats.documents import checked, read_document, unchecked
from claimbench.formats.lines import file_digest
from claimbench.formats.summation import running_sum
from claimbench.reading.jsonl import read_bytes
from claimbench.reading.keys import has_no_more_keys
from claimbench.report import Counts, Official
from claimbench.stats import classification as c
from claimbench.stats.estimators import Additive, Floats, Ints, Metric, Rows, to_fixed

FIGURES = tuple(f"{part}{name}" for part in ("", "sp_", "joint_") for name in ("em", "f1", "prec", "recall"))
HOUSE = ("em", "f1", "sp_em", "sp_f1", "joint_em", "joint_f1")
COLUMNS = ("items", *HOUSE)
_CLOSED = frozenset({("yes",), ("no",), ("noanswer",)})
_NOTHING = (0.0, 0.0, 0.0, 0.0)

Fact = tuple[str, int]
Parts = tuple[float, float, float, float]
"""Exact match, F1, precision, recall."""


class Question(msgspec.Struct, frozen=True, gc=False):
    """One gold question; further fields are not read."""

    id: str = msgspec.field(name="_id")
    answer: str
    supporting_facts: tuple[Fact, ...]


class Predictions(msgspec.Struct, frozen=True):
    """Answers and supporting facts by question id."""

    answer: dict[str, str]
    sp: dict[str, tuple[Fact, ...]]


def _predictions(path: str) -> Predictions:
    data = read_bytes(path)
    found = unchecked(data, Predictions)
    if found is not None and has_no_more_keys(data, 2 + len(found.answer) + len(found.sp)):
        return found
    return checked(path, data, Predictions)


def score_answer(gold: str, predicted: str) -> Parts:
    """Compare two answers."""
    right, found = squad_words(gold), squad_words(predicted)
    if right == found and not right:
        return 1.0, 0.0, 0.0, 0.0
    if right != found and (right in _CLOSED or found in _CLOSED):
        return _NOTHING
    precision, recall, f1 = precision_recall_f1(right, found)
    return float(right == found), f1, precision, recall


def score_facts(gold: Sequence[Fact], predicted: Sequence[Fact]) -> Parts:
    """Compare two sets of supporting facts."""
    right, found = set(gold), set(predicted)
    common = len(right & found)
    precision = common / len(found) if found else 0.0
    recall = common / len(right) if right else 0.0
    return float(right == found), _f1(precision, recall), precision, recall


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall > 0 else 0.0


def score_both(answer: Parts, facts: Parts) -> Parts:
    """Multiply the parts of an answer and of its facts."""
    precision, recall = answer[2] * facts[2], answer[3] * facts[3]
    return answer[0] * facts[0], _f1(precision, recall), precision, recall


def score_questions(questions: Sequence[Question], predictions: Predictions) -> Floats:
    """Return the twelve scores of each question, in the order of FIGURES; what is missing scores 0."""
    rows = []
    for question in questions:
        answer = facts = joint = _NOTHING
        if question.id in predictions.answer:
            answer = score_answer(question.answer, predictions.answer[question.id])
        if question.id in predictions.sp:
            facts = score_facts(question.supporting_facts, predictions.sp[question.id])
        if question.id in predictions.answer and question.id in predictions.sp:
            joint = score_both(answer, facts)
        rows.append((*answer, *facts, *joint))
    return np.array(rows)


def read(gold: Sequence[str], predictions: Sequence[str], options: Mapping[str, str]) -> Scored:
    """Read and score."""
    path = only(gold, "gold")
    questions = read_document(path, tuple[Question, ...])
    found = _predictions(only(predictions, "predictions"))
    if not questions:
        raise InputError(f"{path}: holds no question")
    scores = score_questions(questions, found)
    ids = [question.id for question in questions]
    repeated = len(ids) - len(set(ids))
    unknown = (found.answer.keys() | found.sp.keys()) - set(ids)
    reason = f"the gold repeats {repeated} question ids" if repeated else None
    missing = sum(key not in found.answer for key in ids)
    return Scored(
        official=Official(
            definition="HotpotQA hotpot_evaluate_v1.py",
            figures={name: running_sum(scores[:, i]) / len(ids) for i, name in enumerate(FIGURES)},
            counts={
                "N": len(ids),
                "missing answer": missing,
                "missing sp fact": sum(key not in found.sp for key in ids),
            },
            quirks=tuple(_quirks(scores, repeated, len(unknown))),
        ),
        counts=Counts(items=len(ids), missing=missing, abstained=0, invalid=0, other_split=len(unknown)),
        house=None if reason else House(_rows(ids, scores)),
        gold=file_digest(path),
        refused=reason,
    )


def _quirks(scores: Floats, repeated: int, unknown: int) -> list[str]:
    lines = []
    for name, at in (("answers", 0), ("sets of supporting facts", 4)):
        hollow = int(((scores[:, at] == 1) & (scores[:, at + 1] == 0)).sum())
        if hollow:
            lines.append(f"{hollow} {name} match with nothing on both sides: em 1, f1 0")
    if repeated:
        lines.append(f"{repeated} questions repeat an id and are counted again")
    if unknown:
        lines.append(f"predictions for {unknown} ids that the gold does not have are ignored")
    return lines


def _rows(ids: Sequence[str], scores: Floats) -> Rows:
    """Lay out exact match and F1; an exact match has F1 1, also of nothing."""
    counts: Ints = np.ones((len(ids), len(COLUMNS)), dtype=np.int64)
    for i, name in enumerate(HOUSE, start=1):
        column = scores[:, FIGURES.index(name)]
        exact = scores[:, FIGURES.index(name.replace("f1", "em"))]
        counts[:, i] = to_fixed(np.maximum(column, exact)) if name.endswith("f1") else column
    return Rows(tuple(ids), COLUMNS, counts)


def metrics(table: Rows) -> tuple[Metric, ...]:
    """Return exact match and F1 of answers, of supporting facts and of both."""
    return tuple(
        Additive(name, (name, "items"), c.mean_fixed if name.endswith("f1") else c.share) for name in HOUSE
    )


FORMAT = Format(
    name="hotpotqa",
    task="qa",
    title="HotpotQA: answers with supporting facts from several documents",
    source=Source(
        "github.com/hotpotqa/hotpot",
        "hotpot_evaluate_v1.py",
        "3635853403a8735609ee997664e1528f4480762a",
        "Apache-2.0",
    ),
    options={},
    figures=FIGURES,
    quirks=(
        "An answer yes, no or noanswer has F1 0 unless it is the very answer.",
        "A missing answer or set of facts leaves its own and the joint figures, not the denominator.",
        "Two empty answers, or two empty sets of facts, match exactly and have F1 0.",
    ),
    headline="joint_f1",
    read=read,
    columns=COLUMNS,
    metrics=metrics,
)
