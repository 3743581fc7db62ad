"""What becomes of the claims that a system found in one article.

Strict matches are an optimal one-to-one assignment of pairs that are alike from ``THRESHOLD`` on; among
equal optima the one whose spans overlap most, then the first in the order of system claims, then of gold,
counts. A claim that is more like an optional gold claim than like any required one is neutral, however often
it is made, and although a required one is missed: what a claim says does not hang on what others say. Texts
decide who matches whom; beyond ties, spans say how well a match is placed, in which sentence a claim is laid
out and whether it lies where the article claims nothing. Coverage is many-to-many: a claim covers the gold
claims whose content it holds, however many. What all this leaves open people may decide.
"""

from __future__ import annotations

from collections import Counter

import msgspec
import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from claimbench.records import Article, ExtractedClaim
from claimbench.stats.estimators import Floats
from claimbench.tasks.assignment import assign
from claimbench.tasks.decisions import NONE, Decisions
from claimbench.tasks.matching import CONTENT, THRESHOLD, Alike, GoldClaim, alike, held, holds
from claimbench.tasks.spans import Overlap, best_overlap, in_nonclaim
from claimbench.text.normalise import tokens
from claimbench.text.quantities import lacking, quantities


class Assessed(msgspec.Struct, frozen=True):
    """What became of one system claim. ``neutral`` claims count nowhere; ``overlap`` is with the match.

    ``target`` is the gold claim that it is assigned to.
    """

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
    overlap: Overlap | None


class Assessment(msgspec.Struct, frozen=True):
    """All claims of an article, and for each gold claim whether it was matched, covered, split up."""

    claims: tuple[Assessed, ...]
    gold: tuple[tuple[GoldClaim, bool, bool, bool], ...]


class _Compared(msgspec.Struct, frozen=True):
    """A system claim beside every gold claim, whatever else the system claims.

    ``settled`` says whether the gold, its non-claims or a person decide about it.
    """

    claim: ExtractedClaim
    alike: tuple[float, ...]
    placed: tuple[float, ...]
    covers: frozenset[int]
    within: frozenset[int]
    settled: bool


def assess(
    article: Article,
    gold: tuple[GoldClaim, ...],
    claims: tuple[ExtractedClaim, ...],
    *,
    alike: Alike = alike,
    decisions: Decisions = NONE,
) -> Assessment:
    """Match the claims of one article. The order of ``claims`` makes no difference.

    ``decisions`` concern claims that are not settled without them. A claim decided to be correct is matched
    as if it were in the gold, but missing it costs nothing.
    """
    ordered = sorted(claims, key=lambda x: (x.text, x.start or 0, x.end or 0))
    compared = [_decided(_compare(article, gold, x, alike), article, gold, decisions) for x in ordered]
    table = np.array([x.alike for x in compared]).reshape(len(ordered), len(gold))
    placed = np.array([x.placed for x in compared]).reshape(table.shape)
    match, neutral = _matched(table, placed, np.array([target.optional for target in gold], dtype=np.bool_))
    taken = {j for j in match if j is not None}
    adopted = _adopted(article, compared, alike, decisions)
    assessed = tuple(
        _assess(article, gold, one, match[i], neutral[i], adopted.get(i)) for i, one in enumerate(compared)
    )
    outcome = tuple(
        _outcome(j, target, ordered, j in taken, any(j in one.covers for one in compared))
        for j, target in enumerate(gold)
    )
    return Assessment(assessed, outcome)


def _matched(
    table: Floats, placed: Floats, optional: npt.NDArray[np.bool_]
) -> tuple[list[int | None], list[bool]]:
    """Return the required gold claim of each system claim, and which system claims are neutral.

    One assignment finds both: it maximises the sum of similarities, where optional gold claims take any
    number of system claims, but none that is more like a required one, of which it may be a repeat. No claim
    is right about a fact that it is less like than an optional one; of equals the required one is taken.
    """
    gold = table.shape[1]
    required, free = np.where(optional, 0.0, table), np.where(optional, table, 0.0).max(axis=1, initial=0.0)
    own = np.diag(np.where(free >= required.max(axis=1, initial=0.0), free, 0.0))
    pairs = np.where(required >= free[:, np.newaxis], required, 0.0)
    found = assign(np.hstack([pairs, own]), np.hstack([placed, np.zeros_like(own)]), THRESHOLD)
    neutral = [j is not None and j >= gold for j in found]
    return [None if apart else j for j, apart in zip(found, neutral, strict=True)], neutral


