"""Whether an answer gives the value a typed gold answer has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import replace
from decimal import Decimal

from claimbench.text.approximators import approximator, direction
from claimbench.text.counted import counted, counts_as
from claimbench.text.dates import Date
from claimbench.text.dates import located as located_dates
from claimbench.text.denied import bounded, denied
from claimbench.text.listed import states_list
from claimbench.text.normalise import legible
from claimbench.text.quantities import Quantity, disagree, located, quantities
from claimbench.text.quantity import CLOSE, UNMEASURED, in_one_currency
from claimbench.text.side_by_side import Found
from claimbench.text.yes_or_no import yes_or_no

PERSON = "person"
VAGUE = "order_of_magnitude"
NAMES = frozenset({PERSON, "organisation", "product", "place"})
"""Kinds of questions that a name answers."""

_TIMES = frozenset({"years", "months", "weeks", "days", "hours"})
_ONE = re.compile(
    r"\b(?<!half )(?<!no )(?:one|één|eins|(?:an?|een|eine?[mnrs]?)"
    r"(?= (?:jahr|jaar|year|monat|maand|month|woche|week|tag|dag|day|stunde|uur|hour)))\b"
    r"(?![ -](?:half|hundred|thousand|\w*illion|third|quarter|of)\b)|\A(?:ein|een)\Z",
    re.IGNORECASE,
)


def typed_match(
    kind: str,
    value: bool | Decimal | Quantity | str | tuple[str, ...] | None,
    unit: str,
    text: str,
    language: str,
    written: str = "",
) -> bool:
    """Whether ``text`` states ``value``: the number in its unit, the date, yes or no, the whole list.

    A number or date that is denied, negative, a bound of another or of something else states none.
    ``kind`` is the question's kind, ``language`` the one that decimal marks are read in, ``written`` the one
    that a list is in, if it is another. False where the gold has no typed value.
    """
    if value is None:
        return False
    if isinstance(value, bool):
        return yes_or_no(text) is value
    if isinstance(value, Quantity):
        return _states_magnitude(value, quantities(text, language)) and _is_meant(
            {"", value.unit}, value.value, value.unit, text, language
        )
    if isinstance(value, Decimal):
        found = _numbers(text, language, value)
        units = _asked_for(kind, value, unit, found)
        return _states_number(value, unit, [q for q in found if q.unit in units]) and _is_meant(
            units, value, unit, text, language
        )
    if isinstance(value, tuple):
        return states_list(value, written or language, text, language)
    return kind == "date" and _states_date(value, text)


def other_numbers(left: tuple[Quantity, ...], right: tuple[Quantity, ...]) -> bool:
    """Whether two answers give different numbers of one kind.

    Unlike in statements, "up to ten" is not the answer three: a bound counts as the number it names.
    """
    return disagree(named(left), named(right))


def named(found: tuple[Quantity, ...]) -> tuple[Quantity, ...]:
    """Return quantities in which a bound is the number it names, and millions beside sums of one currency are
    of it: „einmal 14 Milliarden, einmal 15 Milliarden Dollar“.
    """
    return tuple(
        [Quantity(q.unit, q.value) if direction(q.approximator) else q for q in in_one_currency(found)]
    )


def _asked_for(kind: str, value: Decimal, unit: str, found: Iterable[Quantity]) -> Set[str]:
    """Return the units of numbers that answer; a bare one does where no sum or share has a unit."""
    wanted = {"money": unit, "percent": "percent"}.get(kind)
    if wanted is None:
        if value == value.to_integral_value() and 1900 <= value < 2100:
            return {"", "year"}
        return {"", "multiple"} if unit in ("", "times") else {""}
    units = {q.unit for q in found}
    return {wanted} if wanted in units else {""} if units <= UNMEASURED else set()


def _states_number(value: Decimal, unit: str, said: list[Quantity]) -> bool:
    """Whether there are numbers and all are the value.

    More than a year is at least a year, as time is no matter of whole numbers.
    """
    if unit in _TIMES:
        said = [replace(q, approximator="at_least") if q.approximator == "over" else q for q in said]
    return bool(said) and all(_is_value(q, value) for q in said)


def _is_meant(units: Set[str], value: Decimal, unit: str, text: str, language: str) -> bool:
    """Whether no number in the units is denied, negative, a year before or after, or of something else."""
    plain, found = located(text, language)
    if value == 1 and not any(each.quantity.unit in ("", "multiple") for each in found):
        found = (*found, *_ones(plain))
    for each in found:
        own = each.quantity.unit
        if own not in units:
            continue
        if denied(plain, each.start, each.end) or (own == "year" and bounded(plain, each.start)):
            return False
        if not own and not counts_as(counted(plain, each.end), unit):
            return False
    return True


def _states_magnitude(value: Quantity, found: tuple[Quantity, ...]) -> bool:
    """Whether all sums are of the order of magnitude: “hundreds of millions” is not "$100 million"."""
    said = [q for q in found if q.unit not in UNMEASURED] or [q for q in found if q.unit != "year"]
    return bool(said) and all(
        q.approximator == VAGUE and q.value == value.value and q.unit in ("", value.unit) for q in said
    )


def _numbers(text: str, language: str, value: Decimal) -> tuple[Quantity, ...]:
    """Return the quantities of an answer; one, which is also an article, where it has no count."""
    found = quantities(text, language)
    if value != 1 or any(q.unit in ("", "multiple") for q in found):
        return found
    return (*found, *(one.quantity for one in _ones(legible(text))))


def _ones(plain: str) -> Iterator[Found]:
    for one in _ONE.finditer(plain):
        said = approximator(plain[: one.start()])
        yield Found(one.start(), one.end(), Quantity("", Decimal(1), said), 0)


def _is_value(said: Quantity, value: Decimal) -> bool:
    if not said.approximator:
        return said.value == value
    if not said.covered.meets(Quantity(said.unit, value).covered):
        return False
    near = not direction(said.approximator) and abs(said.value - value) <= CLOSE * abs(value)
    return said.value == value or near


def _states_date(value: str, text: str) -> bool:
    """Whether all dates of a text agree with an ISO 8601 date, whole or reduced, and one gives all of it.

    A date that is denied agrees with none, nor does one before or after which it was.
    """
    parts = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", value)
    if parts is None:
        return False
    gold = Date(*(int(part) if part else None for part in parts.groups()))
    found = located_dates(text)
    if not all(each.date.agrees(gold) for each in found) or not any(each.date.states(gold) for each in found):
        return False
    plain = legible(text)
    return not any(denied(plain, each.start, each.end) or bounded(plain, each.start) for each in found)
