"""The result of a comparison, as a frozen value that JSON round-trips and that explains itself."""

from __future__ import annotations

from typing import Literal

from claimbench.records import Split
from claimbench.report import Document, Value
from claimbench.stats.paired import Paired

Method = Literal["jackknife", "permutation", "bootstrap"]
METHODS: tuple[Method, ...] = ("jackknife", "permutation", "bootstrap")
Verdict = Literal["better", "worse", "differs", "no difference shown", "undefined"]


class Compared(Value, frozen=True):
    """One metric of both systems; ``difference`` is B - A, None where a score is undefined (0/0).

    ``family`` metrics have their verdict from ``p_adjusted`` (Holm), the others from the p of
    ``this_benchmark``. ``new_sources`` is always the jackknife, which over few sources is the paired t test;
    ``webb_p`` beside it is the exhaustive wild cluster bootstrap-t.
    """

    a: float | None
    b: float | None
    difference: float | None
    family: bool
    p_adjusted: float | None
    verdict: Verdict
    this_benchmark: Paired | None
    new_sources: Paired | None
    webb_p: float | None


class Change(Value, frozen=True):
    """One item that both systems did differently: what it adds to B - A on the headline, and its counts."""

    id: str
    effect: float | None
    columns: dict[str, tuple[int, int]]


class Comparison(Document, frozen=True):
    """System B against system A on the same items, metric by metric."""

    task: str
    split: Split | None
    signatures: tuple[str, str]
    headline: str
    method: Method
    level: float
    seed: int | None
    draws: int | None
    metrics: dict[str, Compared]
    changed: tuple[Change, ...]
    items_changed: int
    version: str

    def explain(self) -> str:
        """Return one sentence: what was done, over how many clusters, and what the verdict means."""
        return _explain(self)


_PROCEDURES = {
    "jackknife-t": "computing the difference anew without each of {k} clusters (jackknife, t with {df} "
    "degrees of freedom)",
    "permutation of clusters": "swapping the systems on whole clusters at random ({k} clusters, {draws} "
    "draws, seed {seed})",
    "cluster bootstrap, percentile": "drawing whole clusters with replacement ({k} clusters, {draws} "
    "draws, seed {seed})",
    "clopper-pearson clusters": "bounding the share of {k} clusters that might not agree, as all of them do",
}


def _explain(found: Comparison) -> str:
    family = [name for name, one in found.metrics.items() if one.family]
    name = found.headline if found.headline in family else family[0]
    one = found.metrics[name]
    test = one.this_benchmark
    if one.difference is None or test is None or one.p_adjusted is None:
        return (
            f"The difference on {name} cannot be tested: a score is undefined or there are too few clusters."
        )
    how = _PROCEDURES[test.method].format(
        k=test.clusters, df=test.clusters - 1, draws=found.draws, seed=found.seed
    )
    said = {
        "better": f"B is better than A on {name}",
        "worse": f"B is worse than A on {name}",
        "differs": f"B differs from A in {name}",
    }.get(one.verdict, f"no difference between A and B is shown on {name}")
    adjusted = f", adjusted by Holm for {len(family)} metrics" if len(family) > 1 else ""
    limit = "" if test.mde is None else f"; a true difference of {test.mde:.3f} would be found 4 times in 5"
    return (
        f"For other propositions about this event, {said}: p = {one.p_adjusted:.3g}{adjusted}, found by "
        f"{how}, where items about one thing form a cluster; 'better' and 'worse' mean p of at most "
        f"{1.0 - found.level:.2g}, and 'no difference shown' does not mean that there is none{limit}."
    )
