"""How alike two statements are, for matching a system's claim with the gold."""

from __future__ import annotations

import re
from functools import lru_cache

from claimbench.text.normalise import canonical, ngram_dice, token_f1, tokens
from claimbench.text.quantities import disagree, quantities

_NEGATION = re.compile(
    r"\b(?:nicht|kein\w*|nie|niemals|ohne|niet|geen|nooit|zonder|not|no|never|without|n't)\b"
)


@lru_cache(maxsize=65536)
def similarity(left: str, right: str, language: str = "en") -> float:
    """Return how alike two statements are, from 0 to 1; symmetric, 1 for equal texts.

    The mean of token F1 and character-trigram Dice. Statements whose quantities disagree, or of which one
    alone is negated, have similarity 0, however alike they look.
    """
    a, b = canonical(left), canonical(right)
    if a == b:
        return 1.0
    if disagree(quantities(left, language), quantities(right, language)):
        return 0.0
    if bool(_NEGATION.search(a)) != bool(_NEGATION.search(b)):
        return 0.0
    return 0.5 * (token_f1(tokens(left), tokens(right)) + ngram_dice(a, b))
