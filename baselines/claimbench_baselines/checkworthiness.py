"""How check-worthy a sentence is: logistic regression on character n-grams and a few plain features."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score

import claimbench
from claimbench_baselines import cues, prior
from claimbench_baselines.retrieval import Floats

Flags = NDArray[np.bool_]

STRENGTHS = (0.3, 1.0, 3.0, 10.0)
"""Inverse regularisation strengths tried."""


@dataclass(frozen=True)
class Sentence:
    """A sentence to learn from or to score."""

    text: str
    language: str
    source: str = ""
    positive: bool = False


@dataclass(frozen=True, eq=False)
class Model:
    """A fitted scorer and the score from which a sentence counts as check-worthy."""

    vectoriser: Any
    classifier: Any
    share: float
    threshold: float

    def scores(self, sentences: Sequence[Sentence]) -> list[float]:
        """Return a probability for each sentence; the training's share where only one class was seen."""
        if not sentences:
            return []
        if self.classifier is None:
            return [round(self.share, 4)] * len(sentences)
        chances = self.classifier.predict_proba(_features(self.vectoriser, sentences))[:, 1]
        return [round(float(chance), 4) for chance in chances]


def train(training: claimbench.Corpus, checkworthiness: int) -> Model:
    """Fit on all training sources; strength and threshold by leaving out one source at a time."""
    sentences = _gold(training, checkworthiness)
    gold = np.array([sentence.positive for sentence in sentences], dtype=bool)
    share = float(gold.mean()) if len(gold) else 0.5
    if gold.all() or not gold.any():
        return Model(None, None, share, 0.5)
    vectoriser = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    vectoriser.fit([sentence.text for sentence in sentences])
    rows = _features(vectoriser, sentences)
    strength, threshold = _tune(rows, gold, np.array([sentence.source for sentence in sentences]))
    return Model(vectoriser, _fit(rows, gold, strength), share, threshold)


def _gold(training: claimbench.Corpus, checkworthiness: int) -> list[Sentence]:
    positive = prior.claim_sentences(training, checkworthiness)
    return [
        Sentence(training.sentence_text(name), article.language, article.source, name in positive)
        for name, (article, _) in training.sentences.items()
    ]


def _tune(rows: Any, gold: Flags, sources: NDArray[np.str_]) -> tuple[float, float]:
    """Return the strength with the best average precision on left-out sources, and its threshold."""
    names = sorted(set(sources.tolist()))
    if len(names) < 2 or any(len(set(gold[sources != name].tolist())) < 2 for name in names):
        return 1.0, 0.5
    quality: dict[float, tuple[float, float]] = {}
    for strength in STRENGTHS:
        scores = np.zeros(len(gold))
        for name in names:
            inside = sources != name
            model = _fit(rows[inside], gold[inside], strength)
            scores[~inside] = np.round(model.predict_proba(rows[~inside])[:, 1], 4)
        precision = round(float(average_precision_score(gold, scores)), 9)
        quality[strength] = (precision, _best_threshold(gold, scores))
    best = max(STRENGTHS, key=lambda strength: quality[strength][0])
    return best, quality[best][1]


def _fit(rows: Any, gold: Flags, strength: float) -> Any:
    # The dual suits few sentences with many n-grams; its order of steps is drawn with a fixed state.
    classifier = LogisticRegression(
        C=strength, class_weight="balanced", solver="liblinear", dual=True, random_state=0, max_iter=10000
    )
    return classifier.fit(rows, gold)


def _features(vectoriser: Any, sentences: Sequence[Sentence]) -> Any:
    plain = csr_matrix(np.array([_plain(sentence) for sentence in sentences]))
    return hstack([vectoriser.transform([sentence.text for sentence in sentences]), plain]).tocsr()


def _plain(sentence: Sentence) -> list[float]:
    text = sentence.text
    words = text.split()
    return [
        math.log1p(len(words)) / 4,
        math.log1p(len(claimbench.quantities(text, sentence.language))),
        float(any(c.isdigit() for c in text)),
        sum(word[0].isupper() for word in words) / max(len(words), 1),
        math.log1p(len(cues.keywords(text))) / 3,
        float(text.rstrip().endswith((".", "”", "“", '"'))),
        float(cues.hedged(text)),
    ]


def _best_threshold(gold: Flags, scores: Floats) -> float:
    """Return the lowest score with the best F1 when everything from it upward counts as positive."""

    def f1(threshold: float) -> float:
        called = scores >= threshold
        return 2 * int((gold & called).sum()) / int(gold.sum() + called.sum())

    return float(max(sorted(set(scores.tolist())), key=f1))
