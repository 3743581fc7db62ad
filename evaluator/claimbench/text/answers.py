"""Whether an answer gives the value a typed gold answer has."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from claimbench.text.approximators import direction
from claimbench.text.dates import Date, dates
from claimbench.text.normalise import tokens
from claimbench.text.quantities import Quantity, disagree, quantities
from claimbench.text.same_name import same_name

_YES = frozenset(
    [
        "ja",
        "jawohl",
        "yes",
        "true",
        "richtig",
        "stimmt",
        "wahr",
        "korrekt",
        "klopt",
        "juist",
        "waar",
        "correct",
    ]
)
_NO = frozenset(
    ["nein", "nee", "neen", "no", "false", "falsch", "unwahr", "onjuist", "onwaar", "fout", "incorrect"]
)
_SEPARATOR = re.compile(
    r"\s*(?:[;\n•]|,(?!\d))\s*(?:(?:und|en|and|sowie)\s+)?|\s+(?:und|en|and|sowie|plus|&)\s+", re.IGNORECASE
)
PERSON = "person"
NAMES = frozenset({PERSON, "organisation", "product", "place"})
"""Kinds of questions that a name answers."""

_NO_MONEY = frozenset({"", "percent", "points", "multiple", "year"})
_MILLION = 1_000_000
CLOSE = Decimal("0.05")
"""No approximator makes a number right that is further than this share from the gold value."""


def typed_match(
    kind: str, value: bool | Decimal | str | tuple[str, ...] | None, unit: str, text: str, language: str
) -> bool:
    """Whether ``text`` states ``value``: the number in its unit, the date, yes or no, the whole list.

    ``kind`` is the question's kind, ``language`` the one that decimal marks are read in. False where the gold
    has no typed value.
    """
    if value is None:
        return False
    if isinstance(value, bool):
        return yes_or_no(text) is value
    if isinstance(value, Decimal):
        return _states_number(kind, value, unit, quantities(text, language))
    if isinstance(value, tuple):
        return _same_members(value, text)
    return kind == "date" and _states_date(value, text)


def yes_or_no(text: str) -> bool | None:
    """Return the truth value that an answer starts with, or None."""
    first = tokens(text)[:1]
    if first and first[0] in _YES:
        return True
    return False if first and first[0] in _NO else None


def other_numbers(left: tuple[Quantity, ...], right: tuple[Quantity, ...]) -> bool:
    """Whether two answers give different numbers of one kind.

    Unlike in statements, "up to ten" is not the answer three: a bound counts as the number it names.
    """
    return disagree(named(left), named(right))


def named(found: tuple[Quantity, ...]) -> tuple[Quantity, ...]:
    """Return quantities in which a bound is the number it names, and millions beside sums of one currency are
    of it: „einmal 14 Milliarden, einmal 15 Milliarden Dollar“.
    """
    currencies = {q.unit for q in found} - _NO_MONEY
    elided = currencies.pop() if len(currencies) == 1 else ""
    return tuple([_named(q, q.unit or (elided if q.value >= _MILLION else "")) for q in found])


def _named(said: Quantity, unit: str) -> Quantity:
    if direction(said.approximator):
        return Quantity(unit, said.value)
    return said if said.unit == unit else replace(said, unit=unit)


def _states_number(kind: str, value: Decimal, unit: str, found: tuple[Quantity, ...]) -> bool:
    """Whether all numbers of the kind asked for are the value; a bare number counts where none has a unit."""
    wanted = {"money": unit, "percent": "percent"}.get(kind)
    if wanted is None:
        of_year = value == value.to_integral_value() and 1900 <= value < 2100
        said = [q for q in found if q.unit in ({"", "year"} if of_year else {"", "multiple"})]
    else:
        said = [q for q in found if q.unit == wanted]
        if not said and all(q.unit in ("", "year") for q in found):
            said = [q for q in found if not q.unit]
    return bool(said) and all(_is_value(q, value) for q in said)


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


def _same_members(gold: tuple[str, ...], text: str) -> bool:
    """Whether the text lists every gold member and nothing else, in any order."""
    said = _members(text)
    if len(said) != len(gold):
        return False
    pairs = [[_same_member(member, part) for part in said] for member in gold]
    return all(map(any, pairs)) and all(map(any, zip(*pairs, strict=True)))


@lru_cache(maxsize=1024)
def _members(text: str) -> tuple[str, ...]:
    return tuple(part for part in _SEPARATOR.split(text) if part.strip())


def _same_member(left: str, right: str) -> bool:
    return tokens(left) == tokens(right) or same_name(left, right)
