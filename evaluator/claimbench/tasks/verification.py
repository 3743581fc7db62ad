"""Verification: do the articles support or refute a proposition, do they conflict, or do they not say?"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping

import numpy as np

from claimbench.reading.corpus import Corpus
from claimbench.records import LABELS, LANGUAGES, Split, Verification, VerificationPrediction
from claimbench.stats import classification as c
from claimbench.stats.clusters import connected
from claimbench.stats.confusion import NONE, Confusion
from claimbench.stats.estimators import Additive, Floats, Ints, Metric, Rows, to_fixed
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
    given,
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

MACRO = ("supported", "refuted", "not_enough_info")
"""The labels of the headline; ``conflicting`` has its own precision, recall and F1."""

_CONFUSION = Confusion(LABELS)
CONFUSION = _CONFUSION.columns
PAIRS = ("pairs", "pairs_right", "flips", "flips_made")
"""The columns of ``pair_row``."""
CONTRASTS = ("contrasts", "contrasts_right")
"""The columns of contrast families."""
COLUMNS = (
    "items", *CONFUSION, "correct", "strict", "answered",
    "given", "brier", "log_loss", "confidence_rank", "error", "confidence", "came_true",
    *PAIRS, *CONTRASTS, *family_columns(LABELS), *LANGUAGE_COLUMNS,
)  # fmt: skip
OF_LABELS = frozenset({"items", *CONFUSION, "correct", "error", "answered", *LANGUAGE_COLUMNS})
"""The columns that hang on nothing but an item's own gold label and verdict."""
ACROSS = {
    "language": frozenset(family_columns(LABELS)),
    "edit": frozenset(CONTRASTS),
    **dict.fromkeys(("label", "sources_needed", "unseen_sentence"), frozenset((*PAIRS, *CONTRASTS))),
}
"""A contrast pair is made by its edit, so pairs are sliced by that."""
LOG_FLOOR = 1e-15
"""Probabilities are raised to this before the logarithm, as by log_loss of scikit-learn up to 1.2."""


def verification_items(
    corpus: Corpus, split: Split, wanted: Callable[[Verification], bool] = lambda _: True
) -> Items:
    """Return the verification items of a split, with the fields that slices are made by."""
    chosen = [item for item in corpus.verification if item.split == split and wanted(item)]
    seen = {
        sentence
        for item in corpus.verification
        if item.split != "test"
        for group in item.evidence
        for sentence in group.sentences
    }
    ids = tuple(item.id for item in chosen)
    return Items(
        ids=ids,
        expected=ids,
        clusters=component_clusters(corpus, [item.facts for item in chosen]),
        sources=None,
        fields={
            "language": tuple(item.language for item in chosen),
            "label": tuple(item.label for item in chosen),
            "edit": tuple(item.edit or "" for item in chosen),
            "sources_needed": tuple(str(item.sources_needed) for item in chosen),
            "unseen_sentence": tuple(_unseen(item, seen) for item in chosen),
        },
        families=tuple(item.family for item in chosen),
    )


def _unseen(item: Verification, seen: set[str]) -> str:
    if not item.evidence:
        return ""
    sentences = {sentence for group in item.evidence for sentence in group.sentences}
    return "yes" if sentences.isdisjoint(seen) else "no"


def items(corpus: Corpus, split: Split) -> Items:
    """Return all verification items of a split."""
    return verification_items(corpus, split)


def rows(corpus: Corpus, scored: Items, predictions: Mapping[str, VerificationPrediction]) -> Rows:
    """Lay out counts per proposition and language."""
    gold = {item.id: item for item in corpus.verification}
    verdicts = {item: _label(predictions, item) for item in scored.ids}
    contrasts = contrast_families(gold)
    table = []
    for item in scored.ids:
        row = item_row(gold[item], verdicts[item], answered(predictions, item))
        row |= proposition_row(gold[item], verdicts) | pair_row(gold[item], gold, verdicts)
        row |= _contrast_row([gold[member] for member in contrasts.get(item, ())], verdicts)
        row |= language_row(gold[item].language, row["correct"] == 1)
        table.append(row)
    result = counts(scored.ids, COLUMNS, table)
    confidence = np.where(result.column("given"), result.column("confidence"), -1)
    result.counts[:, COLUMNS.index("confidence_rank")] = dense_rank(confidence)
    return result


