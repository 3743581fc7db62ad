"""Dates, whole or in part, in three languages."""

from __future__ import annotations

import datetime

import pytest
from babel import Locale
from babel.dates import format_date
from hypothesis import given, settings
from hypothesis import strategies as st

from claimbench.text.calendars import MONTHS, WEEKDAYS, WHOLE_MONTHS
from claimbench.text.dates import Date, dates, without_days

unhurried = settings(deadline=None)
"""Names of currencies are read on first use, which takes its time."""
days = st.dates(datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))
partial = st.builds(
    Date,
    st.none() | st.integers(2000, 2030),
    st.none() | st.integers(1, 12),
    st.none() | st.integers(1, 28),
    st.none() | st.integers(0, 6),
)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("am Freitag, dem 13. Juni 2025", Date(2025, 6, 13, 4)),
        ("Friday, 13 June 2025", Date(2025, 6, 13, 4)),
        ("June 13, 2025", Date(2025, 6, 13)),
        ("the 13th of June 2025", Date(2025, 6, 13)),
        ("op 13 juni 2025", Date(2025, 6, 13)),
        ("13.6.2025", Date(2025, 6, 13)),
        ("13-06-2025", Date(2025, 6, 13)),
        ("6/13/2025", Date(2025, 6, 13)),
        ("2025-06-13", Date(2025, 6, 13)),
        ("10. Juni", Date(None, 6, 10)),
        ("10 juni", Date(None, 6, 10)),
        ("May 5", Date(None, 5, 5)),
        ("June 2025", Date(2025, 6)),
        ("im März", Date(None, 3)),
        ("Dez. 2024", Date(2024, 12)),
        ("vrijdag", Date(weekday=4)),
        ("im Jahr 2016", Date(2016)),
    ],
)
def test_a_date_is_read_as_far_as_it_is_given(said, found):
    """Day, month, year and weekday come out of each language's ways to write them, the rest stays open."""
    assert dates(said) == (found,)


@pytest.mark.parametrize(
    "said", ["it may be", "they march on", "2016 Dollar", "14,3", "1.2.3", "31. Februar"]
)
def test_what_is_no_date_is_not_read_as_one(said):
    """Verbs, sums, versions and days that no calendar has are no dates."""
    assert not any(date.day or date.year for date in dates(said))


def test_relative_years_need_a_reference():
    """„Letztes Jahr“ and “vorig jaar” are the year before the reference, and nothing without one."""
    reference = datetime.date(2025, 6, 13)
    for said in ("letztes Jahr", "im vergangenen Jahr", "vorig jaar", "last year"):
        assert dates(said, reference) == (Date(2024),)
        assert dates(said) == ()
    assert dates("dieses Jahr", reference) == dates("this year", reference) == (Date(2025),)
    assert dates("volgend jaar", reference) == dates("next year", reference) == (Date(2026),)


@unhurried
@given(days, st.sampled_from(["de", "nl", "en"]), st.sampled_from(["medium", "long", "full"]))
def test_dates_as_cldr_writes_them_are_read_back(day, language, width):
    """What babel prints in any language and width is one date, the one that was printed."""
    printed = format_date(day, width, locale=language)
    assert len(dates(printed)) == 1
    assert dates(printed)[0].states(Date(day.year, day.month, day.day))


@unhurried
@given(partial, partial)
def test_agreement_of_dates_is_symmetric_and_reflexive(one, other):
    """Who is first makes no difference; what states a date agrees with it."""
    assert one.agrees(one)
    assert one.agrees(other) == other.agrees(one)
    assert one.agrees(other) >= one.states(other)


def test_parts_that_both_give_must_be_equal():
    """A partial date agrees with what it may be, states nothing finer, and a wrong weekday contradicts."""
    whole = Date(2025, 6, 13)
    assert Date(None, 6, 13).states(whole)
    assert Date(2025, 6).agrees(whole)
    assert not Date(2025, 6).states(whole)
    assert whole.states(Date(2025))
    assert not Date(2025, 7).agrees(whole)
    assert Date(weekday=4).agrees(whole)
    assert not Date(weekday=3).agrees(whole)


def test_days_leave_years_and_other_numbers():
    """A date is blanked but for its year; numbers that are no date stay."""
    assert without_days("am 13. Juni 2025 für 14,3 Milliarden").split() == [
        "am",
        "2025",
        "für",
        "14,3",
        "Milliarden",
    ]


@unhurried
@given(st.text(max_size=60))
def test_reading_dates_never_fails(said):
    """Whatever the text, its dates are distinct and have at least one part."""
    found = dates(said)
    assert len(set(found)) == len(found)
    assert Date() not in found


@pytest.mark.parametrize("said", ["APRİL 2025", "Aprıl 2025"])
def test_a_turkish_i_is_read_as_any_other(said):
    """Patterns that ignore case take a dotless or dotted i for an i, and so does the look-up of names."""
    assert dates(said) == (Date(2025, 4),)
    assert dates("VRİJDAG") == (Date(weekday=4),)


def cldr(kind, *widths):
    """Names of months or weekdays in the three languages, case folded, with their numbers."""
    tables = [
        getattr(Locale(language), kind)[context].get(width, {})
        for width in widths
        for language in ("de", "nl", "en")
        for context in ("format", "stand-alone")
    ]
    return {name.rstrip(".").casefold(): number for table in tables for number, name in table.items()}


def test_names_of_months_and_weekdays_are_cldrs():
    """What is written out here is what CLDR has, no name more or less."""
    assert cldr("months", "wide") == WHOLE_MONTHS
    assert cldr("months", "wide", "abbreviated") == MONTHS
    assert cldr("days", "wide") == WEEKDAYS
