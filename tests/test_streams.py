"""Standard streams that are closed, full or left by their reader."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from conftest import perfect

import claimbench

SCRIPT = "import sys; from claimbench.cli import script; sys.argv[0] = 'claimbench'; script()"


@pytest.fixture
def ran(corpus, write, monkeypatch):
    """Run words of a command with a shell's redirections; MINE is right, REPORT is its report."""
    lines = perfect(corpus, "verification")
    write(lines, "MINE")
    path = write(claimbench.score("verification", lines, corpus=corpus).to_json(), "REPORT")
    monkeypatch.chdir(os.path.dirname(path))

    def run(words: str, how: str) -> subprocess.CompletedProcess[str]:
        shell = ["bash", "-o", "pipefail", "-c", f'"$0" -c "$1" {words} {how}', sys.executable, SCRIPT]
        return subprocess.run(shell, capture_output=True, text=True, check=False)

    return run


GATE = "gate verification MINE --baseline REPORT"


@pytest.mark.parametrize("how", [">&-", "2>&-", ">&- 2>&- <&-", "| true", "2>/dev/full"])
@pytest.mark.parametrize(("demand", "code"), [("--min accuracy=0.5", 0), ("--max accuracy=0.5", 1)])
def test_a_stream_that_nobody_reads_leaves_the_exit_code(ran, how, demand, code):
    """A gate passes or fails alike whether its output is read, closed, or its reader has left."""
    done = ran(f"{GATE} {demand}", how)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr


@pytest.mark.parametrize(
    "words", ["score verification MINE", "score verification MINE --json", "score --help", "--version"]
)
def test_a_full_standard_output_is_an_error_with_its_reason(ran, words):
    """What cannot be printed is said in one line, exit 2."""
    done = ran(words, "> /dev/full")
    assert (done.returncode, done.stderr) == (
        2,
        "standard output: cannot be written: No space left on device\n",
    )


def test_closed_standard_input_is_no_empty_file(ran):
    """A dash without standard input is refused with the reason; other files do not take its place."""
    done = ran("score verification -", "<&-")
    assert (done.returncode, done.stderr) == (2, "-: cannot be read: standard input is closed\n")
    done = ran("score verification MINE --json", "<&-")
    assert json.loads(done.stdout)["counts"]["missing"] == 0


@pytest.mark.parametrize("given", ["<(cat MINE)", "<(gzip -c MINE)", "<(cat REPORT)"])
@pytest.mark.parametrize("words", ["compare verification {} MINE --json", f"{GATE} --min accuracy=0 --json"])
def test_a_pipe_is_read_once(ran, words, given):
    """What can be read only once, predictions or a report, is compared and gated as a file is."""
    words = words if "{}" in words else words.replace("MINE", "{}")
    files, pipe = (ran(words.format(source), "") for source in ("MINE", given))
    assert (pipe.returncode, pipe.stdout, pipe.stderr) == (0, files.stdout, "")
