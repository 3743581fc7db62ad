"""Verdicts: multinomial logistic regression on how a proposition agrees with the sentences found for it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import claimbench
from claimbench_baselines import cues, prior
from claimbench_baselines.evidence import Retriever
from claimbench_baselines.retrieval import Floats, Matches, keyword_weights, match, ranking

STRENGTHS = (0.03, 0.1, 0.3, 1.0, 3.0)
"""Inverse regularisation strengths tried."""
LOOKED_AT = 3
"""Sentences whose agreement with the proposition is looked at."""


@dataclass(frozen=True, eq=False)
class Judge:
    """A fitted classifier, or the labels' shares where fewer than two labels were seen."""

    retriever: Retriever
    classifier: Any
    shares: dict[str, float]

    def judge(self, claims: Sequence[str], languages: Sequence[str]) -> list[dict[str, Any]]:
        """Return label, probabilities over all four labels and evidence for each proposition."""
        if not claims:
            return []
        scores = match(self.retriever.index, claims, languages).scores(self.retriever.weights)
        features = feature_rows(self.retriever, claims, languages)
        verdicts = []
        for row, chances in zip(scores, self._chances(features), strict=True):
            label = max(prior.LABELS, key=chances.__getitem__)
            # Not enough information is a statement about all sentences: none of them decides it.
            evidence = [] if label == "not_enough_info" else self.retriever.choose(row)
            verdicts.append({"label": label, "probabilities": chances, "evidence": evidence})
        return verdicts

    def _chances(self, features: Floats) -> list[dict[str, float]]:
        if self.classifier is None:
            return [self.shares] * len(features)
        seen = [str(label) for label in self.classifier.classes_]
        rows = np.round(self.classifier.predict_proba(features), 4)
        known = [dict(zip(seen, map(float, row), strict=True)) for row in rows]
        return [{label: chances.get(label, 0.0) for label in prior.LABELS} for chances in known]


def train(retriever: Retriever, training: claimbench.Corpus) -> Judge:
    """Fit on ``train``; the regularisation is the best by macro F1 on ``validation``."""
    shares = prior.label_shares(training)
    fitting = [item for item in training.verification if item.split == "train"]
    tuning = [item for item in training.verification if item.split == "validation"]
    gold = [item.label for item in fitting]
    if len(set(gold)) < 2:
        return Judge(retriever, None, shares)
    features = feature_rows(retriever, [i.claim for i in fitting], [i.language for i in fitting])
    models = [_fit(features, gold, strength) for strength in STRENGTHS]
    if not tuning:
        return Judge(retriever, models[STRENGTHS.index(0.3)], shares)
    unseen = feature_rows(retriever, [i.claim for i in tuning], [i.language for i in tuning])
    wanted = [item.label for item in tuning]
    labels = sorted(set(wanted))

    def quality(model: Any) -> float:
        scored = f1_score(wanted, model.predict(unseen), labels=labels, average="macro", zero_division=0.0)
        return round(float(scored), 9)

    return Judge(retriever, max(models, key=quality), shares)


def _fit(features: Floats, gold: Sequence[str], strength: float) -> Any:
    classifier = LogisticRegression(C=strength, class_weight="balanced", max_iter=2000, tol=1e-6)
    return make_pipeline(StandardScaler(), classifier).fit(features, gold)


def feature_rows(retriever: Retriever, claims: Sequence[str], languages: Sequence[str]) -> Floats:
    """Return the classifier's features, (propositions, features)."""
    matches = match(retriever.index, claims, languages)
    scores = matches.scores(retriever.weights)
    rows = [
        [
            *_agreement(matches, scores, row),
            *_quantities(retriever, ranking(scores[row])[:LOOKED_AT], claim, language),
            *_wording(retriever, ranking(scores[row])[:LOOKED_AT], claim),
            float(language == "en"),
        ]
        for row, (claim, language) in enumerate(zip(claims, languages, strict=True))
    ]
    return np.array(rows, dtype=np.float64)


def _agreement(matches: Matches, scores: Floats, row: int) -> list[float]:
    best = ranking(scores[row])[:LOOKED_AT]
    if not best:
        return [0.0] * 5
    cosine, words = matches.cosine[row], matches.keywords[row]
    return [
        float(cosine.max()),
        float(cosine[best].mean()),
        float(words[best[0]]),
        float(words.max()),
        float(scores[row][best[0]] - scores[row][best[-1]]),
    ]


def _quantities(retriever: Retriever, best: Sequence[int], claim: str, language: str) -> list[float]:
    """Count the quantities, and the shares found nearby, given otherwise nearby, and given nowhere."""
    asked = frozenset(claimbench.quantities(claim, language))
    near = frozenset[claimbench.Quantity]().union(*(retriever.index.quantities[i] for i in best))
    anywhere = frozenset[claimbench.Quantity]().union(*retriever.index.quantities)
    units = {quantity.unit for quantity in near}
    count = max(len(asked), 1)
    other = [quantity for quantity in asked - near if quantity.unit in units]
    return [
        float(len(asked)),
        len(asked & near) / count,
        len(other) / count,
        len(asked - anywhere) / count,
    ]


def _wording(retriever: Retriever, best: Sequence[int], claim: str) -> list[float]:
    index = retriever.index
    top = index.texts[best[0]] if best else ""
    weights = keyword_weights(index, claim)
    unknown = sum(weight for word, weight in weights.items() if word not in index.rarity)
    return [
        float(cues.negated(claim)),
        float(cues.negated(claim) != cues.negated(top)),
        float(cues.hedged(claim)),
        float(cues.hedged(claim) != cues.hedged(top)),
        float(cues.limited(claim)),
        unknown / max(sum(weights.values()), 1.0),
        math.log1p(len(claim.split())),
    ]
