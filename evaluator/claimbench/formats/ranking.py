"""Rankings of lines by check-worthiness: CheckThat!'s figures, and the house's over several debates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from claimbench.formats.summation import PythonSum, python_sum, sum_from_left
from claimbench.stats import classification as c
from claimbench.stats.estimators import (
    Better,
    Bools,
    Estimator,
    Floats,
    Ints,
    Metric,
    Rows,
    Scale,
    cluster_count,
    ratio,
)
from claimbench.stats.ranked import Ranked, dense_rank

PLACES = (1, 3, 5, 10, 20, 50)
COLUMNS = ("items", "positive", "ranked", "ranked_positive", "rank", "debate")


class Debate(msgspec.Struct, frozen=True):
    """One gold file with its predictions; ``scores`` are (line, score) in file order."""

    name: str
    labels: Mapping[int, int]
    scores: Sequence[tuple[int, float]]

    @property
    def positives(self) -> int:
        """Number of lines with label 1; no other label is positive."""
        return sum(label == 1 for label in self.labels.values())

    def ranked(self, scores: Sequence[tuple[int, float]] | None = None) -> list[bool]:
        """Return whether each ranked line is positive, best first; equal scores keep their order."""
        chosen = sorted(self.scores if scores is None else scores, key=lambda pair: pair[1], reverse=True)
        return [self.labels[line] == 1 for line, _ in chosen]


def average_precision(ranked: Sequence[bool], positives: int, python: PythonSum) -> float:
    """Return precision at each positive, added up and divided by the positives of the gold; 0 without any."""
    places = np.flatnonzero(ranked)
    precisions = (np.arange(1, len(places) + 1) / (places + 1)).tolist()
    return python_sum(precisions, python) / positives if precisions else 0.0


def figures_of(debate: Debate, python: PythonSum) -> dict[str, float | None]:
    """Return the figures of one debate; precision at a place it does not have is None."""
    ranked, positives = debate.ranked(), debate.positives
    hits = np.cumsum(ranked)
    first = int(np.argmax(ranked)) if any(ranked) else None
    place = positives or len(ranked)  # without positives the scorer reads cell -1, the last
    return {
        "average_precision": average_precision(ranked, positives, python),
        "reciprocal_rank": 0.0 if first is None else 1.0 / (first + 1),
        "r_precision": int(hits[place - 1]) / place,
        **{f"P@{k}": int(hits[k - 1]) / k if k <= len(ranked) else None for k in PLACES},
    }


def mean_figures(found: Sequence[Mapping[str, float | None]]) -> dict[str, float | None]:
    """Return the means over debates, added from left to right; None where a debate has none."""
    result: dict[str, float | None] = {}
    for name in found[0]:
        values = [figures[name] for figures in found]
        whole = [value for value in values if value is not None]
        complete = len(whole) == len(values)
        result[f"mean_{name}"] = sum_from_left(whole) / len(values) if complete else None
    return result


def tie_bounds(debate: Debate, python: PythonSum) -> tuple[int, float, float]:
    """Return how many lines tie with one of another label, and AP with ties at worst and at best."""
    labels: dict[float, set[bool]] = {}
    for line, score in debate.scores:
        labels.setdefault(score, set()).add(debate.labels[line] == 1)
    mixed = sum(len(labels[score]) > 1 for _, score in debate.scores)
    bounds = []
    for reverse in (False, True):
        order = sorted(debate.scores, key=lambda pair: debate.labels[pair[0]] == 1, reverse=reverse)
        bounds.append(average_precision(debate.ranked(order), debate.positives, python))
    return mixed, bounds[0], bounds[1]


def house_rows(debates: Sequence[Debate]) -> Rows:
    """Lay out one row per gold line; a line without a score is not ranked, which is wrong."""
    ids: list[str] = []
    tables = []
    for number, debate in enumerate(debates):
        given = dict(debate.scores)
        table: Ints = np.zeros((len(debate.labels), len(COLUMNS)), dtype=np.int64)
        positive = np.array([label == 1 for label in debate.labels.values()])
        ranked = np.array([line in given for line in debate.labels])
        table[:, 0] = 1
        table[:, 1], table[:, 2], table[:, 3] = positive, ranked, positive & ranked
        table[:, 4] = dense_rank([given.get(line, -np.inf) for line in debate.labels])
        table[:, 5] = number
        tables.append(table)
        prefix = f"{debate.name}:" if len(debates) > 1 else ""
        ids += [f"{prefix}{line}" for line in debate.labels]
    return Rows(tuple(ids), COLUMNS, np.concatenate(tables))


class DebateMean(msgspec.Struct, frozen=True):
    """The mean of a ranked metric over the debates for which it is defined.

    A debate counts once, however its lines are weighted, and not at all where all of them weigh nothing.
    """

    each: Ranked
    scale: Scale = "proportion"
    better: Better = "higher"
    merges: bool = False

    @property
    def name(self) -> str:
        """The name of the metric that is averaged."""
        return self.each.name

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the metric counts."""
        return self.each.columns

    def estimator(self, rows: Rows) -> Estimator:
        """Bind to rows: weights (..., items) to scores (...)."""
        debate = rows.column("debate")
        index = [np.flatnonzero(debate == number) for number in np.unique(debate)]
        parts = [self.each.estimator(Rows((), rows.columns, rows.counts[i])) for i in index]

        def estimate(weights: Ints) -> Floats:
            scores = np.stack([part(weights[..., i]) for part, i in zip(parts, index, strict=True)], axis=-1)
            return ratio(np.nansum(scores, axis=-1), (~np.isnan(scores)).sum(axis=-1))

        return estimate

    def rests_on(self, rows: Rows, codes: Ints) -> Bools:
        """Return all clusters: each is a debate."""
        return np.ones(cluster_count(codes), dtype=np.bool_)


def metrics(table: Rows) -> tuple[Metric, ...]:
    """Return the house's ranking metrics, equal scores sharing their rank."""
    order = ("ranked_positive", "ranked", "positive", "items")
    return (
        DebateMean(Ranked("average_precision", "rank", order, c.average_precision)),
        DebateMean(Ranked("auroc", "rank", order, c.auroc)),
    )
