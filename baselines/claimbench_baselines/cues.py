"""What the surface of a German, Dutch or English text gives away: key words, negation, hedges, limits."""

from __future__ import annotations

import re

import claimbench

_WORD = re.compile(r"[^\W_]+")
_NEGATION = re.compile(
    r"\b(?:nicht|kein\w*|nie|niemals|ohne|niet|geen|nooit|zonder|not|no|never|without|neither|nor)\b|n['’]t\b",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"\b(?:könnte\w*|dürfte\w*|soll\w*|voraussichtlich|möglich\w*|wohl|laut|plan\w*|erwäg\w*|überleg\w*|"
    r"zou\w*|kan|kunnen|mogelijk|waarschijnlijk|naar verwachting|volgens|overweeg\w*|van plan|"
    r"could|might|may|would|expected|reported\w*|possibl\w*|probabl\w*|according|consider\w*)\b",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"\b(?:nur|allein\w*|ausschließlich|alle[nrs]?|sämtliche\w*|bereits|enkel|slechts|uitsluitend|"
    r"reeds|only|all|every|solely|already)\b",
    re.IGNORECASE,
)


def keywords(text: str) -> tuple[str, ...]:
    """Return the words with a capital or a digit, folded and sorted: names and numbers, nouns in German.

    A final s is dropped: „Metas“ is Meta.
    """
    found = set()
    for word in _WORD.findall(text):
        if any(c.isupper() or c.isdigit() for c in word):
            folded = claimbench.tokens(word)[0]
            found.add(folded[:-1] if len(folded) > 3 and folded.endswith("s") else folded)
    return tuple(sorted(found))


def negated(text: str) -> bool:
    """Whether the text holds a negation."""
    return bool(_NEGATION.search(text))


def hedged(text: str) -> bool:
    """Whether the text holds a hedge or names its source."""
    return bool(_HEDGE.search(text))


def limited(text: str) -> bool:
    """Whether the text says only, all or already."""
    return bool(_LIMIT.search(text))
