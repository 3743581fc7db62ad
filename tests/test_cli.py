"""The command line: exit codes, messages with places, files whole or not at all."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from conftest import imported, perfect

import claimbench
from claimbench.cli import main
from claimbench.cli.app import COMMANDS
from claimbench.cli.output import write_whole
from claimbench.tasks import NAMES


@pytest.fixture
def good(corpus) -> str:
    """Five right verification lines as text, one line each."""
    lines = [x for x in perfect(corpus, "verification") if x["id"] in _test_ids(corpus)][:8]
    return "".join(json.dumps(line) + "\n" for line in lines)


def _test_ids(corpus) -> set[str]:
    return {v.id for v in corpus.verification if v.split == "test"}


def _line(good: str, **change: object) -> str:
    """The first good line with some fields changed."""
    return json.dumps({**json.loads(good.splitlines()[0]), **change}) + "\n"


def _rest(good: str) -> str:
    return "".join(good.splitlines(keepends=True)[1:])


def test_version_is_the_package_version(capsys):
    """claimbench --version prints the version and exits 0."""
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.split()[-1] == claimbench.__version__


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command, capsys):
    """--help of every command exits 0 and shows an example that starts with claimbench."""
    assert main([command, "--help"]) == 0
    assert f"Example:  claimbench {command}" in capsys.readouterr().out


def test_scoring_prints_a_table_and_writes_a_report(write, good, tmp_path, capsys):
    """score prints the headline with its signature and writes a report that loads again."""
    target = tmp_path / "report.json"
    assert main(["score", "verification", write(good), "-o", str(target)]) == 0
    out = capsys.readouterr().out
    assert "macro_f1" in out
    assert "task:verification|split:test|corpus:" in out
    assert claimbench.Report.load(target).counts.missing > 0


def test_a_title_promises_no_interval_that_is_not_there(write, good, capsys):
    """The title names intervals where there are some, and none with --ci none."""
    path = write(good)
    for asked, said in (([], True), (["--ci", "none"], False)):
        assert main(["score", "verification", path, *asked]) == 0
        assert ("% intervals" in capsys.readouterr().out) is said


def test_no_figure_is_cut_on_a_narrow_terminal(write, good, capsys, monkeypatch):
    """At forty columns every number of the report is still whole."""
    monkeypatch.setenv("COLUMNS", "40")
    assert main(["score", "verification", write(good), "--json"]) == 0
    report = claimbench.Report.from_json(capsys.readouterr().out.encode())
    assert main(["score", "verification", write(good)]) == 0
    out = capsys.readouterr().out
    found = report.metrics["macro_f1"]
    assert f"{found.value:.3f}" in out
    assert f"[{found.intervals.this_benchmark.low:.3f}, {found.intervals.this_benchmark.high:.3f}]" in out


def test_a_broken_system_is_named_and_is_no_bug_of_ours(monkeypatch, capsys):
    """A system that raises, or gives lines it was not asked for, exits 2 with its name."""
    import claimbench.systems as systems

    class Raising:
        tasks = frozenset(NAMES)

        def predict(self, task, inputs, training, seed):
            raise ValueError("no model")

    class Inventing(Raising):
        def predict(self, task, inputs, training, seed):
            return [{"id": "nope", "label": "supported"}]

    for system, words in ((Raising, "no model"), (Inventing, "'nope'")):
        monkeypatch.setattr(systems, "load_system", lambda name, system=system: system())
        assert main(["predict", "verification", "--system", "mine"]) == 2
        err = capsys.readouterr().err
        assert system.__name__ in err
        assert words in err
        assert "bug in claimbench" not in err


def test_json_output_is_the_report(write, good, capsysbinary):
    """score --json prints nothing but the report."""
    assert main(["score", "verification", write(good), "--json"]) == 0
    assert claimbench.Report.from_json(capsysbinary.readouterr().out).task == "verification"


def bad_files(good: str) -> dict[str, tuple[str | bytes, list[str]]]:
    """Name to (content, what the message must hold)."""
    first = json.loads(good.splitlines()[0])
    lines = good.splitlines(keepends=True)
    twice = good.splitlines()[0].replace('"label":', '"label": "refuted", "label":', 1)
    off = dict.fromkeys(["supported", "refuted", "conflicting", "not_enough_info"], 0.3)
    return {
        "broken JSON on line 7": ("".join(lines[:6]) + '{"id": \n' + lines[7], [":7", "not JSON"]),
        "UTF-16": (good.encode("utf-16"), ["UTF-16"]),
        "invalid UTF-8": (lines[0].encode() + b'{"id": "\xff"}\n', [":2", "invalid UTF-8"]),
        "unknown id": (_line(good, id="v9999-de"), [":1 /id", "unknown id 'v9999-de'", "did you mean"]),
        "duplicate id": (good + lines[0], [":9 /id", "given twice", ":1"]),
        "duplicate key": (twice + "\n", [":1", "occurs twice"]),
        "wrong label": (_line(good, label="suported"), [":1 /label", "did you mean 'supported'"]),
        "NaN probability": (
            _line(good, probabilities={**off, "supported": float("nan")}),
            [":1 /probabilities/supported", "NaN is not a number"],
        ),
        "probabilities off": (_line(good, probabilities=off), [":1 /probabilities", "sum to one", "1.2"]),
        "a list, not an object": ("[1, 2]\n", [":1", "expected an object", "list"]),
        "a number for an id": (_line(good, id=7), [":1 /id", "expected a string"]),
        "unknown field": (_line(good, lable="x"), [":1", "unknown field", "did you mean 'label'"]),
        "no label": (json.dumps({"id": first["id"]}), [":1", "label"]),
        "unknown sentence": (
            _line(good, evidence=["meta-deal-de#99"]),
            [":1 /evidence/0", "unknown sentence"],
        ),
        "lone surrogate": ('{"id": "\\ud800", "label": null}\n', [":1 /id", "surrogate"]),
        "lone surrogate in a key": ('{"id": "v1-de", "a": {"\\udc00": 1}}\n', [":1 /a", "surrogate"]),
        "huge number": (
            _line(good).replace('"supported": 1.0', '"supported": 1e999').replace("0.0", "0", 1),
            [":1 /probabilities/supported", "too large"],
        ),
    }


CASES = sorted(bad_files('{"id": "v1-de", "label": "refuted", "probabilities": {"supported": 1.0}}\n' * 8))


@pytest.mark.parametrize("case", CASES)
def test_wrong_input_is_refused_with_its_place(case, good, corpus, write, tmp_path, capsys):
    """Every kind of wrong file gives a clear message with line and pointer, exit 2, and no output file."""
    if case == "huge number":
        supported = next(x for x in perfect(corpus, "verification") if x.get("label") == "supported")
        good = json.dumps(supported) + "\n"
        content, wanted = bad_files(good * 8)[case]
    else:
        content, wanted = bad_files(good)[case]
    target = tmp_path / "report.json"
    assert main(["score", "verification", write(content), "-o", str(target)]) == 2
    captured = capsys.readouterr()
    for words in wanted:
        assert words in captured.err
    assert "Traceback" not in captured.err
    assert captured.out == ""
    assert not target.exists()


def test_a_missing_or_empty_file_is_refused(tmp_path, write, capsys):
    """A path without a file and a file of zero bytes exit 2 and are named."""
    assert main(["score", "qa", str(tmp_path / "none.jsonl")]) == 2
    assert "none.jsonl: no such file" in capsys.readouterr().err
    assert main(["score", "qa", write("")]) == 2
    assert "empty" in capsys.readouterr().err


@pytest.mark.parametrize(
    "options", [[], ["--html", "page.html"], ["--format", "fever", "--gold", "gold.jsonl"]]
)
@pytest.mark.parametrize(
    "content", [b"\xef\xbb\xbf", b"\n \n", b"\xef\xbb\xbf\n"], ids=["mark", "blank", "both"]
)
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_file_without_anything_is_as_empty_as_one_of_no_bytes(
    write, tmp_path, monkeypatch, capsys, content, pack, options
):
    """A byte order mark or blank lines alone, packed or not, are refused, as predictions and as gold."""
    monkeypatch.chdir(tmp_path)
    write([{"id": 1, "label": "SUPPORTS", "evidence": []}], "gold.jsonl")
    write(pack(content), "mine.jsonl")
    code, err = outcome(["score", "verification", "mine.jsonl", *options], capsys)
    assert (code, err) == (2, "mine.jsonl: the file is empty, which is refused\n")
    if options[:1] == ["--format"]:
        write(pack(content), "gold.jsonl")
        write([{"id": 1, "predicted_label": "SUPPORTS", "predicted_evidence": []}], "mine.jsonl")
        code, err = outcome(["score", "verification", "mine.jsonl", *options], capsys)
        assert (code, err) == (2, "gold.jsonl: the file is empty, which is refused\n")


def test_offsets_outside_the_text_are_refused(write, corpus, capsys):
    """A claim whose end lies beyond its article is refused with the length of the text."""
    claim = {"text": "Meta", "start": 0, "end": 10**6}
    assert main(["score", "extraction", write([{"id": "meta-bet-de", "claims": [claim]}])]) == 2
    err = capsys.readouterr().err
    assert "/claims/0/end" in err
    assert str(len(corpus.article_by_id["meta-bet-de"].text)) in err


def test_all_problems_of_a_file_are_shown_up_to_a_bound(write, capsys):
    """Three mistakes give three lines; a thousand give a hundred and a count."""
    assert main(["score", "qa", write('{"id": 1}\n{"id": 2}\n[]\n')]) == 2
    assert len(capsys.readouterr().err.splitlines()) >= 3
    assert main(["score", "qa", write("[]\n" * 1000)]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 101
    assert "900 more" in lines[-1]


@pytest.mark.parametrize(
    "change",
    [
        lambda good: "\ufeff" + good,
        lambda good: good.replace("\n", "\r\n"),
        lambda good: "\n" + good.replace("\n", "\n\n"),
        lambda good: good.rstrip("\n"),
    ],
    ids=["byte order mark", "CRLF", "blank lines", "no final newline"],
)
def test_harmless_oddities_are_read_right(change, good, write, capsysbinary):
    """A byte order mark, CRLF, blank lines and a missing final newline change nothing."""
    assert main(["score", "verification", write(good), "--json"]) == 0
    plain = capsysbinary.readouterr().out
    assert main(["score", "verification", write(change(good)), "--json"]) == 0
    assert capsysbinary.readouterr().out == plain


def test_hostile_text_is_shown_harmless(write, capsys):
    """Control and direction-changing characters in an id come out as escapes."""
    assert main(["score", "qa", write([{"id": "q1-de\u202e\x1b[31m", "answer": None}])]) == 2
    err = capsys.readouterr().err
    assert "\x1b" not in err
    assert "\u202e" not in err
    assert "\\u001b" in err


def test_usage_errors_exit_2_and_suggest(write, good, capsys):
    """A misspelt command, task, split, field or system exits 2 and names the near miss where there is one."""
    path = write(good)
    for args, hint in [
        (["scroe"], "did you mean 'score'"),
        (["score", "verificaton", path], "verification"),
        (["score", "verification", path, "--split", "tset"], "did you mean 'test'"),
        (["score", "verification", path, "--by", "langage"], "did you mean 'language'"),
        (["predict", "qa", "--system", "tfdif"], "did you mean 'tfidf'"),
        (["score", "detection", path, "--split", "train"], "all in 'test'"),
    ]:
        assert main(args) == 2
        assert hint in capsys.readouterr().err


def test_an_output_that_cannot_be_written_leaves_nothing(write, good, tmp_path, capsys):
    """Writing into a folder that does not exist exits 2 and leaves no temporary file."""
    before = sorted(os.listdir(tmp_path))
    path = write(good)
    assert main(["score", "verification", path, "-o", str(tmp_path / "no" / "report.json")]) == 2
    assert "cannot be written" in capsys.readouterr().err
    assert sorted(os.listdir(tmp_path)) == sorted({*before, "predictions.jsonl"})


@pytest.mark.parametrize("task", NAMES)
def test_items_hold_no_gold(task, corpus, capsysbinary):
    """items writes one line per item with nothing but what a system may see."""
    assert main(["items", task]) == 0
    rows = [json.loads(line) for line in capsysbinary.readouterr().out.splitlines()]
    allowed = {"id", "language", "article", "text", "title", "sentences", "claim", "question"}
    assert rows
    assert all(set(row) <= allowed for row in rows)


def test_systems_lists_the_baselines(capsys):
    """systems names every installed baseline."""
    assert main(["systems"]) == 0
    out = capsys.readouterr().out
    assert all(name in out for name in ("majority", "random", "tfidf"))


def test_predict_then_score_is_what_run_prints(tmp_path, capsysbinary):
    """The two steps by hand give the report that run gives."""
    path = tmp_path / "predictions.jsonl"
    assert main(["predict", "verification", "--system", "majority", "-o", str(path)]) == 0
    assert main(["score", "verification", str(path), "--json"]) == 0
    by_hand = json.loads(capsysbinary.readouterr().out)
    assert main(["run", "--system", "majority", "--task", "verification", "--json"]) == 0
    assert json.loads(capsysbinary.readouterr().out) == by_hand


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_a_system_never_sees_the_gold_it_is_asked_for(split, corpus):
    """The training given to a system holds no item of the split it predicts, and no claims or facts."""
    seen = []

    class Spy:
        tasks = frozenset({"verification"})

        def predict(self, task, inputs, training, seed):
            seen.append(training)
            return []

    claimbench.predict("verification", Spy(), corpus, split)
    items = [*seen[0].verification, *seen[0].questions]
    assert items
    assert all(item.split != split for item in items)
    assert not seen[0].claims
    assert not seen[0].facts


def test_standard_input_is_a_dash(good):
    """score reads predictions from standard input."""
    done = subprocess.run(
        [sys.executable, "-m", "claimbench", "score", "verification", "-", "--json"],
        input=good.encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["counts"]["missing"] > 0


@pytest.mark.parametrize("words", [["--version"], ["formats", "--json"], ["score", "nothing"]])
def test_the_installed_command_ends_like_the_module(words):
    """The script, which ends its process at once, leaves the output and exit code of ``python -m``."""
    script = "import sys; from claimbench.cli import script; sys.argv[0] = 'claimbench'; script()"
    fast, plain = (
        subprocess.run([sys.executable, *how, *words], capture_output=True, check=False)
        for how in (("-c", script), ("-m", "claimbench"))
    )
    assert (fast.returncode, fast.stdout, fast.stderr) == (plain.returncode, plain.stdout, plain.stderr)
    assert fast.stdout or fast.returncode


def test_scoring_imports_no_heavy_package(good, write):
    """score verification loads neither scipy, scikit-learn, datasets, pandas, pyarrow nor jsonschema."""
    heavy = {"scipy", "sklearn", "datasets", "pandas", "pyarrow", "jsonschema"}
    assert imported(["score", "verification", write(good)], heavy) == set()


def test_the_shipped_corpus_has_no_findings(capsys):
    """validate finds nothing to say about the corpus that ships."""
    assert main(["validate"]) == 0, capsys.readouterr().out


def test_validate_reports_findings_with_exit_1(write, capsys):
    """A prediction file with a wrong label is a finding with line and pointer, exit 1."""
    path = write('{"id": "v1-de", "label": "true"}\n')
    assert main(["validate", path, "--as", "prediction-verification"]) == 1
    assert ":1 /label" in capsys.readouterr().out
    assert main(["validate", str(Path(path).parent / "none.jsonl"), "--as", "claim"]) == 2


def outcome(words, capsys):
    """The exit code and standard error of a command."""
    code = main(words)
    return code, capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["-o", "mine.jsonl"], "mine.jsonl: cannot be written: it is read, too"),
        (["-o", "./link.json"], "link.json: cannot be written: it is read, too"),
        (["--html", "mine.jsonl"], "it is read, too"),
        (["-o", "new", "--html", "new"], "new: cannot be written: it is written, too"),
        (["-o", "none/report.json"], "report.json: cannot be written: there is no folder"),
        (["-o", "new.json", "--html", "none/page.html"], "page.html: cannot be written: there is no folder"),
        (["-o", "."], ".: cannot be written: is a folder"),
    ],
)
def test_no_output_goes_where_it_cannot_or_over_an_input(write, tmp_path, monkeypatch, capsys, options, said):
    """A wrong output exits 2 before the predictions, which are wrong too, are read; nothing is written."""
    path = Path(write("not JSON", "mine.jsonl"))
    (tmp_path / "link.json").symlink_to(path)
    monkeypatch.chdir(tmp_path)
    code, err = outcome(["score", "verification", "mine.jsonl", *options], capsys)
    assert (code, said in err) == (2, True), err
    code, err = outcome(["score", "verification", "m*.jsonl", *options], capsys)
    assert (code, said in err) == (2, True), err
    assert path.read_text() == "not JSON"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["link.json", "mine.jsonl"]


@pytest.mark.parametrize(
    "words",
    [
        "compare verification REPORT REPORT --html REPORT",
        "gate verification REPORT --baseline REPORT --max-drop accuracy=0.1 --summary REPORT",
        "gate verification REPORT --baseline REPORT --max-drop accuracy=0.1 --junit none/x.xml --summary new",
        "browse REPORT -o REPORT",
        "run --html none/x.html",
        "predict qa --system majority -o none/x",
        "items qa -o none/x",
    ],
)
def test_every_command_looks_at_its_outputs_first(words, corpus, write, tmp_path, monkeypatch, capsys):
    """Outputs that are inputs or lie nowhere are refused with exit 2, and no other output is written."""
    report = claimbench.score("verification", perfect(corpus, "verification"), corpus=corpus).to_json()
    path = Path(write(report, "REPORT"))
    monkeypatch.chdir(tmp_path)
    code, err = outcome(words.split(), capsys)
    assert (code, "cannot be written" in err) == (2, True), err
    assert path.read_bytes() == report
    assert sorted(p.name for p in tmp_path.iterdir()) == ["REPORT"]


def test_a_link_leads_to_what_is_written_and_a_pipe_stays_one(tmp_path):
    """Writing follows a link instead of replacing it, and never puts a file in place of a pipe or device."""
    target, link, pipe = (tmp_path / name for name in ("target", "link", "pipe"))
    target.write_text("old")
    link.symlink_to(target)
    write_whole(str(link), b"new")
    assert (link.is_symlink(), target.read_text()) == (True, "new")
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        write_whole(str(pipe), [b"a", b"b"])
        assert reader.communicate()[0] == b"ab"
    assert pipe.is_fifo()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("options", [[], ["--format", "fever", "--gold", "gold.jsonl"]])
def test_utf16_is_told_with_and_without_its_mark(write, tmp_path, monkeypatch, capsys, encoding, options):
    """UTF-16 is called by its name, not explained line by line."""
    monkeypatch.chdir(tmp_path)
    write([{"id": 1, "label": "SUPPORTS", "evidence": []}], "gold.jsonl")
    write('{"id": "v1-de"}\n'.encode(encoding), "mine.jsonl")
    code, err = outcome(["score", "verification", "mine.jsonl", *options], capsys)
    assert (code, err) == (2, "mine.jsonl: looks like UTF-16; save it as UTF-8\n")


def test_what_interrupts_writing_leaves_nothing(tmp_path):
    """Where writing is interrupted, or what is written fails to be made, no piece of a file stays."""

    def pieces():
        yield b"a piece"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_whole(str(tmp_path / "report.json"), pieces())
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_while_starting_is_no_crash(monkeypatch, capsys):
    """Ctrl-C while the commands are still being imported exits 130 with one word."""

    class Interrupted(ModuleType):
        def __getattr__(self, name):
            raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "claimbench.cli.app", Interrupted("claimbench.cli.app"))
    assert main(["systems"]) == 130
    assert capsys.readouterr().err == "interrupted\n"


def test_what_is_no_json_lines_is_called_what_it_is(good, write, tmp_path, monkeypatch, capsys):
    """A report in place of predictions goes over several lines; a folder is no settings."""
    monkeypatch.chdir(tmp_path)
    write(good, "mine.jsonl")
    assert main(["score", "verification", "mine.jsonl", "-o", "report.json"]) == 0
    code, err = outcome(["score", "verification", "report.json"], capsys)
    assert code == 2
    assert err.splitlines()[0].endswith("; a value may not go over several lines")
    Path("settings.yaml").mkdir()
    code, err = outcome(["gate", "--settings", "settings.yaml"], capsys)
    assert (code, err) == (2, "settings.yaml: is a folder, expected a file\n")


@pytest.mark.parametrize(
    "words",
    [
        "score verification mine.jsonl -o",
        "score verification mine.jsonl --metrics",
        "compare verification mine.jsonl mine.jsonl --html",
        "gate verification mine.jsonl --junit",
        "run --html",
        "conformance --task detection --scorer-command",
        "corpus export --to jsonl -o",
    ],
)
def test_an_empty_value_is_refused_with_its_option(words, write, good, tmp_path, monkeypatch, capsys):
    """An empty value, such as a shell variable that is not set, exits 2 in every command."""
    monkeypatch.chdir(tmp_path)
    write(good, "mine.jsonl")
    code, err = outcome([*words.split(), ""], capsys)
    assert code == 2
    assert words.split()[-1] in err
    assert err.endswith(": is empty\n")


@pytest.mark.parametrize(
    ("options", "begins"),
    [
        ("score verification mine.jsonl -o -", b"{"),
        ("score verification mine.jsonl --html -", b"<!doctype"),
        ("score verification mine.jsonl --html page.html --json", b"{"),
        ("compare verification mine.jsonl mine.jsonl --html -", b"<!doctype"),
        ("run --task qa --system majority --html -", b"<!doctype"),
        ("score verification mine.jsonl -o - --json", b""),
        ("score verification mine.jsonl -o - --html -", b""),
        ("compare verification mine.jsonl mine.jsonl --html - --json", b""),
        ("run --task qa --system majority --html - --json", b""),
    ],
)
def test_standard_output_holds_one_thing(options, begins, write, good, tmp_path, monkeypatch, capsysbinary):
    """A report or page that is printed stands alone, without a table; two of them are refused."""
    monkeypatch.chdir(tmp_path)
    write(good, "mine.jsonl")
    assert main(options.split()) == (0 if begins else 2)
    out = capsysbinary.readouterr().out
    assert out.startswith(begins)
    assert out.rstrip().endswith({b"{": b"}", b"<!doctype": b"</html>", b"": b""}[begins])
    assert bool(out) is bool(begins)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("score verification mine.jsonl --metrics ece(bins=1000000000)", "from 1 to 100000"),
        ("score detection mine.jsonl --metrics precision@9223372036854775808", "from 1 to 100000"),
        (
            "score verification mine.jsonl --format fever --gold g --set a=1 --set a=2",
            "--set a: is given twice",
        ),
        ("run --task detection --split validation", "no task is left to run"),
        ("corpus import --from jsonl . -o mine.jsonl", "it is read, too"),
        ("score qa mine.jsonl --judge judge.toml", "judge.toml /endpoint: expected an address"),
    ],
)
def test_what_cannot_be_meant_is_refused(words, said, write, good, tmp_path, monkeypatch, capsys):
    """Settings out of range, given twice or without effect exit 2 and say what is wrong."""
    monkeypatch.chdir(tmp_path)
    path = Path(write(good, "mine.jsonl"))
    write('endpoint = "nonsense"\nmodel = "m"\ncache = "c.jsonl"\n', "judge.toml")
    code, err = outcome(words.split(), capsys)
    assert (code, said in err) == (2, True), err
    assert path.read_text() == good


def test_a_repeated_field_slices_once(write, good, capsys):
    """--by language twice gives every language once."""
    path, slices = write(good), []
    for options in (["--by", "language"], ["--by", "language", "--by", "language"]):
        assert main(["score", "verification", path, "--json", *options]) == 0
        slices.append(json.loads(capsys.readouterr().out)["slices"])
    assert slices[0] == slices[1] != []


def test_a_run_may_be_named_by_a_file_that_is_not_utf8(write, good, tmp_path, capsys):
    """Bytes of a file's name that are not UTF-8 show as escapes in the run's name, the table and the page."""
    paths = [str(tmp_path / name) for name in ("\udcfc.jsonl", "b.jsonl")]
    for path in paths:
        Path(path).write_text(good)
    options = ["--run-from-name", "--html", str(tmp_path / "page.html"), "--json"]
    assert main(["score", "verification", *paths, *options]) == 0
    assert {run["run"] for run in json.loads(capsys.readouterr().out)["runs"]} == {"\\udcfc", "b"}
