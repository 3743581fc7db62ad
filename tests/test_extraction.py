"""Extraction on a made-up article: spans and their units, granularity, what never matches."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import ID, Said, made

import claimbench
from claimbench.cli import main
from claimbench.errors import ProblemsError
from claimbench.records import OFFSETS, ExtractedClaim
from claimbench.tasks.assignment import assign
from claimbench.tasks.offsets import located, positions, says
from claimbench.tasks.spans import overlap

FIRST = "\N{MONEY BAG}\N{NO-BREAK SPACE}Alpha kauft Beta für 5\N{NO-BREAK SPACE}Millionen Euro."
SECOND = "Ein Märchen \N{GRINNING FACE}!"
THIRD = "Gegründet wurde Beta, wie Gamma schreibt, im Jahr 2016 von Zoë Müller."
SENTENCES = (FIRST, SECOND, THIRD, "Mehr dazu später in dieser Zeitung.")
TEXT = " ".join(SENTENCES)
BOUGHT = "Alpha kauft Beta für 5\N{NO-BREAK SPACE}Millionen Euro"
SAID = (
    Said("Alpha kauft Beta für 5 Millionen Euro.", "Alpha is buying Beta for 5 million euros.", (BOUGHT,)),
    Said(
        "Beta wurde im Jahr 2016 von Zoë Müller gegründet.",
        "Beta was founded by Zoë Müller in 2016.",
        ("Gegründet wurde Beta", "im Jahr 2016 von Zoë Müller"),
    ),
)
QUOTES = (BOUGHT, THIRD[:-1])
"""The text from the first to the last stretch of each claim."""
ENCODINGS = {"codepoints": ("utf-32-le", 4), "utf16": ("utf-16-le", 2), "utf8": ("utf-8", 1)}


@pytest.fixture(scope="module")
def article() -> claimbench.Corpus:
    return made(SENTENCES, SAID, nonclaims=("Ein Märchen", "\N{GRINNING FACE}!"))


def at(quote: str, unit: str = "codepoints", shift: int = 0) -> dict[str, int]:
    """Offsets of a stretch of the text in a unit, found by encoding what is before it."""
    name, width = ENCODINGS[unit]
    start = len(TEXT[: TEXT.index(quote)].encode(name)) // width
    return {"start": start + shift, "end": start + len(quote.encode(name)) // width + shift}


def right(unit: str, *, quoted: bool = False, copied: bool = False, shift: int = 0) -> list[dict[str, Any]]:
    """The gold claims as prediction lines with offsets in a unit, in the article's words or in their own."""
    return [
        {"text": quote if copied else said.text, **at(quote, unit, shift)}
        | ({"quote": quote} if quoted else {})
        for said, quote in zip(SAID, QUOTES, strict=True)
    ]


def scored(corpus: claimbench.Corpus, claims: list[dict[str, Any]], **line: Any) -> claimbench.Report:
    return claimbench.score("extraction", [{"id": ID, "claims": claims, **line}], corpus=corpus, by=())


def values(corpus: claimbench.Corpus, claims: list[dict[str, Any]], **line: Any) -> dict[str, float | None]:
    return {name: score.value for name, score in scored(corpus, claims, **line).metrics.items()}


def refusal(corpus: claimbench.Corpus, claims: list[dict[str, Any]], **line: Any) -> str:
    with pytest.raises(ProblemsError) as error:
        scored(corpus, claims, **line)
    return str(error.value)


