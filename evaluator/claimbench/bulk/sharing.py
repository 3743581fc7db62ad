"""Who does the work: processes of this machine or a cluster, and which tasks can be shared how."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, get_args

from msgspec.structs import replace

from claimbench.bulk.gold import Gold
from claimbench.bulk.layout import HOMES
from claimbench.errors import UsageError, nearest
from claimbench.processes import spread
from claimbench.records import Prediction
from claimbench.stats.estimators import Rows

Engine = Literal["local", "ray"]

DEAR = ("extraction",)
"""Tasks whose rows cost more than reading does, and are sums over the ids that predictions are joined on."""


def check_sharing(workers: int, engine: str, address: str | None, task: str | None, files: bool) -> None:
    """Raise UsageError where workers, engine or address do not exist, or would do nothing.

    ``task`` is None for a variant of a task; ``files`` says whether all runs of files are to be scored.
    """
    if workers < 1:
        raise UsageError(f"expected at least one worker, not {workers}")
    if address is not None and engine != "ray":
        raise UsageError("an address is for the engine 'ray'")
    in_bulk = files and task in HOMES
    if engine == "local":
        if workers > 1 and not in_bulk and task not in DEAR:
            raise UsageError(f"workers share whole files of {', '.join(HOMES)}, or {', '.join(DEAR)}")
        return
    if engine != "ray":
        raise UsageError(f"unknown engine '{engine}'{nearest(engine, get_args(Engine))}; local or ray")
    if workers > 1:
        raise UsageError("workers are for the engine 'local'; a cluster knows how many it has")
    if not in_bulk:
        raise UsageError(f"the engine 'ray' scores whole files of {', '.join(HOMES)}")


class _Part(NamedTuple):
    """What a run says of one id that predictions are joined on."""

    run: str
    item: str
    found: Mapping[str, Prediction]


def shared_rows(gold: Gold, runs: Mapping[str, Mapping[str, Prediction]], workers: int) -> dict[str, Rows]:
    """Return ``Task.rows`` of every run of a task in ``DEAR``, made by several processes."""
    parts = [
        _Part(run, item, {item: found[item]} if item in found else {})
        for run, found in runs.items()
        for item in gold.items.expected
    ]
    table: dict[str, Rows] = {}
    for place, rows in spread(_rows, parts, gold, workers):
        run = parts[place].run
        table[run] = replace(rows, counts=table[run].counts + rows.counts) if run in table else rows
    return table


def _rows(part: _Part, gold: Gold) -> Rows:
    return gold.definition.rows(gold.corpus, replace(gold.items, expected=(part.item,)), part.found)
