"""Numbers, their units, and what their approximators cover."""

from __future__ import annotations

from decimal import Decimal

import pytest
from babel import Locale
from hypothesis import given, settings
from hypothesis import strategies as st

from claimbench.text.approximators import covered
from claimbench.text.numbers import WORDS, parse_number
from claimbench.text.quantities import Quantity, agree, disagree, lacking, quantities

unhurried = settings(deadline=None)
"""Names of currencies, months and days are read on first use, which takes its time."""
LANGUAGES = st.sampled_from(["de", "nl", "en"])
values = st.decimals(min_value=1, max_value=10**12, allow_nan=False, places=2)
approximators = st.sampled_from(
    ["", "about", "nearly", "just_over", "over", "under", "at_least", "up_to", "order_of_magnitude"]
)
some_quantities = st.builds(
    Quantity, st.sampled_from(["USD", "EUR", "percent", "points", "", "year"]), values, approximators
)


@pytest.mark.parametrize(
    ("said", "language", "unit", "value", "approximator"),
    [
        ("rund 14 Milliarden Dollar", "de", "USD", "14e9", "about"),
        ("13,8 Milliarden US-Dollar", "de", "USD", "13.8e9", ""),
        ("10 Mrd. Dollar", "de", "USD", "10e9", ""),
        ("bis zu 10\u00a0Milliarden US-Dollar", "de", "USD", "10e9", "up_to"),
        ("ongeveer $ 870 miljoen", "nl", "USD", "870e6", "about"),
        ("$ 29 miljard", "nl", "USD", "29e9", ""),
        ("about $14.3 billion", "en", "USD", "14.3e9", "about"),
        ("$14.3B", "en", "USD", "14.3e9", ""),
        ("€5m", "en", "EUR", "5e6", ""),
        ("5 m hoch", "de", "", "5", ""),
        ("2 Billionen Euro", "de", "EUR", "2e12", ""),
        ("2 biljoen euro", "nl", "EUR", "2e12", ""),
        ("2 billion euros", "en", "EUR", "2e9", ""),
        ("2 trillion dollars", "en", "USD", "2e12", ""),
        ("3 Trillionen Euro", "de", "EUR", "3e18", ""),
        ("5 mld. euro", "nl", "EUR", "5e9", ""),
        ("250 mln euro", "nl", "EUR", "250e6", ""),
        ("5bn pounds", "en", "GBP", "5e9", ""),
        ("1.000.000 Euro", "de", "EUR", "1000000", ""),
        ("1 000 000 euro", "nl", "EUR", "1000000", ""),
        ("CHF 5 Mio.", "de", "CHF", "5e6", ""),
        ("5 Millionen Schweizer Franken", "de", "CHF", "5e6", ""),
        ("20 miljoen Britse pond", "nl", "GBP", "20e6", ""),
        ("3 million Canadian dollars", "en", "CAD", "3e6", ""),
        ("5 all", "en", "", "5", ""),
        ("eine halbe Milliarde Dollar", "de", "USD", "5e8", ""),
        ("een half miljard dollar", "nl", "USD", "5e8", ""),
        ("half a billion dollars", "en", "USD", "5e8", ""),
        ("anderthalb Milliarden Euro", "de", "EUR", "1.5e9", ""),
        ("dreihundertmillionen Euro", "de", "EUR", "3e8", ""),
        ("3tausendbillion", "en", "", "3e12", ""),
        ("3 MİO", "de", "", "3e6", ""),
        ("sıeben", "de", "", "7", ""),
        ("anderhalf miljard euro", "nl", "EUR", "1.5e9", ""),
        ("eine Milliarde US-Dollar", "de", "USD", "1e9", ""),
        ("een miljard dollar", "nl", "USD", "1e9", ""),
        ("a billion dollars", "en", "USD", "1e9", ""),
        ("Hunderte Millionen Dollar", "de", "USD", "1e8", "order_of_magnitude"),
        ("honderden miljoenen dollars", "nl", "USD", "1e8", "order_of_magnitude"),
        ("hundreds of millions of dollars", "en", "USD", "1e8", "order_of_magnitude"),
        ("Milliardeninvestition", "de", "", "1e9", "order_of_magnitude"),
        ("49 Prozent", "de", "percent", "49", ""),
        ("49-prozentiger Anteil", "de", "percent", "49", ""),
        ("49%ige Beteiligung", "de", "percent", "49", ""),
        ("49-Prozent-Anteil", "de", "percent", "49", ""),
        ("een belang van 49%", "nl", "percent", "49", ""),
        ("17 per cent", "en", "percent", "17", ""),
        ("fast die Hälfte", "de", "percent", "50", "nearly"),
        ("bijna de helft", "nl", "percent", "50", "nearly"),
        ("almost half of its staff", "en", "percent", "50", "nearly"),
        ("drei Viertel der Kunden", "de", "percent", "75", ""),
        ("4,3 %", "de", "percent", "4.3", ""),
        ("2 Prozentpunkte", "de", "points", "2", ""),
        ("2 procentpunten", "nl", "points", "2", ""),
        ("2 percentage points", "en", "points", "2", ""),
        ("fünf Insiderquellen", "de", "", "5", ""),
        ("vijf bronnen", "nl", "", "5", ""),
        ("zwanzig Millionen Euro", "de", "EUR", "20e6", ""),
        ("fünfunddreißig Leute", "de", "", "35", ""),
        ("zweihundert Leute", "de", "", "200", ""),
        ("tweeëntwintig mensen", "nl", "", "22", ""),
        ("mehr als 10 Quellen", "de", "", "10", "over"),
        ("ruim 200 miljoen euro", "nl", "EUR", "200e6", "just_over"),
        ("nicht weniger als 20 Firmen", "de", "", "20", "at_least"),
        ("gegründet 2016", "de", "year", "2016", ""),
        ("verdreifacht", "de", "multiple", "3", ""),
        ("auf das Dreifache", "de", "multiple", "3", ""),
        ("dreimal so hoch", "de", "multiple", "3", ""),
        ("3-fach", "de", "multiple", "3", ""),
        ("driemaal", "nl", "multiple", "3", ""),
        ("bijna drievoudig", "nl", "multiple", "3", "nearly"),
        ("a threefold rise", "en", "multiple", "3", ""),
        ("triple", "en", "multiple", "3", ""),
        ("doppelt so hoch", "de", "multiple", "2", ""),
        ("länger als 2 Tage", "de", "", "2", "over"),
        ("GPT-5", "en", "label", "5", ""),
        ("Artikel 5", "de", "label", "5", ""),
        ("Nr. 5", "de", "label", "5", ""),
        ("§ 5", "de", "label", "5", ""),
        ("paragraaf vijf", "nl", "label", "5", ""),
        ("Section 5", "en", "label", "5", ""),
        ("no 5", "en", "", "5", ""),
        ("up to-5 billion", "en", "", "5e9", ""),
    ],
)
def test_a_quantity_is_read_in_each_language(said, language, unit, value, approximator):
    """Numbers, scales, units and approximators of the three languages come out in base units."""
    assert quantities(said, language) == (Quantity(unit, Decimal(value).normalize()),)
    assert quantities(said, language)[0].approximator == approximator


