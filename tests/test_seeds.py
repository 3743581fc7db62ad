"""Several seeds per system: the mean, its interval, and where the variance comes from."""

from __future__ import annotations

import random

import msgspec
import numpy as np
import pytest
from conftest import perfect

import claimbench
from claimbench.cli import main
from claimbench.errors import IncomparableError, InputError, UsageError
from claimbench.stats import classification as c
from claimbench.stats.estimators import Additive, Rows
from claimbench.stats.paired import jackknife_difference
from claimbench.stats.variance import METHOD, seeded_difference

ACCURACY = Additive("accuracy", ("correct", "items"), c.share)


def equal(clusters: int) -> np.ndarray:
    """Sizes of equal clusters."""
    return np.ones(clusters, dtype=np.int64)


def table(right, size=1) -> Rows:
    """One item a cluster, or ``size`` of them."""
    right = np.asarray(right, dtype=np.int64)
    sizes = np.full(right.shape, size, dtype=np.int64)
    return Rows(tuple(map(str, range(right.size))), ("correct", "items"), np.stack([right, sizes], axis=1))


def test_the_split_is_that_of_a_two_way_analysis_of_variance():
    """For a mean over clusters of one size the parts are those that the mean squares of the table give."""
    rng = np.random.default_rng(3)
    seeds, clusters = 4, 30
    base = rng.normal(50, 8, clusters)

    def draw() -> np.ndarray:
        shift = rng.normal(0, 6, (seeds, 1))
        return np.clip(np.rint(base + shift + rng.normal(0, 3, (seeds, clusters))), 0, 100)

    a, b = draw(), draw()
    test, split = seeded_difference(
        ACCURACY, [table(x, 100) for x in a], [table(x, 100) for x in b], equal(clusters)
    )

    def squares(x: np.ndarray) -> tuple[float, float]:
        rest = x - x.mean(axis=1, keepdims=True) - x.mean(axis=0) + x.mean()
        between = clusters * np.sum((x.mean(axis=1) - x.mean()) ** 2) / (seeds - 1)
        return between, np.sum(rest**2) / ((seeds - 1) * (clusters - 1))

    found = [squares(x / 100) for x in (a, b)]
    apart = (b - a).mean(axis=0) / 100
    both = sum(rest for _, rest in found) / (seeds * clusters)
    assert split.both == pytest.approx(both)
    assert split.seeds == pytest.approx(sum(max(0, m - rest) for m, rest in found) / (seeds * clusters))
    assert split.items == pytest.approx(max(0.0, np.var(apart, ddof=1) / clusters - both))
    half = (test.high - test.low) / 2
    assert (test.low + test.high) / 2 == pytest.approx(b.mean() / 100 - a.mean() / 100)
    assert half > 1.96 * (split.items + split.seeds + split.both) ** 0.5


def test_one_seed_each_is_the_jackknife():
    """Without seeds to vary the test is the jackknife of one run against another."""
    rng = np.random.default_rng(1)
    a, b = (table(rng.integers(0, 8, 20), 8) for _ in range(2))
    test, split = seeded_difference(ACCURACY, [a], [b], equal(20))
    alone = jackknife_difference(ACCURACY, a, b, np.arange(20))
    assert (split.seeds, split.both) == (0.0, 0.0)
    assert test.p == pytest.approx(alone.p)
    assert (test.low, test.high) == pytest.approx((alone.low, alone.high))


def test_seeds_that_vary_widen_the_interval():
    """The same mean from seeds that disagree is less sure than from seeds that agree."""
    rng = np.random.default_rng(2)
    base, other = rng.integers(3, 7, 25), rng.integers(3, 7, 25)
    steady, _ = seeded_difference(ACCURACY, [table(base, 10)] * 3, [table(other, 10)] * 3, equal(25))
    shifted = [table(other + shift, 10) for shift in (-3, 0, 3)]
    loose, split = seeded_difference(ACCURACY, [table(base, 10)] * 3, shifted, equal(25))
    assert (loose.low + loose.high) == pytest.approx(steady.low + steady.high)
    assert loose.high - loose.low > 2 * (steady.high - steady.low)
    assert split.seeds > split.items
    assert loose.method == METHOD


