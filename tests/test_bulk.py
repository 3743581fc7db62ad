"""Scoring in bulk: the same bytes as the plain rows, whatever the lines and whatever is wrong with them."""

from __future__ import annotations

import json
import random

import msgspec
import numpy as np
import pytest
from careless import random_lines, shipped, text, told
from conftest import imported, perfect
from hypothesis import given, settings
from hypothesis import strategies as st

import claimbench
from claimbench.bulk.gold import Gold
from claimbench.bulk.layout import HOMES
from claimbench.bulk.lines import DoubtError, LineReader
from claimbench.bulk.runs import run_scores, table_rows
from claimbench.bulk.scoring import tabulate
from claimbench.cli import main
from claimbench.estimating import Asked
from claimbench.reading.schemas import violations
from claimbench.records import LABELS
from claimbench.report import Intervals
from claimbench.scoring import _scores, scored
from claimbench.stats.estimators import Rows
from claimbench.stats.intervals import (
    cluster_codes,
    interval_of_replicates,
    intervals_of_replicates,
)
from claimbench.stats.paired import jackknife_difference, jackknife_p_values
from claimbench.tasks import task as task_by_name


@pytest.mark.parametrize("name", HOMES)
@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    runs=st.integers(1, 4),
    plain=st.booleans(),
    mixed=st.booleans(),
    size=st.sampled_from((500, 5_000, 1 << 18)),
)
def test_a_file_gives_the_report_of_its_lines(tmp_path_factory, name, seed, runs, plain, mixed, size):
    """The columnar path gives the bytes of the plain rows on any lines and runs, however blocks fall."""
    lines = random_lines(name, seed, runs, mixed=mixed)
    path = tmp_path_factory.mktemp("lines") / "p.jsonl"
    path.write_bytes(text(lines, ensure_ascii=plain) or b"\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("claimbench.reading.inputs.BLOCK", size)
        assert told(name, str(path)) == told(name, lines)


@pytest.mark.parametrize("most", [0, 5, 1 << 13])
def test_answers_that_were_given_before_count_as_those_that_were_not(write, corpus, monkeypatch, most):
    """However many answers decoders know from earlier blocks, the report is that of the lines."""
    monkeypatch.setattr("claimbench.bulk.lines.MOST_SEEN", most)
    monkeypatch.setattr("claimbench.reading.inputs.BLOCK", 2_000)
    draw = random.Random(7)
    lines = [
        {
            **line,
            "answer": draw.choice(("", "ä\n", "\U0001f600", '"', "Meta", None, line["answer"])),
            "run": run,
        }
        for run in ("a", "b", "c")
        for line in perfect(corpus, "qa")
    ]
    expected = claimbench.score("qa", lines, corpus=corpus).to_json()
    assert claimbench.score("qa", write(lines), corpus=corpus).to_json() == expected


def test_an_answer_that_was_given_before_is_the_same_object(corpus):
    """A reader gives an answer of an earlier block as the string it was, and no other value for a string."""
    gold = Gold("qa", "test", corpus)
    said = ["Meta", "ä", "", None]
    block = b"".join(json.dumps({"id": gold.items.ids[0], "answer": x}).encode() + b"\n" for x in said)
    first, again = (LineReader(gold).read(block).values["answer"] for _ in range(2))
    assert first == again == said
    assert all(x is y for x, y in zip(first, again, strict=True))
    with pytest.raises(DoubtError):
        LineReader(gold).read(block.replace(b'"Meta"', b"1"))


@pytest.mark.parametrize("name", HOMES)
@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_every_run_has_the_figures_it_has_alone(tmp_path_factory, name, seed):
    """Metrics and intervals computed for all runs together equal, to the last bit, those run by run."""
    corpus = shipped()
    lines = random_lines(name, seed, 4)
    path = tmp_path_factory.mktemp("lines") / "p.jsonl"
    path.write_bytes(text(lines))
    gold = Gold(name, "test", corpus)
    table = tabulate([str(path)], gold)
    rows = table_rows(table)
    runs, sums = run_scores(gold.definition, gold.items, rows, Asked())
    assert [run.run for run in runs] == sorted(table.runs)
    for i, run in enumerate(runs):
        alone = Rows(gold.items.ids, rows.columns, rows.some(slice(i, i + 1)).table(0))
        assert run.metrics == _scores(gold.definition, alone, gold.items, Asked())
        assert np.array_equal(np.sum(run.sums, axis=0), alone.counts.sum(axis=0))
        assert len(run.sums) == len(sums.clusters)


@pytest.mark.parametrize(
    ("name", "metrics", "ci"),
    [
        ("verification", ["accuracy", "ece(bins=15)", "aurc"], "jackknife"),
        ("verification", ["brier"], "bootstrap"),
        ("detection", ["precision@20", "ece(bins=5)"], "jackknife"),
        ("detection", ["f1"], "none"),
        ("qa", ["ece(bins=10)", "language_alpha"], "bootstrap"),
        ("evidence", ["recall@3"], "none"),
    ],
)
@pytest.mark.parametrize("runs", [1, 3])
def test_what_is_asked_for_does_not_hang_on_the_path(write, corpus, name, metrics, ci, runs):
    """Metrics, intervals and slices by name are the same bytes from a file and from its lines."""
    lines = random_lines(name, 11, runs)
    asked = {"corpus": corpus, "metrics": metrics, "ci": ci, "seed": 7 if ci == "bootstrap" else 0}
    report = claimbench.score(name, write(lines), **asked)
    assert report.to_json() == claimbench.score(name, lines, **asked).to_json()
    assert report.sha256 == report.digest()
    assert set(metrics) <= set(report.metrics or report.runs[0].metrics)


@pytest.mark.parametrize("ci", ["jackknife", "bootstrap"])
@pytest.mark.parametrize("name", ["verification", "detection"])
def test_of_many_runs_only_what_is_named_has_intervals(write, corpus, monkeypatch, name, ci):
    """Of more runs than a leaderboard shows only the headline has intervals, unless metrics are named."""
    lines, asked = random_lines(name, 5, 3), {"corpus": corpus, "ci": ci}
    every = claimbench.score(name, lines, **asked)
    monkeypatch.setattr("claimbench.bulk.runs.MANY", 2)
    report = claimbench.score(name, lines, **asked)
    assert report.to_json() == claimbench.score(name, write(lines), **asked).to_json()
    assert every.notes == ()
    assert "asked for by name" in report.notes[0]
    for run, whole in zip(report.runs, every.runs, strict=True):
        sure = {metric for metric, score in run.metrics.items() if score.intervals != Intervals()}
        assert sure <= {task_by_name(name).headline, task_by_name(name).fallback}
        assert run.metrics[report.headline] == whole.metrics[report.headline]
        assert {m: s.value for m, s in run.metrics.items()} == {m: s.value for m, s in whole.metrics.items()}
        assert run.against_best == whole.against_best
    named = "accuracy" if name == "verification" else "f1"
    report = claimbench.score(name, lines, metrics=[named], **asked)
    assert report.notes == ()
    assert [run.metrics[named] for run in report.runs] == [run.metrics[named] for run in every.runs]


@pytest.mark.parametrize("name", ["verification", "qa"])
@pytest.mark.parametrize("careful", [True, False])
def test_families_and_pairs_may_lie_across_splits(write, corpus, name, careful):
    """A family, pair or contrast family of which a member is not scored counts as in the plain rows."""
    draw = random.Random(3)

    def scattered(records):
        return tuple(
            msgspec.structs.replace(x, split=draw.choice(("test", "test", "train"))) for x in records
        )

    corpus = msgspec.structs.replace(
        corpus, verification=scattered(corpus.verification), questions=scattered(corpus.questions)
    )
    lines = perfect(corpus, name) if careful else random_lines(name, 12, 2)
    found = claimbench.score(name, write(lines), corpus=corpus)
    assert found.to_json() == claimbench.score(name, lines, corpus=corpus).to_json()


def test_the_best_is_the_least_where_less_is_better(corpus):
    """Under a headline that is a loss the best run has the least, and more of it is worse."""
    chosen = msgspec.structs.replace(task_by_name("verification"), headline="brier")
    gold = {item.id: item.label for item in corpus.verification if item.split == "test"}

    def run(name, sure):
        rest = (1.0 - sure) / (len(LABELS) - 1)
        shares = {item: {x: sure if x == label else rest for x in LABELS} for item, label in gold.items()}
        return [{"id": i, "label": gold[i], "probabilities": p, "run": name} for i, p in shares.items()]

    doubting = run("doubting", 0.4)
    for line in doubting[::2]:
        line["probabilities"] = dict.fromkeys(LABELS, 0.25)
    report = claimbench.score(chosen, [*run("sure", 0.9), *doubting], corpus=corpus)
    against = {run.run: run.against_best for run in report.runs}
    assert against["sure"] is None
    assert against["doubting"].difference > 0.0
    assert against["doubting"].verdict == "worse"


@settings(max_examples=60, deadline=None)
@given(
    st.integers(2, 40),
    st.sampled_from(["proportion", "correlation", "loss"]),
    st.integers(0, 2**32 - 1),
)
def test_many_intervals_equal_one_at_a_time(clusters, scale, seed):
    """Intervals of many systems are those of each alone, edge cases and undefined scores included."""
    draw = np.random.default_rng(seed)
    low = -1.0 if scale == "correlation" else 0.0
    found = np.clip(draw.normal(0.5, 0.4, size=(8, 1 + clusters)), low, 1.0)
    found[0], found[1], found[2, 1], found[3, 0] = 0.0, 1.0, np.nan, np.nan
    sizes, heard = draw.integers(1, 9, clusters), draw.random((8, clusters)) < 0.7
    alone = [interval_of_replicates(row[0], row[1:], scale, sizes, heard[i]) for i, row in enumerate(found)]
    assert intervals_of_replicates(found[:, 0], found[:, 1:], scale, sizes, heard) == alone


def test_p_against_the_best_is_that_of_the_paired_comparison(corpus):
    """The p of every run against the best equals ``jackknife_difference`` on the rows of both."""
    lines = random_lines("verification", 5, 4)
    result = scored("verification", lines, corpus=corpus)
    report = result.report
    chosen = task_by_name("verification")
    items = chosen.items(corpus, "test")
    codes = cluster_codes(items.clusters)
    headline = {run.run: run.metrics["macro_f1"].value for run in report.runs}
    best = max(headline, key=headline.__getitem__)
    tables = {run: chosen.rows(corpus, items, found) for run, found in result.predictions.items()}
    for run in report.runs:
        if run.run == best:
            assert run.against_best is None
            continue
        metric = next(m for m in chosen.metrics(tables[best]) if m.name == "macro_f1")
        found = jackknife_difference(metric, tables[best], tables[run.run], codes)
        assert run.against_best.p == pytest.approx(found.p, rel=1e-9)
        assert run.against_best.p_adjusted >= run.against_best.p


def test_equal_systems_do_not_differ():
    """A copy of the best has p 1; an undefined one has none."""
    values = np.array([0.7, 0.7, np.nan, 0.2])
    replicates = np.array([[0.6, 0.7, 0.8], [0.6, 0.7, 0.8], [np.nan] * 3, [0.1, 0.2, 0.3]])
    sizes, heard = np.ones(3, dtype=np.int64), np.ones((4, 3), dtype=np.bool_)
    assert jackknife_p_values(values, replicates, 0, "proportion", sizes, heard)[1:3] == [1.0, None]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_mistakes_are_told_as_the_plain_check_tells_them(tmp_path_factory, seed):
    """On damaged lines the columnar path refuses with the very message of the plain path."""
    draw = random.Random(seed)
    lines = text(random_lines("verification", seed, 2)[:60]).splitlines(keepends=True) or [b"\n"]
    for _ in range(draw.randrange(1, 4)):
        i = draw.randrange(len(lines))
        lines[i] = draw.choice(DAMAGE)(lines[i], lines[draw.randrange(len(lines))])
    path = tmp_path_factory.mktemp("lines") / "p.jsonl"
    path.write_bytes(b"".join(lines))
    said = []
    for homes in (HOMES, {}):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("claimbench.scoring.HOMES", homes)
            patch.setattr("claimbench.reading.inputs.BLOCK", draw.choice((500, 5_000)))
            said.append(told("verification", str(path)))
    assert said[0] == said[1]


DAMAGE = (
    lambda line, other: other,
    lambda line, other: line.replace(b'"id"', b'"id": "v1-de", "id"', 1),
    lambda line, other: line.replace(b'"id"', b'"\\u0069d": "v1-de", "id"', 1),
    lambda line, other: line.replace(b'"supported": ', b'"supported": 0.1, "supported": ', 1),
    lambda line, other: line.replace(b'"supported"', b'"suported"', 1),
    lambda line, other: line.replace(b"#", b"##", 1),
    lambda line, other: line.replace(b"1", b"\xff", 1),
    lambda line, other: line.replace(b"0.", b"9.", 1),
    lambda line, other: line.replace(b"{", b"", 1),
    lambda line, other: line.replace(b"{", b"\x0b{", 1),
    lambda line, other: line.replace(b"{", b'{"meta": {"a": 1, "a": 2}, ', 1),
    lambda line, other: line.replace(b"{", b'{"meta": {"a\\"b": "\\""}, ', 1),
    lambda line, other: line.replace(b"}\n", b"} {}\n"),
    lambda line, other: line.replace(b'"id"', b'"seed": "x", "id"', 1),
    lambda line, other: b"\n\n" + line,
)


def test_small_inputs_import_numpy_and_no_more(write, corpus):
    """Scoring a file loads neither Arrow nor scipy nor process pools."""
    path = write(perfect(corpus, "verification"))
    heavy = {"pyarrow", "scipy", "multiprocessing", "ray", "fsspec", "zstandard"}
    assert imported(["score", "verification", path, "--json"], heavy) == set()


def test_a_report_of_many_runs_round_trips_and_fits_its_schema(corpus):
    """A report with runs, cluster sums and verdicts survives JSON and is valid against the schema."""
    report = claimbench.score("verification", random_lines("verification", 8, 4), corpus=corpus)
    data = report.to_json()
    assert claimbench.Report.from_json(data) == report
    assert list(violations("report", json.loads(data))) == []
    assert sum(run.against_best is None for run in report.runs) == 1


def test_the_leaderboard_fits_a_terminal(corpus, write, capsys, monkeypatch):
    """Twenty of many runs are shown in eighty columns, the best first, with verdicts against it."""
    monkeypatch.setenv("COLUMNS", "80")
    good = perfect(corpus, "verification")
    draw = random.Random(4)
    lines = [
        {**line, "run": f"a-system-{run:02}"} | ({"label": "refuted"} if draw.random() < run / 40 else {})
        for run in range(25)
        for line in good
    ]
    assert main(["score", "verification", write(lines)]) == 0
    table, signature = capsys.readouterr().out.rstrip("\n").rsplit("\n", 1)
    assert signature.startswith("task:verification|")
    assert max(map(len, table.splitlines())) <= 80
    assert "not shown" in table
    assert "worse" in table
    assert "… and 5 more" in table
    assert table.index("1.000") < table.index("0.9")
