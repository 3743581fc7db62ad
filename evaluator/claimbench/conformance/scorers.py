"""Scorers under test: ours, a Python function, or a command.

A scorer is a function ``(task, gold folder, prediction lines) -> {metric: value}``. Values are numbers, or
None where a metric is undefined. Metrics that mean what one of ours means carry its name; the task's
headline, else the first metric given, is what the checks look at. Where lines carry ``run``, the result is
one such mapping for each run. Input that a scorer will not score it refuses with ``RefusedError``,
``ValueError`` or ``claimbench.InputError``; anything else that escapes it is a crash.
"""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from claimbench.errors import UsageError
from claimbench.reading.corpus import Corpus, load_corpus
from claimbench.scoring import score

Line = Mapping[str, Any]
Scorer = Callable[[str, Path, list[dict[str, Any]]], Mapping[str, Any]]
REFUSAL_CODE = 2
"""Exit code by which a command refuses its input."""


class RefusedError(ValueError):
    """A scorer will not score this input."""


@lru_cache(maxsize=8)
def corpus_in(folder: Path) -> Corpus:
    """Return the corpus in a folder, read once."""
    return load_corpus(folder)


def ours(task: str, folder: Path, lines: Sequence[Line]) -> Mapping[str, Any]:
    """Return the metrics that ``claimbench.score`` gives."""
    report = score(task, lines, corpus=corpus_in(folder), by=())
    if report.runs:
        return {run.run: {name: found.value for name, found in run.metrics.items()} for run in report.runs}
    return {name: found.value for name, found in report.metrics.items()}


def from_module(name: str) -> Scorer:
    """Return the function ``module:function``. Raises UsageError where there is none."""
    module, _, function = name.partition(":")
    if not module or not function:
        raise UsageError(f"'{name}' names no scorer; expected module:function")
    if "" not in sys.path and str(Path.cwd()) not in sys.path:
        sys.path.append(str(Path.cwd()))
    try:
        scorer: Scorer = getattr(import_module(module), function)
    except (ImportError, AttributeError) as error:
        raise UsageError(f"no scorer '{name}': {error}") from None
    return scorer


def from_command(template: str) -> Scorer:
    """Return a scorer that runs a command and reads the JSON it prints.

    ``{task}``, ``{corpus}`` and ``{predictions}`` in the command are filled in. It prints metrics by name, or
    a claimbench report, and refuses its input with exit code 2. No shell is involved.
    """
    words = shlex.split(template)
    if not any("{predictions}" in word for word in words):
        raise UsageError("the command does not take {predictions}, the file to score")

    def scorer(task: str, folder: Path, lines: Sequence[Line]) -> Mapping[str, Any]:
        with tempfile.TemporaryDirectory() as place:
            file = Path(place) / "predictions.jsonl"
            file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
            filled = {"{task}": task, "{corpus}": str(folder), "{predictions}": str(file)}
            done = subprocess.run([_fill(word, filled) for word in words], capture_output=True, check=False)
        if done.returncode == REFUSAL_CODE:
            raise RefusedError(_last_line(done.stderr))
        if done.returncode:
            raise RuntimeError(f"exit code {done.returncode}: {_last_line(done.stderr)}")
        try:
            printed = json.loads(done.stdout)
        except ValueError:
            raise RuntimeError("the command printed no JSON") from None
        return _values(printed)

    return scorer


def _fill(word: str, filled: Mapping[str, str]) -> str:
    for name, value in filled.items():
        word = word.replace(name, value)
    return word


def _last_line(data: bytes) -> str:
    lines = data.decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else ""


def _values(printed: Any) -> Mapping[str, Any]:
    """Return metrics by name (and run) from plain numbers or from a report."""
    if printed.get("runs"):
        return {run["run"]: _values(run) for run in printed["runs"]}
    metrics = printed.get("metrics", printed)
    return {name: x["value"] if isinstance(x, dict) and "value" in x else x for name, x in metrics.items()}
