"""Reports on foreign gold: both figures, joining by id, intervals, slices, comparison, clear refusals."""

from __future__ import annotations

import json
import os
import random
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import claimbench
from claimbench.cli import main
from claimbench.errors import IncomparableError, InputError, ProblemsError, UsageError
from claimbench.formats import FORMATS, base, format_named, parts
from claimbench.formats.lines import WHOLE, blocks
from claimbench.formats.parts import in_parts
from claimbench.reading.schemas import violations
from claimbench.stats.estimators import Additive, Rows
from claimbench.stats.intervals import jackknife, leave_one_out, scores_without_clusters
from claimbench.tasks.names import parse

LABELS = ("SUPPORTS", "REFUTES", "NOT ENOUGH INFO")


def fever_pair(count=60, seed=1):
    """Gold and predictions of FEVER's shape, right about half the time."""
    rng = random.Random(seed)
    gold, predictions = [], []
    for i in range(count):
        label = LABELS[i % 3]
        groups = (
            [[[i, i, f"Page {i}", k]] for k in range(1 + i % 2)] if i % 3 < 2 else [[[i, None, None, None]]]
        )
        given = [[f"Page {i + rng.randrange(2)}", rng.randrange(2)] for _ in range(rng.randrange(8))]
        gold.append({"id": i, "label": label, "evidence": groups})
        mine = {"id": i, "predicted_label": rng.choice([label, *LABELS]), "predicted_evidence": given}
        predictions.append(mine)
    return gold, predictions


@pytest.fixture
def fever(jsonl):
    def report(gold, predictions, **options):
        paths = jsonl("predictions.jsonl", predictions), jsonl("gold.jsonl", gold)
        return claimbench.score_format(
            "verification", paths[0], format="fever", gold=paths[1], options=options
        )

    return report


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_complete(name):
    """A format names its source, licence, figures and quirks; its task exists, its defaults fit."""
    found = format_named(name)
    assert found.name == name
    assert found.task in claimbench.tasks.NAMES
    assert all((found.title, found.source.repository, found.source.version, found.source.licence))
    assert found.figures
    assert found.quirks
    defaults = {n: option.default for n, option in found.options.items()}
    assert base.settings(found, defaults) == defaults


def test_order_matters_to_the_official_figures_alone(fever):
    """Shuffled predictions change the positional figures, and the report says how; the house's stay."""
    gold, predictions = fever_pair()
    straight = fever(gold, predictions)
    shuffled = fever(gold, random.Random(2).sample(predictions, len(predictions)))
    assert shuffled.metrics == straight.metrics
    assert shuffled.items == straight.items
    assert shuffled.official.figures != straight.official.figures
    (said,) = [quirk for quirk in shuffled.official.quirks if quirk.startswith("ids are never read")]
    assert f"not {straight.official.figures['label_accuracy']:.6g}" in said
    assert not any(quirk.startswith("ids are never read") for quirk in straight.official.quirks)


def test_a_missing_prediction_is_wrong(fever):
    """Gold decides the denominator; the official scorer, which needs equal lengths, gives no figures."""
    gold, predictions = fever_pair()
    whole, part = fever(gold, predictions), fever(gold, predictions[1:])
    assert part.counts.missing == 1
    assert part.items.ids == whole.items.ids
    assert part.metrics["accuracy"].value <= whole.metrics["accuracy"].value
    assert part.official.figures == {}
    assert "60 and 59 lines" in part.official.refused


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda gold, _: [line.update(id=0) for line in gold], "not unique: 0"),
        (lambda _, predictions: predictions[3].pop("id"), "1 lines of the predictions have no id"),
        (lambda _, predictions: predictions[3].update(id=99), "not in the gold, such as 99"),
        (lambda gold, _: gold[0].update(label="NEI"), "1 gold labels are none of SUPPORTS"),
    ],
)
def test_what_cannot_be_joined_has_official_figures_only(fever, change, reason):
    """Where ids cannot be joined or gold breaks its own rules, the report holds the reason and no metrics."""
    gold, predictions = fever_pair()
    change(gold, predictions)
    found = fever(gold, predictions)
    assert reason in found.refused
    assert found.metrics == {}
    assert found.items is None
    assert found.official.figures["label_accuracy"] > 0


