"""Extraction: which claims does an article make?

The gold is one claim per article and fact; repeats of it are alternative wordings, and a system that gives
several is right once. Claims of check-worthiness 0 and presupposed ones are optional: what is most like one
of them neither helps nor hurts. The headline is the F1 of a one-to-one assignment inside the article; beside
it stand measures that do not depend on how finely claims are cut, and how well the spans of matched claims
are placed, in characters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from claimbench.reading.corpus import Corpus
from claimbench.records import ExtractedClaim, ExtractionPrediction, Split
from claimbench.stats import classification as c
from claimbench.stats.estimators import Additive, Floats, Ints, Metric, Rows, ratio
from claimbench.tasks.assessing import Assessed, Assessment, assess
from claimbench.tasks.base import Items, Task, answered, counts, sentence_clusters
from claimbench.tasks.decisions import NONE, Decisions
from claimbench.tasks.matching import Alike, alike, gold_claims
from claimbench.tasks.offsets import settle

COLUMNS = (
    "tp", "fp", "fn", "claims", "gold", "unjudged", "covered", "split",
    "grounded", "merge", "duplicate", "overreach", "quantities", "quantities_right",
    "spans_given", "spans", "spans_exact", "span_shared", "span_system", "span_gold",
)  # fmt: skip

_Add = Callable[[str, str, bool | int], None]
"""Adds a count to a sentence's column."""


def items(corpus: Corpus, split: Split) -> Items:
    """Return all sentences as rows; predictions are joined by article. All articles are test items."""
    chosen = corpus.articles if split == "test" else ()
    clusters = sentence_clusters(corpus)
    pairs = [(article, sentence.id) for article in chosen for sentence in article.sentences]
    return Items(
        ids=tuple(sentence for _, sentence in pairs),
        expected=tuple(article.id for article in chosen),
        clusters=tuple(clusters[sentence] for _, sentence in pairs),
        sources=tuple(article.source for article, _ in pairs),
        fields={
            "language": tuple(article.language for article, _ in pairs),
            "source": tuple(article.source for article, _ in pairs),
            "article": tuple(article.id for article, _ in pairs),
        },
    )


def rows(
    corpus: Corpus,
    scored: Items,
    predictions: Mapping[str, ExtractionPrediction],
    *,
    alike: Alike = alike,
    decisions: Decisions = NONE,
) -> Rows:
    """Lay out counts per sentence: of gold claims in their first one, of others in that of span or match.

    ``alike`` compares a text with a gold claim, ``decisions`` settle what the gold leaves open.
    """
    table: dict[str, dict[str, int]] = {sentence: {} for sentence in scored.ids}
    for article_id in scored.expected:
        article = corpus.article_by_id[article_id]
        gold, claims = gold_claims(corpus, article), claims_of(predictions, article_id)
        _add_article(table, assess(article, gold, claims, alike=alike, decisions=decisions))
    return counts(scored.ids, COLUMNS, table.values())


def claims_of(predictions: Mapping[str, ExtractionPrediction], article: str) -> tuple[ExtractedClaim, ...]:
    """Return the claims a run found in an article; none where it does not answer."""
    prediction = answered(predictions, article)
    found = prediction.claims if prediction is not None else None
    return found if isinstance(found, tuple) else ()


def _add_article(table: dict[str, dict[str, int]], assessment: Assessment) -> None:
    def add(sentence: str, column: str, count: bool | int) -> None:
        row = table[sentence]
        row[column] = row.get(column, 0) + int(count)

    for claim in assessment.claims:
        _add_claim(add, claim)
    for target, matched, covered, split in assessment.gold:
        if target.optional:
            continue
        add(target.sentence, "gold", 1)
        add(target.sentence, "fn", not matched)
        add(target.sentence, "covered", covered)
        add(target.sentence, "split", split)


def _add_claim(add: _Add, claim: Assessed) -> None:
    if claim.neutral:
        return
    where = claim.sentence
    add(where, "claims", 1)
    add(where, "tp" if claim.matched else "fp", 1)
    for column in ("unjudged", "grounded", "merge", "duplicate", "overreach"):
        add(where, column, getattr(claim, column))
    if claim.has_quantities:
        add(where, "quantities", 1)
        add(where, "quantities_right", claim.quantities_right)
    add(where, "spans_given", claim.matched and claim.claim.start is not None)
    if claim.overlap is not None:
        add(where, "spans", 1)
        add(where, "spans_exact", claim.overlap.exact)
        add(where, "span_shared", claim.overlap.shared)
        add(where, "span_system", claim.overlap.system)
        add(where, "span_gold", claim.overlap.gold)


