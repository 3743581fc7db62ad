"""The counts of several runs, in parts: most columns are 0 on most items, and are not written out."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from claimbench.stats.estimators import Ints, cluster_count, sums_by_cluster


class Part(msgspec.Struct, frozen=True, eq=False):
    """Some columns of some items: ``counts`` (runs, items, columns), ``items`` their places, None for all.

    Whole counts may be 32-bit integers: half of the memory to go through.
    """

    columns: tuple[str, ...]
    counts: npt.NDArray[np.signedinteger]
    items: npt.NDArray[np.intp] | None = None


class Counted(msgspec.Struct, frozen=True, eq=False):
    """The rows of several runs. Every column is in one part; what is not of its items is 0."""

    columns: tuple[str, ...]
    size: int
    """The number of items."""
    parts: tuple[Part, ...]

    def __len__(self) -> int:
        """Return the number of runs."""
        return len(self.parts[0].counts)

    def take(self, runs: npt.NDArray[np.intp]) -> Counted:
        """Return the rows of some runs, in that order."""
        parts = (Part(part.columns, part.counts[runs], part.items) for part in self.parts)
        return Counted(self.columns, self.size, tuple(parts))

    def table(self, run: int) -> Ints:
        """Return the rows of one run, as ``Task.rows`` gives them, shape (items, columns)."""
        result = np.zeros((self.size, len(self.columns)), dtype=np.int64)
        for part in self.parts:
            items = np.arange(self.size) if part.items is None else part.items
            result[items[:, np.newaxis], self._places(part.columns)] = part.counts[run]
        return result

    def select(self, names: Sequence[str]) -> Ints:
        """Return some columns, shape (runs, items, names)."""
        result = np.zeros((len(self), self.size, len(names)), dtype=np.int64)
        for part in self.parts:
            items = slice(None) if part.items is None else part.items
            for i, name in enumerate(names):
                if name in part.columns:
                    result[:, items, i] = part.counts[..., part.columns.index(name)]
        return result

    def sums(self, codes: Ints) -> Ints:
        """Return column totals by clusters of codes (items,), shape (runs, clusters, columns)."""
        clusters, names = cluster_count(codes), [name for part in self.parts for name in part.columns]
        found = [
            sums_by_cluster(part.counts, codes if part.items is None else codes[part.items], clusters)
            for part in self.parts
        ]
        return np.concatenate(found, axis=-1).take([names.index(name) for name in self.columns], axis=-1)

    def _places(self, names: Sequence[str]) -> list[int]:
        return [self.columns.index(name) for name in names]
