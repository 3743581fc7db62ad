"""The published definitions, written as plainly as they are read: what the fast code is compared with.

Sums are the running interpreter's own, so options named ``python`` must be given PYTHON.
"""

from __future__ import annotations

import math
import re
import string
import sys
from collections import Counter
from itertools import pairwise
from typing import Any

PYTHON = "3.12" if sys.version_info >= (3, 12) else "3.11"


def squad_normal(text: str) -> str:
    text = "".join(character for character in text.lower() if character not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())


def word_f1(gold: str, predicted: str) -> float:
    """F1 of the words of two normal forms, 0 where they share none."""
    right, found = gold.split(), predicted.split()
    same = sum((Counter(right) & Counter(found)).values())
    if not same:
        return 0
    precision, recall = 1.0 * same / len(found), 1.0 * same / len(right)
    return 2 * precision * recall / (precision + recall)


def questions_of(gold: Any) -> list[Any]:
    return [q for article in gold["data"] for part in article["paragraphs"] for q in part["qas"]]


def squad1(gold: Any, predictions: dict[str, str]) -> dict[str, float]:
    exact = f1 = 0.0
    questions = questions_of(gold)
    for question in questions:
        if question["id"] in predictions:
            found = squad_normal(predictions[question["id"]])
            rights = [squad_normal(answer["text"]) for answer in question["answers"]]
            exact += max(right == found for right in rights)
            f1 += max(word_f1(right, found) for right in rights)
    return {"exact_match": 100.0 * exact / len(questions), "f1": 100.0 * f1 / len(questions)}


def squad2(
    gold: Any, predictions: dict[str, str], probabilities: dict[str, float] | None, threshold: float
) -> dict[str, float]:
    exact, f1, has = {}, {}, {}
    for question in questions_of(gold):
        key = question["id"]
        has[key] = bool(question["answers"])
        rights = [squad_normal(answer["text"]) for answer in question["answers"]]
        rights = [right for right in rights if right] or [""]
        found = squad_normal(predictions[key])
        exact[key] = max(int(right == found) for right in rights)
        f1[key] = max(word_f1(right, found) if right and found else int(right == found) for right in rights)
    chances = probabilities or dict.fromkeys(predictions, 0.0)
    result: dict[str, float] = {}
    parts = {"": list(has), "HasAns_": [k for k in has if has[k]], "NoAns_": [k for k in has if not has[k]]}
    for part, chosen in parts.items():
        for name, scores in (("exact", exact), ("f1", f1)):
            kept = [float(not has[k]) if chances[k] > threshold else scores[k] for k in chosen]
            if kept:
                result[part + name] = 100.0 * sum(kept) / len(kept)
    if probabilities is not None:
        for name, scores in (("exact", exact), ("f1", f1)):
            best, at = best_threshold(scores, has, predictions, chances)
            result |= {f"best_{name}": best, f"best_{name}_thresh": at}
        if any(has.values()):
            for name, scores in (("exact", exact), ("f1", f1), ("oracle", dict.fromkeys(has, 1.0))):
                result[f"pr_{name}_ap"] = squad2_average_precision(scores, has, chances)
    return result


def best_threshold(scores: Any, has: Any, predictions: Any, chances: Any) -> tuple[float, float]:
    current = best = sum(not x for x in has.values())
    at = 0.0
    for key in sorted(chances, key=lambda k: chances[k]):
        current += scores[key] if has[key] else (-1 if predictions[key] else 0)
        if current > best:
            best, at = current, chances[key]
    return 100.0 * best / len(scores), at


def squad2_average_precision(scores: Any, has: Any, chances: Any) -> float:
    order = sorted(chances, key=lambda k: chances[k])
    true = area = last = 0.0
    for i, key in enumerate(order):
        true += scores[key] if has[key] else 0
        if i + 1 == len(order) or chances[key] != chances[order[i + 1]]:
            recall = true / sum(has.values())
            area += true / (i + 1) * (recall - last)
            last = recall
    return 100.0 * area


def ranking(labels: dict[int, int], scores: list[tuple[int, float]]) -> dict[str, float | None]:
    """CheckThat!'s figures; precision at places the ranking does not have is None."""
    order = [line for line, _ in sorted(scores, key=lambda pair: pair[1], reverse=True)]
    positives = sum(label == 1 for label in labels.values())
    precisions, hits, at = [], 0, []
    for i, line in enumerate(order):
        if labels[line] == 1:
            hits += 1
            precisions.append(hits / (i + 1))
        at.append(hits / (i + 1))
    first = next((i for i, line in enumerate(order) if labels[line] == 1), None)
    return {
        "average_precision": sum(precisions) / positives if precisions else 0.0,
        "reciprocal_rank": 0.0 if first is None else 1.0 / (first + 1),
        "r_precision": at[positives - 1],
        **{f"P@{k}": at[k - 1] if k <= len(at) else None for k in (1, 3, 5, 10, 20, 50)},
    }


