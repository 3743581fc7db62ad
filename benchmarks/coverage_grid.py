"""How often intervals hold the true value and tests err, over a fixed grid of simulated benchmarks.

    python benchmarks/coverage_grid.py [--repetitions 5000] [--output benchmarks/coverage_grid.md]

Every cell of the grid below is simulated and written, none is dropped. Items lie in clusters whose effects
are drawn anew in each repetition, so the true value is that of other propositions. System B either has the
value of A (any difference shown is an error) or lies ``LOSS`` below it (not showing it is a miss). Resampling
procedures cost more and see the first ``RESAMPLED`` of the repetitions, each with ``DRAWS`` draws.
"""

from __future__ import annotations

import argparse
import itertools
import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import special, stats

from claimbench.stats.bootstrap import cluster_weights
from claimbench.stats.classification import f1, macro_f1, recall
from claimbench.stats.estimators import hangs_on
from claimbench.stats.intervals import NO_SPREAD, effective_number, jackknife_bounds, standard_error
from claimbench.stats.webb import webb_vectors

Array = npt.NDArray[np.float64]

# ---- the grid, as data -----------------------------------------------------------------------------------

VERIFICATION = (48, 21, 18, 18, 15, 15, 15, 12, 12, 9, 9, 9, 9, 9, 9, 6, 6, 6, 6, 6)
"""Items in each cluster of the shipped verification test split; questions and evidence look alike."""

DETECTION = (57, 10, 5, 5, 4, 4, 3, 3, 3, 3, *[2] * 10, *[1] * 44)
"""Sentences in each cluster: 57 of them are linked by the claims they hold."""

SOURCES = (92, 31, 25, 13)
ARTICLES = (57, 35, 31, 25, 13)
"""Sentences in each source and in each article."""


def stretched(sizes: Sequence[int], clusters: int) -> tuple[int, ...]:
    """Return ``clusters`` sizes with the same quantiles."""
    return tuple(sizes[int((i + 0.5) / clusters * len(sizes))] for i in range(clusters))


def geometric(clusters: int, least: int, most: int) -> tuple[int, ...]:
    """Return sizes that grow by one factor from ``least`` to ``most``."""
    return tuple(round(least * (most / least) ** (i / (clusters - 1))) for i in range(clusters))


SIZES: dict[tuple[int, str], tuple[int, ...]] = {
    (15, "real"): stretched(VERIFICATION, 15),
    (15, "unequal"): geometric(15, 2, 20),
    (25, "real"): stretched(VERIFICATION, 25),
    (25, "unequal"): geometric(25, 2, 20),
    (60, "real"): stretched(VERIFICATION, 60),
    (60, "unequal"): geometric(60, 2, 20),
    (64, "detection"): DETECTION,
    (4, "real"): SOURCES,
    (4, "unequal"): geometric(4, 8, 80),
    (5, "real"): ARTICLES,
    (5, "unequal"): geometric(5, 8, 80),
    (20, "real"): VERIFICATION,
    (20, "unequal"): geometric(20, 2, 20),
}
VALUES = (0.5, 0.8, 0.95)
ICCS = (0.0, 0.05, 0.15)
EFFECTS = ("logit", "beta")
"""How clusters differ; with an ICC of 0 they do not, and there is one cell instead of two."""
METRICS = ("accuracy", "macro_f1", "f1", "recall", "average_precision")

LOSS = 0.10
"""How far B lies below A where there is something to find."""
SHARED = 0.5
"""Correlation of the systems' cluster effects; share of items on which they have the same luck."""
POSITIVES = 0.3
RARE = 3
"""Recall is of items that one cluster in so many holds, half of what it holds."""
LABELS = (0.35, 0.35, 0.30)
RESAMPLED = 0.2
DRAWS = 999
RANK_DRAWS = 399
ENOUGH = 25
"""From this many clusters on coverage must be 93 % and type-I error at most 6 %."""
LEAST_COVERAGE, MOST_ERROR = 0.93, 0.06

