"""Which words of the articles neither a claim nor a recorded stretch without a claim accounts for."""

from __future__ import annotations

import re

from claimbench.reading.corpus import Corpus
from claimbench.records import Article, Claim
from claimbench.validation.spans import Stretch, gaps

_WORDS = """
aber allerdings also auch außerdem beziehungsweise bzw da dabei dadurch dafür daher damit danach dann
daraufhin darüber davon dazu dennoch denn derweil deshalb doch ebenfalls ebenso einerseits andererseits
ferner folglich gleichzeitig hingegen hierbei hinaus indem indes indessen inzwischen jedoch nachdem
nämlich nun ob obwohl oder so sogar sodass somit sondern sowie sowohl und unterdessen vielmehr während
währenddessen weil weiterhin wenn wie wobei zudem zugleich zwar dass als
aangezien alhoewel bovendien daarbij daardoor daarentegen daarmee daarnaast daarom daarop dat derhalve
desondanks dus echter en evenals hoewel immers inmiddels intussen maar nadat namelijk niettemin noch of
ofwel omdat ondertussen ook tegelijk tegelijkertijd tevens terwijl toch toen vervolgens verder want
wanneer waarbij waardoor zo zoals zelfs zodat zowel
"""
CONNECTIVES = frozenset(_WORDS.split())
"""German and Dutch words that join clauses and claim nothing."""


def unaccounted(corpus: Corpus) -> list[tuple[str, str]]:
    """Return (sentence id, text) of every stretch left over, other than connectives and punctuation."""
    return [leftover for article in corpus.articles for leftover in _leftovers(article, corpus.claims)]


def _leftovers(article: Article, claims: tuple[Claim, ...]) -> list[tuple[str, str]]:
    parts: list[Stretch] = list(article.nonclaims)
    parts += [span for claim in claims if claim.article == article.id for span in claim.spans]
    result = []
    for sentence in article.sentences:
        for start, end in gaps(sentence.start, sentence.end, parts):
            words = re.findall(r"\w+", article.text[start:end])
            if not CONNECTIVES.issuperset(word.casefold() for word in words):
                result.append((sentence.id, article.text[start:end].strip()))
    return result
