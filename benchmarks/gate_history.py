"""How often a gate cries wolf, finds a drop, or cannot tell, over simulated histories of builds.

    python benchmarks/gate_history.py [--builds 1000] [--output benchmarks/gate_history.md]

Each build compares two runs of a system by the code that ``claimbench gate`` runs. A run takes, for every
item of the shipped test split, either the row of counts that a right prediction gets or that of a wrong one
by a baseline. Whether an item is right hangs on how hard its cluster, its proposition and it itself are, the
same for both runs, and on luck that each run has anew. Where something really dropped, the second run is
right less often, by as much as lowers the expected score by that drop.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from statistics import NormalDist, median

import numpy as np
import numpy.typing as npt

import claimbench
from claimbench.gating.deciding import adjusted, detectable, measured, verdict, worst
from claimbench.gating.decision import Verdict
from claimbench.gating.wording import wording
from claimbench.stats.estimators import Metric, Rows
from claimbench.stats.intervals import cluster_codes, effective_number
from claimbench.systems import load_system
from claimbench.tasks import task as task_by_name

Places = npt.NDArray[np.intp]
Array = npt.NDArray[np.float64]

GATES = {
    "verification": ("macro_f1",),
    "verification, three gates": ("macro_f1", "accuracy", "mcc"),
    "qa": ("f1",),
    "evidence": ("f1",),
    "detection": ("f1",),
}
"""The metrics gated in each history; the first is the one that drops by as much as is said."""

LEVEL_OF_SYSTEM = 0.8
"""The share of items that the system gets right before anything drops."""
CLUSTER, PROPOSITION = 0.15, 0.5
"""Shares of an item's difficulty that its cluster and its proposition have in common with other items."""
LUCK = (0.02, 0.2)
"""Share of a run's outcome that is drawn anew in each run: nearly deterministic, and sampled."""
DROPS = (0.0, 0.02, 0.05, 0.10)
MAX_DROPS = (0.02, 0.05)
WRONG = ("tfidf", "random", "majority")
VERDICTS: tuple[Verdict, ...] = ("pass", "inconclusive", "regression")
FINER = (0.10, 0.05, 0.03, 0.02)
"""True drops for which the number of propositions is worked out."""


@dataclass(frozen=True)
class World:
    """One task's test split: the rows of right and of wrong predictions, clusters and propositions."""

    task: str
    good: Rows
    bad: Rows
    clusters: npt.NDArray[np.int64]
    families: Places

    @property
    def count(self) -> int:
        """How many clusters there are."""
        return int(self.clusters.max()) + 1


@dataclass(frozen=True)
class Cell:
    """A history: what is gated, how much luck runs have, whether builds have other items, the true drop."""

    gates: str
    luck: float
    other_items: bool
    drop: float


@dataclass(frozen=True)
class Outcome:
    """What came of a history: shares of verdicts by tolerance, and medians of what builds measured."""

    shares: Mapping[float, Mapping[Verdict, float]]
    detectable: Mapping[float, float]
    error: float
    step: float


# ---- where the rows come from ----------------------------------------------------------------------------


@lru_cache(maxsize=8)
def world(task: str) -> World:
    """Return a task's rows: of the gold, and of the first baseline that is wrong on an item.

    The items that every baseline gets right are never wrong.
    """
    corpus = claimbench.load_corpus()
    items = task_by_name(task).items(corpus, "test")
    words = wording(task, corpus)
    good = rows_of(task, right_lines(task, corpus), corpus)
    bad = good.counts.copy()
    found = np.zeros(len(good.ids), dtype=bool)
    for name in WRONG:
        rows = rows_of(task, claimbench.predict(task, load_system(name), corpus), corpus)
        wrong = [not words.right(dict(zip(rows.columns, row, strict=True))) for row in rows.counts.tolist()]
        take = np.array(wrong) & ~found
        bad[take] = rows.counts[take]
        found |= take
    names = [words.family(item) for item in good.ids]
    return World(task, good, Rows(good.ids, good.columns, bad), cluster_codes(items.clusters),
                 np.unique(names, return_inverse=True)[1])  # fmt: skip


def rows_of(task: str, lines: Sequence[Mapping[str, object]], corpus: claimbench.Corpus) -> Rows:
    """Return the rows of counts that predictions get."""
    items = claimbench.score(task, lines, corpus=corpus, by=()).items
    assert items is not None
    return Rows(items.ids, items.columns, np.array(items.rows, dtype=np.int64))


def right_lines(task: str, corpus: claimbench.Corpus) -> list[dict[str, object]]:
    """Return the predictions of a system that is right everywhere."""
    if task == "detection":
        worthy = {corpus.sentence_of(c) for c in corpus.claims if c.checkworthiness == 2}
        return [{"id": s, "label": s in worthy} for s in corpus.sentences]
    if task == "qa":
        return [{"id": q.id, "answer": q.answers[0].text if q.answers else None} for q in corpus.questions]
    lines: list[dict[str, object]] = []
    for item in corpus.verification:
        stances = {group.stance: group.sentences for group in reversed(item.evidence)}
        sentences = list(dict.fromkeys(s for group in stances.values() for s in group))
        label = {"label": item.label} if task == "verification" else {}
        lines.append({"id": item.id, "evidence": sentences, **label})
    return lines


