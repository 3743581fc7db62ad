"""A report as a page: the headline in its context, where it comes from, and every item behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np

from claimbench._version import __version__
from claimbench.pages.calibration import Curve, reliability, risk_coverage
from claimbench.pages.entries import Entry, entries
from claimbench.pages.families import EDITS_SHOWN, families
from claimbench.pages.plots import bar, domain, path, point
from claimbench.pages.rendering import page
from claimbench.pages.shown import plain, shown
from claimbench.reading.corpus import Corpus
from claimbench.records import LABELS, QaPrediction, VerificationPrediction
from claimbench.report import Report, Run, Score
from claimbench.scoring import Scored
from claimbench.stats.intervals import Interval
from claimbench.tasks.base import answered
from claimbench.tasks.verification import NONE

MOST_ENTRIES = 20_000
"""Items of a page over all its runs; runs past it are on the leaderboard only."""
COMPANIONS = 4
SHADES = 5


@dataclass(frozen=True, eq=False)
class Section:
    """What a page shows of one task: the scored predictions, and the reports of trivial systems."""

    scored: Scored
    floors: Mapping[str, Report]


def report_page(sections: Sequence[Section], heading: str) -> bytes:
    """Return one page for the tasks scored, with the items of all of them. ``heading`` is untrusted."""
    shown_entries, runs, left_out = _entries(sections)
    first = sections[0].scored.report
    context = {
        "version": __version__,
        "title": f"{plain(shown(heading, 80))} · {first.task} · claimbench",
        "heading": heading,
        "sections": [_section(section, shown_entries) for section in sections],
        "left_out": left_out,
        "point": point,
        "diagonal": path([(0.0, 0.0), (1.0, 1.0)]),
    }
    data = {
        "kind": "report",
        "systems": ["predicted"],
        "runs": [shown(run or "(no name)", 80) for run in runs],
        "entries": shown_entries,
        "articles": articles(sections[0].scored.corpus, shown_entries),
    }
    return page("report.html.jinja", ("base.js", "browser.js", "items.js"), context, data)


def articles(corpus: Corpus, found: Iterable[Entry]) -> dict[str, dict[str, Any]]:
    """Return what a page needs of the articles that entries mark: text, language, title, sentences."""
    wanted = {mark.article for entry in found for mark in entry.marks}
    return {
        article.id: {
            "language": article.language,
            "title": article.title,
            "text": article.text,
            "sentences": [(s.id, s.start, s.end) for s in article.sentences],
            "segments": [(s.kind, s.start, s.end) for s in article.segments],
        }
        for article in corpus.articles
        if article.id in wanted
    }


def _entries(sections: Sequence[Section]) -> tuple[list[Entry], list[str], str]:
    """Return the entries of all runs that fit, the names of these runs, and what was left out."""
    found: list[Entry] = []
    names: list[str] = []
    left_out = 0
    for section in sections:
        report = section.scored.report
        ranked = [run.run for run in _ranked(report)] or list(section.scored.predictions)
        for run in ranked:
            if found and len(found) + report.counts.items > MOST_ENTRIES:
                left_out += 1
                continue
            if run not in names:
                names.append(run)
            found += entries(section.scored, run, names.index(run))
    note = f"The page holds at most {MOST_ENTRIES:,} items: those of {left_out} more runs are left out."
    return found, names, note if left_out else ""


def _ranked(report: Report) -> list[Run]:
    def value(run: Run) -> float:
        found = run.metrics[report.headline].value
        return float("inf") if found is None else -found

    return sorted(report.runs, key=lambda run: (value(run), run.run))


def _section(section: Section, found: list[Entry]) -> dict[str, Any]:
    report = section.scored.report
    context = {
        "task": report.task,
        "split": report.split,
        "headline": report.headline,
        "signature": report.signature,
        "counts": _counts(report),
        "leaderboard": _leaderboard(report),
        "companions": _companions(report),
    }
    if report.runs:
        return context
    mine = [entry for entry in found if entry.task == report.task]
    return context | _single(section, mine)


def _counts(report: Report) -> str:
    counts = report.counts
    said = [f"{counts.items:,} items"]
    said += [f"{n:,} {name}" for name in ("missing", "abstained", "invalid") if (n := getattr(counts, name))]
    if counts.other_split:
        said.append(f"{counts.other_split:,} of other splits ignored")
    return ", ".join(said)


def _companions(report: Report) -> list[str]:
    if not report.runs:
        return []
    return [name for name in report.runs[0].metrics if name != report.headline][:COMPANIONS]


def _leaderboard(report: Report) -> list[dict[str, Any]]:
    names = _companions(report)
    scale = domain(run.metrics[report.headline] for run in report.runs)
    rows = []
    for run in _ranked(report):
        score = run.metrics[report.headline]
        interval = score.intervals.this_benchmark
        rows.append(
            {
                "name": run.run,
                "value": score.value,
                "interval": interval,
                "bar": bar(score.value, interval, scale),
                "companions": [run.metrics[name].value if name in run.metrics else None for name in names],
                "missing": run.counts.missing,
            }
        )
    return rows


def _single(section: Section, mine: list[Entry]) -> dict[str, Any]:
    scored, report = section.scored, section.scored.report
    score = report.metrics[report.headline]
    floors = {name: floor.metrics[report.headline] for name, floor in section.floors.items()
              if report.headline in floor.metrics}  # fmt: skip
    scale = domain([score, *floors.values()])
    return {
        "value": score.value,
        "scale": scale,
        "rows": _headline_rows(score, floors, scale),
        "floors_missing": "" if floors else "No trivial system is installed to set a floor beside it.",
        "slices": _slices(report),
        "metrics": [_metric_row(name, one) for name, one in report.metrics.items()],
        "by_source": any(one.intervals.new_sources for one in report.metrics.values()),
        "confusion": _confusion(mine) if report.task == "verification" else None,
        "families": _families(scored, mine) if report.task == "verification" else None,
        "curves": _curves(scored, mine),
    }


def _headline_rows(
    score: Score, floors: Mapping[str, Score], scale: tuple[float, float]
) -> list[dict[str, Any]]:
    here, there = score.intervals.this_benchmark, score.intervals.new_sources
    rows = [
        _row("this benchmark", _clusters("other propositions about this event", here), score, here, scale)
    ]
    if here is None:
        rows[0]["why_not"] = "No interval: the score is undefined, or there are too few clusters."
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


def _curves(scored: Scored, mine: Sequence[Entry]) -> list[dict[str, Any]]:
    """Return the curves of a task whose predictions can say how sure they are."""
    table = scored.report.items
    if scored.report.task not in ("verification", "qa") or table is None:
        return []
    clusters = dict(zip(table.ids, table.clusters, strict=True))
    found = next(iter(scored.predictions.values()))
    sure = {entry.id: _sure(answered(found, entry.id)) for entry in mine}
    kept = [entry for entry in mine if entry.answered]
    if any(sure[entry.id] is None for entry in kept):
        kept = []
    confidence = np.array([sure[entry.id] for entry in kept], dtype=np.float64)
    loss = np.array([1.0 - (entry.score or 0.0) for entry in kept])
    right = np.array([int(bool(entry.right)) for entry in kept], dtype=np.int64)
    of = tuple(clusters[entry.id] for entry in kept)
    return [_reliability(reliability(confidence, right, of)), _risk(risk_coverage(confidence, loss, of))]


def _sure(prediction: object) -> float | None:
    if isinstance(prediction, VerificationPrediction) and prediction.probabilities is not None:
        return max(prediction.probabilities.as_tuple())
    return prediction.confidence if isinstance(prediction, QaPrediction) else None


def _reliability(curve: Curve) -> dict[str, Any]:
    marks = []
    for one in curve.bins:
        x, y = point(one.confidence, one.right)
        low, high = (one.interval.low, one.interval.high) if one.interval else (one.right, one.right)
        marks.append({"x": x, "y": y, "low": point(0, low)[1], "high": point(0, high)[1]})
    said = "; ".join(f"of {b.items} items at confidence {b.confidence:.2f}, {b.right:.2f} are right"
                     for b in curve.bins)  # fmt: skip
    return {
        "name": "Reliability",
        "x": "confidence",
        "y": "share right",
        "marks": marks,
        "line": "",
        "said": f"Reliability: {said}.",
        "note": "On the diagonal a system is as sure as it is right. Bars are 95 % intervals; fifths of the "
        "scale with too few items or clusters are left out.",
        "why_not": curve.why_not,
    }


def _risk(curve: Curve) -> dict[str, Any]:
    ends = [curve.points[0], curve.points[-1]] if curve.points else []
    said = " and ".join(f"risk {risk:.2f} at coverage {coverage:.2f}" for coverage, risk in ends)
    return {
        "name": "Risk and coverage",
        "x": "coverage: share answered, surest first",
        "y": "risk: mean loss",
        "marks": [],
        "line": path(curve.points),
        "said": f"Risk-coverage curve: {said}.",
        "note": f"What it would cost to answer only when sure: {said}.",
        "why_not": curve.why_not,
    }
