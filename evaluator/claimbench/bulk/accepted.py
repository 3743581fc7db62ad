"""What is accepted as an answer to one question, read once, for thousands of answers to be compared with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from claimbench.records import Question
from claimbench.tasks.qa import typed_values, unit_asked_for
from claimbench.text.answers import (
    NAMES,
    PERSON,
    numbers_accepted,
    numbers_given,
    other_numbers,
    typed_match,
)
from claimbench.text.normalise import Bag, bag, tokens
from claimbench.text.quantity import Quantity
from claimbench.text.same_name import same_name

Scorer = Callable[[str], tuple[bool, bool, float]]
_Numbers = tuple[Quantity, ...]
_Candidates = Sequence[tuple[float, _Numbers]]


def scorer(question: Question) -> Scorer:
    """Return ``answer_score`` of one question."""
    accepted = [
        (wording, answer.language)
        for answer in question.answers
        for wording in (answer.text, *answer.variants)
    ]
    wanted = unit_asked_for(question)
    exactly = frozenset(tokens(wording) for wording, _ in accepted)
    numbers = [numbers_accepted(wording, language, wanted) for wording, language in accepted]
    closest = _closest([bag(wording) for wording, _ in accepted], numbers)
    values = typed_values(question)
    names = tuple(dict.fromkeys(wording for wording, _ in accepted)) if question.kind in NAMES else ()
    person = question.kind == PERSON

    def score(text: str) -> tuple[bool, bool, float]:
        mine = tokens(text)
        if mine in exactly:
            return True, True, 1.0
        best = 0.0
        given: tuple[_Numbers, ...] | None = None
        for f1, theirs in closest(mine):
            if theirs and given is None:
                given = numbers_given(text, question.language, wanted)
            if not (given and other_numbers(given, theirs)):
                best = f1
                break
        typed = any(same_name(text, name, person=person) for name in names) or any(
            typed_match(question.kind, value, unit, text, question.language, written)
            for value, unit, written in values
        )
        return False, typed, best

    return score


def _closest(bags: Sequence[Bag], numbers: Sequence[_Numbers]) -> Callable[[Sequence[str]], _Candidates]:
    """Return what gives, for an answer's tokens, the F1 of accepted wordings and their numbers, best first.

    The tokens shared with each wording are counted in a few bits of one integer; few such integers occur.
    """
    width = max(map(len, bags), default=0).bit_length()
    weights: dict[Any, int] = {}
    for place, words in enumerate(bags):
        for word in words:
            weights[word] = weights.get(word, 0) + (1 << width * place)

    alike = list(map(str, numbers))

    @lru_cache(maxsize=1024)
    def ranked(shared: int, size: int) -> _Candidates:
        common = [shared >> width * place & (1 << width) - 1 for place in range(len(bags))]
        found = [(2.0 * each / (size + len(bags[place])), place) for place, each in enumerate(common) if each]
        # A number that one wording does not have none that is read alike has; nothing is other than none.
        once: dict[str, tuple[float, _Numbers]] = {}
        for f1, place in sorted(found, reverse=True):
            once.setdefault(alike[place], (f1, numbers[place]))
            if not numbers[place]:
                break
        return tuple(once.values())

    repeated = [word for word in weights if isinstance(word, str) and (word, 1) in weights]

    def closest(mine: Sequence[str]) -> _Candidates:
        shared = sum(filter(None, map(weights.get, set(mine))))
        for word in repeated:
            shared += sum([weights.get((word, n), 0) for n in range(1, mine.count(word))])
        return ranked(shared, len(mine))

    return closest
