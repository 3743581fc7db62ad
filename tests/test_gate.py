"""The gate: its verdicts, what it refuses, and what it says."""

from __future__ import annotations

import json
import math
import random

import msgspec
import numpy as np
import pytest
from conftest import perfect
from hypothesis import given
from hypothesis import strategies as st

import claimbench
from claimbench.errors import IncomparableError, InputError, ProblemsError, UsageError
from claimbench.gating import Decision, Gate, Settings, gate, load_baseline, read_settings
from claimbench.gating.deciding import (
    Measured,
    adjusted,
    clusters_to_settle,
    detectable,
    verdict,
)
from claimbench.gating.naming import gauge
from claimbench.gating.settings import must_pass_ids
from claimbench.stats.estimators import Rows, points
from claimbench.stats.intervals import cluster_codes
from claimbench.stats.paired import Paired, jackknife_difference
from claimbench.stats.student import t_quantile
from claimbench.tasks import NAMES
from claimbench.tasks import task as task_by_name

OTHER = {
    "detection": {"score": 0.4, "label": False},
    "extraction": {"claims": []},
    "evidence": {"evidence": []},
    "verification": {"label": "supported", "probabilities": None},
    "qa": {"answer": "Meta"},
}
"""What a system says where it is worse than a perfect one."""


def spoilt(lines, task: str, share: float, seed: int = 7):
    """The same predictions with a seeded share of them made worse."""
    draw = random.Random(seed)
    return [{**line, **OTHER[task]} if draw.random() < share else line for line in lines]


@pytest.fixture(scope="module")
def lines(corpus):
    """By task: what a perfect system says."""
    return {task: perfect(corpus, task) for task in NAMES}


@pytest.fixture(scope="module")
def baselines(corpus, lines):
    """By task: the report of a system that is wrong on a tenth of the items."""
    return {
        task: claimbench.score(task, spoilt(lines[task], task, 0.1), corpus=corpus, by=()) for task in NAMES
    }


def demanding(**gates: dict[str, float]) -> Settings:
    return Settings(gates={name: Gate(**demand) for name, demand in gates.items()})


# ---- verdicts --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("task", NAMES)
def test_the_same_predictions_pass_whatever_is_allowed(task, lines, baselines, corpus):
    """Predictions whose rows are those of the baseline pass even where no drop is allowed."""
    headline = baselines[task].headline
    same = spoilt(lines[task], task, 0.1)
    found = gate(task, same, baselines[task], demanding(**{headline: {"max_drop": 0.0}}), corpus=corpus)
    assert (found.verdict, found.exit_code, found.changed, found.items_changed) == ("pass", 0, (), 0)
    assert Decision.from_json(found.to_json()) == found


@pytest.mark.parametrize("task", NAMES)
def test_a_large_drop_is_a_regression_and_names_items_in_words(task, lines, baselines, corpus):
    """A system that is wrong nearly everywhere fails, with ten items that say what they ask.

    For detection this is F1: average precision hangs on one cluster that holds nearly half of all sentences.
    """
    name = "f1" if task == "detection" else baselines[task].headline
    bad = spoilt(lines[task], task, 0.95)
    found = gate(task, bad, baselines[task], demanding(**{name: {"max_drop": 0.02}}), corpus=corpus)
    assert (found.verdict, found.exit_code) == ("regression", 1)
    assert len(found.changed) == min(10, found.items_changed)
    for one in found.changed:
        assert " " in one.asks
        assert one.gold
        assert one.before != one.after
    assert "allows" in found.metrics[0].reason


def test_what_the_items_cannot_tell_is_inconclusive_and_says_what_would(lines, baselines, corpus):
    """A drop too small for the items exits 3 with the detectable drop and how many more items settle it."""
    after = spoilt(lines["verification"], "verification", 0.13, seed=8)
    found = gate(
        "verification",
        after,
        baselines["verification"],
        demanding(macro_f1={"max_drop": 0.01}),
        corpus=corpus,
    )
    one = found.metrics[0]
    assert (found.verdict, found.exit_code) == ("inconclusive", 3)
    assert one.detectable >= one.test.mde > 0
    assert one.more > 0
    assert f"{one.more} more propositions" in one.reason
    assert f"{one.detectable:.3f}" in one.reason
    for policy, code in (("pass", 0), ("fail", 1)):
        assert msgspec.structs.replace(found, inconclusive=policy).exit_code == code


