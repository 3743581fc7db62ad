"""Two reports on the same items: is system B better than system A?"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from claimbench._version import __version__
from claimbench.comparing.changing import changes
from claimbench.comparing.comparison import METHODS, Compared, Comparison, Fragility, Method
from claimbench.comparing.fragility import Shown, fragility
from claimbench.comparing.joining import comparable, rows_of, shared_metrics
from claimbench.comparing.seeding import compared_runs, metrics_of_runs, runs_of_both
from claimbench.comparing.slicing import compared_slices
from claimbench.comparing.testing import paired, tested, untested
from claimbench.comparing.verdicts import family_of, with_verdicts
from claimbench.errors import UsageError, nearest
from claimbench.report import Report
from claimbench.stats.bootstrap import DRAWS
from claimbench.stats.estimators import Ints, Metric, Rows, point
from claimbench.stats.intervals import LEVEL, cluster_codes
from claimbench.stats.paired import verdict

__all__ = ["Comparison", "compare"]


def compare(
    a: Report,
    b: Report,
    *,
    metrics: Sequence[str] | None = None,
    method: Method = "jackknife",
    seed: int = 0,
    by: Sequence[str] = (),
) -> Comparison:
    """Return the paired comparison of B with A.

    ``metrics`` are the family whose verdicts are meant, adjusted by Holm, and the only ones returned; None
    takes all metrics with the headline as the family. ``method`` "permutation" holds for additive metrics;
    for metrics of ranks it is the bootstrap of the difference. ``seed`` starts the draws of both. ``by``
    names fields to compare on each value of, on the headline or the first of ``metrics``.

    A report with several runs, all of one system, is compared by its mean over them, by the jackknife and on
    additive metrics only: the runs are seeds, drawn for each system by itself.

    Raises IncomparableError where the reports are not on the same items, and says in what they differ,
    InputError where a report does not fit together, UsageError for an unknown metric, method or field.
    """
    if method not in METHODS:
        raise UsageError(f"unknown method '{method}'{nearest(method, METHODS)}; one of {', '.join(METHODS)}")
    if seed < 0:
        raise UsageError(f"the seed must not be negative, but is {seed}")
    if a.runs or b.runs:
        return _compare_runs(a, b, metrics, method, by)
    return _compare_rows(a, b, metrics, method, seed, by)


def _compare_rows(
    a: Report, b: Report, metrics: Sequence[str] | None, method: Method, seed: int, by: Sequence[str]
) -> Comparison:
    """Return the comparison of one run with another, item by item."""
    items_a, items_b = comparable(a, b)
    rows_a, rows_b = rows_of(items_a, "A"), rows_of(items_b, "B")
    place = {item: i for i, item in enumerate(rows_b.ids)}
    rows_b = rows_b.take(np.array([place[item] for item in rows_a.ids], dtype=np.intp))
    shared = shared_metrics(a, b, rows_a, rows_b, metrics)
    family = family_of(metrics, shared, a.headline)
    codes = cluster_codes(items_a.clusters)
    sources = cluster_codes(items_a.sources) if items_a.sources else None
    chosen = list(shared.values()) if metrics is None else [shared[name] for name in family]
    scores = {m.name: untested(_score(a, rows_a, m), _score(b, rows_b, m)) for m in chosen}
    found = {m.name: tested(m, scores[m.name], rows_a, rows_b, codes, sources, method, seed) for m in chosen}
    found = with_verdicts(found, {m.name: m for m in chosen}, family)
    for name in family:
        shown = _still_shown(shared[name], found[name], codes, method, seed)
        fragile = fragility(a.task, shared[name], items_a, rows_a, rows_b, shown)
        found[name] = msgspec.structs.replace(found[name], fragility=fragile)
    changed = np.flatnonzero((rows_a.counts != rows_b.counts).any(axis=1))
    effect = untested(a.metrics[a.headline].value, b.metrics[a.headline].value).difference
    return Comparison(
        task=a.task,
        split=a.split,
        signatures=(a.signature, b.signature),
        headline=a.headline,
        method=method,
        level=LEVEL,
        seed=None if method == "jackknife" else seed,
        draws=None if method == "jackknife" else DRAWS,
        metrics=found,
        changed=changes(shared[a.headline], effect, rows_a, rows_b, changed),
        items_changed=len(changed),
        version=__version__,
        slices=compared_slices(a.task, family[0], items_a, rows_a, rows_b, by, method, seed) if by else (),
    )


def _score(report: Report, rows: Rows, metric: Metric) -> float | None:
    """Return a report's score, or that of its rows where it was made without this metric."""
    return report.metrics[metric.name].value if metric.name in report.metrics else point(metric, rows)


def _compare_runs(
    a: Report, b: Report, metrics: Sequence[str] | None, method: Method, by: Sequence[str]
) -> Comparison:
    """Return the comparison of means over seeds."""
    if method != "jackknife" or by:
        asked = "--by" if by else f"--method {method}"
        raise UsageError(f"{asked} needs rows per item, which a report of several runs has not")
    runs_a, runs_b, sizes = runs_of_both(a, b)
    shared = metrics_of_runs(a.task, runs_a, runs_b)
    family = family_of(metrics, shared, a.headline)
    chosen = shared if metrics is None else {name: shared[name] for name in family}
    found = {name: compared_runs(metric, (a, b), runs_a, runs_b, sizes) for name, metric in chosen.items()}
    unknown = Fragility(reason="a report of several seeds keeps no rows per item")
    for name in family:
        found[name] = msgspec.structs.replace(found[name], fragility=unknown)
    return Comparison(
        task=a.task,
        split=a.split,
        signatures=(a.signature, b.signature),
        headline=a.headline,
        method=method,
        level=LEVEL,
        seed=None,
        draws=None,
        metrics=with_verdicts(found, chosen, family),
        changed=(),
        items_changed=0,
        version=__version__,
        runs=(len(runs_a), len(runs_b)),
    )


def _still_shown(metric: Metric, one: Compared, codes: Ints, method: Method, seed: int) -> Shown | None:
    """Return the comparison's own test, to be repeated under another gold; None where nothing is shown.

    Holm's factor is kept as it is.
    """
    test = one.this_benchmark
    if test is None or one.p_adjusted is None or one.verdict not in ("better", "worse", "differs"):
        return None
    factor = one.p_adjusted / test.p if test.p else 1.0

    def shown(behind: Rows, ahead: Rows) -> bool:
        again = paired(metric, behind, ahead, codes, method, seed)
        return again is not None and verdict(1.0, factor * again.p) != "no difference shown"

    return shown
