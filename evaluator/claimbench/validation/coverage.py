"""Which words of the articles neither a claim nor a recorded stretch without a claim accounts for."""

from __future__ import annotations

import re

from claimbench.reading.corpus import Corpus
from claimbench.records import Article, Claim
from claimbench.validation.spans import Stretch, gaps

_WORDS = """
aber allerdings als also andererseits angesichts auch außerdem beziehungsweise bzw da dabei dadurch dafür
daher damit danach dank dann daraufhin darüber dass davon dazu denn dennoch derweil des deshalb doch
ebenfalls ebenso einerseits es etwa ferner folglich gleichzeitig hierbei hinaus hingegen indem indes
indessen inzwischen jedoch nachdem nun nämlich ob obwohl oder selbst so sodass sogar somit sondern sowie
sowohl und unterdessen vielmehr weil weiterhin wenn wie wiederum wobei während währenddessen zudem zugleich
zwar
aangezien alhoewel bovendien daarbij daardoor daarentegen daarmee daarnaast daarom daarop dankzij dat
derhalve desondanks dus echter en evenals eveneens hoewel immers inmiddels intussen maar nadat namelijk
niettemin noch of ofwel omdat ondertussen ook tegelijk tegelijkertijd terwijl tevens toch toen verder
vervolgens waarbij waardoor wanneer want zelfs zo zoals zodat zowel
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
