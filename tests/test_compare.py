"""Comparing two reports, in Python and on the command line."""

from __future__ import annotations

import json
import random
from pathlib import Path

import msgspec
import numpy as np
import pytest
from conftest import perfect

import claimbench
from claimbench.cli import main
from claimbench.errors import IncomparableError, InputError, UsageError
from claimbench.stats.estimators import Rows
from claimbench.stats.intervals import cluster_codes
from claimbench.stats.multiplicity import benjamini_hochberg
from claimbench.stats.paired import jackknife_difference
from claimbench.tasks import NAMES, qa

OTHER = {
    "detection": {"score": 0.4, "label": False},
    "extraction": {"claims": []},
    "evidence": {"evidence": []},
    "verification": {"label": "supported", "probabilities": None, "evidence": []},
    "qa": {"answer": "Meta", "confidence": 0.2},
}
"""What a system says where it is worse than a perfect one."""


def worse(lines, task: str, share: float = 0.5):
    """The same predictions with a seeded share of them spoilt."""
    draw = random.Random(7)
    return [{**line, **OTHER[task]} if draw.random() < share else line for line in lines]


@pytest.fixture(scope="module")
def reports(corpus):
    """By task: the report of a spoilt system and of a perfect one."""
    found = {}
    for task in NAMES:
        lines = perfect(corpus, task)
        found[task] = tuple(
            claimbench.score(task, given, corpus=corpus, by=()) for given in (worse(lines, task), lines)
        )
    return found


@pytest.fixture
def saved(reports, tmp_path):
    """Paths of the two verification reports."""
    paths = []
    for name, report in zip(("a", "b"), reports["verification"], strict=True):
        path = tmp_path / f"{name}.json"
        path.write_bytes(report.to_json())
        paths.append(str(path))
    return paths


@pytest.mark.parametrize("task", NAMES)
@pytest.mark.parametrize("method", ["jackknife", "permutation", "bootstrap"])
def test_a_perfect_system_is_better_and_the_result_round_trips(reports, task, method):
    """On every task by every method the perfect system is better, and JSON gives the same value back.

    For detection this is F1: average precision hangs on one cluster that holds nearly half of all sentences.
    So does F1 of claims, too much for percentiles of draws.
    """
    a, b = reports[task]
    name = "f1" if task == "detection" else a.headline
    if task == "detection" and method == "bootstrap":
        assert claimbench.compare(a, b, metrics=[name], method=method).metrics[name].verdict == "undefined"
        return
    found = claimbench.compare(a, b, metrics=[name], method=method)
    one = found.metrics[name]
    assert (one.a, one.b) == (a.metrics[name].value, b.metrics[name].value)
    assert one.verdict == "better"
    assert one.this_benchmark.p <= 0.05
    assert claimbench.Comparison.from_json(found.to_json()) == found
    assert f"B is better than A on {name}" in found.explain()
    assert str(one.this_benchmark.clusters) in found.explain()


@pytest.mark.parametrize("task", NAMES)
def test_a_system_never_differs_from_itself(reports, task):
    """Every metric of a report against itself has difference 0, p 1 and no verdict; no item changed."""
    found = claimbench.compare(reports[task][0], reports[task][0])
    assert found.changed == ()
    for one in found.metrics.values():
        assert one.difference in (0.0, None)
        assert one.verdict in ("no difference shown", "undefined")
        if one.this_benchmark is not None:
            assert (one.this_benchmark.low, one.this_benchmark.high, one.this_benchmark.p) == (0.0, 0.0, 1.0)


@pytest.mark.parametrize("task", NAMES)
def test_exchanging_the_systems_exchanges_the_verdicts(reports, task):
    """Better becomes worse, the difference changes sign, and p stays."""
    opposite = {"better": "worse", "worse": "better"}
    there, back = claimbench.compare(*reports[task]), claimbench.compare(*reversed(reports[task]))
    for name, one in there.metrics.items():
        other = back.metrics[name]
        assert other.verdict == opposite.get(one.verdict, one.verdict)
        if one.this_benchmark is not None:
            assert one.difference == -other.difference
            assert one.this_benchmark.p == other.this_benchmark.p


def test_order_of_items_does_not_matter(reports):
    """A report whose rows come in another order is compared to the same result."""
    a, b = reports["qa"]
    order = list(range(len(b.items.ids)))
    random.Random(1).shuffle(order)
    mixed = {name: tuple(getattr(b.items, name)[i] for i in order) for name in ("ids", "clusters", "rows")}
    shuffled = msgspec.structs.replace(b, items=msgspec.structs.replace(b.items, **mixed))
    assert claimbench.compare(a, shuffled) == claimbench.compare(a, b)