@pytest.mark.parametrize("runs", [1, 3])
def test_a_system_never_differs_from_itself(runs):
    """Equal runs have difference 0 and p 1; all clusters agreeing is bounded, not certain."""
    same = [table([1, 0, 1, 1, 0])] * runs
    test, _ = seeded_difference(ACCURACY, same, same, equal(5))
    assert (test.low, test.high, test.p) == (0.0, 0.0, 1.0)
    test, split = seeded_difference(ACCURACY, [table([0] * 5)] * runs, [table([1] * 5)] * runs, equal(5))
    assert test.low < 1.0
    assert split is None


def _logistic(x):
    return 1 / (1 + np.exp(-x))


@pytest.mark.slow
@pytest.mark.parametrize("clusters", [25, 60])
@pytest.mark.parametrize("runs", [2, 3, 5])
@pytest.mark.parametrize(("seeds", "both"), [(0.0, 0.0), (0.1, 0.5), (0.4, 0.5)])
def test_intervals_cover_over_items_and_seeds(clusters, runs, seeds, both):
    """With new items and new seeds each time, the interval holds the true difference in 93 % at the least."""
    rng = np.random.default_rng(clusters * 10 + runs)
    times, hits = 1500, 0
    for _ in range(times):
        sizes = np.maximum(1, rng.poisson(6, clusters))
        shared = 0.8 + rng.normal(0, 0.5, clusters)
        systems = []
        for _ in "ab":
            own = shared + rng.normal(0, 0.5, clusters)
            drawn = [own + rng.normal(0, seeds) + rng.normal(0, both, clusters) for _ in range(runs)]
            right = [rng.binomial(sizes, _logistic(x)) for x in drawn]
            systems.append([Rows((), ("correct", "items"), np.stack([x, sizes], axis=1)) for x in right])
        test, _ = seeded_difference(ACCURACY, *systems, sizes)
        hits += test.low <= 0.0 <= test.high
    assert hits / times >= 0.93 - 2 * (0.93 * 0.07 / times) ** 0.5


def seeded(lines, system: str, share: float, seeds: int):
    """Runs of one system, each with its own mistakes."""
    draw = random.Random(system)
    return [
        {**line, "system": system, "seed": seed} | ({"label": "refuted"} if draw.random() < share else {})
        for seed in range(seeds)
        for line in lines
    ]


@pytest.fixture(scope="module")
def lines(corpus):
    gold = [
        x
        for x, v in zip(perfect(corpus, "verification"), corpus.verification, strict=True)
        if v.split == "test"
    ]
    return {"weak": seeded(gold, "weak", 0.6, 3), "strong": seeded(gold, "strong", 0.2, 4)}


@pytest.fixture(scope="module")
def reports(corpus, lines):
    return tuple(claimbench.score("verification", x, corpus=corpus, by=()) for x in lines.values())


def test_reports_of_seeds_are_compared_by_their_means(reports):
    """Scores are means over seeds, the verdict is theirs, and a sentence splits the variance."""
    found = claimbench.compare(*reports)
    one = found.metrics["macro_f1"]
    means = [np.mean([run.metrics["macro_f1"].value for run in report.runs]) for report in reports]
    assert (one.a, one.b) == pytest.approx(tuple(means))
    assert one.difference == pytest.approx(means[1] - means[0])
    assert one.verdict == "better"
    assert found.runs == (3, 4)
    assert "of the means over seeds (3 and 4 runs)" in found.explain()
    assert "Of the variance of the difference" in found.explain()
    assert claimbench.Comparison.from_json(found.to_json()) == found
    assert found.metrics["aurc"].this_benchmark is None


