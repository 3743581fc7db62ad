"""Scoring one shard: a pure function of the shard and the gold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

import msgspec
import numpy as np

from claimbench.bulk.columns import Columns, Runs, from_fields, merged
from claimbench.bulk.gold import Codes, Gold
from claimbench.bulk.layout import Cells, layout
from claimbench.bulk.lines import DoubtError, LineReader, split_lines
from claimbench.errors import ClaimbenchError, Problem, nearest
from claimbench.processes import uncollected
from claimbench.reading.inputs import Shard, blocks, is_arrow
from claimbench.reading.jsonl import Problems, decode_lines

TOGETHER = 8
"""Blocks whose cells are made at once: small blocks suit the decoder, large arrays suit numpy."""

LARGE = 1 << 14
"""Lines of a block that is large enough for numpy by itself."""


class Note(msgspec.Struct, frozen=True):
    """What is to be said of one shard: its length, its problems, whose lines count from its beginning.

    ``more`` counts problems that are not kept; ``failed`` says why the shard cannot be read.
    """

    lines: int
    problems: tuple[Problem, ...] = ()
    more: int = 0
    failed: str = ""


class Tally(msgspec.Struct, frozen=True, eq=False):
    """What one shard holds.

    ``run`` and ``item`` have the codes of every line, ``runs`` names the former; ``cells``, in pieces, belong
    to the lines of scored items, in the same order.
    """

    runs: tuple[str, ...]
    run: Codes
    item: Codes
    cells: tuple[Cells, ...]
    note: Note


class _Parts(msgspec.Struct):
    """The columns of a shard, block by block."""

    gold: Gold
    runs: Runs = msgspec.field(default_factory=Runs)
    run: list[Codes] = msgspec.field(default_factory=list)
    item: list[Codes] = msgspec.field(default_factory=list)
    cells: list[Cells] = msgspec.field(default_factory=list)
    waiting: list[Columns] = msgspec.field(default_factory=list)

    def add(self, columns: Columns) -> None:
        """Add a block."""
        self.run.append(columns.run)
        self.item.append(columns.item)
        self.waiting.append(columns.keep(columns.item < self.gold.scored))
        if len(self.waiting) == TOGETHER or columns.item.size >= LARGE:
            self._finish()

    def _finish(self) -> None:
        """Make the cells of the blocks that wait for them."""
        if self.waiting:
            self.cells.append(layout(self.gold.task).cells(self.gold, merged(self.waiting)))
            self.waiting.clear()

    def tally(self, lines: int, problems: Problems, failed: str = "") -> Tally:
        """Return everything added."""
        self._finish()
        empty = np.zeros(0, dtype=np.int32)
        return Tally(
            runs=tuple(self.runs.names),
            run=np.concatenate([empty, *self.run]),
            item=np.concatenate([empty, *self.item]),
            cells=tuple(self.cells),
            note=Note(lines, tuple(problems.kept), problems.more, failed),
        )


def score_shard(shard: Shard, gold: Gold) -> Tally:
    """Return the tally of a shard. What is wrong with it is part of the value, to cross processes."""
    parts, problems, count = _Parts(gold), Problems(), 0
    try:
        with uncollected():
            for size, columns, lines in _blocks(shard, parts):
                if columns is None:
                    columns = _slow(enumerate(lines(), start=count + 1), shard, parts, problems)
                if columns is not None:
                    parts.add(columns)
                count += size
    except ClaimbenchError as error:
        return parts.tally(count, problems, str(error))
    return parts.tally(count, problems)


def _blocks(
    shard: Shard, parts: _Parts
) -> Iterator[tuple[int, Columns | None, Callable[[], Sequence[bytes]]]]:
    """Yield the size, columns and lines of every block; None for columns that need the slow check."""
    if is_arrow(shard):
        from claimbench.bulk.batches import BatchReader
        from claimbench.reading.arrow import batches, json_lines

        nullable = frozenset(parts.gold.definition.payload or ("answer",))
        tables = BatchReader(parts.gold, parts.runs, shard.run)
        for batch in batches(shard):
            for piece, columns in tables.pieces(batch):
                yield piece.num_rows, columns, partial(json_lines, piece, nullable)
        return
    reader = LineReader(parts.gold)
    for block in blocks(shard):
        try:
            columns = from_fields(reader.read(block), parts.gold, parts.runs, shard.run)
        except DoubtError:
            columns = None
        size = len(split_lines(block)) if columns is None else columns.item.size
        yield size, columns, partial(split_lines, block)


def _slow(
    numbered: Iterable[tuple[int, bytes]], shard: Shard, parts: _Parts, problems: Problems
) -> Columns | None:
    """Return the good lines as columns, adding a problem for everything that is wrong with the others.

    A line that can be read but breaks a rule still takes its place, so that a second one is found.
    """
    gold, task = parts.gold, parts.gold.definition
    given = {number: stripped for number, line in numbered if (stripped := line.strip())}
    good: list[bytes] = []
    for line in decode_lines(shard.name, given.items(), task.schema, task.prediction, problems):
        record = line.record
        if record.id not in gold.known:
            hint = "" if problems.full else nearest(record.id, gold.known)
            problems.add(Problem(shard.name, line.number, "/id", f"unknown id '{record.id}'{hint}"))
            continue
        found = list(task.check(gold.corpus, record))
        for pointer, message in found:
            problems.add(Problem(shard.name, line.number, pointer, message))
        if found:
            run = shard.run if shard.run is not None else record.run_name
            good.append(msgspec.json.encode({"id": record.id, "run": run or None, "abstain": True}))
        else:
            good.append(given[line.number])
    if not good:
        return None
    fields = LineReader(gold).read(b"\n".join(good), checked=True)
    return from_fields(fields, gold, parts.runs, shard.run, checked=True)


def find_lines(shard: Shard, gold: Gold, wanted: frozenset[tuple[str, str]]) -> list[tuple[int, str, str]]:
    """Return (line, run, id) of every line that gives one of the wanted (run, id) pairs."""
    task = gold.definition
    found, count = [], 0
    for size, _, lines in _blocks(shard, _Parts(gold)):
        given = ((number, line) for number, line in enumerate(lines(), start=count + 1) if line.strip())
        for line in decode_lines(shard.name, given, task.schema, task.prediction, Problems()):
            run = shard.run if shard.run is not None else line.record.run_name
            if (run, line.record.id) in wanted:
                found.append((line.number, run, line.record.id))
        count += size
    return found