def metrics_of(gates: str) -> tuple[World, dict[str, Metric]]:
    """Return the world of a history and the metrics that are gated in it."""
    place = world(gates.partition(",")[0])
    found = {m.name: m for m in task_by_name(place.task).metrics(place.good)}
    return place, {name: found[name] for name in GATES[gates]}


def share_right(gates: str, drop: float) -> float:
    """Return the share of right items at which the expected score lies ``drop`` below that of the system."""
    place, metrics = metrics_of(gates)
    metric = next(iter(metrics.values()))

    def value(p: float) -> float:
        # A thousandth of an item is fine enough for weights, which are whole numbers.
        weights = np.repeat(np.array([round(1000 * p), round(1000 * (1 - p))]), len(place.good.ids))
        both = Rows((), place.good.columns, np.concatenate([place.good.counts, place.bad.counts]))
        return float(metric.estimator(both)(weights))

    target = value(LEVEL_OF_SYSTEM) - drop
    low, high = 0.0, LEVEL_OF_SYSTEM
    for _ in range(20):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if value(middle) < target else (low, middle)
    return high


# ---- one build -------------------------------------------------------------------------------------------


def drawn(place: World, other_items: bool, random: np.random.Generator) -> tuple[Places, Places, Places]:
    """Return the items of a build, their clusters and their propositions; other ones by drawing clusters."""
    if not other_items:
        return np.arange(len(place.good.ids)), place.clusters, place.families
    members = [np.flatnonzero(place.clusters == k) for k in range(place.count)]
    picks = random.integers(place.count, size=place.count)
    items = np.concatenate([members[k] for k in picks])
    codes = np.repeat(np.arange(place.count), [members[k].size for k in picks])
    copies = codes * (int(place.families.max()) + 1) + place.families[items]
    return items, codes, np.unique(copies, return_inverse=True)[1]


def build(
    cell: Cell, place: World, shares: tuple[float, float], random: np.random.Generator
) -> tuple[Rows, Rows, Places]:
    """Return the rows of both runs of a build, and their clusters."""
    items, codes, families = drawn(place, cell.other_items, random)
    hard = (
        math.sqrt(CLUSTER) * random.standard_normal(place.count)[codes]
        + math.sqrt(PROPOSITION) * random.standard_normal(int(families.max()) + 1)[families]
        + math.sqrt(1 - CLUSTER - PROPOSITION) * random.standard_normal(items.size)
    )
    runs = []
    for share in shares:
        luck = random.standard_normal(items.size)
        right = math.sqrt(1 - cell.luck) * hard + math.sqrt(cell.luck) * luck < NormalDist().inv_cdf(share)
        counts = np.where(right[:, np.newaxis], place.good.counts[items], place.bad.counts[items])
        runs.append(Rows(tuple(map(str, range(items.size))), place.good.columns, counts))
    return runs[0], runs[1], codes


FEW_CLUSTERS = ("detection",)
"""Gates whose clusters weigh as much as fewer than ten equal ones: a spread is hardly known from so few."""


def history(cell: Cell, builds: int, seed: int) -> Outcome:
    """Return what comes of many builds."""
    place, metrics = metrics_of(cell.gates)
    shares = LEVEL_OF_SYSTEM, share_right(cell.gates, cell.drop)
    random = np.random.Generator(np.random.PCG64(seed))
    verdicts: dict[float, list[Verdict]] = {limit: [] for limit in MAX_DROPS}
    said: dict[float, list[float]] = {limit: [] for limit in MAX_DROPS}
    errors, steps = [], []
    for _ in range(builds):
        before, after, codes = build(cell, place, shares, random)
        found = {name: measured(m, m, before, after, codes) for name, m in metrics.items()}
        p = adjusted(found)
        first = next(iter(found.values()))
        for limit in MAX_DROPS:
            verdicts[limit].append(worst([verdict(one, limit, p.get(name)) for name, one in found.items()]))
            finds = detectable(first.error, first.step, limit, len(found), first.effective)
            if finds is not None:
                said[limit].append(finds)
        if first.error is not None:
            errors.append(first.error)
            steps.append(first.step)
    return Outcome(
        shares={limit: {v: all_.count(v) / builds for v in VERDICTS} for limit, all_ in verdicts.items()},
        detectable={limit: median(drops) for limit, drops in said.items()},
        error=median(errors),
        step=median(steps),
    )


# ---- the table -------------------------------------------------------------------------------------------


