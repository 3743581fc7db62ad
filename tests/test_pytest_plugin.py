"""The pytest plugin, tried in projects of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from conftest import perfect

import claimbench

SETTINGS = """
task: verification
predictions: new.jsonl
baseline: base.json
gates:
  macro_f1: {max_drop: 0.02}
  macro_f1{language=nl}: {max_drop: 0.02}
  accuracy: {min: 0.1}
show: [mcc]
must_pass: [v1-de, v1-nl]
"""


@pytest.fixture
def project(corpus, tmp_path):
    """A project whose new predictions are wrong in Dutch, with the baseline of right ones."""
    lines = perfect(corpus, "verification")
    (tmp_path / "base.json").write_bytes(claimbench.score("verification", lines, corpus=corpus).to_json())
    dutch = [{**x, "label": "refuted"} if x["id"].endswith("-nl") else x for x in lines]
    (tmp_path / "new.jsonl").write_text("".join(json.dumps(line) + "\n" for line in dutch))
    (tmp_path / "gate.yaml").write_text(SETTINGS)
    return tmp_path


def pytest_in(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-ra", *args]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def outcomes(path: Path) -> dict[str, str]:
    """Test name to the tag of its outcome, "" for a pass."""
    cases = ElementTree.parse(path).getroot().iter("testcase")
    return {str(case.get("name")): next((child.tag for child in case), "") for case in cases}


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "xdist"])
def test_every_demand_is_a_test(project, workers):
    """Each gated metric and must-pass item passes or fails by itself, also under xdist and in JUnit XML."""
    done = pytest_in(project, "--claimbench", "gate.yaml", "--junit-xml", "out.xml", *workers)
    assert done.returncode == 1, done.stdout + done.stderr
    assert outcomes(project / "out.xml") == {
        "predictions": "",
        "macro_f1": "failure",
        "macro_f1{language=nl}": "failure",
        "accuracy": "",
        "v1-de": "",
        "v1-nl": "failure",
    }
    assert "regression: v1-nl: gold: supported; before: supported; now: refuted" in done.stdout
    assert "Traceback" not in done.stdout
    assert "pytest_plugin.py" not in done.stdout


def test_tests_are_chosen_by_k(project):
    """-k chooses among the demands as among other tests."""
    done = pytest_in(project, "--claimbench", "gate.yaml", "-k", "accuracy")
    assert done.returncode == 0
    assert "1 passed, 5 deselected" in done.stdout


def test_what_is_inconclusive_is_skipped_unless_told_otherwise(project, corpus):
    """Inconclusive is skipped with its reason, passes with `inconclusive: pass`, fails with `fail`."""
    lines = [*perfect(corpus, "verification")]
    lines[0] = {**lines[0], "label": "conflicting"}
    (project / "new.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    for policy, outcome in (("report", "skipped"), ("pass", "passed"), ("fail", "failed")):
        settings = (
            f"{SETTINGS.partition('gates:')[0]}gates: {{macro_f1: {{max_drop: 0}}}}\ninconclusive: {policy}"
        )
        (project / "gate.yaml").write_text(settings)
        done = pytest_in(project, "--claimbench", "gate.yaml", "-k", "macro_f1")
        assert f"1 {outcome}" in done.stdout
        assert ("would settle it" in done.stdout) == (policy != "pass")


def test_the_fixture_asserts(project):
    """`claimbench.assert_no_regression` returns the decision, or fails with the reason and no traceback."""
    (project / "test_it.py").write_text(
        "def check(claimbench, **demands):\n"
        "    return claimbench.assert_no_regression(\n"
        "        'verification', 'new.jsonl', baseline='base.json', **demands)\n"
        "def test_good(claimbench):\n"
        "    assert check(claimbench, at_least={'accuracy': 0.1}).verdict == 'pass'\n"
        "def test_drop(claimbench):\n"
        "    check(claimbench, max_drop={'macro_f1': 0.02})\n"
        "def test_item(claimbench):\n"
        "    check(claimbench, must_pass=['v1-nl'])\n"
    )
    done = pytest_in(project, "--junit-xml", "out.xml")
    assert outcomes(project / "out.xml") == {"test_good": "", "test_drop": "failure", "test_item": "failure"}
    assert "regression: macro_f1: worse by" in done.stdout


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("max_drop: 0.02", "max_dorp: 0.02"), "unknown field"),
        (("baseline: base.json", ""), "'baseline' is missing"),
    ],
)
def test_wrong_settings_stop_the_run(project, change, said):
    """Settings with a mistake are a usage error of pytest (exit 4), not a failed test."""
    (project / "gate.yaml").write_text(SETTINGS.replace(*change))
    done = pytest_in(project, "--claimbench", "gate.yaml")
    assert done.returncode == 4
    assert said in done.stderr + done.stdout


def test_what_cannot_be_compared_fails_every_demand(project):
    """A baseline of another version fails the tests, with the reason."""
    report = json.loads((project / "base.json").read_bytes())
    (project / "base.json").write_text(json.dumps(report | {"version": "0.0.1"}))
    done = pytest_in(project, "--claimbench", "gate.yaml")
    assert done.returncode == 1
    assert "6 failed" in done.stdout
    assert "made by claimbench 0.0.1" in done.stdout


def test_the_plugin_costs_nothing_where_it_is_not_used(tmp_path):
    """A run without --claimbench imports of claimbench only the plugin, and nothing that it rests on."""
    (tmp_path / "test_it.py").write_text(
        "import sys\n"
        "def test_modules():\n"
        "    mine = {m for m in sys.modules if m.startswith('claimbench')}\n"
        "    assert mine == {'claimbench', 'claimbench._version', 'claimbench.pytest_plugin'}\n"
        "    assert not {'numpy', 'msgspec', 'rich', 'click', 'yaml', 'jsonschema'} & set(sys.modules)\n"
    )
    others = [f"no:{name}" for name in ("hypothesispytest", "xdist", "anyio")]
    done = pytest_in(tmp_path, *(word for name in others for word in ("-p", name)))
    assert done.returncode == 0, done.stdout
