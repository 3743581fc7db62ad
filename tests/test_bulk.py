"""Scoring in bulk: the same bytes as the plain rows, however the lines are packed, split and ordered."""

from __future__ import annotations

import json
import random

import numpy as np
import pytest
from conftest import perfect
from hypothesis import given, settings
from hypothesis import strategies as st

import claimbench
from claimbench.bulk.gold import Gold
from claimbench.bulk.layout import HOMES
from claimbench.bulk.runs import run_scores, table_rows
from claimbench.bulk.scoring import tabulate
from claimbench.records import LABELS
from claimbench.scoring import _scores
from claimbench.stats.estimators import Rows
from claimbench.stats.intervals import jackknife, jackknife_many, leave_one_out
from claimbench.stats.paired import jackknife_difference, jackknife_p_values
from claimbench.tasks import task

RUNS = ("a", "b ü", 'c"d', None)


def _said(draw: random.Random, line: dict, sentences: list[str]) -> dict:
    """What a careless system might say instead of a perfect line."""
    result = dict(line)
    for name in ("evidence", "probabilities", "confidence", "score", "label", "meta"):
        if draw.random() < 0.15:
            result[name] = None
        elif draw.random() < 0.1:
            result.pop(name, None)
    if "label" in line and isinstance(line["label"], str) and draw.random() < 0.5:
        result["label"] = draw.choice(LABELS)
    if result.get("probabilities") and draw.random() < 0.8:
        shares = [draw.choice((0.0, 1.0, draw.random())) for _ in LABELS]
        shares[draw.randrange(4)] += 0.1
        result["probabilities"] = {x: s / sum(shares) for x, s in zip(LABELS, shares, strict=True)}
    if isinstance(result.get("evidence"), list) and draw.random() < 0.7:
        more = draw.sample(sentences, draw.randrange(7))
        result["evidence"] = list(dict.fromkeys(draw.sample([*result["evidence"], *more], len(more))))
    if isinstance(result.get("score"), float) and draw.random() < 0.8:
        result["score"] = draw.choice((-2.5, 0.0, 0.5, draw.random(), 7, 1))
    if result.get("confidence") is not None and draw.random() < 0.5:
        result["confidence"] = draw.choice((0.0, 0.5, draw.random()))
    if isinstance(result.get("answer"), str) and draw.random() < 0.5:
        result["answer"] = draw.choice((None, "Meta", "14,3 Milliarden Dollar", '"49 %"', "der", ""))
    for name in ("abstain", "invalid"):
        if draw.random() < 0.1:
            result[name] = draw.random() < 0.7
    return result


def _allowed(name: str, line: dict) -> dict:
    """The line with only the fields of its task, and the one that is needed."""
    fields = set(task(name).prediction.__struct_fields__)
    result = {key: value for key, value in line.items() if key in fields}
    needed = {"verification": "label", "evidence": "evidence", "qa": "answer", "detection": "score"}[name]
    if not result.get("abstain") and not result.get("invalid"):
        result.setdefault(needed, None)
    return result


def random_lines(corpus: claimbench.Corpus, name: str, seed: int, runs: int) -> list[dict]:
    """Lines of several runs with gaps, abstentions and whatever else is allowed."""
    draw = random.Random(seed)
    sentences = list(corpus.sentences)
    lines = []
    for run in range(runs):
        kept = draw.choice((1.0, 0.6, 0.05))
        careless = draw.random() < 0.8
        for line in perfect(corpus, name):
            if draw.random() < kept:
                said = _allowed(name, _said(draw, line, sentences)) if careless else dict(line)
                chosen = RUNS[run] if runs > 1 else None
                if chosen is not None:
                    said |= {"run": chosen} if run != 1 else {"system": chosen, "seed": run}
                lines.append(said)
    return draw.sample(lines, len(lines))


def text(lines: list[dict], **how: bool) -> bytes:
    return "".join(json.dumps(line, **how) + "\n" for line in lines).encode()


