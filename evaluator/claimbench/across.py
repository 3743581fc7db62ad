"""Why a score changed although corpus and scorer changed too: system, gold, scorer and item set apart.

Old and new predictions are both scored on the old and on the new gold. On the items that both corpora have,
that gives four scores, between which two paths lead from the old to the new one: first the system changes
and then the gold, or first the gold. Each part is the mean over both paths (Shapley 1953), so that the parts
add up to the change; how far the paths differ is the interaction, which belongs to neither alone.

What each part needs: *system*, *gold* and *items* both prediction files and both corpora; *scorer* the report
of the old predictions as it was written then, for the old scorer itself is not there any more. What an old
scorer would have made of the new gold or the new predictions cannot be told.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from claimbench.comparing.joining import rows_of, signed
from claimbench.errors import IncomparableError, InputError, ProblemsError, UsageError
from claimbench.reading.corpus import Corpus, load_corpus
from claimbench.reading.inputs import Shard
from claimbench.reading.jsonl import lines, parse, read_bytes
from claimbench.records import Split
from claimbench.report import Document, ItemRows, Report, Value
from claimbench.scoring import PredictionSource, score
from claimbench.stats.estimators import Rows, point
from claimbench.stats.intervals import cluster_codes
from claimbench.stats.paired import Paired, jackknife_difference
from claimbench.systems import inputs
from claimbench.tasks import task as task_by_name

Grid = Mapping[tuple[int, int], Report | None]
"""Reports by predictions and gold, old (0) or new (1); None where the predictions do not fit the gold."""


class Parts(Value, frozen=True):
    """One metric: its parts add up to ``after - before``.

    A part is None where it cannot be told; ``together`` is what system and gold make where they cannot be
    told apart. ``system_test`` is the paired test of new against old predictions on the new gold. The other
    parts have no interval: they are facts about these items, not draws.
    """

    before: float | None
    after: float | None
    system: float | None
    gold: float | None
    scorer: float | None
    items: float | None
    together: float | None
    interaction: float | None
    system_test: Paired | None


class Across(Document, frozen=True):
    """A change of score in parts; ``notes`` say what could not be separated, and why."""

    task: str
    split: Split
    signatures: tuple[str, str]
    metrics: dict[str, Parts]
    items_shared: int
    items_new: int
    items_removed: int
    items_reworded: int
    notes: tuple[str, ...]


class _Figure(msgspec.Struct, frozen=True):
    value: float | None


class Reported(msgspec.Struct, frozen=True):
    """What a report of any version says: how it was made, and its scores."""

    signature: str
    metrics: dict[str, _Figure]


def read_reported(path: str | Path) -> Reported:
    """Return what the report in a file says, whatever version wrote it. Raises InputError for others."""
    try:
        return msgspec.json.decode(read_bytes(str(path)), type=Reported)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: not a report: {error}") from None


def split_change(
    task: str,
    old: PredictionSource,
    new: PredictionSource,
    *,
    old_corpus: Corpus | str | Path,
    new_corpus: Corpus | str | Path | None = None,
    reported: Reported | None = None,
    metrics: Sequence[str] = (),
    split: str = "test",
) -> Across:
    """Return the parts of the change from old predictions on the old corpus to new ones on the new corpus.

    ``reported`` is the report of the old predictions as it was written then; without it the scorer's part is
    unknown. ``metrics`` are names; none means the headline.

    Raises IncomparableError where ``reported`` is not about the old corpus or no item is shared, UsageError
    for an unknown metric, ProblemsError for wrong predictions.
    """
    task_by_name(task).refuse_unknown(metrics)
    gold = tuple(_corpus(given, task) for given in (old_corpus, new_corpus))
    grid, notes = _grid(task, (old, new), gold, split)
    before, after = _known(grid[0, 0]), _known(grid[1, 1])
    if reported is not None:
        _refuse_other(reported, before)
    else:
        notes += ("the scorer's part: the report of the old predictions, as written then, is not given",)
    if after.split is None:
        raise UsageError("--across is about corpora, not about foreign formats")
    theirs, mine = (set(table.ids) for table in (_table(before), _table(after)))
    if not theirs & mine:
        raise IncomparableError("the corpora share no item of this split")
    return Across(
        task=task,
        split=after.split,
        signatures=((reported or before).signature, after.signature),
        metrics={name: _parts(name, grid, theirs & mine, reported) for name in metrics or (after.headline,)},
        items_shared=len(theirs & mine),
        items_new=len(mine - theirs),
        items_removed=len(theirs - mine),
        items_reworded=_reworded(task, gold, after.split),
        notes=notes,
    )


def _corpus(given: Corpus | str | Path | None, task: str) -> Corpus:
    return given if isinstance(given, Corpus) else load_corpus(given, only=task_by_name(task).needs)


def _grid(
    task: str, predictions: tuple[PredictionSource, PredictionSource], gold: tuple[Corpus, ...], split: str
) -> tuple[Grid, tuple[str, ...]]:
    """Return the reports of old and new predictions on old and new gold, and why there is none."""
    grid: dict[tuple[int, int], Report | None] = {}
    notes = []
    for system, corpus in ((0, 0), (1, 1), (0, 1), (1, 0)):
        given = predictions[system]
        if system == corpus:
            grid[system, corpus] = score(task, given, split=split, corpus=gold[corpus], by=())
            continue
        known = task_by_name(task).splits(gold[corpus])
        try:
            kept = [line for line in _lines(given) if line.get("id") in known]
            grid[system, corpus] = score(task, kept, split=split, corpus=gold[corpus], by=())
        except ProblemsError as error:
            grid[system, corpus] = None
            words = "old", "new"
            first = error.problems[0]
            notes.append(f"{words[system]} predictions do not fit the {words[corpus]} gold: {first.message}")
    return grid, tuple(notes)


def _lines(given: PredictionSource) -> list[Mapping[str, Any]]:
    """Return predictions that were read before without a problem as mappings."""
    if isinstance(given, Shard):
        given = given.path
    if isinstance(given, (str, Path)):
        return [parse(line) for _, line in lines(read_bytes(str(given)))]
    return list(given)


def _known(report: Report | None) -> Report:
    if report is None:
        raise ValueError("predictions on their own gold always have a report")
    return report


def _table(report: Report) -> ItemRows:
    if report.items is None:
        raise IncomparableError(f"there are {len(report.runs)} runs in one input; give one at a time")
    return report.items


def _refuse_other(reported: Reported, before: Report) -> None:
    """Refuse a report that is not about the old predictions' task, split and gold."""
    for name in ("task", "split", "corpus"):
        mine, theirs = signed(reported.signature, name), signed(before.signature, name)
        if mine != theirs:
            raise IncomparableError(f"the old report has another {name}: '{mine}', not '{theirs}'")