def test_less_is_better_for_losses(reports):
    """A lower Brier score, risk-coverage area or over-reach is better; shares of answers have no better."""
    found = claimbench.compare(*reports["detection"])
    assert found.metrics["brier"].difference < 0
    assert found.metrics["brier"].verdict == "better"
    verdicts = {one.verdict for name, one in found.metrics.items() if name.endswith("_share")}
    assert verdicts <= {"differs", "no difference shown", "undefined"}


def test_only_the_family_is_adjusted(reports):
    """Metrics asked for are the family, come alone and have Holm's p; by default it is the headline."""
    a, b = reports["verification"]
    alone = claimbench.compare(a, b)
    assert [name for name, one in alone.metrics.items() if one.family] == ["macro_f1"]
    assert alone.metrics["macro_f1"].p_adjusted == alone.metrics["macro_f1"].this_benchmark.p
    assert alone.metrics["accuracy"].p_adjusted is None
    both = claimbench.compare(a, b, metrics=["accuracy", "macro_f1", "accuracy"])
    assert set(both.metrics) == {"accuracy", "macro_f1"}
    raw = [one.this_benchmark.p for one in both.metrics.values()]
    assert max(one.p_adjusted for one in both.metrics.values()) == max(2 * min(raw), max(raw))
    assert "adjusted by Holm for 2 metrics" in both.explain()


def test_few_sources_have_their_own_test(reports):
    """Tasks whose items belong to sources get the paired t over four sources and Webb's test beside it."""
    one = claimbench.compare(*reports["detection"]).metrics["average_precision"]
    assert one.new_sources.clusters == 4
    assert 0 < one.webb_p <= 1
    assert claimbench.compare(*reports["qa"]).metrics["f1"].new_sources is None


def test_draws_are_seeded(reports):
    """The same seed gives the same bytes, another seed other draws; the jackknife has no seed."""
    a, b = reports["qa"]
    first, again, other = (
        claimbench.compare(a, b, metrics=["f1"], method="bootstrap", seed=seed) for seed in (1, 1, 2)
    )
    assert first.to_json() == again.to_json()
    assert first.metrics != other.metrics
    assert (first.seed, first.draws) == (1, 9999)
    assert claimbench.compare(a, b, metrics=["f1"]).seed is None


def test_the_items_that_changed_most_come_with_their_counts(reports):
    """Ten items at most, the strongest first, with exactly the columns that changed, from A to B."""
    a, b = reports["qa"]
    found = claimbench.compare(a, b)
    assert len(found.changed) == 10 < found.items_changed
    effects = [abs(change.effect) for change in found.changed]
    assert effects == sorted(effects, reverse=True)
    first = found.changed[0]
    at = a.items.ids.index(first.id)
    pairs = zip(a.items.columns, a.items.rows[at], b.items.rows[at], strict=True)
    assert first.columns == {name: (x, y) for name, x, y in pairs if x != y}


def edited(report, **change):
    return msgspec.structs.replace(report, **change)


def test_what_cannot_be_compared_says_in_what_it_differs(reports):
    """Another task, split, corpus, version, item set, clustering or several runs: each is named."""
    a, b = reports["verification"]
    fewer = edited(b.items, ids=b.items.ids[1:], clusters=b.items.clusters[1:], rows=b.items.rows[1:])
    cases = {
        "task": reports["qa"][1],
        "split": edited(b, split="validation"),
        "corpus": edited(b, signature=b.signature.replace("corpus:1", "corpus:2")),
        "version": edited(b, version="0.0.1"),
        "items: 1 are in one only": edited(b, items=fewer),
        "clusters": edited(b, items=edited(b.items, clusters=("x",) * len(b.items.ids))),
        "columns": edited(b, items=edited(b.items, columns=("x", *b.items.columns[1:]))),
        "runs": edited(b, items=None),
    }
    for words, other in cases.items():
        with pytest.raises(IncomparableError, match=words):
            claimbench.compare(a, other)


def test_a_report_that_does_not_fit_together_is_refused(reports):
    """Ragged rows, counts beyond int64, and scores that do not follow from the rows are input errors."""
    a, b = reports["verification"]
    rows = b.items.rows
    cases = {
        "fit together": (rows[0][1:], *rows[1:]),
        "int64": ((2**70, *rows[0][1:]), *rows[1:]),
        "does not follow": (rows[1], rows[1], *rows[2:5], *rows[:1] * (len(rows) - 5)),
    }
    for words, wrong in cases.items():
        with pytest.raises(InputError, match=words):
            claimbench.compare(a, edited(b, items=edited(b.items, rows=wrong)))
    with pytest.raises(InputError, match="not a comparison"):
        claimbench.Comparison.from_json(b"{}")


