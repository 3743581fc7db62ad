"""The conformance suite: ours under test, broken scorers found out, incumbents as measured."""

from __future__ import annotations

import json
import shutil
import sys
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from statistics import fmean

import pytest

import claimbench
from claimbench import conformance
from claimbench.cli import main
from claimbench.conformance import CHECKS, TRICKS, RefusedError, gold, incumbents, ours
from claimbench.conformance.spans import with_astral_start
from claimbench.errors import UsageError
from claimbench.tasks import NAMES, names, task
from claimbench_baselines.adversarial import Adversarial

SMALL_CLAIMS = 6


@pytest.fixture(scope="session")
def folder(tmp_path_factory) -> Path:
    """The shipped corpus with few claims an article, which makes extraction quick."""
    source, target = Path(claimbench.corpus_path()), tmp_path_factory.mktemp("small")
    shutil.copytree(source / "annotation", target / "annotation")
    shutil.copytree(source / "articles", target / "articles")
    kept: Counter[str] = Counter()
    lines = []
    for line in (source / "annotation" / "claims.jsonl").read_text(encoding="utf-8").split("\n"):
        claim = json.loads(line) if line else {"article": "", "duplicate_of": "x"}
        if claim["duplicate_of"] is None and kept[claim["article"]] < SMALL_CLAIMS:
            kept[claim["article"]] += 1
            lines.append(line)
    (target / "annotation" / "claims.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return target


@pytest.fixture(scope="session")
def small(folder) -> claimbench.Corpus:
    return claimbench.load_corpus(folder)


@pytest.fixture(scope="session")
def run(small, folder):
    """Run checks on a scorer: {check: result}."""

    def checked(scorer, name, *only):
        return {r.check: r for r in conformance.check(scorer, name, small, folder, only)}

    return checked


@pytest.mark.parametrize("name", NAMES)
def test_our_scorer_keeps_every_rule(run, name):
    """On every task our scorer fails no check."""
    results = run(ours, name)
    assert [r.check for r in results.values() if r.verdict == "fail"] == []
    assert all(not r.note for r in results.values())
    assert set(results) == {c.name for c in CHECKS if name in c.tasks}


def _positional(task_name, folder, lines):
    ids = [line["id"] for line in gold.perfect(claimbench.load_corpus(folder), task_name)]
    return ours(task_name, folder, [{**line, "id": i} for i, line in zip(ids, lines, strict=False)])


def _forgiving(task_name, folder, lines):
    known = {line["id"] for line in gold.perfect(incumbents.corpus_in(folder), task_name)}
    last = {line["id"]: line for line in lines if line["id"] in known}
    return ours(task_name, folder, list(last.values()))


def _mutating(task_name, folder, lines):
    found = ours(task_name, folder, lines)
    lines.reverse()
    return found


def _crashing(task_name, folder, lines):
    found = dict(ours(task_name, folder, lines))
    return {name: 1 / value and value for name, value in found.items() if value is not None}


def _nan(task_name, folder, lines):
    found = ours(task_name, folder, lines)
    return {name: float("nan") if value is None else value for name, value in found.items()}


def _changed(**changes):
    """Our scorer with some metrics computed from the others."""

    def scorer(task_name, folder, lines):
        found = dict(ours(task_name, folder, lines))
        return found | {name.replace("__", "@"): change(found) for name, change in changes.items()}

    return scorer


def _first_is_best(task_name, folder, lines):
    """Average precision with ties in the order of lines."""
    ranked = [{**line, "score": line["score"] - i * 1e-9} for i, line in enumerate(lines) if "score" in line]
    rest = [line for line in lines if "score" not in line]
    return ours(task_name, folder, ranked + rest)


def _texts(line):
    return [claim["text"] for claim in line.get("claims") or []]


def _inclusion(task_name, folder, lines):
    """A gold claim is found where the system's text holds it, or is held in it; no claim is used up."""
    right = {line["id"]: _texts(line) for line in gold.perfect(incumbents.corpus_in(folder), task_name)}
    found = {line["id"]: _texts(line) for line in lines}
    pairs = [(t, [x for x in found.get(a, []) if x in t or t in x]) for a, ts in right.items() for t in ts]
    return {"f1": fmean(bool(hits) for _, hits in pairs), "precision": 1.0 if lines else None}


def _bag_of_words(task_name, folder, lines):
    """Recall of the article's words, which a whole article has."""
    corpus = incumbents.corpus_in(folder)
    found = {line["id"]: set(" ".join(_texts(line)).split()) for line in lines}
    shares = [
        fmean(word in found.get(line["id"], set()) for word in " ".join(_texts(line)).split())
        for line in gold.perfect(corpus, task_name)
        if line["claims"]
    ]
    shares = [round(x, 2) if x > 0.2 else 0.0 for x in shares]
    return {"f1": fmean(shares)}


def _sentences_held(task_name, folder, lines):
    """Evidence recall alone, over all sentences given: no limit, no precision."""
    perfect = gold.perfect(incumbents.corpus_in(folder), task_name)
    right = {line["id"]: set(line["evidence"]) for line in perfect}
    found = {line["id"]: set(line.get("evidence") or []) for line in lines}
    return {"f1": fmean(want <= found.get(item, set()) for item, want in right.items())}


def _empty_is_right(task_name, folder, lines):
    """Answers that normalise to nothing equal every answer."""
    bare = {".", "die"}
    right = {line["id"]: line["answer"] for line in gold.perfect(incumbents.corpus_in(folder), task_name)}
    given = {line["id"]: line.get("answer", 0) for line in lines}
    return {"f1": fmean(given.get(i, 0) == a or given.get(i) in bare for i, a in right.items())}


def _lenient_label(task_name, folder, lines):
    cleaned = [line | {"label": line["label"].strip()} if "label" in line else line for line in lines]
    return ours(task_name, folder, cleaned)


def _rewards_silence(task_name, folder, lines):
    """Accuracy that takes a point off for each error and none for an abstention."""
    right = {line["id"]: line for line in gold.perfect(incumbents.corpus_in(folder), task_name)}
    key = "label" if task_name == "verification" else "answer"
    marks = [1 if line[key] == right[line["id"]][key] else -1 for line in lines if key in line]
    return {"net": sum(marks) / len(right)}


def _unbounded_spans(task_name, folder, lines):
    return ours(task_name, folder, [{**x, "claims": [{"text": t} for t in _texts(x)]} for x in lines])


def _no_split(task_name, folder, lines):
    """Every piece of a claim counts as that claim."""
    right = {x["id"]: _texts(x) for x in gold.perfect(incumbents.corpus_in(folder), task_name)}
    pieces = [(t, right.get(x["id"], [])) for x in lines for t in _texts(x)]
    return {"f1": fmean(any(t in r for r in known) for t, known in pieces) if pieces else None}


def _contrary(task_name, folder, lines):
    """The share of items answered otherwise than the gold has it."""
    found = ours(task_name, folder, lines)
    return {"macro_f1": 1.0 - (found["macro_f1"] or 0.0)}


def _first_claims(task_name, folder, lines):
    """Only the first five claims of an article count."""
    return ours(
        task_name, folder, [{**x, "claims": x["claims"][:5]} if x.get("claims") else x for x in lines]
    )


def _overlap(task_name, folder, lines):
    """A span that touches a gold span is right, as is a gold span that is touched; none is used up."""

    def spans(found):
        return {x["id"]: [(c["start"], c["end"]) for c in x.get("claims") or []] for x in found}

    def touched(these, those):
        flat = [(a, s) for a, group in these.items() for s in group]
        return fmean(any(s[0] < t[1] and t[0] < s[1] for t in those.get(a, [])) for a, s in flat)

    right, given = spans(gold.perfect(incumbents.corpus_in(folder), task_name)), spans(lines)
    if not any(given.values()):
        return {"f1": 0.0}
    precision, recall = touched(given, right), touched(right, given)
    return {"f1": 2 * precision * recall / (precision + recall) if precision else 0.0}


def _length(task_name, folder, lines):
    return {"f1": sum(len(text) for line in lines for text in _texts(line)) / 1e5}


def _uncapped(task_name, folder, lines):
    """Right sentences over gold sentences, however often each is given."""
    right = {x["id"]: set(x["evidence"]) for x in gold.perfect(incumbents.corpus_in(folder), task_name)}
    hits = sum(s in right[line["id"]] for line in lines for s in line.get("evidence") or [])
    return {"f1": hits / sum(map(len, right.values()))}


BROKEN = {
    "line_order": ("verification", _positional),
    "join_by_id": ("qa", _positional),
    "claim_order": ("extraction", _first_claims),
    "repeatable": ("verification", _mutating),
    "missing_is_wrong": ("qa", incumbents.answered_only),
    "missing_never_pays": ("extraction", incumbents.f1_at_k),
    "other_systems": ("extraction", incumbents.f1_at_k),
    "repeated_ids": ("qa", _forgiving),
    "unknown_ids": ("qa", _forgiving),
    "perfect_is_one": ("evidence", _changed(f1=lambda m: m["ndcg@5"])),
    "no_crash": ("evidence", _crashing),
    "wrong_is_low": ("verification", _contrary),
    "correcting": ("verification", _contrary),
    "abstaining": ("verification", _rewards_silence),
    "abstained_stay": ("verification", incumbents.answered_only),
    "wrong_addition": ("extraction", _length),
    "silence_earns_no_precision": ("evidence", incumbents.fever),
    "evidence_dumping": ("evidence", _sentences_held),
    "repeated_sentences": ("evidence", _uncapped),
    "whole_article": ("extraction", _bag_of_words),
    "whole_article_spans": ("extraction", _overlap),
    "copying": ("extraction", _overlap),
    "whole_sentences": ("extraction", _bag_of_words),
    "wider_claims": ("extraction", _length),
    "over_splitting": ("extraction", _no_split),
    "over_merging": ("extraction", _inclusion),
    "granularity": ("extraction", _changed(coverage=lambda m: m["recall"])),
    "duplicates": ("extraction", incumbents.f1_at_k),
    "constant_label": ("verification", _contrary),
    "empty_answers": ("qa", _empty_is_right),
    "ties": ("detection", _first_is_best),
    "offsets_outside": ("extraction", _unbounded_spans),
    "off_by_one": ("extraction", _unbounded_spans),
    "utf16_offsets": ("extraction", _unbounded_spans),
    "byte_offsets": ("extraction", _unbounded_spans),
    "wrong_quotes": ("extraction", _unbounded_spans),
    "growing_recall": ("evidence", _changed(recall__5=lambda m: m["recall@1"] / 2)),
    "harmonic_mean": ("evidence", _changed(f1=lambda m: (m["precision"] + m["recall@5"]) / 2)),
    "accuracy": ("verification", _changed(accuracy=lambda m: m["macro_f1"])),
    "macro": ("verification", _changed(macro_f1=lambda m: m["accuracy"])),
    "single_sentence": ("evidence", _changed(mrr=lambda m: m["mrr"] / 2)),
    "ranges": ("qa", _changed(exact_match=lambda m: 100 * m["exact_match"])),
    "unknown_labels": ("verification", _lenient_label),
}
"""For each check a task and a scorer with the defect it is there to find."""


def test_every_check_has_a_defect_it_is_tried_on():
    """The list of broken scorers names every check of the suite."""
    assert set(BROKEN) == {c.name for c in CHECKS}
    assert len({c.name for c in CHECKS}) == len(CHECKS)


@pytest.mark.parametrize("check", BROKEN)
def test_a_scorer_with_the_defect_fails_the_check(run, check):
    """Each check fails a scorer that has the defect it is there to find, and shows numbers for it."""
    name, scorer = BROKEN[check]
    (result,) = run(scorer, name, check).values()
    assert result.verdict == "fail"
    assert result.numbers
    assert not result.note


def test_fever_is_found_out(run):
    """FEVER's join by position, its precision for silence and its division by zero are named."""
    failed = {name for name, r in run(incumbents.fever, "evidence").items() if r.verdict == "fail"}
    assert {"line_order", "join_by_id", "no_crash", "silence_earns_no_precision"} <= failed
    crash = run(incumbents.fever, "evidence", "no_crash")["no_crash"]
    assert "ZeroDivisionError" in str(crash.numbers["all wrong"])


def test_leaving_the_denominator_is_found_out(run):
    """A scorer of answered items only fails the checks of missing lines and of abstentions."""
    for name in ("verification", "qa"):
        failed = {c for c, r in run(incumbents.answered_only, name).items() if r.verdict == "fail"}
        assert failed == {"missing_is_wrong", "abstained_stay", "abstaining"}


def test_a_pooled_constant_is_found_out(run):
    """VeriScore's K, pooled over the systems in a file, makes one system's score depend on another."""
    result = run(incumbents.f1_at_k, "extraction", "other_systems")["other_systems"]
    assert result.verdict == "fail"
    alone, beside = result.numbers.values()
    assert alone != beside


def test_nervaluate_as_measured(run):
    """nervaluate 1.2.1, by type, gives whole-article spans full marks and misses an offset of 1."""
    pytest.importorskip("nervaluate")
    assert version("nervaluate") == "1.2.1"
    by_type = run(incumbents.nervaluate_ent_type, "extraction")
    assert by_type["whole_article_spans"].verdict == by_type["off_by_one"].verdict == "fail"
    assert by_type["whole_article_spans"].numbers["as often as there are claims"] == 1.0
    strict = run(incumbents.nervaluate_strict, "extraction")
    assert strict["off_by_one"].verdict == strict["over_merging"].verdict == "pass"


def test_a_scorer_of_other_tasks_is_not_judged(run):
    """Where a scorer refuses even right answers no check applies, and the command is inconclusive: 3."""
    assert {r.verdict for r in run(incumbents.fever, "qa").values()} == {"not applicable"}
    scorer = ["--scorer", "claimbench.conformance.incumbents:fever"]
    assert main(["conformance", "--task", "qa", *scorer]) == 3


def test_results_are_the_same_every_time(run):
    """Two runs of the suite give the same results to the last digit."""
    assert run(ours, "detection") == run(ours, "detection")


def test_right_lines_are_right_and_wrong_ones_wrong(small):
    """Lines from the gold differ from their wrong and blurred versions and cover every item."""
    for name in NAMES:
        right = gold.perfect(small, name)
        assert [x["id"] for x in right] == list(task(name).items(small, "test").expected)
        assert all(gold.wrong(small, name, x) != x for x in right)
        blurred = [gold.blurred(small, name, x) for x in right]
        assert (
            0 < sum(a == b for a, b in zip(right, blurred, strict=True)) < len(right) or name == "extraction"
        )


def test_an_astral_start_moves_every_offset(folder, tmp_path):
    """In the copy of a corpus with a character outside the BMP in front every quote is in its place."""
    with_astral_start(folder, tmp_path)
    moved = claimbench.load_corpus(tmp_path)
    assert all(ord(a.text[0]) > 0xFFFF for a in moved.articles)
    for claim in moved.claims:
        text = moved.article_by_id[claim.article].text
        assert all(text[s.start : s.end] == s.quote for s in claim.spans)


@pytest.mark.parametrize("name", NAMES)
def test_metric_names_parse_back(small, folder, name):
    """Every metric of every task has a canonical name, which is what its parts give again."""
    for metric in ours(name, folder, gold.perfect(small, name)):
        assert str(names.parse(metric)) == metric


def test_names_have_a_base_and_a_parameter():
    """A cut-off is a number, a label a word, a setting has a name; other spellings are refused."""
    assert names.parse("recall@5") == ("recall", 5, "")
    assert names.parse("f1[not_enough_info]") == ("f1", "not_enough_info", "")
    assert names.parse("macro_f1") == ("macro_f1", None, "")
    assert names.parse("ece(bins=10)") == ("ece", 10, "bins")
    for bad in (
        "",
        "F1",
        "recall@",
        "recall@05",
        "recall@0",
        "f1[]",
        "f1[a",
        "f1[a]@5",
        "recall@5 ",
        "f1\n",
        "ece(10)",
        "ece(bins=0)",
    ):
        with pytest.raises(UsageError, match="no metric name"):
            names.parse(bad)


def test_names_are_selected_by_base():
    """Cut-offs come in the order of their numbers, and a longer base is another one."""
    given = ["recall@10", "recall@5", "evidence_recall@5", "recall", "f1[supported]", "f1"]
    assert names.at_cutoffs(given, "recall") == ["recall@5", "recall@10"]
    assert names.by_label(given, "f1") == {"supported": "f1[supported]"}


@pytest.mark.parametrize("name", NAMES)
def test_tricks_stay_far_below_right_answers(small, folder, name):
    """On the card every trick gets less than right answers do, and dumped evidence is scored or refused."""
    rows = conformance.card(ours, name, small, folder)
    by_name = {row.predictor: row for row in rows}
    assert set(TRICKS[name]) | {"right answers", "majority", "random"} == set(by_name)
    headline = task(name).headline
    for predictor, row in by_name.items():
        assert next(iter(row.values)) == headline
        assert predictor == "right answers" or row.values[headline] < 0.8


def test_tricks_are_systems(small):
    """Each trick, as a system, gives a line for each input without reading any gold."""
    for name, tricks in TRICKS.items():
        for trick in tricks:
            system = Adversarial(trick)
            assert name in system.tasks
            given = claimbench.predict(name, system, small)
            assert {x["id"] for x in given} == {x["id"] for x in claimbench.inputs(name, small)}
            claimbench.score(name, given, corpus=small, by=())


def test_the_command_prints_verdicts_and_ends_with_1_on_a_failure(folder, capsys):
    """A failed check is printed with its rule and gives exit code 1; passed ones give 0."""
    args = ["conformance", "--task", "verification", "--corpus", str(folder)]
    assert main([*args, "--check", "line_order"]) == 0
    assert "1 pass, 0 fail" in capsys.readouterr().out
    scorer = ["--scorer", "claimbench.conformance.incumbents:fever"]
    assert main([*args, *scorer, "--check", "line_order"]) == 1
    assert "The order of lines changes nothing." in " ".join(capsys.readouterr().out.split())


def test_the_command_prints_json(folder, capsys):
    """--json gives one object a line, for checks and for the card."""
    args = ["conformance", "--task", "verification", "--corpus", str(folder), "--json"]
    assert main([*args, "--check", "accuracy", "--check", "macro"]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [x["check"] for x in found] == ["accuracy", "macro"]
    assert found[0]["numbers"]["accuracy"] == found[0]["numbers"]["counted"]
    assert main([*args, "--card"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {"all supported", "random"} <= {row["predictor"] for row in rows}


def test_the_card_is_a_table(folder, capsys):
    """--card prints a row for each trick and a column for each metric."""
    assert main(["conformance", "--card", "--task", "qa", "--corpus", str(folder)]) == 0
    out = capsys.readouterr().out
    assert "echo the question" in out
    assert "exact_match" in out


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--scorer", "nothing"], "expected module:function"),
        (["--scorer", "claimbench:nothing"], "no attribute"),
        (["--scorer", "no_such_module:f"], "No module named"),
        (["--scorer-command", "echo"], "{predictions}"),
        (["--check", "line_ordr"], "did you mean 'line_order'?"),
        (["--scorer", "a:b", "--scorer-command", "c"], "not both"),
    ],
)
def test_wrong_arguments_are_explained(args, message, capsys):
    """Wrong use gives exit code 2 and a message that says what was expected."""
    assert main(["conformance", *args]) == 2
    assert message in capsys.readouterr().err


SCRIPT = """
import json, sys
lines = [json.loads(line) for line in open(sys.argv[2], encoding="utf-8")]
ids = [line["id"] for line in lines]
if len(set(ids)) < len(ids):
    sys.exit("crashed" if sys.argv[1] == "crash" else 2)
print(sys.argv[1] if sys.argv[1] == "nonsense" else json.dumps({"accuracy": len(ids) / 1000}))
"""


def _command(tmp_path, word):
    script = tmp_path / "my scorer.py"
    script.write_text(SCRIPT, encoding="utf-8")
    return conformance.from_command(f"'{sys.executable}' '{script}' {word} {{predictions}}")


def test_a_command_is_a_scorer(run, tmp_path):
    """A command prints its metrics; exit code 2 refuses, another or no JSON is a crash."""
    repeated = run(_command(tmp_path, "fine"), "verification", "repeated_ids", "accuracy", "line_order")
    assert repeated["repeated_ids"].verdict == repeated["line_order"].verdict == "pass"
    assert repeated["accuracy"].verdict == "fail"
    crash = run(_command(tmp_path, "crash"), "verification", "repeated_ids")["repeated_ids"]
    assert (crash.verdict, crash.note) == ("fail", "the scorer crashed: RuntimeError: exit code 1: crashed")
    nonsense = run(_command(tmp_path, "nonsense"), "verification", "line_order")["line_order"]
    assert "printed no JSON" in nonsense.note


def test_our_own_command_is_a_scorer(folder, small):
    """A claimbench report, of one run or of several, is read as metrics."""
    score = f"'{sys.executable}' -m claimbench score {{task}} {{predictions}} --corpus {{corpus}} --json"
    scorer = conformance.from_command(score)
    lines = gold.perfect(small, "evidence")
    assert scorer("evidence", folder, lines) == ours("evidence", folder, lines)
    runs = [{**x, "run": r} for r in "ab" for x in lines]
    assert scorer("evidence", folder, runs) == ours("evidence", folder, runs)
    with pytest.raises(RefusedError, match="given twice"):
        scorer("evidence", folder, [*lines, lines[0]])
