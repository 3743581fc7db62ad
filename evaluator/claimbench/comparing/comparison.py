"""The result of a comparison, as a frozen value that JSON round-trips and that explains itself."""

from __future__ import annotations

from typing import Literal

from claimbench.records import Split
from claimbench.report import Document, Value
from claimbench.stats.paired import Paired
from claimbench.stats.variance import METHOD as OVER_SEEDS
from claimbench.stats.variance import VarianceSplit

Method = Literal["jackknife", "permutation", "bootstrap"]
METHODS: tuple[Method, ...] = ("jackknife", "permutation", "bootstrap")
Verdict = Literal["better", "worse", "differs", "no difference shown", "undefined"]


class Fragility(Value, frozen=True):
    """How many of the ``labels`` of the gold would have to be wrong to overturn the difference.

    ``sign``: for the system that scores higher no longer to do so; the fewest where ``sign_exact``, else an
    upper bound. ``verdict``: for its lead no longer to be shown; always an upper bound. Both are None where
    it cannot be said, for ``reason``, where no change does it, or where there is no verdict to lose.
    """

    labels: int | None = None
    sign: int | None = None
    sign_exact: bool = False
    verdict: int | None = None
    reason: str = ""


class Compared(Value, frozen=True):
    """One metric of both systems; ``difference`` is B - A, None where a score is undefined (0/0).

    Of systems with several seeds the scores are means over the seeds, and ``seeds`` splits the variance of
    their difference. Only ``family`` metrics have their ``fragility``.

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
    seeds: VarianceSplit | None = None
    fragility: Fragility | None = None


class ComparedSlice(Value, frozen=True):
    """One metric on the items that have one value of a field.

    Slices are exploratory: many questions at once, of which ``p_adjusted`` keeps the share of false findings
    (Benjamini and Hochberg), over all slices of the comparison.
    """

    field: str
    value: str
    items: int
    metric: str
    a: float | None
    b: float | None
    difference: float | None
    p_adjusted: float | None
    this_benchmark: Paired | None


class Change(Value, frozen=True):
    """One item that both systems did differently: what it adds to B - A on the headline, and its counts."""

    id: str
    effect: float | None
    columns: dict[str, tuple[int, int]]


class Comparison(Document, frozen=True):
    """System B against system A on the same items, metric by metric.

    ``runs`` are how many seeds A and B have; with several the items that changed are not known.
    """

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
    runs: tuple[int, int] = (1, 1)
    slices: tuple[ComparedSlice, ...] = ()

    def explain(self) -> str:
        """Return a line on what was done and what the verdict means, and one each on what else is known.

        That is where the variance over seeds comes from, how many gold labels the verdict hangs on, and what
        slices are good for.
        """
        name = self._first()
        one = self.metrics[name]
        lines = [_explain(self, name), _seeds(one.seeds), _fragile(one.fragility, name)]
        if self.slices:
            lines.append(_EXPLORATORY.format(n=len(self.slices)))
        return "\n".join(line for line in lines if line)

    def _first(self) -> str:
        """Return the headline where it is in the family, else the first of the family."""
        family = [name for name, one in self.metrics.items() if one.family]
        return self.headline if self.headline in family else family[0]


_PROCEDURES = {
    "jackknife-t": "computing the difference anew without each of {k} clusters (jackknife, t with {df} "
    "degrees of freedom)",
    "permutation of clusters": "swapping the systems on whole clusters at random ({k} clusters, {draws} "
    "draws, seed {seed})",
    "cluster bootstrap, percentile": "drawing whole clusters with replacement ({k} clusters, {draws} "
    "draws, seed {seed})",
    OVER_SEEDS: "computing the difference of the means over seeds ({runs} runs) anew without each of {k} "
    "clusters, and adding what seeds vary by (random effects, t with {df} degrees of freedom)",
    "clopper-pearson clusters": "bounding the share of {k} clusters that might not agree, as all of them do",
}


_EXPLORATORY = (
    "The {n} slices are exploratory, a hint at what to ask next; their p is adjusted for how many they are "
    "(Benjamini and Hochberg)."
)


def _seeds(split: VarianceSplit | None) -> str:
    """Return where the variance comes from."""
    if split is None:
        return ""
    parts = (split.items, split.seeds, split.both)
    items, seeds, both = (f"{100 * part / sum(parts):.0f} %" for part in parts)
    return (
        f"Of the variance of the difference {items} come from which items are asked, {seeds} from the seeds, "
        f"and {both} from seeds being better on some items than others; more seeds lessen only those two."
    )


def _fragile(found: Fragility | None, name: str) -> str:
    """Return how many labels the difference hangs on."""
    if found is None:
        return ""
    said = []
    if found.verdict is not None:
        said.append(f"at most {found.verdict} for the verdict to be lost")
    if found.sign is not None:
        said.append(f"{'' if found.sign_exact else 'at most '}{found.sign} for the lead on {name} to be gone")
    if not said:
        why = found.reason or "no change of labels was found that does"
        return f"How many wrong gold labels would overturn this is not known: {why}."
    return f"Of {found.labels} gold labels these would have to be wrong: {', and '.join(said)}."


def _explain(found: Comparison, name: str) -> str:
    family = [name for name, one in found.metrics.items() if one.family]
    one = found.metrics[name]
    test = one.this_benchmark
    if one.difference is None or test is None or one.p_adjusted is None:
        return (
            f"The difference on {name} cannot be tested: a score is undefined, there are too few clusters, "
            "or it is a metric of ranks with several seeds, whose sums do not tell its spread."
        )
    how = _PROCEDURES[test.method].format(
        k=test.clusters,
        df=f"{test.degrees or 0:.1f}",
        draws=found.draws,
        seed=found.seed,
        runs=" and ".join(map(str, found.runs)),
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
