"""Metrics of the order of items: sums over groups of ties, best first, that do not merge across parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from claimbench.stats.estimators import (
    Better,
    Bools,
    Estimator,
    Floats,
    Ints,
    Rows,
    Scale,
    cluster_count,
    cluster_sums,
    hangs_on,
    ratio,
)

_TOGETHER = 1 << 13
"""Systems times clusters ranked at once: calls are worth it, and what is summed stays in the cache."""


class TieSum(msgspec.Struct, frozen=True):
    """A value of ranked items: what every group of ties contributes, best first, summed and divided.

    ``part`` maps cumulative counts before a group, up to its end and of all items, each (..., columns), to
    its contribution (...); ``whole`` maps those of all items to the divisor (...).
    """

    part: Callable[[Ints, Ints, Ints], npt.NDArray[Any]]
    whole: Callable[[Ints], Ints]

    def __call__(self, cumulative: Ints) -> Floats:
        """Return the scores (...) of cumulative counts (..., groups, columns); NaN without any group."""
        if cumulative.shape[-2] == 0:
            return np.full(cumulative.shape[:-2], np.nan)
        before = np.zeros_like(cumulative)
        before[..., 1:, :] = cumulative[..., :-1, :]
        last = cumulative[..., -1:, :]
        return ratio(self.part(before, cumulative, last).sum(axis=-1), self.whole(last[..., 0, :]))

    def on_all(self, best_first: Ints, ends: npt.NDArray[np.bool_]) -> Floats:
        """Return the scores (systems,) of counts (columns, systems, items) with ``ends`` of ties marked."""
        totals, groups = np.cumsum(best_first, axis=-1), ends.sum(axis=1)
        result = np.empty(len(ends))
        for size in set(groups.tolist()):
            alike = groups == size
            found = totals[:, alike][:, ends[alike]].reshape(len(totals), -1, size)
            result[alike] = self(np.moveaxis(found, 0, -1))
        return result

    def without_each(self, best_first: Ints, ends: npt.NDArray[np.bool_], codes: Ints) -> Floats:
        """Return the scores (systems, clusters) without each cluster, added item by item.

        ``best_first`` are counts (columns, systems, items), ``ends`` marks where ties end and ``codes`` are
        the clusters of the items (systems, items).
        """
        # Up to 2^53 floats add up as exactly as integers, and need no cast to be divided.
        kind: Any = np.float64 if best_first.sum(axis=-1).max(initial=0) < 1 << 53 else np.int64
        steps = best_first.transpose(2, 0, 1).astype(kind, order="C")
        columns, systems, _ = best_first.shape
        count = cluster_count(codes.reshape(-1))
        place = np.arange(columns * systems).reshape(columns, systems) * count + codes.T[:, np.newaxis]
        here, before, left_out = np.zeros((3, columns, systems, count), dtype=kind)
        np.add.at(left_out.reshape(-1), place.reshape(-1), steps.reshape(-1))
        last = np.moveaxis(steps.sum(axis=0)[..., np.newaxis] - left_out, 0, -1)
        here_, before_ = np.moveaxis(here, 0, -1), np.moveaxis(before, 0, -1)
        total = np.zeros((systems, count))
        for step, out, at in zip(steps, place, ends.T, strict=True):
            here += step[..., np.newaxis]
            np.subtract.at(here.reshape(-1), out.reshape(-1), step.reshape(-1))
            part = self.part(before_, here_, last)
            if at.all():
                total += part
                before[...] = here
            else:
                np.add(total, part, out=total, where=at[:, np.newaxis])
                np.copyto(before, here, where=at[:, np.newaxis])
        return ratio(total, self.whole(last))


class Ranked(msgspec.Struct, frozen=True):
    """A metric of the order of items, which does not merge across parts of the data.

    ``columns`` name a rank column (from 0; greater is ranked first; equal is tied) and some count columns.
    ``value`` maps counts weighted and summed within ties, best first, to scores.
    """

    name: str
    rank: str
    columns: tuple[str, ...]
    value: TieSum
    scale: Scale = "proportion"
    better: Better = "higher"
    merges: bool = False

    def on_each(self, rank: Ints, counts: Ints) -> Floats:
        """Return the scores (systems,) of many systems on all items, given as to ``without_each``."""
        _, ends, best_first = _best_first(rank, counts)
        return self.value.on_all(best_first, ends)

    def without_each(self, rank: Ints, counts: Ints, codes: Ints) -> Floats:
        """Return the scores of many systems on all items and without each cluster.

        ``rank`` (systems, items) and ``counts`` (systems, items, columns) are the columns, ``codes`` are
        cluster codes (items,); the result is (systems, 1 + clusters) and equals ``estimator`` to the last
        bit.
        """
        order, ends, best_first = _best_first(rank, counts)
        codes_ = codes[order]
        result = np.empty((len(rank), 1 + cluster_count(codes)))
        result[:, 0] = self.value.on_all(best_first, ends)
        together = max(1, _TOGETHER // result.shape[1])
        for start in range(0, len(rank), together):
            some = slice(start, start + together)
            result[some, 1:] = self.value.without_each(best_first[:, some], ends[some], codes_[some])
        return result

    def estimator(self, rows: Rows) -> Estimator:
        """Bind to rows: sort once; each call is a weighted cumulative sum.

        ``value`` receives cumulative totals of shape (..., tie groups, columns), best group first.
        """
        rank = rows.column(self.rank)
        order = np.argsort(-rank, kind="stable")
        ends = np.flatnonzero(np.append(np.diff(rank[order]) != 0, True)) if rank.size else order
        counts = rows.select(self.columns)[order]

        def estimate(weights: Ints) -> Floats:
            weighted = weights[..., order, np.newaxis] * counts
            return self.value(np.cumsum(weighted, axis=-2)[..., ends, :])

        return estimate

    def rests_on(self, rows: Rows, codes: Ints) -> Bools:
        """Return which clusters the divisor hangs on: those with positives, for average precision."""
        return self.hears(cluster_sums(rows.select(self.columns), codes))

    def hears(self, sums: Ints) -> Bools:
        """Return which sums of the columns, shape (..., columns), the divisor hangs on."""
        return hangs_on(self.value.whole, sums)


def _best_first(rank: Ints, counts: Ints) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_], Ints]:
    """Return the order of items, best first, where ties end (systems, items), and the counts in that order.

    The counts come as (columns, systems, items).
    """
    narrow = np.min_scalar_type(-1 - int(rank.max(initial=0)))  # 16 bits sort several times faster
    order = np.argsort(-rank.astype(narrow), axis=1, kind="stable")
    ordered = np.take_along_axis(rank, order, axis=1)
    ends = np.ones(rank.shape, dtype=np.bool_)
    np.not_equal(ordered[:, 1:], ordered[:, :-1], out=ends[:, :-1])
    columns = [np.take_along_axis(column, order, axis=1) for column in np.moveaxis(counts, -1, 0)]
    return order, ends, np.stack(columns)


def dense_rank(scores: npt.ArrayLike) -> Ints:
    """Return int64 ranks from 0, equal for equal scores, greater for greater ones."""
    return np.unique(np.asarray(scores, dtype=np.float64), return_inverse=True)[1].astype(np.int64)
