"""Options of score that belong to something else are refused before any work; the others work."""

from __future__ import annotations

import json

import pytest
from conftest import perfect

import claimbench
from claimbench.cli import main
from claimbench.cli.score import command
from claimbench.errors import InputError, UsageError
from claimbench.formats import FORMATS, format_named
from claimbench.gating import Gate, Settings, gate
from claimbench.reading.paths import corpus_path
from claimbench.tasks import NAMES
from claimbench.tasks import task as task_named

VALUES = {
    "split": ["--split", "test"],
    "fields": ["--by", "language"],
    "metrics": ["--metrics", "METRIC"],
    "ci": ["--ci", "none"],
    "seed": ["--seed", "0"],
    "folder": ["--corpus", str(corpus_path())],
    "run_from_name": ["--run-from-name"],
    "workers": ["--workers", "2"],
    "engine": ["--engine", "ray"],
    "address": ["--address", "localhost:1"],
    "queue": ["--unjudged", "queue.jsonl"],
    "judgements": ["--judgements", "judgements.jsonl"],
    "judge": ["--judge", "judge.toml"],
    "replay": ["--judge-replay"],
    "format_name": ["--format", "fever", "--gold", "gold.jsonl"],
    "gold": ["--gold", "gold.jsonl"],
    "given": ["--set", "max_evidence=5"],
    "profile": ["--profile", "official"],
    "html": ["--html", "page.html"],
}
"""Every option of score but those for the output, as somebody would give it."""

METRIC = {"verification": "accuracy", "extraction": "f1", "qa": "f1"}

ANYWHERE = {"output", "as_json"}

IDLE = {
    "plain": {"gold", "given", "profile", "seed", "address", "queue", "judgements", "judge", "replay"},
    "extraction": {"gold", "given", "profile", "seed", "address", "replay", "engine", "format_name"},
    "--html": {
        "gold", "given", "profile", "seed", "address", "queue", "judgements", "judge", "replay", "engine",
        "workers",
    },
    "--judge": {
        "gold", "given", "profile", "seed", "address", "queue", "judgements", "engine", "workers",
        "format_name",
    },
    "--format": {
        "split", "ci", "seed", "folder", "run_from_name", "engine", "address", "queue", "judgements", "judge",
        "replay",
    },
}  # fmt: skip
"""Kind of scoring to the options that would do nothing there."""

KINDS = {
    "plain": ["verification"],
    "extraction": ["extraction"],
    "--html": ["verification", "--html", "page.html"],
    "--judge": ["qa", "--judge", "judge.toml"],
    "--format": ["verification", "--format", "fever", "--gold", "gold.jsonl"],
}
"""Kind of scoring to the arguments that ask for it; none of the files exists."""


def test_the_matrix_has_every_option():
    """No option of score is missing from the tests below."""
    options = {option.name for option in command.params if option.param_type_name == "option"}
    assert options == set(VALUES) | ANYWHERE


@pytest.mark.parametrize("option", VALUES)
@pytest.mark.parametrize("kind", KINDS)
def test_an_option_works_or_is_refused_at_once(kind, option, capsys, tmp_path, monkeypatch):
    """Given where it would do nothing an option is named with what it is for; else the files are read."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("claimbench.bulk.ray_cluster.connect", _no_cluster)
    task, *asked = KINDS[kind]
    given = [METRIC[task] if word == "METRIC" else word for word in VALUES[option]]
    given = given if given[0] not in asked else []
    assert main(["score", task, "nowhere.jsonl", *asked, *given]) == 2
    err = capsys.readouterr().err
    if option in IDLE[kind]:
        said = (f"{given[0]} is for ", f"{kind} is for ", "'ray' scores whole files", "belongs to task")
        assert any(words in err for words in said), err
    else:
        assert "no such file" in err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "options",
    [
        ["qa", "--ci", "bootstrap", "--seed", "3"],
        ["qa", "--engine", "ray", "--address", "localhost:1"],
        ["qa", "--judge", "judge.toml", "--judge-replay", "--html", "page.html"],
        ["extraction", "--judge", "judge.toml", "--judgements", "made.jsonl", "--unjudged", "queue.jsonl"],
        [
            "verification",
            "--format",
            "fever",
            "--gold",
            "gold.jsonl",
            "--workers",
            "2",
            "--html",
            "page.html",
        ],
        [
            "verification",
            "--format",
            "fever",
            "--gold",
            "g",
            "--set",
            "max_evidence=3",
            "--profile",
            "official",
        ],
        ["verification", "--html", "page.html", "--workers", "1", "--engine", "local"],
    ],
)
def test_options_that_belong_together_are_taken(options, capsys, tmp_path, monkeypatch):
    """With what it belongs to, an option is no usage error: the files are what is missing."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("claimbench.bulk.ray_cluster.connect", _no_cluster)
    assert main(["score", options[0], "nowhere.jsonl", *options[1:]]) == 2
    assert "no such file" in capsys.readouterr().err


