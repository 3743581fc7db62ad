"""Detection: does a sentence hold a claim that a fact-checking desk would check?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import msgspec
import numpy as np

from claimbench.reading.corpus import Corpus
from claimbench.records import DetectionPrediction, Split
from claimbench.stats import classification as c
from claimbench.stats.estimators import Additive, Metric, Rows, to_fixed
from claimbench.stats.ranked import Ranked, TieSum, dense_rank
from claimbench.tasks.base import (
    Items,
    Task,
    answered,
    calibration,
    counts,
    ece_bins,
    given,
    sentence_clusters,
    undefined,
)
from claimbench.tasks.names import MetricName

COLUMNS = (
    "items", "positive", "ranked", "ranked_positive", "labelled",
    "tp", "fp", "fn", "rank", "brier", "probabilities", "probability", "outcome",
)  # fmt: skip


def positives(corpus: Corpus) -> frozenset[str]:
    """Return the ids of sentences in which a claim of check-worthiness 2 starts."""
    return frozenset(corpus.sentence_of(claim) for claim in corpus.claims if claim.checkworthiness == 2)


def items(corpus: Corpus, split: Split) -> Items:
    """Return all sentences; they are all test items."""
    chosen = list(corpus.sentences.items()) if split == "test" else []
    clusters = sentence_clusters(corpus)
    ids = tuple(sentence for sentence, _ in chosen)
    articles = [article for _, (article, _) in chosen]
    kinds = tuple(
        next(seg.kind for seg in article.segments if seg.start <= sentence.start < seg.end)
        for _, (article, sentence) in chosen
    )
    return Items(
        ids=ids,
        expected=ids,
        clusters=tuple(clusters[sentence] for sentence in ids),
        sources=tuple(article.source for article in articles),
        fields={
            "language": tuple(article.language for article in articles),
            "source": tuple(article.source for article in articles),
            "segment": kinds,
        },
    )


def rows(corpus: Corpus, scored: Items, predictions: Mapping[str, DetectionPrediction]) -> Rows:
    """Lay out counts per sentence. What has no score is not ranked: wrong wherever the ranking counts."""
    gold = positives(corpus)
    table: list[dict[str, int]] = []
    scores: list[float] = []
    for item in scored.ids:
        positive = item in gold
        row = {"items": 1, "positive": int(positive), "fn": int(positive)}
        score = -math.inf
        prediction = answered(predictions, item)
        if prediction is not None and (given(prediction.label) or given(prediction.score)):
            if isinstance(prediction.label, bool):
                label = prediction.label
                row.update(labelled=1, tp=int(label and positive), fp=int(label and not positive))
                row["fn"] = int(positive and not label)
            if isinstance(prediction.score, float):
                score = prediction.score
                row.update(ranked=1, ranked_positive=int(positive))
                if 0.0 <= score <= 1.0:
                    off = score - positive
                    row.update(brier=int(to_fixed(off * off)), probabilities=1)
                    row.update(probability=int(to_fixed(score)), outcome=int(to_fixed(positive)))
        table.append(row)
        scores.append(score)
    result = counts(scored.ids, COLUMNS, table)
    result.counts[:, COLUMNS.index("rank")] = dense_rank(np.array(scores))
    return result


_CALIBRATION = ("probability", "outcome", "probabilities")
_ORDER = ("ranked_positive", "ranked", "positive", "items")


def metrics(table: Rows) -> tuple[Metric, ...]:
    """Return the metrics the predictions allow: ranking needs scores, F1 labels, Brier scores in [0, 1].

    Where some lines have them, the others are wrong; where none has, the metric is undefined.
    """
    total = dict(zip(table.columns, table.counts.sum(axis=0).tolist(), strict=True))
    ranked: list[tuple[str, TieSum]] = [
        ("average_precision", c.average_precision),
        ("auroc", c.auroc),
        ("precision@10", c.precision_at(10)),
    ]
    labelled = [("f1", c.f1), ("precision", c.precision), ("recall", c.recall)]
    result: list[Metric] = [
        Ranked(name, "rank", _ORDER, value) if total["ranked"] else undefined(name) for name, value in ranked
    ]
    result += [
        Additive(name, ("tp", "fp", "fn"), value) if total["labelled"] else undefined(name)
        for name, value in labelled
    ]
    probable = _probable(table)
    result += [
        Additive("brier", ("brier", "probabilities"), c.mean_fixed, "loss", "lower")
        if probable
        else undefined("brier", "loss", "lower"),
        calibration(_CALIBRATION, probable),
        Additive("probability_coverage", ("probabilities", "items"), c.share, better="neither"),
        Additive("positive_share", ("positive", "items"), c.share, better="neither"),
    ]
    return tuple(result)


def _probable(table: Rows) -> bool:
    given, ranked = table.column("probabilities").sum(), table.column("ranked").sum()
    return bool(0 < given == ranked)


def further(table: Rows, name: MetricName) -> Metric | None:
    """Return precision at any cut-off, calibration with any bins."""
    if name.base == "precision" and isinstance(name.parameter, int) and not name.setting:
        value = c.precision_at(name.parameter)
        return (
            Ranked(str(name), "rank", _ORDER, value) if table.column("ranked").any() else undefined(str(name))
        )
    bins = ece_bins(name)
    return None if bins is None else calibration(_CALIBRATION, _probable(table), bins)


def check(corpus: Corpus, prediction: DetectionPrediction) -> Iterable[tuple[str, str]]:
    """Yield what types cannot say of one prediction."""
    left_out = prediction.score is msgspec.UNSET and prediction.label is msgspec.UNSET
    if left_out and not (prediction.abstain or prediction.invalid):
        yield "", "expected one of the fields 'score', 'label'"


def splits(corpus: Corpus) -> dict[str, Split]:
    """Return every sentence id; all belong to test."""
    return dict.fromkeys(corpus.sentences, "test")


TASK = Task(
    name="detection",
    prediction=DetectionPrediction,
    headline="average_precision",
    fallback="f1",
    needs=("articles", "facts", "claims"),
    splits=splits,
    items=items,
    columns=COLUMNS,
    rows=rows,
    metrics=metrics,
    check=check,
    payload=("score", "label"),
    further=further,
)