def _parts(name: str, grid: Grid, shared: Collection[str], reported: Reported | None) -> Parts:
    before, after = _known(grid[0, 0]), _known(grid[1, 1])
    first, last = (_value(name, report, None) for report in (before, after))
    told = first if reported is None else reported.metrics[name].value if name in reported.metrics else None
    on = {place: None if report is None else _value(name, report, shared) for place, report in grid.items()}
    system, gold = _two_paths(on)
    change = _minus(on[1, 1], on[0, 0])
    return Parts(
        before=told,
        after=last,
        system=system,
        gold=gold,
        scorer=None if reported is None else _minus(first, told),
        items=_plus(_minus(on[0, 0], first), _minus(last, on[1, 1])),
        together=change if system is None else None,
        interaction=_minus(_minus(on[1, 1], on[0, 1]), _minus(on[1, 0], on[0, 0])),
        system_test=_tested(name, grid, shared),
    )


def _two_paths(on: Mapping[tuple[int, int], float | None]) -> tuple[float | None, float | None]:
    """Return the parts of system and gold: the mean over the paths that can be walked."""
    walks = [
        (_minus(on[1, 0], on[0, 0]), _minus(on[1, 1], on[1, 0])),
        (_minus(on[1, 1], on[0, 1]), _minus(on[0, 1], on[0, 0])),
    ]
    found = [(system, gold) for system, gold in walks if system is not None and gold is not None]
    if not found:
        return None, None
    return sum(x for x, _ in found) / len(found), sum(y for _, y in found) / len(found)


def _value(name: str, report: Report, shared: Collection[str] | None) -> float | None:
    """Return a score on some of a report's items, or on all."""
    rows, _ = _restricted(report, shared)
    metric = task_by_name(report.task).metric(rows, name)
    return None if metric is None else point(metric, rows)


def _restricted(report: Report, shared: Collection[str] | None) -> tuple[Rows, list[str]]:
    """Return the rows of some items in the order of their ids, and their clusters."""
    table = _table(report)
    kept = sorted((x, i) for i, x in enumerate(table.ids) if shared is None or x in shared)
    places = [i for _, i in kept]
    rows = rows_of(table, "the report").take(np.array(places, dtype=np.intp))
    return rows, [table.clusters[i] for i in places]


def _tested(name: str, grid: Grid, shared: Collection[str]) -> Paired | None:
    """Return the paired test of new against old predictions on the new gold."""
    crossed = grid[0, 1]
    if crossed is None:
        return None
    old, _ = _restricted(crossed, shared)
    new, clusters = _restricted(_known(grid[1, 1]), shared)
    metric = task_by_name(crossed.task).metric(new, name)
    return None if metric is None else jackknife_difference(metric, old, new, cluster_codes(clusters))


def _reworded(task: str, gold: tuple[Corpus, ...], split: Split) -> int:
    """Return how many items have the same id in both corpora, and ask something else."""
    old, new = ({item["id"]: item for item in inputs(task, corpus, split)} for corpus in gold)
    return sum(old[item] != new[item] for item in old.keys() & new.keys())


def _minus(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other


def _plus(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one + other
