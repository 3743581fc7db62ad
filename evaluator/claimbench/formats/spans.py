"""Labelled spans in the four modes of SemEval-2013 task 9.1 (Segura-Bedmar et al. 2013).

Equals nervaluate 1.2.1 on its "dict" input: documents as lists of ``{"label", "start", "end"}``, the end
being part of the span. The house counts by the same rules after sorting the spans of each document, so that
their order has no say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import msgspec
import numpy as np

from claimbench.errors import InputError
from claimbench.formats.base import Format, House, Option, Scored, Source, only
from claimbench.formats.documents import read_document
from claimbench.formats.lines import file_digest
from claimbench.formats.span_modes import MODES, Span, Tally, precision_recall_f1, tally
from claimbench.report import Counts, Official
from claimbench.stats.estimators import Additive, Floats, Ints, Metric, Rows, ratio

ALL = "all"
NAMES = ("precision", "recall", "f1")
COLUMNS = ("documents", "gold", "predicted", *(f"twice_{mode}" for mode in MODES))
Documents = Sequence[Sequence[Span]]
Tallies = dict[str, Tally]


class _Entity(msgspec.Struct, frozen=True, gc=False):
    label: str
    start: int
    end: int


def tallies(gold: Documents, predicted: Documents) -> Tallies:
    """Return the counts of all documents in each mode; raises ZeroDivisionError as ``overlaps`` does."""
    found = {}
    for mode in MODES:
        parts = [tally(mode, right, spans) for right, spans in zip(gold, predicted, strict=True)]
        found[mode] = Tally(*map(sum, zip(*parts, strict=True)))
    return found


def with_labels(documents: Documents, labels: Sequence[str]) -> list[list[Span]]:
    """Return the spans that have one of the labels."""
    return [[span for span in document if span.label in labels] for document in documents]


def figures(found: Tallies, suffix: str = "") -> dict[str, float | None]:
    """Return precision, recall and F1 in each mode, 0/0 being 0."""
    return {
        f"{mode}_{name}{suffix}": value
        for mode, counts in found.items()
        for name, value in zip(NAMES, precision_recall_f1(counts), strict=True)
    }


def _read_documents(path: str) -> list[list[Span]]:
    documents = read_document(path, tuple[tuple[_Entity, ...], ...])
    return [[Span(x.label, x.start, x.end) for x in document] for document in documents]


def read(gold: Sequence[str], predictions: Sequence[str], options: Mapping[str, str]) -> Scored:
    """Read and score; documents meet by position."""
    path = only(gold, "gold")
    right, given = _read_documents(path), _read_documents(only(predictions, "predictions"))
    if len(right) != len(given):
        raise InputError(f"{path}: {len(right)} documents of gold, but predictions for {len(given)}")
    if not right:
        raise InputError(f"{path}: holds no document")
    used = {span.label for document in (*right, *given) for span in document}
    tags = sorted(used if options["tags"] == ALL else used & set(options["tags"].split(",")))
    kept, found = with_labels(right, tags), with_labels(given, tags)
    backward = sum(span.end < span.start for document in (*kept, *found) for span in document)
    reason = f"{backward} spans end before they start" if backward else None
    return Scored(
        official=_official(kept, found, tags, sum(map(len, (*right, *given)))),
        counts=Counts(items=len(right), missing=0, abstained=0, invalid=0, other_split=0),
        house=None if reason else House(_rows(kept, found)),
        gold=file_digest(path),
        refused=reason,
    )


def _official(gold: Documents, predicted: Documents, tags: Sequence[str], given: int) -> Official:
    """Return nervaluate's figures over all labels and for each; ``given`` spans were in the files."""
    definition = "nervaluate 1.2.1"
    try:
        overall = tallies(gold, predicted)
        found = figures(overall)
        for tag in tags:
            found |= figures(tallies(with_labels(gold, [tag]), with_labels(predicted, [tag])), f"[{tag}]")
        in_order = tallies(_sorted(gold), _sorted(predicted))
    except ZeroDivisionError:
        reason = "ZeroDivisionError: a prediction touches a gold span that ends one before its start"
        return Official(definition, {}, {}, (), reason)
    counts = {f"{mode}_{kind}": n for mode in MODES for kind, n in overall[mode]._asdict().items()}
    dropped = given - sum(map(len, (*gold, *predicted)))
    return Official(definition, found, counts, tuple(_quirks(overall, in_order, dropped, len(gold))))


