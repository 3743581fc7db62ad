"""claimbench gate on the command line: exit codes, files, and what it prints."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest
from conftest import imported, perfect

import claimbench
from claimbench.cli import main
from claimbench.gating import Decision, Gate, Settings, gate
from claimbench.gating.decision import ItemChange, MustPass
from claimbench.gating.junit import junit
from claimbench.gating.summary import summary
from claimbench.gating.workflow import workflow_commands

HOSTILE = (
    "a|b`</code></details><script>alert(1)</script>\n::error::x\x1b[31m\u202e]](javascript:x) @team #1 \uffff"
)


@pytest.fixture
def files(corpus, tmp_path):
    """Paths of right predictions, of wrong ones, and of the baseline that the right ones make."""
    lines = perfect(corpus, "verification")
    bad = [{"id": line["id"], "label": "conflicting"} for line in lines]
    paths = [str(tmp_path / name) for name in ("good.jsonl", "bad.jsonl", "base.json")]
    for path, content in zip(paths, (lines, bad), strict=False):
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(json.dumps(line) + "\n" for line in content)
    with open(paths[2], "wb") as file:
        file.write(claimbench.score("verification", lines, corpus=corpus).to_json())
    return paths


@pytest.fixture(scope="module")
def hostile(corpus):
    """A decision about a regression that holds nasty text wherever text from outside can be."""
    lines = perfect(corpus, "verification")
    before = claimbench.score("verification", lines, corpus=corpus)
    bad = [{"id": line["id"], "label": "conflicting"} for line in lines[::2]]
    settings = Settings(gates={"macro_f1": Gate(max_drop=0.02)})
    found = gate("verification", bad, before, settings, corpus=corpus)
    change = ItemChange(id=HOSTILE, asks=HOSTILE, gold=HOSTILE, before=HOSTILE, after=HOSTILE, effect=-0.1)
    failed = MustPass(id=HOSTILE, passed=False, before=True, reason=HOSTILE)
    return msgspec.structs.replace(
        found, changed=(change,), must_pass=(failed,), warnings=(HOSTILE,), baseline_reason=HOSTILE
    )


GATE = ["--max-drop", "macro_f1=0.02"]


def test_exit_codes(files, tmp_path, capsys):
    """0 pass, 1 regression, 2 wrong input or usage, 3 inconclusive, 4 incomparable."""
    good, bad, base = files
    run = ["gate", "verification"]
    assert main([*run, good, "--baseline", base, *GATE]) == 0
    assert main([*run, bad, "--baseline", base, *GATE]) == 1
    assert main([*run, bad, "--baseline", base]) == 2
    assert "nothing is gated" in capsys.readouterr().err
    assert main([*run, bad, "--baseline", str(tmp_path / "none.json"), *GATE]) == 2
    assert main([*run, bad, "--baseline", bad, *GATE]) == 2
    assert main([*run, bad, "--baseline", base, "--max-drop", "macro_f1"]) == 2
    assert main([*run, bad, "--baseline", base, "--max-drop", "macro_f1=-1"]) == 2
    assert main([*run, bad, *GATE]) == 2
    assert "missing --baseline" in capsys.readouterr().err
    assert main(["gate", "qa", bad, "--baseline", base, "--max-drop", "f1=0.02"]) == 4
    lines = Path(good).read_text(encoding="utf-8").splitlines()
    lines[0] = json.dumps(json.loads(lines[0]) | {"label": "conflicting"})
    nearly = tmp_path / "nearly.jsonl"
    nearly.write_text("\n".join(lines))
    close = [*run, str(nearly), "--baseline", base, "--max-drop", "macro_f1=0.000001"]
    assert main(close) == 3
    assert main([*close, "--inconclusive", "pass"]) == 0
    assert main([*close, "--inconclusive", "fail"]) == 1


def test_a_report_can_be_gated_without_scoring_again(files, tmp_path, capsysbinary):
    """A report given as FILE leads to the decision that its predictions lead to."""
    _, bad, base = files
    report = str(tmp_path / "new.json")
    assert main(["score", "verification", bad, "-o", report, "--json"]) == 0
    capsysbinary.readouterr()
    told = []
    for file in (bad, report):
        assert main(["gate", "verification", file, "--baseline", base, *GATE, "--json"]) == 1
        told.append(Decision.from_json(capsysbinary.readouterr().out))
    assert told[0] == told[1]


def test_the_verdict_fits_eighty_columns_and_is_said_in_words(files, capsys, monkeypatch):
    """No line is wider than the terminal, and verdict and items are there without colour."""
    _, bad, base = files
    monkeypatch.setenv("COLUMNS", "80")
    slices = ["--max-drop", "macro_f1{language=nl}=0.02", "--max-drop", "precision[not_enough_info]=0.1"]
    args = ["gate", "verification", bad, "--baseline", base, *GATE, *slices, "--must-pass", "v1-de"]
    assert main([*args, "--show", "mcc", "--min", "accuracy=0.5"]) == 1
    out = capsys.readouterr().out
    assert max(len(line.rstrip()) for line in out.splitlines()) <= 80
    assert out.startswith("verification · test · regression")
    assert "items changed in macro_f1" in out
    assert "gold supported; before supported; after conflicting" in " ".join(out.split())
    assert "\x1b" not in out


def test_settings_come_from_a_file_or_pyproject(files, tmp_path, capsys, monkeypatch):
    """With settings that name task and files the command needs no words; words override settings."""
    _, bad, base = files
    monkeypatch.chdir(tmp_path)
    words = f'task = "verification"\npredictions = "{bad}"\nbaseline = "{base}"\n'
    demand = "macro_f1 = {max_drop = 0.02}\n"
    (tmp_path / "gate.toml").write_text(f"{words}[gates]\n{demand}")
    assert main(["gate", "--settings", "gate.toml"]) == 1
    assert main(["gate", "--settings", "gate.toml", "--max-drop", "macro_f1=2"]) == 0
    assert main(["gate"]) == 2
    own = f"[tool.claimbench.gate]\n{words}[tool.claimbench.gate.gates]\n{demand}"
    (tmp_path / "pyproject.toml").write_text("[tool")
    assert main(["gate", "--settings", "gate.toml"]) == 1
    assert main(["gate", "verification", bad, "--baseline", base, "--max-drop", "macro_f1=2"]) == 2
    (tmp_path / "pyproject.toml").write_text(own)
    assert main(["gate"]) == 1
    capsys.readouterr()


def test_updating_the_baseline_needs_a_reason_and_keeps_it(files, capsys):
    """The new baseline is the report of FILE with the reason in it, and the next gate shows the reason."""
    _, bad, base = files
    args = ["gate", "verification", bad, "--baseline", base]
    before = Path(base).read_bytes()
    assert main([*args, "--update-baseline"]) == 2
    assert main([*args, "--update-baseline", "--reason", " "]) == 2
    assert main([*args, *GATE, "--reason", "x"]) == 2
    assert Path(base).read_bytes() == before
    assert main([*args, "--update-baseline", "--reason", "smaller model, agreed"]) == 0
    assert claimbench.Report.load(base).reason == "smaller model, agreed"
    assert claimbench.validate(base, "report") == []
    capsys.readouterr()
    assert main([*args, *GATE]) == 0
    assert "smaller model, agreed" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "said"),
    [("bad.jsonl", "it is read, too"), ("notes.txt", "is no report")],
    ids=["input", "other"],
)
def test_a_new_baseline_replaces_nothing_but_a_report(files, tmp_path, capsys, name, said):
    """Neither the predictions nor a file of another kind are overwritten by --update-baseline."""
    path = tmp_path / name
    if name == "notes.txt":
        path.write_text("mine")
    before = path.read_bytes()
    args = ["gate", "verification", files[1], "--baseline", str(path), "--update-baseline", "--reason", "x"]
    assert main(args) == 2
    assert said in capsys.readouterr().err
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([*GATE, "--max-drop", "macro_f1=0.5"], "a bound of macro_f1 is given twice"),
        (["--max-drop", "macro_f1"], "'macro_f1': expected a metric, '=' and a number"),
        (["--update-baseline", "--reason", "x", "--junit", "new.xml"], "--junit is for gating"),
        (["--update-baseline", "--reason", "x", *GATE], "--max-drop is for gating"),
        ([*GATE, "--summary", "-", "--json"], "standard output takes one thing"),
    ],
)
def test_options_that_contradict_each_other_are_refused(files, tmp_path, monkeypatch, capsys, options, said):
    """What is given twice, has no value, or would do nothing exits 2 with its name and writes nothing."""
    monkeypatch.chdir(tmp_path)
    good, _, base = files
    before = sorted(tmp_path.iterdir())
    assert main(["gate", "verification", good, "--baseline", base, *options]) == 2
    assert said in capsys.readouterr().err
    assert sorted(tmp_path.iterdir()) == before


def test_a_foreign_report_is_told_to_be_compared(files, write, capsys):
    """A report of a foreign format, new or as the baseline, is sent to compare, exit 4."""
    gold = write([{"id": 1, "label": "SUPPORTS", "evidence": []}], "gold.jsonl")
    mine = write([{"id": 1, "predicted_label": "SUPPORTS", "predicted_evidence": []}], "mine.jsonl")
    path = mine + ".json"
    assert main(["score", "verification", mine, "--format", "fever", "--gold", gold, "-o", path]) == 0
    for pair in ((path, path), (path, files[2]), (files[0], path)):
        assert main(["gate", "verification", pair[0], "--baseline", pair[1], *GATE]) == 4
        assert "`claimbench compare` takes them" in capsys.readouterr().err


def test_junit_and_summary_are_written(files, tmp_path, capsys):
    """Each gated metric and must-pass item is a test case; the summary has a row for each metric."""
    _, bad, base = files
    xml, markdown = tmp_path / "j.xml", tmp_path / "s.md"
    args = ["gate", "verification", bad, "--baseline", base, *GATE, "--must-pass", "v1-de", "--show", "mcc"]
    assert main([*args, "--junit", str(xml), "--summary", str(markdown)]) == 1
    suite = ElementTree.parse(xml).getroot()
    assert [case.get("name") for case in suite] == ["macro_f1", "v1-de"]
    assert (suite.get("tests"), suite.get("failures")) == ("2", "2")
    assert markdown.read_text(encoding="utf-8").count("| <code>") == 2
    capsys.readouterr()


def test_junit_tells_what_is_inconclusive_apart(hostile):
    """Inconclusive is an error where it is reported, a failure where it fails, skipped where it passes."""
    one = msgspec.structs.replace(hostile.metrics[0], verdict="inconclusive")
    for policy, kind in (("report", "error"), ("fail", "failure"), ("pass", "skipped")):
        found = msgspec.structs.replace(hostile, metrics=(one,), must_pass=(), inconclusive=policy)
        assert [child.tag for child in ElementTree.fromstring(junit(found))[0]] == [kind]


class Elements(HTMLParser):
    """Collects the elements and the text of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.found.add(tag)
        assert not attrs

    def handle_data(self, data):
        self.text += data


