"""How far the independent passes agree, before anything was settled.

Verdicts and check-worthiness: Krippendorff's alpha from the krippendorff package, with a percentile
interval from resampling whole contrast families (verdicts) or single claims (check-worthiness). Claims,
evidence and answers: pairwise F1.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np

from claimbench.reading.corpus import Corpus
from claimbench.records import LABELS, LANGUAGES, Article
from claimbench.stats.clusters import joined_clusters
from claimbench.text.normalise import token_f1, tokens

DRAWS = 1000
SEED = 20250614
SAME_SPAN = 0.5
"""Least share of common characters (intersection over union) at which two claims' spans are the same."""

Row = dict[str, Any]


class Agreement(msgspec.Struct, frozen=True):
    """One figure: its name, what it rests on, its value and, for alpha below 1, the 95 % interval."""

    name: str
    rests_on: str
    value: float
    low: float | None = None
    high: float | None = None


def agreement(corpus: Corpus, folder: Path) -> list[Agreement]:
    """Return the agreement of passes a and b in ``folder``; empty where there are none."""
    if not (folder / "claims-a.jsonl").is_file():
        return []
    return [*_claims(corpus, folder), *_verdicts(corpus, folder), *_answers(folder)]


def _read(folder: Path, name: str) -> tuple[list[Row], list[Row]]:
    texts = [(folder / f"{name}-{which}.jsonl").read_text(encoding="utf-8") for which in "ab"]
    first, second = ([json.loads(line) for line in text.splitlines()] for text in texts)
    return first, second


def alpha(pairs: Sequence[tuple[int, int]], level: Literal["nominal", "ordinal"]) -> float:
    """Return Krippendorff's alpha of two annotators' codes; 1 where all codes are one and the same."""
    import krippendorff

    if len({code for pair in pairs for code in pair}) < 2:
        return 1.0
    table = np.array(pairs, dtype=np.float64).T
    return float(krippendorff.alpha(reliability_data=table, level_of_measurement=level))


def _alpha(
    name: str, pairs: Sequence[tuple[int, int]], units: Sequence[str], level: Literal["nominal", "ordinal"]
) -> Agreement:
    """Return alpha with a percentile interval from resampling whole units; none where all pairs agree."""
    if all(a == b for a, b in pairs):
        return Agreement(name, f"{len(pairs)} pairs", 1.0)
    groups: dict[str, list[tuple[int, int]]] = {}
    for pair, unit in zip(pairs, units, strict=True):
        groups.setdefault(unit, []).append(pair)
    parts = list(groups.values())
    random = np.random.default_rng(SEED)
    draws = [
        alpha([pair for i in random.integers(len(parts), size=len(parts)) for pair in parts[i]], level)
        for _ in range(DRAWS)
    ]
    low, high = np.quantile(draws, [0.025, 0.975])
    return Agreement(name, f"{len(pairs)} pairs", alpha(pairs, level), float(low), float(high))


def _f1(name: str, pairs: Iterable[tuple[set[Any], set[Any]]]) -> Agreement:
    """Return the F1 of two annotators' sets, pooled over items."""
    both = list(pairs)
    shared = sum(len(a & b) for a, b in both)
    total = sum(len(a) + len(b) for a, b in both)
    return Agreement(name, f"{total} in both passes", 2 * shared / total if total else 1.0)


def _claims(corpus: Corpus, folder: Path) -> list[Agreement]:
    first, second = ([row for row in rows if "text" in row] for rows in _read(folder, "claims"))
    gold = [(c.article, _covered((s.start, s.end) for s in c.spans), c.fact) for c in corpus.claims]
    spans: list[list[tuple[str, frozenset[int]]]] = []
    for rows in (first, second):
        spans.append([(row["article"], located(corpus.article_by_id[row["article"]], row)) for row in rows])
    matched = same_claims(spans[0], spans[1])
    gold_spans = [(article, covered) for article, covered, _ in gold]
    facts = [{(gold[j][0], gold[j][2]) for _, j in same_claims(found, gold_spans)} for found in spans]
    codes = [(first[i]["checkworthiness"], second[j]["checkworthiness"]) for i, j in matched]
    f1 = 2 * len(matched) / (len(first) + len(second))
    return [
        Agreement("claims, by span (F1)", f"{len(first) + len(second)} in both passes", f1),
        _f1("claims, by fact (F1)", [(facts[0], facts[1])]),
        _alpha("check-worthiness (alpha, ordinal)", codes, [str(i) for i in range(len(codes))], "ordinal"),
    ]


