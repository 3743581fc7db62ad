"""Question answering: the right answer in any of the three languages, or that there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

import msgspec
import numpy as np

from claimbench.reading.corpus import Corpus
from claimbench.records import LANGUAGES, Answer, QaPrediction, Question, Split
from claimbench.stats import classification as c
from claimbench.stats.estimators import Additive, Metric, Rows, to_fixed
from claimbench.stats.ranked import Ranked, dense_rank
from claimbench.tasks.base import (
    Items,
    Task,
    answered,
    calibration,
    check_sentences,
    complete_sets,
    component_clusters,
    counts,
    ece_bins,
    undefined,
)
from claimbench.tasks.families import (
    HEAD,
    LANGUAGE_COLUMNS,
    family_columns,
    family_metrics,
    family_row,
    language_row,
)
from claimbench.tasks.names import MetricName
from claimbench.text.answers import (
    NAMES,
    PERSON,
    VAGUE,
    measured,
    numbers_accepted,
    numbers_given,
    other_numbers,
    typed_match,
)
from claimbench.text.normalise import token_f1, tokens
from claimbench.text.quantities import Quantity, quantities
from claimbench.text.same_name import same_name

OUTCOMES = ("right", "wrong", "null")
"""What is said to a question: a right answer, a wrong one, or that there is none."""
COLUMNS = (
    "items", "f1", "exact", "typed", "answerable", "answerable_f1",
    "null_tp", "null_fp", "null_fn", "evidence", "evidence_items",
    "answered", "given", "confidence_rank", "loss", "confidence", "came_true", *family_columns(OUTCOMES),
    *LANGUAGE_COLUMNS,
)  # fmt: skip


def items(corpus: Corpus, split: Split) -> Items:
    """Return the questions of a split."""
    chosen = [item for item in corpus.questions if item.split == split]
    ids = tuple(item.id for item in chosen)
    return Items(
        ids=ids,
        expected=ids,
        clusters=component_clusters(corpus, [item.facts for item in chosen]),
        sources=None,
        fields={
            "language": tuple(item.language for item in chosen),
            "kind": tuple(item.kind for item in chosen),
            "answerable": tuple("yes" if item.answerable else "no" for item in chosen),
            "sources_needed": tuple(str(item.sources_needed) for item in chosen),
        },
        families=tuple(item.family for item in chosen),
    )


def answer_score(gold: Question, text: str) -> tuple[bool, bool, float]:
    """Return (exact match, typed match, F1) of an answer against the best of the accepted ones.

    Exact compares normalised tokens; F1 is token F1 and 0 where the answer gives other numbers; typed
    compares the value where the kind has one, or the name where it asks for one, else falls back on exact.
    """
    wanted = unit_asked_for(gold)
    mine, given = tokens(text), numbers_given(text, gold.language, wanted)
    exact, typed, best = False, False, 0.0
    for accepted in gold.answers:
        for wording in (accepted.text, *accepted.variants):
            theirs = tokens(wording)
            exact = exact or mine == theirs
            if gold.kind in NAMES:
                typed = typed or same_name(text, wording, person=gold.kind == PERSON)
            numbers = numbers_accepted(wording, accepted.language, wanted)
            if mine == theirs or not other_numbers(given, numbers):
                best = max(best, token_f1(mine, theirs))
    values = typed_values(gold)
    typed = typed or any(
        typed_match(gold.kind, value, unit, text, gold.language, written) for value, unit, written in values
    )
    return exact, typed or exact, best


Value = bool | Decimal | Quantity | str | tuple[str, ...]


def typed_values(gold: Question) -> tuple[tuple[Value, str, str], ...]:
    """Return the values that a question's accepted answers are of, each once, with its unit and, for a list,
    the language that it is in.
    """
    values = [(_value(x), _unit(x), x.language) for x in gold.answers]
    found = [
        (v, unit, language if isinstance(v, tuple) else "") for v, unit, language in values if v is not None
    ]
    return tuple(dict.fromkeys(found))


def _value(answer: Answer) -> Value | None:
    """Return the value of an answer; of “hundreds of millions” the order of magnitude."""
    value = answer.value
    if isinstance(value, msgspec.UnsetType):
        return None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        exact = Decimal(str(value))
        stated = quantities(answer.text, answer.language)
        return next((q for q in stated if q.approximator == VAGUE and q.value == exact), exact)
    return value


def _unit(answer: Answer) -> str:
    return answer.unit if isinstance(answer.unit, str) else ""


def unit_asked_for(gold: Question) -> str:
    """Return the unit of the sum or share that a question asks for; "" where it asks for none or several."""
    units = {measured(gold.kind, _unit(answer)) for answer in gold.answers}
    return units.pop() if len(units) == 1 else ""


def rows(
    corpus: Corpus,
    scored: Items,
    predictions: Mapping[str, QaPrediction],
    *,
    compare: Callable[[Question, str], tuple[bool, bool, float]] = answer_score,
) -> Rows:
    """Lay out counts per question and language; ``compare`` is what ``answer_score`` is."""
    gold = {item.id: item for item in corpus.questions}
    table, confidence = {}, []
    for item in scored.ids:
        prediction = answered(predictions, item)
        table[item] = _item_row(gold[item], prediction, compare)
        sure = prediction.confidence if prediction is not None else None
        confidence.append(-1.0 if sure is None else sure)
    for item, row in table.items():
        language = gold[item].language
        row |= language_row(language, row.get("typed") == 1)
        if language == HEAD:
            row |= family_counts([table.get(f"{gold[item].family}-{other}", {}) for other in LANGUAGES])
    result = counts(scored.ids, COLUMNS, table.values())
    result.counts[:, COLUMNS.index("confidence_rank")] = dense_rank(np.array(confidence))
    return result


def _item_row(
    gold: Question,
    prediction: QaPrediction | None,
    compare: Callable[[Question, str], tuple[bool, bool, float]],
) -> dict[str, int]:
    one = int(to_fixed(1.0))
    row = {"items": 1, "answerable": int(gold.answerable), "evidence_items": int(bool(gold.evidence))}
    row |= {"null_fn": int(not gold.answerable), "loss": one}
    if prediction is None or prediction.answer is msgspec.UNSET:
        return row
    row |= {"answered": 1, "given": int(prediction.confidence is not None)}
    row["confidence"] = int(to_fixed(prediction.confidence or 0.0))
    row["evidence"] = int(complete_sets(gold.evidence, (prediction.evidence or ())[:5]))
    if prediction.answer is None:
        right = not gold.answerable
        fixed = one * right
        row |= {"null_tp": int(right), "null_fp": int(not right), "null_fn": 0}
        row |= {"exact": int(right), "typed": int(right), "f1": fixed, "loss": one - fixed}
    elif gold.answerable:
        exact, typed, f1 = compare(gold, str(prediction.answer))
        fixed = int(to_fixed(f1))
        row |= {
            "exact": int(exact),
            "typed": int(typed),
            "f1": fixed,
            "answerable_f1": fixed,
            "loss": one - fixed,
        }
    row["came_true"] = one * row.get("exact", 0)
    return row


def family_counts(family: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """Count a question's three languages together, from the row of each; right is what typed match says."""
    return family_row([_outcome(row) for row in family], all(row.get("typed") for row in family))


