"""Which claims match: granularity, languages, optional claims; and that opposites never do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import ID, Said, made

import claimbench
from claimbench.matchers import labelled_pairs
from claimbench.records import ExtractedClaim
from claimbench.tasks.assessing import Assessment, assess
from claimbench.tasks.contradiction import affirmed, known_names, negated, other_names
from claimbench.tasks.matching import THRESHOLD, GoldClaim, alike, gold_claims, held, holds

SENTENCE = (
    "Alpha kauft Beta für 5 Millionen Euro, verlegt den Sitz von Wien nach Genf und ernennt "
    "Zoë Müller zur Chefin."
)
PLAIN = "Der Aktienkurs von Gamma fiel am Dienstag um drei Prozent."
ATOMS = (
    Said(
        "Alpha kauft Beta für 5 Millionen Euro.", "At that, Alpha buys Beta for 5 million euros.", ("Alpha",)
    ),
    Said(
        "Alpha verlegt den Sitz von Wien nach Genf.",
        "In doing so, Alpha moves from Vienna to Geneva.",
        ("verlegt",),
    ),
    Said(
        "Alpha ernennt Zoë Müller zur Chefin.",
        "In doing so, Alpha appoints Zoë Müller as head.",
        ("ernennt",),
    ),
)
OTHER = Said(
    "Der Aktienkurs von Gamma fiel um drei Prozent.", "The shares of Gamma fell by 3 percent.", ("Gamma",)
)


@pytest.fixture(scope="module")
def article() -> claimbench.Corpus:
    return made((SENTENCE, PLAIN), (*ATOMS, OTHER))


def values(corpus: claimbench.Corpus, *texts: str) -> dict[str, float | None]:
    line = {"id": ID, "claims": [{"text": text} for text in texts]}
    return {
        name: score.value
        for name, score in claimbench.score("extraction", [line], corpus=corpus, by=()).metrics.items()
    }


def test_one_sentence_and_its_three_claims_cover_alike(article):
    """One claim that holds three gold claims covers as much as the three; headline and merge rate differ."""
    merged, apart = values(article, SENTENCE), values(article, *(one.text for one in ATOMS))
    assert merged["coverage"] == apart["coverage"] == 0.75
    assert apart["f1"] > 2 * merged["f1"]
    assert (merged["merge_rate"], apart["merge_rate"]) == (1.0, 0.0)
    assert merged["groundedness"] == apart["groundedness"] == 1.0


def test_several_claims_cover_a_gold_claim_that_holds_them_all():
    """A coarse gold claim is covered by its pieces, which shows as split, and not by one of them."""
    longer = f"{SENTENCE[:-1]}, obwohl der Aktienkurs von Gamma um drei Prozent fiel."
    corpus = made((longer,), (Said(longer, "All of this in English.", (longer,)),))
    whole = values(corpus, *(one.text for one in (*ATOMS, OTHER)))
    assert (whole["coverage"], whole["split_rate"], whole["f1"]) == (1.0, 1.0, 0.0)
    assert values(corpus, ATOMS[0].text)["coverage"] == 0.0
    assert values(corpus, longer)["split_rate"] == 0.0


def test_copied_sentences_are_seen_through(corpus):
    """A system that returns every sentence as it is covers most, but its headline is low and it merges."""
    lines = [
        {
            "id": a.id,
            "claims": [
                {"text": a.text[s.start : s.end], "start": s.start, "end": s.end} for s in a.sentences
            ],
        }
        for a in corpus.articles
    ]
    found = claimbench.score("extraction", lines, corpus=corpus, by=()).metrics
    atomic = [
        {
            "id": a.id,
            "claims": [{"text": c.text} for c in corpus.claims if c.article == a.id and not c.duplicate_of],
        }
        for a in corpus.articles
    ]
    right = claimbench.score("extraction", atomic, corpus=corpus, by=()).metrics
    assert found["coverage"].value > 0.6
    assert found["f1"].value < 0.5
    assert found["merge_rate"].value > 0.2 > right["merge_rate"].value
    assert found["span_exact"].value < 0.1


OPPOSITES = [
    ("Alpha kauft Beta für 6 Millionen Euro.", "another sum"),
    ("Alpha kauft Beta für 5 Milliarden Euro.", "another scale"),
    ("Alpha kauft Beta für 5 Millionen Dollar und 7 Millionen Euro.", "another sum beside another currency"),
    ("Alpha kauft Beta nicht für 5 Millionen Euro.", "a negation"),
    ("Niemals kauft Alpha Beta für 5 Millionen Euro.", "a negation in front"),
    ("Gamma kauft Beta für 5 Millionen Euro.", "another buyer"),
    ("Alpha kauft Gamma für 5 Millionen Euro.", "another thing bought"),
    ("At that, Gamma buys Beta for 5 million euros.", "another buyer, in English"),
    ("At that, Alpha never buys Beta for 5 million euros.", "a negation, in English"),
]


@pytest.mark.parametrize(("text", "why"), OPPOSITES, ids=[why for _, why in OPPOSITES])
def test_opposites_never_match(article, text, why):
    """A claim with another quantity, name or polarity matches, covers and grounds nothing."""
    found = values(article, text)
    assert (found["f1"], found["coverage"], found["groundedness"]) == (0.0, 0.0, 0.0)


def test_what_differs_from_the_opposites_by_one_word_matches(article):
    """The wordings that the opposites were made from match."""
    for text in (ATOMS[0].text, ATOMS[0].text_en, "Für 5 Millionen Euro kauft Alpha Beta."):
        assert values(article, text)["recall"] == 0.25


def test_no_gold_match_has_other_names(corpus):
    """Of the labelled pairs that match, next to none is taken for one about somebody else."""
    known = known_names(corpus)
    assert {"meta", "google", "wang", "scale"} <= known
    assert not {"ai", "ceo", "us", "reuters"} & known
    pairs = labelled_pairs(corpus)
    assert sum(other_names(p.left[0], p.right[0], known) for p in pairs if p.match) < 0.01 * len(pairs)
    assert sum(other_names(p.left[0], p.right[0], known) for p in pairs if not p.match) > 100


def test_a_clause_that_is_denied_is_not_held():
    """What a text says under negation it does not hold; its other clauses it does."""
    assert negated("Alpha won't buy")
    assert not negated("Alpha kauft Beta")
    assert affirmed("Alpha kauft Beta, Gamma jedoch nicht.") == "alpha kauft beta "
    gold = GoldClaim(("c",), "s", (("Alpha kauft Beta", "de"),), (), optional=False, known=frozenset())
    assert holds("Alpha kauft Beta, Gamma jedoch bleibt nicht.", gold)
    assert not holds("Wie es heißt, kauft Alpha Beta nicht.", gold)
    assert not held("Alpha kauft Beta nicht", gold)


def test_either_language_matches(article):
    """A claim may be worded in the article's language or in English; both at once repeat each other."""
    assert values(article, ATOMS[1].text)["f1"] == values(article, ATOMS[1].text_en)["f1"] == 0.4
    both = values(article, ATOMS[1].text, ATOMS[1].text_en)
    assert both["duplicate_rate"] == 0.5