# ---- how items come about --------------------------------------------------------------------------------

_Z = np.linspace(-6.0, 6.0, 4001)


@lru_cache(maxsize=64)
def effect_table(mean: float, icc: float, effects: str) -> Array:
    """Return the cluster's rate at each standard normal quantile ``_Z``: mean and variance are as asked."""
    if icc == 0.0:
        return np.full_like(_Z, mean)
    if effects == "beta":
        scale = (1.0 - icc) / icc
        return np.asarray(special.betaincinv(mean * scale, (1.0 - mean) * scale, special.ndtr(_Z)))
    weights = stats.norm.pdf(_Z)
    weights /= weights.sum()

    def centred(sd: float) -> Array:
        low, high = -30.0, 30.0
        for _ in range(40):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if weights @ special.expit(middle + sd * _Z) < mean else (low, middle)
        return np.asarray(special.expit(low + sd * _Z))

    low, high = 0.0, 20.0
    for _ in range(40):
        sd = 0.5 * (low + high)
        variance = weights @ (centred(sd) - mean) ** 2
        low, high = (sd, high) if variance < icc * mean * (1.0 - mean) else (low, sd)
    return centred(low)


OF_POSITIVES = {"f1": f1, "recall": recall}


def counts_value(metric: str, totals: Array) -> Array:
    """Return the scores of totals (..., codes); codes are (wrong, right), (tp, fp, fn, tn), gold > label."""
    if metric == "accuracy":
        return np.asarray(totals[..., 1] / totals.sum(axis=-1))
    if metric in OF_POSITIVES:
        return OF_POSITIVES[metric](totals[..., :3])  # type: ignore[arg-type]  # whole numbers in float64, for BLAS
    return macro_f1(totals.reshape(*totals.shape[:-1], 3, 3), (0, 1, 2))  # type: ignore[arg-type]  # same


def expected_totals(metric: str, right: float) -> Array:
    """Return the expected share of each code where the chance to be right is ``right``."""
    if metric == "accuracy":
        return np.array([1.0 - right, right])
    if metric in OF_POSITIVES:
        p, wrong = POSITIVES, 1.0 - right
        return np.array([p * right, (1.0 - p) * wrong, p * wrong, (1.0 - p) * right])
    matrix = np.array([[right if i == j else (1.0 - right) / 2.0 for j in range(3)] for i in range(3)])
    return np.asarray((np.array(LABELS)[:, np.newaxis] * matrix).ravel())


def solve(target: float, value: Callable[[float], float], low: float, high: float) -> float:
    """Return where an increasing function takes a value."""
    for _ in range(40):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if value(middle) < target else (low, middle)
    return low


@lru_cache(maxsize=64)
def rate_for(metric: str, target: float) -> float:
    """Return the chance to be right with which the metric's true value is ``target``."""
    return solve(target, lambda p: float(counts_value(metric, expected_totals(metric, p))), 0.0, 1.0)


@dataclass(frozen=True)
class Latent:
    """What the systems share: cluster effects (repetitions, clusters) and luck (repetitions, items)."""

    codes: npt.NDArray[np.intp]
    z: tuple[Array, Array]
    luck: tuple[Array, Array]
    gold: Array


def latent(sizes: Sequence[int], repetitions: int, random: np.random.Generator) -> Latent:
    """Draw what does not depend on the value."""
    codes = np.repeat(np.arange(len(sizes)), sizes)
    shape = (repetitions, codes.size)
    first = random.standard_normal((repetitions, len(sizes)))
    second = SHARED * first + math.sqrt(1 - SHARED**2) * random.standard_normal(first.shape)
    mine = random.random(shape)
    theirs = np.where(random.random(shape) < SHARED, mine, random.random(shape))
    return Latent(codes, (first, second), (mine, theirs), random.random(shape))


