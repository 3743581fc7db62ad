"""Comparing a text with a gold claim of an article: is it the same claim, does one hold the other?"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from claimbench.reading.corpus import Corpus
from claimbench.records import Article, Claim
from claimbench.tasks.contradiction import affirmed, known_names, negated, other_names
from claimbench.tasks.spans import Place
from claimbench.text.normalise import bag
from claimbench.text.quantities import lacking, quantities
from claimbench.text.similarity import similarity

THRESHOLD = 0.61
"""Least similarity of a match: the low end of the plateau that F1 has on validation pairs of one language,
as systems word claims less cleanly than the pairs. Above ``CONTRADICTED``, so that statements that contradict
each other never match."""
CONTENT = 0.7
"""Least share of one statement's tokens that another must hold to cover it."""

Wording = tuple[str, str]
"""A text and its language."""


class GoldClaim(msgspec.Struct, frozen=True):
    """One fact as an article states it: the first claim's sentence, every wording and place of it."""

    ids: tuple[str, ...]
    sentence: str
    wordings: tuple[Wording, ...]
    places: tuple[Place, ...]
    optional: bool
    known: frozenset[str]
    """The names that the corpus speaks of."""


Alike = Callable[[str, GoldClaim], float]
"""How alike a text and a gold claim are, from 0 to 1; from ``THRESHOLD`` on they match."""


def gold_claims(corpus: Corpus, article: Article) -> tuple[GoldClaim, ...]:
    """Return one gold claim per fact of an article, in reading order of the first statement."""
    by_fact: dict[str, list[Claim]] = {}
    for claim in corpus.claims:
        if claim.article == article.id:
            by_fact.setdefault(claim.fact, []).append(claim)
    return tuple(
        GoldClaim(
            ids=tuple(x.id for x in claims),
            sentence=corpus.sentence_of(min(claims, key=lambda x: x.spans[0].start)),
            wordings=tuple(dict.fromkeys(w for x in claims for w in _wordings(article, x))),
            places=tuple(tuple((span.start, span.end) for span in x.spans) for x in claims),
            optional=all(x.presupposed or x.checkworthiness == 0 for x in claims),
            known=known_names(corpus),
        )
        for claims in sorted(by_fact.values(), key=lambda group: min(x.spans[0].start for x in group))
    )


def _wordings(article: Article, claim: Claim) -> tuple[Wording, Wording]:
    return (claim.text, article.language), (claim.text_en, "en")


def alike(text: str, gold: GoldClaim) -> float:
    """Return the similarity of a text to the best wording of a gold claim; contradictions never match."""
    return max(similarity(text, wording, language) for wording, language in gold.wordings)


def holds(text: str, gold: GoldClaim) -> bool:
    """Whether a text holds the content of a gold claim: its quantities and most of its tokens."""
    return any(_holds(text, wording, language, gold.known) for wording, language in gold.wordings)


def held(text: str, gold: GoldClaim) -> bool:
    """Whether a gold claim holds the content of a text."""
    return any(_holds(wording, text, language, gold.known) for wording, language in gold.wordings)


def _holds(whole: str, part: str, language: str, known: frozenset[str]) -> bool:
    """Whether ``whole`` has enough of ``part``'s tokens, all its quantities, and says it of nobody else."""
    wanted = bag(part)
    if len(wanted & bag(whole if negated(part) else affirmed(whole))) < CONTENT * len(wanted):
        return False
    if negated(part) and not negated(whole):
        return False
    lacks = lacking(quantities(part, language), quantities(whole, language))
    return not lacks and not other_names(part, whole, known)
