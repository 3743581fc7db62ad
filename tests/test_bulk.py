"""Scoring in bulk: the same bytes as the plain rows, however the lines are packed, split and ordered."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import perfect
from hypothesis import given, settings
from hypothesis import strategies as st

import claimbench
from claimbench.bulk.gold import Gold
from claimbench.bulk.layout import HOMES
from claimbench.bulk.local import map_local
from claimbench.bulk.runs import run_scores, table_rows
from claimbench.bulk.scoring import tabulate
from claimbench.bulk.table import Table
from claimbench.bulk.tally import score_shard
from claimbench.cli import main
from claimbench.reading.inputs import Shard, split
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


def packed(data: bytes, how: str) -> bytes:
    if how == "gzip":
        return gzip.compress(data)
    if how == "gzip in parts":
        middle = data.index(b"\n") + 1
        return gzip.compress(data[:middle]) + gzip.compress(data[middle:])
    if how == "zstd":
        return pytest.importorskip("zstandard").ZstdCompressor().compress(data)
    if how == "crlf":
        return b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n")
    return data.rstrip(b"\n").replace(b"\n", b"\n \n", 1)


@pytest.mark.parametrize("how", ["gzip", "gzip in parts", "zstd", "crlf", "blank line, no last newline"])
@pytest.mark.parametrize("name", ["verification", "extraction"])
def test_how_lines_are_packed_does_not_matter(corpus, write, how, name):
    """Packed lines under a name that says nothing give the report of the plain ones."""
    plain = text(perfect(corpus, name))
    expected = claimbench.score(name, write(plain), corpus=corpus).to_json()
    assert claimbench.score(name, write(packed(plain, how), "other.txt"), corpus=corpus).to_json() == expected


def as_table(lines: list[dict]):
    """Lines as an Arrow table, as a user's script would make it."""
    pa = pytest.importorskip("pyarrow")
    return pa.Table.from_pylist(lines, schema=_schema(pa, lines))


def _schema(pa, lines):
    kinds = {
        "id": pa.string(), "run": pa.string(), "system": pa.string(), "seed": pa.int64(),
        "answer": pa.string(), "abstain": pa.bool_(), "invalid": pa.bool_(), "score": pa.float64(),
        "confidence": pa.float32(),
        "evidence": pa.list_(pa.string()), "probabilities": pa.struct([(x, pa.float64()) for x in LABELS]),
    }  # fmt: skip
    boolean = any(isinstance(line.get("label"), bool) for line in lines)
    kinds["label"] = pa.bool_() if boolean else pa.string()
    found = dict.fromkeys(name for line in lines for name in line if name != "meta")
    return pa.schema([(name, kinds[name]) for name in found])


def write_arrow(lines: list[dict], path: Path, how: str) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = as_table(lines)
    if how == "parquet":
        pq.write_table(table, path, row_group_size=97)
    elif how == "arrow file":
        with pa.ipc.new_file(path, table.schema) as file:
            file.write_table(table, max_chunksize=50)
    else:
        with pa.ipc.new_stream(path, table.schema) as file:
            file.write_table(table)


@pytest.mark.parametrize("how", ["parquet", "arrow file", "arrow stream"])
@pytest.mark.parametrize("name", HOMES)
@pytest.mark.parametrize("seed", range(4))
def test_arrow_gives_the_report_of_the_lines(corpus, tmp_path, name, how, seed):
    """A table gives the report of its rows as lines, a null being a field left out or an answer of null."""
    pytest.importorskip("pyarrow")
    lines = random_lines(corpus, name, seed, 1 + seed)
    for line in lines:
        line.pop("meta", None)
        if isinstance(line.get("score"), int):
            line["score"] = float(line["score"])
        if line.get("confidence") is not None:
            line["confidence"] = float(np.float32(line["confidence"]))
    path = tmp_path / "p.bin"
    write_arrow(lines, path, how)
    same = [{**dict.fromkeys(["answer"] if name == "qa" else []), **line} for line in lines]
    expected = claimbench.score(name, same, corpus=corpus, by=()).to_json()
    assert claimbench.score(name, str(path), corpus=corpus, by=()).to_json() == expected