def test_predict_takes_an_address_for_a_cluster_only(capsys):
    """predict --address without --engine ray exits 2 before the system is asked."""
    assert main(["predict", "qa", "--system", "majority", "--address", "localhost:1"]) == 2
    assert "--address is for --engine ray" in capsys.readouterr().err


def test_workers_are_no_cluster(capsys):
    """--workers with --engine ray is refused, as the cluster decides."""
    assert main(["score", "qa", "nowhere.jsonl", "--engine", "ray", "--workers", "2"]) == 2
    assert "workers are for the engine 'local'" in capsys.readouterr().err


def _no_cluster(address):
    raise InputError("no such file, as no cluster was asked")


LINES = [{"id": "q1-de", "answer": None}]


@pytest.mark.parametrize(
    ("task", "lines", "options", "said"),
    [
        ("qa", LINES, {"workers": 0}, "at least one worker"),
        ("qa", LINES, {"workers": 2}, "workers share whole files"),
        ("qa", LINES, {"engine": "ray"}, "scores whole files"),
        ("qa", LINES, {"engine": "rya"}, "did you mean 'ray'"),
        ("qa", LINES, {"address": "localhost:1"}, "for the engine 'ray'"),
        ("qa", "x.jsonl", {"engine": "ray", "workers": 2}, "for the engine 'local'"),
        ("qa", "x.jsonl", {"run": "a", "workers": 2}, "workers share whole files"),
        ("extraction", "x.jsonl", {"engine": "ray"}, "scores whole files"),
        (task_named("extraction"), "x.jsonl", {"workers": 2}, "workers share whole files"),
        ("qa", LINES, {"run_from_name": True}, "no file whose name"),
        ("qa", LINES, {"seed": 1}, "a seed is for 'bootstrap'"),
        ("qa", LINES, {"seed": 1, "ci": "none"}, "a seed is for 'bootstrap'"),
    ],
)
def test_arguments_that_would_do_nothing_are_refused(corpus, task, lines, options, said):
    """claimbench.score raises UsageError instead of ignoring an argument."""
    with pytest.raises(UsageError, match=said):
        claimbench.score(task, lines, corpus=corpus, **options)


def test_slices_of_several_runs_are_refused(corpus):
    """Slices are of one run; asked for with several they are refused, not left out."""
    lines = [{**line, "run": run} for run in "ab" for line in perfect(corpus, "qa")]
    with pytest.raises(UsageError, match="slices are of one run, but there are 2"):
        claimbench.score("qa", lines, corpus=corpus, by=["language"])
    assert claimbench.score("qa", lines, corpus=corpus, by=["language"], run="a").slices


@pytest.mark.parametrize("task", NAMES)
def test_workers_do_not_change_the_report(corpus, write, task):
    """Two processes give the report of one, also where they share articles instead of lines."""
    right = perfect(corpus, task)
    lines = [{**line, "run": run} for run, some in (("a", right[:3]), ("b", right)) for line in some]
    path = write(lines)
    alone = claimbench.score(task, path, corpus=corpus)
    assert claimbench.score(task, path, corpus=corpus, workers=2).to_json() == alone.to_json()


