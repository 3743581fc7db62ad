"""What a question must mean beyond what all items must."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from claimbench.records import LANGUAGES, Answer, Question
from claimbench.validation import items
from claimbench.validation.gold import Finding, Gold, Rule, show

NUMERIC = ("money", "percent", "number")
VALUE_TYPES: dict[str, tuple[type | tuple[type, ...], str]] = {
    **dict.fromkeys(NUMERIC, ((int, float), "a number")),
    "yes_no": (bool, "true or false"),
    "list": (tuple, "a list"),
}
"""For the kinds whose answers must have a typed value: its types, and their name."""


def answers_fit_answerable(item: Question, gold: Gold) -> Iterator[Finding]:
    """Answerable questions have answers and evidence, unanswerable ones neither."""
    for field, values in (("answers", item.answers), ("evidence", item.evidence)):
        if item.answerable and not values:
            yield f"/{field}", f"expected {field} for an answerable question, got none"
        if values and not item.answerable:
            yield f"/{field}", f"expected no {field} for an unanswerable question, got {len(values)}"


def answer_in_each_language(item: Question, gold: Gold) -> Iterator[Finding]:
    """An answerable question has an answer in each language."""
    if item.answers:
        present = {answer.language for answer in item.answers}
        lacking = [language for language in LANGUAGES if language not in present]
        if lacking:
            yield "/answers", f"expected an answer in each language, got none in {', '.join(lacking)}"


def value_fits_kind(item: Question, gold: Gold) -> Iterator[Finding]:
    """Sums, shares, numbers, truth values and lists have typed values; numbers have a unit."""
    for number, answer in enumerate(item.answers):
        if item.kind in VALUE_TYPES and not _is_a(item.kind, answer):
            value = "none" if answer.value is msgspec.UNSET else show(str(answer.value))
            expected = f"expected {VALUE_TYPES[item.kind][1]} for {item.kind}"
            yield f"/answers/{number}/value", f"{expected}, got {value}"
        if item.kind in NUMERIC and answer.unit is msgspec.UNSET:
            yield f"/answers/{number}/unit", f"expected a unit for {item.kind}, got none"


def _is_a(kind: str, answer: Answer) -> bool:
    if isinstance(answer.value, bool) and kind in NUMERIC:
        return False
    return isinstance(answer.value, VALUE_TYPES[kind][0])


def truth_values_agree(item: Question, gold: Gold) -> Iterator[Finding]:
    """All answers to a yes/no question say the same."""
    values = [(n, a.value) for n, a in enumerate(item.answers) if isinstance(a.value, bool)]
    for number, value in values:
        first, expected = values[0]
        if value != expected:
            yield f"/answers/{number}/value", f"expected {expected} as in answer {first}, got {value}"


def variants_are_others(item: Question, gold: Gold) -> Iterator[Finding]:
    """No variant repeats the answer's text."""
    for number, answer in enumerate(item.answers):
        for place, variant in enumerate(answer.variants):
            if variant == answer.text:
                yield f"/answers/{number}/variants/{place}", f"repeats the answer's text {show(variant)}"


OWN: tuple[Rule, ...] = (
    *items.OWN,
    answers_fit_answerable,
    answer_in_each_language,
    value_fits_kind,
    truth_values_agree,
    variants_are_others,
)
LINKS: tuple[Rule, ...] = items.LINKS