def paired(low: float, high: float, clusters: int = 20) -> Paired:
    """A paired interval around its middle, as the jackknife gives it."""
    error = (high - low) / 2 / t_quantile(0.975, clusters - 1)
    mde = (t_quantile(0.975, clusters - 1) + t_quantile(0.8, clusters - 1)) * error
    p = 0.01 if low > 0 or high < 0 else 0.5
    return Paired(low, high, p, mde, 0.95, "jackknife-t", clusters)


def one(low: float, high: float, sign: int = 1, before: float = 0.5) -> Measured:
    return Measured(before, before + (low + high) / 2, False, sign, paired(low, high))


@pytest.mark.parametrize(
    ("low", "high", "max_drop", "said"),
    [
        (-0.01, 0.03, 0.02, "pass"),
        (-0.02, 0.04, 0.02, "inconclusive"),
        (-0.05, 0.03, 0.02, "inconclusive"),
        (-0.06, -0.01, 0.02, "regression"),
        (-0.03, -0.01, 0.05, "pass"),
        (-0.08, -0.01, 0.05, "inconclusive"),
        (-0.05, 0.0, 0.02, "inconclusive"),
        (0.01, 0.05, 0.0, "pass"),
    ],
)
def test_the_verdict_follows_the_interval(low, high, max_drop, said):
    """Pass: lower bound above -max_drop; regression: upper bound below 0 and a larger drop; else neither.

    Where less is better the mirrored interval gives the same verdict.
    """
    assert verdict(one(low, high), max_drop, paired(low, high).p) == said
    assert verdict(one(-high, -low, sign=-1), max_drop, paired(low, high).p) == said


def test_undefined_is_neither_pass_nor_regression():
    """A metric that is 0/0 before or after, or that cannot be tested, is inconclusive."""
    assert verdict(Measured(0.5, None, False, 1, None), 0.02, None) == "inconclusive"
    assert verdict(Measured(0.5, 0.4, False, 1, None), 0.02, None) == "inconclusive"


def test_holm_adjusts_the_family():
    """With four gates a p of .02 no longer shows a drop, and one of .01 still does."""
    weak = msgspec.structs.replace(paired(-0.1, -0.01), p=0.02)
    strong = msgspec.structs.replace(weak, p=0.01)
    others = {name: one(-0.05, 0.05) for name in ("b", "c", "d")}
    for test, said in ((weak, "inconclusive"), (strong, "regression")):
        mine = msgspec.structs.replace(one(-0.1, -0.01), test=test)
        p = adjusted({"a": mine, **others})
        assert p["a"] == pytest.approx(4 * test.p)
        assert verdict(mine, 0.02, p["a"]) == said


@given(
    st.floats(-0.2, 0.2),
    st.floats(0.01, 0.2),
    st.floats(0.0, 0.1),
    st.integers(1, 4),
)
def test_the_number_of_clusters_that_settles_it_is_the_least(difference, half, max_drop, family):
    """With that many clusters the interval decides, with one fewer it does not."""
    found = one(difference - half, difference + half)
    count = clusters_to_settle(found, max_drop, family)
    if count is None:
        return
    error = half / t_quantile(0.975, 19) * math.sqrt(20)

    def decides(k: int) -> bool:
        passing = difference > -max_drop
        level = 0.975 if passing else 1 - 0.025 / family
        width = t_quantile(level, k - 1) * error / math.sqrt(k)
        return difference - width > -max_drop if passing else difference + width < 0

    assert decides(count)
    assert count == 21 or not decides(count - 1)


def test_the_detectable_drop_is_never_less_than_what_is_allowed():
    """A gate that allows .3 cannot promise to find less; more gates or fewer clusters promise less."""
    alone = detectable(0.02, 1 / 250, 0.0, 1, 20.0)
    assert alone > (t_quantile(0.975, 19) + t_quantile(0.8, 19)) * 0.02
    assert detectable(0.02, 1 / 250, 0.3, 1, 20.0) > 0.3
    assert detectable(0.02, 1 / 250, 0.0, 3, 20.0) > alone
    assert detectable(0.02, 1 / 250, 0.0, 1, 8.0) > alone
    assert detectable(0.02, 1 / 250, 0.0, 1, 1.5) is None
    assert detectable(None, 1 / 250, 0.0, 1, 20.0) is None


