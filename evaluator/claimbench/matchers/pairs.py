"""Pairs of statements of which the gold says whether they state the same fact.

Matches are two wordings of one fact: claims of the articles, their English renderings, the fact's statement
in three languages. A fact on which two articles contradict each other gives no matches. No matches are
wordings of two facts of one component (near facts), claims of one article that share half of their words, and
contrast partners of verification items, alike but for one edit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, product
from typing import Literal, get_args

import msgspec
from msgspec.structs import replace

from claimbench.reading.corpus import Corpus
from claimbench.records import Claim, Fact, Split
from claimbench.stats.clusters import joined_clusters
from claimbench.text.normalise import tokens

Wording = tuple[str, str]
"""A text and its language."""

Kind = Literal["fact", "near", "overlap", "contrast"]
"""Why a pair has its label; only "fact" pairs match."""
KINDS: tuple[Kind, ...] = get_args(Kind)

OVERLAP = 0.5
"""Share of the shorter claim's words that makes two claims of one article a hard pair."""


class Pair(msgspec.Struct, frozen=True):
    """Two wordings, why they match or do not, their split and cluster."""

    left: Wording
    right: Wording
    kind: Kind
    split: Split
    cluster: str

    @property
    def match(self) -> bool:
        """Whether both state the same fact."""
        return self.kind == "fact"

    @property
    def in_language(self) -> bool:
        """Whether both are in one language."""
        return self.left[1] == self.right[1]


def labelled_pairs(corpus: Corpus) -> tuple[Pair, ...]:
    """Return all pairs, sorted, each pair of wordings once; what matches in one place matches everywhere.

    ``cluster`` is a component, joined with others that a contrast's facts link it to. A pair of claims from
    two components counts with the first claim's, as joining those would leave too few clusters.
    """
    found: dict[tuple[Wording, Wording], Pair] = {}
    for pair in (*_same_fact(corpus), *_near(corpus), *_contrasts(corpus), *_overlapping(corpus)):
        left, right = sorted((pair.left, pair.right))
        if left != right:
            found.setdefault((left, right), replace(pair, left=left, right=right))
    return tuple(found[key] for key in sorted(found))


def _same_fact(corpus: Corpus) -> Iterator[Pair]:
    clusters, wordings = _clusters(corpus), _wordings(corpus)
    for fact in filter(_agreed, corpus.facts):
        for left, right in combinations(wordings[fact.id], 2):
            yield Pair(left, right, "fact", fact.split, clusters[fact.component])


def _agreed(fact: Fact) -> bool:
    """Whether no two articles contradict each other about a fact."""
    return not any(relation.type == "contradicts" and relation.fact is None for relation in fact.relations)


def _near(corpus: Corpus) -> Iterator[Pair]:
    clusters, wordings = _clusters(corpus), _wordings(corpus)
    for one, other in combinations(corpus.facts, 2):
        if one.component == other.component:
            for left, right in product(wordings[one.id], wordings[other.id]):
                yield Pair(left, right, "near", one.split, clusters[one.component])


def _overlapping(corpus: Corpus) -> Iterator[Pair]:
    clusters = _clusters(corpus)
    for one, other in combinations(corpus.claims, 2):
        fact, distinct = corpus.fact_by_id[one.fact], corpus.fact_by_id[other.fact]
        comparable = one.article == other.article and fact.split == distinct.split
        if comparable and fact.id != distinct.id and _overlap(one.text, other.text) >= OVERLAP:
            for left, right in product(_claimed(corpus, one), _claimed(corpus, other)):
                yield Pair(left, right, "overlap", fact.split, clusters[fact.component])


def _contrasts(corpus: Corpus) -> Iterator[Pair]:
    clusters = _clusters(corpus)
    items = {item.id: item for item in corpus.verification}
    for item in corpus.verification:
        partner = items.get(item.contrast_of or "")
        if partner and partner.language == item.language and partner.label != item.label:
            cluster = clusters[corpus.fact_by_id[item.facts[0]].component]
            left, right = (partner.claim, partner.language), (item.claim, item.language)
            yield Pair(left, right, "contrast", item.split, cluster)


def _clusters(corpus: Corpus) -> dict[str, str]:
    """Return the cluster of each component: joined where a contrast's facts are of several."""
    of_facts = [(fact.component,) for fact in corpus.facts]
    of_items = [_components(corpus, item.facts) for item in corpus.verification if item.contrast_of]
    names = joined_clusters([*of_facts, *of_items])
    return {group[0]: name for group, name in zip(of_facts, names, strict=False)}


def _components(corpus: Corpus, facts: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted({corpus.fact_by_id[fact].component for fact in facts}))


def _wordings(corpus: Corpus) -> dict[str, tuple[Wording, ...]]:
    """Return every wording of each fact, once."""
    found = {fact.id: dict.fromkeys(_stated(fact)) for fact in corpus.facts}
    for claim in corpus.claims:
        found[claim.fact].update(dict.fromkeys(_claimed(corpus, claim)))
    return {fact: tuple(wordings) for fact, wordings in found.items()}


def _stated(fact: Fact) -> tuple[Wording, ...]:
    return (fact.statement.de, "de"), (fact.statement.nl, "nl"), (fact.statement.en, "en")


def _claimed(corpus: Corpus, claim: Claim) -> tuple[Wording, ...]:
    return (claim.text, corpus.article_by_id[claim.article].language), (claim.text_en, "en")


def _overlap(left: str, right: str) -> float:
    a, b = Counter(tokens(left)), Counter(tokens(right))
    return sum((a & b).values()) / min(a.total(), b.total())
