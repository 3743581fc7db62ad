"""Comparing texts in three languages."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimbench.tasks.matching import THRESHOLD
from claimbench.text.answers import typed_match
from claimbench.text.cognates import cognate, content, skeleton
from claimbench.text.normalise import canonical, token_f1, tokens
from claimbench.text.numbers import parse_number
from claimbench.text.quantities import Quantity, disagree, quantities
from claimbench.text.similarity import similarity

text = st.text(max_size=40)


@pytest.mark.parametrize(
    ("said", "language", "unit", "value"),
    [
        ("rund 14 Milliarden Dollar", "de", "USD", "14e9"),
        ("13,8 Milliarden US-Dollar", "de", "USD", "13.8e9"),
        ("10 Mrd. Dollar", "de", "USD", "10e9"),
        ("bis zu 10\u00a0Milliarden US-Dollar", "de", "USD", "10e9"),
        ("ongeveer $ 870 miljoen", "nl", "USD", "870e6"),
        ("$ 29 miljard", "nl", "USD", "29e9"),
        ("about $14.3 billion", "en", "USD", "14.3e9"),
        ("2 Billionen Euro", "de", "EUR", "2e12"),
        ("1.000.000 Euro", "de", "EUR", "1000000"),
        ("49-prozentiger Anteil", "de", "percent", "49"),
        ("een belang van 49%", "nl", "percent", "49"),
        ("fast die Hälfte", "de", "percent", "50"),
        ("bijna de helft", "nl", "percent", "50"),
        ("4,3 %", "de", "percent", "4.3"),
        ("fünf Insiderquellen", "de", "", "5"),
        ("vijf bronnen", "nl", "", "5"),
        ("zwanzig Millionen Euro", "de", "EUR", "20e6"),
        ("gegründet 2016", "de", "year", "2016"),
    ],
)
def test_a_quantity_is_read_in_each_language(said, language, unit, value):
    """Numbers, scales, currencies and percentages of the three languages come out in base units."""
    assert quantities(said, language) == (Quantity(unit, Decimal(value).normalize()),)


@pytest.mark.parametrize(
    ("digits", "language", "value"),
    [("14,3", "de", "14.3"), ("1.234", "de", "1234"), ("1,234", "en", "1234"), ("1.234,5", "de", "1234.5"),
     ("1,234.5", "en", "1234.5"), ("14.3", "de", "14.3"), ("1.234.567", "nl", "1234567")],
)  # fmt: skip
def test_marks_group_or_divide_as_the_language_has_it(digits, language, value):
    """Decimal comma and point, thousands marks: the language settles what is ambiguous."""
    assert parse_number(digits, language) == Decimal(value)


@given(text)
def test_a_text_with_content_never_normalises_to_nothing(said):
    """Whatever is not blank keeps tokens, so that no answer matches everything."""
    if said.split():
        assert tokens(said)


@given(text)
def test_canonical_is_idempotent(said):
    """Normalising twice is normalising once."""
    assert canonical(canonical(said)) == canonical(said)


@given(text, text)
def test_similarity_is_symmetric_and_reflexive(left, right):
    """Similarity is symmetric, within [0, 1], and 1 for equal texts."""
    assert similarity(left, right) == similarity(right, left)
    assert 0.0 <= similarity(left, right) <= 1.0
    assert similarity(left, left) == 1.0


@given(st.lists(st.sampled_from("abc"), max_size=6), st.lists(st.sampled_from("abc"), max_size=6))
def test_token_f1_is_symmetric_and_bounded(left, right):
    """Token F1 is symmetric, within [0, 1], and 1 exactly for equal bags."""
    score = token_f1(tuple(left), tuple(right))
    assert score == token_f1(tuple(right), tuple(left))
    assert (score == 1.0) == (sorted(left) == sorted(right))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Meta zahlt 14,3 Milliarden Dollar.", "Meta zahlt 15 Milliarden Dollar."),
        ("Meta hält 49 Prozent.", "Meta hält 51 Prozent."),
        ("Google äußerte sich.", "Google äußerte sich nicht."),
    ],
)
def test_other_numbers_or_a_negation_never_match(left, right):
    """Statements that differ in a number or in negation alone have similarity 0."""
    assert similarity(left, right, "de") == 0.0


@given(text, text, st.sampled_from(["de", "nl", "en"]), st.sampled_from(["de", "nl", "en"]))
def test_similarity_is_symmetric_across_languages(left, right, one, other):
    """Turning two texts round together with their languages changes nothing."""
    assert similarity(left, right, one, other) == similarity(right, left, other, one)


@pytest.mark.parametrize(
    ("left", "right", "language"),
    [
        ("It closed the deal.", "It didn’t close the deal.", "en"),
        ("It has closed the deal.", "It has neither closed nor left the deal.", "en"),
        ("Es hat den Deal abgeschlossen.", "Es hat den Deal weder geplant noch abgeschlossen.", "de"),
    ],
)
def test_every_way_to_negate_counts(left, right, language):
    """Contracted and paired negations are negations."""
    assert similarity(left, right, language) == 0.0


@pytest.mark.parametrize(
    ("left", "right", "language"),
    [
        ("Microsoft gibt mehr dafür aus als Google.", "Microsoft gibt weniger dafür aus als Google.", "de"),
        ("Alle Labore suchen neue Partner.", "Einige Labore suchen neue Partner.", "de"),
        ("Meta verloor vorig jaar zijn talent.", "Meta verloor dit jaar zijn talent.", "nl"),
        ("It is a first-tier lab in the market.", "It is a second-tier lab in the market.", "en"),
    ],
)
def test_opposed_words_never_match(left, right, language):
    """More and less, all and some, last year and this year: such statements stay below the threshold."""
    assert 0.0 < similarity(left, right, language) < THRESHOLD


def test_a_name_the_other_lacks_counts_more_than_a_word():
    """Another company changes what is said more than another verb does, names in any spelling."""
    said = "Microsoft spends money on data."
    assert similarity(said, "Microsoft wastes money on data.") > similarity(said, "xAI spends money on data.")
    assert similarity("Die KI hilft OpenAI.", "AI helps OpenAI.", "de", "en") > 0.5


def test_cognates_and_compounds_are_alike_and_other_words_are_not():
    """Spelling, inflection and compounding leave words alike across the languages."""
    for left, right in [("sektor", "sector"), ("kapazität", "capaciteit"), ("investition", "investeringen"),
                        ("daten", "datenpartner"), ("model", "modelle")]:  # fmt: skip
        assert cognate(skeleton(left), skeleton(right)) >= 0.5
    assert cognate(skeleton("vertrag"), skeleton("contract")) == 0.0
    assert cognate(skeleton("5000"), skeleton("500")) == 0.0


@given(text)
def test_content_is_never_empty_for_a_text_that_says_something(said):
    """A text of function words alone keeps them, so that it does not become like every other."""
    assert bool(content(said)) == bool(tokens(said))
    assert all(content(said))
    assert content("so wie er ist") == content("So wie er ist!") != ()


def test_a_number_word_of_another_language_is_no_number():
    """Dutch “ten opzichte van” and English “elf” hold no quantity."""
    assert quantities("ten opzichte van 2024", "nl") == (Quantity("year", Decimal(2024)),)
    assert quantities("an elf", "en") == ()


def test_quantities_of_different_kinds_do_not_disagree():
    """A sum and a share are no contradiction; two sums are."""
    assert not disagree(quantities("49 %"), quantities("14 billion dollars"))
    assert disagree(quantities("$10 billion"), quantities("$14.3 billion"))


@pytest.mark.parametrize(
    ("kind", "value", "unit", "answer", "right"),
    [
        ("money", Decimal("14300000000"), "USD", "etwa 14,3 Mrd. US-Dollar", True),
        ("money", Decimal("14300000000"), "USD", "14,3 Milliarden Euro", False),
        ("percent", Decimal(49), "percent", "49 Prozent", True),
        ("percent", Decimal(49), "percent", "49 oder 51 Prozent", False),
        ("yes_no", True, "", "Ja, das stimmt.", True),
        ("yes_no", True, "", "Nein", False),
        ("list", ("Tesla", "Uber"), "", "Uber und Tesla", True),
        ("list", ("Tesla", "Uber"), "", "Uber, Tesla und Meta", False),
        ("date", "2016", "", "im Jahr 2016", True),
        ("person", None, "", "Jason Droege", False),
    ],
)
def test_typed_answers_compare_by_value(kind, value, unit, answer, right):
    """A typed answer is right for its value, wrong for another value, unit or an incomplete list."""
    assert typed_match(kind, value, unit, answer, "de") is right
