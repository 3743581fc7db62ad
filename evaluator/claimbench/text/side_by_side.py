"""Numbers that stand side by side and share what one of them says: ranges and sums with a unit left out.

„10 bis 15 Milliarden Dollar“ is a range; “13.8 billion and nearly 15 billion dollars” are two sums of money.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from claimbench.text.approximators import without_approximator
from claimbench.text.quantity import Quantity


class Found(NamedTuple):
    """A quantity in a text, whether it has a scale of its own, and the text from start to end."""

    start: int
    end: int
    quantity: Quantity
    scale: int


_JOINED = re.compile(r"\s*(?:(?P<to>[-–—]|bis(?: zu)?|tot|to|à)|und|en|and)\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"\b(?:zwischen|tussen(?: de)?|between)\s+$", re.IGNORECASE)


def ranges(plain: str, found: Iterable[Found]) -> list[Found]:
    """Return what was found with both ends of a range knowing each other: „10 bis 15 Milliarden Dollar“."""
    result = list(found)
    at = 1
    while at < len(result):
        low, high = result[at - 1 : at + 1]
        if ends := _ends(plain, low, high):
            result[at - 1 : at + 1] = low._replace(quantity=ends[0]), high._replace(quantity=ends[1])
            at += 1
        at += 1
    return result


def _ends(plain: str, low: Found, high: Found) -> tuple[Quantity, Quantity] | None:
    gap = _JOINED.fullmatch(plain, low.end, high.start)
    if not gap or not (gap["to"] or _BETWEEN.search(plain[: low.start])):
        return None
    units = {low.quantity.unit, high.quantity.unit}
    if "year" in units or len(units - {""}) > 1:
        return None
    unit = max(units)
    first = low.quantity.value if low.scale else low.quantity.value.scaleb(high.scale).normalize()
    second = high.quantity.value
    if first >= second:
        return None
    return Quantity(unit, first, "between", second), Quantity(unit, second, "between", first)


_AND = r"(?:und|sowie|oder|bzw\.?|beziehungsweise|en|of|respectievelijk|and|or|respectively|&|\+)(?!\w)"
_BESIDE = re.compile(
    rf"\s*(?:(?P<mark>[,;/])|(?:,\s*)?{_AND})\s*(?:(?:um|auf|met|op|by)\b\s*)?", re.IGNORECASE
)
_ENDS = re.compile(rf"\s*(?:$|[.,;:!?)]|{_AND})", re.IGNORECASE)
_SHARES = frozenset({"percent", "points"})
_NO_MEASURE = frozenset({"year", "multiple", "label"})


def completed(plain: str, found: list[Found]) -> list[Found]:
    """Return what was found with the unit, and the scale, that a number leaves to the one beside it."""
    for i in reversed(range(1, len(found))):
        found[i - 1] = _from_after(plain, found[i - 1], found[i])
    for i in range(1, len(found)):
        found[i] = _from_before(plain, found[i - 1], found[i])
    return found


def _from_after(plain: str, low: Found, high: Found) -> Found:
    """Return the first of two numbers with what only the second one says: „13,8 und 14 Milliarden Dollar“."""
    unit, said = high.quantity.unit, low.quantity
    if said.unit or unit in _NO_MEASURE or not (unit or high.scale) or (low.scale and unit in _SHARES):
        return low
    gap = _beside(plain, low, high)
    if gap is None or (gap["mark"] and not low.scale):
        return low
    scale = 0 if low.scale or said.approximator == "between" else high.scale
    return low._replace(quantity=replace(said, unit=unit, value=said.value.scaleb(scale).normalize()))


def _from_before(plain: str, low: Found, high: Found) -> Found:
    """Return the second of two numbers with the unit of the first: “$13.8bn and 14bn”; not where it counts
    something: “$10 million and 5 million users”.
    """
    unit = low.quantity.unit
    if high.quantity.unit or not (high.scale and low.scale and unit) or unit in _SHARES | _NO_MEASURE:
        return high
    if _beside(plain, low, high) is None or not _ENDS.match(plain, high.end):
        return high
    return high._replace(quantity=replace(high.quantity, unit=unit))


def _beside(plain: str, low: Found, high: Found) -> re.Match[str] | None:
    return _BESIDE.fullmatch(without_approximator(plain[low.end : high.start]))