def _sorted(documents: Documents) -> list[list[Span]]:
    return [sorted(document, key=lambda span: (span.start, span.end, span.label)) for document in documents]


def _quirks(overall: Tallies, in_order: Tallies, dropped: int, documents: int) -> list[str]:
    lines = []
    for mode in MODES:
        here, there = precision_recall_f1(overall[mode])[2], precision_recall_f1(in_order[mode])[2]
        if here != there:
            lines.append(
                f"{mode}_f1 hangs on the order of spans: {here!r} here, {there!r} in order of position"
            )
    if dropped:
        lines.append(f"{dropped} spans have labels outside tags and are left out")
    if overall["partial"].partial and documents > 1:
        without = precision_recall_f1(overall["partial"], credit=0.0)[2]
        lines.append(
            f"nervaluate 1.0 and 1.1 forget the half credit: partial_f1 {without!r} from these counts"
        )
    return lines


def _rows(gold: Documents, predicted: Documents) -> Rows:
    """Lay out one row per document: spans, and twice the credit in each mode."""
    counts: Ints = np.ones((len(gold), len(COLUMNS)), dtype=np.int64)
    for row, right, found in zip(counts, _sorted(gold), _sorted(predicted), strict=True):
        parts = [tally(mode, right, found) for mode in MODES]
        row[1:] = (len(right), len(found), *(2 * part.correct + part.partial for part in parts))
    return Rows(tuple(str(number) for number in range(1, len(gold) + 1)), COLUMNS, counts)


def _f1(total: Ints) -> Floats:
    """Columns (twice the credit, gold, predicted)."""
    return ratio(total[..., 0], total[..., 1] + total[..., 2])


def _share(place: int, total: Ints) -> Floats:
    """Columns (twice the credit, gold, predicted): credit per gold (1) or predicted (2) span."""
    return ratio(total[..., 0], 2 * total[..., place])


def metrics(table: Rows) -> tuple[Metric, ...]:
    """Return F1, precision and recall in each mode; 0/0 is undefined."""
    values = (("f1", _f1), ("precision", partial(_share, 2)), ("recall", partial(_share, 1)))
    return tuple(
        Additive(f"{mode}_{name}", (f"twice_{mode}", "gold", "predicted"), value)
        for mode in MODES
        for name, value in values
    )


FORMAT = Format(
    name="spans",
    task="extraction",
    title="Labelled spans: strict, exact, partial and type matching of SemEval-2013 task 9.1",
    source=Source("github.com/MantisAI/nervaluate", "src/nervaluate/strategies.py", "1.2.1", "MIT"),
    options={"tags": Option(ALL, "labels that count", kind="names")},
    figures=(
        *(f"{mode}_{name}" for mode in MODES for name in NAMES),
        "each of them per label, as strict_f1[LABEL]",
    ),
    quirks=(
        "Predictions take gold spans in the order of the file, so that figures can hang on it.",
        "Less than one percent of a gold span is no overlap.",
        "nervaluate 1.0 and 1.1 give partial matches no credit as soon as there are two documents.",
        "nervaluate 1.1 stops at the first overlap, where 1.2 looks for an exact match first.",
        "An empty first document stops nervaluate unless its loader is named.",
    ),
    headline="strict_f1",
    read=read,
    columns=COLUMNS,
    metrics=metrics,
)