def test_bad_lines(jsonl, put, tmp_path):
    """Bad lines are all named, with line and pointer: repeated keys, no JSON, wrong and missing fields."""
    gold, predictions = fever_pair(5)
    lines = [json.dumps(line) for line in predictions]
    lines[0] = lines[0].replace('"predicted_label"', '"id": 7, "predicted_label"')
    lines[1] = "{"
    lines[2] = json.dumps(predictions[2] | {"predicted_label": 1})
    lines[3] = json.dumps({"id": 3, "predicted_evidence": []})
    path = put("predictions.jsonl", "\n".join(lines))
    with pytest.raises(ProblemsError) as caught:
        claimbench.score_format("verification", path, format="fever", gold=jsonl("gold.jsonl", gold))
    said = [str(problem).removeprefix(str(tmp_path) + "/") for problem in caught.value.problems]
    assert said[0] == 'predictions.jsonl:1: key "id" occurs twice in one object'
    assert said[1].startswith("predictions.jsonl:2: not JSON")
    assert said[2] == "predictions.jsonl:3 /predicted_label: expected `str`, got `int`"
    assert said[3] == "predictions.jsonl:4: object missing required field `predicted_label`"
    assert len(said) == 4


@pytest.mark.parametrize("colon", [":", ": ", " : "])
def test_a_repeated_key_is_found_however_it_is_written(put, jsonl, colon):
    """A key that occurs twice is refused in lines of one shape and of many, with any space at the colon."""
    gold, predictions = fever_pair(300)
    lines = [json.dumps(line, separators=(",", colon)) for line in predictions]
    lines[200] = lines[200].replace('"id"', f'"id"{colon}200,"id"')
    lines[100] = lines[100].replace('"id"', f'"meta"{colon}{{"a"{colon}1}},"id"')
    path = put("predictions.jsonl", "\n".join(lines))
    with pytest.raises(ProblemsError, match=r'predictions\.jsonl:201: key "id" occurs twice'):
        claimbench.score_format("verification", path, format="fever", gold=jsonl("gold.jsonl", gold))


def test_a_key_that_every_line_repeats_is_found(put, jsonl):
    """That all lines have as many keys as the first does not hide it."""
    gold, predictions = fever_pair(3)
    twice = [json.dumps(line).replace('"id"', '"id": 7, "id"') for line in predictions]
    path = put("predictions.jsonl", "\n".join(twice))
    with pytest.raises(ProblemsError) as caught:
        claimbench.score_format("verification", path, format="fever", gold=jsonl("gold.jsonl", gold))
    assert [problem.line for problem in caught.value.problems] == [1, 2, 3]


def test_intervals_are_the_mechanisms(fever):
    """Distinct rows with their multiplicities give the jackknife over all items as clusters of their own."""
    found = fever(*fever_pair())
    rows = Rows(found.items.ids, found.items.columns, np.array(found.items.rows, dtype=np.int64))
    codes = np.arange(len(rows.ids), dtype=np.int64)
    for metric in format_named("fever").metrics(rows):
        expected = jackknife(metric, rows, codes)
        mine = found.metrics[metric.name].intervals.this_benchmark
        assert (mine is None) == (expected is None)
        if mine is not None:
            assert (mine.low, mine.high) == pytest.approx((expected.low, expected.high), rel=1e-12)
            assert (mine.method, mine.clusters) == (expected.method, expected.clusters)


def test_leaving_clusters_out_by_their_sums():
    """Totals minus cluster sums are the scores without each cluster, for clusters of any size and order."""
    rng = np.random.Generator(np.random.PCG64(3))
    rows = Rows((), ("a", "b"), rng.integers(0, 9, size=(40, 2)))
    for codes in (np.arange(40), np.arange(40)[::-1].copy(), rng.permutation(np.arange(40) % 7)):
        metric = Additive("m", ("a", "b"), lambda total: total[..., 0] / (1.0 + total[..., 1]))
        value, without, _ = scores_without_clusters(metric, rows, codes.astype(np.int64))
        assert value == float(metric.estimator(rows)(np.ones(40, dtype=np.int64)))
        assert np.array_equal(without, metric.estimator(rows)(leave_one_out(codes)))


@pytest.fixture
def cut_small(monkeypatch):
    """Cut files of any size into parts of seven lines, or some bytes more than a line."""
    monkeypatch.setattr(parts, "LINES", 7)
    monkeypatch.setattr(parts, "BYTES", 700)
    monkeypatch.setattr(parts, "WORTH", 0)


