"""How long the command line takes to start, as ratios measured in one run.

    python benchmarks/cold_start.py [ROUNDS]

Runs every command in turn, round after round, in the environment of the interpreter that runs it, and prints
the median wall time of each and its ratio to the reference of the same round. The installed packages are
byte-compiled first, as pip does; a run without byte code measures the compiler.
"""

from __future__ import annotations

import compileall
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import claimbench

PYTHON = sys.executable
SCRIPT = str(Path(PYTHON).parent / "claimbench")
GATE = ["--max-drop", "macro_f1=0.02", "--max-drop", "macro_f1{language=nl}=0.05", "--inconclusive", "pass"]


def predictions(folder: Path) -> str:
    """Write a verdict with probabilities and evidence for every test item of the shipped corpus."""
    path = folder / "predictions.jsonl"
    shares = {"supported": 0.4, "refuted": 0.3, "conflicting": 0.0, "not_enough_info": 0.3}
    with path.open("w", encoding="utf-8") as file:
        for item in claimbench.load_corpus().verification:
            if item.split == "test":
                line = {
                    "id": item.id,
                    "label": "supported",
                    "probabilities": shares,
                    "evidence": ["meta-deal-de#4"],
                }
                file.write(json.dumps(line) + "\n")
    return str(path)


def changed(path: str) -> str:
    """Write the predictions with every tenth verdict changed, so that the gate has items to name."""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    other = [x.replace('"supported"', '"refuted"', 1) if i % 10 == 0 else x for i, x in enumerate(lines)]
    target = Path(path).with_name("changed.jsonl")
    target.write_text("\n".join(other), encoding="utf-8")
    return str(target)


def seconds(command: list[str]) -> float:
    """Return the wall time of one run."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "COLUMNS": "80"})
    return time.perf_counter() - start


def main(rounds: int) -> None:
    """Measure and print."""
    compileall.compile_dir(Path(claimbench.__file__).parent, quiet=2)
    with tempfile.TemporaryDirectory() as folder:
        lines, baseline = predictions(Path(folder)), str(Path(folder) / "baseline.json")
        score = [SCRIPT, "score", "verification", lines]
        seconds([*score, "-o", baseline])
        gate = [SCRIPT, "gate", "verification", changed(lines), "--baseline", baseline, *GATE]
        pairs = [
            ("claimbench --version", [SCRIPT, "--version"], "python -c pass", [PYTHON, "-c", "pass"], 5.0),
            ("claimbench score verification", score, "import numpy", [PYTHON, "-c", "import numpy"], 2.5),
            ("claimbench gate verification", gate, "import numpy", [PYTHON, "-c", "import numpy"], 4.0),
        ]
        for name, command, against, reference, limit in pairs:
            seconds(command), seconds(reference)
            times = [(seconds(command), seconds(reference)) for _ in range(rounds)]
            ratio = statistics.median(mine / theirs for mine, theirs in times)
            mine, theirs = (1000 * statistics.median(column) for column in zip(*times, strict=True))
            print(f"{name:32} {mine:6.0f} ms  {against:15} {theirs:6.0f} ms", end="  ")
            print(f"ratio {ratio:.2f} (at most {limit:g})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 11)
