"""Several runs of one task as rows of a leaderboard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from claimbench.pages.plots import bar, domain
from claimbench.report import Report, Run

COMPANIONS = 3
"""Metrics beside the headline."""


def companions(report: Report) -> list[str]:
    """Return the metrics beside the headline; none for a single run."""
    if not report.runs:
        return []
    return [name for name in report.runs[0].metrics if name != report.headline][:COMPANIONS]


def leaderboard(report: Report, floors: Mapping[str, Report]) -> list[dict[str, Any]]:
    """Return the runs of a report, best first, and the trivial systems after them; none for a single run."""
    if not report.runs:
        return []
    beside = [Run(run=name, metrics=floor.metrics, counts=floor.counts) for name, floor in floors.items()]
    names = companions(report)
    scale = domain(run.metrics[report.headline] for run in report.runs)
    rows = []
    for run in [*report.ranked(), *beside]:
        score = run.metrics[report.headline]
        interval = score.intervals.this_benchmark
        rows.append(
            {
                "name": run.run,
                "floor": run in beside,
                "value": score.value,
                "interval": interval,
                "bar": bar(score.value, interval, scale),
                "against": run.told_against_best(),
                "companions": [run.metrics[name].value if name in run.metrics else None for name in names],
                "missing": run.counts.missing,
            }
        )
    return rows
