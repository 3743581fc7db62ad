"""Scores of AVeriTeC's evidence: the best assignment of predicted strings to gold ones by METEOR."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from claimbench.formats.assignment import best_assignment
from claimbench.formats.meteor.resources import punkt_folder, wordnet_folder
from claimbench.formats.meteor.scores import meteor
from claimbench.formats.meteor.sentences import load_punkt
from claimbench.formats.meteor.stems import stem
from claimbench.formats.meteor.synonyms import load_wordnet
from claimbench.formats.meteor.tokens import tokens
from claimbench.formats.summation import pairwise_sum

Compared = tuple[tuple[str, ...], tuple[str, ...]]
"""Gold strings, and predicted ones that are compared with each of them."""

Score = Callable[[Sequence[Compared]], Sequence[Sequence[Sequence[float]]]]
"""From gold and predicted strings to scores from 0 to 1, a row for each predicted one."""


def load_meteor(*, again: bool) -> tuple[Score, str]:
    """Return METEOR and the version of WordNet. ``again`` looks for base forms as NLTK did up to 3.8.

    Raises MissingDataError where Punkt's parameters or WordNet are not on this machine.
    """
    punkt, wordnet = load_punkt(punkt_folder()), load_wordnet(wordnet_folder(), again=again)
    score = partial(meteor, words=partial(tokens, punkt=punkt), stem=stem, synonyms=wordnet.synonyms)
    return score, wordnet.version


def utilities(score: Score, compared: Iterable[Compared]) -> dict[Compared, float]:
    """Return the greatest sum of scores of an assignment of one to one, over the number of gold strings.

    There is at least one gold string.
    """
    distinct = list(dict.fromkeys(compared))
    found = zip(distinct, score(distinct), strict=True)
    return {given: _best(scores) * (1 / len(given[0])) for given, scores in found}


def _best(scores: Sequence[Sequence[float]]) -> float:
    return pairwise_sum([scores[row][column] for row, column in best_assignment(scores)])