@pytest.mark.parametrize("workers", [2, 3])
def test_several_processes_give_the_same_report(jsonl, cut_small, workers):
    """Files cut into parts of equally many lines give the bytes of one process, oddities included."""
    gold, predictions = fever_pair(50)
    predictions[40] |= {"label": "SUPPORTS", "evidence": []}
    paths = jsonl("predictions.jsonl", predictions), jsonl("gold.jsonl", gold)
    one, several = (
        claimbench.score_format("verification", paths[0], format="fever", gold=paths[1], workers=n)
        for n in (1, workers)
    )
    assert several.to_json() == one.to_json()
    lines = Path(paths[0]).read_text().splitlines()
    Path(paths[0]).write_text("\n".join([*lines[:5], "", *lines[5:]]))
    Path(paths[1]).write_text(Path(paths[1]).read_text() + "\n")
    blank = claimbench.score_format("verification", paths[0], format="fever", gold=paths[1], workers=workers)
    assert blank.official == one.official, "blank lines count on neither side"


def test_several_processes_read_feverous_the_same(put, cut_small):
    """Claims beyond the limits, blank lines and bad ones are where one process finds them."""
    pieces = [f"Page_{kind}_{n}" for n in range(7) for kind in ("sentence", "cell_0", "header_cell_0")]
    claims = [
        {
            "id": i,
            "label": ("SUPPORTS", "REFUTES", "NOT ENOUGH INFO")[i % 3],
            "evidence": [{"content": pieces[i % 5 : i % 5 + 2]}],
            "predicted_label": "SUPPORTS",
            "predicted_evidence": pieces[: i % 20],
        }
        for i in range(40)
    ]
    lines = ["{}", *map(json.dumps, claims)]
    lines[11:11] = [""]
    path = put("claims.jsonl", "\n".join(lines))
    one, several = (
        claimbench.score_format("verification", path, format="feverous", workers=n) for n in (1, 2)
    )
    assert several.to_json() == one.to_json()
    assert "beyond the first 5 sentences" in " ".join(one.official.quirks)
    bad = [json.dumps(claims[0] | {"predicted_evidence": ["page"]}), "{"]
    path = put("claims.jsonl", "\n".join([*lines[:30], bad[0], *lines[30:], bad[1]]))
    with pytest.raises(ProblemsError) as caught:
        claimbench.score_format("verification", path, format="feverous", workers=2)
    assert [problem.line for problem in caught.value.problems] == [31, 44]


def test_files_are_cut_at_the_same_lines(put, cut_small):
    """Every part holds the same lines of both files, whatever their lengths and however they end."""
    for count in (101, 105):
        gold = put("gold", "".join(f"g{i}{'x' * (i * 7919 % 90_000)}\n" for i in range(count)))
        other = put("other", "".join(f"p{i}\n" for i in range(count)).rstrip())
        found = [[], []]
        for stretches in parts.parts((gold, other)):
            sizes = set()
            for place, (path, part) in enumerate(zip((gold, other), stretches, strict=True)):
                lines = [line for _, some in blocks(path, part) for line in some.split(b"\n")]
                assert part.first == len(found[place]) + 1
                sizes.add(len(lines))
                found[place] += lines
            assert len(sizes) == 1
        for place, letter in enumerate("gp"):
            assert [line.decode().rstrip("x") for line in found[place]] == [
                f"{letter}{i}" for i in range(count)
            ]
    assert parts.parts((gold, put("fewer", "a\n" * 100))) == [(WHOLE, WHOLE)]


def test_a_dead_process_leaves_its_parts(put, cut_small):
    """Where another process dies, this one reads its parts, and the result is in order."""
    path = put("lines", "".join(f"{i}\n" for i in range(300)))
    with in_parts(partial(_die_elsewhere, os.getpid(), path), [path], 2) as results:
        found = list(results())
    assert found == [list(range(i, min(i + 7, 300))) for i in range(0, 300, 7)]


def _die_elsewhere(pid, path, part):
    if os.getpid() != pid:
        os._exit(1)
    return [int(line) for _, lines in blocks(path, part) for line in lines.split(b"\n")]


def test_slices_are_parts_scored_alone(fever):
    """A slice by label has the figures of its claims alone."""
    gold, predictions = fever_pair()
    found = fever(gold, predictions)
    alone = fever(gold[::3], predictions[::3])
    (part,) = [part for part in found.slices if part.value == "supported"]
    assert part.items == 20
    assert part.metrics == alone.metrics


