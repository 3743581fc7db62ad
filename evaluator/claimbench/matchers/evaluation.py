"""How good matchers are on labelled pairs: ranking, and deciding at a threshold, with intervals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec
import numpy as np

from claimbench.matchers.functions import Matcher
from claimbench.matchers.pairs import KINDS, Kind, Pair
from claimbench.records import Split
from claimbench.stats.classification import auroc, average_precision, f1
from claimbench.stats.estimators import Additive, Floats, Ints, Metric, Rows, point
from claimbench.stats.intervals import Interval, cluster_codes, jackknife
from claimbench.stats.ranked import Ranked, dense_rank

SETTINGS: dict[str, bool] = {"in-language": True, "cross-language": False}
"""Name of a setting to whether both texts are in one language."""

_ALL_RANKED = ("positive", "items", "positive", "items")

METRICS: tuple[Metric, ...] = (
    Ranked("auroc", "rank", _ALL_RANKED, auroc),
    Ranked("average_precision", "rank", _ALL_RANKED, average_precision),
    Additive("f1", ("tp", "fp", "fn"), f1),
)


class Figure(msgspec.Struct, frozen=True):
    """One metric's value, None where it is 0/0, and its interval over clusters."""

    value: float | None
    interval: Interval | None


class Errors(msgspec.Struct, frozen=True):
    """How many pairs of a kind a matcher gets wrong at its threshold: matches missed, other pairs matched."""

    pairs: int
    wrong: int


class Figures(msgspec.Struct, frozen=True):
    """How one matcher does on the pairs of one setting; the threshold comes from ``validation``."""

    matcher: str
    setting: str
    pairs: int
    matches: int
    threshold: float
    metrics: Mapping[str, Figure]
    errors: Mapping[Kind, Errors]


def evaluate(pairs: Sequence[Pair], matchers: Mapping[str, Matcher], split: Split) -> Iterator[Figures]:
    """Yield every matcher's figures in each setting on the pairs of a split, matcher by matcher.

    F1 is of "match", at the threshold that is best on the validation pairs of the same setting.
    """
    for setting, in_language in SETTINGS.items():
        chosen = [pair for pair in pairs if pair.in_language == in_language]
        held_out = [pair for pair in chosen if pair.split == "validation"]
        scored = [pair for pair in chosen if pair.split == split]
        for name, matcher in matchers.items():
            threshold = best_threshold(scores(matcher, held_out), held_out)
            yield _figures(name, setting, scored, scores(matcher, scored), threshold)


def scores(matcher: Matcher, pairs: Sequence[Pair]) -> Floats:
    """Return the matcher's score of each pair, shape (pairs,), to nine decimals so that ties are ties."""
    found = [round(matcher(p.left[0], p.right[0], p.left[1], p.right[1]), 9) for p in pairs]
    return np.array(found, dtype=np.float64)


def best_threshold(found: Floats, pairs: Sequence[Pair]) -> float:
    """Return the score from which on calling pairs a match has the greatest F1; the highest of equals.

    Raises ValueError where no pair matches.
    """
    labels = np.array([pair.match for pair in pairs], dtype=np.int64)
    if not labels.any():
        raise ValueError("a threshold needs pairs that match")
    order = np.argsort(-found, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(found[order]) != 0, True))
    hits = np.cumsum(labels[order])[ends]
    values = 2.0 * hits / (ends + 1 + labels.sum())
    return float(found[order][ends[values.argmax()]])


def _figures(name: str, setting: str, pairs: Sequence[Pair], found: Floats, threshold: float) -> Figures:
    labels = np.array([pair.match for pair in pairs], dtype=np.int64)
    called = (found >= threshold).astype(np.int64)
    columns = {
        "rank": dense_rank(found),
        "positive": labels,
        "items": np.ones_like(labels),
        "tp": called * labels,
        "fp": called * (1 - labels),
        "fn": (1 - called) * labels,
    }
    rows = Rows(tuple(map(str, range(len(pairs)))), tuple(columns), np.stack([*columns.values()], axis=-1))
    codes = cluster_codes([pair.cluster for pair in pairs])
    metrics = {metric.name: Figure(point(metric, rows), jackknife(metric, rows, codes)) for metric in METRICS}
    return Figures(name, setting, len(pairs), int(labels.sum()), threshold, metrics, _errors(pairs, called))


def _errors(pairs: Sequence[Pair], called: Ints) -> dict[Kind, Errors]:
    found: dict[Kind, Errors] = {}
    for kind in KINDS:
        wrong = [
            bool(call) != pair.match for pair, call in zip(pairs, called, strict=True) if pair.kind == kind
        ]
        found[kind] = Errors(len(wrong), sum(wrong))
    return found
