"""What is accepted as an answer to one question, read once, for thousands of answers to be compared with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from claimbench.records import Question
from claimbench.tasks.qa import typed_values
from claimbench.text.answers import NAMES, PERSON, named, typed_match
from claimbench.text.normalise import tokens
from claimbench.text.quantities import Quantity, disagree, quantities
from claimbench.text.same_name import same_name

_Bag = frozenset[str | tuple[str, int]]
Scorer = Callable[[str], tuple[bool, bool, float]]


def scorer(question: Question) -> Scorer:
    """Return ``answer_score`` of one question."""
    accepted = [
        (wording, answer.language)
        for answer in question.answers
        for wording in (answer.text, *answer.variants)
    ]
    exactly = frozenset(tokens(wording) for wording, _ in accepted)
    wordings: dict[Any, tuple[_Bag, tuple[Quantity, ...], str]] = {}
    for wording, language in accepted:
        bag, found = _bag(tokens(wording)), _numbers(wording, language)
        wordings[(wording, language) if found else bag] = bag, found, language
    compared = tuple(wordings.values())
    values = tuple(dict.fromkeys(typed_values(question)))
    names = tuple(dict.fromkeys(wording for wording, _ in accepted)) if question.kind in NAMES else ()
    person = question.kind == PERSON

    def score(text: str) -> tuple[bool, bool, float]:
        mine = tokens(text)
        said = _bag(mine)
        best = 0.0
        for theirs, numbers, language in compared:
            if shared := len(said & theirs):
                f1 = 2.0 * shared / (len(said) + len(theirs))
                if f1 > best and not (numbers and disagree(_numbers(text, language), numbers)):
                    best = f1
        if mine in exactly:
            return True, True, best
        typed = any(same_name(text, name, person=person) for name in names) or any(
            typed_match(question.kind, value, unit, text, question.language) for value, unit in values
        )
        return False, typed, best

    return score


def _bag(words: tuple[str, ...]) -> _Bag:
    """Return the words, each repeated one with its number, so that bags have in common what sets have."""
    bag = frozenset(words)
    if len(bag) == len(words):
        return bag
    times = Counter(words)
    return bag.union((word, n) for word, most in times.items() for n in range(1, most))


@lru_cache(maxsize=1024)
def _numbers(text: str, language: str) -> tuple[Quantity, ...]:
    return named(quantities(text, language))