def test_unknown_names_are_usage_errors(reports):
    """An unknown metric gets the nearest name; an unknown method and a negative seed are refused."""
    a, b = reports["qa"]
    with pytest.raises(UsageError, match="did you mean 'exact_match'"):
        claimbench.compare(a, b, metrics=["exact_mach"])
    with pytest.raises(UsageError, match="did you mean 'bootstrap'"):
        claimbench.compare(a, b, method="bootstap")
    with pytest.raises(UsageError, match="negative"):
        claimbench.compare(a, b, seed=-1)


def test_slices_are_compared_apart_and_adjusted_together(reports):
    """Each value of a field gets the score of its items, and p is adjusted over all slices of all fields."""
    a, b = reports["verification"]
    found = claimbench.compare(a, b, by=["language", "edit", "language"])
    assert {one.field for one in found.slices} == {"language", "edit"}
    german = next(one for one in found.slices if one.value == "de")
    index = [i for i, language in enumerate(a.items.fields["language"]) if language == "de"]
    right = a.items.columns.index("correct")
    share = sum(a.items.rows[i][right] for i in index) / len(index)
    accuracy = claimbench.compare(a, b, by=["language"], metrics=["accuracy"]).slices
    assert next(one for one in accuracy if one.value == "de").a == pytest.approx(share)
    assert (german.items, german.metric) == (len(index), "macro_f1")
    tested = [one for one in found.slices if one.this_benchmark is not None]
    raw = [one.this_benchmark.p for one in tested]
    assert [one.p_adjusted for one in tested] == pytest.approx(list(benjamini_hochberg(raw)))
    assert "slices are exploratory" in found.explain()
    assert "exploratory" not in claimbench.compare(a, b).explain()
    assert claimbench.Comparison.from_json(found.to_json()) == found


def test_a_slice_is_compared_as_if_it_were_all(reports):
    """The test on German items is that of rows which hold no others, over the clusters that they have."""
    a, b = reports["qa"]
    index = np.array([i for i, language in enumerate(a.items.fields["language"]) if language == "de"])
    mine, theirs = (
        Rows(x.items.ids, x.items.columns, np.array(x.items.rows, dtype=np.int64)).take(index) for x in (a, b)
    )
    codes = cluster_codes([a.items.clusters[i] for i in index])
    exact = next(metric for metric in qa.metrics(mine) if metric.name == "exact_match")
    found = claimbench.compare(a, b, by=["language"], metrics=["exact_match"]).slices[0]
    assert found.value == "de"
    assert found.this_benchmark == jackknife_difference(exact, mine, theirs, codes)


def test_slices_need_fields(reports):
    """Unknown fields, metrics whose items a field parts, and reports without fields are refused."""
    a, b = reports["qa"]
    with pytest.raises(UsageError, match="did you mean 'language'"):
        claimbench.compare(a, b, by=["langage"])
    with pytest.raises(UsageError, match="no metric 'family_accuracy' by language"):
        claimbench.compare(a, b, by=["kind", "language"], metrics=["family_accuracy"])
    assert claimbench.compare(a, b, by=["kind"], metrics=["family_accuracy"]).slices
    old = edited(a, items=edited(a.items, fields={}))
    with pytest.raises(IncomparableError, match="no fields"):
        claimbench.compare(old, b, by=["language"])
    short = edited(a, items=edited(a.items, fields={"language": ("de",)}))
    with pytest.raises(InputError, match="fit together"):
        claimbench.compare(short, b, by=["language"])


def test_the_command_prints_slices(saved, capsys, monkeypatch):
    """--by prints a table of slices that fits and says that they are exploratory."""
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["compare", "verification", *saved, "--by", "language", "--by", "unseen_sentence"]) == 0
    out = capsys.readouterr().out
    assert all(len(line) <= 80 for line in out.splitlines())
    assert "macro_f1 by slice: exploratory" in out
    assert "p adj." in out


def test_command_prints_a_table_that_fits_and_a_sentence(saved, capsys, monkeypatch):
    """compare prints B - A, interval, p and verdict within 80 columns, then what they mean."""
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["compare", "verification", *saved]) == 0
    out = capsys.readouterr().out
    assert all(len(line) <= 80 for line in out.splitlines())
    assert "…" not in out.partition("changed most")[0]
    assert "B is better than A on macro_f1" in " ".join(out.split())
    for word in ("B - A", "95 % interval", "verdict", "better", "changed most"):
        assert word in out


