"""Tables of every kind: whatever types, pieces and mistakes they have, they score as the lines they hold."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from careless import random_lines, told
from conftest import imported, perfect
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow._parquet import ParquetReader

import claimbench
from claimbench.bulk.batches import BatchReader
from claimbench.bulk.columns import Runs
from claimbench.bulk.gold import Gold
from claimbench.bulk.layout import HOMES
from claimbench.bulk.lines import DoubtError
from claimbench.bulk.threads import map_threads
from claimbench.reading.arrow import batches
from claimbench.reading.inputs import Shard, split
from claimbench.records import LABELS

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

TEXTS = {
    "string": pa.string(),
    "large": pa.large_string(),
    "view": pa.string_view(),
    "dictionary": pa.dictionary(pa.int32(), pa.string()),
    "small dictionary": pa.dictionary(pa.int8(), pa.string()),
    "unsigned dictionary": pa.dictionary(pa.uint16(), pa.string()),
}
STORED = {
    "plain": {"use_dictionary": False},
    "dictionaries": {},
    "dictionaries that overflow": {"dictionary_pagesize_limit": 64, "data_page_size": 64},
    "deltas": {"use_dictionary": False, "column_encoding": {"id": "DELTA_BYTE_ARRAY"}},
    "deltas in lists": {
        "use_dictionary": False,
        "column_encoding": {"evidence.list.element": "DELTA_LENGTH_BYTE_ARRAY"},
    },
}


def schema(draw: random.Random, lines: list[dict], how: str, of_text: str = ""):
    """Types that hold the lines, drawn where there is a choice."""
    boolean = any(isinstance(line.get("label"), bool) for line in lines)

    def text(most=10**9):
        # Arrow cannot read all dictionaries that it writes as deltas, or with those that overflow.
        sound = "deltas" not in how and "overflow" not in how
        fit = [x for x in TEXTS if sound or "dictionary" not in x]
        fit = [x for x in fit if most < 128 or x != "small dictionary"]
        return TEXTS[of_text if of_text in fit else draw.choice(fit)]

    def whole():
        return draw.choice((pa.int64(), pa.int8(), pa.uint16()))

    kinds = {
        "id": text(), "run": text(4), "system": text(4), "seed": whole(), "answer": text(),
        "label": pa.bool_() if boolean else text(4), "abstain": pa.bool_(), "invalid": pa.bool_(),
        "score": pa.float64(), "confidence": pa.float64(),
        "evidence": draw.choice((pa.list_, pa.large_list))(text()),
        "probabilities": pa.struct([(x, pa.float64()) for x in draw.sample(LABELS, len(LABELS))]),
    }  # fmt: skip
    found = dict.fromkeys(name for line in lines for name in line)
    return pa.schema([(name, kinds[name]) for name in draw.sample(list(found), len(found))])


def write_table(draw: random.Random, table, path: Path, how: str) -> None:
    """Write a table, cut at places drawn."""
    size = draw.choice((1, 7, 97, 10_000))
    if how in STORED:
        options = {"row_group_size": max(7, size), **STORED[how]}
        encoded = options.get("column_encoding", {})
        if not all(name.split(".")[0] in table.schema.names for name in encoded):
            options.pop("column_encoding")
        pq.write_table(table, path, **options)
        return
    # Slices of one table share its memory, so that most begin in the middle of it.
    head = table.slice(0, draw.randrange(20))
    padded = pa.concat_tables([head, table]).combine_chunks().slice(head.num_rows)
    new = pa.ipc.new_file if how == "file" else pa.ipc.new_stream
    with new(path, table.schema) as file:
        for batch in padded.to_batches(max_chunksize=size):
            file.write_batch(batch)
            if draw.random() < 0.1:
                file.write_batch(batch.slice(0, 0))


def lines_of(name: str, seed: int, runs: int) -> list[dict]:
    """Lines that a table can hold."""
    lines = random_lines(name, seed, runs)
    for line in lines:
        line.pop("meta", None)
        if name == "qa":
            line.setdefault("answer", None)
        for number in ("score", "confidence"):
            if line.get(number) is not None:
                line[number] = float(line[number])
    return lines


@pytest.mark.parametrize("name", HOMES)
@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1), runs=st.integers(1, 4), how=st.sampled_from(("file", "stream", *STORED))
)
def test_a_table_gives_the_report_of_its_lines(tmp_path_factory, name, seed, runs, how):
    """Whatever its types, how it is stored and where it is cut, a table gives the bytes of its lines."""
    draw = random.Random(seed)
    lines = lines_of(name, seed, runs)
    if not lines:
        return
    path = tmp_path_factory.mktemp("tables") / "p.bin"
    write_table(draw, pa.Table.from_pylist(lines, schema=schema(draw, lines, how)), path, how)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("claimbench.reading.arrow.ROWS", draw.choice((50, 10_000)))
        patch.setattr("claimbench.bulk.batches.PIECE", draw.choice((20, 10_000)))
        patch.setattr("claimbench.bulk.batches.MOST_FLAGS", draw.choice((0, 10_000)))
        patch.setattr("claimbench.bulk.tally.LARGE", draw.choice((30, 10_000)))
        assert told(name, str(path), workers=draw.choice((1, 2))) == told(name, lines)


@pytest.mark.parametrize("of_text", TEXTS)
@pytest.mark.parametrize("how", ["file", *STORED])
def test_no_usual_type_needs_the_slow_check(corpus, tmp_path, monkeypatch, of_text, how):
    """Columns of every type of string, stored in every way, are scored as columns."""
    lines = perfect(corpus, "verification")
    for i, line in enumerate(lines):
        line |= {"run": f"r{i % 3}"} if i % 2 else {"system": "s", "seed": i % 5}
    path, draw = tmp_path / "p.bin", random.Random(3)
    write_table(draw, pa.Table.from_pylist(lines, schema=schema(draw, lines, how, of_text)), path, how)
    monkeypatch.setattr("claimbench.reading.arrow.json_lines", lambda batch, nullable: pytest.fail("slow"))
    assert told("verification", str(path)) == told("verification", lines)


BAD_VALUES = (
    ("id", None), ("id", "v9999-de"), ("id", ""), ("label", "suported"), ("run", ""), ("system", ""),
    ("evidence", [None]), ("evidence", ["x#1"]), ("evidence", ["meta-deal-de#1", "meta-deal-de#1"]),
    ("probabilities", dict.fromkeys(LABELS, 0.5)), ("probabilities", dict.fromkeys(LABELS, float("nan"))),
    ("probabilities", dict.fromkeys(LABELS[1:], 0.25)), ("probabilities", dict.fromkeys(LABELS)),
    ("probabilities", {**dict.fromkeys(LABELS, 0.0), LABELS[0]: -1.0, LABELS[1]: 2.0}),
    ("probabilities", {**dict.fromkeys(LABELS, 0.0), LABELS[0]: float("inf")}),
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), workers=st.integers(1, 2))
def test_mistakes_are_told_as_the_slow_check_tells_them(tmp_path_factory, seed, workers):
    """Wrong rows are refused with the very message there is where every row goes to the slow check."""
    draw = random.Random(seed)
    lines = lines_of("verification", seed, 2)[:200]
    lines += [
        {"id": "v1-de", "label": None, "run": "x", "system": None, "evidence": None, "probabilities": None}
    ]
    for _ in range(draw.randrange(1, 4)):
        field, value = draw.choice(BAD_VALUES)
        draw.choice(lines)[field] = value
    if draw.random() < 0.5:
        lines.append(draw.choice(lines))
    path = tmp_path_factory.mktemp("tables") / "p.bin"
    how = draw.choice(("file", "stream", "plain", "dictionaries"))
    write_table(draw, pa.Table.from_pylist(lines, schema=schema(draw, lines, how)), path, how)
    said = []
    for slow in (False, True):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("claimbench.reading.arrow.ROWS", 60)
            patch.setattr("claimbench.bulk.batches.PIECE", 25)
            if slow:
                patch.setattr(BatchReader, "columns", _doubt)
            said.append(told("verification", str(path), workers=workers))
    assert isinstance(said[0], str)
    assert said[0] == said[1]


def _doubt(*_):
    raise DoubtError


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("verification", pa.array([1.0, 2.0]).dictionary_encode()),
        ("verification", pa.array([b"supported", b"refuted"])),
        ("verification", pa.array([None, None])),
        ("detection", pa.array([1, 0])),
        ("detection", pa.array(["true", "false"])),
    ],
)
def test_another_type_is_in_doubt(corpus, name, column):
    """A column of another type than the field is left to the slow check, whatever its values."""
    gold = Gold(name, "test", corpus)
    batch = pa.record_batch({"id": [*gold.items.ids[:2]], "label": column})
    with pytest.raises(DoubtError):
        BatchReader(gold, Runs(), None).columns(batch)


def test_a_doubt_sends_few_rows_to_the_slow_check(corpus, tmp_path, monkeypatch):
    """One row that needs a look has only its piece of a large batch looked at."""
    lines = perfect(corpus, "verification")
    lines[100]["probabilities"] = dict.fromkeys(LABELS, 0.24999 + 0.00025999987)
    monkeypatch.setattr("claimbench.bulk.batches.PIECE", 32)
    looked = []
    monkeypatch.setattr(BatchReader, "columns", _noting(looked, BatchReader.columns))
    path = tmp_path / "p.parquet"
    pq.write_table(pa.Table.from_pylist(lines), path)
    claimbench.score("verification", str(path), corpus=corpus)
    assert looked == [len(lines), 32]


def _noting(looked, function):
    def noted(reader, batch):
        try:
            return function(reader, batch)
        except DoubtError:
            looked.append(batch.num_rows)
            raise

    return noted


@pytest.mark.parametrize("name", HOMES)
def test_a_piece_of_a_batch_is_those_rows(corpus, name):
    """Columns of a piece are the piece of the columns, wherever in a byte of nulls or booleans it begins."""
    gold, draw, lines = Gold(name, "test", corpus), random.Random(5), lines_of(name, 5, 1)[:40]
    for line in lines:
        line["abstain"], line["invalid"] = draw.choice((True, False, None)), draw.choice((True, None))
    batch = pa.Table.from_pylist(lines, schema=schema(draw, lines, "file")).to_batches()[0]
    whole = BatchReader(gold, Runs(), None).columns(batch)
    for start in range(20):
        piece, rows = (
            BatchReader(gold, Runs(), None).columns(batch.slice(start, 11)),
            np.zeros(len(lines), dtype=np.bool_),
        )
        rows[start : start + 11] = True
        kept = whole.keep(rows)
        for field in ("item", "state", "label", "probabilities", "number"):
            assert np.array_equal(getattr(piece, field), getattr(kept, field), equal_nan=field in FLOATS), (
                field
            )
        assert piece.answer == kept.answer
        for part in ("lengths", "codes") if kept.evidence is not None else ():
            assert np.array_equal(getattr(piece.evidence, part), getattr(kept.evidence, part))


FLOATS = ("probabilities", "number")


def test_a_null_list_has_no_sentences(corpus):
    """A null that Arrow gives sentences all the same is left to the slow check."""
    gold = Gold("verification", "test", corpus)
    some = list(gold.sentences)[:2]
    values, offsets = pa.array(some), pa.py_buffer(np.array([0, 1, 2], dtype=np.int32))
    for bits, fine in ((0b11, True), (0b10, False)):
        evidence = pa.Array.from_buffers(
            pa.list_(pa.string()), 2, [pa.py_buffer(bytes([bits])), offsets], children=[values]
        )
        batch = pa.record_batch({"id": [*gold.items.ids[:2]], "label": ["refuted"] * 2, "evidence": evidence})
        if fine:
            assert BatchReader(gold, Runs(), None).columns(batch).evidence.lengths.tolist() == [1, 1]
        else:
            with pytest.raises(DoubtError):
                BatchReader(gold, Runs(), None).columns(batch)


def test_only_runs_that_rows_name_are_runs(corpus, tmp_path):
    """A dictionary may hold names that no row uses, even such as no run may have."""
    lines = perfect(corpus, "verification")
    table = pa.Table.from_pylist([{"id": line["id"], "label": line["label"]} for line in lines])
    runs = pa.DictionaryArray.from_arrays(pa.array([2] * len(lines), pa.int32()), pa.array(["", "a", "b"]))
    path = tmp_path / "p.arrow"
    table = table.append_column("run", runs)
    with pa.ipc.new_file(path, table.schema) as file:
        file.write_table(table)
    report = claimbench.score("verification", str(path), corpus=corpus)
    assert report.metrics["macro_f1"].value == 1.0


def test_unsound_tables_are_corrupt(corpus, tmp_path, capsys):
    """Text that is no UTF-8 and places outside a dictionary are refused by the file's name."""
    offsets, data = pa.py_buffer(np.array([0, 2], dtype=np.int32)), pa.py_buffer(b"\xff\xfe")
    no_text = pa.Array.from_buffers(pa.string(), 1, [None, offsets, data])
    pq.write_table(pa.table({"id": no_text, "label": ["refuted"]}), tmp_path / "text.parquet")
    outside = pa.DictionaryArray.from_arrays(pa.array([7], pa.int32()), pa.array(["v1-de"]), safe=False)
    table = pa.table({"id": outside, "label": ["refuted"]})
    with pa.ipc.new_file(tmp_path / "outside.arrow", table.schema) as file:
        file.write_table(table)
    for name in ("text.parquet", "outside.arrow"):
        with pytest.raises(claimbench.InputError, match=f"{name}: the data are corrupt"):
            claimbench.score("verification", str(tmp_path / name), corpus=corpus)


