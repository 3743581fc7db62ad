"""Checks of what must hold between metrics, by their canonical names."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from claimbench.conformance.bench import EXACT, Bench, Check, Finding, NotApplicableError, Values
from claimbench.conformance.gold import other_sentences
from claimbench.errors import UsageError
from claimbench.tasks import NAMES, names
from claimbench.tasks.names import MetricName
from claimbench.tasks.verification import MACRO

SIGNED = frozenset({"mcc", "language_alpha", "accuracy_gap", "typed_match_gap"})
"""Metrics, without their parameter, that may be negative."""


def _canonical(values: Values) -> list[str]:
    """Return the metrics with canonical names; other tools may have others beside them."""
    return [name for name in values if _parses(name)]


def _parses(name: str) -> bool:
    try:
        names.parse(name)
    except UsageError:
        return False
    return True


def _growing_recall(bench: Bench) -> Finding:
    found: Values = bench.values(bench.mixed)
    cutoffs = names.at_cutoffs(_canonical(found), "recall")
    if len(cutoffs) < 2:
        raise NotApplicableError("gives no recall at several cut-offs")
    values = [found[name] or 0.0 for name in cutoffs]
    return Finding(all(a <= b + EXACT for a, b in pairwise(values)), dict(zip(cutoffs, values, strict=True)))


def _triples(values: Values) -> list[tuple[str, str, str]]:
    """Return (precision, recall, F1) names that belong together."""
    canonical = _canonical(values)
    parameters: list[Any] = [None, *names.by_label(canonical, "f1")]
    found = [tuple(str(MetricName(base, p)) for base in ("precision", "recall", "f1")) for p in parameters]
    found.append(("precision", "recall@5", "f1"))
    return [(p, r, f) for p, r, f in found if {p, r, f} <= set(canonical)]


def _harmonic_mean(bench: Bench) -> Finding:
    values = bench.values(bench.mixed)
    worst, where = 0.0, ""
    triples = [t for t in _triples(values) if all(values[name] is not None for name in t)]
    if not triples:
        raise NotApplicableError("gives no precision, recall and F1 of one thing")
    for triple in triples:
        p, r, f = (values[name] or 0.0 for name in triple)
        off = abs(f - (2 * p * r / (p + r) if p + r else 0.0))
        if off >= worst:
            worst, where = off, triple[2]
    return Finding(worst <= EXACT, {"largest difference": worst, "at": where, "compared": len(triples)})


def _accuracy(bench: Bench) -> Finding:
    right = {line["id"]: line["label"] for line in bench.perfect}
    share = sum(line["label"] == right[line["id"]] for line in bench.mixed) / len(right)
    found = bench.metric("accuracy", bench.mixed)
    return Finding(found is not None and abs(found - share) <= EXACT, {"accuracy": found, "counted": share})


def _macro(bench: Bench) -> Finding:
    found = bench.metric("macro_f1", bench.mixed)
    values = bench.values(bench.mixed)
    classes = names.by_label(_canonical(values), "f1")
    present = [label for label in MACRO if any(line["label"] == label for line in bench.perfect)]
    if not present or not set(present) <= set(classes):
        raise NotApplicableError("gives no F1 of every label")
    mean = sum(values[classes[label]] or 0.0 for label in present) / len(present)
    return Finding(found is not None and abs(found - mean) <= EXACT, {"macro_f1": found, "mean of f1": mean})


def _single_sentence(bench: Bench) -> Finding:
    """With one sentence an item, precision and reciprocal rank are the same thing."""
    lines = [
        {**line, "evidence": line["evidence"][:1] if i % 2 else other_sentences(bench.corpus, line["id"], 1)}
        for i, line in enumerate(bench.perfect)
    ]
    precision, rank = bench.metric("precision", lines), bench.metric("mrr", lines)
    held = precision is not None and rank is not None and abs(precision - rank) <= EXACT
    return Finding(held, {"precision": precision, "mrr": rank})


def _ranges(bench: Bench) -> Finding:
    outside: dict[str, float] = {}
    for lines in (bench.perfect, bench.mixed, bench.wrong):
        for name, value in bench.values(lines).items():
            low, high = (
                (-1.0, 1.0) if name.partition("[")[0] in SIGNED else (0.0, 2.0 if name == "brier" else 1.0)
            )
            if value is not None and name != "log_loss" and not low - EXACT <= value <= high + EXACT:
                outside[name] = value
    return Finding(not outside, outside or {"outside": 0})


def _unknown_labels(bench: Bench) -> Finding:
    """A label that is none of the four is refused or wrong, never right."""
    lines = [{**line, "label": f"{line['label']} "} for line in bench.perfect]
    if bench.refuses(lines) is not None:
        return Finding(True, {"refused": True})
    found = bench.headline(lines)
    return Finding(found <= EXACT, {"labels with a blank": found})


CHECKS = (
    Check("growing_recall", "Recall at a larger cut-off is not smaller.", ("evidence",), _growing_recall),
    Check(
        "harmonic_mean",
        "F1 is the harmonic mean of its precision and recall.",
        ("detection", "extraction", "evidence", "verification"),
        _harmonic_mean,
    ),
    Check("accuracy", "Accuracy is the share of items on the diagonal.", ("verification",), _accuracy),
    Check("macro", "Macro F1 is the mean of the F1 of its labels.", ("verification",), _macro),
    Check(
        "single_sentence",
        "With one sentence an item, precision equals the mean reciprocal rank.",
        ("evidence",),
        _single_sentence,
    ),
    Check("ranges", "Every score lies in its range.", NAMES, _ranges),
    Check(
        "unknown_labels",
        "A label that is none of the four is refused or wrong.",
        ("verification",),
        _unknown_labels,
    ),
)
