"""How alike two statements are, for matching a system's claim with the gold."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

from claimbench.text.attribution import attributed
from claimbench.text.cognates import Word, alike, content, words
from claimbench.text.dates import dates
from claimbench.text.names import capitalised, lone_names, swapped
from claimbench.text.normalise import canonical
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
REPLACED = 0.85
"""Least F1 of words from which one noun for another makes another statement."""
REORDERED = 0.95
"""Least F1 of words from which on other places of the same names are other roles."""
_UNLIKE = 0.5
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
    one, two = attributed(left), attributed(right)
    a, b = (one.stated, two.stated) if one.attributed != two.attributed else (left, right)
    f1, nouns = _words_in_common(a, b)
    shared = f1 if language != other else (1.0 - LETTERS) * f1 + LETTERS * _dice(_letters(a), _letters(b))
    lone = lone_names(a, b, language, other)
    shared *= OTHER_NAME ** min(sum(lone), _MOST) * OTHER_NOUN ** min(nouns, _MOST)
    other_things = all(lone) or (nouns > 0 and f1 >= REPLACED)
    other_roles = language == other and f1 >= REORDERED and swapped(a, b)
    if other_things or other_roles or one.other_speaker(two) or _contradict(left, right, language, other):
        return CONTRADICTED * shared
    return shared


def _contradict(left: str, right: str, language: str, other: str) -> bool:
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
def _words_in_common(left: str, right: str) -> tuple[float, int]:
    """Return the F1 of words, each as good as the most alike opposite, and the nouns either lacks."""
    a, b = words(left), words(right)
    table = [[alike(x, y) for y in b] for x in a]
    if not table or not b:
        return 0.0, 0
    best = [max(row) for row in table], [max(column) for column in zip(*table, strict=True)]
    precision, recall = sum(best[0]) / len(a), sum(best[1]) / len(b)
    f1 = 2.0 * precision * recall / (precision + recall) if precision else 0.0
    return f1, min(_lone_nouns(left, a, best[0]), _lone_nouns(right, b, best[1]))


def _lone_nouns(text: str, said: tuple[Word, ...], best: list[float]) -> int:
    nouns = {noun for noun, _, _ in capitalised(text)}
    return sum(value < _UNLIKE and word.skeleton in nouns for word, value in zip(said, best, strict=True))


def _dice(left: Counter[str], right: Counter[str]) -> float:
    return 2.0 * (left & right).total() / (left.total() + right.total())


@lru_cache(maxsize=65536)
def _letters(text: str) -> Counter[str]:
    padded = f" {' '.join(content(text))} "
    return Counter(padded[i : i + 2] for i in range(len(padded) - 1))
