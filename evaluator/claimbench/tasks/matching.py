"""Matching a system's claims with the gold claims of one article.

Strict matches are an optimal one-to-one assignment of pairs whose similarity reaches ``THRESHOLD``; among
equal optima the first in the order of system claims, then of gold, counts. Coverage is many-to-many: a claim
covers the gold claims whose content it holds, however many.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from claimbench.reading.corpus import Corpus
from claimbench.records import Article, Claim, ExtractedClaim
from claimbench.stats.clusters import connected
from claimbench.stats.estimators import Floats, Ints
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
    """One fact as an article states it: the first claim's sentence and every wording of it."""

    fact: str
    sentence: str
    wordings: tuple[Wording, ...]
    optional: bool


@dataclass(frozen=True)
class Judged:
    """What became of one system claim. ``neutral`` claims count nowhere; ``target`` is the match."""

    claim: ExtractedClaim
    target: GoldClaim | None
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
            optional=all(x.presupposed or x.checkworthiness == 0 for x in claims),
        )
        for fact, claims in sorted(by_fact.items(), key=lambda pair: min(x.spans[0].start for x in pair[1]))
    )


def _wordings(article: Article, claim: Claim) -> tuple[Wording, Wording]:
    return (claim.text, article.language), (claim.text_en, "en")


def alike(text: str, gold: GoldClaim) -> float:
    """Return the similarity of a text to the best wording of a gold claim."""
    return max(similarity(text, wording, language) for wording, language in gold.wordings)


def holds(text: str, gold: GoldClaim) -> bool:
    """Whether a text holds the content of a gold claim: its quantities and most of its tokens."""
    return any(_share(wording, text, language) >= CONTENT for wording, language in gold.wordings)


def held(text: str, gold: GoldClaim) -> bool:
    """Whether a gold claim holds the content of a text."""
    return any(_share(text, wording, language) >= CONTENT for wording, language in gold.wordings)


def _share(part: str, whole: str, language: str) -> float:
    """Return the share of ``part``'s tokens that ``whole`` has; 0 where a quantity is lacking."""
    if set(quantities(part, language)) - set(quantities(whole, language)):
        return 0.0
    wanted = Counter(tokens(part))
    return sum((wanted & Counter(tokens(whole))).values()) / sum(wanted.values())


def judge(article: Article, gold: tuple[GoldClaim, ...], claims: tuple[ExtractedClaim, ...]) -> Verdicts:
    """Match the claims of one article. The order of ``claims`` makes no difference."""
    ordered = sorted(claims, key=lambda x: (x.text, x.start or 0, x.end or 0))
    table = np.array([[alike(claim.text, target) for target in gold] for claim in ordered])
    table = table.reshape(len(ordered), len(gold))
    required = np.array([not target.optional for target in gold], dtype=bool)
    match = assign(np.where(required, table, 0.0))
    taken = {j for j in match if j is not None}
    free = assign(np.where([j not in taken for j in range(len(gold))], table, 0.0))
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
    judged_somehow = grounded or near is not None or bool(covers) or _in_nonclaim(article, claim)
    numbers, right = _quantities(claim.text, target)
    return Judged(
        claim=claim,
        target=target,
        sentence=_sentence(article, gold, claim, match, near),
        matched=matched,
        neutral=optional,
        unjudged=not judged_somehow,
        grounded=grounded,
        merge=len(covers) > 1,
        duplicate=not matched and near is not None and not gold[near].optional,
        overreach=bool(covers) and not within and not _grounded_in(claim.text, [gold[j] for j in covers]),
        has_quantities=numbers,
        quantities_right=right,
    )


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


def _in_nonclaim(article: Article, claim: ExtractedClaim) -> bool:
    if claim.start is None or claim.end is None:
        return False
    return any(region.start <= claim.start and claim.end <= region.end for region in article.nonclaims)


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


def assign(table: Floats) -> list[int | None]:
    """Return for each row the column it is assigned, maximising the sum of entries >= THRESHOLD.

    Among equal optima the assignment whose rows, in order, take the smallest columns. Entries are compared as
    multiples of 2**-30, so that ties are exact.
    """
    weights = np.where(table >= THRESHOLD, np.rint(np.ldexp(table, 30)), 0.0).astype(np.int64)
    result: list[int | None] = [None] * table.shape[0]
    pairs = [(int(i), int(j)) for i, j in np.argwhere(weights > 0)]
    groups: dict[tuple[str, int], tuple[set[int], set[int]]] = {}
    head = connected([(("row", i), ("column", j)) for i, j in pairs])
    for i, j in pairs:
        left, right = groups.setdefault(head["row", i], (set(), set()))
        left.add(i)
        right.add(j)
    for left, right in groups.values():
        for i, j in _smallest_optimum(weights, sorted(left), sorted(right)).items():
            result[i] = j
    return result


def _smallest_optimum(weights: Ints, left: list[int], right: list[int]) -> dict[int, int]:
    chosen: dict[int, int] = {}
    rest = list(right)
    best = _optimum(weights, left, rest)
    for position, i in enumerate(left):
        later = left[position + 1 :]
        for j in rest:
            if (
                weights[i, j]
                and weights[i, j] + _optimum(weights, later, [k for k in rest if k != j]) == best
            ):
                chosen[i] = j
                best -= int(weights[i, j])
                rest.remove(j)
                break
    return chosen


def _optimum(weights: Ints, left: list[int], right: list[int]) -> int:
    if not left or not right:
        return 0
    if len(left) == 1 or len(right) == 1:
        return int(weights[np.ix_(left, right)].max())
    from scipy.optimize import linear_sum_assignment

    block = weights[np.ix_(left, right)]
    return int(block[linear_sum_assignment(block, maximize=True)].sum())
