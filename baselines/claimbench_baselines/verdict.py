"""Verdicts: multinomial logistic regression on how a proposition agrees with the sentences found for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import claimbench
from claimbench_baselines import cues, prior
from claimbench_baselines.evidence import Retriever
from claimbench_baselines.retrieval import Floats, match, ranking

STRENGTH = 0.001
"""Inverse regularisation strength: so few propositions bear no more without losing calibration."""
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
        rest = {label: share for label, share in self.shares.items() if label not in seen}
        rows = np.round(self.classifier.predict_proba(features) * (1.0 - sum(rest.values())), 4)
        return [dict(zip(seen, map(float, row), strict=True)) | rest for row in rows]


def train(retriever: Retriever, training: claimbench.Corpus) -> Judge:
    """Fit on all training items."""
    items = training.verification
    gold = [item.label for item in items]
    if len(set(gold)) < 2:
        return Judge(retriever, None, prior.label_shares(training))
    features = feature_rows(retriever, [i.claim for i in items], [i.language for i in items])
    classifier = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=2000, tol=1e-6)
    model = make_pipeline(StandardScaler(), classifier).fit(features, gold)
    return Judge(retriever, model, prior.label_shares(training))


def feature_rows(retriever: Retriever, claims: Sequence[str], languages: Sequence[str]) -> Floats:
    """Return the classifier's features, (propositions, features)."""
    matches = match(retriever.index, claims, languages)
    scores = matches.scores(retriever.weights)
    rows = []
    for row, (claim, language) in enumerate(zip(claims, languages, strict=True)):
        best = ranking(scores[row])[:LOOKED_AT]
        cosine = float(matches.cosine[row].max(initial=0.0))
        rows.append(
            [cosine, *_quantities(retriever, best, claim, language), *_wording(retriever, best, claim)]
        )
    return np.array(rows, dtype=np.float64)


def _quantities(retriever: Retriever, best: Sequence[int], claim: str, language: str) -> list[float]:
    """Return the shares of the claim's quantities that the sentences give, and give otherwise."""
    asked = frozenset(claimbench.quantities(claim, language))
    near = frozenset[claimbench.Quantity]().union(*(retriever.index.quantities[i] for i in best))
    units = {quantity.unit for quantity in near}
    other = [quantity for quantity in asked - near if quantity.unit in units]
    count = max(len(asked), 1)
    return [len(asked & near) / count, len(other) / count]


def _wording(retriever: Retriever, best: Sequence[int], claim: str) -> list[float]:
    top = retriever.index.texts[best[0]] if best else ""
    negated = cues.negated(claim)
    return [float(negated), float(negated != cues.negated(top)), float(cues.limited(claim))]