def cluster_totals(drawn: Latent, system: int, metric: str, rates: Array) -> Array:
    """Return counts of codes per cluster, shape (repetitions, clusters, codes)."""
    luck = drawn.luck[system]
    p = np.interp(drawn.z[system], _Z, rates)[:, drawn.codes]
    right = luck < p
    if metric == "accuracy":
        code, width = right.astype(np.intp), 2
    elif metric in OF_POSITIVES:
        held = drawn.codes % RARE == 0
        positive = drawn.gold < (POSITIVES if metric == "f1" else np.where(held, 0.5, 0.0))
        code = np.where(positive, np.where(right, 0, 2), np.where(right, 3, 1))
        width = 4
    else:
        gold = np.searchsorted(np.cumsum(LABELS)[:-1], drawn.gold, side="right")
        other = (gold + 1 + (luck - p > 0.5 * (1.0 - p))) % 3
        code, width = 3 * gold + np.where(right, gold, other), 9
    repetitions, clusters = drawn.z[system].shape
    place = (np.arange(repetitions)[:, np.newaxis] * clusters + drawn.codes) * width + code
    found = np.bincount(place.ravel(), minlength=repetitions * clusters * width)
    return found.reshape(repetitions, clusters, width).astype(np.float64)


_SKEWED = (special.betaincinv(2, 5, special.ndtr(_Z)) - 2 / 7) / math.sqrt(10 / 392)


@lru_cache(maxsize=64)
def separation_for(target: float, icc: float, effects: str) -> float:
    """Return how far positives lie above negatives where average precision is ``target``."""
    quantiles = (np.arange(200) + 0.5) / 200
    u = stats.norm.ppf(quantiles)
    if effects == "beta":
        u = np.interp(u, _Z, _SKEWED)
    shift, noise = math.sqrt(icc) * u, math.sqrt(1.0 - icc)
    centre = np.linspace(-7.0, 11.0, 1201)

    def tail(sign: float, mean: float) -> Array:
        return np.asarray(special.ndtr((mean + sign * shift - centre[:, np.newaxis]) / noise).mean(axis=1))

    negatives = tail(-1.0, 0.0)

    def value(separation: float) -> float:
        positives = tail(1.0, separation)
        ours = POSITIVES * positives
        with np.errstate(invalid="ignore"):
            precision = np.nan_to_num(ours / (ours + (1 - POSITIVES) * negatives), nan=1.0)
        return float(np.sum(0.5 * (precision[1:] + precision[:-1]) * -np.diff(positives)))

    return solve(target, value, 0.0, 6.0)


@dataclass(frozen=True)
class Ranking:
    """Items best first: whether positive, and their cluster; (repetitions, items)."""

    positive: Array
    cluster: npt.NDArray[np.intp]


def ranking(drawn: Latent, system: int, separation: float, icc: float, effects: str) -> Ranking:
    """Return one system's ranking in each repetition."""
    u = drawn.z[system] if effects == "logit" else np.interp(drawn.z[system], _Z, _SKEWED)
    positive = drawn.gold < POSITIVES
    noise = math.sqrt(1.0 - icc) * special.ndtri(drawn.luck[system])
    shift = math.sqrt(icc) * u[:, drawn.codes]
    score = np.where(positive, separation + shift, -shift) + noise
    order = np.argsort(-score, axis=1)
    return Ranking(np.take_along_axis(positive, order, 1).astype(np.float64), drawn.codes[order])


def average_precision(found: Ranking, weights: Array) -> Array:
    """Return weighted average precision; weights (repetitions, items), best first."""
    positive = weights * found.positive
    cumulative = np.cumsum(positive, axis=1)
    items = np.maximum(np.cumsum(weights, axis=1), 1.0)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.sum(positive * cumulative / items, axis=1) / cumulative[:, -1])


# ---- one system and one cell -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Scored:
    """Scores (repetitions,), without each cluster (…, clusters) and of the draws (draws, few).

    ``heard`` (repetitions, clusters) says which clusters the score rests on.
    """

    value: Array
    without: Array
    heard: npt.NDArray[np.bool_]
    drawn: Array
    totals: Array | None


