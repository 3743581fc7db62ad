"""Answers: find sentences, read the kind of answer off the question, pick a stretch of that kind."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

import claimbench
from claimbench_baselines import cues, prior
from claimbench_baselines.asked import expected
from claimbench_baselines.lexicon import widened
from claimbench_baselines.retrieval import Floats, Index, Weights, match, ranking, tune_weights
from claimbench_baselines.spans import candidates, longest_news, plain_words

LOOKED_AT = 8
"""Sentences searched for an answer."""
WINDOW = 40
"""Characters to each side of a stretch that are compared with the question."""
_YES_NO = {"de": ("Ja", "Nein"), "nl": ("Ja", "Nee"), "en": ("Yes", "No")}


class Reply(NamedTuple):
    """An answer, how well its surroundings match the question, the kind expected and the sentence used."""

    answer: str | None
    score: float
    kind: str
    sentence: str | None


@dataclass(frozen=True, eq=False)
class Reader:
    """Retrieval weights, the score under which there is no answer, and how often each kind was right."""

    index: Index
    weights: Weights
    threshold: float
    reliability: Mapping[str, float]
    fallback: Mapping[str, str | None]

    def answer(self, questions: Sequence[str], languages: Sequence[str]) -> list[dict[str, Any]]:
        """Return answer, confidence and evidence for each question."""
        replies = find_replies(self.index, self.weights, questions, languages)
        lines: list[dict[str, Any]] = []
        for reply, language in zip(replies, languages, strict=True):
            if not self.index.ids:
                lines.append({"answer": self.fallback.get(language), "confidence": 0.0, "evidence": []})
                continue
            answered = reply.answer is not None and reply.score >= self.threshold
            key = reply.kind if answered else "none"
            lines.append(
                {
                    "answer": reply.answer if answered else None,
                    "confidence": self.reliability.get(key, 0.5),
                    "evidence": [reply.sentence] if answered and reply.sentence else [],
                }
            )
        return lines


def train(index: Index, training: claimbench.Corpus) -> Reader:
    """Choose weights, threshold and reliabilities on ``train`` and ``validation``; nothing else is learnt."""
    gold = training.questions
    questions, languages = [q.question for q in gold], [q.language for q in gold]
    places = {sentence: place for place, sentence in enumerate(index.ids)}
    relevant = [frozenset(places[s] for group in q.evidence for s in group.sentences) for q in gold]
    weights = tune_weights(match(index, questions, languages), relevant)
    replies = find_replies(index, weights, questions, languages)
    right = [
        max((token_f1(reply.answer, text) for a in q.answers for text in (a.text, *a.variants)), default=0.0)
        for q, reply in zip(gold, replies, strict=True)
    ]
    answerable = [q.answerable for q in gold]
    threshold = _threshold(replies, answerable)
    return Reader(
        index=index,
        weights=weights,
        threshold=threshold,
        reliability=_reliability(replies, right, answerable, threshold),
        fallback={code: prior.frequent_answer(training, code)[0] for code in _YES_NO},
    )


def _threshold(replies: Sequence[Reply], answerable: Sequence[bool]) -> float:
    """Return the score that leaves as many questions without an answer as have none in the gold.

    How often to answer is taken from the gold, not tuned on the score: with few questions the best
    threshold is an accident, and where answers are often wrong it would be to answer nothing.
    """
    scores = sorted(reply.score if reply.answer is not None else 0.0 for reply in replies)
    without = sum(not has for has in answerable)
    return scores[without] if without < len(scores) else 0.0


def _reliability(
    replies: Sequence[Reply], right: Sequence[float], answerable: Sequence[bool], threshold: float
) -> dict[str, float]:
    """Return how often each kind of answer, and no answer, was right: add-one smoothed means."""
    seen: dict[str, list[float]] = defaultdict(list)
    for reply, f1, has in zip(replies, right, answerable, strict=True):
        answered = reply.answer is not None and reply.score >= threshold
        seen[reply.kind if answered else "none"].append(f1 if answered else float(not has))
    return {kind: round((sum(values) + 1) / (len(values) + 2), 4) for kind, values in sorted(seen.items())}


def token_f1(left: str | None, right: str) -> float:
    """Return the harmonic mean of shared tokens over both lengths; 0 for no answer."""
    a, b = Counter(claimbench.tokens(left or "")), Counter(claimbench.tokens(right))
    shared = (a & b).total()
    return 2 * shared / (a.total() + b.total()) if shared else 0.0


def find_replies(
    index: Index, weights: Weights, questions: Sequence[str], languages: Sequence[str]
) -> list[Reply]:
    """Return the best reply to each question, whatever its score."""
    scores = match(index, questions, languages).scores(weights)
    plain = plain_words(index.texts)
    rows = zip(questions, languages, scores, strict=True)
    return [_reply(index, plain, question, language, row) for question, language, row in rows]


def _reply(index: Index, plain: frozenset[str], question: str, language: str, scores: Floats) -> Reply:
    kind = expected(question, language)
    best = ranking(scores)[:LOOKED_AT]
    if not best:
        return Reply(None, 0.0, kind, None)
    # Where no stretch is compared, the whole sentence stands for its own surroundings.
    top = 2 * float(scores[best[0]])
    if kind == "yes_no":
        return Reply(_yes_or_no(index, question, language, best[0]), top, kind, index.ids[best[0]])
    if kind == "description":
        text = longest_news(index.texts[best[0]], widened(question, language))
        return Reply(text, top, kind, index.ids[best[0]])
    given = frozenset(claimbench.tokens(question))
    options = [
        (place, text)
        for place in best
        for text in candidates(kind, index.texts[place], index.languages[place], plain)
        if kind == "reason" or not frozenset(claimbench.tokens(text)) & given
    ]
    if not options:
        return Reply(None, 0.0, kind, None)
    near = _nearness(index, widened(question, language), options)
    totals = [round(float(scores[place] + close), 9) for (place, _), close in zip(options, near, strict=True)]
    place, text = options[totals.index(max(totals))]
    return Reply(text, max(totals), kind, index.ids[place])


def _nearness(index: Index, question: str, options: Sequence[tuple[int, str]]) -> Floats:
    """Return the cosine of the question with the surroundings of each stretch."""
    windows = []
    for place, text in options:
        sentence = index.texts[place]
        start = sentence.index(text)
        windows.append(sentence[max(start - WINDOW, 0) : start + len(text) + WINDOW])
    vectors = index.vectoriser.transform([question, *windows])
    return np.asarray((vectors[1:] @ vectors[0].T).toarray(), dtype=np.float64)[:, 0]


def _yes_or_no(index: Index, question: str, language: str, place: int) -> str:
    yes, no = _YES_NO[language]
    asked, given = frozenset(claimbench.quantities(question, language)), index.quantities[place]
    other = {q.unit for q in asked - given} & {q.unit for q in given}
    turned = cues.negated(question) != cues.negated(index.texts[place])
    return no if other or turned else yes
