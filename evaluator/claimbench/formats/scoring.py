"""From a foreign benchmark's files to a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from claimbench._version import __version__
from claimbench.errors import InputError, UsageError, nearest
from claimbench.formats import format_named
from claimbench.formats.base import MOST_ITEMS, Format, House, Scored, settings
from claimbench.report import Intervals, ItemRows, Report, Score, Slice
from claimbench.stats.estimators import Additive, Bools, Ints, Metric, Rows
from claimbench.stats.intervals import (
    LEVEL,
    cluster_codes,
    interval_of_replicates,
    scores_without_clusters,
    scores_without_one,
)


def score_format(
    task: str,
    predictions: str | Path | Sequence[str | Path],
    *,
    format: str,
    gold: str | Path | Sequence[str | Path] = (),
    options: Mapping[str, str] | None = None,
    by: Sequence[str] | None = None,
    metrics: Sequence[str] | None = None,
    workers: int = 1,
) -> Report:
    """Return the report of a foreign benchmark's predictions on its gold.

    ``official`` holds what its scorer says, to the last bit; ``metrics`` the house's own definitions,
    joined by id, or nothing and the reason in ``refused``. ``by`` names the fields to slice by; None takes
    all. ``metrics`` names those to give beside the headline; None gives all. ``workers`` are processes, for
    formats that can use several; the report is the same.

    Raises UsageError for an unknown format, task, option, field or metric and for workers that would do
    nothing, ProblemsError with every mistake in the files, InputError where neither the official scorer nor
    the house can score them.
    """
    chosen = format_named(format)
    _refuse_unknown(chosen, metrics or ())
    if task != chosen.task:
        raise UsageError(f"format '{format}' belongs to task '{chosen.task}', not '{task}'")
    if chosen.gold == "apart" and not gold:
        raise UsageError(f"format '{format}' needs --gold FILE")
    if chosen.gold == "within" and gold:
        raise UsageError(f"format '{format}' has its gold in the prediction file; leave --gold out")
    if "-" in _paths(gold):
        raise UsageError("gold is read twice, so it cannot be standard input")
    given = settings(chosen, options or {})
    if workers > 1 and chosen.parallel is None:
        raise UsageError(f"format '{format}' is read by one process; leave the workers out")
    if workers > 1 and chosen.parallel is not None:
        scored = chosen.parallel(_paths(gold), _paths(predictions), given, workers)
    else:
        scored = chosen.read(_paths(gold), _paths(predictions), given)
    if scored.house is None and not scored.official.figures:
        raise InputError(f"{format}: {scored.official.refused}; {scored.refused}")
    house = scored.house
    if metrics is not None and house is not None:
        _refuse_unknown(chosen, metrics, house.rows)
        chosen = _limited(chosen, metrics)
    table = None if house is None else _table(house)
    return Report(
        task=task,
        split=None,
        signature=_signature(chosen, given, scored),
        headline=chosen.headline,
        metrics={} if table is None else _scores(chosen, table),
        counts=scored.counts,
        slices=() if house is None or table is None else _slices(chosen, house, table, by),
        items=None if house is None else _item_rows(house),
        runs=(),
        version=__version__,
        format=format,
        official=scored.official,
        refused=scored.refused,
    ).sealed()


def _limited(chosen: Format, names: Sequence[str]) -> Format:
    """Return a format with only these metrics beside its headline, as far as rows have them."""

    def metrics(rows: Rows) -> tuple[Metric, ...]:
        known = {metric.name: metric for metric in chosen.metrics(rows)}
        return tuple(known[name] for name in dict.fromkeys((chosen.headline, *names)) if name in known)

    return replace(chosen, metrics=metrics)


def _refuse_unknown(chosen: Format, names: Sequence[str], rows: Rows | None = None) -> None:
    """Raise UsageError for a metric that rows lack; without rows, for one that no gold gives."""
    at_hand = rows or Rows((), chosen.columns, np.ones((1, len(chosen.columns)), dtype=np.int64))
    known = [metric.name for metric in chosen.metrics(at_hand)]
    for name in names:
        later = rows is None and chosen.of_labels and name.startswith(chosen.of_labels)
        if name not in known and not later:
            hint = nearest(name, known)
            raise UsageError(f"{chosen.name} has no metric '{name}'{hint}; one of {', '.join(known)}")


def _paths(given: str | Path | Sequence[str | Path]) -> list[str]:
    return [str(path) for path in ([given] if isinstance(given, (str, Path)) else given)]


class _Table(msgspec.Struct, frozen=True):
    """Rows with what their intervals are made of: cluster codes, or how many items have each row."""

    rows: Rows
    codes: Ints | None
    times: Ints | None

    def part(self, index: npt.NDArray[np.intp]) -> _Table:
        """Return some of the rows."""
        rows = Rows((), self.rows.columns, self.rows.counts[index])
        times = None if self.times is None else self.times[index]
        codes = None
        if self.codes is not None:
            codes = np.unique(self.codes[index], return_inverse=True)[1].astype(np.int64)
        return _Table(rows, codes, times)

    @property
    def items(self) -> int:
        """How many items the rows stand for."""
        return len(self.rows.counts) if self.times is None else int(self.times.sum())


def _table(house: House) -> _Table:
    if house.index is not None:
        times = np.bincount(house.index, minlength=len(house.rows.counts)).astype(np.int64)
        return _Table(house.rows, None, times)
    if house.clusters is not None:
        return _Table(house.rows, cluster_codes(house.clusters), None)
    return _Table(house.rows, np.arange(len(house.rows.counts), dtype=np.int64), None)


def _scores(chosen: Format, table: _Table) -> dict[str, Score]:
    return {metric.name: _one(metric, table) for metric in chosen.metrics(table.rows)}


def _one(metric: Metric, table: _Table) -> Score:
    times: Ints | Bools
    if table.times is not None and isinstance(metric, Additive):
        value, without = scores_without_one(metric, table.rows, table.times)
        heard = metric.hears(table.rows.select(metric.columns)) | (without != value)
        sizes, times = np.ones_like(table.times), table.times * heard
    elif table.codes is not None:
        value, without, heard = scores_without_clusters(metric, table.rows, table.codes)
        sizes, times = np.bincount(table.codes), heard
    else:
        raise TypeError(f"{metric.name} needs a row per item")
    interval = interval_of_replicates(value, without, metric.scale, sizes, times)
    return Score(value=None if np.isnan(value) else value, intervals=Intervals(this_benchmark=interval))


def _slices(chosen: Format, house: House, table: _Table, by: Sequence[str] | None) -> tuple[Slice, ...]:
    """Return the metrics on each value of each field."""
    for field in by or ():
        if field not in house.fields:
            known = ", ".join(house.fields) or "it has none"
            raise UsageError(f"no field '{field}' to slice by{nearest(field, house.fields)}; {known}")
    slices = []
    for field in house.fields if by is None else dict.fromkeys(by):
        values = np.array(house.fields[field])
        for value in sorted(set(house.fields[field]) - {""}):
            part = table.part(np.flatnonzero(values == value))
            scores = _scores(chosen, part)
            slices.append(Slice(field=field, value=value, items=part.items, metrics=scores))
    return tuple(slices)


def _item_rows(house: House) -> ItemRows | None:
    index = house.index
    rows, ids = house.rows, house.rows.ids if index is None else house.ids
    if (len(rows.counts) if index is None else index.size) > MOST_ITEMS:
        return None
    counts = rows.counts if index is None else rows.counts[index]
    return ItemRows(
        ids=ids,
        clusters=house.clusters if house.clusters is not None else ids,
        sources=None,
        columns=rows.columns,
        rows=tuple(tuple(row) for row in counts.tolist()),
    )


def _signature(chosen: Format, given: Mapping[str, str], scored: Scored) -> str:
    """Return how a score was made: format, settings, gold, items, missing, method, version."""
    parts = {
        "task": chosen.task,
        "format": chosen.name,
        **({"options": ",".join(f"{name}={value}" for name, value in given.items())} if given else {}),
        "gold": scored.gold[:12],
        "items": scored.counts.items,
        "missing": scored.counts.missing,
        **scored.signed,
        "interval": f"jackknife-t {LEVEL:g}",
        "version": __version__,
    }
    return "|".join(f"{key}:{value}" for key, value in parts.items())
