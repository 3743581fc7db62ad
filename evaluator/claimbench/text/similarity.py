"""How alike two statements are, for matching a system's claim with the gold."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from claimbench.text.cognates import cognate, content, skeleton
from claimbench.text.normalise import canonical
from claimbench.text.quantities import disagree, quantities

_NEGATION = re.compile(
    r"\b(?:nicht|kein\w*|nie|niemals|ohne|weder|niet|geen|nooit|zonder|not|cannot|no|never|without|neither|nor)\b"
    r"|n['’]t\b"
)

_OPPOSED = tuple(
    tuple(re.compile(rf"\b(?:{words})\b") for words in group)
    for group in (
        (r"mehr|meer|more", r"weniger|minder|less|fewer"),
        (r"alle[nr]?|all|jede[mnrs]?|iedere|every", r"meisten?|meeste|most", r"viele[nr]?|veel|vele|many",
         r"einigen?|mehrere[nr]?|enkele|sommige|some|several", r"wenigen?|weinig|few"),
        (r"erste[mnrs]?|eerste|first", r"zweite[mnrs]?|tweede|second"),
        (r"(?:letzten|vergangenen|vorigen) jahr|(?:vorig|afgelopen) jaar|last year",
         r"diese[ms] jahr|dit jaar|this year"),
    )
)  # fmt: skip
"""Groups of words that exclude one another: where each text has one the other lacks, they are opposed."""

OPPOSED = 0.5
"""What is left of the similarity of opposed statements: no more than half, so that they never match."""
OTHER_NAME = 0.8
"""What a name that the other statement does not have leaves of the similarity."""

_NAME = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_STARTS = '.!?:“„"'
"""What a sentence starts after; also nothing at all."""


@lru_cache(maxsize=65536)
def similarity(left: str, right: str, language: str = "en", right_language: str | None = None) -> float:
    """Return how alike two statements are, from 0 to 1; symmetric, 1 for equal texts.

    The mean of the F1 of their content words, alike as cognates are, and of the Dice overlap of their letter
    pairs; less for every name that the other lacks, halved where „mehr“ stands against „weniger“ or „alle“
    against „einige“. Statements whose quantities disagree, or of which one alone is negated, have similarity
    0, however alike they look. ``right_language`` is ``language`` unless given.
    """
    other = right_language or language
    a, b = canonical(left), canonical(right)
    if a == b:
        return 1.0
    if disagree(quantities(left, language), quantities(right, other)):
        return 0.0
    if _negated(a) != _negated(b):
        return 0.0
    alike = 0.5 * (_soft_f1(content(left), content(right)) + _dice(_letters(left), _letters(right)))
    lone = _lone_names(left, right, language) + _lone_names(right, left, other)
    return alike * OTHER_NAME**lone * (OPPOSED if _opposed(a, b) else 1.0)


def _soft_f1(left: tuple[str, ...], right: tuple[str, ...]) -> float:
    """Return the F1 of words, each as good as its most alike word on the other side."""
    if not left or not right:
        return 0.0
    table = [[cognate(a, b) for b in right] for a in left]
    precision = sum(map(max, table)) / len(left)
    recall = sum(map(max, zip(*table, strict=True))) / len(right)
    return 2.0 * precision * recall / (precision + recall) if precision else 0.0


def _dice(left: Counter[str], right: Counter[str]) -> float:
    return 2.0 * (left & right).total() / (left.total() + right.total())


@lru_cache(maxsize=65536)
def _letters(text: str) -> Counter[str]:
    padded = f" {' '.join(content(text))} "
    return Counter(padded[i : i + 2] for i in range(len(padded) - 1))


@lru_cache(maxsize=65536)
def _negated(plain: str) -> bool:
    return bool(_NEGATION.search(plain))


def _opposed(left: str, right: str) -> bool:
    return any(a - b and b - a for a, b in zip(_sides(left), _sides(right), strict=True))


@lru_cache(maxsize=65536)
def _sides(plain: str) -> tuple[frozenset[int], ...]:
    """Return for each group which of its sides a text takes."""
    return tuple(frozenset(i for i, side in enumerate(group) if side.search(plain)) for group in _OPPOSED)


def _lone_names(text: str, other: str, language: str) -> int:
    return len(_names(text, language) - _words(other))


@lru_cache(maxsize=65536)
def _words(text: str) -> frozenset[str]:
    return frozenset(skeleton(word.casefold()) for word in _NAME.findall(text))


@lru_cache(maxsize=65536)
def _names(text: str, language: str) -> frozenset[str]:
    """Return what is written like a name: capitals inside a word, or, but for German, a capital inside a
    sentence.
    """
    return frozenset(
        skeleton(match[0].casefold())
        for match in _NAME.finditer(text)
        if any(map(str.isupper, match[0][1:]))
        or (language != "de" and match[0][0].isupper() and text[: match.start()].rstrip()[-1:] not in _STARTS)
    )