@pytest.mark.parametrize(
    ("said", "language", "ends"),
    [
        ("10 bis 15 Milliarden Euro", "de", ("10e9", "15e9")),
        ("zwischen 10 und 15 Milliarden Euro", "de", ("10e9", "15e9")),
        ("500 Millionen bis 1 Milliarde Euro", "de", ("5e8", "1e9")),
        ("10 tot 15 miljard euro", "nl", ("10e9", "15e9")),
        ("tussen de 10 miljard en 15 miljard euro", "nl", ("10e9", "15e9")),
        ("€10–15 billion", "en", ("10e9", "15e9")),
        ("between €10 and €15 billion", "en", ("10e9", "15e9")),
    ],
)
def test_both_ends_of_a_range_are_read_with_the_scale_and_unit_they_share(said, language, ends):
    """„10 bis 15 Milliarden Euro“ are two sums of billions, each knowing the other end."""
    found = quantities(said, language)
    assert {q.unit for q in found} == {"EUR"}
    assert [(q.value, q.approximator) for q in found] == [(Decimal(end), "between") for end in ends]
    assert [q.other for q in found] == [Decimal(end) for end in reversed(ends)]


@pytest.mark.parametrize(
    ("said", "language", "sums"),
    [
        ("13.8 billion and 14 billion dollars", "en", ("13.8e9 USD", "14e9 USD")),
        ("13,8 und 14 Milliarden US-Dollar", "de", ("13.8e9 USD", "14e9 USD")),
        ("14,3 miljard, en bijna 15 miljard dollar", "nl", ("14.3e9 USD", "15e9 USD")),
        ("um etwa 4,3 Milliarden bzw. um fast 5 Milliarden Euro", "de", ("4.3e9 EUR", "5e9 EUR")),
        ("2,5 Milliarden, 3 Milliarden und 4 Milliarden Dollar", "de", ("2.5e9 USD", "3e9 USD", "4e9 USD")),
        ("$13.8bn and 14bn", "en", ("13.8e9 USD", "14e9 USD")),
        ("49 oder 51 Prozent", "de", ("49 percent", "51 percent")),
        ("two or three million people", "en", ("2e6", "3e6")),
        ("$10 million and 5 million users", "en", ("5e6", "10e6 USD")),
        ("2 miljoen klanten en 5 miljard dollar", "nl", ("2e6", "5e9 USD")),
        ("fünf Quellen und 15 Milliarden Dollar", "de", ("5", "15e9 USD")),
        ("2024 und 15 Milliarden Dollar", "de", ("15e9 USD", "2024 year")),
        ("2 Millionen und 49 Prozent", "de", ("2e6", "49 percent")),
        ("Nummer 5 und 15 Milliarden Dollar", "de", ("5 label", "15e9 USD")),
    ],
)
def test_numbers_side_by_side_share_the_unit_that_one_of_them_has(said, language, sums):
    """A sum beside another may leave out the currency or the scale; what counts something keeps its own."""
    found = tuple((q.value, q.unit) for q in quantities(said, language))
    assert sorted(found) == sorted((Decimal(s.split()[0]), "".join(s.split()[1:])) for s in sums)


