"""What a fact record must mean."""

from __future__ import annotations

from collections.abc import Iterator

from claimbench.records import Fact
from claimbench.validation.gold import Finding, Gold, Rule, show

JOINING = ("near", "contradicts", "refines", "supersedes")
"""Relations that put two facts into one component."""


def component_has_one_split(fact: Fact, gold: Gold) -> Iterator[Finding]:
    """All facts of a component are in one split."""
    first = gold.first_of_component[fact.component]
    if fact.split != first.split:
        expected = f"expected {first.split}, the split of {first.id} in the same component"
        yield "/split", f"{expected}, got {fact.split}"


def one_reading_an_article(fact: Fact, gold: Gold) -> Iterator[Finding]:
    """No article has two readings."""
    articles = [reading.article for reading in fact.readings]
    for number, article in enumerate(articles):
        if article in articles[:number]:
            yield f"/readings/{number}/article", f"expected one reading for {article}, got a second"


def relation_target(fact: Fact, gold: Gold) -> Iterator[Finding]:
    """A relation leads to another fact, or with null stays among the readings of this one."""
    for number, relation in enumerate(fact.relations):
        where = f"/relations/{number}/fact"
        if relation.fact is None:
            continue
        if relation.fact == fact.id:
            yield where, "expected another fact (or null for readings of this one), got this one"
        elif gold.lacks(relation.fact, gold.fact_by_id):
            yield where, f"there is no fact {show(relation.fact)}"


def related_share_component(fact: Fact, gold: Gold) -> Iterator[Finding]:
    """Facts that are near, contradict, refine or supersede each other are in one component."""
    for number, relation in enumerate(fact.relations):
        other = gold.fact_by_id.get(relation.fact or "")
        if relation.type in JOINING and other and other.component != fact.component:
            got = f"got {other.id} of {other.component}"
            yield f"/relations/{number}/fact", f"expected a fact of component {fact.component}, {got}"


def relation_articles(fact: Fact, gold: Gold) -> Iterator[Finding]:
    """The articles of a relation have readings of one of its facts."""
    for number, relation in enumerate(fact.relations):
        if relation.fact is not None and relation.fact not in gold.fact_by_id:
            continue
        facts = [fact] if relation.fact is None else [fact, gold.fact_by_id[relation.fact]]
        read = {reading.article for one in facts for reading in one.readings}
        for place, article in enumerate(relation.articles):
            if article not in read:
                where = f"/relations/{number}/articles/{place}"
                yield where, f"expected one of {', '.join(sorted(read))}, got {show(article)}"


def reading_articles(fact: Fact, gold: Gold) -> Iterator[Finding]:
    """The article of a reading exists."""
    for number, reading in enumerate(fact.readings):
        if gold.lacks(reading.article, gold.article_by_id):
            yield f"/readings/{number}/article", f"there is no article {show(reading.article)}"


def reading_claims(fact: Fact, gold: Gold) -> Iterator[Finding]:
    """The claims of a reading exist, are its article's and state this fact."""
    for number, reading in enumerate(fact.readings):
        for place, claim_id in enumerate(reading.claims):
            where = f"/readings/{number}/claims/{place}"
            claim = gold.claim_by_id.get(claim_id)
            if claim is None:
                if gold.lacks(claim_id, gold.claim_by_id):
                    yield where, f"there is no claim {show(claim_id)}"
            elif claim.article != reading.article:
                yield where, f"expected a claim of {reading.article}, got {claim.id}"
            elif claim.fact != fact.id:
                yield where, f"expected a claim of this fact, got {claim.id} of {claim.fact}"


OWN: tuple[Rule, ...] = (
    component_has_one_split,
    one_reading_an_article,
    relation_target,
    related_share_component,
    relation_articles,
)
LINKS: tuple[Rule, ...] = (reading_articles, reading_claims)
