"""How well texts are matched: labelled pairs from the corpus, matchers, and their scores."""

from claimbench.matchers.evaluation import SETTINGS, Figures, evaluate
from claimbench.matchers.functions import Matcher, matchers
from claimbench.matchers.pairs import Pair, labelled_pairs

__all__ = ["SETTINGS", "Figures", "Matcher", "Pair", "evaluate", "labelled_pairs", "matchers"]
