"""Matching a system's claims with the gold claims of one article.

Strict matches are an optimal one-to-one assignment of pairs whose similarity reaches ``THRESHOLD``; among
equal optima the one whose spans overlap most, then the first in the order of system claims, then of gold,
counts. Texts decide who matches whom; beyond ties, spans say how well a match is placed, in which sentence a
claim is laid out and whether it lies where the article claims nothing. Coverage is many-to-many: a claim
covers the gold claims whose content it holds, however many.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from claimbench.reading.corpus import Corpus
from claimbench.records import Article, Claim, ExtractedClaim
from claimbench.stats.estimators import Floats
from claimbench.tasks.assignment import assign
from claimbench.tasks.contradiction import affirmed, known_names, negated, other_names
from claimbench.tasks.spans import Overlap, Place, best_overlap, in_nonclaim
from claimbench.text.normalise import tokens
from claimbench.text.quantities import quantities
from claimbench.text.similarity import similarity

THRESHOLD = 0.58
"""Least similarity of a match: the low end of the plateau that F1 has on validation pairs of one language,
as systems word claims less cleanly than the pairs. Above 0.5, so that opposed statements never match."""
CONTENT = 0.7
"""Least share of one statement's tokens that another must hold to cover it."""

Wording = tuple[str, str]
"""A text and its language."""


@dataclass(frozen=True)
class GoldClaim:
    """One fact as an article states it: the first claim's sentence, every wording and place of it."""

    fact: str
    sentence: str
    wordings: tuple[Wording, ...]
    places: tuple[Place, ...]
    optional: bool
    known: frozenset[str]
    """The names that the corpus speaks of."""


@dataclass(frozen=True)
class Judged:
    """What became of one system claim. ``neutral`` claims count nowhere; ``overlap`` is with the match."""

    sentence: str
    matched: bool
    neutral: bool
    unjudged: bool
    grounded: bool
    merge: bool
    duplicate: bool
    overreach: bool
    has_quantities: bool
    quantities_right: bool
    overlap: Overlap | None


@dataclass(frozen=True)
class Verdicts:
    """All judged claims, and for each gold claim whether it was matched, covered, split up."""

    claims: tuple[Judged, ...]
    gold: tuple[tuple[GoldClaim, bool, bool, bool], ...]


def gold_claims(corpus: Corpus, article: Article) -> tuple[GoldClaim, ...]:
    """Return one gold claim per fact of an article, in reading order of the first statement."""
    by_fact: dict[str, list[Claim]] = {}
    for claim in corpus.claims:
        if claim.article == article.id:
            by_fact.setdefault(claim.fact, []).append(claim)
    return tuple(
        GoldClaim(
            fact=fact,
            sentence=corpus.sentence_of(min(claims, key=lambda x: x.spans[0].start)),
            wordings=tuple(dict.fromkeys(w for x in claims for w in _wordings(article, x))),
            places=tuple(tuple((span.start, span.end) for span in x.spans) for x in claims),
            optional=all(x.presupposed or x.checkworthiness == 0 for x in claims),
            known=known_names(corpus),
        )
        for fact, claims in sorted(by_fact.items(), key=lambda pair: min(x.spans[0].start for x in pair[1]))
    )


def _wordings(article: Article, claim: Claim) -> tuple[Wording, Wording]:
    return (claim.text, article.language), (claim.text_en, "en")


def alike(text: str, gold: GoldClaim) -> float:
    """Return the similarity of a text to the best wording of a gold claim.

    It is 0 where their quantities disagree, one alone is negated, or each names whom the other does not.
    """
    return max(
        0.0 if other_names(text, wording, gold.known) else similarity(text, wording, language)
        for wording, language in gold.wordings
    )


def holds(text: str, gold: GoldClaim) -> bool:
    """Whether a text holds the content of a gold claim: its quantities and most of its tokens."""
    return any(_holds(text, wording, language, gold.known) for wording, language in gold.wordings)


def held(text: str, gold: GoldClaim) -> bool:
    """Whether a gold claim holds the content of a text."""
    return any(_holds(wording, text, language, gold.known) for wording, language in gold.wordings)


def _holds(whole: str, part: str, language: str, known: frozenset[str]) -> bool:
    """Whether ``whole`` has enough of ``part``'s tokens, all its quantities, and says it of nobody else."""
    if set(quantities(part, language)) - set(quantities(whole, language)) or other_names(part, whole, known):
        return False
    if negated(part) and not negated(whole):
        return False
    wanted = Counter(tokens(part))
    given = Counter(tokens(whole if negated(part) else affirmed(whole)))
    return (wanted & given).total() >= CONTENT * wanted.total()


