"""Scorers in use elsewhere, as adapters or by their rules, to be run through the same checks.

``nervaluate_*`` call nervaluate, which scores spans and knows no ids: joining by id and refusing unknown ids
are the adapter's. ``fever`` and ``feverous`` are the official profiles of those formats, which equal their
scorers. The others are written anew and reduced to the rule that is at issue; they stand for it, not for
every figure of the scorer named.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from statistics import fmean, median
from typing import Any

import msgspec

from claimbench.conformance import gold
from claimbench.conformance.scorers import Line, RefusedError, corpus_in
from claimbench.errors import UsageError
from claimbench.formats.evidence import FIGURES
from claimbench.formats.scoring import score_format
from claimbench.records import Verification

Lines = Sequence[Line]


def _by_id(lines: Lines, known: Sequence[str]) -> dict[str, Line]:
    if any("run" in line for line in lines):
        raise RefusedError("one system at a time")
    found = {line["id"]: line for line in lines}
    if len(found) < len(lines) or not found.keys() <= set(known):
        raise RefusedError("repeated or unknown ids")
    return found


def _only(task: str, *tasks: str) -> None:
    if task not in tasks:
        raise RefusedError(f"does {' and '.join(tasks)} only")


def _spans(line: Line) -> list[dict[str, Any]]:
    claims = line.get("claims") or []
    return [{"label": "claim", "start": x["start"], "end": x["end"]} for x in claims if "start" in x]


def _nervaluate(strategy: str, task: str, folder: Path, lines: Lines) -> Mapping[str, Any]:
    """Return nervaluate's precision, recall and F1 of claim spans under one of its strategies."""
    _only(task, "extraction")
    try:
        evaluator = import_module("nervaluate").Evaluator
    except ImportError:
        raise UsageError("nervaluate is not installed: pip install nervaluate") from None
    right = gold.perfect(corpus_in(folder), task)
    given = _by_id(lines, [line["id"] for line in right])
    true = [_spans(line) for line in right]
    predicted = [_spans(given.get(line["id"], {})) for line in right]
    found = evaluator(true, predicted, tags=["claim"], loader="dict").evaluate()["overall"][strategy]
    return {"f1": found.f1, "precision": found.precision, "recall": found.recall}


nervaluate_strict = partial(_nervaluate, "strict")
nervaluate_partial = partial(_nervaluate, "partial")
nervaluate_ent_type = partial(_nervaluate, "ent_type")


_FEVER_LABELS = {"supported": "SUPPORTS", "refuted": "REFUTES"}
STRICT, ACCURACY, PRECISION, RECALL, F1 = FIGURES
_NAMES = {
    "verification": {"strict_accuracy": STRICT, "accuracy": ACCURACY},
    "evidence": {"f1": F1, "precision": PRECISION, "recall@5": RECALL},
}


def _items(task: str, folder: Path) -> list[Verification]:
    chosen = [v for v in corpus_in(folder).verification if v.split == "test"]
    return [v for v in chosen if v.evidence or task == "verification"]


def _has_label(item: Verification) -> bool:
    """Whether FEVER has a label for an item; what conflicts is left out."""
    return item.label != "conflicting"


def _fever_label(label: str | None) -> str:
    return _FEVER_LABELS.get(label or "", "NOT ENOUGH INFO" if label == "not_enough_info" else "none")


def _place(sentence: str) -> tuple[str, int]:
    article, _, number = sentence.rpartition("#")
    return article, int(number)


def _official(
    name: str, gold: Sequence[Line] | None, lines: Sequence[Line], names: Mapping[str, str]
) -> Mapping[str, Any]:
    """Return the official figures of a foreign format for lines of that format.

    Raises ZeroDivisionError where the official scorer does, which is all it can trip over in these lines.
    """
    with tempfile.TemporaryDirectory() as place:
        paths = []
        for stem, content in (("predictions", lines), ("gold", gold)):
            paths.append(Path(place) / f"{stem}.jsonl")
            paths[-1].write_bytes(b"".join(msgspec.json.encode(line) + b"\n" for line in content or ()))
        found = score_format("verification", paths[0], format=name, gold=paths[1:] if gold else ()).official
    if found is None or not found.figures:
        raise ZeroDivisionError(found.refused if found else "no figures")
    return {ours: found.figures[theirs] for ours, theirs in names.items()}


