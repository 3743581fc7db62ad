"""What is gated, measured and judged: metrics on all items or on slices, and items that have to be right."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import numpy as np

from claimbench.errors import UsageError, nearest
from claimbench.gating.deciding import (
    Measured,
    adjusted,
    clusters_to_settle,
    detectable,
    measured,
    verdict,
    worst,
)
from claimbench.gating.decision import Gated, MustPass, Verdict
from claimbench.gating.joining import Joined
from claimbench.gating.naming import Gauge, gauge
from claimbench.gating.reasons import bounds, drop_reason, settling
from claimbench.gating.settings import Gate, Settings, must_pass_ids
from claimbench.gating.wording import Row, Wording
from claimbench.stats.estimators import Metric, Rows
from claimbench.stats.intervals import cluster_codes, effective_clusters
from claimbench.tasks import task as task_by_name


class View(msgspec.Struct, frozen=True):
    """Both reports on the items that a gate looks at, and the clusters of these items."""

    task: str
    before: Rows
    after: Rows
    clusters: tuple[str, ...]

    def metric(self, name: str) -> tuple[Metric | None, Metric]:
        """Return a metric of either report; None where only the report before lacks it.

        Raises UsageError where the new one lacks it.
        """
        chosen = task_by_name(self.task)
        (after,) = chosen.named(self.after, (name,))
        return chosen.metric(self.before, name), after


def whole_view(task: str, both: Joined, clusters: tuple[str, ...]) -> View:
    """Return the view of all items; ``clusters`` are those of the new report's rows."""
    return View(task, both.before, both.after, tuple(clusters[i] for i in both.index))


def gated(
    settings: Settings, whole: View, both: Joined, fields: Mapping[str, tuple[str, ...]], words: Wording
) -> tuple[Gated, ...]:
    """Return the verdict on everything that is gated or shown, in the order of the settings.

    ``fields`` are those of the new report's rows. Raises UsageError for a metric or slice that is not there.
    """
    wanted = {str(gauge(name)): demand for name, demand in settings.gates.items()}
    wanted |= {str(gauge(name)): Gate() for name in settings.show if str(gauge(name)) not in wanted}
    views = {name: _view(gauge(name), whole, both, fields) for name in wanted}
    found = {name: _measured(gauge(name), wanted[name], view) for name, view in views.items()}
    family = {name: one for name, one in found.items() if wanted[name].max_drop is not None}
    p = adjusted(family)
    return tuple(
        _judged(name, wanted[name], found[name], p.get(name), len(family), view, words)
        for name, view in views.items()
    )


def _view(wanted: Gauge, whole: View, both: Joined, fields: Mapping[str, tuple[str, ...]]) -> View:
    if not wanted.field:
        return whole
    if wanted.field not in fields:
        known = ", ".join(fields)
        raise UsageError(
            f"{wanted}: no field '{wanted.field}'{nearest(wanted.field, fields)}; one of {known}"
        )
    values = [fields[wanted.field][i] for i in both.index]
    index = np.array([i for i, value in enumerate(values) if value == wanted.value], dtype=np.intp)
    if not index.size:
        there = sorted(set(values) - {""})
        hint = f"{nearest(wanted.value, there)}; one of {', '.join(there)}"
        raise UsageError(f"{wanted}: no item has the {wanted.field} '{wanted.value}'{hint}")
    return View(
        whole.task,
        whole.before.take(index),
        whole.after.take(index),
        tuple(whole.clusters[i] for i in index),
    )


def _measured(wanted: Gauge, demand: Gate, view: View) -> Measured:
    before, metric = view.metric(wanted.metric)
    if demand.max_drop is not None and metric.better == "neither":
        raise UsageError(f"{wanted}: neither more nor less of it is better; show it, or give it bounds")
    return measured(before, metric, view.before, view.after, cluster_codes(view.clusters))


def _judged(
    name: str, demand: Gate, one: Measured, p: float | None, family: int, view: View, words: Wording
) -> Gated:
    verdicts: list[Verdict] = []
    reasons = []
    limit = more = None
    if demand.max_drop is not None:
        said = verdict(one, demand.max_drop, p)
        effective = effective_clusters(cluster_codes(view.clusters))
        limit = detectable(one.error, one.step, demand.max_drop, family, effective)
        more = _more(one, demand.max_drop, family, view, words) if said == "inconclusive" else None
        verdicts.append(said)
        reasons.append(drop_reason(said, one, demand, p, family, settling(limit, more, words.unit)))
    for bound, missed in bounds(demand, one.after):
        verdicts.append("regression" if missed else "pass")
        reasons.append(bound)
    return Gated(
        metric=name,
        items=len(view.after.ids),
        before=one.before,
        after=one.after,
        difference=one.difference,
        max_drop=demand.max_drop,
        min=demand.min,
        max=demand.max,
        test=one.test,
        p_adjusted=p,
        detectable=limit,
        more=more,
        verdict=worst(verdicts) if verdicts else None,
        reason="; ".join(reasons),
    )


def _more(one: Measured, max_drop: float, family: int, view: View, words: Wording) -> int | None:
    """Return how many more propositions would settle it, in clusters like those there are."""
    clusters = clusters_to_settle(one, max_drop, family)
    if clusters is None or one.test is None:
        return None
    now = len({words.family(item) for item in view.after.ids})
    return round(now * (clusters / one.test.clusters - 1.0))


def must_pass(settings: Settings, both: Joined, words: Wording) -> tuple[MustPass, ...]:
    """Return whether each item that has to be right is, new ones too. Raises UsageError for an unknown id."""
    places = {item: i for i, item in enumerate(both.all_after.ids)}
    shared = {item: i for i, item in enumerate(both.before.ids)}
    found = []
    for item in must_pass_ids(settings.must_pass):
        if item not in places:
            raise UsageError(f"must pass: no item or file '{item}'{nearest(item, places)}")
        after = row_of(both.all_after, places[item])
        before = row_of(both.before, shared[item]) if item in shared else None
        then = "not there" if before is None else words.outcome(before)
        found.append(
            MustPass(
                id=item,
                passed=words.right(after),
                before=None if before is None else words.right(before),
                reason=f"gold: {words.gold(item)}; before: {then}; now: {words.outcome(after)}",
            )
        )
    return tuple(found)


def row_of(rows: Rows, place: int) -> Row:
    """Return one item's counts by column."""
    return dict(zip(rows.columns, rows.counts[place].tolist(), strict=True))
