"""A report that was kept, as a page: all its figures, but not the answers behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from claimbench._version import __version__
from claimbench.errors import InputError
from claimbench.pages.plots import path, point
from claimbench.pages.rendering import page
from claimbench.pages.reporting import described
from claimbench.pages.shown import plain, shown
from claimbench.pages.single import figures
from claimbench.report import Report, Score
from claimbench.tasks import NAMES

NO_ANSWERS = (
    "This page shows what a report keeps: counts and scores, not what the system answered. Scoring"
    " predictions for a task of claimbench's own with --html shows every item."
)


def kept_page(report: Report, heading: str) -> bytes:
    """Return one page of a report. ``heading`` and all strings of the report are untrusted.

    Raises InputError where a part of the report lacks what the report says leads it.
    """
    _check(report)
    section = described(report, {})
    if report.metrics:
        section |= figures(report, {})
        section |= {"floors_missing": "", "confusion": None, "families": None, "curves": []}
    context = {
        "version": __version__,
        "title": f"{plain(shown(heading, 80))} · {report.task} · claimbench",
        "heading": heading,
        "sections": [section],
        "items": False,
        "left_out": NO_ANSWERS,
        "point": point,
        "diagonal": path([(0.0, 0.0), (1.0, 1.0)]),
    }
    return page("report.html.jinja", ("base.js",), context, {"kind": "report", "articles": {}})


def _check(report: Report) -> None:
    if report.task not in NAMES:
        raise InputError(f"not a whole report: there is no task '{report.task}'")
    if any(report.headline not in metrics for metrics in _every(report)):
        raise InputError(f"not a whole report: a part of it has no '{report.headline}', which leads it")


def _every(report: Report) -> Iterator[Mapping[str, Score]]:
    """Yield the metrics of the report, its slices and its runs; a refused one and one of runs have none."""
    if not (report.runs or report.refused):
        yield report.metrics
    yield from (part.metrics for part in report.slices)
    yield from (run.metrics for run in report.runs)