def _covered(spans: Iterable[tuple[int, int]]) -> frozenset[int]:
    return frozenset(i for start, end in spans for i in range(start, end))


def located(article: Article, row: Row) -> frozenset[int]:
    """Return the code points that a pass's quotes cover, looked for from their sentence on."""
    position = article.sentences[row["sentence"] - 1].start
    found: set[int] = set()
    for quote in row["quotes"]:
        start = article.text.index(quote, position)
        position = start + len(quote)
        found.update(range(start, position))
    return frozenset(found)


def same_claims(
    left: Sequence[tuple[str, frozenset[int]]], right: Sequence[tuple[str, frozenset[int]]]
) -> list[tuple[int, int]]:
    """Return the best one-to-one pairs of claims whose spans are the same."""
    from scipy.optimize import linear_sum_assignment

    overlap = np.array([[_overlap(a, b) for b in right] for a in left])
    overlap[overlap < SAME_SPAN] = 0.0
    rows, columns = linear_sum_assignment(overlap, maximize=True)
    return [(int(i), int(j)) for i, j in zip(rows, columns, strict=True) if overlap[i, j] > 0]


def _overlap(a: tuple[str, frozenset[int]], b: tuple[str, frozenset[int]]) -> float:
    if a[0] != b[0]:
        return 0.0
    shared = len(a[1] & b[1])
    return shared / (len(a[1]) + len(b[1]) - shared)


def _verdicts(corpus: Corpus, folder: Path) -> list[Agreement]:
    first, second = ({row["id"]: row for row in rows} for rows in _read(folder, "verification"))
    items = [item for item in corpus.verification if item.id in first and item.id in second]
    families = joined_clusters([[i.family, *([i.contrast_of[:-3]] if i.contrast_of else [])] for i in items])
    codes = [(LABELS.index(first[i.id]["label"]), LABELS.index(second[i.id]["label"])) for i in items]

    def part(name: str, chosen: Iterable[int]) -> Agreement:
        index = list(chosen)
        return _alpha(name, [codes[k] for k in index], [families[k] for k in index], "nominal")

    numbered = list(enumerate(items))
    edits = sorted({item.edit for item in items if item.edit})
    return [
        part("verdicts (alpha, nominal)", range(len(items))),
        *(part(f"verdicts, {x}", (k for k, i in numbered if i.language == x)) for x in LANGUAGES),
        *(part(f"verdicts, edit {x}", (k for k, i in numbered if i.edit == x)) for x in edits),
        _evidence("evidence sets, verification (F1)", [(first[i.id], second[i.id]) for i in items]),
    ]


def _evidence(name: str, rows: Iterable[tuple[Row, Row]]) -> Agreement:
    return _f1(name, [(_sets(a), _sets(b)) for a, b in rows])


def _sets(row: Row) -> set[tuple[str, frozenset[str]]]:
    return {(group["stance"], frozenset(group["sentences"])) for group in row["evidence"]}


def _answers(folder: Path) -> list[Agreement]:
    first, second = ({row["id"]: row for row in rows} for rows in _read(folder, "questions"))
    both = sorted(first.keys() & second.keys())
    scores = [_answer_f1(first[i]["answer"], second[i]["answer"]) for i in both]
    return [
        Agreement("answers (mean token F1)", f"{len(both)} pairs", float(np.mean(scores))),
        _evidence("evidence sets, questions (F1)", [(first[i], second[i]) for i in both]),
    ]


def _answer_f1(a: str | None, b: str | None) -> float:
    if a is None or b is None:
        return float(a is b)
    return token_f1(tokens(a), tokens(b))


def table(found: Sequence[Agreement]) -> str:
    """Return the figures as a Markdown table."""
    if not found:
        return "No passes are kept with this corpus."
    lines = ["| what | rests on | agreement | 95 % |", "|---|---:|---:|---|"]
    for figure in found:
        interval = "" if figure.low is None else f"[{figure.low:.3f}, {figure.high:.3f}]"
        lines.append(f"| {figure.name} | {figure.rests_on} | {figure.value:.3f} | {interval} |")
    return "\n".join(lines)