def test_a_column_given_twice_is_refused(corpus, tmp_path):
    """Of two columns of one name neither is dropped without a word."""
    item = perfect(corpus, "verification")[0]["id"]
    table = pa.table([[item], ["refuted"], ["supported"]], names=["id", "label", "label"])
    pq.write_table(table, tmp_path / "p.parquet")
    with pa.ipc.new_file(tmp_path / "p.arrow", table.schema) as file:
        file.write_table(table)
    for name in ("p.parquet", "p.arrow"):
        with pytest.raises(claimbench.InputError, match="column 'label' is given twice"):
            claimbench.score("verification", str(tmp_path / name), corpus=corpus)


def test_rows_that_arrow_loses_are_missed(corpus, tmp_path, monkeypatch):
    """A row group that gives fewer rows than its file says is refused, not scored without them."""
    path = tmp_path / "p.parquet"
    pq.write_table(pa.Table.from_pylist(perfect(corpus, "verification")), path)

    class LosesOne(ParquetReader):
        def iter_batches(self, *given, **options):
            yield from (batch.slice(1) for batch in super().iter_batches(*given, **options))

    monkeypatch.setattr("pyarrow._parquet.ParquetReader", LosesOne)
    with pytest.raises(claimbench.InputError, match="1 rows of row group 0 cannot be read"):
        claimbench.score("verification", str(path), corpus=corpus)


