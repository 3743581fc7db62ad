"""The claims that are followed through a pipeline."""

from __future__ import annotations

import msgspec

from claimbench.reading.corpus import Corpus
from claimbench.records import Article, Split


class Followed(msgspec.Struct, frozen=True):
    """One fact as one article states it, and what asks about it in the language of the article.

    ``sentences`` are those in which a check-worthy statement of it starts.
    """

    article: str
    fact: str
    language: str
    component: str
    sentences: tuple[str, ...]
    propositions: tuple[str, ...]
    questions: tuple[str, ...]


def followed(corpus: Corpus, split: Split) -> tuple[Followed, ...]:
    """Return the claims to follow, in reading order: check-worthiness 2, not presupposed, fact in the split.

    Repeats of a fact in one article are one claim, as in extraction.
    """
    return tuple(
        _one(corpus, article, fact, tuple(dict.fromkeys(sentences)))
        for article in corpus.articles
        for fact, sentences in _worthy(corpus, article).items()
        if corpus.fact_by_id[fact].split == split
    )


def _worthy(corpus: Corpus, article: Article) -> dict[str, list[str]]:
    """Return the sentences of check-worthy statements in an article by fact."""
    found: dict[str, list[str]] = {}
    worthy = (
        c for c in corpus.claims if c.article == article.id and c.checkworthiness == 2 and not c.presupposed
    )
    for claim in sorted(worthy, key=lambda c: c.spans[0].start):
        found.setdefault(claim.fact, []).append(corpus.sentence_of(claim))
    return found


def _one(corpus: Corpus, article: Article, fact: str, sentences: tuple[str, ...]) -> Followed:
    language = article.language
    return Followed(
        article=article.id,
        fact=fact,
        language=language,
        component=corpus.fact_by_id[fact].component,
        sentences=sentences,
        propositions=tuple(v.id for v in corpus.verification if fact in v.facts and v.language == language),
        questions=tuple(q.id for q in corpus.questions if fact in q.facts and q.language == language),
    )