def judge(article: Article, gold: tuple[GoldClaim, ...], claims: tuple[ExtractedClaim, ...]) -> Verdicts:
    """Match the claims of one article. The order of ``claims`` makes no difference."""
    ordered = sorted(claims, key=lambda x: (x.text, x.start or 0, x.end or 0))
    shape = len(ordered), len(gold)
    table = np.array([[alike(x.text, target) for target in gold] for x in ordered]).reshape(shape)
    placed = np.array([[_shared_place(x, target) for target in gold] for x in ordered]).reshape(shape)
    required = np.array([not target.optional for target in gold], dtype=bool)
    match = assign(np.where(required, table, 0.0), placed, THRESHOLD)
    taken = {j for j in match if j is not None}
    free = assign(np.where([j not in taken for j in range(len(gold))], table, 0.0), placed, THRESHOLD)
    covers = [{j for j, target in enumerate(gold) if holds(claim.text, target)} for claim in ordered]
    judged = tuple(
        _judge_one(article, gold, claim, match[i], free[i], table[i], covers[i])
        for i, claim in enumerate(ordered)
    )
    outcome = tuple(
        _judge_gold(j, target, ordered, j in taken, any(j in found for found in covers))
        for j, target in enumerate(gold)
    )
    return Verdicts(judged, outcome)


def _shared_place(claim: ExtractedClaim, target: GoldClaim) -> float:
    found = best_overlap(claim, target.places)
    return found.f1 if found else 0.0


def _judge_gold(
    j: int, target: GoldClaim, claims: list[ExtractedClaim], matched: bool, covered: bool
) -> tuple[GoldClaim, bool, bool, bool]:
    pieces = [claim for claim in claims if held(claim.text, target)]
    together = " ".join(claim.text for claim in pieces)
    split = not matched and not covered and len(pieces) > 1 and holds(together, target)
    return target, matched, matched or covered or split, split


def _judge_one(
    article: Article,
    gold: tuple[GoldClaim, ...],
    claim: ExtractedClaim,
    match: int | None,
    free: int | None,
    similarities: Floats,
    covers: set[int],
) -> Judged:
    target = gold[match] if match is not None else None
    near = int(similarities.argmax()) if similarities.size and similarities.max() >= THRESHOLD else None
    optional = target is None and free is not None and gold[free].optional
    matched = target is not None
    within = [j for j, other in enumerate(gold) if held(claim.text, other)]
    grounded = matched or bool(within) or _grounded_in(claim.text, [gold[j] for j in covers])
    judged_somehow = grounded or near is not None or bool(covers) or in_nonclaim(article, claim)
    numbers, right = _quantities(claim.text, target)
    return Judged(
        sentence=_sentence(article, gold, claim, match, near),
        matched=matched,
        neutral=optional,
        unjudged=not judged_somehow,
        grounded=grounded,
        merge=_apart(gold, covers) > 1,
        duplicate=not matched and near is not None and not gold[near].optional,
        overreach=bool(covers) and not within and not _grounded_in(claim.text, [gold[j] for j in covers]),
        has_quantities=numbers,
        quantities_right=right,
        overlap=best_overlap(claim, target.places) if target else None,
    )


def _apart(gold: tuple[GoldClaim, ...], covers: set[int]) -> int:
    """Return how many of some gold claims are left without those that another of them holds.

    Gold claims nest: that Alpha buys Beta for five million says that it buys Beta, and merges nothing.
    """
    left: list[int] = []
    for j in sorted(covers, key=lambda j: (-len(tokens(gold[j].wordings[0][0])), j)):
        if not any(holds(wording, gold[j]) for k in left for wording, _ in gold[k].wordings):
            left.append(j)
    return len(left)


def _quantities(text: str, target: GoldClaim | None) -> tuple[bool, bool]:
    """Whether the matched gold claim has quantities, and whether the text gives the same ones."""
    if target is None:
        return False, False
    pairs = [
        (set(quantities(w, language)), set(quantities(text, language))) for w, language in target.wordings
    ]
    gold_has = any(wanted for wanted, _ in pairs)
    return gold_has, gold_has and any(wanted == found for wanted, found in pairs)


def _grounded_in(text: str, targets: list[GoldClaim]) -> bool:
    """Whether most of a text's tokens come from the gold claims given, taken together."""
    if not targets:
        return False
    mine = tokens(text)
    for language in (0, 1):
        words = {word for target in targets for word in tokens(target.wordings[language][0])}
        if sum(word in words for word in mine) >= CONTENT * len(mine):
            return True
    return False


def _sentence(
    article: Article, gold: tuple[GoldClaim, ...], claim: ExtractedClaim, match: int | None, near: int | None
) -> str:
    """Return the sentence a claim is laid out in: of its span, its match, or the most alike wording."""
    if claim.start is not None:
        start = claim.start
        return next((s.id for s in article.sentences if start < s.end), article.sentences[-1].id)
    for j in (match, near):
        if j is not None:
            return gold[j].sentence
    mine = Counter(tokens(claim.text))

    def shared(index: int) -> int:
        sentence = article.sentences[index]
        return sum((mine & Counter(tokens(article.text[sentence.start : sentence.end]))).values())

    return article.sentences[max(range(len(article.sentences)), key=lambda i: (shared(i), -i))].id
