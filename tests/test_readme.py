"""What the README shows is what happens."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.checkout

README = Path(__file__).resolve().parent.parent / "README.md"


def text() -> str:
    return README.read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text(), re.DOTALL)


def run(*args: str, folder: Path) -> str:
    environment = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "claimbench", *args],
        cwd=folder,
        env=environment,
        capture_output=True,
        check=True,
    )
    return done.stdout.decode()


def test_the_output_shown_is_real(tmp_path):
    """The table in the README is what the command named above it prints."""
    command, shown = re.search(
        r"<!-- output of: claimbench (.*?) -->\n```text\n(.*?)```", text(), re.DOTALL
    ).groups()
    printed = run(*command.split(), folder=tmp_path)
    assert shown.strip()
    assert shown in re.sub(r" +\n", "\n", printed)


def test_the_commands_shown_work(tmp_path):
    """The commands of the first use work on the predictions the README shows."""
    (tmp_path / "predictions.jsonl").write_text("".join(blocks("json")), encoding="utf-8")
    lines = [
        line for block in blocks("bash") for line in block.splitlines() if line.startswith("claimbench ")
    ]
    assert len(lines) == 6
    for line in lines:
        run(*line.split()[1:], folder=tmp_path)
    assert json.loads((tmp_path / "report.json").read_bytes())["task"] == "verification"


def test_the_python_shown_works(tmp_path, monkeypatch):
    """Every Python block of the README runs as it stands, the CI test included."""
    import claimbench

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "cache"))
    items = claimbench.inputs("verification", claimbench.load_corpus())
    lines = [{"id": item["id"], "label": ("supported", "refuted")[i % 2]} for i, item in enumerate(items)]
    (tmp_path / "predictions.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    (tmp_path / "baseline.json").write_bytes(claimbench.score("verification", lines).to_json())
    for i, block in enumerate(blocks("python")):
        (tmp_path / f"test_{i}.py").write_text(block, encoding="utf-8")
        how = ["-m", "pytest", "-q", "-p", "no:cacheprovider"] if "def test_" in block else []
        command = [sys.executable, *how, f"test_{i}.py"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
        assert done.returncode == 0, (done.stdout + done.stderr).decode()
