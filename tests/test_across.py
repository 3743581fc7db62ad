"""Splitting a change of score into system, gold, item set and scorer."""

from __future__ import annotations

import itertools
import json
import shutil

import msgspec
import pytest
from conftest import perfect
from hypothesis import given, settings
from hypothesis import strategies as st

import claimbench
from claimbench.across import Across, Reported, split_change
from claimbench.cli import main
from claimbench.errors import IncomparableError, UsageError

PARTS = ("system", "gold", "scorer", "items")


def with_verification(corpus, change, digest: str = "1" * 64):
    """The corpus with its propositions changed; None leaves one out."""
    changed = tuple(x for x in map(change, corpus.verification) if x is not None)
    return msgspec.structs.replace(corpus, verification=changed, digest=digest)


def spoilt(lines, every: int):
    """The same predictions with every n-th wrong."""
    return [{**x, "label": "conflicting"} if i % every == 0 else x for i, x in enumerate(lines)]


@pytest.fixture(scope="module")
def lines(corpus):
    return [{"id": v.id, "label": v.label} for v in corpus.verification]


@pytest.fixture(scope="module")
def relabelled(corpus):
    """The corpus after an erratum: some labels that said refuted say not_enough_info."""
    count = itertools.count()

    def change(item):
        if item.label == "refuted" and next(count) % 3 == 0:
            return msgspec.structs.replace(item, label="not_enough_info", evidence=())
        return item

    return with_verification(corpus, change)


def accuracy(lines, corpus):
    return claimbench.score("verification", lines, corpus=corpus).metrics["accuracy"].value


def changed(old, new, old_corpus, new_corpus, metrics=("accuracy",), reported=None):
    """What split_change says of verification."""
    return split_change(
        "verification", old, new,
        old_corpus=old_corpus, new_corpus=new_corpus, metrics=metrics, reported=reported,
    )  # fmt: skip


def one(found: Across, name: str = "accuracy"):
    """The parts of a metric, which have to add up."""
    parts = found.metrics[name]
    told = [getattr(parts, part) for part in (*PARTS, "together")]
    assert sum(x for x in told if x is not None) == pytest.approx(parts.after - parts.before)
    assert Across.from_json(found.to_json()) == found
    return parts


def test_only_the_system_changed(lines, corpus):
    """On one corpus all of the change is the system's, with the test that compare gives."""
    new = spoilt(lines, 5)
    parts = one(changed(lines, new, corpus, corpus))
    assert parts.system == pytest.approx(accuracy(new, corpus) - accuracy(lines, corpus))
    assert (parts.gold, parts.items, parts.interaction, parts.scorer) == (0.0, 0.0, 0.0, None)
    reports = [claimbench.score("verification", x, corpus=corpus) for x in (lines, new)]
    compared = claimbench.compare(*reports).metrics["accuracy"].this_benchmark
    assert parts.system_test.low == pytest.approx(compared.low)


def test_only_the_gold_changed(lines, corpus, relabelled):
    """The same predictions on corrected gold: all of the change is the gold's."""
    found = changed(lines, lines, corpus, relabelled)
    parts = one(found)
    assert parts.gold == pytest.approx(accuracy(lines, relabelled) - 1.0)
    assert parts.gold < -0.05
    assert (parts.system, parts.items, found.items_reworded) == (0.0, 0.0, 0)
    assert parts.system_test.p == 1.0


def test_only_the_items_changed(lines, corpus):
    """With items left out, the change is what their absence does to the rest, and nothing else."""
    families = sorted({v.family for v in corpus.verification if v.split == "test"})[::4]
    smaller = with_verification(corpus, lambda x: None if x.family in families else x)
    old = spoilt(lines, 4)
    new = [x for x in old if x["id"] in {v.id for v in smaller.verification}]
    found = changed(old, new, corpus, smaller)
    parts = one(found)
    assert parts.items == pytest.approx(accuracy(new, smaller) - accuracy(old, corpus))
    assert (parts.system, parts.gold) == (0.0, 0.0)
    gone = [v for v in corpus.verification if v.family in families and v.split == "test"]
    assert found.items_removed == len(gone)
    back = changed(new, old, smaller, corpus)
    assert one(back).items == pytest.approx(-parts.items)
    assert (back.items_new, back.items_removed) == (found.items_removed, 0)


