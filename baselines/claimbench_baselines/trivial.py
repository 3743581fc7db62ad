"""The floors: a system that always does the commonest thing, and one that draws from training's shares."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import claimbench
from claimbench_baselines import prior

TASKS = frozenset({"detection", "extraction", "evidence", "verification", "qa"})
MOST_SENTENCES = 5

Line = dict[str, Any]


class Majority:
    """Gives every item what was most frequent in training.

    Detection: the larger class, with the share of check-worthy sentences as score. Extraction: every
    sentence, word for word. Evidence: the sentences that served most often. Verification: the commonest
    label, with the labels' shares as probabilities. Questions: the language's commonest answer.
    """

    tasks = TASKS

    def predict(
        self, task: str, inputs: Sequence[Mapping[str, Any]], training: claimbench.Corpus, seed: int
    ) -> Iterable[Line]:
        """Return one line for each input; ``seed`` changes nothing."""
        if task == "extraction":
            return [{"id": item["id"], "claims": _sentences(item)} for item in inputs]
        if task == "qa":
            return [{"id": item["id"], **_frequent(training, item["language"])} for item in inputs]
        same = _same_for_all(task, training)
        return [{"id": item["id"], **same} for item in inputs]


def _same_for_all(task: str, training: claimbench.Corpus) -> Line:
    if task == "detection":
        share = round(prior.claim_share(training, 2), 6)
        return {"score": share, "label": share >= 0.5}
    if task == "evidence":
        return {"evidence": prior.frequent_evidence(training, MOST_SENTENCES)}
    shares = prior.label_shares(training)
    return {"label": max(prior.LABELS, key=shares.__getitem__), "probabilities": shares}


def _sentences(article: Mapping[str, Any]) -> list[Line]:
    text = article["text"]
    return [
        {"text": text[s["start"] : s["end"]], "start": s["start"], "end": s["end"]}
        for s in article["sentences"]
    ]


def _frequent(training: claimbench.Corpus, language: str) -> Line:
    answer, share = prior.frequent_answer(training, language)
    return {"answer": answer, "confidence": round(share, 6)}


class Random:
    """Draws from the training's shares, for each item by itself: the same seed and id give the same line."""

    tasks = TASKS

    def predict(
        self, task: str, inputs: Sequence[Mapping[str, Any]], training: claimbench.Corpus, seed: int
    ) -> Iterable[Line]:
        """Return one line for each input, whatever their order."""
        draw = _DRAWS[task]
        return [
            {"id": item["id"], **draw(random.Random(f"{seed}:{task}:{item['id']}"), item, training)}
            for item in inputs
        ]


def _draw_detection(rng: random.Random, item: Mapping[str, Any], training: claimbench.Corpus) -> Line:
    score = round(rng.random(), 6)
    return {"score": score, "label": score > 1 - prior.claim_share(training, 2)}


def _draw_extraction(rng: random.Random, item: Mapping[str, Any], training: claimbench.Corpus) -> Line:
    share = prior.claim_share(training)
    return {"claims": [claim for claim in _sentences(item) if rng.random() < share]}


def _draw_evidence(rng: random.Random, item: Mapping[str, Any], training: claimbench.Corpus) -> Line:
    sentences = list(training.sentences)
    size = rng.choice(prior.evidence_sizes(training) or [1])
    return {"evidence": rng.sample(sentences, min(size, MOST_SENTENCES, len(sentences)))}


def _draw_verification(rng: random.Random, item: Mapping[str, Any], training: claimbench.Corpus) -> Line:
    shares = prior.label_shares(training)
    return {"label": rng.choices(prior.LABELS, [shares[label] for label in prior.LABELS])[0]}


def _draw_qa(rng: random.Random, item: Mapping[str, Any], training: claimbench.Corpus) -> Line:
    return {"answer": rng.choice(prior.answers(training, item["language"]) or [None])}


_DRAWS = {
    "detection": _draw_detection,
    "extraction": _draw_extraction,
    "evidence": _draw_evidence,
    "verification": _draw_verification,
    "qa": _draw_qa,
}