def test_small_row_groups_are_read_together(tmp_path, monkeypatch):
    """Row groups are shared in stretches of enough rows, each row in one, and rows keep their order."""
    monkeypatch.setattr("claimbench.reading.arrow.ROWS", 100)
    table = pa.table({"id": [str(i) for i in range(1010)]})
    pq.write_table(table, tmp_path / "p.parquet", row_group_size=30)
    with pa.ipc.new_file(tmp_path / "p.arrow", table.schema) as file:
        file.write_table(table, max_chunksize=30)
    for name in ("p.parquet", "p.arrow"):
        shards = split(Shard(str(tmp_path / name), name))
        found = [[i for batch in batches(shard) for i in batch["id"].to_pylist()] for shard in shards]
        assert [i for part in found for i in part] == table["id"].to_pylist()
        assert [len(part) for part in found] == [120] * 8 + [50]


@pytest.mark.parametrize("workers", [1, 2])
def test_an_arrow_file_may_begin_with_an_empty_batch(corpus, tmp_path, workers):
    """Only a whole table without rows is empty, not its first stretch."""
    ids = [item.id for item in corpus.verification if item.split == "test"]
    runs = [f"r{run}" for run in range(300) for _ in ids]
    batch = pa.record_batch({"id": ids * 300, "run": runs, "label": ["refuted"] * len(runs)})
    with pa.ipc.new_file(tmp_path / "p.arrow", batch.schema) as file:
        file.write(batch.slice(0, 0))
        file.write(batch)
    report = claimbench.score("verification", str(tmp_path / "p.arrow"), corpus=corpus, workers=workers)
    assert len(report.runs) == 300