def test_a_report_of_rows_stands_beside_one_of_seeds(corpus, lines, reports):
    """One run with its rows per item is compared with several seeds on the same clusters."""
    single = claimbench.score("verification", lines["weak"], corpus=corpus, by=(), run="weak@1")
    assert single.items is not None
    found = claimbench.compare(single, reports[1])
    assert found.runs == (1, 4)
    assert found.metrics["accuracy"].a == single.metrics["accuracy"].value
    picked = claimbench.compare(reports[0].only("weak@1"), reports[1])
    assert picked.metrics["accuracy"].this_benchmark == found.metrics["accuracy"].this_benchmark


def test_what_is_not_seeds_of_one_system_is_refused(corpus, lines, reports):
    """Several systems, runs without sums, options that need rows, unknown runs: each is named."""
    mixed = claimbench.score("verification", [*lines["weak"], *lines["strong"]], corpus=corpus, by=())
    with pytest.raises(IncomparableError, match="runs of 2 systems, 'strong', 'weak'"):
        claimbench.compare(mixed, reports[1])
    assert claimbench.compare(mixed.only("weak"), reports[1]).runs == (3, 4)
    with pytest.raises(UsageError, match="did you mean 'weak'"):
        mixed.only("week")
    old = msgspec.structs.replace(reports[0], sums=None)
    with pytest.raises(IncomparableError, match="no sums by cluster"):
        claimbench.compare(old, reports[1])
    with pytest.raises(UsageError, match="rows per item"):
        claimbench.compare(*reports, method="bootstrap")
    with pytest.raises(UsageError, match="rows per item"):
        claimbench.compare(*reports, by=["language"])


def test_sums_that_do_not_fit_are_refused(reports):
    """Ragged sums, sums beyond int64 and sums that do not give the run's scores are input errors."""
    run = reports[0].runs[0]
    sums = run.sums
    cases = {
        "clusters and sums": sums[1:],
        "columns and sums": (sums[0][1:], *sums[1:]),
        "int64": ((2**70, *sums[0][1:]), *sums[1:]),
        "does not follow": (sums[1], sums[1], *sums[2:]),
    }
    meaning = msgspec.structs.replace(reports[0].sums, items=reports[0].sums.items[1:])
    with pytest.raises(InputError, match="clusters of the report"):
        claimbench.compare(msgspec.structs.replace(reports[0], sums=meaning), reports[1])
    for words, wrong in cases.items():
        broken = msgspec.structs.replace(run, sums=wrong)
        report = msgspec.structs.replace(reports[0], runs=(broken, *reports[0].runs[1:]))
        with pytest.raises(InputError, match=words):
            claimbench.compare(report, reports[1])


def test_the_command_picks_runs_and_systems(lines, write, capsys):
    """FILE@NAME is one run or all seeds of a system, in predictions or a report of any name."""
    path = write([*lines["weak"], *lines["strong"]], "many@home.jsonl")
    assert main(["compare", "verification", f"{path}@weak", f"{path}@strong", "--json"]) == 0
    found = claimbench.Comparison.from_json(capsys.readouterr().out.encode())
    assert found.runs == (3, 4)
    report = str(path) + ".report"
    assert main(["score", "verification", path, "-o", report]) == 0
    capsys.readouterr()
    assert main(["compare", "verification", f"{report}@weak", f"{report}@strong", "--json"]) == 0
    assert claimbench.Comparison.from_json(capsys.readouterr().out.encode()).metrics == found.metrics
    assert main(["compare", "verification", f"{path}@weak@0", f"{path}@weak@1"]) == 0
    assert "seeds" not in capsys.readouterr().out.partition("metric")[0]
    assert main(["compare", "verification", f"{path}@weak", f"{path}@strong"]) == 0
    assert "mean of 4 seeds" in capsys.readouterr().out
    assert main(["compare", "verification", path, f"{path}@strong"]) == 4
    assert main(["compare", "verification", f"{path}@week", f"{path}@strong"]) == 2
    assert "did you mean 'weak'" in capsys.readouterr().err
    assert main(["compare", "verification", "none@weak", path]) == 2