def hotpotqa(gold: list[Any], predictions: Any) -> dict[str, float]:
    parts = ("em", "f1", "prec", "recall")
    totals = {f"{kind}{part}": 0.0 for kind in ("", "sp_", "joint_") for part in parts}
    for item in gold:
        found: dict[str, tuple[float, ...]] = {}
        if item["_id"] in predictions["answer"]:
            right, said = squad_normal(item["answer"]), squad_normal(predictions["answer"][item["_id"]])
            closed = {"yes", "no", "noanswer"} & {right, said}
            same = sum((Counter(right.split()) & Counter(said.split())).values())
            same = 0 if closed and right != said else same
            precision = same / len(said.split()) if same else 0
            recall = same / len(right.split()) if same else 0
            found[""] = (float(right == said), harmonic(precision, recall), precision, recall)
        if item["_id"] in predictions["sp"]:
            rights = {tuple(fact) for fact in item["supporting_facts"]}
            facts = {tuple(fact) for fact in predictions["sp"][item["_id"]]}
            precision = len(rights & facts) / len(facts) if facts else 0.0
            recall = len(rights & facts) / len(rights) if rights else 0.0
            found["sp_"] = (float(rights == facts), harmonic(precision, recall), precision, recall)
        if len(found) == 2:
            em, precision, recall = (found[""][i] * found["sp_"][i] for i in (0, 2, 3))
            found["joint_"] = (em, harmonic(precision, recall), precision, recall)
        for kind, values in found.items():
            for part, value in zip(parts, values, strict=True):
                totals[kind + part] += value
    return {name: total / len(gold) for name, total in totals.items()}


def harmonic(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall > 0 else 0.0


def factuality(gold: dict[int, str], predicted: dict[int, str]) -> dict[str, float]:
    values = {"true": 2, "false": 0, "half-true": 1}
    f1, recalls, errors = [], [], []
    for label in values:
        of_label = [n for n in gold if gold[n] == label]
        hits = sum(predicted[n] == label for n in of_label)
        said = sum(found == label for found in predicted.values())
        precision, recall = hits / said if said else 0.0, hits / len(of_label)
        f1.append(2.0 * precision * recall / (precision + recall) if precision + recall else 0.0)
        recalls.append(recall)
        errors.append(sum(abs(values[label] - values[predicted[n]]) for n in of_label) / len(of_label))
    return {
        "mae": sum(abs(values[gold[n]] - values[predicted[n]]) for n in gold) / len(gold),
        "macro_mae": sum(errors) / 3,
        "accuracy": sum(gold[n] == predicted[n] for n in gold) / len(gold),
        "macro_f1": sum(f1) / 3,
        "macro_recall": sum(recalls) / 3,
    }


def close(left: float, right: float) -> bool:
    """Equal up to the last digits, as versions of scikit-learn differ there."""
    return math.isclose(left, right, rel_tol=4 * sys.float_info.epsilon, abs_tol=1e-15)


def meteor(reference: list[str], hypothesis: list[str], stem: Any, synonyms: Any) -> float:
    """METEOR of words in lower case: three ways to match, each from the end."""
    mine, theirs = list(enumerate(hypothesis)), list(enumerate(reference))
    matches = matched(mine, theirs, lambda a, b: a == b)
    mine, theirs = ([(place, stem(word)) for place, word in side] for side in (mine, theirs))
    matches += matched(mine, theirs, lambda a, b: a == b)
    matches += matched(mine, theirs, lambda a, b: b in {a, *synonyms(a)})
    if not matches:
        return 0.0
    matches.sort()
    chunks = 1 + sum((b[0] - a[0], b[1] - a[1]) != (1, 1) for a, b in pairwise(matches))
    precision, recall = len(matches) / len(hypothesis), len(matches) / len(reference)
    mean = (precision * recall) / (0.9 * precision + (1 - 0.9) * recall)
    return float((1 - 0.5 * (chunks / len(matches)) ** 3.0) * mean)


def matched(mine: Any, theirs: Any, fits: Any) -> list[tuple[int, int]]:
    """Match each word with the last that fits, take both away."""
    matches = []
    for here in mine[::-1]:
        there = next((other for other in theirs[::-1] if fits(here[1], other[1])), None)
        if there is not None:
            matches.append((here[0], there[0]))
            mine.remove(here)
            theirs.remove(there)
    return matches
