"""Integer columns: which rows of two tables are equal, and which of equal rows it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from claimbench.stats.estimators import Ints


def packed(*tables: Sequence[Ints]) -> list[Ints]:
    """Return one integer for each row of tables with the same columns, equal where the rows are.

    Values are not negative; the ranges of the columns multiply to less than 2**63.
    """
    keys = [table[0] for table in tables]
    for columns in zip(*(table[1:] for table in tables), strict=True):
        size = 1 + max((int(column.max()) for column in columns if column.size), default=0)
        keys = [key * size + column for key, column in zip(keys, columns, strict=True)]
    return keys


def meetings(left: Sequence[Ints], right: Sequence[Ints]) -> tuple[Ints, Ints]:
    """Return (row on the left, row on the right) wherever all columns are equal."""
    mine, theirs = packed(left, right)
    theirs, order = _sorted(theirs)
    first = np.searchsorted(theirs, mine, "left")
    which, nth = spread(np.searchsorted(theirs, mine, "right") - first)
    return which, order[first[which] + nth]


def from_last(*columns: Ints) -> Ints:
    """Return how many equal rows come after each row."""
    keys, order = _sorted(*packed(columns))
    last = np.flatnonzero(np.append(keys[1:] != keys[:-1], True)) if keys.size else order
    after = np.empty_like(order)
    after[order] = np.repeat(last, np.diff(last, prepend=-1)) - np.arange(keys.size)
    return after


def spread(counts: Ints) -> tuple[Ints, Ints]:
    """Return which row and which repetition, from 0, each is if rows are repeated ``counts`` times."""
    which = np.repeat(np.arange(counts.size), counts)
    return which, np.arange(which.size) - (np.cumsum(counts) - counts)[which]


def _sorted(keys: Ints) -> tuple[Ints, Ints]:
    """Return keys in order, equal ones as they stand, and where each was.

    Both in one integer sort much faster than numpy finds the order.
    """
    if not keys.size or int(keys.max()) >= 2**63 // keys.size:
        order = np.argsort(keys, kind="stable")
        return keys[order], order
    both = np.sort(keys * keys.size + np.arange(keys.size))
    found = both // keys.size
    return found, both - found * keys.size
