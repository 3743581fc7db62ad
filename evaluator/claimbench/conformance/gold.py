"""Lines made from the gold of the test split: right, wrong and in between. Every draw is seeded."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from claimbench.reading.corpus import Corpus
from claimbench.records import LABELS, EvidenceSet
from claimbench.tasks.detection import positives

Line = dict[str, Any]

NONSENSE = "Xylophonquaste zwitschert flieder"
"""Shares no word with any gold."""
MOST_EVIDENCE = 5


def perfect(corpus: Corpus, task: str) -> list[Line]:
    """Return the lines of a system that had read the gold."""
    return _PERFECT[task](corpus)


def _detection(corpus: Corpus) -> list[Line]:
    worthy = positives(corpus)
    return [{"id": s, "score": float(s in worthy), "label": s in worthy} for s in corpus.sentences]


def _extraction(corpus: Corpus) -> list[Line]:
    lines: dict[str, Line] = {article.id: {"id": article.id, "claims": []} for article in corpus.articles}
    for claim in corpus.claims:
        if claim.duplicate_of is None:
            start, end = claim.spans[0].start, claim.spans[-1].end
            lines[claim.article]["claims"].append(
                {"text": claim.text, "start": start, "end": end, "score": 1.0}
            )
    return list(lines.values())


def _evidence(corpus: Corpus) -> list[Line]:
    return [
        {"id": item.id, "evidence": _whole_sets(item.evidence)}
        for item in corpus.verification
        if item.split == "test" and item.evidence
    ]


def _verification(corpus: Corpus) -> list[Line]:
    return [
        {"id": item.id, "label": item.label, "evidence": _whole_sets(item.evidence)}
        for item in corpus.verification
        if item.split == "test"
    ]


def _qa(corpus: Corpus) -> list[Line]:
    return [
        {
            "id": item.id,
            "answer": item.answers[0].text if item.answerable else None,
            "evidence": list(item.evidence[0].sentences) if item.evidence else [],
        }
        for item in corpus.questions
        if item.split == "test"
    ]


_PERFECT = {
    "detection": _detection,
    "extraction": _extraction,
    "evidence": _evidence,
    "verification": _verification,
    "qa": _qa,
}


def _whole_sets(evidence: tuple[EvidenceSet, ...]) -> list[str]:
    """Return one gold set for each stance."""
    chosen = {group.stance: group.sentences for group in reversed(evidence)}
    return list(dict.fromkeys(sentence for sentences in chosen.values() for sentence in sentences))


def gold_sentences(corpus: Corpus, item: str) -> set[str]:
    """Return every sentence of any gold evidence set of a verification item."""
    return {s for v in corpus.verification if v.id == item for g in v.evidence for s in g.sentences}


def other_sentences(corpus: Corpus, item: str, count: int) -> list[str]:
    """Return sentences that are in no gold set of an item."""
    outside = [s for s in corpus.sentences if s not in gold_sentences(corpus, item)]
    return random.Random(item).sample(outside, min(count, len(outside)))


def nonsense(corpus: Corpus, article: str, count: int) -> list[Line]:
    """Return wrong claims of an article: texts without sense on single characters outside every gold span."""
    inside = {
        i
        for claim in corpus.claims
        if claim.article == article
        for s in claim.spans
        for i in range(s.start, s.end)
    }
    outside = [i for i in range(len(corpus.article_by_id[article].text)) if i not in inside]
    places = random.Random(article).sample(outside, min(count, len(outside)))
    return [{"text": f"{NONSENSE} {i}", "start": i, "end": i + 1} for i in places]


def wrong(corpus: Corpus, task: str, line: Mapping[str, Any]) -> Line:
    """Return a wrong answer in place of the right one."""
    if task == "detection":
        return {**line, "score": round(1.0 - line["score"], 6), "label": not line["label"]}
    if task == "extraction":
        return {"id": line["id"], "claims": nonsense(corpus, line["id"], 6)}
    if task == "evidence":
        return {**line, "evidence": other_sentences(corpus, line["id"], 3)}
    if task == "qa":
        return {"id": line["id"], "answer": NONSENSE, "evidence": []}
    others = [label for label in LABELS if label not in (line["label"], "conflicting")]
    return {**line, "label": random.Random(line["id"]).choice(others), "evidence": []}


def blurred(corpus: Corpus, task: str, line: Mapping[str, Any]) -> Line:
    """Return the answer of a middling system: right, wrong, or right in part."""
    draw = random.Random(f"blurred {line['id']}")
    bad = draw.random() < 0.4
    if task == "detection":
        score = round(min(1.0, max(0.0, draw.gauss(line["score"], 0.5))), 6)
        return {**line, "score": score, "label": score > 0.5}
    if task == "extraction":
        kept = [claim for claim in line["claims"] if draw.random() < 0.7]
        return {**line, "claims": kept + nonsense(corpus, line["id"], 3)}
    if task == "evidence" and not bad:
        others = other_sentences(corpus, line["id"], draw.randrange(3))
        return {**line, "evidence": (line["evidence"] + others)[:MOST_EVIDENCE]}
    return wrong(corpus, task, line) if bad else dict(line)