def test_a_worse_loss_is_a_regression(corpus, lines):
    """The Brier score of certain and wrong probabilities goes up, which a gate on it refuses."""
    wrong = {"supported": 0.0, "refuted": 0.0, "conflicting": 1.0, "not_enough_info": 0.0}
    before = claimbench.score("verification", lines["verification"], corpus=corpus, by=())
    bad = [{**line, "probabilities": wrong} for line in lines["verification"]]
    found = gate("verification", bad, before, demanding(brier={"max_drop": 0.05}), corpus=corpus)
    assert found.verdict == "regression"
    assert found.metrics[0].difference > 0
    better = gate(
        "verification", lines["verification"], claimbench.score("verification", bad, corpus=corpus, by=()),
        demanding(brier={"max_drop": 0.05}), corpus=corpus,
    )  # fmt: skip
    assert better.verdict == "pass"


# ---- floors, items, slices -------------------------------------------------------------------------------


def test_floors_ceilings_and_must_pass_items_fail_by_themselves(lines, baselines, corpus):
    """A missed floor or ceiling, an item that is wrong, or missing predictions are regressions at once."""
    same = spoilt(lines["verification"], "verification", 0.1)
    known = baselines["verification"].items.ids
    wrong = next(
        line["id"]
        for line, good in zip(same, lines["verification"], strict=True)
        if line["label"] != good["label"] and line["id"] in known
    )
    right = next(line["id"] for line in same if line in lines["verification"] and line["id"] in known)
    missing = [line for line in same if line["id"] != right]
    for settings, given_lines, said in (
        (demanding(accuracy={"min": 0.99}), same, "regression"),
        (demanding(accuracy={"min": 0.5}), same, "pass"),
        (demanding(brier={"max": 0.01}), spoilt(lines["verification"], "verification", 0.5), "pass"),
        (demanding(accuracy={"max": 0.5}), same, "regression"),
        (Settings(must_pass=(wrong,)), same, "regression"),
        (Settings(must_pass=(right,)), same, "pass"),
        (Settings(must_pass=(right,)), missing, "regression"),
        (Settings(gates={"accuracy": Gate(min=0.5)}, on_missing="fail"), missing, "regression"),
        (Settings(gates={"accuracy": Gate(min=0.5)}, on_missing="warn"), missing, "pass"),
    ):
        found = gate("verification", given_lines, baselines["verification"], settings, corpus=corpus)
        assert found.verdict == said, settings
    assert found.warnings == (f"1 of {len(known)} items have no prediction "
                              "and count as wrong",)  # fmt: skip


def test_an_undefined_score_misses_its_floor(corpus, lines):
    """Precision is 0/0 where a label is never predicted, and 0/0 is not at least anything."""
    silent = [{"id": line["id"], "label": None} for line in lines["verification"]]
    before = claimbench.score("verification", lines["verification"], corpus=corpus, by=())
    settings = demanding(**{"precision[supported]": {"min": 0.0}})
    assert gate("verification", silent, before, settings, corpus=corpus).verdict == "regression"