def _optimistic_precision(total: Ints) -> Floats:
    """Columns (tp, fp, unjudged): precision if every unjudged claim were right."""
    right = total[..., 0] + total[..., 2]
    return ratio(right, total[..., 0] + total[..., 1])


def _optimistic_f1(total: Ints) -> Floats:
    """Columns (tp, fp, fn, unjudged): F1 if every unjudged claim were right and in the gold."""
    tp = total[..., 0] + total[..., 3]
    return ratio(2 * tp, 2 * tp + total[..., 1] - total[..., 3] + total[..., 2])


def _span_f1(total: Ints) -> Floats:
    """Columns (span_shared, span_system, span_gold)."""
    return ratio(2 * total[..., 0], total[..., 1] + total[..., 2])


def metrics(table: Rows) -> tuple[Metric, ...]:
    """Return the metrics of claims; all are additive over sentences.

    Those of spans are of claims that match the gold and give one: the share that is exact, and precision,
    recall and F1 of characters. ``span_given`` is the share of matched claims with a span, also of those that
    people judged correct, for which the gold has no place to hold it against.
    """
    strict = ("tp", "fp", "fn")
    return (
        Additive("f1", strict, c.f1),
        Additive("precision", strict, c.precision),
        Additive("recall", strict, c.recall),
        Additive("f1_if_unjudged_right", (*strict, "unjudged"), _optimistic_f1),
        Additive("precision_if_unjudged_right", ("tp", "fp", "unjudged"), _optimistic_precision),
        Additive("coverage", ("covered", "gold"), c.share),
        Additive("groundedness", ("grounded", "claims"), c.share),
        Additive("split_rate", ("split", "gold"), c.share, better="lower"),
        Additive("merge_rate", ("merge", "claims"), c.share, better="lower"),
        Additive("duplicate_rate", ("duplicate", "claims"), c.share, better="lower"),
        Additive("overreach_rate", ("overreach", "claims"), c.share, better="lower"),
        Additive("unjudged_rate", ("unjudged", "claims"), c.share, better="neither"),
        Additive("quantity_accuracy", ("quantities_right", "quantities"), c.share),
        Additive("span_exact", ("spans_exact", "spans"), c.share),
        Additive("span_precision", ("span_shared", "span_system"), c.share),
        Additive("span_recall", ("span_shared", "span_gold"), c.share),
        Additive("span_f1", ("span_shared", "span_system", "span_gold"), _span_f1),
        Additive("span_given", ("spans_given", "tp"), c.share, better="neither"),
    )


def check(corpus: Corpus, prediction: ExtractionPrediction) -> Iterable[tuple[str, str]]:
    """Yield what types cannot say of one prediction; offsets are held against the text of a whole run."""
    if not isinstance(prediction.claims, tuple):
        if prediction.claims is not None and not (prediction.abstain or prediction.invalid):
            yield "", "field 'claims' is missing"
        return
    for i, claim in enumerate(prediction.claims):
        if (claim.start is None) != (claim.end is None):
            yield f"/claims/{i}", "give both 'start' and 'end', or neither"
        elif claim.start is None and claim.quote is not None:
            yield f"/claims/{i}/quote", "a quote needs the 'start' and 'end' of its place"
        elif claim.start is not None and claim.end is not None and claim.start >= claim.end:
            yield f"/claims/{i}/start", f"{claim.start} is not before the end {claim.end}"


def splits(corpus: Corpus) -> dict[str, Split]:
    """Return every article id; all belong to test."""
    return dict.fromkeys((article.id for article in corpus.articles), "test")


TASK = Task(
    name="extraction",
    prediction=ExtractionPrediction,
    headline="f1",
    needs=("articles", "facts", "claims"),
    splits=splits,
    items=items,
    columns=COLUMNS,
    rows=rows,
    metrics=metrics,
    check=check,
    payload=("claims",),
    settle=settle,
)