@pytest.mark.parametrize("how", ["parquet", "arrow"])
def test_a_table_without_rows_is_refused(corpus, tmp_path, how):
    """A table of no rows is as empty as a file of no bytes: nobody answers nothing on purpose."""
    table, path = (
        pa.table({"id": pa.array([], pa.string()), "label": pa.array([], pa.string())}),
        tmp_path / "p",
    )
    if how == "parquet":
        pq.write_table(table, path)
    else:
        with pa.ipc.new_file(path, table.schema):
            pass
    with pytest.raises(claimbench.InputError, match="p: the file is empty"):
        claimbench.score("verification", str(path), corpus=corpus)


def test_threads_keep_the_order_and_do_not_run_ahead(corpus):
    """Values come in the order of their shards, few are made before they are taken, and errors arrive."""
    gold, made = Gold("verification", "test", corpus), []

    def function(shard, _):
        made.append(shard.start)
        if shard.start == 30:
            raise claimbench.InputError("no more")
        return shard.start

    shards = [Shard("p", "p", start=i) for i in range(40)]
    found = map_threads(function, shards, gold, workers=2)
    for i in range(30):
        assert next(found) == (i, i)
        assert len(made) <= i + 6
    with pytest.raises(claimbench.InputError):
        next(found)


def test_reading_parquet_imports_neither_pandas_nor_functions(corpus, tmp_path):
    """Scoring a table of usual types does without pandas and Arrow's functions, which cost more than it."""
    path = tmp_path / "p.parquet"
    pq.write_table(pa.Table.from_pylist(perfect(corpus, "verification")), path)
    heavy = {"pandas", "pyarrow.compute", "pyarrow.dataset", "multiprocessing", "scipy"}
    assert imported(["score", "verification", str(path), "--json", "--workers", "2"], heavy) == set()