def _outcome(row: Mapping[str, int]) -> str | None:
    if not row.get("answered"):
        return None
    if row.get("null_tp") or row.get("null_fp"):
        return "null"
    return "right" if row.get("typed") else "wrong"


_CALIBRATION = ("confidence", "came_true", "given")


def _all_confident(table: Rows) -> bool:
    given, said = table.column("given").sum(), table.column("answered").sum()
    return bool(0 < given == said)


def metrics(table: Rows) -> tuple[Metric, ...]:
    """Return the metrics; ``f1`` counts unanswerable questions as 1 when the answer is null, else 0."""
    null = ("null_tp", "null_fp", "null_fn")
    return (
        Additive("f1", ("f1", "items"), c.mean_fixed),
        Additive("exact_match", ("exact", "items"), c.share),
        Additive("typed_match", ("typed", "items"), c.share),
        Additive("answerable_f1", ("answerable_f1", "answerable"), c.mean_fixed),
        Additive("unanswerable_precision", null, c.precision),
        Additive("unanswerable_recall", null, c.recall),
        Additive("unanswerable_f1", null, c.f1),
        Additive("evidence_recall@5", ("evidence", "evidence_items"), c.share),
        *family_metrics(OUTCOMES, "typed_match"),
        Additive("answered_share", ("answered", "items"), c.share, better="neither"),
        calibration(_CALIBRATION, _all_confident(table)),
        Ranked("aurc", "confidence_rank", ("loss", "items"), c.area_under_fixed_risk_coverage, better="lower")
        if _all_confident(table)
        else undefined("aurc", better="lower"),
    )


def further(table: Rows, name: MetricName) -> Metric | None:
    """Return calibration with any bins: of the confidence that the answer is exactly right."""
    bins = ece_bins(name)
    return None if bins is None else calibration(_CALIBRATION, _all_confident(table), bins)


def check(corpus: Corpus, prediction: QaPrediction) -> Iterable[tuple[str, str]]:
    """Yield what types cannot say of one prediction."""
    yield from check_sentences(corpus, prediction.evidence, "evidence")
    if prediction.answer is msgspec.UNSET and not (prediction.abstain or prediction.invalid):
        yield "", "field 'answer' is missing"


def splits(corpus: Corpus) -> dict[str, Split]:
    """Return the split of every question."""
    return {item.id: item.split for item in corpus.questions}


TASK = Task(
    name="qa",
    prediction=QaPrediction,
    headline="f1",
    needs=("articles", "facts", "questions"),
    splits=splits,
    items=items,
    columns=COLUMNS,
    rows=rows,
    metrics=metrics,
    check=check,
    payload=(),
    further=further,
    across={"language": frozenset(family_columns(OUTCOMES))},
)