BAD_TABLES = {
    "unknown id": ({"id": ["v9999-de"], "label": ["refuted"]}, "/id: unknown id 'v9999-de'"),
    "wrong label": ({"id": ["v1-de"], "label": ["suported"]}, "did you mean 'supported'"),
    "a number for an id": ({"id": [7], "label": ["refuted"]}, "/id: expected a string"),
    "unknown column": ({"id": ["v1-de"], "lable": ["refuted"]}, "unknown field"),
    "NaN": ({"id": ["v1-de"], "probabilities": [dict.fromkeys(LABELS, float("nan"))]}, "NaN"),
    "beyond one": (
        {"id": ["v1-de"], "probabilities": [{**dict.fromkeys(LABELS, 0.0), "refuted": 2.0}]},
        "/probabilities/refuted",
    ),
    "no run's name": ({"id": ["v1-de"], "label": ["refuted"], "run": [""]}, "/run"),
    "no id": ({"id": [None, "v1-de"], "label": ["refuted", None]}, "'id'"),
    "unknown sentence": ({"id": ["v1-de"], "label": ["refuted"], "evidence": [["x#1"]]}, "/evidence/0"),
    "null sentence": ({"id": ["v1-de"], "label": ["refuted"], "evidence": [[None]]}, "/evidence/0"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_TABLES)
def test_a_wrong_row_of_a_table_is_refused_with_its_place(corpus, tmp_path, case):
    """Rows of Parquet are held to the rules of lines, with row and pointer."""
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    columns, wanted = BAD_TABLES[case]
    path = tmp_path / "p.parquet"
    pq.write_table(pa.table(columns), path)
    with pytest.raises(claimbench.ProblemsError) as caught:
        claimbench.score("verification", str(path), corpus=corpus)
    assert f"{path}:1" in str(caught.value)
    assert wanted in str(caught.value)


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


CORRUPT = {
    "gzip cut off": (lambda data: cut(gzip.compress(data)), "end too early"),
    "gzip damaged": (lambda data: gzip.compress(data)[:30] + b"xxxx" + gzip.compress(data)[34:], "corrupt"),
    "gzip with garbage after it": (lambda data: gzip.compress(data) + b"garbage", "corrupt"),
    "gzip of nothing": (lambda data: gzip.compress(b""), "holds nothing"),
    "zstd cut off": (lambda data: cut(packed(data, "zstd")), "end too early"),
    "zstd with garbage after it": (lambda data: packed(data, "zstd") + b"garbage", "corrupt"),
    "parquet cut off": (lambda data: b"PAR1" + data, "corrupt"),
    "arrow damaged": (lambda data: b"ARROW1\0\0" + data, "corrupt"),
}


@pytest.mark.parametrize("case", CORRUPT)
def test_a_corrupt_input_is_named_and_refused(corpus, write, case, tmp_path, capsys):
    """Packed data that are damaged exit 2 with the file's name and the reason, and write nothing."""
    make, wanted = CORRUPT[case]
    path = write(make(text(perfect(corpus, "verification"))))
    target = tmp_path / "report.json"
    assert main(["score", "verification", path, "-o", str(target)]) == 2
    err = capsys.readouterr().err
    assert path in err
    assert wanted in err
    assert "bug in claimbench" not in err
    assert not target.exists()


@pytest.fixture
def many(corpus, tmp_path) -> tuple[Path, bytes]:
    """Four runs in one file, and the report of it."""
    lines = [{**line, "run": f"r{run}"} for run in range(4) for line in perfect(corpus, "verification")]
    random.Random(1).shuffle(lines)
    path = tmp_path / "all.jsonl"
    path.write_bytes(text(lines))
    return path, claimbench.score("verification", str(path), corpus=corpus).to_json()


@pytest.mark.parametrize("size", [1, 100, 5000, 10**6])
def test_every_line_is_in_exactly_one_stretch(corpus, many, size, monkeypatch):
    """Whatever the size of stretches and blocks, each line is read once, and the report is the same."""
    path, expected = many
    monkeypatch.setattr("claimbench.reading.inputs.BLOCK", max(7, size // 3))
    whole = Shard(str(path), "p")
    parts = split(whole, size) if size > 1 else split(whole, 613)
    gold = Gold("verification", "test", corpus)
    tallies = [score_shard(part, gold) for part in random.Random(size).sample(parts, len(parts))]
    assert sum(tally.lines for tally in tallies) == len(path.read_bytes().splitlines())
    table = Table(gold)
    for tally in tallies:
        table.add(tally)
    runs, _ = run_scores(gold.definition, gold.items, table_rows(table))
    assert tuple(runs) == claimbench.Report.from_json(expected).runs


def test_shards_and_workers_do_not_matter(corpus, many, tmp_path, monkeypatch):
    """One file, many files, a glob, a pipe's copy or two processes: the report has the same bytes."""
    path, expected = many
    lines = path.read_bytes().splitlines(keepends=True)
    for i in range(5):
        (tmp_path / f"part-{i}.jsonl").write_bytes(b"".join(lines[i::5]))
    pattern = str(tmp_path / "part-*.jsonl")
    assert claimbench.score("verification", [pattern], corpus=corpus).to_json() == expected
    monkeypatch.setattr("claimbench.reading.inputs.STRETCH", 20_000)
    assert claimbench.score("verification", str(path), corpus=corpus, workers=2).to_json() == expected
    assert claimbench.score("verification", [pattern], corpus=corpus, workers=3).to_json() == expected


def _die(shard: Shard, gold: Gold) -> int:
    """Kill the worker, but not the process that waits for it."""
    if os.getpid() != int(os.environ["CLAIMBENCH_TEST_PARENT"]):
        os.kill(os.getpid(), signal.SIGKILL)
    return shard.start


def test_a_worker_that_is_killed_changes_nothing(corpus, monkeypatch):
    """Shards of a worker that dies are done by the process that waits."""
    monkeypatch.setenv("CLAIMBENCH_TEST_PARENT", str(os.getpid()))
    shards = [Shard("x", "x", start=i) for i in range(20)]
    found = dict(map_local(_die, shards, Gold("verification", "test", corpus), workers=3))
    assert found == {i: i for i in range(20)}


def test_problems_keep_their_place_in_a_divided_file(corpus, many, monkeypatch):
    """Line numbers count from the beginning of the file, however it is divided; all mistakes are told."""
    path, _ = many
    lines = path.read_bytes().splitlines(keepends=True)
    lines[700] = lines[700].replace(b'"id": "v', b'"id": "x')
    lines[1500] = lines[3]
    path.write_bytes(b"".join(lines))
    with pytest.raises(claimbench.ProblemsError) as whole:
        claimbench.score("verification", str(path), corpus=corpus)
    monkeypatch.setattr("claimbench.reading.inputs.STRETCH", 20_000)
    with pytest.raises(claimbench.ProblemsError) as caught:
        claimbench.score("verification", str(path), corpus=corpus, workers=2)
    assert str(caught.value) == str(whole.value)
    assert f"{path}:701 /id: unknown id" in str(caught.value)
    assert f"{path}:1501 /id: " in str(caught.value)
    assert f"is given twice, first at {path}:4" in str(caught.value)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_mistakes_are_told_as_the_plain_check_tells_them(corpus, tmp_path_factory, seed):
    """On damaged lines the columnar path refuses with the very message of the plain path."""
    draw = random.Random(seed)
    lines = text(random_lines(corpus, "verification", seed, 2)[:60]).splitlines(keepends=True) or [b"\n"]
    for _ in range(draw.randrange(1, 4)):
        i = draw.randrange(len(lines))
        lines[i] = draw.choice(DAMAGE)(lines[i], lines[draw.randrange(len(lines))])
    path = tmp_path_factory.mktemp("lines") / "p.jsonl"
    path.write_bytes(b"".join(lines))
    said = []
    for homes in (HOMES, {}):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("claimbench.scoring.HOMES", homes)
            try:
                said.append(claimbench.score("verification", str(path), corpus=corpus, by=()).to_json())
            except claimbench.InputError as error:
                said.append(str(error))
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


def test_a_file_can_be_a_run(corpus, tmp_path, capsys):
    """--run-from-name makes each file a run; names that meet are refused like any run given twice."""
    lines = perfect(corpus, "verification")
    for name in ("one.jsonl", "two.jsonl.gz", "sub/one.jsonl"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        data = text(lines)
        (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    files = [str(tmp_path / "one.jsonl"), str(tmp_path / "two.jsonl.gz")]
    assert main(["score", "verification", *files]) == 2
    assert "is given twice, first at" in capsys.readouterr().err
    assert main(["score", "verification", *files, "--run-from-name", "--json"]) == 0
    report = claimbench.Report.from_json(capsys.readouterr().out.encode())
    assert [run.run for run in report.runs] == ["one", "two"]
    files.append(str(tmp_path / "sub" / "one.jsonl"))
    assert main(["score", "verification", *files, "--run-from-name"]) == 2
    err = capsys.readouterr().err
    assert f"{files[2]}:1 /id" in err
    assert f"first at {files[0]}:1" in err


def test_a_glob_without_files_is_refused(capsys, tmp_path):
    """A pattern that names nothing is an error, not an empty set of predictions."""
    assert main(["score", "verification", str(tmp_path / "*.jsonl")]) == 2
    assert "no file has such a name" in capsys.readouterr().err


def test_standard_input_may_be_packed_and_shared(corpus, many, monkeypatch, capsysbinary):
    """Compressed standard input gives the same report as the file."""
    path, expected = many
    data = gzip.compress(path.read_bytes())
    monkeypatch.setattr(sys, "stdin", type("Stdin", (), {"buffer": io.BytesIO(data)}))
    assert main(["score", "verification", "-", "--json"]) == 0
    assert capsysbinary.readouterr().out == expected


def test_small_inputs_import_numpy_and_no_more(write, corpus):
    """Scoring a file loads neither Arrow nor scipy nor process pools."""
    path = write(perfect(corpus, "verification"))
    code = (
        "import sys; from claimbench.cli import main; "
        f"main(['score', 'verification', {path!r}, '--json']); "
        "heavy = {'pyarrow', 'scipy', 'multiprocessing', 'ray', 'fsspec', 'zstandard'}; "
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