def test_metrics_of_a_foreign_format_are_chosen_by_name(write, capsys):
    """--metrics keeps those asked for beside the headline, in slices too; unknown ones get the near miss."""
    gold = [{"id": i, "label": "SUPPORTS", "evidence": [[[i, i, "Page", 0]]]} for i in range(9)]
    labels = ["SUPPORTS", "REFUTES", "REFUTES"] * 3
    given = [
        {"id": i, "predicted_label": label, "predicted_evidence": [["Page", i % 2]]}
        for i, label in enumerate(labels)
    ]
    args = ["score", "verification", write(given), "--format", "fever", "--gold", write(gold, "gold.jsonl")]
    assert main([*args, "--json"]) == 0
    whole = json.loads(capsys.readouterr().out)
    assert main([*args, "--metrics", "accuracy", "--json"]) == 0
    part = json.loads(capsys.readouterr().out)
    assert list(part["metrics"]) == [whole["headline"], "accuracy"]
    assert all(part["metrics"][name] == whole["metrics"][name] for name in part["metrics"])
    assert all(list(found["metrics"]) == list(part["metrics"]) for found in part["slices"])
    assert main([*args, "--metrics", "acuracy"]) == 2
    assert "did you mean 'accuracy'" in capsys.readouterr().err


@pytest.mark.parametrize("name", [*NAMES, *FORMATS])
def test_an_unknown_metric_is_refused_before_anything_is_read(name, capsys):
    """A mistyped headline exits 2 with the near miss, though the files that are named do not exist."""
    chosen = format_named(name) if name in FORMATS else None
    task = task_named(name) if chosen is None else chosen
    args = ["score", name if chosen is None else chosen.task, "nowhere.jsonl"]
    if chosen is not None:
        args += ["--format", name, *(["--gold", "nowhere.jsonl"] if chosen.gold == "apart" else [])]
    assert main([*args, "--metrics", task.headline]) == 2
    assert "nowhere.jsonl: no such file" in capsys.readouterr().err
    assert main([*args, "--metrics", task.headline + "x"]) == 2
    assert f"did you mean '{task.headline}'" in capsys.readouterr().err


def test_a_metric_that_hangs_on_the_predictions_may_be_asked_for(corpus, write):
    """A metric that only some predictions give is no unknown name: with them it is there."""
    path = write(perfect(corpus, "verification"))
    found = claimbench.score(
        "verification", path, corpus=corpus, metrics=["probability_coverage", "ece(bins=7)"]
    )
    assert found.metrics["probability_coverage"].value == 1.0


@pytest.mark.parametrize(
    "words",
    [
        "compare verification BROKEN BROKEN --metric acuracy",
        "compare verification BROKEN BROKEN --across CORPUS --metric acuracy",
        "gate verification BROKEN --baseline BASE --max-drop acuracy=0.1",
        "gate verification BROKEN --baseline BASE --min accuracy=0.1 --show acuracy",
    ],
)
def test_comparing_and_gating_refuse_unknown_metrics_first(words, corpus, write, capsys):
    """compare and gate, too, name the near miss of a metric before they look at any prediction."""
    base = claimbench.score("verification", perfect(corpus, "verification"), corpus=corpus).to_json()
    paths = {"BASE": write(base, "base.json"), "BROKEN": write("not JSON"), "CORPUS": str(corpus_path())}
    assert main([paths.get(word, word) for word in words.split()]) == 2
    assert "did you mean 'accuracy'" in capsys.readouterr().err


def test_a_gated_metric_may_have_another_parameter(corpus):
    """A gate takes names that parse back, like score: here calibration in other bins."""
    lines = perfect(corpus, "verification")
    base = claimbench.score("verification", lines, corpus=corpus)
    found = gate("verification", lines, base, Settings(gates={"ece(bins=7)": Gate(max=0.1)}), corpus=corpus)
    assert found.metrics[0].after == 0.0


def test_a_format_that_one_process_reads_refuses_workers(write):
    """Workers are refused where the format cannot use them."""
    path = write([{"id": "a"}])
    with pytest.raises(UsageError, match="read by one process"):
        claimbench.score_format("verification", path, format="xfact", gold=path, workers=2)