def _label(predictions: Mapping[str, VerificationPrediction], item: str) -> str | None:
    prediction = answered(predictions, item)
    return prediction.label if prediction is not None and isinstance(prediction.label, str) else None


def item_row(
    gold: Verification, verdict: str | None, prediction: VerificationPrediction | None
) -> dict[str, int]:
    """Count one item; ``prediction`` is None where it was not answered, or where only the verdict matters."""
    correct = verdict == gold.label
    row = {
        "items": 1,
        f"{gold.label}>{verdict or NONE}": 1,
        "correct": int(correct),
        "error": int(not correct),
    }
    if prediction is None or verdict is None:
        return row
    row["answered"] = 1
    whole = not gold.evidence or complete_sets(gold.evidence, (prediction.evidence or ())[:5])
    row["strict"] = int(correct and whole)
    if prediction.probabilities is not None:
        # Written out, because sum() adds floats otherwise from Python 3.12 on and ** 2 may round twice.
        w, x, y, z = raw = prediction.probabilities.as_tuple()
        p = [share / (w + x + y + z) for share in raw]
        truth = LABELS.index(gold.label)
        off = [share - (i == truth) for i, share in enumerate(p)]
        w, x, y, z = (difference * difference for difference in off)
        row["given"] = 1
        row["confidence"] = int(to_fixed(max(p)))
        row["came_true"] = int(to_fixed(p.index(max(p)) == truth))
        row["brier"] = int(to_fixed(w + x + y + z))
        row["log_loss"] = int(to_fixed(-math.log(max(p[truth], LOG_FLOOR))))
    return row


def proposition_row(item: Verification, verdicts: Mapping[str, str | None]) -> dict[str, int]:
    """Count a proposition's three languages together, on its first item."""
    if item.language != HEAD:
        return {}
    family = [verdicts.get(f"{item.family}-{language}") for language in LANGUAGES]
    return family_row(family, all(verdict == item.label for verdict in family))


def pair_row(
    item: Verification, gold: Mapping[str, Verification], verdicts: Mapping[str, str | None]
) -> dict[str, int]:
    """Count a contrast pair on the item that is the edit; a flip is due where the edit changes the gold."""
    partner = gold.get(item.contrast_of or "")
    if partner is None:
        return {}
    mine, theirs = verdicts.get(item.id), verdicts.get(partner.id)
    due = item.label != partner.label
    return {
        "pairs": 1,
        "pairs_right": int(mine == item.label and theirs == partner.label),
        "flips": int(due),
        "flips_made": int(due and mine is not None and theirs is not None and mine != theirs),
    }


def contrast_families(gold: Mapping[str, Verification]) -> dict[str, list[str]]:
    """Return the contrast families of one language: an original, and it with all its edits."""
    pairs = [(item.contrast_of, item.id) for item in gold.values() if item.contrast_of]
    families: dict[str, list[str]] = {}
    for member, original in connected(pairs).items():
        families.setdefault(original, []).append(member)
    return families


def _contrast_row(members: list[Verification], verdicts: Mapping[str, str | None]) -> dict[str, int]:
    """Count a contrast family on its original."""
    if not members:
        return {}
    right = all(verdicts.get(member.id) == member.label for member in members)
    return {"contrasts": 1, "contrasts_right": int(right)}


