"""Stage loss: every claim is lost where it should be, once, and nowhere else."""

from __future__ import annotations

import json
import random

import numpy as np
import pytest
from conftest import perfect

import claimbench
from claimbench.cli import main
from claimbench.errors import UsageError
from claimbench.stages.claims import followed
from claimbench.tasks import NAMES


@pytest.fixture(scope="module")
def lines(corpus):
    return {task: perfect(corpus, task) for task in NAMES}


@pytest.fixture(scope="module")
def claims(corpus):
    return followed(corpus, "test")


def spoilt(lines, ids, **change):
    """The lines with those of some ids changed."""
    return [{**line, **change} if line["id"] in ids else line for line in lines]


def lost(found, stage):
    return {(fate.article, fate.fact) for fate in found.claims if fate.lost_at == stage}


def test_what_is_followed_is_one_claim_an_article_and_fact(corpus, claims):
    """Claims that a desk would check, of test facts, each once however often its article says it."""
    worthy = {
        (c.article, c.fact)
        for c in corpus.claims
        if c.checkworthiness == 2 and not c.presupposed and corpus.fact_by_id[c.fact].split == "test"
    }
    assert {(x.article, x.fact) for x in claims} == worthy
    assert len(claims) == len(worthy) > 50
    assert any(len(x.sentences) > 1 for x in claims)
    assert any(not x.propositions for x in claims)


def test_a_perfect_pipeline_loses_nothing(corpus, lines, claims):
    """With gold for predictions all claims are kept, and the shares say so."""
    found = claimbench.stage_loss(lines, corpus=corpus)
    assert found.given == NAMES
    assert found.skipped == ()
    assert (found.total.kept, found.total.kept_share.value) == (len(claims), 1.0)
    assert all((stage.lost, stage.share.value) == (0, 0.0) for stage in found.total.stages)
    asked = sum(bool(x.propositions and x.questions) for x in claims)
    assert 0 < found.total.kept_asked <= asked
    assert claimbench.StageLoss.from_json(found.to_json()) == found


def test_each_stage_loses_the_claims_it_fails(corpus, lines, claims):
    """An unflagged sentence, an unmatched claim, wrong evidence, verdict or answer: each costs its claims."""
    claim = next(x for x in claims if len(x.sentences) == 1 and x.propositions and x.questions)
    mine = {(claim.article, claim.fact)}
    article = next(x for x in lines["extraction"] if x["id"] == claim.article)
    wordings = {c.text for c in corpus.claims if c.article == claim.article and c.fact == claim.fact}
    others = [c for c in article["claims"] if c["text"] not in wordings]
    changes = {
        "detection": ({claim.sentences[0]}, {"label": False}),
        "extraction": ({claim.article}, {"claims": others}),
        "evidence": ({claim.propositions[0]}, {"evidence": []}),
        "verification": ({claim.propositions[0]}, {"label": "conflicting"}),
        "qa": ({claim.questions[0]}, {"answer": "Atlantis"}),
    }
    of = {"evidence": "propositions", "verification": "propositions", "qa": "questions"}
    evidence = {v.id for v in corpus.verification if v.evidence}
    changes["evidence"] = ({next(p for p in claim.propositions if p in evidence)}, {"evidence": []})
    for stage, (ids, change) in changes.items():
        found = claimbench.stage_loss({**lines, stage: spoilt(lines[stage], ids, **change)}, corpus=corpus)
        assert lost(found, stage) >= mine, stage
        if stage == "detection":
            expected = {(x.article, x.fact) for x in claims if set(x.sentences) == ids}
        elif stage in of:
            expected = {(x.article, x.fact) for x in claims if ids & set(getattr(x, of[stage]))}
        else:
            expected = mine
        assert lost(found, stage) == expected, stage
        assert found.total.kept == len(claims) - len(expected)


