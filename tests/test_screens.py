"""Screens leave out no text that anything is found in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from claimbench.bulk.accepted import scorer
from claimbench.tasks.qa import answer_score
from claimbench.text import dates, numbers, quantities

_LOOKED_FOR = """
    14,3 1.000 1,000 3 12 463 2025 1’000 49 ٣ ½ 13/6/2025 2025-06-13 13. 1st % Prozent procentpunt -
    percentage points Dollar US-Dollar US$ uſ$ $ € EUR USD Mrd. Mio. miljard billion Billionen
    trillion Milliarden miljarden millions billions millionenschwer multi-million-dollar hundert tausend
    honderd k m B Juni June juni may Mai März MÄRZ sep
    Freitag vrijdag rund etwa over bis zu zwischen und and en of von half halbe halve Half a an eine een één
    die Hälfte helft dreiviertel two-thirds ein Drittel een derde van quarter verdoppelt verdreifachte
    tripled doubles KW Kwart hunderte honderden hundreds zwei drei fünfundzwanzig dreißig DREISSIG anderthalb
    drieënhalf twenty-one one and a half elf ten zweihundert hundertzwanzig KMIO \u00ad \u200b İ ı ſ K ﬁ
"""
_PHRASES = ["one and a half", "percentage points", "half a", "eine halbe", "mehr als", "de helft"]
_PIECES = [*_LOOKED_FOR.split(), *_PHRASES]
_SPACE = st.sampled_from([" ", " ", " ", "", "-", ".", ",", "\u00a0", "\n", "$", "("])
_SAID = st.lists(
    st.tuples(st.one_of(st.sampled_from(_PIECES), st.sampled_from(_PIECES), st.text(max_size=3)), _SPACE),
    max_size=9,
).map(lambda pairs: "".join(piece + space for piece, space in pairs))
"""Texts of what screens look for, apart and run together, in any case."""

unhurried = settings(deadline=None, max_examples=500)


@contextmanager
def no_screens() -> Iterator[None]:
    """Search every text for everything."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (quantities, dates):
            patch.setattr(module, "_held", lambda text: -1)
        forget()
        yield
    forget()


def forget() -> None:
    """Clear what is remembered of texts."""
    for remembered in (
        quantities.quantities,
        quantities._screened,
        quantities._quantities,
        dates.without_days,
        dates.located,
    ):
        remembered.cache_clear()


def found_in(text: str) -> list[object]:
    """Return all that quantities and dates say of a text."""
    said = [[astuple(q) for q in quantities.quantities(text, language)] for language in numbers.SMALL]
    return [said, dates.dates(text), dates.without_days(text)]


@unhurried
@example("3tausendbillion")
@example("half billion")
@example("eine Milliarde, 1.0005 Mio., 1 000.500, KW 2025-Millionen")
@given(_SAID | _SAID.map(str.upper) | _SAID.map(str.title))
def test_screens_change_no_result(text):
    """Quantities and dates are the same with and without screens, in every language."""
    with no_screens():
        expected = found_in(text)
    assert found_in(text) == expected


@pytest.mark.parametrize("language", numbers.SMALL)
def test_no_number_word_is_screened_out(language):
    """Every number word and scale of a language is read from it alone, in capitals too."""
    for word, value in numbers.WORDS[language].items():
        for said in (word, word.upper(), f"({word.title()})"):
            assert [q.value for q in quantities.quantities(said, language)] == [value], said
    for scale in numbers.SCALES | numbers.LONG_AND_SHORT:
        assert quantities.quantities(f"{numbers.SMALL[language][0]} {scale}", language), scale


@pytest.mark.parametrize("chance", range(4))
def test_answers_score_the_same_with_the_gold_read_once(corpus, chance):
    """A question's scorer gives what ``answer_score`` gives, whatever is answered."""
    questions = [question for question in corpus.questions if question.answerable][chance::4]
    scorers = {question.id: scorer(question) for question in questions}
    wordings = [w for q in questions for a in q.answers for w in (a.text, *a.variants)]
    pieces = [piece for wording in wordings for piece in wording.split()]
    mutated = st.lists(st.sampled_from(pieces) | st.sampled_from(_PIECES), max_size=7).map(" ".join)
    joined = st.tuples(st.sampled_from(wordings), mutated).map(" ".join)

    @settings(unhurried, max_examples=300)
    @given(st.sampled_from(questions), st.data())
    def check(question, data):
        own = [w for a in question.answers for w in (a.text, *a.variants)]
        changed = st.tuples(st.sampled_from(own), mutated).map(" ".join)
        text = data.draw(st.one_of(changed, st.sampled_from(own), joined, mutated, _SAID))
        assert scorers[question.id](text) == answer_score(question, text)

    check()