@pytest.mark.parametrize("change", [{"checkworthiness": 0}, {"presupposed": True}])
def test_optional_claims_neither_help_nor_hurt(change: dict[str, Any]):
    """Matching a truism or a presupposed claim changes nothing, and neither does leaving it out."""
    optional = Said("Wien liegt in Österreich.", "Vienna is in Austria.", ("Wien",), **change)
    corpus = made((SENTENCE,), (*ATOMS, optional))
    texts = [one.text for one in ATOMS]
    assert values(corpus, *texts) == values(corpus, *texts, optional.text)
    assert values(corpus, *texts)["f1"] == 1.0


def of_gold(corpus: claimbench.Corpus, wanted: Any, times: int = 1) -> dict[str, int]:
    """The counts of a system that gives some gold claims of every article, each so many times."""
    lines = [
        {
            "id": a.id,
            "claims": [{"text": c.text} for c in corpus.claims if c.article == a.id and wanted(c)] * times,
        }
        for a in corpus.articles
    ]
    items = claimbench.score("extraction", lines, corpus=corpus, by=()).items
    assert items is not None
    return dict(zip(items.columns, np.sum(items.rows, axis=0).tolist(), strict=True))


@pytest.mark.parametrize("times", [1, 3])
def test_optional_gold_claims_are_neutral_by_themselves(corpus, times):
    """Presupposed claims and truisms in the words of the gold count nowhere, however often they are given."""
    found = of_gold(corpus, lambda claim: claim.presupposed or claim.checkworthiness == 0, times)
    assert found["tp"] == found["fp"] == found["claims"] == 0
    assert found["fn"] == found["gold"]