@pytest.mark.parametrize("name", HOMES)
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), runs=st.integers(1, 4), plain=st.booleans())
def test_a_file_gives_the_report_of_its_lines(corpus, tmp_path_factory, name, seed, runs, plain):
    """The columnar path gives the bytes of the plain rows on any mixture of lines and runs."""
    lines = random_lines(corpus, name, seed, runs)
    path = tmp_path_factory.mktemp("lines") / "p.jsonl"
    path.write_bytes(text(lines, ensure_ascii=plain) or b"\n")
    expected = claimbench.score(name, lines, corpus=corpus, by=()).to_json()
    assert claimbench.score(name, str(path), corpus=corpus, by=()).to_json() == expected


@pytest.mark.parametrize("name", HOMES)
@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_every_run_has_the_figures_it_has_alone(corpus, tmp_path_factory, name, seed):
    """Metrics and intervals computed for all runs together equal, to the last bit, those run by run."""
    lines = random_lines(corpus, name, seed, 4)
    path = tmp_path_factory.mktemp("lines") / "p.jsonl"
    path.write_bytes(text(lines))
    gold = Gold(name, "test", corpus)
    table = tabulate([str(path)], gold)
    rows = table_rows(table)
    runs, sums = run_scores(gold.definition, gold.items, rows)
    assert [run.run for run in runs] == sorted(table.runs)
    for i, run in enumerate(runs):
        alone = Rows(gold.items.ids, rows.columns, rows.some(slice(i, i + 1))[0])
        assert run.metrics == _scores(gold.definition, alone, gold.items)
        assert np.array_equal(np.sum(run.sums, axis=0), alone.counts.sum(axis=0))
        assert len(run.sums) == len(sums.clusters)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(2, 40),
    st.sampled_from(["proportion", "correlation", "loss"]),
    st.integers(0, 2**32 - 1),
)
def test_many_intervals_equal_one_at_a_time(clusters, scale, seed):
    """``jackknife_many`` is ``jackknife``, edge cases and undefined scores included."""
    draw = np.random.default_rng(seed)
    low = -1.0 if scale == "correlation" else 0.0
    found = np.clip(draw.normal(0.5, 0.4, size=(8, 1 + clusters)), low, 1.0)
    found[0], found[1], found[2, 1], found[3, 0] = 0.0, 1.0, np.nan, np.nan
    codes = np.arange(clusters)
    weights = np.concatenate([[np.ones(clusters, dtype=np.int64)], leave_one_out(codes)])

    def estimator(scores):
        table = {tuple(w): s for w, s in zip(weights.tolist(), scores, strict=True)}
        return lambda asked: np.array([table[tuple(w)] for w in np.atleast_2d(asked).tolist()]).reshape(
            asked.shape[:-1]
        )

    alone = [jackknife(estimator(row), codes, scale) for row in found]
    assert jackknife_many(found[:, 0], found[:, 1:], scale) == alone


def test_p_against_the_best_is_that_of_the_paired_comparison(corpus):
    """The p of every run against the best equals ``jackknife_difference`` on the rows of both."""
    lines = random_lines(corpus, "verification", 5, 4)
    report = claimbench.score("verification", lines, corpus=corpus)
    chosen = task("verification")
    items = chosen.items(corpus, "test")
    codes = local_codes(items.clusters)
    headline = {run.run: run.metrics["macro_f1"].value for run in report.runs}
    best = max(headline, key=headline.__getitem__)
    pooled = {
        run.run: Rows(report.sums.clusters, report.sums.columns, np.array(run.sums)) for run in report.runs
    }
    for run in report.runs:
        if run.run == best:
            assert run.against_best is None
            continue
        metric = next(m for m in chosen.metrics(pooled[best]) if m.name == "macro_f1")
        found = jackknife_difference(metric, pooled[best], pooled[run.run], np.arange(len(set(codes))))
        assert run.against_best.p == pytest.approx(found.p, rel=1e-9)
        assert run.against_best.p_adjusted >= run.against_best.p


def local_codes(clusters):
    return [sorted(set(clusters)).index(cluster) for cluster in clusters]


def test_equal_systems_do_not_differ():
    """A copy of the best has p 1; an undefined one has none."""
    values = np.array([0.7, 0.7, np.nan, 0.2])
    replicates = np.array([[0.6, 0.7, 0.8], [0.6, 0.7, 0.8], [np.nan] * 3, [0.1, 0.2, 0.3]])
    assert jackknife_p_values(values, replicates, 0, "proportion")[1:3] == [1.0, None]
