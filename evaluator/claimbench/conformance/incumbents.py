"""Scorers in use elsewhere, as adapters or by their rules, to be run through the same checks.

``nervaluate_*`` call nervaluate, which scores spans and knows no ids: joining by id and refusing unknown ids
are the adapter's. The others are written anew and reduced to the rule that is at issue; they stand for it,
not for every figure of the scorer named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from statistics import fmean, median
from typing import Any

from claimbench.conformance import gold
from claimbench.conformance.scorers import Line, RefusedError, corpus_in
from claimbench.errors import UsageError

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


def fever(task: str, folder: Path, lines: Lines) -> Mapping[str, Any]:
    """FEVER's scorer: joined by position, precision 1 where no evidence is given, F1 unguarded."""
    _only(task, "verification", "evidence")
    chosen = [v for v in corpus_in(folder).verification if v.split == "test"]
    chosen = [v for v in chosen if v.evidence or task == "verification"]
    if len(lines) != len(chosen) or any("run" in line for line in lines):
        raise RefusedError("actual data and predicted data length must match")
    correct = strict = 0
    precisions, recalls = [], []
    for line, item in zip(lines, chosen, strict=True):
        found = list(line.get("evidence") or [])[:5]
        whole = any(set(group.sentences) <= set(found) for group in item.evidence)
        right = line.get("label") == item.label
        correct += right
        strict += right and (whole or not item.evidence)
        if item.evidence:
            known = {s for group in item.evidence for s in group.sentences}
            precisions.append(sum(s in known for s in found) / len(found) if found else 1.0)
            recalls.append(float(whole))
    if task == "verification":
        return {"strict_accuracy": strict / len(lines), "accuracy": correct / len(lines)}
    precision, recall = fmean(precisions), fmean(recalls)
    f1 = 2.0 * precision * recall / (precision + recall)
    return {"f1": f1, "precision": precision, "recall@5": recall}


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