def test_many_items_keep_no_rows(fever, monkeypatch):
    """Above the bound the report has figures and intervals but no rows, and comparing says why it cannot."""
    for module in ("base", "evidence_rows", "scoring"):
        monkeypatch.setattr(f"claimbench.formats.{module}.MOST_ITEMS", 50)
    found = fever(*fever_pair())
    assert found.items is None
    assert found.metrics["accuracy"].intervals.this_benchmark.clusters == 60
    with pytest.raises(IncomparableError, match="it has 60 items, more than reports keep rows for"):
        claimbench.compare(found, found)


def test_reports_compare(fever):
    """Two systems on the same gold compare in pairs; other options, gold or formats do not."""
    gold, predictions = fever_pair()
    a = fever(gold, predictions)
    b = fever(gold, [p | {"predicted_label": g["label"]} for g, p in zip(gold, predictions, strict=True)])
    found = claimbench.compare(a, b, metrics=["accuracy"])
    assert found.split is None
    assert found.metrics["accuracy"].verdict == "better"
    with pytest.raises(IncomparableError, match="options"):
        claimbench.compare(a, fever(gold, predictions, max_evidence="1"))
    with pytest.raises(IncomparableError, match="gold"):
        claimbench.compare(a, fever(gold[1:], predictions[1:]))


def test_a_report_round_trips_and_fits_its_schema(fever):
    """Reports with official figures, and with a refusal, read back as they were and satisfy the schema."""
    gold, predictions = fever_pair()
    for report in (fever(gold, predictions), fever([g | {"id": 0} for g in gold], predictions)):
        assert claimbench.Report.from_json(report.to_json()) == report
        assert list(violations("report", json.loads(report.to_json()))) == []
        assert all(parse(name) for name in report.metrics)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["qa", "--format", "fever"], "belongs to task 'verification'"),
        (["verification", "--format", "fevr"], "did you mean 'fever'?"),
        (["verification", "--format", "fever", "--set", "max_evidnce=5"], "did you mean 'max_evidence'?"),
        (["verification", "--format", "fever", "--set", "max_evidence=-1"], "expected a whole number from 0"),
        (["verification", "--format", "fever", "--set", "version=3"], "expected 1.2 or 2.0.39"),
        (["verification", "--format", "fever", "--by", "lable"], "did you mean 'label'?"),
        (["verification", "--set", "a=b"], "--gold is for --format"),
    ],
)
def test_usage_errors(capsys, jsonl, words, said):
    """A wrong task, format, option, value or field exits with 2 and names what would fit."""
    gold, predictions = fever_pair()
    paths = [jsonl("predictions.jsonl", predictions), "--gold", jsonl("gold.jsonl", gold)]
    assert main(["score", *words[:1], *paths, *words[1:]]) == 2
    assert said in capsys.readouterr().err


def test_gold_is_needed_or_not(jsonl):
    """A format with gold apart needs it, one with gold within refuses it, and standard input is no gold."""
    path = jsonl("predictions.jsonl", [{}])
    with pytest.raises(UsageError, match="needs --gold"):
        claimbench.score_format("verification", path, format="fever")
    with pytest.raises(UsageError, match="leave --gold out"):
        claimbench.score_format("verification", path, format="feverous", gold=path)
    with pytest.raises(UsageError, match="read twice"):
        claimbench.score_format("verification", path, format="fever", gold="-")
    with pytest.raises(InputError, match="no such file"):
        claimbench.score_format("verification", path, format="fever", gold="nowhere.jsonl")


def test_the_profile_chooses_what_is_shown_first(capsys, jsonl):
    """Both figures are printed either way; --profile official puts the official ones on top."""
    gold, predictions = fever_pair()
    paths = [jsonl("predictions.jsonl", predictions), "--gold", jsonl("gold.jsonl", gold)]
    places = {}
    for profile in ("house", "official"):
        assert main(["score", "verification", *paths, "--format", "fever", "--profile", profile]) == 0
        out = capsys.readouterr().out
        places[profile] = out.index("strict_accuracy") < out.index("strict_score")
    assert places == {"house": True, "official": False}


def test_formats_are_listed(capsys):
    """The list names every format with its licence, one format its options and quirks, JSON all of it."""
    assert main(["formats"]) == 0
    listed = capsys.readouterr().out
    assert all(name in listed for name in FORMATS)
    assert main(["formats", "fever"]) == 0
    shown = capsys.readouterr().out
    assert "--set max_evidence=5" in shown
    assert "never read" in shown
    assert main(["formats", "--json"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["name"] for line in lines] == list(FORMATS)
