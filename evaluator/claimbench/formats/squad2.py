"""SQuAD 2.0: SQuAD with questions that have no answer (Rajpurkar et al. 2018).

Equals ``evaluate-v2.0.py``. The empty string says that there is no answer; so does a no-answer probability
above the threshold, in the official figures and the house's alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import is_
from typing import cast

import numpy as np

from claimbench.errors import InputError
from claimbench.formats.answers import squad_words
from claimbench.formats.base import NONE, Format, House, Option, Scored, Source, only
from claimbench.formats.documents import collection_paused, read_map
from claimbench.formats.lines import file_digest
from claimbench.formats.noanswer import PARTS, Answered, curve_figures, f1_sum, figures, thresholded
from claimbench.formats.squad import Matches, Questions, UsualQuestion2, match, read_questions
from claimbench.formats.summation import PythonSum
from claimbench.report import Counts, Official
from claimbench.stats import classification as c
from claimbench.stats.estimators import Additive, Bools, Floats, Ints, Metric, Rows, ratio, to_fixed

FIGURES = (
    *(part + name for part in PARTS for name in ("exact", "f1")),
    *("best_exact", "best_exact_thresh", "best_f1", "best_f1_thresh"),
    *("pr_exact_ap", "pr_f1_ap", "pr_oracle_ap"),
)
COLUMNS = ("items", "exact", "f1", "answerable", "answerable_exact", "answerable_f1", "unanswerable_exact")


@collection_paused()
def read(gold: Sequence[str], predictions: Sequence[str], options: Mapping[str, str]) -> Scored:
    """Read and score SQuAD 2.0."""
    path = only(gold, "gold")
    shipped = read_questions(path, UsualQuestion2)
    if not shipped.ids:
        raise InputError(f"{path}: holds no question")
    questions = _last_of_each(shipped)
    answers = read_map(only(predictions, "predictions"), str)
    given = None if options["na_prob"] == NONE else read_map(options["na_prob"], float)
    keys = [str(key) for key in questions.ids]
    texts = list(map(answers.get, keys))
    answered = _answered(questions, keys, texts, given)
    scores = thresholded(answered, float(options["threshold"]))
    missing = texts.count(None)
    # Where a key is the id itself, it is no integer, which no key of a prediction file equals.
    whole = given is None and not missing and all(map(is_, keys, questions.ids))
    refused = None if whole else _refusal(questions, answers, given)
    unknown = len(answers) - (len(keys) - missing)
    found: dict[str, float | None] = {}
    lines: list[str] = []
    if not refused:
        python = cast(PythonSum, options["python"])
        found |= figures(answered.has_answer, scores, python)
        lines = _quirks(shipped, scores, python, unknown)
        if given is not None:
            curves, more = _curves(answered, keys, given)
            found |= curves
            lines += more
    reason = f"the gold repeats {shipped.repeated} question ids" if shipped.repeated else None
    return Scored(
        official=Official("SQuAD evaluate-v2.0", found, _totals(answered.has_answer), tuple(lines), refused),
        counts=Counts(items=len(keys), missing=missing, abstained=0, invalid=0, other_split=unknown),
        house=None if reason else House(_rows(keys, answered.has_answer, scores), tuple(questions.articles)),
        gold=file_digest(path),
        refused=reason,
    )


def _answered(
    questions: Questions,
    keys: Sequence[str],
    texts: Sequence[str | None],
    given: Mapping[str, float] | None,
) -> Answered:
    """Put predictions beside their questions; what has none is below any threshold and matches nothing."""
    chances = np.zeros(len(keys)) if given is None else np.array([given.get(key, 0.0) for key in keys])
    if None in texts:
        chances[[text is None for text in texts]] = -np.inf
    return Answered(
        has_answer=np.fromiter(map(bool, questions.answers), bool, len(keys)),
        said=np.fromiter(map(bool, texts), bool, len(keys)),
        found=match(questions.answers, texts, squad_words, drop_empty=True),
        probability=chances,
    )


def _curves(
    answered: Answered, keys: Sequence[str], given: Mapping[str, float]
) -> tuple[dict[str, float], list[str]]:
    """Return the figures over no-answer probabilities; ties keep the order of their file."""
    place = {key: i for i, key in enumerate(keys)}
    known = [place[key] for key in sorted(given, key=given.__getitem__) if key in place]
    found, lines = curve_figures(answered, np.array(known))
    if len(known) == len(given):
        return found, lines
    lines.append("pr_*: the scorer stops (KeyError), as some probabilities are for questions not in the gold")
    return {name: value for name, value in found.items() if not name.startswith("pr_")}, lines


def _last_of_each(questions: Questions) -> Questions:
    """Return the questions with the last of each id in the place of the first, as a dict keeps them."""
    if not questions.repeated:
        return questions
    kept = list({key: i for i, key in enumerate(questions.ids)}.values())
    return Questions(
        [questions.ids[i] for i in kept],
        [questions.articles[i] for i in kept],
        [questions.answers[i] for i in kept],
    )


def _refusal(
    questions: Questions, answers: Mapping[str, str], given: Mapping[str, float] | None
) -> str | None:
    """Return why the official scorer stops on this input."""
    missing = [key for key in questions.ids if key not in answers]
    if len(missing) == len(questions.ids):
        return "ZeroDivisionError: no question has a prediction"
    if given is not None:
        without = [key for key in questions.ids if key in answers and key not in given]
        if without:
            return f"KeyError: '{without[0]}', {len(without)} questions without a no-answer probability"
    return f"KeyError: '{missing[0]}', {len(missing)} questions without a prediction" if missing else None


def _totals(has_answer: Bools) -> dict[str, int]:
    answerable = int(has_answer.sum())
    parts = {"HasAns_total": answerable, "NoAns_total": len(has_answer) - answerable}
    return {"total": len(has_answer)} | {name: count for name, count in parts.items() if count}


def _quirks(shipped: Questions, scores: Matches, python: PythonSum, unknown: int) -> list[str]:
    lines = []
    other: PythonSum = "3.12" if python == "3.11" else "3.11"
    total = f1_sum(scores, other)
    if total != f1_sum(scores, python):
        f1 = 100.0 * total / len(scores.f1)
        lines.append(f"f1 is {f1!r} by the sum() of CPython {other}")
    hollow = int(scores.hollow.sum())
    if hollow:
        lines.append(
            f"{hollow} questions have gold answers that normalise to nothing: only the empty answer is right"
        )
    if shipped.repeated:
        lines.append(f"{shipped.repeated} questions repeat an id: the last of each counts")
    if unknown:
        lines.append(f"{unknown} predictions for ids that the gold does not have are ignored")
    return lines


def _rows(ids: Sequence[str], has_answer: Bools, scores: Matches) -> Rows:
    counts: Ints = np.zeros((len(ids), len(COLUMNS)), dtype=np.int64)
    counts[:, 0] = 1
    counts[:, 1] = scores.exact
    counts[:, 2] = to_fixed(scores.f1)
    counts[:, 3] = has_answer
    counts[:, 4:6] = counts[:, 1:3] * has_answer[:, np.newaxis]
    counts[:, 6] = scores.exact & ~has_answer
    return Rows(tuple(ids), COLUMNS, counts)


def _of_unanswerable(total: Ints) -> Floats:
    """Columns (exact, items, answerable)."""
    return ratio(total[..., 0], total[..., 1] - total[..., 2])


def metrics(table: Rows) -> tuple[Metric, ...]:
    """Return exact match and answer F1 as shares of 1, on all questions and by whether there is an answer."""
    return (
        Additive("exact_match", ("exact", "items"), c.share),
        Additive("f1", ("f1", "items"), c.mean_fixed),
        Additive("answerable_exact_match", ("answerable_exact", "answerable"), c.share),
        Additive("answerable_f1", ("answerable_f1", "answerable"), c.mean_fixed),
        Additive("unanswerable_accuracy", ("unanswerable_exact", "items", "answerable"), _of_unanswerable),
    )


FORMAT = Format(
    name="squad2",
    task="qa",
    title="SQuAD 2.0: answers to questions about Wikipedia articles, or none",
    source=Source(
        "github.com/rajpurkar/SQuAD-explorer",
        "evaluate-v2.0.py",
        "eee5fdbf62f8613a7812b03419e6b29617b74fd1",
        "MIT",
    ),
    options={
        "na_prob": Option(NONE, "JSON file of no-answer probabilities by question id", kind="file"),
        "threshold": Option("1.0", "a probability above it means no answer", kind="number"),
        "python": Option(
            "3.11", "the Python whose built-in sum() is meant: up to 3.11, or 3.12 on", ("3.11", "3.12")
        ),
    },
    figures=FIGURES,
    quirks=(
        "The built-in sum() of CPython 3.12 gives other last digits than those before it.",
        "best_* answers one question after the other, inside groups of equal probability too.",
        'Gold answers that normalise to nothing ("the") are dropped; if none is left, nothing is right.',
        "A missing prediction stops the scorer; of a repeated question id the last counts.",
    ),
    headline="f1",
    read=read,
    columns=COLUMNS,
    metrics=metrics,
)
