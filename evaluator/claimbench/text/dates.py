"""Dates in German, Dutch and English text, whole or in part: „10. Juni“, “June 2025”, “vrijdag”, “13/6/2025”.

What a text leaves open stays open, so that dates compare by what
both give.
"""

from __future__ import annotations

import datetime
import re
from functools import lru_cache
from typing import NamedTuple

import msgspec

from claimbench.text.calendars import MONTHS, WEEKDAYS, WHOLE_MONTHS
from claimbench.text.normalise import caseless, legible
from claimbench.text.screens import any_of, screen


class Date(msgspec.Struct, frozen=True):
    """A calendar date of which parts may be open; ``weekday`` counts from Monday as 0."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None

    def agrees(self, other: Date) -> bool:
        """Whether both could be one day, month or year."""
        pairs = zip(self._parts(), other._parts(), strict=True)
        return all(a is None or b is None or a == b for a, b in pairs)

    def states(self, other: Date) -> bool:
        """Whether this date agrees with the other one and is given as finely."""
        if not self.agrees(other):
            return False
        mine, theirs = self._parts()[:3], other._parts()[:3]
        finest = max((i for i, part in enumerate(theirs) if part is not None), default=0)
        return mine[finest] is not None and (finest < 2 or mine[1] is not None)

    def _parts(self) -> tuple[int | None, ...]:
        weekday = self.weekday
        if self.year and self.month and self.day:
            weekday = datetime.date(self.year, self.month, self.day).weekday()
        return self.year, self.month, self.day, weekday


class Placed(NamedTuple):
    """A date and where it stands in legible text."""

    start: int
    end: int
    date: Date


_YEAR = r"(?:1[5-9]|20)\d\d"
_NUMERIC = re.compile(
    rf"(?<![\w.,/-])(?:(?P<iso>{_YEAR})-(?P<iso_month>\d\d)-(?P<iso_day>\d\d)"
    rf"|(?P<first>\d\d?)(?P<mark>[./-])(?P<second>\d\d?)(?P=mark)(?P<year>{_YEAR}))(?![\w/-])"
)
MAY_BE_NUMERIC = r"\d[./-]\d"
MAY_NAME_MONTH = rf"(?:{any_of(MONTHS)})\b"
"""What a word holds of every date that has a month, in digits or by name."""
_held = screen(MAY_BE_NUMERIC, MAY_NAME_MONTH)
_LONE_YEAR = re.compile(
    rf"(?<![\w.,$€£-])(?:{_YEAR})(?!\w|\s?(?:[%$€£]|dollar|euro|proz|proc|perc|mi[lo]|mrd)|[.,]\d)",
    re.IGNORECASE,
)
_RELATIVE: tuple[tuple[int, re.Pattern[str]], ...] = tuple(
    (years, re.compile(rf"\b(?:{words})\b", re.IGNORECASE))
    for years, words in (
        (-2, r"vorletzte[nms]? jahr|two years ago|the year before last|twee jaar geleden|vor zwei jahren"),
        (-1, r"(?:letzte|vergangene|vorige)[nms]? jahr(?:es)?|(?:vorig|afgelopen) jaar"
             r"|(?<!before )last year|the previous year|vorjahr"),
        (0, r"(?:diese[ms]|laufende[nms]?) jahr(?:es)?|heuer|dit jaar|this year"),
        (1, r"(?:nächste|kommende)[nms]? jahr(?:es)?|(?:volgend|komend) jaar|next year|the coming year"),
    )
)  # fmt: skip
"""Years after the reference year, and the words that say so."""
_AMBIGUOUS = frozenset({"may", "march", "mars", "august"})
"""Months that are words or names too; they count beside a number alone."""


def dates(text: str, reference: datetime.date | None = None) -> tuple[Date, ...]:
    """Return the distinct dates of a text, in order; „letztes Jahr“ is one only where ``reference`` is given.

    A numeric date names the day first, unless only the month first gives a date.
    """
    found = {placed.start: placed.date for placed in located(text)}
    if reference is not None:
        plain = legible(text)
        for years, pattern in _RELATIVE:
            found |= {match.start(): Date(reference.year + years) for match in pattern.finditer(plain)}
    return tuple(dict.fromkeys(found[at] for at in sorted(found)))


@lru_cache(maxsize=8192)
def without_days(text: str) -> str:
    """Return legible text in which dates with a month keep their year alone, as a day is no quantity."""
    plain = legible(text)
    held = _held(plain)
    if held & 1:
        plain = _NUMERIC.sub(lambda match: match["iso"] or match["year"], plain)
    if held & 2:
        for pattern in _worded():
            plain = pattern.sub(_rest, plain)
    return plain


def _rest(match: re.Match[str]) -> str:
    return match.groupdict().get("year") or "" if _spelt(match) else match[0]


@lru_cache(maxsize=8192)
def located(text: str) -> tuple[Placed, ...]:
    """Return the dates of a text with their places in it as it is legible, in order."""
    rest = legible(text)
    found: list[Placed] = []
    spelt = _worded() if _held(rest) & 2 else ()
    readers = [(_NUMERIC, _numeric), *((pattern, _spelt) for pattern in spelt)]
    for pattern, read in (*readers, (_LONE_YEAR, _year), (_weekdays(), _weekday)):
        for match in pattern.finditer(rest):
            if date := read(match):
                found.append(Placed(match.start(), match.end(), date))
                rest = rest[: match.start()] + " " * len(match[0]) + rest[match.end() :]
    return tuple(_joined(sorted(found, key=lambda placed: placed.start)))


def _joined(found: list[Placed]) -> list[Placed]:
    """Return the dates with a weekday taken into the date it stands before: „Freitag, dem 13. Juni“."""
    result: list[Placed] = []
    for placed in found:
        date, before = placed.date, result[-1] if result else None
        lone = before is not None and before.date == Date(weekday=before.date.weekday)
        if before and lone and date.day and placed.start - before.start < 20:
            whole = Date(date.year, date.month, date.day, before.date.weekday)
            result[-1] = Placed(before.start, placed.end, whole)
        else:
            result.append(placed)
    return result


def _numeric(match: re.Match[str]) -> Date | None:
    if match["iso"]:
        return _valid(int(match["iso"]), int(match["iso_month"]), int(match["iso_day"]))
    year, first, second = int(match["year"]), int(match["first"]), int(match["second"])
    return _valid(year, second, first) or _valid(year, first, second)


def _spelt(match: re.Match[str]) -> Date | None:
    given = match.groupdict()
    name, year, day = given["month"], given.get("year"), given.get("day")
    if year is None and day is None and (not name[0].isupper() or caseless(name) in _AMBIGUOUS):
        return None
    return _valid(int(year) if year else None, MONTHS[caseless(name)], int(day) if day else None)


def _year(match: re.Match[str]) -> Date:
    return Date(int(match[0]))


def _weekday(match: re.Match[str]) -> Date:
    return Date(weekday=WEEKDAYS[caseless(match[0])])


def _valid(year: int | None, month: int, day: int | None) -> Date | None:
    try:
        datetime.date(year or 2000, month, day or 1)
    except ValueError:
        return None
    return Date(year, month, day)


@lru_cache(maxsize=1)
def _worded() -> tuple[re.Pattern[str], ...]:
    """Return what finds day, month and year; month, day and year; month and year; a month written out."""
    names, full = any_of(MONTHS), any_of(WHOLE_MONTHS)
    month, year = rf"(?P<month>{names})\b\.?", rf"(?P<year>{_YEAR})(?!\d)"
    day = r"(?<![\w.,])(?P<day>\d\d?)"
    return tuple(
        re.compile(pattern, re.IGNORECASE)
        for pattern in (
            rf"{day}(?:\.|st|nd|rd|th|e)?\s*(?:of )?{month}(?:,? {year})?",
            rf"\b{month} (?P<day>\d\d?)(?:st|nd|rd|th)?(?![\w%]|[.,]\d)(?:,? {year})?",
            rf"\b{month},? {year}",
            rf"\b(?P<month>{full})\b",
        )
    )


@lru_cache(maxsize=1)
def _weekdays() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{any_of(WEEKDAYS)})\b", re.IGNORECASE)