def propositions_for(gates: str, error: float, step: float, drop: float) -> int:
    """Return how many propositions find a drop 4 times in 5, in clusters like those there are."""
    place, _ = metrics_of(gates)

    effective = effective_number(np.bincount(place.clusters))

    def finds(clusters: int) -> float:
        times = clusters / place.count
        return detectable(error / math.sqrt(times), step / times, 0.0, 1, effective * times) or math.inf

    clusters = 2
    while finds(clusters) > drop:
        clusters += 1
    return round(clusters * (int(place.families.max()) + 1) / place.count)


def line(*cells: object) -> str:
    """Return a row of a Markdown table."""
    return f"| {' | '.join(f'{c:.3f}' if isinstance(c, float) else str(c) for c in cells)} |"


def history_table(found: Mapping[Cell, Outcome]) -> str:
    """Return the shares of verdicts of every history."""
    columns = ["gate", "luck", "items", "true drop"]
    columns += [f"{name}, max_drop {limit:g}" for limit in MAX_DROPS for name in (*VERDICTS, "finds")]
    rows = [line(*columns), line(*["---"] * len(columns))]
    for cell, out in found.items():
        told = [x for limit in MAX_DROPS for x in (*out.shares[limit].values(), out.detectable[limit])]
        items = "other" if cell.other_items else "same"
        rows.append(line(cell.gates, f"{cell.luck:g}", items, cell.drop, *told))
    return "\n".join(rows)


def plan_table(nothing: Mapping[Cell, Outcome]) -> str:
    """Return how many propositions it takes to find smaller drops."""
    columns = ["gate", "luck", "propositions here", *(f"for {drop:g}" for drop in FINER)]
    rows = [line(*columns), line(*["---"] * len(columns))]
    for cell, out in nothing.items():
        if cell.other_items and "," not in cell.gates:
            here = int(metrics_of(cell.gates)[0].families.max()) + 1
            needed = [propositions_for(cell.gates, out.error, out.step, drop) for drop in FINER]
            rows.append(line(cell.gates, f"{cell.luck:g}", here, *needed))
    return "\n".join(rows)


def written(found: Mapping[Cell, Outcome], kept: Mapping[tuple[Cell, float], Outcome], builds: int) -> str:
    """Return the page; ``kept`` are the histories whose drop is what builds of a tolerance say they find."""
    nothing = {cell: out for cell, out in found.items() if cell.drop == 0.0}
    alarms = [out.shares[limit]["regression"] for out in nothing.values() for limit in MAX_DROPS]
    detected = [(cell, out.shares[limit]["regression"]) for (cell, limit), out in kept.items()]
    few = ", ".join(FEW_CLUSTERS)
    shares = [share for cell, share in detected if cell.gates not in FEW_CLUSTERS]
    coarse = [share for cell, share in detected if cell.gates in FEW_CLUSTERS]
    unsure = [out.shares[limit]["inconclusive"] for out in nothing.values() for limit in MAX_DROPS]
    return f"""# What a gate does over a history of builds

Written by `python benchmarks/gate_history.py`; do not edit.

{builds} builds a row (standard error of a share of .05: {math.sqrt(0.05 * 0.95 / builds):.4f}), decided by
the code of `claimbench gate`. The system gets {LEVEL_OF_SYSTEM:.0%} of the items right. *Luck* is the share
of an outcome that each run draws anew. *Items*: the same in every build, or other propositions, drawn as
whole clusters. *Finds* is the median of the drop that builds say they find 4 times in 5.

- False alarms (exit 1, nothing dropped): at most {max(alarms):.3f}, mean {np.mean(alarms):.3f}.
- Detection of a drop as large as a build says it finds (.80): {min(shares):.3f} to {max(shares):.3f}; where
  clusters weigh as much as fewer than ten equal ones ({few}): {min(coarse):.3f} to {max(coarse):.3f}.
- Inconclusive where nothing dropped: {min(unsure):.3f} to {max(unsure):.3f}.

## How many propositions find a drop 4 times in 5

For detection, sentences. Clusters are as many for each proposition, and as unequal, as here.

{plan_table(nothing)}

## Every history

{history_table(found)}

## The drops that builds say they find

{history_table({cell: out for (cell, _), out in kept.items()})}
"""


def main() -> None:
    """Simulate and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--builds", type=int, default=1000)
    parser.add_argument("--output", type=Path, default=Path(__file__).with_suffix(".md"))
    arguments = parser.parse_args()
    settings = [(gates, luck, other) for gates in GATES for luck in LUCK for other in (False, True)]
    found: dict[Cell, Outcome] = {}
    kept: dict[tuple[Cell, float], Outcome] = {}
    for seed, setting in enumerate(settings):
        for drop in DROPS:
            cell = Cell(*setting, drop)
            found[cell] = history(cell, arguments.builds, seed)
        for limit, drop in found[Cell(*setting, 0.0)].detectable.items():
            cell = Cell(*setting, round(drop, 3))
            kept[cell, limit] = history(cell, arguments.builds, seed)
        print(*setting, flush=True)
    arguments.output.write_text(written(found, kept, arguments.builds), encoding="utf-8")


if __name__ == "__main__":
    main()