def relabelled(table: Rows, label: str) -> Rows:
    """Return the rows as they would be if every item's gold were ``label``, in the columns OF_LABELS."""
    counts = table.counts.copy()
    cells = [table.columns.index(name) for name in CONFUSION]
    given = _CONFUSION.cells(counts[:, cells]).sum(axis=-2)
    at = LABELS.index(label)
    moved = np.zeros((len(counts), len(LABELS), len(LABELS) + 1), dtype=np.int64)
    moved[:, at] = given
    counts[:, cells] = moved.reshape(len(counts), -1)
    right = given[:, at]
    counts[:, table.columns.index("correct")] = right
    counts[:, table.columns.index("error")] = table.column("items") - right
    for language in LANGUAGES:
        counts[:, table.columns.index(f"{language}_right")] = right * table.column(f"{language}_items")
    return Rows(table.ids, table.columns, counts)


def _matthews(total: Ints) -> Floats:
    return c.matthews(_CONFUSION.cells(total))


_CALIBRATION = ("confidence", "came_true", "given")


def _all_confident(table: Rows) -> bool:
    given, said = table.column("given").sum(), table.column("answered").sum()
    return bool(0 < given == said)


def metrics(table: Rows) -> tuple[Metric, ...]:
    """Return the metrics; ``macro_f1`` averages over those of its labels that have gold in these rows."""
    found: list[Metric] = [
        _CONFUSION.macro_f1(table, MACRO),
        Additive("accuracy", ("correct", "items"), c.share),
        Additive("mcc", CONFUSION, _matthews, "correlation"),
        Additive("strict_accuracy", ("strict", "items"), c.share),
    ]
    for label in LABELS:
        found += [
            _CONFUSION.of_label(name, value, label)
            for name, value in (("precision", c.precision), ("recall", c.recall), ("f1", c.f1))
        ]
    found += [
        Additive("contrast_consistency", ("pairs_right", "pairs"), c.share),
        Additive("contrast_family_accuracy", ("contrasts_right", "contrasts"), c.share),
        Additive("flip_rate", ("flips_made", "flips"), c.share),
        *family_metrics(LABELS, "accuracy"),
        Additive("answered_share", ("answered", "items"), c.share, better="neither"),
    ]
    total = dict(zip(table.columns, table.counts.sum(axis=0).tolist(), strict=True))
    if total["given"]:
        found += [
            Additive("brier", ("brier", "given"), c.mean_fixed, "loss", "lower"),
            Additive("log_loss", ("log_loss", "given"), c.mean_fixed, "loss", "lower"),
            Additive("probability_coverage", ("given", "items"), c.share, better="neither"),
        ]
    else:
        found += [undefined(name, "loss", "lower") for name in ("brier", "log_loss")]
    found.append(calibration(_CALIBRATION, _all_confident(table)))
    found.append(
        Ranked("aurc", "confidence_rank", ("error", "items"), c.area_under_risk_coverage, better="lower")
        if _all_confident(table)
        else undefined("aurc", better="lower")
    )
    return tuple(found)


def further(table: Rows, name: MetricName) -> Metric | None:
    """Return calibration with any bins: of the most probable label, whether it is the gold one."""
    bins = ece_bins(name)
    return None if bins is None else calibration(_CALIBRATION, _all_confident(table), bins)


def check(corpus: Corpus, prediction: VerificationPrediction) -> Iterable[tuple[str, str]]:
    """Yield what types cannot say of one prediction."""
    if prediction.probabilities is not None:
        total = math.fsum(prediction.probabilities.as_tuple())
        if abs(total - 1.0) > 1e-3:
            yield "/probabilities", f"must sum to one within 0.001, but sum to {total:.6g}"
    yield from check_sentences(corpus, prediction.evidence, "evidence")
    if not (given(prediction.label) or prediction.label is None or prediction.abstain or prediction.invalid):
        yield "", "field 'label' is missing"


def splits(corpus: Corpus) -> dict[str, Split]:
    """Return the split of every verification item."""
    return {item.id: item.split for item in corpus.verification}


TASK = Task(
    name="verification",
    prediction=VerificationPrediction,
    headline="macro_f1",
    needs=("articles", "facts", "verification"),
    splits=splits,
    items=items,
    columns=COLUMNS,
    rows=rows,
    metrics=metrics,
    check=check,
    payload=("label",),
    further=further,
    across=ACROSS,
)
