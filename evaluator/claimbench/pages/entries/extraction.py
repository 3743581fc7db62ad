"""Claims for reading: the gold ones with what a system made of them, and those that match no gold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from claimbench.pages.entries.entry import Entry, Mark, Said, joined, quantities_said, share
from claimbench.pages.shown import Shown, shown
from claimbench.reading.corpus import Corpus
from claimbench.records import Article, ExtractedClaim, ExtractionPrediction
from claimbench.tasks.assessing import Assessed, assess
from claimbench.tasks.base import answered
from claimbench.tasks.extraction import TASK
from claimbench.tasks.matching import THRESHOLD, GoldClaim, alike, gold_claims


def entries(corpus: Corpus, predictions: Mapping[str, ExtractionPrediction], split: str) -> list[Entry]:
    """Return an entry per gold claim of every article, then one per system claim without a match."""
    found: list[Entry] = []
    for article in corpus.articles if split == "test" else ():
        prediction = answered(predictions, article.id)
        claims = prediction.claims if prediction is not None else None
        made = _of_article(corpus, article, claims if isinstance(claims, tuple) else ())
        if prediction is None:
            state = TASK.state(predictions.get(article.id)).value
            made = [replace(e, outcome=state) if e.right is False else e for e in made]
        found += made
    return found


def _of_article(corpus: Corpus, article: Article, claims: tuple[ExtractedClaim, ...]) -> list[Entry]:
    gold = gold_claims(corpus, article)
    found = assess(article, gold, claims)
    matched = {one.target.ids: one for one in found.claims if one.target is not None}
    texts = [one.claim.text for one in found.claims]
    result = [
        _gold_entry(corpus, article, target, matched.get(target.ids), covered, split, texts)
        for target, _, covered, split in found.gold
    ]
    lone = [one for one in found.claims if one.target is None]
    return result + [_lone_entry(article, gold, one, n) for n, one in enumerate(lone, start=1)]


def _gold_entry(
    corpus: Corpus,
    article: Article,
    target: GoldClaim,
    match: Assessed | None,
    covered: bool,
    split: bool,
    texts: list[str],
) -> Entry:
    outcome = _gold_outcome(target, match, covered, split)
    claims = [c for c in corpus.claims if c.id in target.ids]
    spans = [(s.start, s.end) for claim in claims for s in claim.spans]
    text = match.claim.text if match else None
    said = [Said("claim", target.wordings[0][0], (shown(text) if text is not None else "–",))]
    if text is not None:
        said += quantities_said(target.wordings, text, article.language)
    return Entry(
        key=f"extraction/{article.id}/{claims[0].fact}",
        id=claims[0].id,
        task="extraction",
        title=target.wordings[0][0],
        language=article.language,
        right=None if target.optional else match is not None,
        score=None if target.optional else float(match is not None),
        outcome=outcome,
        fields={"label": f"check-worthiness {max(c.checkworthiness for c in claims)}", "article": article.id},
        said=tuple(said),
        reason=_gold_reason(target, match, covered, texts),
        marks=_marks(article, spans, match.claim if match else None),
    )


def _gold_outcome(target: GoldClaim, match: Assessed | None, covered: bool, split: bool) -> str:
    if match:
        return "matched"
    if target.optional:
        return "optional, not given"
    if split:
        return "missed, split into several"
    return "missed, covered by another" if covered else "missed"


def _gold_reason(
    target: GoldClaim, match: Assessed | None, covered: bool, texts: list[str]
) -> tuple[Shown, ...]:
    if match:
        return (f"Assigned one to one: similarity {share(alike(match.claim.text, target))}.",)
    optional = ("It is optional: of check-worthiness 0 or presupposed.",) if target.optional else ()
    if not texts:
        return (*optional, "The system gives no claim for this article.")
    value, text = max((alike(text, target), text) for text in texts)
    if value >= THRESHOLD:
        near = f"The nearest claim is alike enough ({share(value)}), but is assigned to another gold claim:"
    else:
        near = f"The nearest claim reaches similarity {share(value)}, and {THRESHOLD} is needed:"
    other = ("A claim with more in it holds its content, so coverage counts it.",) if covered else ()
    return (*optional, *other, joined(near, shown(text)))


def _lone_entry(article: Article, gold: tuple[GoldClaim, ...], one: Assessed, n: int) -> Entry:
    text = one.claim.text
    target = max(gold, key=lambda other: alike(text, other)) if gold else None
    said = [Said("claim", "–", (shown(text),))]
    if one.claim.score is not None:
        said.append(Said("score", "", (f"{one.claim.score:.4g}",)))
    return Entry(
        key=f"extraction/{article.id}/system-{n}",
        id=f"{article.id} · system claim {n}",
        task="extraction",
        title=shown(text),
        language=article.language,
        right=None if one.neutral else False,
        score=None if one.neutral else 0.0,
        outcome=_lone_outcome(one),
        fields={"label": "not in the gold", "article": article.id},
        said=tuple(said),
        reason=_lone_reason(one, text, target),
        marks=_marks(article, (), one.claim, sentence=one.sentence),
    )


def _lone_outcome(one: Assessed) -> str:
    if one.neutral:
        return "optional"
    for name, said in (("duplicate", "duplicate"), ("overreach", "over-reach"), ("merge", "merge")):
        if getattr(one, name):
            return said
    return "unjudged" if one.unjudged else "wrong"


_WHY = {
    "optional": "It is most like an optional gold claim and leaves the denominator.",
    "duplicate": "It is alike to a gold claim that another claim has taken.",
    "over-reach": "It holds a gold claim's content and adds what the gold does not say.",
    "merge": "It joins several gold claims in one.",
    "unjudged": "It is not like anything in the gold; the headline counts it wrong, the other end of the "
    "interval for unjudged claims counts it right.",
    "wrong": "It matches no gold claim.",
}


def _lone_reason(one: Assessed, text: str, target: GoldClaim | None) -> tuple[Shown, ...]:
    first = _WHY[_lone_outcome(one)]
    if target is None:
        return (first,)
    return (
        first,
        f"The nearest gold claim, at similarity {share(alike(text, target))} of the {THRESHOLD} needed: "
        f"{target.wordings[0][0]}",
    )


def _marks(
    article: Article,
    gold: Iterable[tuple[int, int]],
    claim: ExtractedClaim | None,
    sentence: str | None = None,
) -> tuple[Mark, ...]:
    found = [Mark(article.id, start, end, "gold") for start, end in gold]
    if claim is not None and claim.start is not None and claim.end is not None:
        found.append(Mark(article.id, claim.start, claim.end, "predicted"))
    elif sentence is not None:
        place = next(s for s in article.sentences if s.id == sentence)
        found.append(Mark(article.id, place.start, place.end, "item"))
    return tuple(found)
