"""What is gated, measured and judged: metrics on all items or on slices, and items that have to be right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from claimbench.errors import UsageError, nearest
from claimbench.gating.deciding import (
    Measured,
    adjusted,
    clusters_to_settle,
    detectable,
    direction,
    effective_clusters,
    measured,
    verdict,
    worst,
)
from claimbench.gating.decision import Gated, MustPass, Verdict
from claimbench.gating.joining import Joined
from claimbench.gating.naming import Gauge, gauge
from claimbench.gating.settings import Gate, Settings, must_pass_ids
from claimbench.gating.wording import Row, Wording
from claimbench.stats.estimators import Metric, Rows
from claimbench.stats.intervals import cluster_codes
from claimbench.tasks import task as task_by_name


@dataclass(frozen=True)
class View:
    """Both reports on the items that a gate looks at, and the clusters of these items."""

    task: str
    before: Rows
    after: Rows
    clusters: tuple[str, ...]

    def metrics(self) -> tuple[dict[str, Metric], dict[str, Metric]]:
        """Return the metrics of either report by name."""
        found = task_by_name(self.task).metrics
        return {m.name: m for m in found(self.before)}, {m.name: m for m in found(self.after)}


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
    before, after = view.metrics()
    if wanted.metric not in after:
        raise UsageError(
            f"no metric '{wanted.metric}'{nearest(wanted.metric, after)}; one of {', '.join(after)}"
        )
    metric = after[wanted.metric]
    if demand.max_drop is not None and direction(metric) == "neither":
        raise UsageError(f"{wanted}: neither more nor less of it is better; show it, or give it bounds")
    return measured(before.get(wanted.metric), metric, view.before, view.after, cluster_codes(view.clusters))


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
        reasons.append(_drop_reason(said, one, demand, p, family, _settling(limit, more, words.unit)))
    for bound, missed in _bounds(demand, one.after):
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


def _bounds(demand: Gate, value: float | None) -> list[tuple[str, bool]]:
    """Return what is to be said of each bound, and whether it is missed; what is undefined misses it."""
    if value is None:
        return [] if demand.min is demand.max is None else [("it is undefined (0/0)", True)]
    found = []
    if demand.min is not None:
        missed = value < demand.min
        found.append((f"{value:.3f} is {'below' if missed else 'at least'} {demand.min:g}", missed))
    if demand.max is not None:
        missed = value > demand.max
        found.append((f"{value:.3f} is {'above' if missed else 'at most'} {demand.max:g}", missed))
    return found


def _more(one: Measured, max_drop: float, family: int, view: View, words: Wording) -> int | None:
    """Return how many more propositions would settle it, in clusters like those there are."""
    clusters = clusters_to_settle(one, max_drop, family)
    if clusters is None or one.test is None:
        return None
    now = len({words.family(item) for item in view.after.ids})
    return round(now * (clusters / one.test.clusters - 1.0))


def _settling(limit: float | None, more: int | None, unit: str) -> str:
    """Return what the items at hand can tell, and how many could tell more."""
    if limit is None:
        return f"no drop is large enough to be found here 4 times in 5; it takes more {unit}"
    found = f"a true drop of {limit:.3f} would be found 4 times in 5; "
    if more is None:
        return f"{found}it lies too near to what is allowed for more {unit} to settle it"
    return f"{found}{more} more {unit} would settle it if the difference stayed"


def _drop_reason(
    said: Verdict, one: Measured, demand: Gate, p: float | None, family: int, settle: str
) -> str:
    if one.equal:
        return "nothing that it is computed from changed"
    if one.difference is None:
        return "it is undefined (0/0) in one of the two"
    if one.test is None:
        return "it cannot be tested: too few clusters, or undefined without one of them"
    low, _ = one.bounds
    drop = -one.sign * one.difference
    moved = f"worse by {drop:.3f}" if drop > 0 else f"better by {-drop:.3f}"
    if said == "regression":
        holm = f", adjusted for {family} metrics" if family > 1 else ""
        return f"{moved}, more than {demand.max_drop:g} allows, and shown (p {_p(p)}{holm})"
    if said == "pass":
        return "shown to be better" if low >= 0 else f"{moved}; more than {-low:.3f} worse is excluded"
    return f"{moved}, but {-low:.3f} worse cannot be excluded; {settle}"


def _p(p: float | None) -> str:
    return "unknown" if p is None else "< .001" if p < 0.001 else f"= {p:.3f}"


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
