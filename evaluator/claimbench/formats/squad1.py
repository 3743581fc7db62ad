"""SQuAD 1.1: answers to questions about Wikipedia articles (Rajpurkar et al. 2016).

Equals ``evaluate-v1.1.py``, whose rules XQuAD and GermanQuAD are scored by too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from claimbench.errors import InputError
from claimbench.formats.answers import Normal, squad_words
from claimbench.formats.base import Format, House, Scored, Source, only
from claimbench.formats.documents import collection_paused, read_map
from claimbench.formats.lines import file_digest
from claimbench.formats.squad import (
    COLUMNS,
    Matches,
    Questions,
    ignored,
    match,
    metrics,
    read_questions,
    rows,
)
from claimbench.formats.summation import running_sum
from claimbench.report import Counts, Official

FIGURES = ("exact_match", "f1")
QUIRKS = (
    'An answer that matches exactly with nothing left after normalisation ("the") has F1 0.',
    "A repeated question id is counted again.",
    "Integer question ids match no prediction, as the keys of a JSON object are strings.",
    "A question without gold answers stops the scorer.",
)


def figures(found: Matches) -> dict[str, float]:
    """Return the official figures in percent, F1 added up from left to right."""
    total = len(found.exact)
    f1 = np.where(found.empty, 0.0, found.f1)
    return {
        "exact_match": 100.0 * int(found.exact.sum()) / total,
        "f1": 100.0 * running_sum(f1) / total,
    }


@collection_paused()
def score(
    gold: Sequence[str],
    predictions: Sequence[str],
    normal: Normal,
    definition: str,
    *,
    text_ids: bool = False,
) -> Scored:
    """Score one gold and one prediction file by SQuAD 1.1's rules with a normal form.

    With ``text_ids`` integer question ids are read as strings, in the official figures too.
    """
    path, predicted = only(gold, "gold"), only(predictions, "predictions")
    questions = read_questions(path)
    if not questions.ids:
        raise InputError(f"{path}: holds no question")
    answers = read_map(predicted, str)
    keys = [str(key) for key in questions.ids]
    found = match(questions.answers, [answers.get(key) for key in keys], normal)
    missing = sum(key not in answers for key in keys)
    refused = None if text_ids else _integer_ids(questions)
    refused = refused or _unanswerable(questions, answers)
    unknown = ignored(keys, answers)
    official = Official(
        definition=definition,
        figures={} if refused else dict(figures(found)),
        counts={"total": len(keys)},
        quirks=() if refused else _quirks(questions, found, unknown),
        refused=refused,
    )
    reason = _broken(questions)
    return Scored(
        official=official,
        counts=Counts(items=len(keys), missing=missing, abstained=0, invalid=0, other_split=unknown),
        house=None if reason else House(rows(questions, found), tuple(questions.articles)),
        gold=file_digest(path),
        refused=reason,
    )


def _integer_ids(questions: Questions) -> str | None:
    whole = [key for key in questions.ids if isinstance(key, int)]
    if not whole:
        return None
    return f"TypeError: question id {whole[0]} is an integer, which no key of a prediction file equals"


def _unanswerable(questions: Questions, answers: Mapping[str, str]) -> str | None:
    for key, texts in zip(questions.ids, questions.answers, strict=True):
        if not texts and str(key) in answers:
            return f"ValueError: question '{key}' is answered and has no gold answer"
    return None


def _broken(questions: Questions) -> str | None:
    """Return why the gold breaks the format's own rules, so that the house does not score it."""
    if questions.repeated:
        return f"the gold repeats {questions.repeated} question ids"
    without = questions.answers.count(())
    return f"{without} questions have no gold answer" if without else None


def _quirks(questions: Questions, found: Matches, unknown: int) -> tuple[str, ...]:
    lines = []
    both = int((found.exact & found.empty).sum())
    if both:
        other = figures(found._replace(empty=found.empty & ~found.exact))["f1"]
        lines.append(f"{both} exact matches of nothing have F1 0; counted as 1, f1 would be {other!r}")
    if questions.repeated:
        lines.append(f"{questions.repeated} questions repeat an id and are counted again")
    if unknown:
        lines.append(f"{unknown} predictions for ids that the gold does not have are ignored")
    return tuple(lines)


def read(gold: Sequence[str], predictions: Sequence[str], options: Mapping[str, str]) -> Scored:
    """Read and score SQuAD 1.1."""
    return score(gold, predictions, squad_words, "SQuAD evaluate-v1.1")


FORMAT = Format(
    name="squad1",
    task="qa",
    title="SQuAD 1.1: answers to questions about Wikipedia articles",
    source=Source(
        "github.com/allenai/bi-att-flow",
        "squad/evaluate-v1.1.py",
        "49004549e9a88b78c359b31481afa7792dbb3f4a (verbatim copy of Stanford's)",
        "Apache-2.0",
    ),
    options={},
    figures=FIGURES,
    quirks=QUIRKS,
    headline="f1",
    read=read,
    columns=COLUMNS,
    metrics=metrics,
)
