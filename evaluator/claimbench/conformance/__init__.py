"""Conformance: a test of scorers, whoever wrote them.

A scorer is a function ``(task, gold folder, prediction lines) -> {metric: value}``; see ``scorers``. Each
check is one rule in one sentence, with the numbers that show whether it held. ``card`` shows what predictors
that understand nothing get.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from claimbench.conformance import answering, cutting, identities, joining, spans
from claimbench.conformance.bench import Bench, Check, Result, run_check
from claimbench.conformance.card import Row, card
from claimbench.conformance.scorers import RefusedError, Scorer, from_command, from_module, ours
from claimbench.conformance.tricks import TRICKS
from claimbench.errors import UsageError, nearest
from claimbench.reading.corpus import Corpus

__all__ = [
    "CHECKS",
    "TRICKS",
    "Check",
    "RefusedError",
    "Result",
    "Row",
    "Scorer",
    "card",
    "check",
    "check_names",
    "from_command",
    "from_module",
    "ours",
]

CHECKS: tuple[Check, ...] = (
    *joining.CHECKS,
    *answering.CHECKS,
    *cutting.CHECKS,
    *spans.CHECKS,
    *identities.CHECKS,
)


def check_names(wanted: Iterable[str]) -> frozenset[str]:
    """Return the names of checks as a set, all where none is given. Raises UsageError for an unknown one."""
    known = [each.name for each in CHECKS]
    for name in wanted:
        if name not in known:
            raise UsageError(f"no check '{name}'{nearest(name, known)}; one of {', '.join(known)}")
    return frozenset(wanted) or frozenset(known)


def check(
    scorer: Scorer, task: str, corpus: Corpus, folder: Path, only: Iterable[str] = ()
) -> Iterator[Result]:
    """Yield the result of every check that concerns a task; of those named in ``only``, if any.

    ``corpus`` is what ``folder`` holds; the scorer gets the folder. Raises UsageError for an unknown check.
    """
    wanted = check_names(only)
    bench = Bench(task, corpus, folder, scorer)
    chosen = [each for each in CHECKS if task in each.tasks and each.name in wanted]
    declined = bench.declines()
    for each in chosen:
        if declined is None:
            yield run_check(each, bench)
        else:
            note = f"the scorer refuses even right answers: {declined}"
            yield Result(task, each.name, each.rule, "not applicable", {}, note)