def test_hostile_text_stays_text_everywhere(hostile):
    """Markup, Markdown, control characters and workflow commands are shown, not obeyed."""
    markdown = summary(hostile)
    parser = Elements()
    parser.feed(markdown)
    assert parser.found == {"code", "details", "summary", "br", "sub"}
    assert "<script>alert(1)</script>" in parser.text
    assert "\\u202e" in parser.text
    for raw in ("<script", "](", "`", "@team", "\u202e", "\x1b", "\n::"):
        assert raw not in markdown
    case = ElementTree.fromstring(junit(hostile))[-1]
    assert "<script>alert(1)</script>" in case.get("name")
    assert "\x1b" not in case.get("name")
    for line in workflow_commands(hostile):
        assert line.startswith(("::error title=", "::warning title="))
        assert "\n" not in line
        assert line.split("::")[1].count(":") == 0


def test_hostile_text_is_printed_as_text(hostile, capsys):
    """On a terminal no escape sequence, direction mark or line start of its own survives."""
    from claimbench.cli.decisions import print_decision

    print_decision(hostile)
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert not any(line.lstrip().startswith("::") for line in out.splitlines())


def test_annotations_are_workflow_commands(files, capsys):
    """--format github adds a line for each failure after the text."""
    _, bad, base = files
    assert main(["gate", "verification", bad, "--baseline", base, *GATE, "--format", "github"]) == 1
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("::error title=claimbench macro_f1::regression: worse by")


def test_the_gate_imports_no_heavy_package(files):
    """A gate needs neither scipy, scikit-learn, jsonschema, yaml nor XML unless asked for what they do."""
    good, _, base = files
    heavy = {"scipy", "sklearn", "jsonschema", "yaml", "xml.etree.ElementTree"}
    assert imported(["gate", "verification", good, "--baseline", base, *GATE], heavy) == set()
