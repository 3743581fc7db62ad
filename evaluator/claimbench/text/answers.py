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
from claimbench.text.foreign import read_in
from claimbench.text.listed import states_list
from claimbench.text.normalise import legible
from claimbench.text.quantities import Quantity, located, quantities
from claimbench.text.quantity import CLOSE, UNMEASURED, in_one_currency, kind_of, lacking
from claimbench.text.side_by_side import Found
from claimbench.text.yes_or_no import yes_or_no

PERSON = "person"
VAGUE = "order_of_magnitude"
NAMES = frozenset({PERSON, "organisation", "product", "place"})
"""Kinds of questions that a name answers."""

_MEASURED = frozenset({"money", "share"})
"""Kinds of quantities that have a unit."""
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
    ``kind`` and ``language`` are the question's, ``written`` is the language that a list is in, if another.
    Numbers have to be right in every language that ``read_in`` tells. False where the gold has no such value.
    """
    if value is None:
        return False
    if isinstance(value, bool):
        return yes_or_no(text) is value
    if isinstance(value, str):
        return kind == "date" and _states_date(value, text)
    spoken = read_in(text, language)
    if isinstance(value, tuple):
        return all(states_list(value, written or language, text, each) for each in spoken)
    if isinstance(value, Quantity):
        return all(_is_magnitude(value, text, each) for each in spoken)
    return all(_is_number(kind, value, unit, text, each) for each in spoken)


def numbers_given(text: str, language: str, wanted: str) -> tuple[tuple[Quantity, ...], ...]:
    """Return the numbers of an answer to a question in ``language``, in each language that ``read_in`` tells.

    A bound is the number it names, and a range is its ends.
    """
    return tuple(
        [tuple([_alone(q) for q in numbers_accepted(text, each, wanted)]) for each in read_in(text, language)]
    )


def _alone(said: Quantity) -> Quantity:
    return Quantity(said.unit, said.value) if said.approximator == "between" else said


def numbers_accepted(wording: str, language: str, wanted: str) -> tuple[Quantity, ...]:
    """Return the numbers of an accepted wording; a bound is the number it names.

    Millions beside sums of one currency are of it: „einmal 14 Milliarden, einmal 15 Milliarden Dollar“. Bare
    numbers without a sum or share beside them have the ``wanted`` unit, that of a sum or share asked for.
    """
    found = [
        Quantity(q.unit, q.value) if direction(q.approximator) else q
        for q in in_one_currency(quantities(wording, language))
    ]
    if wanted and all(q.unit in UNMEASURED for q in found):
        return tuple([q if q.unit else replace(q, unit=wanted) for q in found])
    return tuple(found)


def other_numbers(given: tuple[tuple[Quantity, ...], ...], accepted: tuple[Quantity, ...]) -> bool:
    """Whether an answer gives a number, in any of its readings, that an accepted one does not.

    That is one that agrees with none there, of a kind that the accepted one has, or a sum or share that has
    an accepted value in another unit: "49 percentage points" for 49 percent, "$49", "49 or 51 percent". What
    is accepted and not given makes no other number.
    """
    kinds, values = set(map(kind_of, accepted)), {q.value for q in accepted}
    return any(
        kind_of(q) in kinds or (q.value in values and kind_of(q) in _MEASURED)
        for said in given
        for q in lacking(said, accepted)
    )


def _asked_for(kind: str, value: Decimal, unit: str, found: Iterable[Quantity]) -> Set[str]:
    """Return the units of numbers that answer; a bare one does where no sum or share has a unit."""
    wanted = measured(kind, unit)
    if not wanted:
        if value == value.to_integral_value() and 1900 <= value < 2100:
            return {"", "year"}
        return {"", "multiple"} if unit in ("", "times") else {""}
    units = {q.unit for q in found}
    return {wanted} if wanted in units else {""} if units <= UNMEASURED else set()


def measured(kind: str, unit: str) -> str:
    """Return the unit of the sum or share that a kind of question asks for; "" for other kinds."""
    return {"money": unit, "percent": "percent"}.get(kind, "")


def _is_number(kind: str, value: Decimal, unit: str, text: str, language: str) -> bool:
    found = _numbers(text, language, value)
    units = _asked_for(kind, value, unit, found)
    return _states_number(value, unit, [q for q in found if q.unit in units]) and _is_meant(
        units, value, unit, text, language
    )


def _is_magnitude(value: Quantity, text: str, language: str) -> bool:
    return _states_magnitude(value, quantities(text, language)) and _is_meant(
        {"", value.unit}, value.value, value.unit, text, language
    )


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