@pytest.mark.parametrize("task", NAMES)
def test_the_table_of_every_task_fits(reports, task, tmp_path, capsys, monkeypatch):
    """No task has a metric whose row is wider than 80 columns or cut."""
    monkeypatch.setenv("COLUMNS", "80")
    paths = [tmp_path / name for name in ("a.json", "b.json")]
    for path, report in zip(paths, reports[task], strict=True):
        path.write_bytes(report.to_json())
    assert main(["compare", task, *map(str, paths)]) == 0
    table = capsys.readouterr().out.partition("changed most")[0].partition("metric")[2]
    assert all(len(line) <= 80 for line in table.splitlines())
    assert "…" not in table


def test_prediction_files_are_scored_first(corpus, saved, write, capsysbinary):
    """A report on one side and the predictions it was made from on the other differ in nothing."""
    predictions = write(worse(perfect(corpus, "verification"), "verification"))
    assert main(["compare", "verification", saved[0], predictions, "--json"]) == 0
    found = claimbench.Comparison.from_json(capsysbinary.readouterr().out)
    assert found.items_changed == 0
    assert found.metrics["macro_f1"].difference == 0.0


def test_options_of_the_command_reach_the_comparison(saved, capsysbinary):
    """--metric, --method and --seed do what compare's arguments do."""
    options = ["--metric", "accuracy", "--metric", "mcc", "--method", "permutation", "--seed", "3", "--json"]
    assert main(["compare", "verification", *saved, *options]) == 0
    found = claimbench.Comparison.from_json(capsysbinary.readouterr().out)
    reports = [claimbench.Report.load(Path(path)) for path in saved]
    assert found == claimbench.compare(*reports, metrics=["accuracy", "mcc"], method="permutation", seed=3)


def test_exit_codes_of_the_command(saved, corpus, write, tmp_path, capsys):
    """Incomparable reports exit 4 and say why; what cannot be read, and two '-', exit 2."""
    assert main(["compare", "qa", *saved]) == 4
    assert "a report on verification, not on qa" in capsys.readouterr().err
    other = json.loads(Path(saved[1]).read_bytes())
    other["signature"] = other["signature"].replace("corpus:", "corpus:x")
    path = tmp_path / "other.json"
    path.write_text(json.dumps(other), encoding="utf-8")
    assert main(["compare", "verification", saved[0], str(path)]) == 4
    assert "differ in their corpus" in capsys.readouterr().err
    path.write_text(json.dumps({**other, "metrics": 3}), encoding="utf-8")
    assert main(["compare", "verification", saved[0], str(path)]) == 2
    assert "not a report" in capsys.readouterr().err
    assert main(["compare", "verification", "-", "-"]) == 2
    assert main(["compare", "verification", saved[0], str(tmp_path / "none")]) == 2
    assert main(["compare", "verification", *saved, "--metric", "acuracy"]) == 2
    assert "did you mean 'accuracy'" in capsys.readouterr().err
    assert main(["compare", "verification", saved[0], write('{"id": "v1-de"\n')]) == 2
    assert ":1" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--seed", "3"], "--seed is for methods that draw"),
        (["--reported", "r.json"], "--reported is for --across"),
        (["--across", "c", "--method", "bootstrap"], "--method is for comparing without --across"),
        (["--across", "c", "--by", "language"], "--by is for comparing without --across"),
        (["--across", "c", "--html", "page.html"], "--html is for comparing without --across"),
    ],
)
def test_options_that_would_do_nothing_are_refused(capsys, options, said):
    """An option that the comparison asked for cannot use exits 2 before any file is read."""
    assert main(["compare", "qa", "none.jsonl", "none.jsonl", *options]) == 2
    assert said in capsys.readouterr().err


def test_a_report_can_be_compared_by_metrics_it_was_made_without(corpus):
    """What the rows of both reports give can be asked for, with the scores that predictions would have."""
    right = perfect(corpus, "verification")
    wrong = [{**line, "label": "conflicting"} for line in right]
    asked = ("ece(bins=7)", "mcc")
    few, all_ = (
        [claimbench.score("verification", x, corpus=corpus, metrics=names) for x in (wrong, right)]
        for names in (["accuracy"], asked)
    )
    made = [claimbench.compare(*pair, metrics=asked, by=["language"]) for pair in (few, all_)]
    assert msgspec.structs.replace(made[0], signatures=made[1].signatures) == made[1]
    with pytest.raises(claimbench.UsageError, match="one of macro_f1, accuracy, mcc"):
        claimbench.compare(*few, metrics=["no"])