def test_the_gold_is_right_once_a_fact(corpus):
    """Of all gold claims, the first of every fact is right and its repeats are wrong, as duplicates."""
    first = of_gold(corpus, lambda claim: claim.duplicate_of is None)
    assert (first["tp"], first["fp"], first["fn"]) == (first["gold"], 0, 0)
    repeats = sum(claim.duplicate_of is not None for claim in corpus.claims)
    for times in (1, 2):
        found = of_gold(corpus, lambda claim: True, times)
        again = repeats * times + first["gold"] * (times - 1)
        assert (found["tp"], found["fp"], found["fn"]) == (first["gold"], again, 0)
        assert found["duplicate"] == again


def assessed(table: Any, optional: Any) -> Assessment:
    """What becomes of system claims of given similarities to gold claims, some of them optional."""
    claims = tuple(ExtractedClaim(text=f"w{i}") for i in range(len(table)))
    gold = tuple(
        GoldClaim((f"c{j}",), "s", ((f"v{j}", "de"),), (), optional=free, known=frozenset())
        for j, free in enumerate(optional)
    )
    (article,) = made((SENTENCE, PLAIN), (*ATOMS, OTHER)).articles
    return assess(
        article, gold, claims, alike=lambda text, target: table[int(text[1:])][int(target.ids[0][1:])]
    )


@pytest.mark.parametrize(
    ("table", "became"),
    [
        ([[0.9, 0.8]], "t"),
        ([[0.8, 0.8]], "t"),
        ([[0.8, 0.9]], "n"),
        ([[0.8, 0.9], [0.8, 0.9]], "nn"),
        ([[0.9, 0.8], [0.9, 0.8]], "tf"),
        ([[0.9, 0.8], [0.7, 0.0]], "tf"),
        ([[0.8, 0.8], [0.7, 0.0]], "nt"),
        ([[0.9, 0.9], [0.9, 0.9]], "tn"),
    ],
)
def test_a_claim_is_neutral_where_it_is_most_like_an_optional_one(table, became):
    """Beside one required and one optional gold claim: t is right, n neutral, f wrong."""
    found = assessed(table, [False, True]).claims
    assert "".join("t" if x.matched else "n" if x.neutral else "f" for x in found) == became


@settings(max_examples=200)
@given(st.data())
def test_neutral_claims_change_nothing_and_none_is_right_about_less_than_it_says(data):
    """Whatever the similarities, what is most like an optional gold claim alone counts nowhere and changes
    nothing; nothing is right about a gold claim that it is less like than an optional one."""
    claims, gold = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 5))
    level = st.sampled_from([0.0, 0.5, 0.62, 0.7, 0.8, 0.9, 1.0])
    table = np.array(
        data.draw(st.lists(st.lists(level, min_size=gold, max_size=gold), min_size=claims, max_size=claims))
    )
    optional = np.array(data.draw(st.lists(st.booleans(), min_size=gold, max_size=gold)))
    best = np.where(optional, table, 0.0).max(axis=1)
    needed = np.where(optional, 0.0, table).max(axis=1)
    free = (best >= THRESHOLD) & (best > needed)
    found = assessed(table, optional).claims
    for i, one in enumerate(found):
        assert one.neutral or not free[i]
        assert not (one.neutral and (one.matched or best[i] < needed[i]))
        if one.target is not None:
            assert not one.target.optional
            assert table[i, int(one.target.ids[0][1:])] >= best[i]
    rest = assessed(table[~free], optional).claims
    assert sum(one.matched for one in rest) == sum(one.matched for one in found)


def test_the_order_of_claims_makes_no_difference(corpus):
    """Gold claims, optional and repeated ones among them, give the same rows forwards and backwards."""
    lines = [
        {"id": a.id, "claims": [{"text": c.text} for c in corpus.claims if c.article == a.id] * 2}
        for a in corpus.articles
    ]
    backwards = [{**line, "claims": line["claims"][::-1]} for line in lines]
    one, other = (claimbench.score("extraction", x, corpus=corpus, by=()) for x in (lines, backwards))
    assert one.items == other.items


def test_similarity_of_gold_wordings_stays(corpus):
    """Every gold wording is wholly like its own gold claim."""
    for article in corpus.articles:
        for gold in gold_claims(corpus, article):
            assert all(alike(text, gold) == 1.0 > THRESHOLD for text, _ in gold.wordings)
