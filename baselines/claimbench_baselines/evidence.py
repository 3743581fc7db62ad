"""Choosing evidence sentences: the best few by retrieval score, cut off where scores fall away."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import claimbench
from claimbench_baselines.retrieval import Floats, Index, Matches, Weights, match, ranking, tune_weights

Sets = Sequence[tuple[str, frozenset[str]]]
"""Alternative evidence sets of an item: (stance, sentence ids)."""


class CutOff(NamedTuple):
    """Sentences kept: at most ``most``, each scoring at least ``ratio`` of the best."""

    most: int = 3
    ratio: float = 0.7


GRID = tuple(CutOff(*values) for values in itertools.product((1, 2, 3, 4, 5), (0.0, 0.5, 0.6, 0.7, 0.8, 0.9)))


@dataclass(frozen=True, eq=False)
class Retriever:
    """An index with the weights and the cut-off that training gold prefers."""

    index: Index
    weights: Weights
    cut_off: CutOff

    def choose(self, scores: Floats) -> list[str]:
        """Return the chosen sentences' ids, best first."""
        return choose(self.index, scores, self.cut_off)


def choose(index: Index, scores: Floats, cut_off: CutOff) -> list[str]:
    """Return the ids of the sentences a cut-off keeps, best first."""
    best = ranking(scores)[: cut_off.most]
    return [index.ids[place] for place in best if scores[place] >= cut_off.ratio * scores[best[0]]]


def train(index: Index, training: claimbench.Corpus) -> Retriever:
    """Choose the weights on ``train`` and the cut-off on ``validation``."""
    weights, cut_off = Weights(), CutOff()
    gold = {
        split: [item for item in training.verification if item.split == split and item.evidence]
        for split in ("train", "validation")
    }
    if gold["train"]:
        matches = match(index, [i.claim for i in gold["train"]], [i.language for i in gold["train"]])
        places = {sentence: place for place, sentence in enumerate(index.ids)}
        relevant = [
            frozenset(places[s] for group in item.evidence for s in group.sentences) for item in gold["train"]
        ]
        weights = tune_weights(matches, relevant)
    if gold["validation"]:
        tuning = gold["validation"]
        matches = match(index, [i.claim for i in tuning], [i.language for i in tuning])
        sets = [[(g.stance, frozenset(g.sentences)) for g in item.evidence] for item in tuning]
        cut_off = _tune_cut_off(index, matches, weights, sets)
    return Retriever(index, weights, cut_off)


def _tune_cut_off(index: Index, matches: Matches, weights: Weights, gold: Sequence[Sets]) -> CutOff:
    scores = matches.scores(weights)

    def quality(cut_off: CutOff) -> float:
        chosen = [choose(index, row, cut_off) for row in scores]
        return round(f1(chosen, gold), 9)

    return max(GRID, key=quality)


def f1(chosen: Sequence[Sequence[str]], gold: Sequence[Sets]) -> float:
    """Return the harmonic mean of mean precision and the share of items with a complete set per stance."""
    precision = complete = 0.0
    for sentences, sets in zip(chosen, gold, strict=True):
        wanted = frozenset[str]().union(*(group for _, group in sets))
        precision += sum(s in wanted for s in sentences) / max(len(sentences), 1)
        full = {stance for stance, group in sets if group <= set(sentences)}
        complete += full == {stance for stance, _ in sets}
    total = precision + complete
    return 2 * precision * complete / (total * len(gold)) if total else 0.0