def test_only_the_scorer_changed(lines, corpus):
    """A report that says something else than the same predictions score now: the rest is the scorer's."""
    signature = claimbench.score("verification", lines, corpus=corpus).signature
    data = {
        "signature": signature,
        "metrics": {"accuracy": {"value": 0.75, "old": 1}},
        "version": "0.0.1",
        "gone": [],
    }
    reported = msgspec.json.decode(json.dumps(data), type=Reported)
    parts = one(
        changed(lines, lines, corpus, corpus,
                     reported=reported)
    )  # fmt: skip
    assert (parts.before, parts.scorer, parts.system) == (0.75, 0.25, 0.0)
    other = msgspec.structs.replace(reported, signature=signature.replace(corpus.digest[:12], "0" * 12))
    with pytest.raises(IncomparableError, match="another corpus"):
        changed(lines, lines, corpus, corpus, reported=other)


@settings(max_examples=15, deadline=None)
@given(st.integers(2, 9), st.integers(2, 9), st.sampled_from(["accuracy", "macro_f1"]))
def test_the_parts_always_add_up(corpus, relabelled, lines, old_every, new_every, name):
    """System and gold together are the change on shared items, and exchanging old and new negates each."""
    old, new = spoilt(lines, old_every), spoilt(lines, new_every)
    there = one(changed(old, new, corpus, relabelled, metrics=[name]), name)
    back = one(changed(new, old, relabelled, corpus, metrics=[name]), name)
    assert there.system == pytest.approx(-back.system)
    assert there.gold == pytest.approx(-back.gold)
    assert there.interaction == pytest.approx(back.interaction)


def test_what_cannot_be_scored_across_is_said(corpus):
    """Evidence in sentences that the other corpus lacks leaves one path; both ways, none."""
    lines = perfect(corpus, "evidence")
    first, second = corpus.articles[0], corpus.articles[1]
    without = {
        article.id: msgspec.structs.replace(
            corpus, articles=tuple(a for a in corpus.articles if a is not article), digest=article.id * 9,
            verification=tuple(v for v in corpus.verification
                               if not any(s.startswith(article.id) for g in v.evidence for s in g.sentences)),
        )
        for article in (first, second)
    }  # fmt: skip
    own = {
        name: [x for x in lines if x["id"] in {v.id for v in gold.verification}]
        for name, gold in without.items()
    }
    extra = {name: f"{other}#1" for name, other in ((first.id, second.id), (second.id, first.id))}
    cited = {name: [{**x, "evidence": [*x["evidence"], extra[name]]} for x in own[name]] for name in own}
    ends = {"old_corpus": without[first.id], "new_corpus": without[second.id]}
    one_way = split_change("evidence", cited[first.id], own[second.id], **ends)
    assert any("old predictions do not fit the new gold: unknown sentence" in note for note in one_way.notes)
    both_ways = split_change("evidence", cited[first.id], cited[second.id], **ends)
    parts = one(both_ways, "f1")
    assert (parts.system, parts.gold, parts.interaction) == (None, None, None)
    assert parts.together is not None


def test_wrong_requests_are_refused(lines, corpus):
    """An unknown metric and corpora that share nothing are refused."""
    with pytest.raises(UsageError, match="did you mean 'accuracy'"):
        changed(lines, lines, corpus, corpus, metrics=["acuracy"])
    half = with_verification(corpus, lambda x: x if x.family == "v1" else None)
    rest = with_verification(corpus, lambda x: x if x.family != "v1" else None)
    v1 = [x for x in lines if x["id"].startswith("v1-")]
    others = [x for x in lines if not x["id"].startswith("v1-")]
    with pytest.raises(IncomparableError, match="share no item"):
        changed(v1, others, half, rest)


def test_the_command_says_the_parts(lines, corpus, tmp_path, write, capsys):
    """compare --across reads a corpus folder and an old report, and prints every part with a reason."""
    folder = tmp_path / "old"
    shutil.copytree(claimbench.corpus_path(), folder)
    path = folder / "annotation" / "verification.jsonl"
    text = path.read_text(encoding="utf-8").replace('"label": "refuted"', '"label": "not_enough_info"', 40)
    path.write_text(text, encoding="utf-8")
    old, new = write(lines, "old.jsonl"), write(spoilt(lines, 9), "new.jsonl")
    report = str(tmp_path / "old.json")
    assert main(["score", "verification", old, "--corpus", str(folder), "-o", report]) == 0
    capsys.readouterr()
    assert main(["compare", "verification", old, new, "--across", str(folder), "--reported", report]) == 0
    out = capsys.readouterr().out
    for word in (
        "system",
        "gold",
        "items",
        "scorer",
        "shared items",
        "On the new gold the systems differ by",
    ):
        assert word in out
    assert "not separated" not in out
    assert main(["compare", "verification", old, new, "--across", str(folder), "--json"]) == 0
    found = Across.from_json(capsys.readouterr().out.encode())
    assert found.metrics["macro_f1"].gold > 0
    assert "scorer" in found.notes[0]