def test_a_slice_is_gated_as_if_it_were_alone(lines, baselines, corpus):
    """A gate on the Dutch items gives the figures of a report on them, and sees what happens only there."""
    dutch = [
        {**line, "label": "conflicting", "probabilities": None} if line["id"].endswith("-nl") else line
        for line in spoilt(lines["verification"], "verification", 0.1)
    ]
    settings = demanding(
        **{"macro_f1{language=nl}": {"max_drop": 0.02}, "macro_f1{language=de}": {"max_drop": 0}}
    )
    found = gate("verification", dutch, baselines["verification"], settings, corpus=corpus)
    nl, de = found.metrics
    assert (nl.verdict, de.verdict) == ("regression", "pass")
    report = claimbench.score("verification", dutch, corpus=corpus, by=("language",))
    assert nl.after == next(s for s in report.slices if s.value == "nl").metrics["macro_f1"].value
    before, after = baselines["verification"].items, report.items
    index = [i for i, item in enumerate(after.ids) if item.endswith("-nl")]
    rows = [
        Rows(tuple(x.ids[i] for i in index), x.columns, np.array([x.rows[i] for i in index], dtype=np.int64))
        for x in (before, after)
    ]
    metric = next(m for m in task_by_name("verification").metrics(rows[1]) if m.name == "macro_f1")
    codes = cluster_codes([after.clusters[i] for i in index])
    assert nl.test == jackknife_difference(metric, *rows, codes)
    assert nl.items == next(s for s in report.slices if s.value == "nl").items


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (Settings(), "nothing is gated"),
        (demanding(macro_f1={}), "nothing is gated"),
        (demanding(macro_f2={"max_drop": 0.1}), "did you mean 'macro_f1'"),
        (demanding(**{"macro_f1{lang=nl}": {"max_drop": 0.1}}), "no field 'lang' (did you mean 'language'"),
        (demanding(**{"family_accuracy{language=de}": {"max_drop": 0.1}}), "'family_accuracy' by language"),
        (demanding(**{"flip_rate{label=refuted}": {"min": 0.1}}), "no metric 'flip_rate' by label"),
        (demanding(**{"macro_f1{language=fr}": {"max_drop": 0.1}}), "no item has the language 'fr'"),
        (demanding(**{"macro_f1{language}": {"max_drop": 0.1}}), "expected a form like"),
        (Settings(must_pass=("v1-dee",)), "did you mean 'v1-de'"),
    ],
)
def test_what_is_not_there_is_a_usage_error(settings, said, baselines, corpus):
    """Settings that name a metric, field, value or item that is not there are refused with the near miss."""
    with pytest.raises(UsageError) as error:
        gate("verification", baselines["verification"], baselines["verification"], settings, corpus=corpus)
    assert said in str(error.value)


@pytest.mark.parametrize("name", ["macro_f1", "recall@5{language=nl}", "f1[supported]{edit=number}"])
def test_names_parse_back(name):
    """The canonical form of a name is the name."""
    assert str(gauge(name)) == name


# ---- what cannot be compared -----------------------------------------------------------------------------


@pytest.fixture
def saved(baselines, tmp_path):
    path = tmp_path / "baseline.json"
    path.write_bytes(baselines["verification"].to_json())
    return path


def test_a_report_that_score_wrote_is_a_baseline(saved, baselines):
    """What score wrote loads as it was."""
    assert load_baseline(saved) == baselines["verification"]


@pytest.mark.parametrize("version", ["0.0.9", "9.0.0"])
@pytest.mark.parametrize("other_form", [False, True])
def test_another_version_is_incomparable_whatever_its_form(saved, version, other_form):
    """A report of another version exits 4 and says so, even with fields that this version does not know."""
    report = json.loads(saved.read_bytes())
    report["version"] = version
    if other_form:
        del report["items"]
        report["new_field"] = 1
    saved.write_text(json.dumps(report))
    with pytest.raises(IncomparableError, match=f"made by claimbench {version}") as error:
        load_baseline(saved)
    assert error.value.exit_code == 4


def edits(report):
    """Name to an edited report."""
    rows = [list(row) for row in report["items"]["rows"]]
    rows[0][report["items"]["columns"].index("correct")] ^= 1
    clusters = ["other", *report["items"]["clusters"][1:]]
    accuracy = report["metrics"]["accuracy"] | {"value": 0.1}
    return {
        "a score": report | {"metrics": report["metrics"] | {"accuracy": accuracy}},
        "a row": report | {"items": report["items"] | {"rows": rows}},
        "a cluster": report | {"items": report["items"] | {"clusters": clusters}},
        "a count": report | {"counts": report["counts"] | {"missing": 3}},
        "the reason": report | {"reason": "looks fine"},
        "a slice": report | {"slices": []},
    }  # fmt: skip


@pytest.mark.parametrize("what", ["a score", "a row", "a cluster", "a count", "the reason", "a slice"])
def test_an_edited_baseline_is_refused(what, saved, lines, corpus):
    """Whatever is edited in a sealed report makes it unusable, exit 2."""
    report = claimbench.score("verification", lines["verification"], corpus=corpus)
    saved.write_text(json.dumps(edits(json.loads(report.to_json()))[what]))
    with pytest.raises(InputError, match="edited") as error:
        load_baseline(saved)
    assert error.value.exit_code == 2


@pytest.mark.parametrize("what", ["a score", "a row", "a cluster"])
def test_an_edited_baseline_without_its_seal_is_refused_too(what, saved, baselines, corpus):
    """What the verdict rests on has to fit together even where nobody sealed it."""
    report = {**edits(json.loads(saved.read_bytes()))[what], "sha256": ""}
    before = claimbench.Report.from_json(json.dumps(report).encode())
    settings = demanding(accuracy={"max_drop": 0.1})
    with pytest.raises(InputError):
        gate("verification", baselines["verification"], before, settings, corpus=corpus)


