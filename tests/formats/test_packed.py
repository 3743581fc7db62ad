"""Foreign gold and predictions packed with gzip or zstd, told by their first bytes, and what is wrong."""

from __future__ import annotations

import gzip
import io
import sys
from pathlib import Path

import pytest
from tests.formats.test_cases import CASES

import claimbench
from claimbench.cli import main
from claimbench.formats import format_named

KINDS = ("gzip", "zstd")
NAMES = ("scifact", "squad2", "fever", "feverous", "spans", "xfact", "hover")
FIRST = {name: next(case for n, case in CASES if n == name and "error" not in case) for name in NAMES}


def packed(data: bytes, how: str) -> bytes:
    if how == "gzip":
        return gzip.compress(data)
    return pytest.importorskip("zstandard").ZstdCompressor().compress(data)


@pytest.fixture
def files(put, jsonl):
    """Write the gold files and the prediction files of a format's first case."""

    def write(name):
        case = FIRST[name]
        to_file = jsonl if isinstance(case.get("predictions"), list) else put
        return tuple(
            [
                to_file(f"{kind}{i}", content)
                for i, content in enumerate(case.get(f"{kind} files", [case[kind]] if kind in case else []))
            ]
            for kind in ("gold", "predictions")
        )

    return write


def report(name, gold, predictions):
    return claimbench.score_format(
        format_named(name).task, predictions, format=name, gold=gold, options=FIRST[name]["options"]
    ).to_json()


@pytest.mark.parametrize("how", KINDS)
@pytest.mark.parametrize("name", NAMES)
def test_how_files_are_packed_does_not_matter(files, name, how):
    """Packed gold and predictions give the bytes of plain ones, whatever the files are called."""
    gold, predictions = files(name)
    expected = report(name, gold, predictions)
    for path in map(Path, (*gold, *predictions)):
        path.write_bytes(packed(path.read_bytes(), how))
    assert report(name, gold, predictions) == expected


@pytest.mark.parametrize("how", KINDS)
@pytest.mark.parametrize("name", ["scifact", "squad2", "fever"])
def test_packed_predictions_come_from_standard_input(files, monkeypatch, capsysbinary, name, how):
    """Predictions on standard input may be packed too."""
    gold, predictions = files(name)
    expected = report(name, gold, predictions)
    data = packed(Path(predictions[0]).read_bytes(), how)
    monkeypatch.setattr(sys, "stdin", type("Stdin", (), {"buffer": io.BytesIO(data)}))
    options = [part for pair in FIRST[name]["options"].items() for part in ("--set", "=".join(pair))]
    words = ["score", format_named(name).task, "-", "--format", name, "--gold", *gold, *options, "--json"]
    assert main(words) == 0
    assert capsysbinary.readouterr().out == expected


def test_predictions_in_another_order_may_be_packed(jsonl):
    """FEVER's predictions are brought to their gold by id from packed files too, by one process or two."""
    gold = [{"id": i, "label": "SUPPORTS", "evidence": [[[0, 0, "a", i]]]} for i in range(20)]
    given = [
        {"id": i, "predicted_label": ("SUPPORTS", "REFUTES")[i % 2], "predicted_evidence": [["a", i]]}
        for i in range(19, -1, -1)
    ]
    paths = jsonl("gold", gold), jsonl("given", given)

    def score(workers):
        return claimbench.score_format(
            "verification", paths[1], format="fever", gold=paths[0], workers=workers
        ).to_json()

    expected = score(1)
    for path in map(Path, paths):
        path.write_bytes(gzip.compress(path.read_bytes()))
    assert score(1) == score(2) == expected


@pytest.mark.parametrize("name", ["scifact", "squad2", "fever"])
@pytest.mark.parametrize("side", ["gold", "predictions"])
def test_what_is_cut_off_is_named(files, capsys, name, side):
    """A packed file that ends too early is named, and the exit code is 2."""
    gold, predictions = files(name)
    path = Path({"gold": gold, "predictions": predictions}[side][0])
    path.write_bytes(gzip.compress(path.read_bytes())[:-12])
    words = ["score", format_named(name).task, *predictions, "--format", name, "--gold", *gold]
    assert main(words) == 2
    assert f"{path}: the gzip data end too early" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["scifact", "squad2"])
def test_zstd_without_its_library_is_named(files, monkeypatch, capsys, name):
    """Where nothing unpacks zstd, the message says what to install."""
    gold, predictions = files(name)
    path = Path(predictions[0])
    path.write_bytes(packed(path.read_bytes(), "zstd"))
    for module in ("zstandard", "compression"):
        monkeypatch.setitem(sys.modules, module, None)
    words = ["score", format_named(name).task, *predictions, "--format", name, "--gold", *gold]
    assert main(words) == 2
    said = capsys.readouterr().err
    assert "reading zstd" in said
    assert "claimbench[bulk]" in said


def test_tables_are_no_foreign_format(files, capsys):
    """Parquet in place of JSON lines is called by its name."""
    gold, predictions = files("scifact")
    Path(predictions[0]).write_bytes(b"PAR1" + bytes(20) + b"PAR1")
    assert main(["score", "verification", *predictions, "--format", "scifact", "--gold", *gold]) == 2
    assert f"{predictions[0]}: is a table (parquet)" in capsys.readouterr().err