def test_a_claim_is_lost_once_at_the_first_failing_stage(corpus, lines, claims):
    """Where every stage fails, all claims are lost at the first one given; reached and lost add up."""
    draw = random.Random(0)
    bad = {task: [{"id": line["id"], "abstain": True} for line in lines[task]] for task in NAMES}
    for first in range(4):
        given = {task: bad[task] for task in NAMES[first:]}
        found = claimbench.stage_loss(given, corpus=corpus)
        asked = len(claims) if first < 2 else found.total.stages[0].asked
        assert found.total.stages[0].lost == asked
    mixed = {task: [x for x in lines[task] if draw.random() < 0.8] for task in NAMES}
    total = claimbench.stage_loss(mixed, corpus=corpus).total
    left = len(claims)
    for stage in total.stages:
        assert stage.reached == left
        assert stage.lost <= stage.asked <= stage.reached
        left -= stage.lost
    assert left == total.kept
    assert sum(x.share.value for x in total.stages) + total.kept_share.value == pytest.approx(1.0)
    assert all(x.share.intervals.this_benchmark is not None for x in total.stages)


def test_languages_are_those_of_the_articles(corpus, lines, claims):
    """Slices add up to the whole, and items in another language than the article's decide nothing."""
    english = {x["id"] for task in ("verification", "qa") for x in lines[task] if x["id"].endswith("-en")}
    change = {task: spoilt(lines[task], english, abstain=True) for task in ("verification", "qa")}
    assert claimbench.stage_loss({**lines, **change}, corpus=corpus).total.kept == len(claims)
    dutch = {x["id"] for x in lines["verification"] if x["id"].endswith("-nl")}
    found = claimbench.stage_loss(
        {**lines, "verification": spoilt(lines["verification"], dutch, abstain=True)}, corpus=corpus
    )
    german, in_dutch = found.languages
    assert (german.language, in_dutch.language) == ("de", "nl")
    assert german.kept == german.claims
    assert in_dutch.stages[3].lost == in_dutch.stages[3].asked > 0
    for part in (lambda x: x.claims, lambda x: x.kept, lambda x: x.kept_asked, lambda x: x.stages[3].lost):
        assert sum(map(part, found.languages)) == part(found.total)


def test_a_repeat_of_a_claim_may_be_flagged_in_its_stead(corpus, lines, claims):
    """A claim that its article states twice is detected where either sentence is flagged."""
    claim = next(x for x in claims if len(x.sentences) > 1)
    for sentence in claim.sentences:
        rest = set(claim.sentences) - {sentence}
        found = claimbench.stage_loss(
            {**lines, "detection": spoilt(lines["detection"], rest, label=False)}, corpus=corpus
        )
        assert (claim.article, claim.fact) not in lost(found, "detection")


def test_a_proposition_over_several_facts_counts_for_each(corpus, lines, claims):
    """Its wrong verdict loses the claims of all its facts."""
    by_id = {v.id: v for v in corpus.verification}
    both = {}
    for claim in claims:
        for item in claim.propositions:
            both.setdefault(item, set()).add((claim.article, claim.fact))
    item = next(x for x, known in both.items() if len({fact for _, fact in known}) > 1)
    assert len(by_id[item].facts) > 1
    change = spoilt(lines["verification"], {item}, label="conflicting")
    found = claimbench.stage_loss({"verification": change, "qa": lines["qa"]}, corpus=corpus)
    assert lost(found, "verification") == both[item]


def test_a_stage_without_an_item_on_a_claim_is_not_asked(corpus, lines, claims):
    """Claims that no proposition or question asks about pass, and the result says for which stages."""
    nothing = [{"id": x["id"], "abstain": True} for x in lines["verification"]]
    found = claimbench.stage_loss({"verification": nothing, "qa": lines["qa"]}, corpus=corpus)
    without = {(x.article, x.fact) for x in claims if not x.propositions}
    kept = [x for x in found.claims if x.lost_at is None]
    assert {(x.article, x.fact) for x in kept} == without
    assert all("verification" in x.not_asked for x in kept)
    assert found.skipped == ("detection", "extraction", "evidence")
    assert "taken as perfect: detection, extraction, evidence" in found.explain()


def test_scores_are_flagged_from_the_threshold(corpus, lines, claims):
    """A score that reaches the threshold flags its sentence; without a threshold labels decide."""
    scored = [{"id": x["id"], "score": 0.7 if x["label"] else 0.2} for x in lines["detection"]]
    given = {**lines, "detection": scored}
    assert claimbench.stage_loss(given, corpus=corpus, threshold=0.7).total.kept == len(claims)
    found = claimbench.stage_loss(given, corpus=corpus, threshold=0.71)
    assert found.total.stages[0].lost == len(claims)
    assert "from a score of 0.71" in found.explain()
    assert "threshold:0.71" in found.signature
    with pytest.raises(UsageError, match="from which score"):
        claimbench.stage_loss(given, corpus=corpus)
    labels = [{"id": x["id"], "label": x["label"]} for x in lines["detection"]]
    with pytest.raises(UsageError, match="leave out the threshold"):
        claimbench.stage_loss({**lines, "detection": labels}, corpus=corpus, threshold=0.5)


