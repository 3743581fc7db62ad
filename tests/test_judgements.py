"""Adjudication: the queue of unjudged claims, decisions read back, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import ID, Said, made

import claimbench
from claimbench.cli import main
from claimbench.errors import ProblemsError
from claimbench.judging.judgements import read_judgements
from claimbench.judging.scoring import score_extraction
from claimbench.records import Judgement
from claimbench.report import Report
from claimbench.tasks.decisions import NONE, Decisions, claim_id

SENTENCES = (
    "Alpha kauft Beta für 5 Millionen Euro.",
    "Der Chef von Delta freut sich über Regen.",
    "Im Garten blühen bunte Tulpen.",
)
SAID = (
    Said(
        "Alpha kauft Beta für 5 Millionen Euro.",
        "Alpha buys Beta for 5 million euros.",
        ("Alpha kauft Beta",),
    ),
    Said(
        "Der Chef von Delta freut sich über Regen.",
        "The head of Delta is glad of rain.",
        ("Delta",),
    ),
)
RIGHT = SAID[0].text
TULIPS = "Tulpen blühen im Garten."
ECHO = "Tulpen blühen im Garten bunt."
MONDAY = "Es war ein langer Montagmorgen."
START = len(SENTENCES[0]) + len(SENTENCES[1]) + 2
GARDEN = {"text": TULIPS, "start": START, "end": START + 29}


@pytest.fixture(scope="module")
def article() -> claimbench.Corpus:
    return made(SENTENCES, SAID)


def line(*claims: dict[str, Any] | str, **more: Any) -> dict[str, Any]:
    return {"id": ID, "claims": [x if isinstance(x, dict) else {"text": x} for x in claims], **more}


def judgement(text: str, said: str | None, matches: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "id": claim_id(ID, text),
        "article": ID,
        "text": text,
        "judgement": said,
        "matches": matches,
        **more,
    }


def decided(*found: dict[str, Any]) -> Decisions:
    return Decisions({x["id"]: msgspec.convert(x, Judgement) for x in found})


def values(report: Report) -> dict[str, float | None]:
    return {name: score.value for name, score in report.metrics.items()}


def scored(
    corpus: claimbench.Corpus, *claims: dict[str, Any] | str, by: Decisions = NONE
) -> dict[str, float | None]:
    return values(score_extraction([line(*claims)], corpus, decisions=by)[0])


def test_the_queue_holds_what_the_gold_does_not_settle(article):
    """A record has the claim, its span and sentence, the nearest gold claims, and no judgement yet."""
    report, queue = score_extraction([line(RIGHT, GARDEN, MONDAY)], article)
    assert [x.text for x in queue] == [MONDAY, TULIPS]
    garden = queue[1]
    assert garden.id == claim_id(ID, TULIPS)
    assert garden.span is not None
    assert garden.span.quote == SENTENCES[2][:-1]
    assert [(x.id, x.text) for x in garden.context] == [(f"{ID}#3", SENTENCES[2])]
    assert {x.id for x in garden.nearest} == {f"{ID}.c1", f"{ID}.c2"}
    assert garden.judgement is None
    assert queue[0].span is None
    assert len(queue[0].context) == 1
    assert (
        report.metrics
        == claimbench.score("extraction", [line(RIGHT, GARDEN, MONDAY)], corpus=article).metrics
    )


def test_the_nearest_claim_of_a_contradiction_comes_first(article):
    """What contradicts a gold claim is no match of it and still stands beside it for adjudication."""
    (other,) = score_extraction([line("Der Chef von Delta freut sich nicht über Regen.")], article)[1]
    assert other.nearest[0].id == f"{ID}.c2"
    assert other.nearest[0].similarity <= 0.5


def test_a_claim_of_several_runs_is_queued_once(article):
    """The queue unites all runs; composition, case and blanks make no other claim."""
    lines = [line(TULIPS, run="a"), line(TULIPS.upper().replace(" ", "  "), MONDAY, run="b")]
    _, queue = score_extraction(lines, article)
    assert len(queue) == 2
    assert claim_id(ID, "Ärger") == claim_id(ID, " a\u0308RGER")
    assert claim_id(ID, "Ärger") != claim_id("other", "Ärger")


def test_a_correct_claim_is_right_and_missing_it_costs_nothing(article):
    """The score with every unjudged claim decided correct is the upper end of the interval before."""
    before = scored(article, RIGHT, TULIPS, MONDAY)
    after = scored(
        article, RIGHT, TULIPS, MONDAY, by=decided(judgement(TULIPS, "correct"), judgement(MONDAY, "correct"))
    )
    assert after["f1"] == before["f1_if_unjudged_right"] == after["f1_if_unjudged_right"] > before["f1"]
    assert after["precision"] == before["precision_if_unjudged_right"] == 1.0
    assert after["groundedness"] == 1.0
    assert after["unjudged_rate"] == 0.0
    assert after["coverage"] == before["coverage"]
    without = decided(judgement(TULIPS, "correct"))
    assert scored(article, RIGHT, by=without) == scored(article, RIGHT)


def test_a_claim_judged_correct_keeps_its_span(article):
    """Its span counts as given, while exactness is of spans that the gold has a place for."""
    placed = {"text": RIGHT, "start": 0, "end": len("Alpha kauft Beta")}
    by = decided(judgement(TULIPS, "correct"), judgement(MONDAY, "correct"))
    before, after = scored(article, placed, GARDEN), scored(article, placed, GARDEN, by=by)
    assert before["span_given"] == after["span_given"] == 1.0
    assert after["precision"] == 1.0
    assert all(
        before[name] == after[name] for name in ("span_exact", "span_precision", "span_recall", "span_f1")
    )
    assert scored(article, placed, MONDAY, by=by)["span_given"] == 0.5


@pytest.mark.parametrize("said", ["wrong", "not_a_claim"])
def test_a_wrong_claim_is_wrong_and_no_longer_unjudged(article, said):
    """After a verdict against a claim the interval closes at its lower end."""
    before = scored(article, RIGHT, TULIPS)
    after = scored(article, RIGHT, TULIPS, by=decided(judgement(TULIPS, said)))
    assert after["f1"] == after["f1_if_unjudged_right"] == before["f1"]
    assert after["unjudged_rate"] == 0.0
    assert after["groundedness"] == 0.5


def test_a_claim_that_matches_is_matched_once(article):
    """A claim decided to state a gold claim is its match, or a repeat where another is the better match."""
    by = decided(judgement(TULIPS, "matches", f"{ID}.c2"), judgement(MONDAY, "matches", f"{ID}.c1"))
    alone = scored(article, TULIPS, by=by)
    assert (alone["recall"], alone["precision"], alone["coverage"]) == (0.5, 1.0, 0.5)
    beside = scored(article, RIGHT, MONDAY, by=by)
    assert (beside["recall"], beside["precision"], beside["duplicate_rate"]) == (0.5, 0.5, 0.5)


def test_repeating_a_correct_claim_does_not_pay(article):
    """Wordings of one correct claim, decided one by one or not at all, count as one match."""
    both = decided(judgement(TULIPS, "correct"), judgement(ECHO, "correct"))
    for by in (both, decided(judgement(TULIPS, "correct"))):
        found = scored(article, RIGHT, TULIPS, ECHO, by=by)
        assert found["precision"] == pytest.approx(2 / 3)
        assert found["duplicate_rate"] == pytest.approx(1 / 3)
        assert found["groundedness"] == 1.0
        assert found["unjudged_rate"] == 0.0


def test_decisions_leave_alone_what_the_gold_settles(article):
    """A decision on a claim that the gold matches or holds changes nothing, whatever it says."""
    for said, matches in (("wrong", None), ("correct", None), ("matches", f"{ID}.c2")):
        for text in (RIGHT, "Alpha kauft Beta."):
            by = decided(judgement(text, said, matches))
            assert scored(article, text, TULIPS, by=by) == scored(article, text, TULIPS)


@given(st.lists(st.sampled_from([RIGHT, TULIPS, ECHO, MONDAY]), max_size=6), st.data())
def test_decisions_keep_scores_within_the_interval(texts, data):
    """Whatever is decided of unjudged claims, F1 stays between its two ends of before."""
    corpus = made(SENTENCES, SAID)
    said = st.sampled_from(["correct", "wrong", "not_a_claim", None])
    by = decided(*(judgement(t, s) for t in (TULIPS, ECHO, MONDAY) if (s := data.draw(said)) is not None))
    before, after = scored(corpus, *texts), scored(corpus, *texts, by=by)
    assert before["f1"] <= after["f1"] <= after["f1_if_unjudged_right"] <= before["f1_if_unjudged_right"]


def test_what_is_decided_leaves_the_queue(article):
    """Decided claims are not queued again; the rest is."""
    by = decided(judgement(TULIPS, "wrong"))
    assert [x.text for x in score_extraction([line(TULIPS, MONDAY)], article, decisions=by)[1]] == [MONDAY]


def test_the_signature_names_the_decisions(article, write):
    """The signature holds a digest that changes with a decision, not with notes or order."""
    one, two = judgement(TULIPS, "wrong"), judgement(MONDAY, "correct")

    def signed(*found: dict[str, Any]) -> str:
        by = read_judgements([write(list(found), "d.jsonl")], article)
        return score_extraction([line(TULIPS)], article, decisions=by)[0].signature

    assert "judgements" not in score_extraction([line(TULIPS)], article)[0].signature
    assert f"|judgements:{decided(one, two).digest[:12]}|" in signed(one, two)
    assert signed(one, two) == signed(two, {**one, "note": "why"})
    assert signed(one, two) != signed(one, {**two, "judgement": "wrong"})


REFUSED = {
    "another article": (judgement(TULIPS, "wrong", article="alpha-buys-d"), "/article", "did you mean"),
    "an edited text": ({**judgement(TULIPS, "wrong"), "text": "Rosen."}, "/id", "expected 'alpha-buys-de.u"),
    "an unknown gold id": (judgement(TULIPS, "matches", f"{ID}.c9"), "/matches", "unknown claim"),
    "no gold id": (judgement(TULIPS, "matches"), "/matches", "got none"),
    "a gold id too many": (judgement(TULIPS, "wrong", f"{ID}.c1"), "/matches", "expected null"),
    "a text that has gone": (
        judgement(TULIPS, "wrong", span={"start": 0, "end": 6, "quote": "Im Gar"}), "/span/quote", "0–6",
    ),
    "a made-up judgement": (judgement(TULIPS, "right"), "/judgement", "right"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_stale_and_broken_decisions_are_refused_in_place(article, write, case):
    """A decision that does not fit is refused with file, line and pointer, and none of the others is used."""
    record, pointer, said = REFUSED[case]
    path = write([judgement(MONDAY, "wrong"), record])
    with pytest.raises(ProblemsError) as error:
        read_judgements([path], article)
    assert f"{path}:2 {pointer}" in str(error.value)
    assert said in str(error.value)


def test_a_gold_claim_of_another_article_is_refused(corpus, write):
    """A claim matches gold claims of its own article only."""
    first, second = corpus.articles[:2]
    theirs = next(claim.id for claim in corpus.claims if claim.article == second.id)
    name = claim_id(first.id, TULIPS)
    found = {**judgement(TULIPS, "matches", theirs), "id": name, "article": first.id}
    with pytest.raises(ProblemsError, match=f"/matches: unknown claim of {first.id} '{theirs}'"):
        read_judgements([write([found])], corpus)


def test_conflicting_decisions_are_refused_and_equal_ones_are_not(article, write):
    """A claim decided twice, in one file or two, must be decided alike; the message names both places."""
    one = write([judgement(TULIPS, "wrong")], "one.jsonl")
    same = write([judgement(MONDAY, None), judgement(TULIPS, "wrong", note="again")], "same.jsonl")
    other = write([judgement(TULIPS, "correct")], "other.jsonl")
    assert list(read_judgements([one, same], article).by_id) == [claim_id(ID, TULIPS)]
    with pytest.raises(
        ProblemsError, match=r"other.jsonl:1 /judgement: .* 'correct' here, but 'wrong' at .*one"
    ):
        read_judgements([one, other], article)


def test_the_round_trip_on_the_command_line(corpus, write, tmp_path, capsys):
    """--unjudged writes a queue that validates; decided, --judgements reads it and closes the interval."""
    first = corpus.articles[0]
    claims = [{"text": "Ein völlig anderer Satz über Tulpen.", "start": 0, "end": 9}]
    predictions = write([{"id": first.id, "claims": claims}])
    queue = tmp_path / "queue.jsonl"
    assert main(["score", "extraction", predictions, "--unjudged", str(queue)]) == 0
    assert "1 unjudged claim" in capsys.readouterr().err
    assert main(["validate", str(queue), "--as", "judgement"]) == 0
    record = json.loads(queue.read_text(encoding="utf-8"))
    done = write([{**record, "judgement": "correct"}], "done.jsonl")
    capsys.readouterr()
    args = ["score", "extraction", predictions, "--judgements", done, "--json", "--unjudged", str(queue)]
    assert main(args) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["metrics"]["precision"]["value"] == 1.0
    assert "|judgements:" in report["signature"]
    assert queue.read_bytes() == b""


def test_judgements_are_for_extraction_only(write, capsys):
    """--judgements on another task is a usage error, and a broken file leaves no queue behind."""
    path = write([judgement(TULIPS, "wrong")])
    assert main(["score", "qa", path, "--judgements", path]) == 2
    assert "--judgements is for extraction" in capsys.readouterr().err


def test_validate_finds_decisions_that_contradict_themselves(write, capsys):
    """validate --as judgement finds a wrong id and a gold claim named for no reason."""
    path = write([{**judgement(TULIPS, "wrong", f"{ID}.c1"), "id": f"{ID}.u0123456789ab"}])
    assert main(["validate", path, "--as", "judgement"]) == 1
    out = capsys.readouterr().out
    assert "/id" in out
    assert "/matches" in out


def test_reports_with_other_decisions_are_incomparable(article):
    """Two reports are compared only where the same decisions went into both."""
    plain = score_extraction([line(RIGHT)], article)[0]
    by = score_extraction([line(RIGHT)], article, decisions=decided(judgement(TULIPS, "wrong")))[0]
    with pytest.raises(claimbench.ClaimbenchError, match="differ in their judgements"):
        claimbench.compare(plain, by)
