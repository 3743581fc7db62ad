"""How well texts are matched: labelled pairs from the corpus, matchers, and their scores."""

from claimbench.matchers.evaluation import SETTINGS, Figures, evaluate
from claimbench.matchers.functions import Matcher, embedding, matchers
from claimbench.matchers.pairs import KINDS, Pair, labelled_pairs

__all__ = [
    "KINDS",
    "SETTINGS",
    "Figures",
    "Matcher",
    "Pair",
    "embedding",
    "evaluate",
    "labelled_pairs",
    "matchers",
]