def test_order_of_lines_does_not_matter(corpus, lines):
    """The same lines in another order give the same bytes."""
    kept = {task: x[: len(x) * 2 // 3] for task, x in lines.items()}
    mixed = {task: random.Random(1).sample(x, len(x)) for task, x in kept.items()}
    found = [claimbench.stage_loss(x, corpus=corpus).to_json() for x in (kept, mixed)]
    assert found[0] == found[1]


def test_what_cannot_be_followed_is_refused(corpus, lines):
    """A single task, an unknown one, several runs and a threshold without detection are usage errors."""
    two = {task: lines[task] for task in ("verification", "qa")}
    with pytest.raises(UsageError, match="at least two"):
        claimbench.stage_loss({"qa": lines["qa"]}, corpus=corpus)
    with pytest.raises(UsageError, match="did you mean 'detection'"):
        claimbench.stage_loss({**two, "detektion": []}, corpus=corpus)
    for threshold in (0.5, float("nan")):
        with pytest.raises(UsageError, match="threshold"):
            claimbench.stage_loss(two, corpus=corpus, threshold=threshold)
    runs = [{**x, "run": run} for x in lines["qa"] for run in "ab"]
    with pytest.raises(UsageError, match="hold 2 runs"):
        claimbench.stage_loss({**two, "qa": runs}, corpus=corpus)
    one = claimbench.stage_loss({**two, "qa": runs}, corpus=corpus, runs={"qa": "b"})
    assert one == claimbench.stage_loss(two, corpus=corpus)


def test_the_command_prints_a_waterfall(lines, write, capsys, monkeypatch):
    """stages prints what is lost where within 80 columns, and with --json what Python gives."""
    monkeypatch.setenv("COLUMNS", "80")
    files = {task: write(lines[task][::2], f"{task}.jsonl") for task in NAMES}
    options = [x for task, path in files.items() for x in (f"--{task}", path)]
    assert main(["stages", *options]) == 0
    out = capsys.readouterr().out
    assert all(len(line) <= 80 for line in out.splitlines() if not line.startswith("stages:"))
    for word in ("reached", "lost here", "kept", "de (", "nl (", "stages:"):
        assert word in out
    assert main(["stages", *options, "--json"]) == 0
    found = claimbench.StageLoss.from_json(capsys.readouterr().out.encode())
    assert found == claimbench.stage_loss(files)


def test_exit_codes_of_the_command(lines, write, capsys):
    """One stage, two '-', a missing file, a bad line and an unknown run exit 2 and say what is wrong."""
    qa, verdicts = write(lines["qa"], "qa.jsonl"), write(lines["verification"], "v.jsonl")
    broken = write(json.dumps({"id": "q1-xx", "answer": "x"}) + "\n", "broken.jsonl")
    cases = {
        "at least two": ["--qa", qa],
        "standard input": ["--qa", "-", "--verification", "-"],
        "no such file": ["--qa", qa, "--verification", qa + "x"],
        "broken.jsonl:1 /id: unknown id": ["--qa", broken, "--verification", verdicts],
        "no run or system 'b'": ["--qa", f"{qa}@b", "--verification", verdicts],
    }
    for words, options in cases.items():
        assert main(["stages", *options]) == 2
        assert words in capsys.readouterr().err


def test_shares_have_the_jackknife_over_components(corpus, lines, claims):
    """The interval of a share is that of leaving out all claims of one component at a time."""
    kept = {task: lines[task][::3] for task in NAMES}
    found = claimbench.stage_loss(kept, corpus=corpus)
    assert {x.cluster for x in found.claims} == {corpus.fact_by_id[x.fact].component for x in claims}
    interval = found.total.stages[0].share.intervals.this_benchmark
    assert interval.clusters == len({x.cluster for x in found.claims})
    losses = np.array([x.lost_at == "detection" for x in found.claims])
    assert interval.low < losses.mean() < interval.high
