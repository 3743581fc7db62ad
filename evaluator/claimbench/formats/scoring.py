"""From a foreign benchmark's files to a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from claimbench._version import __version__
from claimbench.errors import InputError, UsageError, nearest
from claimbench.formats import format_named
from claimbench.formats.base import MOST_ITEMS, Format, House, Scored, settings
from claimbench.report import Intervals, ItemRows, Report, Score, Slice
from claimbench.stats.estimators import Ints, Metric, Rows
from claimbench.stats.intervals import LEVEL, cluster_codes, interval_of_replicates, scores_without_clusters


def score_format(
    task: str,
    predictions: str | Path | Sequence[str | Path],
    *,
    format: str,
    gold: str | Path | Sequence[str | Path] = (),
    options: Mapping[str, str] | None = None,
    by: Sequence[str] | None = None,
) -> Report:
    """Return the report of a foreign benchmark's predictions on its gold.

    ``official`` holds what its scorer says, to the last bit; ``metrics`` the house's own definitions,
    joined by id, or nothing and the reason in ``refused``. ``by`` names the fields to slice by; None takes
    all.

    Raises UsageError for an unknown format, task, option or field, ProblemsError with every mistake in the
    files, InputError where neither the official scorer nor the house can score them.
    """
    chosen = format_named(format)
    if task != chosen.task:
        raise UsageError(f"format '{format}' belongs to task '{chosen.task}', not '{task}'")
    if chosen.gold == "apart" and not gold:
        raise UsageError(f"format '{format}' needs --gold FILE")
    if chosen.gold == "within" and gold:
        raise UsageError(f"format '{format}' has its gold in the prediction file; leave --gold out")
    given = settings(chosen, options or {})
    scored = chosen.read(_paths(gold), _paths(predictions), given)
    if scored.house is None and scored.official.refused is not None:
        raise InputError(f"{format}: {scored.official.refused}; {scored.refused}")
    house = scored.house
    codes = None if house is None else _codes(house)
    return Report(
        task=task,
        split=None,
        signature=_signature(chosen, given, scored),
        headline=chosen.headline,
        metrics={} if house is None or codes is None else _scores(chosen, house.rows, codes),
        counts=scored.counts,
        slices=() if house is None or codes is None else _slices(chosen, house, codes, by),
        items=None if house is None else _item_rows(house),
        runs=(),
        version=__version__,
        format=format,
        official=scored.official,
        refused=scored.refused,
    )


def _paths(given: str | Path | Sequence[str | Path]) -> list[str]:
    return [str(path) for path in ([given] if isinstance(given, (str, Path)) else given)]


def _codes(house: House) -> Ints:
    if house.clusters is not None:
        return cluster_codes(house.clusters)
    return np.arange(house.rows.counts.shape[0], dtype=np.int64)


def _scores(chosen: Format, rows: Rows, codes: Ints) -> dict[str, Score]:
    return {metric.name: _one(metric, rows, codes) for metric in chosen.metrics(rows)}


def _one(metric: Metric, rows: Rows, codes: Ints) -> Score:
    value, without = scores_without_clusters(metric, rows, codes)
    return Score(
        value=None if np.isnan(value) else value,
        intervals=Intervals(this_benchmark=interval_of_replicates(value, without, metric.scale)),
    )


def _slices(chosen: Format, house: House, codes: Ints, by: Sequence[str] | None) -> tuple[Slice, ...]:
    """Return the metrics on each value of each field."""
    for field in by or ():
        if field not in house.fields:
            known = ", ".join(house.fields) or "it has none"
            raise UsageError(f"no field '{field}' to slice by{nearest(field, house.fields)}; {known}")
    slices = []
    for field in house.fields if by is None else by:
        values = np.array(house.fields[field])
        for value in sorted(set(house.fields[field]) - {""}):
            index = np.flatnonzero(values == value)
            part = Rows((), house.rows.columns, house.rows.counts[index])
            own = np.unique(codes[index], return_inverse=True)[1].astype(np.int64)
            slices.append(
                Slice(field=field, value=value, items=len(index), metrics=_scores(chosen, part, own))
            )
    return tuple(slices)


def _item_rows(house: House) -> ItemRows | None:
    rows = house.rows
    if rows.counts.shape[0] > MOST_ITEMS:
        return None
    return ItemRows(
        ids=rows.ids,
        clusters=house.clusters if house.clusters is not None else rows.ids,
        sources=None,
        columns=rows.columns,
        rows=tuple(tuple(row) for row in rows.counts.tolist()),
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
        "interval": f"jackknife-t {LEVEL:g}",
        "version": __version__,
    }
    return "|".join(f"{key}:{value}" for key, value in parts.items())
