"""Runs by items: where tallies meet."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from claimbench.bulk.columns import ABSTAINED, INVALID
from claimbench.bulk.gold import Gold
from claimbench.bulk.layout import Cells, layout
from claimbench.bulk.tally import Tally
from claimbench.report import Counts
from claimbench.stats.estimators import Bools, Ints


class Table:
    """The cells of every run, shape (runs, scored items), and which other ids a run has.

    Adding tallies is associative and commutative but for the order of ``runs``. ``twice`` are the (run, id)
    pairs that were added more than once.
    """

    def __init__(self, gold: Gold) -> None:
        self.gold = gold
        self.runs: dict[str, int] = {}
        self.twice: set[tuple[str, str]] = set()
        self._cells: Cells = np.zeros((0, gold.scored), dtype=layout(gold.task).cell)
        self._seen: Bools = np.zeros((0, len(gold.known)), dtype=np.bool_)
        self._given = 0

    def add(self, tally: Tally) -> None:
        """Add a tally."""
        codes = np.array([self.runs.setdefault(run, len(self.runs)) for run in tally.runs], dtype=np.int64)
        self._grow()
        if not tally.run.size:
            return
        run = codes[tally.run]
        key = run * len(self.gold.known) + tally.item
        seen = self._seen.reshape(-1)
        before, seen[key] = seen[key], True
        self._given += key.size
        if np.count_nonzero(seen) < self._given:
            self._note(key, before)
            self._given = int(np.count_nonzero(seen))
        scored = tally.item < self.gold.scored
        # As plain bytes, which numpy copies cell by cell, not field by field.
        cell = np.dtype((np.void, self._cells.itemsize))
        place = run[scored] * self.gold.scored + tally.item[scored]
        flat, start = self._cells.reshape(-1).view(cell), 0
        for cells in tally.cells:
            flat[place[start : start + cells.size]] = cells.view(cell)
            start += cells.size

    def _note(self, key: Ints, before: Bools) -> None:
        """Remember which keys occur twice among these, or were seen before."""
        found, first, count = np.unique(key, return_index=True, return_counts=True)
        names, ids = list(self.runs), list(self.gold.known)
        for again in found[(count > 1) | before[first]].tolist():
            run, item = divmod(again, len(ids))
            self.twice.add((names[run], ids[item]))

    def _grow(self) -> None:
        """Make room for all runs, half as much again at a time."""
        size = len(self._cells)
        if len(self.runs) > size:
            rows = max(len(self.runs), size * 3 // 2, 16)
            self._cells, self._seen = _longer(self._cells, rows), _longer(self._seen, rows)

    def order(self) -> tuple[list[str], npt.NDArray[np.intp]]:
        """Return the runs by name, and their places; without any line there is one run, of no name."""
        if not self.runs:
            self.runs[""] = 0
            self._grow()
        names = sorted(self.runs)
        return names, np.array([self.runs[name] for name in names], dtype=np.intp)

    def cells(self, places: npt.NDArray[np.intp]) -> Cells:
        """Return the cells of some runs, shape (runs, items), not copied where they stand together."""
        start = int(places[0]) if places.size else 0
        together = slice(start, start + places.size)
        return self._cells[together if (places == np.arange(start, together.stop)).all() else places]

    def counts(self, places: npt.NDArray[np.intp]) -> list[Counts]:
        """Return how the predictions of some runs met the gold."""
        state = self._cells["state"][places]
        other = (self._seen[places] & self.gold.elsewhere).sum(axis=1)
        columns: list[Any] = [(state == code).sum(axis=1).tolist() for code in (0, ABSTAINED, INVALID)]
        return [
            Counts(
                items=self.gold.scored,
                missing=missing,
                abstained=abstained,
                invalid=invalid,
                other_split=elsewhere,
            )
            for missing, abstained, invalid, elsewhere in zip(*columns, other.tolist(), strict=True)
        ]


def _longer(array: npt.NDArray[Any], rows: int) -> npt.NDArray[Any]:
    """Return an array with more rows, of zeros. A new one, for which the system may give large pages."""
    result = np.zeros((rows, array.shape[1]), dtype=array.dtype)
    result[: len(array)].view(np.uint8)[:] = array.view(np.uint8)
    return result
