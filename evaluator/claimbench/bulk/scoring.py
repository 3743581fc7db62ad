"""From inputs to a table: split, score, merge, and say what is wrong with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from pathlib import PurePath
from typing import Any

from msgspec.structs import replace

from claimbench.bulk.gold import Gold
from claimbench.bulk.table import Table
from claimbench.bulk.tally import Note, find_lines, score_shard
from claimbench.bulk.threads import map_threads
from claimbench.errors import InputError, Problem, ProblemsError
from claimbench.processes import spread
from claimbench.reading.inputs import Shard, expand, is_arrow, split, spooled
from claimbench.reading.jsonl import MOST_PROBLEMS
from claimbench.text.printing import encodable

Engine = Callable[[Callable[[Shard, Gold], Any], Sequence[Shard], Gold], Iterator[tuple[int, Any]]]
"""Applies a pure function to every shard and yields (place, value), in any order."""


def tabulate(
    patterns: Sequence[str],
    gold: Gold,
    *,
    run_from_name: bool = False,
    workers: int = 1,
    engine: str = "local",
    address: str | None = None,
) -> Table:
    """Return the table of all inputs: files, globs or "-".

    ``run_from_name`` makes each file a run. ``engine`` "local" uses ``workers`` processes, which share large
    files among them (threads for tables, but for the texts of qa); "ray" reads each file where the cluster
    scores it.

    Raises InputError where an input cannot be read, ProblemsError with every mistake in them.
    """
    with spooled(expand(patterns)) as inputs:
        if run_from_name:
            inputs = [replace(shard, run=run_name(shard.name)) for shard in inputs]
        apply: Engine = partial(spread, workers=workers)
        if engine == "ray":
            from claimbench.bulk.ray_cluster import map_ray

            apply = partial(map_ray, address=address)
            shards = inputs
        else:
            shards = [part for whole in inputs for part in split(whole)]
            if gold.task != "qa" and all(map(is_arrow, inputs)):
                apply = partial(map_threads, workers=workers)
        return merged(shards, gold, apply)


def run_name(path: str) -> str:
    """Return the run that a file's name stands for: the name up to its first dot, as it can be encoded."""
    name = encodable(PurePath(path).name)
    return name.split(".", 1)[0] or name


def merged(shards: Sequence[Shard], gold: Gold, apply: Engine) -> Table:
    """Return the table of shards. Raises InputError for the unreadable, ProblemsError for every mistake."""
    table = Table(gold)
    notes: dict[int, Note] = {}
    for place, tally in apply(score_shard, shards, gold):
        table.add(tally)
        notes[place] = tally.note
    failed = dict.fromkeys(note.failed for _, note in sorted(notes.items()) if note.failed)
    if failed:
        raise InputError("\n".join(failed))
    offsets = _offsets(shards, notes)
    problems = [
        (place, replace(problem, line=problem.line + offsets[place]))
        for place, note in sorted(notes.items())
        for problem in note.problems
    ]
    if table.twice:
        problems += _repeated(shards, gold, apply, table.twice, offsets)
    if problems:
        kept = [problem for _, problem in sorted(problems, key=lambda pair: (pair[0], pair[1].line))]
        more = sum(note.more for note in notes.values()) + len(kept[MOST_PROBLEMS:])
        raise ProblemsError(sorted(kept[:MOST_PROBLEMS]), more=more)
    return table


def _offsets(shards: Sequence[Shard], notes: dict[int, Note]) -> list[int]:
    """Return how many lines of its input stand before each shard."""
    before: dict[str, int] = defaultdict(int)
    result = []
    for place, shard in enumerate(shards):
        offset = before[shard.path] if shard.start else 0
        result.append(offset)
        before[shard.path] = offset + notes[place].lines
    return result


def _repeated(
    shards: Sequence[Shard],
    gold: Gold,
    apply: Engine,
    twice: Collection[tuple[str, str]],
    offsets: Sequence[int],
) -> list[tuple[int, Problem]]:
    """Read the inputs again; return a problem for every line but the first that gives an item of a run."""
    found = dict(apply(partial(find_lines, wanted=frozenset(twice)), shards, gold))
    first: dict[tuple[str, str], str] = {}
    problems = []
    for place, shard in enumerate(shards):
        for number, run, item in found[place]:
            line = number + offsets[place]
            here = f"{shard.name}:{line}"
            before = first.setdefault((run, item), here)
            if before is not here:
                message = f"'{item}' is given twice, first at {before}"
                problems.append((place, Problem(shard.name, line, "/id", message)))
    return problems
