"""CheckThat! check-worthiness ranking, 2018 to 2021: which lines of a debate, or tweets, to check first.

Equals the labs' scorers for debates (2018 task 1, 2019 task 1, 2021 task 1b) and for tweets (2020 task 1,
2021 task 1a), told apart by the gold's columns. Several gold and prediction files are debates, in order.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from claimbench.errors import UsageError
from claimbench.formats.base import Format, House, Option, Scored, Source
from claimbench.formats.debates import TWEETS, Gold, read_debates
from claimbench.formats.ranking import (
    COLUMNS,
    PLACES,
    Debate,
    average_precision,
    figures_of,
    house_rows,
    mean_figures,
    metrics,
    tie_bounds,
)
from claimbench.formats.summation import PythonSum
from claimbench.formats.tables import gold_digest
from claimbench.report import Counts, Official

NAMES = ("average_precision", "reciprocal_rank", "r_precision", *(f"P@{k}" for k in PLACES))


def read(gold: Sequence[str], predictions: Sequence[str], options: Mapping[str, str]) -> Scored:
    """Read and score one set of tweets, or one or several debates."""
    if len(gold) != len(predictions):
        raise UsageError(
            f"expected one prediction file per gold file, not {len(predictions)} for {len(gold)}"
        )
    golds, debates = read_debates(gold, predictions)
    python = cast(PythonSum, options["python"])
    missing = sum(len(debate.labels.keys() - dict(debate.scores).keys()) for debate in debates)
    refused = f"ValueError: {missing} lines of the gold have no score" if missing else None
    found = [] if refused else [figures_of(debate, python) for debate in debates]
    figures = mean_figures(found) if len(found) > 1 else dict(*found)
    reason = _not_joinable(golds, debates)
    items = sum(len(debate.labels) for debate in debates)
    return Scored(
        official=Official(
            definition=f"CheckThat! scorer for {'tweets' if golds[0].layout is TWEETS else 'debates'}",
            figures=figures,
            counts={"R": sum(d.positives for d in debates), "n": sum(len(d.scores) for d in debates)},
            quirks=() if refused else tuple(_quirks(golds, debates, python)),
            refused=refused,
        ),
        counts=Counts(items=items, missing=missing, abstained=0, invalid=0, other_split=0),
        house=None if reason else House(house_rows(debates), _clusters(golds, debates)),
        gold=gold_digest(gold),
        refused=reason,
    )


def _not_joinable(golds: Sequence[Gold], debates: Sequence[Debate]) -> str | None:
    for gold, debate in zip(golds, debates, strict=True):
        if gold.repeated:
            return f"the gold of {debate.name} gives {gold.repeated} lines again"
        if len(debate.scores) > len(dict(debate.scores)):
            return f"the predictions of {debate.name} give a line more than once"
        if any(math.isnan(score) for _, score in debate.scores):
            return f"a score of {debate.name} is not a number"
    return None


def _clusters(golds: Sequence[Gold], debates: Sequence[Debate]) -> tuple[str, ...] | None:
    """Return the debate of each line; of one file its topics, or None where it has only one."""
    if len(debates) > 1:
        return tuple(debate.name for debate in debates for _ in debate.labels)
    topics = tuple(golds[0].topics)
    return topics if len(set(topics)) > 1 else None


def _quirks(golds: Sequence[Gold], debates: Sequence[Debate], python: PythonSum) -> Iterator[str]:
    for gold, debate in zip(golds, debates, strict=True):
        here = average_precision(debate.ranked(), debate.positives, python)
        place = f" in {debate.name}" if len(debates) > 1 else ""
        mixed, worst, best = tie_bounds(debate, python)
        if worst < best:
            yield (
                f"{mixed} lines share a score with one of the other label{place}: average_precision is "
                f"{here!r} in file order, {worst!r} to {best!r} in others"
            )
        once = list(dict(sorted(debate.scores, key=lambda pair: pair[1])).items())
        if len(once) < len(debate.scores):
            alone = average_precision(debate.ranked(once), debate.positives, python)
            yield (
                f"{len(debate.scores) - len(once)} lines are ranked again{place}: average_precision is "
                f"{here!r}, {alone!r} with each line once"
            )
        if gold.repeated:
            yield f"{gold.repeated} gold lines are given again{place}: the last label counts"
        odd = sum(label not in (0, 1) for label in debate.labels.values())
        if odd:
            yield f"{odd} gold labels are neither 0 nor 1{place} and count as 0"
        if not debate.positives:
            yield f"no line is positive{place}: r_precision is read from the last place, others are 0"
        if len(debate.scores) < PLACES[-1]:
            yield f"only {len(debate.scores)} lines{place}: the command line stops at P@50 with an IndexError"
    other: PythonSum = "3.12" if python == "3.11" else "3.11"
    sums = [[figures_of(d, which)["average_precision"] for d in debates] for which in (python, other)]
    changed = sum(a != b for a, b in zip(*sums, strict=True))
    if changed:
        yield f"the sum() of CPython {other} gives other last digits of average_precision in {changed} files"


FORMAT = Format(
    name="checkthat",
    task="detection",
    title="CheckThat! 2018 to 2021: ranking lines of debates and tweets by check-worthiness",
    source=Source(
        "github.com/clef2018-factchecking/clef2018-factchecking, its successors of 2019 to 2021",
        "scorer/task1.py, scorer/main.py, task1/scorer/subtask_1a.py, subtask_1b.py",
        "201e236ff5a1b84412d9e5326dbdb903d5d033ca (2018), ec6370e19f67f63772aff963cd1ee48284d7a599 (2021)",
        "none stated (definition only)",
    ),
    options={
        "python": Option("3.11", "whose built-in sum() is meant: up to 3.11, or 3.12 on", ("3.11", "3.12"))
    },
    figures=(*NAMES, *(f"mean_{name}" for name in NAMES)),
    quirks=(
        "Lines of equal score keep the order of the prediction file.",
        "A line that is given twice is ranked twice, so that average precision can exceed 1.",
        "A gold line without a score stops the scorer; an unknown line makes it quit with exit code 0.",
        "Debates of fewer than 50 lines stop the command line, as it reads P@50.",
        "The format checkers of debates refuse exponents and lines above 9999, which the scorer takes.",
        "The command line of 2021 task 1b cannot run: it reads an argument that it does not define.",
    ),
    headline="average_precision",
    read=read,
    columns=COLUMNS,
    metrics=metrics,
)
