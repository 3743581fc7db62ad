"""The one mechanism: counts per item, and estimators that map item weights to scores.

Scoring lays out one row of int64 counts per item. A metric, bound to those rows, is an *estimator*: a
function of item weights ``(..., items)`` that returns scores ``(...)``. All ones give the headline,
zeros and ones a slice, cluster counts a bootstrap replicate, leave-one-out weights the jackknife.

A score of 0/0 is NaN inside arrays and nowhere else; reports say "undefined" for it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Literal, Protocol

import msgspec
import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

Estimator = Callable[[Ints], Floats]
"""Maps int64 weights of shape (..., items) to float64 scores of shape (...)."""

Scale = Literal["proportion", "correlation", "loss", "none"]
"""The range of a score, which decides the scale its interval is made on: [0, 1], [-1, 1], [0, ∞).

"none" says that no interval can be given: resampling does not show how far off such a score is.
"""

Better = Literal["higher", "lower", "neither"]
"""Which values are better; "neither" for scores that describe a system without judging it."""

FRACTION_BITS = 40


def to_fixed(values: npt.ArrayLike) -> Ints:
    """Return ``values`` as int64 multiples of 2**-40, so that sums are exact in any order.

    Raises OverflowError where a value is not finite or its magnitude reaches 2**18: sums of up to
    2**5 million of the columns in use (all below 64) then stay inside int64.
    """
    array = np.asarray(values, dtype=np.float64)
    if not np.all(np.abs(array) < 2.0**18):
        raise OverflowError("a fractional count is not finite or too large for fixed point")
    fixed: Ints = np.rint(np.ldexp(array, FRACTION_BITS)).astype(np.int64)
    return fixed


def from_fixed(totals: Ints) -> Floats:
    """Return int64 multiples of 2**-40 as float64."""
    values: Floats = np.ldexp(totals.astype(np.float64), -FRACTION_BITS)
    return values


def ratio(numerator: npt.ArrayLike, denominator: npt.ArrayLike) -> Floats:
    """Divide element by element; 0/0 and x/0 give NaN, "undefined"."""
    top = np.asarray(numerator, dtype=np.float64)
    bottom = np.asarray(denominator, dtype=np.float64)
    quotient: Floats = top / np.where(bottom == 0, np.nan, bottom)
    return quotient


def harmonic_mean(precision: Floats, recall: Floats) -> Floats:
    """Return F1 from precision and recall; 0 where both are 0, NaN where either is undefined."""
    total = precision + recall
    zero = np.where(np.isnan(total), np.nan, 0.0)
    return np.divide(2.0 * precision * recall, total, out=zero, where=total > 0)


class Rows(msgspec.Struct, frozen=True, eq=False):
    """Counts per item: ``counts`` is int64 of shape (items, columns)."""

    ids: tuple[str, ...]
    columns: tuple[str, ...]
    counts: Ints

    def column(self, name: str) -> Ints:
        """Return one column, shape (items,). Raises KeyError for an unknown name."""
        return self.counts[:, _positions(self.columns, (name,))[0]]

    def select(self, names: tuple[str, ...]) -> Ints:
        """Return several columns, shape (items, names)."""
        return self.counts[:, _positions(self.columns, names)]

    def take(self, index: npt.NDArray[np.intp]) -> Rows:
        """Return the rows at ``index``, in that order."""
        return Rows(tuple(self.ids[i] for i in index), self.columns, self.counts[index])


def cluster_count(codes: Ints) -> int:
    """Return how many clusters there are of codes (items,), which run from 0 without gaps."""
    return int(codes.max()) + 1 if codes.size else 0


def cluster_sums(counts: Ints, codes: Ints) -> Ints:
    """Return int64 sums (clusters, columns) of counts (items, columns); every code from 0 occurs."""
    clusters = cluster_count(codes)
    if clusters == codes.size:
        sums = np.empty_like(counts)
        sums[codes] = counts
        return sums
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], np.arange(clusters))
    return np.add.reduceat(counts[order], starts, axis=0)


def sums_by_cluster(counts: Ints, codes: Ints, clusters: int) -> Ints:
    """Return the same for many systems: (systems, clusters, columns) of counts (systems, items, columns)."""
    sums = np.empty((len(counts), clusters, counts.shape[2]), dtype=np.int64)
    for cluster in range(clusters):
        sums[:, cluster] = np.add.reduce(counts[:, codes == cluster], axis=1, dtype=counts.dtype)
    return sums


def pooled(rows: Rows, codes: Ints) -> Rows:
    """Return one row per cluster: the sum of its items' counts. For additive metrics nothing is lost."""
    sums = cluster_sums(rows.counts, codes)
    return Rows(tuple(str(i) for i in range(len(sums))), rows.columns, sums)


@lru_cache(maxsize=1024)
def _positions(columns: tuple[str, ...], names: tuple[str, ...]) -> list[int]:
    place = {name: i for i, name in enumerate(columns)}
    return [place[name] for name in names]


@lru_cache(maxsize=64)
def _primes(count: int) -> Ints:
    """Return different primes above 10,000, shape (count,)."""
    found: list[int] = []
    number = 10_007
    while len(found) < count:
        if all(number % divisor for divisor in range(3, math.isqrt(number) + 1, 2)):
            found.append(number)
        number += 2
    return np.array(found, dtype=np.int64)


