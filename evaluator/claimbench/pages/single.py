"""What the page of a report shows of one run: headline, slices, confusion, families."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from claimbench.pages.curves import curves
from claimbench.pages.entries import Entry
from claimbench.pages.families import EDITS_SHOWN, families
from claimbench.pages.plots import bar, domain
from claimbench.records import LABELS
from claimbench.report import Report, Score
from claimbench.scoring import Scored
from claimbench.stats.confusion import NONE
from claimbench.stats.intervals import Interval

SHADES = 5
"""Depths of a cell of the confusion matrix, besides none."""


def single(scored: Scored, floors: Mapping[str, Report], mine: list[Entry]) -> dict[str, Any]:
    """Return what the template of one run takes; ``mine`` are its items."""
    report = scored.report
    found = figures(report, floors)
    return found | {
        "floors_missing": "" if found["beside"] else "No trivial system could set a floor beside it.",
        "confusion": _confusion(mine) if report.task == "verification" else None,
        "families": _families(scored, mine) if report.task == "verification" else None,
        "curves": curves(scored, mine),
    }


def figures(report: Report, floors: Mapping[str, Report]) -> dict[str, Any]:
    """Return the part of it that a report alone tells: headline, slices, metrics."""
    score = report.metrics[report.headline]
    beside = {n: f.metrics[report.headline] for n, f in floors.items() if report.headline in f.metrics}
    scale = domain([score, *beside.values()])
    return {
        "value": score.value,
        "scale": scale,
        "beside": beside,
        "rows": _headline_rows(report, score, beside, scale),
        "slices": _slices(report),
        "metrics": [_metric_row(name, one) for name, one in report.metrics.items()],
        "by_source": any(one.intervals.new_sources for one in report.metrics.values()),
    }


def _headline_rows(
    report: Report, score: Score, floors: Mapping[str, Score], scale: tuple[float, float]
) -> list[dict[str, Any]]:
    here, there = score.intervals.this_benchmark, score.intervals.new_sources
    others = "other items like these" if report.format else "other propositions about this event"
    rows = [_row("this benchmark", _clusters(others, here), score, here, scale)]
    if here is None:
        rows[0]["why_not"] = (
            "No interval: none was asked for, the score is undefined, or clusters are too few."
        )
    if report.format:
        return rows
    few = f"other reports of this event; {there.clusters} sources show only large effects" if there else ""
    rows.append(_row("new sources", few or "other reports of this event", score, there, scale))
    if there is None:
        rows[1]["why_not"] = "No interval: an item here may rest on several sources, or there are too few."
    for name, floor in floors.items():
        rows.append(
            _row(name, "floor: understands nothing", floor, floor.intervals.this_benchmark, scale, "floor")
        )
    return rows


def _clusters(what: str, interval: Interval | None) -> str:
    return what if interval is None else f"{what}; {interval.clusters} clusters"


def _row(
    name: str,
    note: str,
    score: Score,
    interval: Interval | None,
    scale: tuple[float, float],
    kind: str = "system",
) -> dict[str, Any]:
    return {
        "name": name,
        "note": note,
        "value": score.value,
        "interval": interval,
        "bar": bar(score.value, interval, scale),
        "kind": kind,
        "why_not": "",
    }


def _metric_row(name: str, score: Score) -> dict[str, Any]:
    here = score.intervals.this_benchmark
    fits = domain([score]) == (0.0, 1.0)
    return {
        "name": name,
        "value": score.value,
        "interval": here,
        "sources": score.intervals.new_sources,
        "bar": bar(score.value, here) if fits else None,
    }


def _slices(report: Report) -> list[dict[str, Any]]:
    groups = []
    for field, parts in groupby(report.slices, key=lambda part: part.field):
        rows = []
        for part in parts:
            score = part.metrics[report.headline]
            interval = score.intervals.this_benchmark
            rows.append(
                {
                    "name": part.value,
                    "size": part.items,
                    "value": score.value,
                    "interval": interval,
                    "bar": bar(score.value, interval),
                }
            )
        groups.append({"field": field, "rows": rows})
    return groups


def _confusion(mine: Sequence[Entry]) -> dict[str, Any]:
    columns = (*LABELS, NONE)
    table = {str(label): dict.fromkeys(columns, 0) for label in LABELS}
    for entry in mine:
        predicted = entry.fields["predicted"]
        table[entry.fields["label"]][predicted if predicted in LABELS else NONE] += 1
    rows = []
    for label, counts in table.items():
        total = sum(counts.values())
        rows.append(
            {
                "label": label,
                "cells": [
                    {
                        "count": count,
                        "right": name == label,
                        "shade": round(SHADES * count / total) if total else 0,
                    }
                    for name, count in counts.items()
                ],
            }
        )
    return {"columns": columns, "rows": rows}


def _families(scored: Scored, mine: Sequence[Entry]) -> dict[str, Any]:
    found = families(scored.corpus, mine)
    metrics = scored.report.metrics
    return {
        "names": EDITS_SHOWN,
        "edits": found.edits,
        "same_right": found.same_right,
        "same_wrong": found.same_wrong,
        "differing": found.differing,
        "total": found.same_right + found.same_wrong + len(found.differing),
        "contrast": metrics["contrast_consistency"].value,
        "consistency": metrics["language_consistency"].value,
    }
