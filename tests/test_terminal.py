"""What commands print for people: in 80 columns, nothing lost, no escape codes, progress on a terminal."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from conftest import perfect
from test_docs import HELP

import claimbench
from claimbench.cli import main
from claimbench.tasks import NAMES

SIGNATURE = re.compile(r"\w+:[\w+]+\|split:\w+\|.*")
"""Printed on one line, however long, because it is there to be copied."""
CUT = " …\n"
"""The end of an article's text or a proposition that `gate` cuts after three lines."""
NUMBER = re.compile(r"[-+]?\d+\.\d{3}")
PROMPT = [["systems"], ["formats"], ["formats", "fever"], ["formats", "feverous"], ["corpus", "stats"]]
PROMPT += [["score", task, "A"] for task in NAMES]
PROMPT += [["score", "verification", "A", "--by", "language", "--by", "label"]]
PROMPT += [["compare", task, "A", "B"] for task in NAMES]
PROMPT += [["compare", "verification", "A", "B", "--by", "language", "--metric", "accuracy[nl]"]]
PROMPT += [["compare", "verification", "A", "B", "--across", "CORPUS"]]
GATED = ["average_precision", "f1", "f1", "macro_f1{language=nl}", "typed_match"]
PROMPT += [
    ["gate", task, "B", "--baseline", "REPORT", "--max-drop", f"{metric}=0.02"]
    for task, metric in zip(NAMES, GATED, strict=True)
]
PROMPT += [["run", "--task", task, "--system", "majority"] for task in NAMES if task != "extraction"]
PROMPT += [["stages", "--detection", "=detection", "--verification", "=verification", "--qa", "=qa"]]
PROMPT += [["conformance", "--card", "--task", task] for task in NAMES if task != "extraction"]
SLOW = [["matchers"], ["corpus", "audit"], ["conformance", "--card", "--task", "extraction"]]
COMMANDS = [*PROMPT, *(pytest.param(args, marks=pytest.mark.slow) for args in SLOW)]


@pytest.fixture(scope="module")
def files(tmp_path_factory, corpus) -> dict[str, str]:
    """Task and word in the commands above to file: of a system that is right, and one that stops halfway."""
    folder = tmp_path_factory.mktemp("terminal")
    found = {}
    for task in NAMES:
        lines = [_shortened(line) for line in perfect(corpus, task)]
        for word, rows in (("A", lines), ("B", lines[: len(lines) // 2])):
            path = folder / f"{task}-{word}.jsonl"
            path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
            found[f"{task} {word}"] = str(path)
        report = claimbench.score(task, lines, corpus=corpus)
        found[f"{task} REPORT"] = str(folder / f"{task}.json")
        (folder / f"{task}.json").write_bytes(report.to_json())
    return found


def _shortened(line: dict[str, Any]) -> dict[str, Any]:
    """A line with two claims at the most, because matching all of them takes long."""
    return {**line, "claims": line["claims"][:2]} if "claims" in line else line


@pytest.fixture
def printed(files, monkeypatch, capsys) -> Callable[..., str]:
    """Run a command at some width, with the files for its words, and return what it prints."""

    def run(args: list[str], columns: int, **environment: str) -> str:
        for name, value in {"COLUMNS": str(columns), **environment}.items():
            monkeypatch.setenv(name, value)
        words = {"CORPUS": str(claimbench.corpus_path())}
        words |= {
            word: files[f"{args[1]} {word}"]
            for word in ("A", "B", "REPORT")
            if args[1:2] and args[1] in NAMES
        }
        words |= {f"={task}": files[f"{task} A"] for task in NAMES}
        assert main([words.get(arg, arg) for arg in args]) in (0, 1, 3)
        return capsys.readouterr().out

    return run


@pytest.mark.parametrize("args", COMMANDS, ids=" ".join)
def test_output_fits_80_columns_and_loses_nothing(args, printed):
    """At 80 columns no line but a signature is wider, all that 140 columns show is there, no escape codes."""
    narrow, wide = printed(args, 80), printed(args, 140)
    lines = [line.rstrip() for line in narrow.splitlines()]
    assert not [line for line in lines if len(line) > 80 and not SIGNATURE.fullmatch(line)]
    assert sorted(NUMBER.findall(narrow)) == sorted(NUMBER.findall(wide))
    if CUT not in narrow:
        assert len(re.sub(r"[\s─]", "", narrow)) == len(re.sub(r"[\s─]", "", wide))
    assert "\x1b" not in narrow + wide


def test_a_leaderboard_cuts_no_figure_however_narrow(printed):
    """A terminal that is narrower than a leaderboard's figures shows them all the same."""
    board = ["score", "qa", "A", "B", "--run-from-name"]
    assert sorted(NUMBER.findall(printed(board, 30))) == sorted(NUMBER.findall(printed(board, 140)))


def test_wide_tables_keep_long_names_whole(printed):
    """A name that folds at 80 columns stands on one line where there is room."""
    compared = ["compare", "verification", "A", "B"]
    assert "precision[not_enough_info]" not in printed(compared, 80)
    assert "precision[not_enough_info]" in printed(compared, 140)


def test_no_color_means_no_escape_codes(printed):
    """On a terminal there is style, and with NO_COLOR none of it."""
    args = ["score", "verification", "A"]
    assert "\x1b[" in printed(args, 80, FORCE_COLOR="1")
    assert "\x1b" not in printed(args, 80, FORCE_COLOR="1", NO_COLOR="1")


@pytest.mark.parametrize("path", HELP, ids=" ".join)
def test_help_fits_80_columns(path):
    """No line of a command's help is wider than 80 columns."""
    assert not [line for line in HELP[path].splitlines() if len(line) > 80]


TRACKED = [
    (["predict", "verification", "--system", "majority", "-o", "/dev/null"], "258/258"),
    (["run", "--task", "verification", "--system", "majority"], "258/258"),
    (["stages", "--detection", "=detection", "--qa", "=qa"], "2/2"),
    pytest.param(["matchers"], "14/14", marks=pytest.mark.slow),
    pytest.param(["corpus", "audit"], "6/6", marks=pytest.mark.slow),
]


@pytest.mark.parametrize(("args", "done"), TRACKED)
def test_progress_is_for_terminals(args, done, files, monkeypatch, capsys):
    """Work that takes long says on a terminal's standard error how far it is, and nothing in a pipe."""
    args = [files[f"{arg[1:]} A"] if arg.startswith("=") else arg for arg in args]
    assert main(args) == 0
    piped = capsys.readouterr()
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "140")
    assert main(args) == 0
    shown = capsys.readouterr()
    assert done in shown.err
    assert done not in piped.err
    assert "\x1b" not in piped.err
    assert done not in shown.out
