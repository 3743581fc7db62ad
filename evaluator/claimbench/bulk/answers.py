"""Question answering in bulk: cells, and the rows they give.

Comparing an answer with the gold is the dear part, so each pair of question and answer is compared once.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from claimbench.bulk.accepted import scorer
from claimbench.bulk.columns import ANSWERED, Columns, needed
from claimbench.bulk.counted import Part
from claimbench.bulk.gold import EvidenceIndex, Gold
from claimbench.bulk.languages import Families, combinations, in_columns
from claimbench.bulk.layout import Layout, ranks
from claimbench.bulk.threads import made_once
from claimbench.records import LANGUAGES, Question
from claimbench.stats.estimators import Ints, to_fixed
from claimbench.tasks.families import LANGUAGE_COLUMNS, family_columns
from claimbench.tasks.qa import COLUMNS, OUTCOMES, family_counts

MOST_REMEMBERED = 1 << 18
"""Pairs that are remembered, all questions together."""

_NULL = -1
CELL = np.dtype(
    [
        ("state", np.int8),
        ("complete", np.bool_),
        ("score", np.int64),
        ("confidence", np.float64),
    ]
)
"""``score`` packs F1 in fixed point, exact and typed match as ``4 * f1 + 2 * exact + typed``; -1 for null."""

_AT = {name: i for i, name in enumerate(COLUMNS)}
_FAMILY = family_columns(OUTCOMES)
_SAID: tuple[dict[str, int], ...] = (
    {},
    {"answered": 1},
    {"answered": 1, "typed": 1},
    {"answered": 1, "null_fp": 1},
    {"answered": 1, "null_tp": 1, "typed": 1},
)
"""What a question's row can hold that its family is counted from: nothing, a text or null, wrong or right."""


class _Answers(dict[Any, int]):
    """The packed score of every answer given to one question so far."""

    def __init__(self, question: Question, most: int) -> None:
        self._score = scorer(question) if question.answerable else None
        self._most = most

    def __missing__(self, answer: Any) -> int:
        if not isinstance(answer, str):
            packed = _NULL
        elif self._score is None:
            packed = 0
        else:
            exact, typed, f1 = self._score(answer)
            packed = 4 * _fixed(f1) + 2 * exact + typed
        if len(self) >= self._most:
            self.clear()
        self[answer] = packed
        return packed


@lru_cache(maxsize=4096)
def _fixed(share: float) -> int:
    return int(to_fixed(share))


class _Lookup:
    """The scored questions' gold as arrays, and what their answers scored."""

    def __init__(self, gold: Gold) -> None:
        by_id = {item.id: item for item in gold.corpus.questions}
        questions = [by_id[item] for item in gold.items.ids]
        self.answers = [_Answers(question, MOST_REMEMBERED // len(questions)) for question in questions]
        self.answerable = np.array([question.answerable for question in questions])
        self.has_evidence = np.array([bool(question.evidence) for question in questions])
        self.evidence = EvidenceIndex([question.evidence for question in questions], gold.sentences)
        self.families = Families(
            gold.items.ids, [q.family for q in questions], [q.language for q in questions]
        )
        rows = (family_counts([_SAID[code] for code in codes]) for codes in combinations(len(_SAID)))
        self.of_family = np.array([in_columns(_FAMILY, row) for row in rows])


_lookup = made_once(_Lookup)


def cells(gold: Gold, lines: Columns) -> npt.NDArray[Any]:
    """Return the cell of every line."""
    look = _lookup(gold)
    result = np.zeros(lines.item.size, dtype=CELL)
    result["state"] = lines.state
    of = map(look.answers.__getitem__, lines.item.tolist())
    result["score"] = [answers[x] for answers, x in zip(of, needed(lines.answer), strict=True)]
    result["confidence"] = np.nan_to_num(needed(lines.number), nan=-1.0)
    result["complete"] = look.evidence.complete(lines.item, needed(lines.evidence).first(5))
    return result


def counts(gold: Gold, table: npt.NDArray[Any]) -> list[Part]:
    """Return the rows of several runs."""
    look = _lookup(gold)
    one = int(to_fixed(1.0))
    answered = table["state"] == ANSWERED
    null = answered & (table["score"] == _NULL)
    text = answered & ~null
    packed = np.where(text, table["score"], 0)
    right = null & ~look.answerable
    f1 = np.where(right, one, packed >> 2)
    exact = right | (packed >> 1 & 1).astype(np.bool_)
    typed = right | (packed & 1).astype(np.bool_)
    given = answered & (table["confidence"] >= 0.0)
    result = np.zeros((*table.shape, len(COLUMNS)), dtype=np.int64)
    for name, values in (
        ("items", 1),
        ("f1", f1),
        ("exact", exact),
        ("typed", typed),
        ("answerable", look.answerable),
        ("answerable_f1", packed >> 2),
        ("null_tp", right),
        ("null_fp", null & look.answerable),
        ("null_fn", ~look.answerable & ~null),
        ("evidence", answered & table["complete"]),
        ("evidence_items", look.has_evidence),
        ("answered", answered),
        ("given", given),
        ("confidence_rank", ranks(np.where(given, table["confidence"], -1.0)) if given.any() else 0),
        ("loss", one - f1),
        ("confidence", to_fixed(np.where(given, table["confidence"], 0.0))),
        ("came_true", np.where(exact, one, 0)),
    ):
        result[..., _AT[name]] = values
    families = look.families
    result[..., [_AT[name] for name in LANGUAGE_COLUMNS]] = families.by_language(typed)
    said = families.outcomes(answered + 2 * null + typed, 0)
    combination = np.ravel_multi_index(tuple(np.moveaxis(said, -1, 0)), (len(_SAID),) * len(LANGUAGES))
    result[:, families.heads[:, np.newaxis], [_AT[name] for name in _FAMILY]] = look.of_family[combination]
    return [Part(COLUMNS, result)]


def kinds(totals: Ints) -> Ints:
    """Return a code for runs that have the same metrics: a confidence for every answer, or not."""
    given, answered = totals[:, _AT["given"]], totals[:, _AT["answered"]]
    found: Ints = ((given > 0) & (given == answered)).astype(np.int64)
    return found


LAYOUT = Layout(columns=COLUMNS, cell=CELL, cells=cells, counts=counts, kinds=kinds)