@given(st.text())
def test_positions_are_the_codecs(text):
    """Offsets of every unit are those of Python's codecs, at every boundary and nowhere else."""
    if any("\ud800" <= c <= "\udfff" for c in text):
        return
    for unit, (name, width) in ENCODINGS.items():
        expected = {len(text[:i].encode(name)) // width: i for i in range(len(text) + 1)}
        assert positions(text, unit) == expected


@pytest.mark.parametrize("unit", OFFSETS)
def test_declared_offsets_score_alike_in_every_unit(article, unit):
    """Right spans are exact whatever unit they are declared in, and the signature names it."""
    report = scored(article, right(unit), offsets=unit)
    assert report.metrics["span_exact"].value == report.metrics["span_f1"].value == 1.0
    assert report.metrics == scored(article, right("codepoints")).metrics
    assert f"|offsets:{unit}|" in report.signature
    assert report.notes == ()


@pytest.mark.parametrize("unit", OFFSETS)
@pytest.mark.parametrize("evidence", ["quoted", "copied"])
def test_the_unit_is_found_from_quotes_or_copied_texts(article, unit, evidence):
    """Without a declaration the unit in which spans hold their quotes, or texts, is used and reported."""
    report = scored(article, right(unit, **{evidence: True}))
    assert f"|offsets:{unit}|" in report.signature
    assert report.metrics["span_exact"].value == 1.0
    assert [unit != "codepoints"] == [bool(report.notes)]
    assert all("hold the words of their claim" in note and "2 of 2" in note for note in report.notes)


def test_units_of_several_lines_and_runs_are_all_named(corpus):
    """A run is detected by itself; what differs among lines or runs stands in the signature."""
    first, second = corpus.articles[:2]

    def line(article: Any, unit: str | None, run: str) -> dict[str, Any]:
        claims = [{"text": article.text[:9], "start": 0, "end": 9}]
        return {"id": article.id, "claims": claims, "offsets": unit, "run": run}

    lines = [line(first, "utf16", "a"), line(second, "utf8", "a"), line(first, None, "b")]
    signature = claimbench.score("extraction", lines, corpus=corpus, by=()).signature
    assert "|offsets:codepoints,utf16+utf8|" in signature


def test_without_spans_nothing_is_said_of_them(article):
    """Claims without spans have undefined span scores, and no unit in the signature."""
    report = scored(article, [{"text": said.text} for said in SAID])
    assert "offsets" not in report.signature
    assert report.metrics["span_exact"].value is report.metrics["span_f1"].value is None
    assert report.metrics["span_given"].value == 0.0
    assert report.metrics["f1"].value == 1.0


def test_a_span_off_by_one_is_noticed(article):
    """Shifting every span by one leaves none exact, lowers the overlap, and is said of copied texts."""
    report = scored(article, right("codepoints", shift=-1))
    assert report.metrics["span_exact"].value == 0.0
    assert 0.9 < report.metrics["span_f1"].value < 1.0
    assert report.metrics["f1"].value == 1.0
    copied = scored(article, right("codepoints", copied=True, shift=-1))
    assert copied.notes == ("2 of 2 claims in the words of their article have a span with other words",)


def test_chance_hits_of_another_unit_leave_code_points(corpus):
    """Copied claims off by one stay code points and score, though behind one umlaut they fit UTF-8 bytes."""
    lines = [
        {
            "id": article.id,
            "claims": [
                {"text": span.quote, "start": span.start + 1, "end": span.end + 1}
                for claim in corpus.claims
                if claim.article == article.id
                for span in claim.spans
            ],
        }
        for article in corpus.articles
    ]
    report = claimbench.score("extraction", lines, corpus=corpus, by=())
    assert "|offsets:codepoints|" in report.signature
    assert report.metrics["span_exact"].value == 0.0
    assert report.metrics["span_f1"].value > 0.9


def test_units_that_are_not_declared_and_cannot_be_found_cost_exactness(article):
    """Spans in UTF-16 units or bytes, taken for code points, are not exact."""
    for unit in ("utf16", "utf8"):
        assert values(article, right(unit))["span_exact"] == 0.0


def test_a_wrong_quote_is_refused_with_the_unit_that_fits(article):
    """A quote that its span does not hold is an error at its pointer, with the unit or place that fits."""
    message = refusal(article, right("utf16", quoted=True), offsets="codepoints")
    assert (
        f"predictions:1 /claims/0/quote: expected the text at 3–{3 + len(BOUGHT)} in code points" in message
    )
    assert message.count('it fits offsets in UTF-16 code units: "utf16"') == 2
    shifted = refusal(article, right("codepoints", quoted=True, shift=-1))
    assert f"it stands at 2–{2 + len(BOUGHT)} in code points" in shifted
    foreign = refusal(article, [{"text": "x", "start": 0, "end": 3, "quote": "xyz"}])
    assert foreign.endswith("got 'xyz'")


def test_a_minority_of_quotes_by_another_unit_is_refused(article):
    """The unit of a run is that of most spans; a quote that fits another one only is an error."""
    mixed = [*right("codepoints", quoted=True), right("utf8", quoted=True)[1]]
    message = refusal(article, mixed)
    assert "/claims/2/quote" in message
    assert '"utf8"' in message
    assert "/claims/0" not in message


@pytest.mark.parametrize(
    ("claim", "line", "expected"),
    [
        (
            {"start": 0, "end": 999},
            {},
            f"/end: 999 lies outside the text of {len(TEXT)} code points",
        ),
        (
            {"start": 0, "end": 3},
            {"offsets": "utf8"},
            "/end: 3 bytes of UTF-8 end inside a character",
        ),
        ({"start": 1, "end": 9}, {"offsets": "utf16"}, "/claims/0/start: 1 UTF-16 code units end inside"),
        ({"start": 9, "end": 9}, {}, "/claims/0/start: 9 is not before the end 9"),
        ({"start": 9}, {}, "/claims/0: give both"),
        ({"quote": "Alpha"}, {}, "/claims/0/quote: a quote needs the 'start' and 'end'"),
    ],
)
def test_impossible_offsets_are_refused(article, claim, line, expected):
    """Offsets outside the text, inside a character, out of order or by halves are refused in place."""
    assert expected in refusal(article, [{"text": "Alpha", **claim}], **line)


def test_validate_holds_quotes_against_their_length(write, capsys):
    """Without the gold, a quote is a finding where its length fits no unit that it may be in."""
    face = {"id": ID, "claims": [{"text": "x", "start": 0, "end": 2, "quote": "\N{GRINNING FACE}"}]}
    args = ["validate", write([face]), "--as", "prediction-extraction"]
    assert main(args) == 0
    assert main([*args[:1], write([{**face, "offsets": "utf8"}], "b.jsonl"), *args[2:]]) == 1
    assert "/claims/0/quote: expected 2 from start to end, got 4 bytes of UTF-8" in capsys.readouterr().out
    alone = {"id": ID, "claims": [{"text": "x", "quote": "x"}]}
    assert main([*args[:1], write([alone], "c.jsonl"), *args[2:]]) == 1


def test_gaps_between_stretches_count_neither_way():
    """A span over all stretches is exact with or without regard to gaps; parts and overhang are counted."""
    place = ((10, 20), (30, 35))
    assert overlap(10, 35, place).exact
    assert (overlap(10, 20, place).shared, overlap(10, 20, place).system) == (10, 10)
    assert not overlap(10, 20, place).exact
    assert overlap(5, 40, place) == overlap(0, 35, ((5, 15), (25, 30)))
    assert overlap(21, 29, place).f1 == overlap(40, 50, place).f1 == 0.0


@given(
    st.lists(st.integers(0, 30), min_size=2, max_size=2, unique=True),
    st.lists(st.integers(0, 30), min_size=4, max_size=4, unique=True),
)
def test_overlap_counts_characters(span, place):
    """Overlap equals counting characters one by one."""
    (start, end), (a, b, c, d) = sorted(span), sorted(place)
    inside = {*range(a, b), *range(c, d)}
    characters = set(range(start, end))
    shared = len(characters & inside)
    found = overlap(start, end, ((a, b), (c, d)))
    assert (found.shared, found.gold) == (shared, len(inside))
    assert found.system == (len(characters - set(range(b, c))) if shared else end - start)


def test_spans_break_ties_of_equal_texts(article):
    """Of two claims with one text, the one in the right place is the match, whatever their order."""
    text = SAID[0].text
    good, astray = {"text": text, **at(BOUGHT)}, {"text": text, "start": 0, "end": 1}
    for claims in ([good, astray], [astray, good]):
        found = values(article, claims)
        assert (found["f1"], found["span_exact"]) == (0.5, 1.0)
        assert found["duplicate_rate"] == 0.5


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_ties_never_outweigh_a_score(seed):
    """The sum of scores is the same with and without tie-breakers, which decide among its optima alone."""
    import numpy as np

    draw = np.random.default_rng(seed)
    scores = draw.integers(0, 5, (5, 4)) / 4.0
    ties = draw.random((5, 4))
    with_ties, without = assign(scores, ties, 0.5), assign(scores, np.zeros((5, 4)), 0.5)

    def total(found: list[int | None]) -> float:
        return sum(scores[i, j] for i, j in enumerate(found) if j is not None)

    assert total(with_ties) == total(without)
    assert sum(round(64 * ties[i, j]) for i, j in enumerate(with_ties) if j is not None) >= sum(
        round(64 * ties[i, j]) for i, j in enumerate(without) if j is not None
    )


def test_a_claim_in_stretches_without_claims_is_judged(article):
    """A span whose letters lie in non-claim regions, over their seams too, is wrong but not unjudged."""
    tale = {"text": "Etwas ganz anderes.", **at(SECOND)}
    assert values(article, [tale])["unjudged_rate"] == 0.0
    assert values(article, [{**tale, "end": tale["end"] + 4}])["unjudged_rate"] == 1.0


def test_says_and_located_agree_on_claims_without_spans():
    """A claim without a span is nowhere and says nothing of units."""
    bare = ExtractedClaim(text="x")
    assert located("x", bare, "utf8") is None
    assert not says("x", bare, "utf8")


def test_the_table_shows_what_the_offsets_were_taken_for(write, capsys, corpus):
    """On the command line the note about a detected unit stands above the signature."""
    first = corpus.articles[0]
    start = next(i for i, c in enumerate(first.text) if ord(c) > 127) + 1
    quote = first.text[start : start + 30]
    offset = len(first.text[:start].encode())
    claims = [{"text": "x", "start": offset, "end": offset + len(quote.encode()), "quote": quote}]
    assert main(["score", "extraction", write([{"id": first.id, "claims": claims}])]) == 0
    assert "offsets are read as bytes of UTF-8" in " ".join(capsys.readouterr().out.split())
