"""Answers: find sentences, read the kind of answer off the question, pick a stretch of that kind."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import claimbench
from claimbench_baselines import cues, prior
from claimbench_baselines.asked import expected
from claimbench_baselines.retrieval import Floats, Index, Weights, match, ranking, tune_weights
from claimbench_baselines.spans import candidates, names, plain_words

LOOKED_AT = 4
"""Sentences searched for an answer."""
_YES_NO = {"de": ("Ja", "Nein"), "nl": ("Ja", "Nee"), "en": ("Yes", "No")}
_BEYOND_TIE = 1e-9


class Reply(NamedTuple):
    """An answer, the score of the best sentence, the kind expected and the sentence used."""

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
    threshold = _tune_threshold(replies, right, answerable)
    return Reader(
        index=index,
        weights=weights,
        threshold=threshold,
        reliability=_reliability(replies, right, answerable, threshold),
        fallback={code: prior.frequent_answer(training, code)[0] for code in _YES_NO},
    )


def _tune_threshold(replies: Sequence[Reply], right: Sequence[float], answerable: Sequence[bool]) -> float:
    """Return the lowest threshold with the most right answers, "none" included."""
    rows = list(zip(replies, right, answerable, strict=True))

    def gain(threshold: float) -> float:
        kept = [(r.answer is not None and r.score >= threshold, f1, has) for r, f1, has in rows]
        return round(sum(f1 if answered else float(not has) for answered, f1, has in kept), 9)

    return max([0.0, *sorted({reply.score for reply in replies})], key=gain)


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
    top = float(scores[best[0]])
    if kind == "yes_no":
        return Reply(_yes_or_no(index, question, language, best[0]), top, kind, index.ids[best[0]])
    given = frozenset(claimbench.tokens(question))
    if kind == "list":
        return Reply(_members(index.texts[best[0]], plain, given), top, kind, index.ids[best[0]])
    options = [
        (float(scores[place]) - order * _BEYOND_TIE, text, index.ids[place])
        for place in best
        for order, text in enumerate(candidates(kind, index.texts[place], index.languages[place], plain))
        if kind in ("description", "reason") or not frozenset(claimbench.tokens(text)) & given
    ]
    if not options:
        return Reply(None, top, kind, None)
    _, text, sentence = max(options, key=lambda option: option[0])
    return Reply(text, top, kind, sentence)


def _yes_or_no(index: Index, question: str, language: str, place: int) -> str:
    yes, no = _YES_NO[language]
    asked, given = frozenset(claimbench.quantities(question, language)), index.quantities[place]
    other = {q.unit for q in asked - given} & {q.unit for q in given}
    turned = cues.negated(question) != cues.negated(index.texts[place])
    return no if other or turned else yes


def _members(sentence: str, plain: frozenset[str], given: frozenset[str]) -> str | None:
    found = names("organisation", sentence, plain)
    return ", ".join(name for name in found if not frozenset(claimbench.tokens(name)) & given) or None
