"""What a number covers by the words before it: „rund 14“ is [13.5, 14.5), „nahezu 15“ is [14.5, 15).

Half a unit of the last digit given, trailing zeros not counting as given („rund 870“: ±5, „rund 200“: ±50).
„Bis zu X“ is (0, X], „über X“ more than X, „mindestens X“ X and more; a number alone is just itself.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Literal

import msgspec

Approximator = Literal[
    "", "about", "nearly", "just_over", "over", "under", "at_least", "up_to", "between", "order_of_magnitude"
]

_DIRECTIONS: dict[Approximator, int] = {"over": 1, "at_least": 1, "under": -1, "up_to": -1}

_WORDS: dict[Approximator, str] = {
    "at_least": r"""mindestens wenigstens zumindest nicht\ weniger\ als minstens ten\ minste minimaal
        niet\ minder\ dan at\ least a\ minimum\ of no\ (?:less|fewer)\ than not\ less\ than ≥ >=""",
    "up_to": r"""bis\ zu höchstens maximal nicht\ mehr\ als tot\ wel tot\ maximaal tot hoogstens maximaal
        ten\ hoogste niet\ meer\ dan up\ to at\ most as\ (?:much|many|high)\ as no\ more\ than not\ more\ than
        a\ maximum\ of ≤ <=""",
    "just_over": r"""gut reichlich etwas\ (?:mehr\ als|über) knapp\ über ruim iets\ meer\ dan
        (?:just|slightly|a\ little)\ (?:over|above|more\ than)""",
    "nearly": r"""nahezu fast beinahe beinah knapp annähernd bijna nagenoeg haast krap net\ geen
        nearly almost close\ to (?:just|slightly)\ (?:under|below|short\ of|less\ than)""",
    "over": r"""(?:mehr|länger)\ als über (?:meer|langer)\ dan boven\ de (?:more|longer)\ than
        over above in\ excess\ of upwards\ of >""",
    "under": r"""weniger\ als unter minder\ dan onder\ de less\ than fewer\ than under below <""",
    "about": r"""rund etwa circa zirka ca\. ungefähr um\ die an\ die ongeveer zo['’]n rond(?:\ de)? pakweg
        om\ en\ nabij\ de about around roughly approximately approx\. some in\ the\ region\ of ~ ≈""",
}
"""Approximator to the words that say it, as patterns parted by white space; the first that fits counts."""

_PARTED = re.compile(r"(?<!\\)\s+")
_BEFORE = tuple(
    (name, re.compile(rf"(?<!\w)(?:{_PARTED.sub('|', words)})\s*$", re.IGNORECASE))
    for name, words in _WORDS.items()
)
_LONGEST = 24
"""No approximator is longer, with the space after it."""


def approximator(before: str) -> Approximator:
    """Return what approximates the number that the text given stands before."""
    return _at_end(before[-_LONGEST:])


@lru_cache(maxsize=4096)
def _at_end(tail: str) -> Approximator:
    if not tail.strip():
        return ""
    return next((name for name, pattern in _BEFORE if pattern.search(tail)), "")


def without_approximator(before: str) -> str:
    """Return the text that a number stands behind without what approximates the number."""
    said = next(filter(None, (pattern.search(before) for _, pattern in _BEFORE)), None)
    return before[: said.start()] if said else before


def direction(said: Approximator) -> int:
    """Return 1 for what is open upwards, -1 for what is open downwards, else 0."""
    return _DIRECTIONS.get(said, 0)


class Range(msgspec.Struct, frozen=True):
    """Numbers from ``low`` to ``high``, where None has no end; an open end is not itself within."""

    low: Decimal | None
    high: Decimal | None
    low_open: bool = False
    high_open: bool = False

    def meets(self, other: Range) -> bool:
        """Whether some number is in both."""
        return self._starts_within(other) and other._starts_within(self)

    def _starts_within(self, other: Range) -> bool:
        """Whether this range begins before the other one has ended."""
        if self.low is None or other.high is None:
            return True
        return self.low < other.high or (self.low == other.high and not (self.low_open or other.high_open))


@lru_cache(maxsize=4096)
def covered(value: Decimal, said: Approximator, other: Decimal | None = None) -> Range:
    """Return what an approximated value covers; ``other`` is the second end of "between"."""
    if said == "between" and other is not None:
        return Range(min(value, other), max(value, other))
    if said == "order_of_magnitude":
        return Range(value, 1000 * value if _is_thousands(value) else 10 * value, high_open=True)
    if said in ("at_least", "over"):
        return Range(value, None, low_open=said == "over")
    if said in ("up_to", "under"):
        return Range(Decimal(0), value, low_open=True, high_open=said == "under")
    half = _half_a_unit(value) if said else Decimal(0)
    low = value if said == "just_over" else value - half
    high = value if said == "nearly" else value + half
    return Range(low, high, high_open=bool(said))


def _half_a_unit(value: Decimal) -> Decimal:
    exponent = value.normalize().as_tuple().exponent
    return Decimal(5).scaleb(int(exponent) - 1)


def _is_thousands(value: Decimal) -> bool:
    return value.adjusted() % 3 == 0