def hangs_on(value: Callable[[Ints], npt.NDArray[np.number]], sums: Ints) -> Bools:
    """Return whether a function of totals (..., columns) hangs on sums (..., columns) at all, shape (...).

    They are added to totals that have nothing in common with them, different primes: there nothing cancels
    out, as it does where all items are right.
    """
    apart = _primes(sums.shape[-1])
    moved: Bools = value(apart + sums) != value(apart)
    return moved


class Metric(Protocol):
    """A named score that can be bound to rows."""

    @property
    def name(self) -> str:
        """Canonical name."""
        ...

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it counts."""
        ...

    @property
    def scale(self) -> Scale:
        """The range of its values."""
        ...

    @property
    def merges(self) -> bool:
        """Whether parts of the data can be scored apart and added up."""
        ...

    @property
    def better(self) -> Better:
        """Which values are better."""
        ...

    def estimator(self, rows: Rows) -> Estimator:
        """Bind to rows: weights of shape (..., items) to scores of shape (...)."""
        ...

    def rests_on(self, rows: Rows, codes: Ints) -> Bools:
        """Return which clusters of codes (items,) have items that the score is about, shape (clusters,)."""
        ...


class Additive(msgspec.Struct, frozen=True):
    """A metric of summed counts: ``value(weights @ rows)``.

    ``value`` is pure and vectorised: int64 totals of shape (..., columns) to scores of shape (...).
    Parts of the data merge by adding their totals.
    """

    name: str
    columns: tuple[str, ...]
    value: Callable[[Ints], Floats]
    scale: Scale = "proportion"
    better: Better = "higher"
    merges: bool = True

    def estimator(self, rows: Rows) -> Estimator:
        """Bind to rows: weights (..., items) to scores (...)."""
        counts = rows.select(self.columns)
        return lambda weights: self.value(np.matmul(weights, counts))

    def rests_on(self, rows: Rows, codes: Ints) -> Bools:
        """Return which clusters say something: a recall hears nothing of those without positives."""
        return self.hears(cluster_sums(rows.select(self.columns), codes))

    def hears(self, sums: Ints) -> Bools:
        """Return which sums of the columns, shape (..., columns), say something."""
        return hangs_on(self.value, sums)


class Calibration(msgspec.Struct, frozen=True):
    """The expected calibration error over ``bins`` equal bins of [0, 1], as in Guo et al. 2017.

    ``columns`` name the confidence and whether it came true, both in fixed point, and whether there is one.
    Bins hold their lower edge, the last both. No interval: a bootstrap's misses the true value.
    """

    name: str
    columns: tuple[str, str, str]
    bins: int
    scale: Scale = "none"
    better: Better = "lower"
    merges: bool = False

    def estimator(self, rows: Rows) -> Estimator:
        """Bind to rows: weights (..., items) to scores (...)."""
        counts = rows.select(self.columns)
        place, gap = self._gaps(counts)
        gaps = np.where(place[:, np.newaxis] == np.arange(self.bins), gap[:, np.newaxis], 0)

        def estimate(weights: Ints) -> Floats:
            total = np.abs(np.matmul(weights, gaps)).sum(axis=-1)
            return ratio(from_fixed(total), np.matmul(weights, counts[:, 2]))

        return estimate

    def rests_on(self, rows: Rows, codes: Ints) -> Bools:
        """Return which clusters have an item with a confidence."""
        return cluster_sums(rows.select(self.columns), codes)[:, 2] > 0

    def on_each(self, counts: Ints) -> Floats:
        """Return the scores (systems,) of many systems on all items: counts (systems, items, columns)."""
        place, gap = self._gaps(counts)
        total = np.zeros((len(counts), self.bins), dtype=np.int64)
        np.add.at(total, (np.arange(len(counts))[:, np.newaxis], place), gap)
        return ratio(from_fixed(np.abs(total).sum(axis=-1)), counts[..., 2].sum(axis=-1))

    def _gaps(self, counts: Ints) -> tuple[Ints, Ints]:
        """Return the bin of every item, and how far its confidence is from what came true."""
        confidence, outcome, given = np.moveaxis(counts, -1, 0)
        # Half a unit more: 0.7 in fixed point lies a little below 7 tenths.
        place = np.minimum((2 * confidence + 1) * self.bins >> FRACTION_BITS + 1, self.bins - 1)
        return place, (confidence - outcome) * given


def unit_weights(rows: Rows) -> Ints:
    """Return the weights that count every item once, shape (items,)."""
    return np.ones(len(rows.ids), dtype=np.int64)


def point(metric: Metric, rows: Rows) -> float | None:
    """Return the metric's value on all rows, or None where it is undefined."""
    value = float(metric.estimator(rows)(unit_weights(rows)))
    return None if np.isnan(value) else value


def points(metrics: Sequence[Metric], rows: Rows) -> dict[str, float | None]:
    """Return every metric's value on all rows by name; the rows are added up once for all sums."""
    total, found = rows.counts.sum(axis=0), {}
    for metric in metrics:
        if isinstance(metric, Additive):
            value = float(metric.value(total[_positions(rows.columns, metric.columns)]))
            found[metric.name] = None if np.isnan(value) else value
        else:
            found[metric.name] = point(metric, rows)
    return found