def fever(task: str, folder: Path, lines: Lines) -> Mapping[str, Any]:
    """FEVER's scorer by the definition of its official profile: lines meet the gold by their position."""
    _only(task, "verification", "evidence")
    if any("run" in line for line in lines):
        raise RefusedError("one system at a time")
    if len(lines) != len(_items(task, folder)):
        raise RefusedError("actual data and predicted data length must match")
    met = [pair for pair in zip(_items(task, folder), lines, strict=True) if _has_label(pair[0])]
    gold = [
        {
            "id": i,
            "label": _fever_label(item.label),
            "evidence": [[[0, 0, *_place(s)] for s in group.sentences] for group in item.evidence]
            or [[[0, 0, None, None]]],
        }
        for i, (item, _) in enumerate(met)
    ]
    given = [
        {
            "id": i,
            "predicted_label": _fever_label(line.get("label"))
            if task == "verification"
            else gold[i]["label"],
            "predicted_evidence": [list(_place(s)) for s in line.get("evidence") or ()],
        }
        for i, (_, line) in enumerate(met)
    ]
    return _official("fever", gold, given, _NAMES[task])


def feverous(task: str, folder: Path, lines: Lines) -> Mapping[str, Any]:
    """FEVEROUS's scorer by the definition of its official profile; joining by id is the adapter's."""
    _only(task, "verification", "evidence")
    items = _items(task, folder)
    by_id = _by_id(lines, [item.id for item in items])

    def ids(sentences: Sequence[str]) -> list[str]:
        return [f"{article}_sentence_{number}" for article, number in map(_place, sentences)]

    merged: list[dict[str, Any]] = [
        {"id": "", "label": "", "evidence": [], "predicted_evidence": [], "predicted_label": ""}
    ]
    for i, item in enumerate(filter(_has_label, items)):
        line = by_id.get(item.id, {})
        label = _fever_label(item.label)
        said = _fever_label(line.get("label")) if task == "verification" else label
        evidence = [{"content": ids(group.sentences), "context": {}} for group in item.evidence]
        merged.append(
            {
                "id": i,
                "label": label,
                "evidence": evidence,
                "predicted_label": said,
                "predicted_evidence": ids(line.get("evidence") or ()),
            }
        )
    return _official("feverous", None, merged, _NAMES[task])


def answered_only(task: str, folder: Path, lines: Lines) -> Mapping[str, Any]:
    """Accuracy over what was answered, as where unscorable samples leave the mean (lm-eval, FActScore)."""
    _only(task, "verification", "qa")
    right = {line["id"]: line for line in gold.perfect(corpus_in(folder), task)}
    given = _by_id(lines, list(right))
    key, name = ("label", "accuracy") if task == "verification" else ("answer", "exact_match")
    scored = [line[key] == right[item][key] for item, line in given.items() if key in line]
    return {name: fmean(scored) if scored else None}


def f1_at_k(task: str, folder: Path, lines: Lines) -> Mapping[str, Any]:
    """VeriScore's F1@K: recall is counted to K, the median number of claims of all systems in the file."""
    _only(task, "extraction")
    right = {
        line["id"]: {claim["text"] for claim in line["claims"]}
        for line in gold.perfect(corpus_in(folder), task)
    }
    k = median([len(line.get("claims") or []) for line in lines] or [0])
    by_run: dict[str, list[float]] = {}
    for line in lines:
        claims = [claim["text"] for claim in line.get("claims") or []]
        found = sum(text in right[line["id"]] for text in claims)
        precision, recall = found / len(claims) if claims else 0.0, min(found / k, 1.0) if k else 0.0
        score = 2 * precision * recall / (precision + recall) if found else 0.0
        by_run.setdefault(line.get("run", ""), []).append(score)
    if list(by_run) in ([], [""]):
        return {"f1_at_k": fmean(by_run[""]) if by_run else None}
    return {run: {"f1_at_k": fmean(scores)} for run, scores in by_run.items()}
