"""The queue of system claims that the gold does not settle, for people to decide on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from claimbench.reading.corpus import Corpus
from claimbench.records import (
    Article,
    ExtractedClaim,
    ExtractionPrediction,
    Judgement,
    NearClaim,
    SentenceText,
    Span,
)
from claimbench.tasks.assessing import Assessed, assess
from claimbench.tasks.decisions import NONE, Decisions, claim_id
from claimbench.tasks.extraction import claims_of
from claimbench.tasks.matching import Alike, GoldClaim, alike, gold_claims
from claimbench.text.normalise import token_f1, tokens

NEAREST = 3
"""How many gold claims stand beside a claim in the queue."""


def unjudged(
    corpus: Corpus,
    runs: Iterable[Mapping[str, ExtractionPrediction]],
    decisions: Decisions = NONE,
    *,
    alike: Alike = alike,
) -> tuple[Judgement, ...]:
    """Return the claims of all runs that neither gold nor decisions settle, each once, in reading order."""
    found: dict[str, tuple[Article, Assessed]] = {}
    everyone = list(runs)
    for article in corpus.articles:
        gold = gold_claims(corpus, article)
        for predictions in everyone:
            claims = claims_of(predictions, article.id)
            for one in assess(article, gold, claims, alike=alike, decisions=decisions).claims:
                if one.unjudged:
                    found.setdefault(claim_id(article.id, one.claim.text), (article, one))
    places = {sentence: i for i, sentence in enumerate(corpus.sentences)}
    ordered = sorted(found.items(), key=lambda pair: (places[pair[1][1].sentence], pair[0]))
    return tuple(_record(corpus, name, article, one) for name, (article, one) in ordered)


def _record(corpus: Corpus, name: str, article: Article, one: Assessed) -> Judgement:
    return Judgement(
        id=name,
        article=article.id,
        text=one.claim.text,
        span=_span(article, one.claim),
        context=tuple(_context(article, one)),
        nearest=_nearest(corpus, one.claim.text, gold_claims(corpus, article)),
    )


def _span(article: Article, claim: ExtractedClaim) -> Span | None:
    if claim.start is None or claim.end is None:
        return None
    return Span(start=claim.start, end=claim.end, quote=article.text[claim.start : claim.end])


def _context(article: Article, one: Assessed) -> Iterator[SentenceText]:
    """Yield the sentences of the span, or the one that the claim was laid out in."""
    start, end = one.claim.start, one.claim.end
    for sentence in article.sentences:
        touched = start is not None and end is not None and sentence.start < end and start < sentence.end
        if touched or sentence.id == one.sentence:
            yield SentenceText(id=sentence.id, text=article.text[sentence.start : sentence.end])


def _nearest(corpus: Corpus, text: str, gold: tuple[GoldClaim, ...]) -> tuple[NearClaim, ...]:
    """Return the most alike gold claims; contradicted ones by the words they share, as people want them."""
    mine = tokens(text)

    def shared(target: GoldClaim) -> float:
        return max(token_f1(mine, tokens(wording)) for wording, _ in target.wordings)

    ranked = sorted(gold, key=lambda target: (-max(alike(text, target), shared(target)), target.ids))
    claims = {claim.id: claim for claim in corpus.claims}
    return tuple(
        NearClaim(
            id=target.ids[0],
            text=claims[target.ids[0]].text,
            text_en=claims[target.ids[0]].text_en,
            similarity=round(alike(text, target), 4),
        )
        for target in ranked[:NEAREST]
    )
