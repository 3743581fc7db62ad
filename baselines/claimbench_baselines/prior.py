"""What the training gold says before an item is read: shares and counts, ties settled by a fixed order."""

from __future__ import annotations

from collections import Counter

import claimbench

LABELS = ("supported", "refuted", "conflicting", "not_enough_info")


def label_shares(training: claimbench.Corpus) -> dict[str, float]:
    """Return each verdict's share of the training items, one more of each counted in (Laplace's rule).

    So a label that training lacks is unlikely, not impossible, and without items all are equal.
    """
    counts: Counter[str] = Counter(item.label for item in training.verification)
    total = counts.total() + len(LABELS)
    return {label: (counts[label] + 1) / total for label in LABELS}


def claim_sentences(training: claimbench.Corpus, checkworthiness: int = 0) -> frozenset[str]:
    """Return the ids of the sentences that hold a claim of at least that check-worthiness."""
    found = (claim for claim in training.claims if claim.checkworthiness >= checkworthiness)
    return frozenset(training.sentence_of(claim) for claim in found)


def claim_share(training: claimbench.Corpus, checkworthiness: int = 0) -> float:
    """Return the share of sentences that hold such a claim; a half where there are no sentences."""
    total = len(training.sentences)
    return len(claim_sentences(training, checkworthiness)) / total if total else 0.5


def evidence_sizes(training: claimbench.Corpus) -> list[int]:
    """Return the size of every evidence set of the verification items, in corpus order."""
    return [len(group.sentences) for item in training.verification for group in item.evidence]


def frequent_evidence(training: claimbench.Corpus, most: int) -> list[str]:
    """Return the sentences that serve the most verification items; ties in reading order."""
    counts: Counter[str] = Counter()
    for item in training.verification:
        counts.update({sentence for group in item.evidence for sentence in group.sentences})
    order = {sentence: place for place, sentence in enumerate(training.sentences)}
    return sorted(counts, key=lambda s: (-counts[s], order[s]))[:most]


def answers(training: claimbench.Corpus, language: str) -> list[str | None]:
    """Return the answer to every training question of a language; None where there is none."""
    found: list[str | None] = []
    for question in training.questions:
        if question.language == language:
            own = [answer.text for answer in question.answers if answer.language == language]
            found.append(own[0] if own and question.answerable else None)
    return found


def frequent_answer(training: claimbench.Corpus, language: str) -> tuple[str | None, float]:
    """Return a language's most frequent answer, None included, and its share; (None, 0) without any."""
    given = answers(training, language)
    if not given:
        return None, 0.0
    counts = Counter(given)
    best = min(counts, key=lambda answer: (-counts[answer], answer is None, answer or ""))
    return best, counts[best] / len(given)
