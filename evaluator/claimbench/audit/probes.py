"""Probes that must not succeed: what can be told of a gold label without reading any article.

Every probe predicts each cluster of components after learning from all others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec
import numpy as np

from claimbench.audit.finding import Finding
from claimbench.audit.heldout import held_out, majority, prior, scored
from claimbench.audit.words import HEDGES, NEGATIONS
from claimbench.reading.corpus import Corpus
from claimbench.records import Question, Verification
from claimbench.stats.intervals import Interval
from claimbench.tasks.base import component_clusters
from claimbench.tasks.verification import MACRO
from claimbench.text.normalise import canonical

MOST_ABOVE_PRIOR = 0.10
"""A probe that beats the prior by more than this has found a giveaway."""


class Probe(msgspec.Struct, frozen=True):
    """How well a probe did on some splits, beside two baselines that have seen nothing but the labels."""

    name: str
    splits: str
    items: int
    macro_f1: float
    interval: Interval | None
    majority: float
    prior: float


MOST_PROBES = 6
"""Three probes on two choices of splits."""


def probes_of(corpus: Corpus) -> Iterator[Probe]:
    """Yield every probe on the test split and on all splits.

    Conflicting items are left out, as the headline of verification leaves them out. A probe that has too
    little to learn from, a label in fewer than two clusters, is skipped.
    """
    for splits in ("test", "all"):
        items = [i for i in corpus.verification if splits in (i.split, "all") and i.label in MACRO]
        labels = [item.label for item in items]
        clusters = _clusters(corpus, items)
        yield from _probe("claim: n-grams", splits, _grams, [i.claim for i in items], labels, clusters)
        yield from _probe("claim: counts", splits, _scaled, [_counts(i) for i in items], labels, clusters)
        asked = [question for question in corpus.questions if splits in (question.split, "all")]
        answerable = ["answerable" if question.answerable else "unanswerable" for question in asked]
        texts = [question.question for question in asked]
        clusters = _clusters(corpus, asked)
        yield from _probe("question: n-grams", splits, _grams, texts, answerable, clusters)


def giveaways(found: Sequence[Probe]) -> Iterator[Finding]:
    """Yield a finding for every probe that beats the prior by more than ``MOST_ABOVE_PRIOR``."""
    for probe in found:
        if probe.macro_f1 - probe.prior > MOST_ABOVE_PRIOR:
            message = (
                f"macro-F1 {probe.macro_f1:.3f} on {probe.splits}, where guessing gives {probe.prior:.3f}"
            )
            yield Finding("probe", f"{probe.name} alone has {message}")


def _clusters(corpus: Corpus, items: Sequence[Verification | Question]) -> tuple[str, ...]:
    return component_clusters(corpus, [item.facts for item in items])


def _grams(texts: Sequence[str]) -> Any:
    """Return the weights of character n-grams; they rest on all texts, as no text tells a label."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    grams = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True)
    return grams.fit_transform(texts)


def _scaled(counts: Sequence[Sequence[int]]) -> Any:
    from sklearn.preprocessing import scale

    return scale(np.array(counts, dtype=np.float64))


def _counts(item: Verification) -> list[int]:
    plain = canonical(item.claim)
    return [
        len(plain),
        len(plain.split()),
        sum(char.isdecimal() for char in plain),
        plain.count(","),
        len(NEGATIONS[item.language].findall(plain)),
        len(HEDGES[item.language].findall(plain)),
    ]


def _probe(
    name: str,
    splits: str,
    features: Callable[[Any], Any],
    inputs: Sequence[Any],
    gold: Sequence[str],
    clusters: Sequence[str],
) -> Iterator[Probe]:
    held = Counter(label for label, _ in set(zip(gold, clusters, strict=True)))
    if len(held) < 2 or min(held.values()) < 2:
        return
    value, interval = scored(gold, held_out(features(inputs), gold, clusters), clusters)
    shares = [count for _, count in sorted(Counter(gold).items())]
    yield Probe(name, splits, len(gold), value, interval, majority(shares), prior(shares))
