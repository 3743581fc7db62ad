"""What p values mean: which metrics are judged together, and which way is better."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from claimbench.comparing.comparison import Compared, Verdict
from claimbench.errors import UsageError, nearest
from claimbench.stats.estimators import Metric
from claimbench.stats.multiplicity import holm
from claimbench.stats.paired import verdict


def family_of(wanted: Sequence[str] | None, shared: Mapping[str, Metric], headline: str) -> tuple[str, ...]:
    """Return the metrics whose verdicts are meant. Raises UsageError for an unknown one."""
    for name in wanted or ():
        if name not in shared:
            raise UsageError(f"no metric '{name}'{nearest(name, shared)}; one of {', '.join(shared)}")
    return (headline,) if wanted is None else tuple(dict.fromkeys(wanted))


def with_verdicts(
    found: Mapping[str, Compared], metrics: Mapping[str, Metric], family: Sequence[str]
) -> dict[str, Compared]:
    """Return all metrics with their verdicts; the p of the family is adjusted by Holm."""
    tests = {name: one.this_benchmark for name, one in found.items()}
    p = {name: test.p for name, test in tests.items() if test is not None}
    judged = [name for name in family if name in p]
    adjusted = dict(zip(judged, holm([p[name] for name in judged]), strict=True))
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
    said = verdict(one.difference, p, lower_is_better=metric.better == "lower")
    return "differs" if metric.better == "neither" and said != "no difference shown" else said
