"""What CI systems use: the action, the workflows and hooks in the docs, shell completion, help."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
import yaml
from conftest import perfect

import claimbench
from claimbench.cli import main
from claimbench.cli.app import COMMANDS, cli
from claimbench.gating import read_settings

ROOT = Path(__file__).parents[1]


def options(command: str) -> set[str]:
    """The options that a command has, by its words."""
    found: click.Command | None = cli
    for word in command.split():
        assert isinstance(found, click.Group)
        found = found.get_command(click.Context(found), word)
        assert found is not None, word
    assert found is not None
    return {name for param in found.params for name in param.opts}


def blocks(language: str) -> list[str]:
    """The fenced blocks of docs/ci.md in a language."""
    text = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.S)


def claimbench_lines(text: str) -> list[list[str]]:
    """The words of every claimbench command in a script, after its continuation lines are joined."""
    joined = re.sub(r"(\\)?\n\s+(?=-)", " ", text)
    lines = [line.strip().removeprefix("- ") for line in joined.splitlines()]
    return [shlex.split(line) for line in lines if line.startswith("claimbench ")]


@pytest.mark.checkout
def test_the_docs_use_options_that_exist():
    """Every option of a claimbench command in docs/ci.md is one that the command has."""
    scripts = [*blocks("bash"), *blocks("yaml")]
    commands = [words for script in scripts for words in claimbench_lines(script)]
    assert {words[1] for words in commands} == {"score", "gate", "compare"}
    for words in commands:
        assert {word for word in words[2:] if word.startswith("-")} <= options(words[1]) | {"-o"}


@pytest.mark.checkout
def test_the_settings_in_the_docs_are_valid(tmp_path):
    """The example of settings reads as it is."""
    example = next(block for block in blocks("yaml") if block.startswith("# gate.yaml"))
    path = tmp_path / "gate.yaml"
    path.write_text(example, encoding="utf-8")
    assert set(read_settings(path).gates) == {"macro_f1", "macro_f1{language=nl}", "accuracy"}


@pytest.mark.checkout
def test_workflows_in_the_docs_use_what_action_and_hooks_offer():
    """The GitHub workflow gives inputs that the action has; the pre-commit example names hooks that exist."""
    documents = [yaml.safe_load(block) for block in blocks("yaml")]
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    steps = next(d["jobs"]["gate"]["steps"] for d in documents if "jobs" in d)
    assert set(steps[-1]["with"]) <= set(action["inputs"])
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    used = next(d["repos"][0]["hooks"] for d in documents if "repos" in d)
    assert {hook["id"] for hook in used} <= {hook["id"] for hook in hooks}
    for hook in hooks:
        words = hook["entry"].split()
        assert words[0] == "claimbench"
        assert {word for word in hook.get("args", []) if word.startswith("-")} <= options(words[1])


@pytest.fixture
def project(corpus, tmp_path):
    """A folder with right and wrong predictions and a baseline, and claimbench where the action puts it."""
    lines = perfect(corpus, "verification")
    for name, content in (("good", lines), ("bad", [{"id": x["id"], "label": "conflicting"} for x in lines])):
        text = "".join(json.dumps(line) + "\n" for line in content)
        (tmp_path / f"{name}.jsonl").write_text(text, encoding="utf-8")
    (tmp_path / "base.json").write_bytes(claimbench.score("verification", lines, corpus=corpus).to_json())
    place = tmp_path / "claimbench" / "bin"
    place.mkdir(parents=True)
    command = place / "claimbench"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m claimbench "$@"\n')
    command.chmod(0o755)
    return tmp_path


@pytest.mark.checkout
@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize(("predictions", "code"), [("good.jsonl", 0), ("bad.jsonl", 1)])
def test_the_action_gates_and_writes_a_summary(project, predictions, code):
    """The action's script ends as the gate does, names the code, and takes inputs for what they are."""
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    step = next(step for step in action["runs"]["steps"] if step.get("id") == "gate")
    assert "${{" not in step["run"]
    env = dict.fromkeys(step["env"], "") | {
        "TASK": "verification",
        "PREDICTIONS": predictions,
        "BASELINE": "base.json",
        "MAX_DROP": "macro_f1=0.02\nmacro_f1{language=nl}=0.05\n",
        "MUST_PASS": "v1-de",
        "JUNIT": "j.xml",
        "RUNNER_TEMP": str(project),
        "GITHUB_STEP_SUMMARY": str(project / "summary.md"),
        "GITHUB_OUTPUT": str(project / "output"),
    }
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=project, env={**os.environ, **env}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    assert (project / "output").read_text() == f"exit-code={code}\n"
    assert "macro" in (project / "summary.md").read_text(encoding="utf-8")
    assert (project / "j.xml").exists()
    assert ("::error title=claimbench v1-de::" in done.stdout) == bool(code)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_a_script_for_the_shell(shell, capsys):
    """The script names the variable that asks for completions, and the shell can read it."""
    if shell == "bash" and shutil.which("bash") is None:
        pytest.skip("needs bash")
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert "_CLAIMBENCH_COMPLETE" in script
    if shutil.which(shell):
        subprocess.run([shell, "-n", "-c", script], check=True)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("claimbench ga", "gate"),
        ("claimbench gate verif", "verification"),
        ("claimbench gate --on-m", "--on-missing"),
        ("claimbench gate --inconclusive p", "pass"),
        ("claimbench corpus au", "audit"),
    ],
)
def test_commands_options_and_values_complete(words, found):
    """What the script asks for is answered: commands, subcommands, options and their values."""
    count = len(words.split()) - 1
    asked = {"_CLAIMBENCH_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(count)}
    command = [sys.executable, "-c", "from claimbench.cli import main; main([])"]
    done = subprocess.run(command, env={**os.environ, **asked}, capture_output=True, text=True, check=False)
    assert f"plain,{found}" in done.stdout.splitlines()


def leaves(command: click.Command, words: tuple[str, ...]) -> list[tuple[str, ...]]:
    if not isinstance(command, click.Group):
        return [words]
    context = click.Context(command)
    parts = [(name, command.get_command(context, name)) for name in command.list_commands(context)]
    return [leaf for name, part in parts if part is not None for leaf in leaves(part, (*words, name))]


LEAVES = leaves(cli, ())


def test_every_command_is_among_the_leaves():
    """Commands and subcommands are all found, so that none escapes the next test."""
    assert {words[0] for words in LEAVES} == set(COMMANDS)
    assert ("corpus", "audit") in LEAVES


@pytest.mark.parametrize("words", LEAVES, ids=" ".join)
def test_every_help_has_an_example_that_parses(words, capsys):
    """--help of every command and subcommand shows an example, whose options the command has."""
    assert main([*words, "--help"]) == 0
    out = capsys.readouterr().out
    example = re.search(rf"Example:  (claimbench {' '.join(words)}.*)", out)
    assert example, out
    used = {word for word in shlex.split(example[1]) if re.fullmatch(r"--?[a-z-]+", word)}
    assert used <= options(" ".join(words))


def test_several_files_are_validated_at_once(project, capsys):
    """validate takes the files that pre-commit gives it, and names the one with findings."""
    (project / "odd.jsonl").write_text('{"id": "v1-de", "label": "true"}\n')
    files = [str(project / name) for name in ("good.jsonl", "odd.jsonl")]
    assert main(["validate", *files, "--as", "prediction-verification"]) == 1
    assert "odd.jsonl:1 /label" in capsys.readouterr().out
    assert main(["validate", *files]) == 2


def test_progress_is_for_terminals_only(capsys, monkeypatch):
    """A bar is shown on a terminal; in a pipe and where quiet there is nothing, and no item is lost."""
    from claimbench.cli.tables import tracked

    assert list(tracked(iter("abc"), 3, "working", quiet=False)) == ["a", "b", "c"]
    assert capsys.readouterr().err == ""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    assert list(tracked(iter("abc"), 3, "working", quiet=False)) == ["a", "b", "c"]
    err = capsys.readouterr().err
    assert "working" in err
    assert list(tracked(iter("abc"), 3, "working", quiet=True)) == ["a", "b", "c"]
    assert capsys.readouterr().err == ""