def scored_counts(metric: str, totals: Array, weights: Array, few: int) -> Scored:
    """Return all scores of an additive metric from cluster totals."""
    whole = totals.sum(axis=1)
    drawn = np.tensordot(weights, totals[:few], axes=(1, 1))
    value, without = counts_value(metric, whole), counts_value(metric, whole[:, np.newaxis, :] - totals)
    heard = hangs_on(partial(counts_value, metric), totals)  # type: ignore[arg-type]  # same
    return Scored(value, without, heard, counts_value(metric, drawn), totals)


def scored_ranking(found: Ranking, clusters: int, weights: Array, few: int) -> Scored:
    """Return all scores of average precision."""
    value = average_precision(found, np.ones(found.positive.shape))
    without = [average_precision(found, (found.cluster != k).astype(np.float64)) for k in range(clusters)]
    apart = np.stack(without, axis=1)
    held = [(found.positive * (found.cluster == k)).any(axis=1) for k in range(clusters)]
    heard = np.stack(held, axis=1) | (apart != value[:, np.newaxis])
    first = Ranking(found.positive[:few], found.cluster[:few])
    drawn = [average_precision(first, row[first.cluster]) for row in weights[:RANK_DRAWS]]
    return Scored(value, apart, heard, np.stack(drawn), None)


def jackknife_rejects(
    difference: Array, without: Array, heard: npt.NDArray[np.bool_], sizes: Array
) -> npt.NDArray[np.bool_]:
    """Return where ``claimbench.stats.paired.jackknife_difference`` shows a difference."""
    heard = heard | (without != difference[:, np.newaxis])
    count, error = heard.sum(axis=1), standard_error(without, heard)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.abs(difference) / error
    unanimous = 2.0 * (1.0 - np.abs(difference) / 2.0) ** count <= 0.05
    shown = np.where(error <= NO_SPREAD, unanimous, t >= quantiles(sizes, heard))
    return np.asarray(shown & (count >= 2))


def quantiles(sizes: Array, heard: npt.NDArray[np.bool_]) -> Array:
    """Return Student's quantile in each repetition, with the degrees of freedom in use."""
    effective = effective_number(sizes, heard)
    return np.asarray(stats.t.ppf(0.975, np.maximum(1.0, effective - 1.0)))


def percentiles(drawn: Array, heard: npt.NDArray[np.bool_], sizes: Array) -> tuple[Array, Array]:
    """Return the bounds of ``claimbench.stats.bootstrap.percentile`` for draws (draws, repetitions)."""
    effective = effective_number(sizes, heard)
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = np.sqrt(effective / (effective - 1.0)) * stats.t.ppf(0.975, effective - 1.0)
        places = np.floor(special.ndtr(-reach) * (len(drawn) + 1) + 1e-9)
    low, high = np.full(drawn.shape[1], -math.inf), np.full(drawn.shape[1], math.inf)
    below = np.sort(np.where(np.isnan(drawn), -math.inf, drawn), axis=0)
    above = np.sort(np.where(np.isnan(drawn), math.inf, drawn), axis=0)
    for i in np.flatnonzero(places >= 1).tolist():
        place = int(places[i])
        low[i], high[i] = below[place - 1, i], above[-place, i]
    return low, high


