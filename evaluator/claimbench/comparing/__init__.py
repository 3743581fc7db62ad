"""Two reports on the same items: is system B better than system A?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from claimbench._version import __version__
from claimbench.comparing.changing import changes
from claimbench.comparing.comparison import METHODS, Compared, Comparison, Method, Verdict
from claimbench.comparing.joining import comparable, rows_of, shared_metrics
from claimbench.errors import UsageError, nearest
from claimbench.report import Report
from claimbench.stats.bootstrap import DRAWS
from claimbench.stats.estimators import Additive, Ints, Metric, Rows
from claimbench.stats.intervals import LEVEL, cluster_codes
from claimbench.stats.multiplicity import holm
from claimbench.stats.paired import (
    bootstrap_difference,
    jackknife_difference,
    jackknife_replicates,
    permutation_difference,
    verdict,
)
from claimbench.stats.webb import MOST_CLUSTERS, webb_p

__all__ = ["Comparison", "compare"]

LOWER_IS_BETTER = frozenset({"aurc", "split_rate", "merge_rate", "duplicate_rate", "overreach_rate"})
"""Metrics of which less is better, besides all on the scale of losses."""

NEITHER_IS_BETTER = frozenset(
    {"answered_share", "positive_share", "probability_coverage", "unjudged_rate", "span_given"}
)
"""Metrics that describe a system; they differ, but none is better for it."""


def compare(
    a: Report,
    b: Report,
    *,
    metrics: Sequence[str] | None = None,
    method: Method = "jackknife",
    seed: int = 0,
) -> Comparison:
    """Return the paired comparison of B with A.

    ``metrics`` are the family whose verdicts are meant, adjusted by Holm, and the only ones returned; None
    takes all metrics with the headline as the family. ``method`` "permutation" holds for additive metrics;
    for metrics of ranks it is the bootstrap of the difference. ``seed`` starts the draws of both.

    Raises IncomparableError where the reports are not on the same items, and says in what they differ,
    InputError where a report does not fit together, UsageError for an unknown metric or method.
    """
    if method not in METHODS:
        raise UsageError(f"unknown method '{method}'{nearest(method, METHODS)}; one of {', '.join(METHODS)}")
    if seed < 0:
        raise UsageError(f"the seed must not be negative, but is {seed}")
    items_a, items_b = comparable(a, b)
    rows_a, rows_b = rows_of(items_a, "A"), rows_of(items_b, "B")
    place = {item: i for i, item in enumerate(rows_b.ids)}
    rows_b = rows_b.take(np.array([place[item] for item in rows_a.ids], dtype=np.intp))
    shared = shared_metrics(a, b, rows_a, rows_b)
    family = _family(metrics, shared, a.headline)
    codes = cluster_codes(items_a.clusters)
    sources = cluster_codes(items_a.sources) if items_a.sources else None
    chosen = list(shared.values()) if metrics is None else [shared[name] for name in family]
    found = {
        m.name: _tested(m, _scores(m.name, a, b), rows_a, rows_b, codes, sources, method, seed)
        for m in chosen
    }
    changed = np.flatnonzero((rows_a.counts != rows_b.counts).any(axis=1))
    return Comparison(
        task=a.task,
        split=a.split,
        signatures=(a.signature, b.signature),
        headline=a.headline,
        method=method,
        level=LEVEL,
        seed=None if method == "jackknife" else seed,
        draws=None if method == "jackknife" else DRAWS,
        metrics=_with_verdicts(found, {m.name: m for m in chosen}, family),
        changed=changes(shared[a.headline], _scores(a.headline, a, b).difference, rows_a, rows_b, changed),
        items_changed=len(changed),
        version=__version__,
    )


def _family(wanted: Sequence[str] | None, shared: Mapping[str, Metric], headline: str) -> tuple[str, ...]:
    for name in wanted or ():
        if name not in shared:
            raise UsageError(f"no metric '{name}'{nearest(name, shared)}; one of {', '.join(shared)}")
    return (headline,) if wanted is None else tuple(dict.fromkeys(wanted))


def _scores(name: str, a: Report, b: Report) -> Compared:
    """Return what the reports say, not yet tested. A metric undefined in one has no difference."""
    left, right = a.metrics[name].value, b.metrics[name].value
    return Compared(
        a=left,
        b=right,
        difference=None if left is None or right is None else right - left,
        family=False,
        p_adjusted=None,
        verdict="undefined",
        this_benchmark=None,
        new_sources=None,
        webb_p=None,
    )


def _tested(
    metric: Metric, one: Compared, a: Rows, b: Rows, codes: Ints, sources: Ints | None, how: Method, seed: int
) -> Compared:
    """Return a metric with its tests, without adjustment or verdict."""
    if one.difference is None:
        return one
    if how == "jackknife":
        here = jackknife_difference(metric, a, b, codes)
    elif how == "permutation" and isinstance(metric, Additive):
        here = permutation_difference(metric, a, b, codes, seed=seed)
    else:
        here = bootstrap_difference(metric, a, b, codes, seed=seed)
    there = None if sources is None else jackknife_difference(metric, a, b, sources)
    webb = _webb(metric, a, b, sources) if there is not None and sources is not None else None
    return msgspec.structs.replace(one, this_benchmark=here, new_sources=there, webb_p=webb)


def _webb(metric: Metric, a: Rows, b: Rows, sources: Ints) -> float | None:
    """Return the exhaustive Webb test of the jackknife's pseudo-values, where the sources are few."""
    difference, without = jackknife_replicates(metric, a, b, sources)
    count = without.size
    return webb_p(count * difference - (count - 1) * without) if count <= MOST_CLUSTERS else None


def _with_verdicts(
    found: Mapping[str, Compared], metrics: Mapping[str, Metric], family: Sequence[str]
) -> dict[str, Compared]:
    tests = {name: one.this_benchmark for name, one in found.items()}
    p = {name: test.p for name, test in tests.items() if test is not None}
    tested = [name for name in family if name in p]
    adjusted = dict(zip(tested, holm([p[name] for name in tested]), strict=True))
    return {
        name: msgspec.structs.replace(
            one,
            family=name in family,
            p_adjusted=adjusted.get(name),
            verdict=_verdict(metrics[name], one, adjusted.get(name, p.get(name))),
        )
        for name, one in found.items()
    }


def _verdict(metric: Metric, one: Compared, p: float | None) -> Verdict:
    if one.difference is None or p is None:
        return "undefined"
    lower = metric.scale == "loss" or metric.name in LOWER_IS_BETTER
    said = verdict(one.difference, p, lower_is_better=lower)
    return "differs" if metric.name in NEITHER_IS_BETTER and said != "no difference shown" else said
