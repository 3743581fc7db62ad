"""Whether an answer gives the value a typed gold answer has."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from claimbench.text.approximators import approximator, direction
from claimbench.text.dates import Date, dates
from claimbench.text.listed import states_list
from claimbench.text.normalise import legible
from claimbench.text.quantities import Quantity, disagree, quantities
from claimbench.text.quantity import CLOSE, UNMEASURED, in_one_currency
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

    ``kind`` is the question's kind, ``language`` the one that decimal marks are read in, ``written`` the one
    that a list is in, if it is another. False where the gold has no typed value.
    """
    if value is None:
        return False
    if isinstance(value, bool):
        return yes_or_no(text) is value
    if isinstance(value, Quantity):
        return _states_magnitude(value, quantities(text, language))
    if isinstance(value, Decimal):
        return _states_number(kind, value, unit, _numbers(text, language, value))
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


def _states_number(kind: str, value: Decimal, unit: str, found: tuple[Quantity, ...]) -> bool:
    """Whether all numbers of the kind asked for are the value; a bare number counts where none has a unit.

    More than a year is at least a year, as time is no matter of whole numbers.
    """
    wanted = {"money": unit, "percent": "percent"}.get(kind)
    if wanted is None:
        of_year = value == value.to_integral_value() and 1900 <= value < 2100
        said = [q for q in found if q.unit in ({"", "year"} if of_year else {"", "multiple"})]
        if unit in _TIMES:
            said = [replace(q, approximator="at_least") if q.approximator == "over" else q for q in said]
    else:
        said = [q for q in found if q.unit == wanted]
        if not said and all(q.unit in UNMEASURED for q in found):
            said = [q for q in found if not q.unit]
    return bool(said) and all(_is_value(q, value) for q in said)


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
    plain = legible(text)
    ones = [Quantity("", value, approximator(plain[: one.start()])) for one in _ONE.finditer(plain)]
    return (*found, *ones)


def _is_value(said: Quantity, value: Decimal) -> bool:
    if not said.approximator:
        return said.value == value
    if not said.covered.meets(Quantity(said.unit, value).covered):
        return False
    near = not direction(said.approximator) and abs(said.value - value) <= CLOSE * abs(value)
    return said.value == value or near


def _states_date(value: str, text: str) -> bool:
    """Whether all dates of a text agree with an ISO 8601 date, whole or reduced, and one gives all of it."""
    parts = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", value)
    if parts is None:
        return False
    gold = Date(*(int(part) if part else None for part in parts.groups()))
    found = dates(text)
    return all(date.agrees(gold) for date in found) and any(date.states(gold) for date in found)