@pytest.mark.parametrize(
    ("said", "other", "language"),
    [
        ("rund 14 Milliarden Dollar", "13,8 Milliarden Dollar", "de"),
        ("etwa 14,3 Milliarden Dollar", "14,34 Milliarden Dollar", "de"),
        ("rund 870 Millionen Euro", "866 Millionen Euro", "de"),
        ("nahezu 15 Milliarden Dollar", "14,6 Milliarden Dollar", "de"),
        ("fast die Hälfte", "49 Prozent", "de"),
        ("bijna de helft", "49%", "nl"),
        ("almost half of it", "49 percent", "en"),
        ("ruim 200 miljoen euro", "220 miljoen euro", "nl"),
        ("bis zu 10 Milliarden Dollar", "10 Milliarden Dollar", "de"),
        ("mehr als 10 Quellen", "12 Quellen", "de"),
        ("at least 10 sources", "more than 10 sources", "en"),
        ("Hunderte Millionen Dollar", "870 Millionen Dollar", "de"),
        ("Milliarden Dollar", "14 Milliarden Dollar", "de"),
        ("ein Drittel", "33 Prozent", "de"),
        ("49 Prozent", "14 Milliarden Dollar", "de"),
        ("14 Milliarden Dollar für 49 Prozent", "14 Milliarden Dollar", "de"),
    ],
)  # fmt: skip
def test_quantities_within_their_approximators_do_not_disagree(said, other, language):
    """Half a unit of the last digit given, or the open side, leaves room; other kinds contradict nothing."""
    assert not disagree(quantities(said, language), quantities(other, language))


@pytest.mark.parametrize(
    ("said", "other", "language"),
    [
        ("10 Milliarden Dollar", "14,3 Milliarden Dollar", "de"),
        ("rund 14 Milliarden Dollar", "14,6 Milliarden Dollar", "de"),
        ("nahezu 15 Milliarden Dollar", "14,3 Milliarden Dollar", "de"),
        ("etwa 14,3 Milliarden Dollar", "nahezu 15 Milliarden Dollar", "de"),
        ("fast die Hälfte", "51 Prozent", "de"),
        ("bis zu 10 Milliarden Dollar", "14 Milliarden Dollar", "de"),
        ("mehr als 10 Quellen", "mehr als 20 Quellen", "de"),
        ("more than 10 sources", "fewer than 10 sources", "en"),
        ("14 Milliarden Dollar", "14 Milliarden Euro", "de"),
        ("49 Prozent", "49 Prozentpunkte", "de"),
        ("2 procent", "2 procentpunt", "nl"),
        ("10 bis 15 Milliarden Dollar", "20 Milliarden Dollar", "de"),
        ("2 Milliarden Dollar", "2 Billionen Dollar", "de"),
        ("verdoppelt", "verdreifacht", "de"),
        ("im Jahr 2016", "im Jahr 2019", "de"),
    ],
)
def test_quantities_that_exclude_each_other_disagree(said, other, language):
    """Numbers outside tolerance, other currencies, and percent against points contradict, in either order."""
    assert disagree(quantities(said, language), quantities(other, language))
    assert disagree(quantities(other, language), quantities(said, language))