def webb_rejects(difference: Array, without: Array, heard: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Return where ``claimbench.stats.webb.webb_p`` of the pseudo-values is at most 5 %."""
    found = np.zeros(len(difference), dtype=np.bool_)
    heard = heard | (without != difference[:, np.newaxis])
    for kept in np.unique(heard, axis=0):
        if kept.sum() >= 2:
            some = (heard == kept).all(axis=1)
            found[some] = _webb_rejects(difference[some], without[some][:, kept])
    return found


def _webb_rejects(difference: Array, without: Array) -> npt.NDArray[np.bool_]:
    count = without.shape[1]
    values = count * difference[:, np.newaxis] - (count - 1) * without
    vectors = webb_vectors(count).T

    def squared_t(effects: Array, squares: Array) -> Array:
        mean = effects / count
        with np.errstate(divide="ignore", invalid="ignore"):
            t = mean**2 / np.maximum(squares / count - mean**2, 0.0)
        return np.asarray(np.nan_to_num(t, nan=0.0, posinf=1e30))

    observed = squared_t(values.sum(axis=1), (values**2).sum(axis=1))
    null = squared_t(values @ vectors, values**2 @ vectors**2)
    return np.asarray(np.mean(null >= observed[:, np.newaxis] * (1 - 1e-9), axis=1) <= 0.05)


def bootstrap_rejects(a: Scored, b: Scored, sizes: Array) -> npt.NDArray[np.bool_]:
    """Return where ``claimbench.stats.paired.bootstrap_difference`` shows a difference."""
    few = a.drawn.shape[1]
    low, high = percentiles(b.drawn - a.drawn, (a.heard | b.heard)[:few], sizes)
    return np.asarray((low > 1e-12) | (high < -1e-12))


def permutation_rejects(metric: str, a: Scored, b: Scored, swaps: Array) -> npt.NDArray[np.bool_]:
    """Return where ``claimbench.stats.paired.permutation_difference`` shows a difference."""
    assert a.totals is not None
    assert b.totals is not None
    few = a.drawn.shape[1]
    mine, theirs = a.totals[:few], b.totals[:few]
    moved = np.tensordot(swaps, theirs - mine, axes=(1, 1))
    found = counts_value(metric, theirs.sum(axis=1) - moved) - counts_value(metric, mine.sum(axis=1) + moved)
    observed = np.abs(b.value - a.value)[:few]
    extreme = (np.abs(found) >= observed - 1e-12).sum(axis=0)
    return np.asarray((1.0 + extreme) / (1.0 + len(swaps)) <= 0.05)


@dataclass(frozen=True)
class Cell:
    """One point of the grid."""

    clusters: int
    sizes: str
    value: float
    icc: float
    effects: str
    metric: str


def grid() -> Iterable[Cell]:
    """Yield every cell."""
    for (clusters, sizes), *rest in itertools.product(SIZES, VALUES, ICCS, EFFECTS, METRICS):
        cell = Cell(clusters, sizes, *rest)  # type: ignore[arg-type]  # the product of the tuples above
        if cell.icc:
            yield cell
        elif cell.effects == EFFECTS[0]:
            yield replace(cell, effects="none")


def effective(cell: Cell) -> float:
    """Return how many equal clusters would weigh as much as those that the metric can rest on."""
    sizes = SIZES[cell.clusters, cell.sizes][:: RARE if cell.metric == "recall" else 1]
    return sum(sizes) ** 2 / sum(size**2 for size in sizes)


COLUMNS = (
    "coverage", "width", "coverage, t(K - 1)", "coverage, bootstrap", "width, bootstrap",
    "type I", "power", "type I, t(K - 1)", "type I, bootstrap", "power, bootstrap",
    "type I, permutation", "power, permutation", "type I, Webb", "power, Webb",
)  # fmt: skip


def simulate(cell: Cell, repetitions: int, seed: int) -> dict[str, float]:
    """Return the measured columns of one cell."""
    sizes = SIZES[cell.clusters, cell.sizes]
    random = np.random.default_rng(seed)
    drawn = latent(sizes, repetitions, random)
    few = max(1, round(RESAMPLED * repetitions))
    weights = cluster_weights(len(sizes), DRAWS, seed).astype(np.float64)
    swaps = random.integers(2, size=(DRAWS, len(sizes))).astype(np.float64)

    def scored(system: int, value: float) -> Scored:
        if cell.metric == "average_precision":
            separation = separation_for(value, cell.icc, cell.effects)
            ranked = ranking(drawn, system, separation, cell.icc, cell.effects)
            return scored_ranking(ranked, len(sizes), weights, few)
        rates = effect_table(rate_for(cell.metric, value), cell.icc, cell.effects)
        totals = cluster_totals(drawn, system, cell.metric, rates)
        return scored_counts(cell.metric, totals, weights, few)

    a, same, less = scored(0, cell.value), scored(1, cell.value), scored(1, cell.value - LOSS)
    found: dict[str, float] = {}
    for name, weigh in (("", np.array(sizes)), (", t(K - 1)", np.ones(len(sizes)))):
        t = quantiles(weigh, a.heard)
        low, high = jackknife_bounds(a.value, a.without, "proportion", t, times=a.heard)
        enough = a.heard.sum(axis=1) >= 2
        low, high = np.where(enough, low, np.nan), np.where(enough, high, np.nan)
        found["coverage" + name] = float(np.mean((low <= cell.value) & (cell.value <= high)))
        found["width" + name] = float(np.nanmean(high - low))
        for title, b in (("type I", same), ("power", less)):
            shown = jackknife_rejects(b.value - a.value, b.without - a.without, a.heard | b.heard, weigh)
            found[title + name] = float(np.mean(shown))
    low, high = percentiles(a.drawn, a.heard[:few], np.array(sizes))
    found["coverage, bootstrap"] = float(np.mean((low <= cell.value) & (cell.value <= high)))
    found["width, bootstrap"] = float(np.nanmean(high - low))
    for title, b in (("type I", same), ("power", less)):
        found[f"{title}, bootstrap"] = float(np.mean(bootstrap_rejects(a, b, np.array(sizes))))
        if a.totals is not None:
            found[f"{title}, permutation"] = float(np.mean(permutation_rejects(cell.metric, a, b, swaps)))
        if len(sizes) <= 5:
            apart, heard = (b.without - a.without)[:few], (a.heard | b.heard)[:few]
            shown = webb_rejects((b.value - a.value)[:few], apart, heard)
            found[f"{title}, Webb"] = float(np.mean(shown))
    return found


# ---- writing ---------------------------------------------------------------------------------------------


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def written(results: dict[Cell, dict[str, float]], repetitions: int) -> str:
    """Return the whole document."""
    names = ["clusters", "sizes", "effective", "value", "ICC", "effects", "metric"]
    rows = []
    for cell, found in results.items():
        size = effective(cell)
        head = [str(cell.clusters), cell.sizes, f"{size:.1f}", f"{cell.value:g}", f"{cell.icc:g}"]
        numbers = [f"{found[name]:.3f}" if name in found else "" for name in COLUMNS]
        rows.append([*head, cell.effects, cell.metric, *numbers])
    error = math.sqrt(0.05 * 0.95 / repetitions)
    few = max(1, round(RESAMPLED * repetitions))
    return (
        "# Coverage, width, type-I error and power\n\n"
        f"Written by `python benchmarks/coverage_grid.py --repetitions {repetitions}`; do not edit.\n\n"
        f"{len(results)} cells, {repetitions} repetitions each (standard error of a share of .05: "
        f"{error:.4f}); bootstrap, permutation and Webb: {few} repetitions "
        f"({math.sqrt(0.05 * 0.95 / few):.4f}), {DRAWS} draws, {RANK_DRAWS} for average precision.\n\n"
        "Intervals at 95 %: the logit jackknife with t(effective clusters - 1), which is the default; with "
        "t(K - 1), for reference; and the cluster bootstrap with expanded percentiles, without bounds where "
        "the draws are too few. Tests at 5 % of B against A: the jackknife and the bootstrap of the "
        "difference likewise; the permutation of clusters for additive metrics; Webb's wild cluster "
        f"bootstrap for at most five clusters. Power: B lies {LOSS:g} below. Clusters that a score does not "
        f"rest on are left aside: recall is of items that one cluster in {RARE} holds. *effective* is how "
        "many equal clusters would weigh as much as those that a metric can rest on. An undefined interval "
        "counts as missing the value.\n\n"
        "## Worst cells of each setting\n\n"
        + worst(results)
        + "\n## Where the jackknife falls short\n\n"
        + shortfalls(results)
        + "\n## The figure beside an interval\n\n"
        "The least coverage in all cells whose clusters weigh no less, of those that weigh more than two, as "
        "`claimbench.stats.measured` has it."
        "\n\n"
        + table(
            ["effective clusters", "least coverage"], [[f"{n:.1f}", f"{c:.3f}"] for n, c in floors(results)]
        )
        + "\n## Every cell\n\n"
        + table([*names, *COLUMNS], rows)
    )


def floors(results: dict[Cell, dict[str, float]]) -> list[tuple[float, float]]:
    """Return (effective clusters, least coverage in cells with no fewer), fewest first, where it changes.

    Cells of up to two clusters are left out: how wide such intervals are hangs on the ICCs of the grid.
    """
    covered = [(effective(cell), found["coverage"]) for cell, found in results.items() if effective(cell) > 2]
    found: list[tuple[float, float]] = []
    for size in sorted({size for size, _ in covered}):
        least = round(min(share for other, share in covered if other >= size), 3)
        if not found or least != found[-1][1]:
            found.append((math.floor(10 * size) / 10, least))
    return found


def worst(results: dict[Cell, dict[str, float]]) -> str:
    """Return the least coverage and greatest error of each number and shape of clusters."""
    rows = []
    for clusters, sizes in SIZES:
        for metric in METRICS:
            cells = [
                found
                for cell, found in results.items()
                if (cell.clusters, cell.sizes, cell.metric) == (clusters, sizes, metric)
            ]
            if not cells:
                continue
            size = effective(Cell(clusters, sizes, VALUES[0], 0.0, "none", metric))
            row = [str(clusters), sizes, f"{size:.1f}", metric]
            for name in COLUMNS:
                if name.startswith(("coverage", "type I")):
                    pick = min if name.startswith("coverage") else max
                    values = [found[name] for found in cells if name in found]
                    row.append(f"{pick(values):.3f}" if values else "")
            rows.append(row)
    shown = [name for name in COLUMNS if name.startswith(("coverage", "type I"))]
    return table(["clusters", "sizes", "effective", "metric", *shown], rows)


def shortfalls(results: dict[Cell, dict[str, float]]) -> str:
    """Return how many cells with enough clusters miss what is required, and by how much."""
    rows = []
    for clusters, sizes in SIZES:
        cells = [f for c, f in results.items() if (c.clusters, c.sizes) == (clusters, sizes)]
        if clusters < ENOUGH or not cells:
            continue
        row = [str(clusters), sizes, str(len(cells))]
        for name in ("", ", t(K - 1)"):
            covered = [found["coverage" + name] for found in cells]
            errors = [found["type I" + name] for found in cells]
            row += [str(sum(x < LEAST_COVERAGE for x in covered)), f"{min(covered):.3f}"]
            row += [str(sum(x > MOST_ERROR for x in errors)), f"{max(errors):.3f}"]
        rows.append(row)
    header = ["clusters", "sizes", "cells"]
    for name in ("", ", t(K - 1)"):
        header += [
            f"coverage below {LEAST_COVERAGE:g}{name}",
            "least",
            f"type I above {MOST_ERROR:g}{name}",
            "most",
        ]
    return f"Required from {ENOUGH} clusters on; below that nothing is.\n\n" + table(header, rows)


def main() -> None:
    """Run the grid and write it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=5000)
    parser.add_argument("--output", type=Path, default=Path(__file__).with_suffix(".md"))
    arguments = parser.parse_args()
    start, cells, results = time.perf_counter(), list(grid()), {}
    for seed, cell in enumerate(cells):
        results[cell] = simulate(cell, arguments.repetitions, seed)
        if seed % 52 == 51:
            print(f"{seed + 1} of {len(cells)} cells, {time.perf_counter() - start:.0f} s", flush=True)
    arguments.output.write_text(written(results, arguments.repetitions), encoding="utf-8")


if __name__ == "__main__":
    main()
