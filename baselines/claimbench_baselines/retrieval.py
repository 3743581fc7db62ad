"""Sentences for a text in another language: character n-grams, shared names and numbers, equal quantities.

German and Dutch share stems and names with English, so n-grams of two to five characters find „Anteil von
49 Prozent“ for “a stake of 49 percent” by names, numbers and loan words; for frequent words that differ
(Umsatz, omzet, revenue) the text is widened by a small word list. There is no other translation.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

import claimbench
from claimbench_baselines import cues
from claimbench_baselines.lexicon import widened

Floats = NDArray[np.float64]
Quantities = frozenset[claimbench.Quantity]


class Weights(NamedTuple):
    """How much shared key words, equal quantities and the sentence before count beside the cosine."""

    keywords: float = 0.25
    quantities: float = 0.25
    context: float = 0.0


GRID = tuple(Weights(*values) for values in itertools.product((0.0, 0.25, 0.5), (0.0, 0.25), (0.0, 0.25)))


@dataclass(frozen=True, eq=False)
class Index:
    """The sentences of all articles, ready to be searched."""

    ids: tuple[str, ...]
    texts: tuple[str, ...]
    languages: tuple[str, ...]
    quantities: tuple[Quantities, ...]
    keywords: tuple[frozenset[str], ...]
    rarity: dict[str, float]
    before: NDArray[np.intp]
    vectoriser: Any
    vectors: Any


def build_index(corpus: claimbench.Corpus) -> Index:
    """Return the index of a corpus's sentences."""
    ids = tuple(corpus.sentences)
    texts = tuple(corpus.sentence_text(sentence) for sentence in ids)
    articles = [corpus.sentences[sentence][0] for sentence in ids]
    words = tuple(frozenset(cues.keywords(text)) for text in texts)
    spread = Counter(word for group in words for word in sorted(group))
    before = [max(i - 1, 0) if articles[i - 1] is article else i for i, article in enumerate(articles)]
    vectoriser = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    readable = any(text.strip() for text in texts)
    return Index(
        ids=ids,
        texts=texts,
        languages=tuple(article.language for article in articles),
        quantities=tuple(
            frozenset(claimbench.quantities(text, article.language))
            for text, article in zip(texts, articles, strict=True)
        ),
        keywords=words,
        rarity={word: math.log(1 + len(texts) / count) for word, count in spread.items()},
        before=np.array(before, dtype=np.intp),
        vectoriser=vectoriser,
        vectors=vectoriser.fit_transform(texts) if readable else None,
    )


@dataclass(frozen=True, eq=False)
class Matches:
    """How texts and sentences agree, each array (texts, sentences)."""

    cosine: Floats
    keywords: Floats
    quantities: Floats
    context: Floats

    def scores(self, weights: Weights) -> Floats:
        """Return one score for each text and sentence, rounded so that ties are ties everywhere."""
        total = self.cosine + weights.keywords * self.keywords
        total = total + weights.quantities * self.quantities + weights.context * self.context
        return np.round(total, 9)


def match(index: Index, texts: Sequence[str], languages: Sequence[str]) -> Matches:
    """Compare texts in any of the three languages with every sentence."""
    shape = (len(texts), len(index.ids))
    if index.vectors is None or not texts:
        empty = np.zeros(shape)
        return Matches(empty, empty, empty, empty)
    wide = [widened(text, language) for text, language in zip(texts, languages, strict=True)]
    cosine = np.asarray((index.vectoriser.transform(wide) @ index.vectors.T).toarray(), dtype=np.float64)
    words, numbers = np.zeros(shape), np.zeros(shape)
    for row, (text, language) in enumerate(zip(texts, languages, strict=True)):
        words[row] = _keyword_shares(index, text)
        asked = frozenset(claimbench.quantities(text, language))
        if asked:
            numbers[row] = [len(asked & given) / len(asked) for given in index.quantities]
    return Matches(cosine, words, numbers, cosine[:, index.before])


def _keyword_weights(index: Index, text: str) -> dict[str, float]:
    """Return the text's key words with their rarity; one no sentence has counts as the rarest.

    The first word counts only if some sentence has it: its capital may be the sentence's, not its own.
    """
    known = index.rarity
    first = cues.keywords(text.split(maxsplit=1)[0]) if text.split() else ()
    rarest = math.log(1 + len(index.ids))
    return {w: known.get(w, rarest) for w in cues.keywords(text) if w in known or w not in first}


def _keyword_shares(index: Index, text: str) -> list[float]:
    weights = _keyword_weights(index, text)
    total = sum(weights.values())
    if not total:
        return [0.0] * len(index.ids)
    return [sum(weights[w] for w in weights if w in held) / total for held in index.keywords]


def ranking(scores: Floats) -> list[int]:
    """Return the sentences' places by falling score, ties in reading order, without those at zero."""
    order = np.argsort(-scores, kind="stable")
    return [int(place) for place in order if scores[place] > 0]


def tune_weights(matches: Matches, relevant: Sequence[frozenset[int]]) -> Weights:
    """Return the weights with the best mean average precision over the texts that have relevant sentences."""
    rows = [row for row, wanted in enumerate(relevant) if wanted]
    if not rows:
        return Weights()

    def quality(weights: Weights) -> float:
        scores = matches.scores(weights)
        return round(sum(_average_precision(scores[row], relevant[row]) for row in rows) / len(rows), 9)

    return max(GRID, key=quality)


def _average_precision(scores: Floats, relevant: frozenset[int]) -> float:
    hits = [place in relevant for place in ranking(scores)]
    found = [sum(hits[: rank + 1]) / (rank + 1) for rank, hit in enumerate(hits) if hit]
    return sum(found) / len(relevant)