@pytest.mark.parametrize("share", [0.001, 0.2, 0.5, 0.999])
def test_a_truncated_baseline_is_refused(saved, share):
    """A report that ends early is no report, exit 2."""
    data = saved.read_bytes()
    saved.write_bytes(data[: max(1, int(len(data) * share))])
    with pytest.raises(InputError, match="not a report"):
        load_baseline(saved)


def with_corpus(report, digest: str, drop: int = 0):
    """The report as if another corpus had been scored, without its last items."""
    items = report.items
    kept = {name: getattr(items, name)[: len(items.ids) - drop] for name in ("ids", "clusters", "rows")}
    signature = "|".join(
        f"corpus:2.0.0-{digest}" if part.startswith("corpus:") else part
        for part in report.signature.split("|")
    )
    table = msgspec.structs.replace(items, **kept)
    part = msgspec.structs.replace(report, signature=signature, items=table, sha256="")
    rows = Rows(table.ids, table.columns, np.array(table.rows, dtype=np.int64))
    values = points(task_by_name(report.task).metrics(rows), rows)
    scores = {n: msgspec.structs.replace(s, value=values[n]) for n, s in report.metrics.items()}
    return msgspec.structs.replace(part, metrics=scores)


def test_other_gold_on_the_same_items_is_incomparable(baselines, corpus):
    """Another corpus digest on the same items exits 4, and no policy about items changes that."""
    other = with_corpus(baselines["verification"], "0" * 12)
    settings = msgspec.structs.replace(
        demanding(accuracy={"max_drop": 0.1}), on_new="allow", on_removed="allow"
    )
    with pytest.raises(IncomparableError, match="the gold differs"):
        gate("verification", baselines["verification"], other, settings, corpus=corpus)


def test_new_items_are_refused_named_or_left_out(baselines, corpus):
    """Items that the baseline lacks exit 4 by default; else the others are compared."""
    before = with_corpus(baselines["verification"], "0" * 12, drop=12)
    settings = demanding(accuracy={"max_drop": 0.0})
    with pytest.raises(IncomparableError, match="12 items are new"):
        gate("verification", baselines["verification"], before, settings, corpus=corpus)
    for policy, warned in (("warn", 1), ("allow", 0)):
        chosen = msgspec.structs.replace(settings, on_new=policy)
        found = gate("verification", baselines["verification"], before, chosen, corpus=corpus)
        assert (found.verdict, len(found.warnings)) == ("pass", warned)
        assert found.metrics[0].items == len(before.items.ids)
        assert found.metrics[0].after == found.metrics[0].before
    new = baselines["verification"].items.ids[-1]
    chosen = msgspec.structs.replace(settings, on_new="allow", must_pass=(new, before.items.ids[0]))
    found = gate("verification", baselines["verification"], before, chosen, corpus=corpus)
    assert [one.before is None for one in found.must_pass] == [True, False]


def test_changed_gold_that_the_rows_show_is_incomparable(baselines, corpus):
    """Where new items are let through, shared ones whose label changed still exit 4."""
    changed = msgspec.structs.replace(
        corpus,
        digest="0" * 64,
        verification=tuple(
            msgspec.structs.replace(v, label="not_enough_info", evidence=()) if v.id == "v10-en" else v
            for v in corpus.verification
            if v.family != "v1"
        ),
    )
    lines = perfect(corpus, "verification")
    kept = [line for line in lines if not line["id"].startswith("v1-")]
    before = claimbench.score("verification", kept, corpus=changed, by=())
    settings = msgspec.structs.replace(demanding(accuracy={"max_drop": 0.5}), on_new="allow")
    with pytest.raises(IncomparableError, match=r"the gold of 1 items is another in the baseline.*'v10-en'"):
        gate("verification", lines, before, settings, corpus=corpus)