def _compare(article: Article, gold: tuple[GoldClaim, ...], claim: ExtractedClaim, alike: Alike) -> _Compared:
    similarities = tuple(alike(claim.text, target) for target in gold)
    overlaps = [best_overlap(claim, target.places) for target in gold]
    covers = frozenset(j for j, target in enumerate(gold) if holds(claim.text, target))
    within = frozenset(j for j, target in enumerate(gold) if held(claim.text, target))
    near = max(similarities, default=0.0) >= THRESHOLD
    settled = near or bool(covers or within) or in_nonclaim(article, claim)
    placed = tuple(found.f1 if found else 0.0 for found in overlaps)
    return _Compared(claim, similarities, placed, covers, within, settled)


def _decided(
    one: _Compared, article: Article, gold: tuple[GoldClaim, ...], decisions: Decisions
) -> _Compared:
    decision = None if one.settled else decisions.on(article.id, one.claim.text)
    if decision is None or decision.judgement == "correct":
        return one
    chosen = {j for j, target in enumerate(gold) if decision.matches in target.ids}
    similarities = tuple(1.0 if j in chosen else found for j, found in enumerate(one.alike))
    return replace(one, alike=similarities, within=frozenset(chosen), settled=True)


def _adopted(
    article: Article, compared: list[_Compared], alike: Alike, decisions: Decisions
) -> dict[int, bool]:
    """Return for the claims that are like one found correct whether they are its match or a repeat."""
    targets = decisions.adopted(article, alike)
    left = [i for i, one in enumerate(compared) if not one.settled]
    if not targets or not left:
        return {}
    table = np.array([[alike(compared[i].claim.text, target) for target in targets] for i in left])
    match = assign(table, np.zeros_like(table), THRESHOLD)
    near = table.max(axis=1) >= THRESHOLD
    return {i: match[row] is not None for row, i in enumerate(left) if near[row]}


def _outcome(
    j: int, target: GoldClaim, claims: list[ExtractedClaim], matched: bool, covered: bool
) -> tuple[GoldClaim, bool, bool, bool]:
    pieces = [claim for claim in claims if held(claim.text, target)]
    together = " ".join(claim.text for claim in pieces)
    split = not matched and not covered and len(pieces) > 1 and holds(together, target)
    return target, matched, matched or covered or split, split


def _assess(
    article: Article,
    gold: tuple[GoldClaim, ...],
    one: _Compared,
    match: int | None,
    neutral: bool,
    adopted: bool | None,
) -> Assessed:
    target = gold[match] if match is not None else None
    near = max(range(len(gold)), key=one.alike.__getitem__, default=None)
    near = near if near is not None and one.alike[near] >= THRESHOLD else None
    composed = _composed(one.claim.text, [gold[j] for j in one.covers])
    matched = target is not None or adopted is True
    repeats = adopted is False or (not matched and near is not None and not gold[near].optional)
    numbers, right = _quantities(one.claim.text, target)
    return Assessed(
        claim=one.claim,
        target=target,
        sentence=_sentence(article, gold, one.claim, match, near),
        matched=matched,
        neutral=neutral,
        unjudged=not one.settled and adopted is None,
        grounded=matched or bool(one.within) or composed or adopted is False,
        merge=_apart(gold, one.covers) > 1,
        duplicate=repeats,
        overreach=bool(one.covers) and not one.within and not composed,
        has_quantities=numbers,
        quantities_right=right,
        overlap=best_overlap(one.claim, target.places) if target else None,
    )


def _apart(gold: tuple[GoldClaim, ...], covers: frozenset[int]) -> int:
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
    pairs = [(quantities(w, language), quantities(text, language)) for w, language in target.wordings]
    gold_has = any(wanted for wanted, _ in pairs)
    same = any(not lacking(wanted, found) and not lacking(found, wanted) for wanted, found in pairs)
    return gold_has, gold_has and same


def _composed(text: str, targets: list[GoldClaim]) -> bool:
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
