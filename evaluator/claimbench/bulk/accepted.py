"""What is accepted as an answer to one question, read once, for thousands of answers to be compared with."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from claimbench.records import Question
from claimbench.tasks.qa import typed_values
from claimbench.text.answers import NAMES, PERSON, named, typed_match
from claimbench.text.normalise import Bag, bag, tokens
from claimbench.text.quantities import Quantity, disagree, quantities
from claimbench.text.same_name import same_name

Scorer = Callable[[str], tuple[bool, bool, float]]


def scorer(question: Question) -> Scorer:
    """Return ``answer_score`` of one question."""
    accepted = [
        (wording, answer.language)
        for answer in question.answers
        for wording in (answer.text, *answer.variants)
    ]
    exactly = frozenset(tokens(wording) for wording, _ in accepted)
    wordings: dict[Any, tuple[Bag, tuple[Quantity, ...], str]] = {}
    for wording, language in accepted:
        found = _numbers(wording, language)
        # Without numbers, wordings of the same words compare the same in any order and language.
        wordings[(wording, language) if found else bag(wording)] = bag(wording), found, language
    compared = tuple(wordings.values())
    values = tuple(dict.fromkeys(typed_values(question)))
    names = tuple(dict.fromkeys(wording for wording, _ in accepted)) if question.kind in NAMES else ()
    person = question.kind == PERSON

    def score(text: str) -> tuple[bool, bool, float]:
        said = bag(text)
        best = 0.0
        for theirs, numbers, language in compared:
            if shared := len(said & theirs):
                f1 = 2.0 * shared / (len(said) + len(theirs))
                if f1 > best and not (numbers and disagree(_numbers(text, language), numbers)):
                    best = f1
        if tokens(text) in exactly:
            return True, True, best
        typed = any(same_name(text, name, person=person) for name in names) or any(
            typed_match(question.kind, value, unit, text, question.language) for value, unit in values
        )
        return False, typed, best

    return score


@lru_cache(maxsize=1024)
def _numbers(text: str, language: str) -> tuple[Quantity, ...]:
    return named(quantities(text, language))
