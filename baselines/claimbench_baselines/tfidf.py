"""A system of classic parts: TF-IDF over character n-grams, logistic regression, rules for answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import claimbench
from claimbench_baselines import checkworthiness, evidence, qa, verdict
from claimbench_baselines.clauses import clauses
from claimbench_baselines.retrieval import build_index, match
from claimbench_baselines.trivial import TASKS

Inputs = Sequence[Mapping[str, Any]]
Line = dict[str, Any]


class Tfidf:
    """Does every task with scikit-learn, and needs no seed.

    Evidence is fitted on ``train`` and tuned on ``validation``; verdicts and the few settings for questions
    are fitted on both, and check-worthiness by leaving out one training source at a time.

    ``Tfidf(abstain_below=0.5)`` declines verdicts whose best probability is lower. The default is 0: an
    abstention counts as wrong in the headline, so it pays only where a wrong verdict costs more than none.
    """

    tasks = TASKS

    def __init__(self, abstain_below: float = 0.0) -> None:
        """``abstain_below`` is a probability; see the class."""
        self.abstain_below = abstain_below

    def predict(self, task: str, inputs: Inputs, training: claimbench.Corpus, seed: int) -> Iterable[Line]:
        """Return one line for each input; ``seed`` changes nothing."""
        if task == "detection":
            return _detect(inputs, training)
        if task == "extraction":
            return _extract(inputs, training)
        if task == "evidence":
            return _find_evidence(inputs, training)
        if task == "verification":
            return self._verify(inputs, training)
        return _answer(inputs, training)

    def _verify(self, inputs: Inputs, training: claimbench.Corpus) -> list[Line]:
        judge = verdict.train(evidence.train(build_index(training), training), training)
        verdicts = judge.judge(_texts(inputs, "claim"), _texts(inputs, "language"))
        lines = [{"id": item["id"], **found} for item, found in zip(inputs, verdicts, strict=True)]
        for line in lines:
            if max(line["probabilities"].values()) < self.abstain_below:
                line.update(label=None, abstain=True)
        return lines


def _texts(inputs: Inputs, field: str) -> list[str]:
    return [item[field] for item in inputs]


def _detect(inputs: Inputs, training: claimbench.Corpus) -> list[Line]:
    model = checkworthiness.train(training, 2)
    scores = model.scores([checkworthiness.Sentence(i["text"], i["language"]) for i in inputs])
    return [
        {"id": item["id"], "score": score, "label": score >= model.threshold}
        for item, score in zip(inputs, scores, strict=True)
    ]


def _extract(inputs: Inputs, training: claimbench.Corpus) -> list[Line]:
    """Return the clauses of the sentences that hold a claim worth at least background checking."""
    model = checkworthiness.train(training, 1)
    return [{"id": article["id"], "claims": _claims(article, model)} for article in inputs]


def _claims(article: Mapping[str, Any], model: checkworthiness.Model) -> list[Line]:
    texts = [article["text"][s["start"] : s["end"]] for s in article["sentences"]]
    scores = model.scores([checkworthiness.Sentence(text, article["language"]) for text in texts])
    return [
        {
            "text": text[start:end],
            "start": sentence["start"] + start,
            "end": sentence["start"] + end,
            "score": score,
        }
        for sentence, text, score in zip(article["sentences"], texts, scores, strict=True)
        if score >= model.threshold
        for start, end in clauses(text)
    ]


def _find_evidence(inputs: Inputs, training: claimbench.Corpus) -> list[Line]:
    retriever = evidence.train(build_index(training), training)
    matches = match(retriever.index, _texts(inputs, "claim"), _texts(inputs, "language"))
    rows = matches.scores(retriever.weights)
    return [
        {"id": item["id"], "evidence": retriever.choose(row)} for item, row in zip(inputs, rows, strict=True)
    ]


def _answer(inputs: Inputs, training: claimbench.Corpus) -> list[Line]:
    reader = qa.train(build_index(training), training)
    found = reader.answer(_texts(inputs, "question"), _texts(inputs, "language"))
    return [{"id": item["id"], **answer} for item, answer in zip(inputs, found, strict=True)]
