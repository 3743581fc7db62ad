"""A number with its unit, and whether two texts' numbers exclude each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from claimbench.text.approximators import Approximator, Range, covered, direction

CLOSE = Decimal("0.05")
"""No approximator makes a number right that is further than this share from the gold value."""
UNMEASURED = frozenset({"", "year", "label"})
"""Units of numbers that are neither money, share nor multiple."""
_NO_MONEY = UNMEASURED | {"percent", "points", "multiple"}
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True, order=True)
class Quantity:
    """A number with its unit: a currency code, "percent", "points", "multiple", "year", "" for a count, or
    "label" where it counts nothing: “GPT-5”, “Section 5”.

    Quantities are equal where they give one value in one unit; ``approximator`` tells what else they cover,
    and ``other`` is the second end of "between".
    """

    unit: str
    value: Decimal
    approximator: Approximator = field(default="", compare=False)
    other: Decimal | None = field(default=None, compare=False)

    @property
    def covered(self) -> Range:
        """The numbers that the quantity may stand for."""
        return covered(self.value, self.approximator, self.other)


_LABELS = frozenset({"", "label"})
"""A label is the number that it shows: “GPT 5” and “GPT-5” agree, “GPT 4” and “GPT-5” do not."""


def agree(left: Quantity, right: Quantity) -> bool:
    """Whether both may be one number of one unit; where both are open at one end, whether that end is one."""
    if left.unit != right.unit and {left.unit, right.unit} != _LABELS:
        return False
    if left.approximator == right.approximator and left.value == right.value:
        return True
    if not left.approximator and not right.approximator:
        return False
    if direction(left.approximator) and direction(left.approximator) == direction(right.approximator):
        return left.value == right.value
    return left.covered.meets(right.covered)


_SHARES = frozenset({"percent", "points"})
_PLAIN = frozenset({"year", "multiple"})


def disagree(left: tuple[Quantity, ...], right: tuple[Quantity, ...]) -> bool:
    """Whether two texts give different numbers of one kind: each has one there that agrees with none.

    Kinds are money, shares, years, multiples and counts: dollars disagree with euros, and percent with
    percentage points.
    """
    for kind in set(map(kind_of, left)).intersection(map(kind_of, right)):
        a = [q for q in left if kind_of(q) == kind]
        b = [q for q in right if kind_of(q) == kind]
        if lacking(a, b) and lacking(b, a):
            return True
    return False


def kind_of(quantity: Quantity) -> str:
    """Return the kind of a quantity: "money", "share", "year", "multiple", or "" for a count or label."""
    if quantity.unit in _SHARES:
        return "share"
    if quantity.unit in _LABELS:
        return ""
    return quantity.unit if quantity.unit in _PLAIN else "money"


def lacking(some: Iterable[Quantity], others: Iterable[Quantity]) -> tuple[Quantity, ...]:
    """Return those of some quantities that agree with none of the others."""
    known = tuple(others)
    return tuple(q for q in some if not any(agree(q, other) for other in known))


def in_one_currency(found: tuple[Quantity, ...]) -> tuple[Quantity, ...]:
    """Return quantities in which millions without a unit have the currency of the others, if it is one."""
    currencies = {q.unit for q in found} - _NO_MONEY
    if len(currencies) != 1:
        return found
    (unit,) = currencies
    return tuple([q if q.unit or q.value < _MILLION else replace(q, unit=unit) for q in found])