def test_a_german_billion_is_a_thousand_english_ones():
    """„Billion“ and “billion” look alike and are not; Milliarde, miljard and billion are one number."""
    assert disagree(quantities("2 Billionen Dollar", "de"), quantities("2 billion dollars", "en"))
    milliarde, miljard = quantities("2 Milliarden Dollar", "de"), quantities("2 miljard dollar", "nl")
    assert milliarde == miljard == quantities("2 billion dollars", "en")


@pytest.mark.parametrize(
    ("digits", "language", "value"),
    [("14,3", "de", "14.3"), ("1.234", "de", "1234"), ("1,234", "en", "1234"), ("1.234,5", "de", "1234.5"),
     ("1,234.5", "en", "1234.5"), ("14.3", "de", "14.3"), ("1.234.567", "nl", "1234567"),
     ("1’234", "de", "1234")],
)  # fmt: skip
def test_marks_group_or_divide_as_the_language_has_it(digits, language, value):
    """Decimal comma and point, thousands marks: the language settles what is ambiguous."""
    assert parse_number(digits, language) == Decimal(value)


def test_what_is_no_number_is_not_read_as_one():
    """“ten opzichte van”, “elf”, „mit einem“, a day, half a year and endless digits hold none."""
    assert quantities("ten opzichte van 2024", "nl") == (Quantity("year", Decimal(2024)),)
    assert quantities("an elf", "en") == ()
    assert quantities("Mit einem Volumen", "de") == ()
    assert quantities("am 13. Juni 2025", "de") == (Quantity("year", Decimal(2025)),)
    assert quantities("half a year", "en") == ()
    assert quantities("9" * 2_000_000, "en") == ()


def test_number_words_are_complete_to_ninety_nine():
    """From 2 to 99 every language has a word, and each reads as its number."""
    for language, words in WORDS.items():
        assert {int(value) for value in words.values() if value == int(value)} == set(range(2, 100))
        for word, value in words.items():
            assert [q.value for q in quantities(word, language)] == [value]


def test_currency_names_are_cldrs():
    """The name that CLDR has for a currency, in any of the languages, gives its code."""
    for language in ("de", "nl", "en"):
        for code in ("USD", "GBP", "CHF", "CAD", "SEK"):
            assert quantities(f"5 {Locale(language).currencies[code]}", language)[0].unit == code


@unhurried
@given(some_quantities)
def test_a_quantity_agrees_with_itself(one):
    """No quantity contradicts itself, however approximate."""
    assert agree(one, one)
    assert not disagree((one,), (one,))


@unhurried
@given(some_quantities, some_quantities)
def test_agreement_is_symmetric(one, other):
    """Who is first makes no difference, for one pair and for whole texts."""
    assert agree(one, other) == agree(other, one)
    assert disagree((one,), (other,)) == disagree((other,), (one,))


@unhurried
@given(st.lists(some_quantities, max_size=4), st.lists(some_quantities, max_size=4))
def test_lacking_is_what_no_other_agrees_with(some, others):
    """What is lacking disagrees with every other one, and the rest agrees with one at least."""
    missing = lacking(some, others)
    for q in some:
        assert any(agree(q, other) for other in others) == (not any(q is m for m in missing))


@unhurried
@given(values)
def test_an_approximator_covers_half_a_unit_of_the_last_digit(value):
    """„Rund X“ reaches half a unit to both sides, the upper end open; „nahezu X“ stays below X."""
    about, nearly = covered(value, "about"), covered(value, "nearly")
    assert about.low == nearly.low < value == nearly.high < about.high
    assert value - about.low == about.high - value
    assert nearly.high_open
    assert about.high_open


@unhurried
@given(st.text(max_size=60), LANGUAGES)
def test_reading_quantities_never_fails(said, language):
    """Whatever the text, its quantities are distinct, sorted and finite."""
    found = quantities(said, language)
    assert list(found) == sorted(found)
    assert all(q.value.is_finite() for q in found)
