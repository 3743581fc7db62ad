"""How alike two statements are, for matching a system's claim with the gold."""

from __future__ import annotations

from functools import lru_cache

from claimbench.text.attribution import attributed
from claimbench.text.cognates import LEAST, Word, alike, content, words
from claimbench.text.dates import dates
from claimbench.text.names import capitalised, lone_names, swapped
from claimbench.text.normalise import Bag, canonical, numbered
from claimbench.text.oppositions import negated, opposed
from claimbench.text.quantities import disagree, quantities

LETTERS = 0.2
"""The weight of letter pairs against words, in one language; across languages letters say nothing more."""
OTHER_NAME = 0.8
"""What a name that the other statement does not have leaves of the similarity."""
OTHER_NOUN = 0.9
"""What is left for each pair of capitalised words of which either statement has one with nothing like it."""
CONTRADICTED = 0.5
"""What is left where the statements contradict each other: no more than half, so that they never match."""
REORDERED = 0.95
"""Least F1 of words from which on other places of the same names are other roles."""
_MOST = 3
"""No more lone names or nouns are counted."""


@lru_cache(maxsize=65536)
def similarity(left: str, right: str, language: str = "en", right_language: str | None = None) -> float:
    """Return how alike two statements are, from 0 to 1; symmetric, 1 for equal texts.

    The F1 of their content words, alike by notion or as cognates, with the Dice overlap of letter pairs where
    they are in one language; less for each name that the other lacks. At most one half where they contradict
    each other: in quantities, dates, negation or opposed words, by one name, noun or speaker in place of
    another, or by the same names in other places. An attribution that only one of them has is left out.
    ``right_language`` is ``language`` unless given.
    """
    other = right_language or language
    if canonical(left) == canonical(right):
        return 1.0
    a, b = _stated(left, right)
    f1, nouns, _ = _words_in_common(a, b)
    shared = f1 if language != other else (1.0 - LETTERS) * f1 + LETTERS * _dice(_letters(a), _letters(b))
    lone = lone_names(a, b, language, other)
    shared *= OTHER_NAME ** min(sum(lone), _MOST) * OTHER_NOUN ** min(nouns, _MOST)
    return CONTRADICTED * shared if contradict(left, right, language, other) else shared


def contradict(left: str, right: str, language: str = "en", right_language: str | None = None) -> bool:
    """Whether two statements say different things of one sort, whatever words they share; symmetric.

    One name, noun or speaker in place of another, the same names in other places, another quantity or date,
    a negation that one alone has, opposed words.
    """
    other = right_language or language
    a, b = _stated(left, right)
    f1, _, replaced = _words_in_common(a, b)
    other_things = all(lone_names(a, b, language, other)) or replaced
    other_roles = language == other and f1 >= REORDERED and swapped(a, b)
    speakers = attributed(left).other_speaker(attributed(right))
    return other_things or other_roles or speakers or _exclude(left, right, language, other)


def _stated(left: str, right: str) -> tuple[str, str]:
    """Return both statements, without the attribution that only one of them has."""
    one, two = attributed(left), attributed(right)
    return (one.stated, two.stated) if one.attributed != two.attributed else (left, right)


def _exclude(left: str, right: str, language: str, other: str) -> bool:
    """Whether two statements disagree in a quantity or date, one alone is negated, or words are opposed."""
    a, b = canonical(left), canonical(right)
    return (
        negated(a) != negated(b)
        or opposed(a, b)
        or disagree(quantities(left, language), quantities(right, other))
        or _other_date(left, right)
    )


def _other_date(left: str, right: str) -> bool:
    a, b = dates(left), dates(right)
    return bool(a and b) and not any(one.agrees(other) for one in a for other in b)


@lru_cache(maxsize=65536)
def _words_in_common(left: str, right: str) -> tuple[float, int, bool]:
    """Return the F1 of words, each as good as the most alike opposite; how many nouns either text lacks; and
    whether nothing differs but those nouns, one for another.
    """
    a, b = words(left), words(right)
    table = [[alike(x, y) for y in b] for x in a]
    if not a or not b:
        return 0.0, 0, False
    best = [max(row) for row in table], [max(column) for column in zip(*table, strict=True)]
    precision, recall = sum(best[0]) / len(a), sum(best[1]) / len(b)
    f1 = 2.0 * precision * recall / (precision + recall) if precision else 0.0
    lone = _lone(a, best[0]), _lone(b, best[1])
    nouns = [len(_nouns(text) & side) for text, side in zip((left, right), lone, strict=True)]
    return f1, min(nouns), min(nouns) > 0 and nouns == [len(side) for side in lone] == nouns[::-1]


def _lone(said: tuple[Word, ...], best: list[float]) -> frozenset[str]:
    return frozenset(word.skeleton for word, value in zip(said, best, strict=True) if value < LEAST)


@lru_cache(maxsize=65536)
def _nouns(text: str) -> frozenset[str]:
    return frozenset(noun for noun, _, _ in capitalised(text))


def _dice(left: Bag, right: Bag) -> float:
    return 2.0 * len(left & right) / (len(left) + len(right))


@lru_cache(maxsize=65536)
def _letters(text: str) -> Bag:
    padded = f" {' '.join(content(text))} "
    return numbered([padded[i : i + 2] for i in range(len(padded) - 1)])