def test_another_task_split_or_many_runs_are_incomparable(baselines, lines, corpus):
    """The message says which of them differs."""
    settings = demanding(f1={"max_drop": 0.1})
    with pytest.raises(IncomparableError, match="a report on qa"):
        gate("evidence", lines["evidence"], baselines["qa"], settings, corpus=corpus)
    with pytest.raises(IncomparableError, match="another split"):
        gate(
            "qa",
            lines["qa"],
            baselines["qa"],
            msgspec.structs.replace(settings, split="train"),
            corpus=corpus,
        )
    many = [{**line, "run": run} for run in "ab" for line in lines["qa"]]
    with pytest.raises(IncomparableError, match="2 runs"):
        gate("qa", many, baselines["qa"], settings, corpus=corpus)


# ---- settings --------------------------------------------------------------------------------------------

YAML = """
task: verification
baseline: old.json
gates:
  macro_f1: {max_drop: 0.02}
  macro_f1{language=nl}: {max_drop: 0.05, min: 0.5}
must_pass: [ids.txt, v2-de]
inconclusive: pass
"""
TOML = """
task = "verification"
baseline = "old.json"
must_pass = ["ids.txt", "v2-de"]
inconclusive = "pass"
[gates]
macro_f1 = {max_drop = 0.02}
"macro_f1{language=nl}" = {max_drop = 0.05, min = 0.5}
"""


def test_yaml_toml_json_and_pyproject_say_the_same(tmp_path):
    """The same settings in four files are one value, with paths beside the file."""
    (tmp_path / "ids.txt").write_text("# golden\nv1-de\n\nv3-nl # a remark\n")
    yaml, toml, plain, project = (tmp_path / n for n in ("g.yaml", "g.toml", "g.json", "pyproject.toml"))
    yaml.write_text(YAML)
    toml.write_text(TOML)
    project.write_text(
        '[project]\nname = "x"\n[tool.claimbench.gate]\n'
        + TOML.replace("[gates]", "[tool.claimbench.gate.gates]")
    )
    import yaml as pyyaml

    plain.write_text(json.dumps(pyyaml.safe_load(YAML)))
    found = [read_settings(path) for path in (yaml, toml, plain, project)]
    assert found[0].gates["macro_f1{language=nl}"] == Gate(max_drop=0.05, min=0.5)
    assert found[0].baseline == str(tmp_path / "old.json")
    assert must_pass_ids(found[0].must_pass) == ("v1-de", "v3-nl", "v2-de")
    assert found.count(found[0]) == 4


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "g.yaml",
            "gates: {macro_f1: {max_dorp: 0.02}}",
            '/gates/macro_f1: unknown field "max_dorp" (did you',
        ),
        ("g.yaml", "gates: {macro_f1: {max_drop: -1}}", "/gates/macro_f1/max_drop: must be at least 0"),
        (
            "g.yaml",
            "gates: {macro_f1: {max_drop: .nan}}",
            "/gates/macro_f1/max_drop: nan is no finite number",
        ),
        ("g.yaml", "gates: {macro f1: {max_drop: 1}}", "/gates/macro f1: 'macro f1' is no metric name"),
        ("g.yaml", "baseline: 2024-01-01", "/baseline: expected text"),
        ("g.yaml", "task: qa\ntask: qa", "key 'task' occurs twice, line 1"),
        ("g.yaml", "a: &a [*a]", "nested too deeply"),
        ("g.yaml", "gates: [", "not YAML"),
        ("g.yaml", "on_new: ignore", "/on_new: expected one of"),
        ("g.toml", "task = qa", "not TOML"),
        ("g.json", '{"task": "qa", "task": "qa"}', "occurs twice"),
        ("pyproject.toml", "[tool.claimbench.gate]\ntask = 1", "/tool/claimbench/gate/task: expected one of"),
        ("pyproject.toml", "[tool.other]\n", "has no table [tool.claimbench.gate]"),
    ],
)
def test_wrong_settings_are_refused_with_a_pointer(name, text, said, tmp_path):
    """Settings with a mistake exit 2 and say where it is."""
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(InputError) as error:
        read_settings(path)
    assert said in str(error.value)
    assert isinstance(error.value, ProblemsError) or "no table" in said


def test_validate_knows_settings(tmp_path):
    """`validate --as gate` finds in YAML what reading it would refuse."""
    path = tmp_path / "g.yaml"
    path.write_text("gates: {macro_f1: {max_drop: -1}}")
    assert [(p.pointer, p.keyword) for p in claimbench.validate(path, "gate")] == [
        ("/gates/macro_f1/max_drop", "minimum")
    ]
    path.write_text(YAML)
    assert claimbench.validate(path, "gate") == []
