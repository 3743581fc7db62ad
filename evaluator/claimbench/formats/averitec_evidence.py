"""Scores of AVeriTeC's evidence: the best assignment of predicted strings to gold ones by METEOR."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from claimbench.formats.assignment import best_assignment
from claimbench.formats.meteor.resources import punkt_folder, wordnet_folder
from claimbench.formats.meteor.scores import Meteor
from claimbench.formats.meteor.sentences import load_punkt, sentences
from claimbench.formats.meteor.stems import stem
from claimbench.formats.meteor.synonyms import load_wordnet
from claimbench.formats.meteor.words import words
from claimbench.formats.summation import pairwise_sum

Score = Callable[[Sequence[str], Sequence[str]], list[list[float]]]
"""From gold and predicted strings to scores from 0 to 1, a row for each predicted one."""


def load_meteor(*, again: bool) -> tuple[Meteor, str]:
    """Return METEOR and the version of WordNet. ``again`` looks for base forms as NLTK did up to 3.8.

    Raises MissingDataError where Punkt's parameters or WordNet are not on this machine.
    """
    punkt, wordnet = load_punkt(punkt_folder()), load_wordnet(wordnet_folder(), again=again)

    def split(text: str) -> list[str]:
        return [word for sentence in sentences(text, punkt) for word in words(sentence)]

    return Meteor(split, stem, wordnet.synonyms), wordnet.version


def utility(score: Score, gold: tuple[str, ...], given: tuple[str, ...]) -> float:
    """Return the greatest sum of scores of an assignment of one to one, over the number of gold strings."""
    scores = score(gold, given)
    return pairwise_sum([scores[row][column] for row, column in best_assignment(scores)]) * (1 / len(gold))
