"""Inputs of every kind: packed, in tables, divided, piped, many at once; and what is wrong with them."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import signal
import sys
from pathlib import Path

import numpy as np
import pytest
from careless import random_lines, text
from conftest import perfect

import claimbench
from claimbench.bulk.gold import Gold
from claimbench.bulk.layout import HOMES
from claimbench.bulk.runs import run_scores, table_rows
from claimbench.bulk.table import Table
from claimbench.bulk.tally import score_shard
from claimbench.cli import main
from claimbench.cli.score import command
from claimbench.estimating import Asked
from claimbench.processes import spread
from claimbench.reading.inputs import Shard, split
from claimbench.records import LABELS


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


def write_arrow(lines: list[dict], path: Path, how: str, rows: int | None = None) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = as_table(lines).slice(0, rows)
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
    lines = random_lines(name, seed, 1 + seed)
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


@pytest.mark.parametrize("how", ["parquet", "arrow file", "arrow stream"])
@pytest.mark.parametrize("html", [False, True])
def test_a_table_without_rows_is_empty(tmp_path, how, html, capsys):
    """A table of no rows is refused as a file of no bytes is."""
    pytest.importorskip("pyarrow")
    path = tmp_path / "p.bin"
    write_arrow([{"id": "v1-de", "label": None}], path, how, rows=0)
    options = ["--html", str(tmp_path / "page.html")] if html else []
    assert main(["score", "verification", str(path), *options]) == 2
    assert capsys.readouterr().err == f"{path}: the file is empty, which is refused\n"


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


@pytest.mark.parametrize(("name", "label"), [("detection", "supported"), ("verification", True)])
def test_a_label_of_another_task_is_refused(corpus, tmp_path, name, label):
    """A column of verdicts is none of yes and no, nor the other way round."""
    item = perfect(corpus, name)[0]["id"]
    path = tmp_path / "p.parquet"
    pytest.importorskip("pyarrow")
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"id": [item], "label": [label]}), path)
    with pytest.raises(claimbench.ProblemsError, match="/label"):
        claimbench.score(name, str(path), corpus=corpus)


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


CORRUPT = {
    "gzip cut off": (lambda data: cut(gzip.compress(data)), "end too early"),
    "gzip damaged": (lambda data: gzip.compress(data)[:30] + b"xxxx" + gzip.compress(data)[34:], "corrupt"),
    "gzip with garbage after it": (lambda data: gzip.compress(data) + b"garbage", "corrupt"),
    "gzip of nothing": (lambda data: gzip.compress(b""), "the file is empty"),
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


@pytest.mark.parametrize("size", [100, 613, 5000, 10**7])
def test_every_line_is_in_exactly_one_stretch(corpus, many, size, monkeypatch):
    """Whatever the size of stretches and blocks, each line is read once, and the report is the same."""
    path, expected = many
    monkeypatch.setattr("claimbench.reading.inputs.BLOCK", max(7, size // 3))
    monkeypatch.setattr("claimbench.reading.inputs.STRETCH", size)
    parts = split(Shard(str(path), "p"))
    assert len(parts) == max(1, -(-path.stat().st_size // size))
    gold = Gold("verification", "test", corpus)
    tallies = [score_shard(part, gold) for part in random.Random(size).sample(parts, len(parts))]
    assert sum(tally.note.lines for tally in tallies) == len(path.read_bytes().splitlines())
    table = Table(gold)
    for tally in tallies:
        table.add(tally)
    runs, _ = run_scores(gold.definition, gold.items, table_rows(table), Asked())
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
    found = dict(spread(_die, shards, Gold("verification", "test", corpus), workers=3))
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


def test_tables_hold_lists_of_claims_too(corpus, tmp_path):
    """Extraction, which is scored line by line, reads a table as its rows."""
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    lines = perfect(corpus, "extraction")
    path = tmp_path / "p.parquet"
    pq.write_table(pa.Table.from_pylist(lines), path)
    expected = claimbench.score("extraction", lines, corpus=corpus).to_json()
    assert claimbench.score("extraction", str(path), corpus=corpus).to_json() == expected


def test_usual_tables_need_no_slow_check(corpus, tmp_path, monkeypatch):
    """A table with the usual types is scored as columns; its rows never become lines."""
    pytest.importorskip("pyarrow")
    path = tmp_path / "p.parquet"
    write_arrow(perfect(corpus, "verification"), path, "parquet")
    monkeypatch.setattr("claimbench.reading.arrow.json_lines", lambda batch, nullable: pytest.fail("slow"))
    assert claimbench.score("verification", str(path), corpus=corpus).metrics["macro_f1"].value == 1.0


def test_inputs_may_lie_on_any_filesystem_that_fsspec_knows(corpus, many):
    """Paths with a protocol and globs of them give the report of the same lines on disk."""
    fsspec = pytest.importorskip("fsspec")
    path, expected = many
    lines = path.read_bytes().splitlines(keepends=True)
    for i in range(3):
        with fsspec.open(f"memory://predictions/part-{i}.jsonl", "wb") as file:
            file.write(b"".join(lines[i::3]))
    pattern = "memory://predictions/part-*.jsonl"
    assert claimbench.score("verification", pattern, corpus=corpus).to_json() == expected
    with pytest.raises(claimbench.InputError, match="nowhere"):
        claimbench.score("verification", "memory://nowhere/x.jsonl", corpus=corpus)


def test_help_says_what_workers_cannot_share(tmp_path, monkeypatch):
    """Plain files are cut and tables at row groups; what is packed, a stream or one group is one shard."""
    pa, pq = (pytest.importorskip(name) for name in ("pyarrow", "pyarrow.parquet"))
    monkeypatch.setattr("claimbench.reading.inputs.STRETCH", 100)
    monkeypatch.setattr("claimbench.reading.arrow.ROWS", 10)
    rows = [{"id": f"v{i}-de", "label": "refuted"} for i in range(60)]
    text = "".join(json.dumps(row) + "\n" for row in rows).encode()
    (tmp_path / "plain").write_bytes(text)
    (tmp_path / "gzip").write_bytes(gzip.compress(text))
    pq.write_table(table := pa.Table.from_pylist(rows), tmp_path / "groups", row_group_size=20)
    pq.write_table(table, tmp_path / "group")
    with pa.ipc.new_stream(tmp_path / "stream", table.schema) as stream:
        stream.write_table(table)
    parts = {path.name: len(split(Shard(str(path), path.name))) for path in tmp_path.iterdir()}
    assert parts == {"plain": -(-len(text) // 100), "groups": 3, "gzip": 1, "group": 1, "stream": 1}
    said = " ".join(command.help.split())
    assert "a gzip or zstd file, an Arrow stream and a single row group are read by one worker" in said
