"""What the shipped gold promises, in numbers and by its guidelines."""

from __future__ import annotations

from collections import Counter

import pytest

from claimbench.records import LANGUAGES
from claimbench.tasks.qa import answer_score


@pytest.fixture(scope="module")
def propositions(corpus):
    return [item for item in corpus.verification if item.language == "en"]


def test_every_label_has_enough_propositions(propositions):
    """Supported, refuted and not_enough_info have at least 45 propositions each, conflicting some."""
    labels = Counter(item.label for item in propositions)
    assert min(labels[x] for x in ("supported", "refuted", "not_enough_info")) >= 45
    assert labels["conflicting"] > 0


def test_splits_are_near_30_20_50(propositions):
    """Train, validation and test hold about 30, 20 and 50 percent of the propositions."""
    splits = Counter(item.split for item in propositions)
    for split, share in (("train", 0.3), ("validation", 0.2), ("test", 0.5)):
        assert splits[split] / len(propositions) == pytest.approx(share, abs=0.03)


def test_propositions_and_questions_come_in_three_languages(corpus):
    """Every family has its German, Dutch and English item."""
    for items in (corpus.verification, corpus.questions):
        assert Counter(item.language for item in items) == dict.fromkeys(LANGUAGES, len(items) // 3)


def test_some_items_need_two_sentences_or_two_sources(corpus, propositions):
    """At least 20 propositions need two sentences, 12 need two sources, and so do 12 questions."""
    several = [p for p in propositions if p.evidence and min(len(e.sentences) for e in p.evidence) > 1]
    assert len(several) >= 20
    assert sum(p.sources_needed > 1 for p in propositions) >= 12
    assert sum(q.sources_needed > 1 for q in corpus.questions if q.language == "en") >= 12


def test_test_split_rests_on_many_components(corpus):
    """The test split has at least 25 components, and none holds more than a tenth of all items."""
    assert len({fact.component for fact in corpus.facts if fact.split == "test"}) >= 25
    share = Counter(corpus.fact_by_id[item.facts[0]].component for item in corpus.verification)
    assert max(share.values()) <= len(corpus.verification) / 10


def test_questions_of_every_kind_and_some_without_answer(corpus):
    """All kinds occur, and at least 16 questions have no answer in the articles."""
    questions = [q for q in corpus.questions if q.language == "en"]
    assert len({q.kind for q in questions}) == 12
    assert sum(not q.answerable for q in questions) >= 16


def test_a_presupposed_claim_is_no_repeat(corpus):
    """What an article states anywhere is not annotated as presupposed by it (1.10)."""
    of_fact = Counter((claim.article, claim.fact) for claim in corpus.claims)
    assert not [c.id for c in corpus.claims if c.presupposed and of_fact[c.article, c.fact] > 1]


def test_a_reading_rests_on_its_claims(corpus):
    """Footing and time of a reading are those of one of its claims (2)."""
    claim_by_id = {claim.id: claim for claim in corpus.claims}
    for fact in corpus.facts:
        for reading in fact.readings:
            claims = [claim_by_id[claim] for claim in reading.claims]
            footing = [(claim.certainty, claim.attribution) for claim in claims]
            times = {claim.time.value for claim in claims if claim.time}
            assert (reading.certainty, reading.attribution) in footing, fact.id
            assert reading.as_of in (times or {None}), fact.id


def test_accepted_answers_are_right_and_given_once(corpus):
    """Every accepted wording scores as exact and typed match, and no answer lists it twice."""
    for question in corpus.questions:
        for answer in question.answers:
            wordings = (answer.text, *answer.variants)
            assert len(set(wordings)) == len(wordings), question.id
            assert all(answer_score(question, wording) == (True, True, 1.0) for wording in wordings)
