"""Matchers: plain functions of two texts and their languages to a score, greater for more alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache

import numpy as np

from claimbench.errors import MissingExtraError, UsageError
from claimbench.stats.estimators import Floats
from claimbench.text.normalise import canonical, token_f1, tokens
from claimbench.text.similarity import similarity

Matcher = Callable[[str, str, str, str], float]
"""(left, right, left language, right language) to a score."""

OURS = "claimbench"


def exact(left: str, right: str, left_language: str, right_language: str) -> float:
    """1 for equal tokens, else 0."""
    return float(tokens(left) == tokens(right))


def shared_tokens(left: str, right: str, left_language: str, right_language: str) -> float:
    """F1 of the texts' tokens as bags, as SQuAD's."""
    return token_f1(tokens(left), tokens(right))


def rouge_l(left: str, right: str, left_language: str, right_language: str) -> float:
    """F1 of the longest common subsequence of tokens (Lin 2004)."""
    from rapidfuzz.distance import LCSseq

    a, b = tokens(left), tokens(right)
    return 2.0 * float(LCSseq.similarity(a, b)) / (len(a) + len(b))


def chrf(left: str, right: str, left_language: str, right_language: str) -> float:
    """ChrF of the left text against the right as reference, from 0 to 1, as sacrebleu 2 has it.

    Character n-grams of 1 to 6 without white space; F with beta 2 of precision and recall averaged over the
    orders that both texts have (Popović 2015).
    """
    precision = recall = 0.0
    orders = 0
    for a, b in zip(_orders(left), _orders(right), strict=True):
        if a and b:
            shared = (a & b).total()
            precision += shared / a.total()
            recall += shared / b.total()
            orders += 1
    if not precision + recall:
        return 0.0
    return 5.0 * precision * recall / (4.0 * precision + recall) / orders


@lru_cache(maxsize=4096)
def _orders(text: str) -> tuple[Counter[str], ...]:
    packed = "".join(text.split())
    return tuple(Counter(packed[i : i + n] for i in range(len(packed) - n + 1)) for n in range(1, 7))


def tfidf(texts: Iterable[str]) -> Matcher:
    """Return the cosine of character 3- to 5-grams within words, weighted by their rarity in ``texts``."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    model = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, preprocessor=canonical)
    model.fit(texts)

    @lru_cache(maxsize=4096)
    def vector(text: str) -> dict[int, float]:
        row = model.transform([text])
        return dict(zip(row.indices.tolist(), row.data.tolist(), strict=True))

    def cosine(left: str, right: str, left_language: str, right_language: str) -> float:
        a, b = vector(left), vector(right)
        return sum(weight * b[gram] for gram, weight in a.items() if gram in b)

    return cosine


def token_set_ratio(left: str, right: str, left_language: str, right_language: str) -> float:
    """Rapidfuzz's ratio of token sets, from 0 to 1: high where one text's words are all in the other."""
    from rapidfuzz import fuzz

    return float(fuzz.token_set_ratio(canonical(left), canonical(right))) / 100.0


def embedding(model: str) -> Matcher:
    """Return the cosine of a sentence-transformers model's vectors; opposite directions count as 0.

    ``model`` is a name or a folder, as the package reads it. Raises MissingExtraError without the package and
    UsageError for a model that it cannot load.
    """
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError:
        raise MissingExtraError("an embedding matcher", "embeddings") from None
    try:
        encoder = SentenceTransformer(model)
    except (OSError, ValueError) as error:
        raise UsageError(f"the embedding model '{model}' cannot be loaded: {error}") from error

    @lru_cache(maxsize=65536)
    def vector(text: str) -> Floats:
        return np.asarray(encoder.encode(text, normalize_embeddings=True), dtype=np.float64)

    def cosine(left: str, right: str, left_language: str, right_language: str) -> float:
        return min(max(float(vector(left) @ vector(right)), 0.0), 1.0)

    return cosine


def ours(left: str, right: str, left_language: str, right_language: str) -> float:
    """The similarity that extraction matches claims by."""
    return similarity(left, right, left_language, right_language)


def matchers(texts: Iterable[str]) -> dict[str, Matcher]:
    """Return the matchers that need no model, by name; ``texts`` are what TF-IDF takes its weights from."""
    return {
        "exact": exact,
        "token F1": shared_tokens,
        "ROUGE-L": rouge_l,
        "chrF": chrf,
        "TF-IDF": tfidf(texts),
        "token set": token_set_ratio,
        OURS: ours,
    }
