"""The judge: what it is asked, what its replies do, its cache, and how it fails."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from judge_server import Answer, completion, failure, serving, verdict
from made import ID, Said, made

import claimbench
from claimbench.cli import main
from claimbench.errors import InputError, ProblemsError
from claimbench.judging.cache import Entry, append, read_cache
from claimbench.judging.comparing import answer_requests, claim_requests
from claimbench.judging.config import JudgeConfig, read_config
from claimbench.judging.endpoint import endpoint
from claimbench.judging.judge import MOST_UNANSWERED, Judge
from claimbench.judging.prompts import INSTRUCTIONS, Reply, Request, answer, claims, read_reply
from claimbench.judging.scoring import score_extraction, score_qa
from claimbench.judging.trust import Confusion, answer_pairs, claim_pairs, confusion, sample
from claimbench.matchers import labelled_pairs
from claimbench.records import QaPrediction

SENTENCE = "Alpha kauft Beta für 5 Millionen Euro."
SAID = (Said(SENTENCE, "Alpha buys Beta for 5 million euros.", (SENTENCE[:-1],)),)
PARAPHRASE = "Künftig gehört Beta ganz dem Konzern Alpha."
DENIAL = "Alpha kauft Beta nicht für 5 Millionen Euro."


@pytest.fixture(scope="module")
def article() -> claimbench.Corpus:
    return made((SENTENCE,), SAID)


@pytest.fixture
def config(tmp_path: Path) -> JudgeConfig:
    return JudgeConfig(
        endpoint="http://127.0.0.1:9/v1",
        model="m",
        cache=str(tmp_path / "cache.jsonl"),
        timeout=5.0,
        retries=0,
        pairs=0,
    )


def at(config: JudgeConfig, url: str, **change: Any) -> Judge:
    """A judge that asks a server."""
    changed = msgspec.structs.replace(config, endpoint=url, **change)
    return Judge(changed, read_cache(changed.cache), endpoint(changed, "secret"))


def replaying(judge: Judge) -> Judge:
    return Judge(judge.config, read_cache(judge.config.cache))


def lines(*texts: str) -> list[dict[str, Any]]:
    return [{"id": ID, "claims": [{"text": text} for text in texts]}]


def entry(config: JudgeConfig, request: Request, match: bool | None, confidence: float = 1.0) -> Entry:
    return Entry(
        key=Judge(config, {}).key(request),
        outcome="malformed" if match is None else "verdict",
        match=match,
        confidence=None if match is None else confidence,
        endpoint=config.endpoint,
        model=config.model,
        parameters=config.sent,
        messages=request.messages,
        reply=None,
    )


def knowing(config: JudgeConfig, known: Iterable[tuple[Request, bool | None]]) -> Judge:
    """A judge that replays these verdicts."""
    entries = (entry(config, request, match) for request, match in known)
    return Judge(config, {x.key: x for x in entries})


def test_a_judged_match_counts_and_is_replayed_without_asking(article, config):
    """A verdict decides a match that likeness misses; the second time it comes from the cache alone."""
    plain = claimbench.score("extraction", lines(PARAPHRASE), corpus=article)
    assert plain.metrics["f1"].value == 0.0
    with serving(lambda number, body: verdict(match=True, confidence=0.9)) as server:
        judge = at(config, server.url)
        report, queue = score_extraction(lines(PARAPHRASE), article, judge=judge)
        asked = len(server.asked)
        again, _ = score_extraction(lines(PARAPHRASE), article, judge=at(config, server.url))
        assert len(server.asked) == asked
    assert report.metrics["f1"].value == 1.0
    assert queue == ()
    assert again == report
    assert score_extraction(lines(PARAPHRASE), article, judge=replaying(judge))[0] == report
    assert f"|judge:{judge.config.digest[:12]}|" in report.signature
    assert "decided 1 comparisons; 0 were inconclusive" in report.notes[0]
    assert report.notes[1].startswith("the judge on pairs that the gold labels: of 0 ")


def test_the_request_is_a_chat_at_temperature_0_with_the_key(article, config):
    """What goes out: path, key, model, parameters, instructions, and both texts as data."""
    with serving(lambda number, body: verdict(match=False)) as server:
        judge = at(config, server.url, parameters={"max_tokens": 50, "seed": 7})
        judge.prepare([claims(PARAPHRASE, SENTENCE)])
    ((headers, body),) = server.asked
    assert headers["authorization"] == "Bearer secret"
    assert {k: v for k, v in body.items() if k != "messages"} == {
        "model": "m", "temperature": 0, "max_tokens": 50, "seed": 7,
    }  # fmt: skip
    system, user = body["messages"]
    assert (system["role"], system["content"]) == ("system", INSTRUCTIONS["claims"])
    assert set(json.loads(user["content"]).values()) == {PARAPHRASE, SENTENCE}


def test_contradictions_equal_texts_and_strangers_are_not_asked_about(article):
    """A judge is asked neither what it could not mend nor what is plain."""
    from claimbench.records import ExtractedClaim, ExtractionPrediction

    def wanted(text: str) -> list[Request]:
        line = ExtractionPrediction(id=ID, claims=(ExtractedClaim(text=text),))
        return list(claim_requests(article, {ID: line}))

    assert wanted(PARAPHRASE) == [claims(SENTENCE, PARAPHRASE)]
    for text in (DENIAL, SENTENCE, "Tulpen blühen.", "Alpha kauft Beta für 6 Millionen Euro."):
        assert wanted(text) == []


def test_a_judge_can_take_a_match_away(article, config):
    """A verdict of no match undoes a match by likeness."""
    near = "Alpha kauft Beta für 5 Millionen Euro, heißt es heute."
    assert claimbench.score("extraction", lines(near), corpus=article).metrics["f1"].value == 1.0
    judge = knowing(config, [(claims(near, SENTENCE), False)])
    assert score_extraction(lines(near), article, judge=judge)[0].metrics["f1"].value == 0.0


def test_a_missing_entry_is_inconclusive_and_never_a_call(article, config):
    """A replay without the entry scores as without a judge, says so, and has nothing to call with."""
    judge = replaying(Judge(config, {}))
    assert judge.ask is None
    report, _ = score_extraction(lines(PARAPHRASE), article, judge=judge)
    assert report.metrics == claimbench.score("extraction", lines(PARAPHRASE), corpus=article).metrics
    assert "decided 0 comparisons; 1 were inconclusive and decided by likeness (1 missing)" in report.notes[0]
    assert not Path(config.cache).exists()


def test_429_is_tried_again_after_what_retry_after_says(config):
    """A request refused for its rate is repeated no sooner than asked, and its reply counts."""
    times = []

    def answered(number: int, body: dict[str, Any]) -> Answer:
        times.append(time.monotonic())
        return failure(429, Retry_After="0.3") if number == 0 else verdict(match=True)

    with serving(answered) as server:
        judge = at(config, server.url, retries=2)
        judge.prepare([claims("a", "b")])
    assert len(times) == 2
    assert times[1] - times[0] >= 0.3
    assert judge.verdict(claims("b", "a")).match
    assert not judge.unanswered


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_fails_for_now_is_inconclusive_and_not_kept(article, config, status):
    """After the last retry an overloaded endpoint leaves no entry, so that the next run asks again."""
    with serving(lambda number, body: failure(status)) as server:
        judge = at(config, server.url)
        report, _ = score_extraction(lines(PARAPHRASE), article, judge=judge)
    assert f"requests without a reply: 1 status {status}" in report.notes[0]
    assert judge.entries == {}
    assert not Path(config.cache).exists()


def test_a_time_out_is_inconclusive(config):
    """An endpoint that does not reply in time is given up on."""
    release = threading.Event()

    def late(number: int, body: dict[str, Any]) -> Answer:
        release.wait(5)
        return verdict(match=True)

    with serving(late) as server:
        judge = at(config, server.url, timeout=0.2)
        judge.prepare([claims("a", "b")])
        release.set()
    assert judge.unanswered == {"time-out": 1}
    assert judge.verdict(claims("a", "b")) is None


def test_a_lost_endpoint_is_given_up_on(config):
    """After some requests in a row without a reply the others are not tried."""
    judge = at(config, config.endpoint, concurrency=1)
    judge.prepare(claims("a", str(i)) for i in range(10 * MOST_UNANSWERED))
    assert judge.unanswered["no connection"] == MOST_UNANSWERED


def test_a_refused_key_ends_the_run(config):
    """What no retry mends is an input error with the endpoint's own message."""
    with serving(lambda number, body: failure(401)) as server, pytest.raises(InputError, match="failure 401"):
        at(config, server.url).prepare([claims("a", "b")])


REPLIES: dict[str, tuple[Answer, str]] = {
    "prose": (completion("They match."), "malformed"),
    "no confidence": (completion('{"match": true}'), "malformed"),
    "match as text": (completion('{"match": "yes", "confidence": 1}'), "malformed"),
    "confidence of 2": (completion('{"match": true, "confidence": 2}'), "malformed"),
    "confidence true": (completion('{"match": true, "confidence": true}'), "malformed"),
    "not a number": (completion('{"match": true, "confidence": NaN}'), "malformed"),
    "a list": (completion("[true, 1]"), "malformed"),
    "half an object": (completion('{"match": tr', finish_reason="length"), "malformed"),
    "nothing": (completion(None), "malformed"),
    "a refusal": (completion(None, refusal="I can't help with that."), "refusal"),
    "filtered": (completion("", finish_reason="content_filter"), "refusal"),
    "filtered before": (failure(400, "content_filter"), "refusal"),
    "fenced": (completion('```json\n{"match": true, "confidence": 0.5}\n```'), "verdict"),
    "with more": (completion(' {"match": true, "confidence": 1, "why": "same"} '), "verdict"),
}


@pytest.mark.parametrize("case", REPLIES)
def test_replies_are_read_for_what_they_are(config, case):
    """A reply is a verdict, a refusal or malformed; all are kept, and only a verdict decides."""
    said, outcome = REPLIES[case]
    request = claims("a", "b")
    with serving(lambda number, body: said) as server:
        judge = at(config, server.url)
        judge.prepare([request])
        judge.prepare([request])
        assert len(server.asked) == 1
    assert judge.tally([request, request]) == {outcome: 1}
    assert (judge.verdict(request) is not None) == (outcome == "verdict")
    assert replaying(judge).entries == judge.entries


@pytest.mark.parametrize(
    "body",
    [
        b"<html>busy</html>",
        b'{"choices": []}',
        b'{"choices": null}',
        b"{}",
        b"[]",
        b'"x"',
        b'{"choices": [{}]}',
        b'{"choices": ["x"]}',
        b'{"choices": [{"message": "x"}]}',
        b"",
    ],
)
@pytest.mark.parametrize("kind", ["application/json", "text/html"])
def test_what_is_no_chat_completion_is_no_reply(config, body, kind):
    """A body that is not of the protocol, as proxies send, is inconclusive and not kept."""
    with serving(lambda number, asked: (200, {"Content-Type": kind}, body)) as server:
        judge = at(config, server.url)
        judge.prepare([claims("a", "b")])
    assert judge.unanswered.total() == 1
    assert judge.entries == {}


def test_the_key_is_of_all_that_decides_a_reply(config):
    """The key changes with endpoint, model, parameters, instructions and texts, and with nothing else."""
    request = claims("a", "b")

    def key(request: Request = request, **change: Any) -> str:
        return Judge(msgspec.structs.replace(config, **change), {}).key(request)

    others = [
        key(endpoint="http://127.0.0.1:8/v1"),
        key(model="n"),
        key(parameters={"temperature": 1}),
        key(claims("a", "c")),
        key(Request("answer", request.content)),
    ]
    assert len({key(), *others}) == 6
    assert key() == key(
        cache="x", timeout=1.0, retries=9, concurrency=1, pairs=1, parameters={"temperature": 0}
    )
    assert key(claims("b", "a")) == key()


def test_verdicts_rank_by_confidence():
    """The score of a verdict is from 0 to 1, above one half where it matches."""

    def score(match: bool, confidence: float) -> float:
        found = read_reply(Reply(json.dumps({"match": match, "confidence": confidence}), None, "stop"))[1]
        assert found is not None
        return found.score

    assert [score(False, 1), score(False, 0.5), score(True, 0.5), score(True, 1)] == [0.0, 0.25, 0.75, 1.0]


def test_many_writers_leave_whole_lines(config):
    """Processes and threads that append at once lose and break nothing, for a reader at any time."""
    script = (
        "import sys, msgspec\n"
        "from claimbench.judging.cache import Entry, append\n"
        "for i in range(100):\n"
        "    name = f'{sys.argv[2]}-{i}'\n"
        "    append(sys.argv[1], Entry(key=name, outcome='refusal', match=None, confidence=None,\n"
        "        endpoint='e', model='m', parameters={}, messages=[], reply='x' * 9000))\n"
    )
    writers = [subprocess.Popen([sys.executable, "-c", script, config.cache, str(i)]) for i in range(3)]
    while any(writer.poll() is None for writer in writers):
        read_cache(config.cache)
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    assert set(read_cache(config.cache)) == {f"{w}-{i}" for w in range(3) for i in range(100)}


def test_an_unfinished_line_is_left_alone_and_a_broken_one_refused(config):
    """What a writer is at work on is not read; half a line before others is refused with its place."""
    first = entry(config, claims("a", "b"), match=True)
    append(config.cache, first)
    append(config.cache, msgspec.structs.replace(first, match=False))
    with open(config.cache, "ab") as file:
        file.write(b'{"key": "half')
    assert read_cache(config.cache) == {first.key: first}
    append(config.cache, first)
    with pytest.raises(ProblemsError, match=r"cache.jsonl:3: no reply of a judge"):
        read_cache(config.cache)


def test_a_replay_needs_no_client(config, write, tmp_path):
    """Without the package openai a replay works, and asking says which extra is missing."""
    judge = tmp_path / "judge.toml"
    judge.write_text('endpoint = "http://127.0.0.1:9/v1"\nmodel = "m"\ncache = "c.jsonl"\n')
    path = write([{"id": "meta-bet-de", "claims": []}])
    code = "import sys; sys.modules['openai'] = None; from claimbench.cli import main; sys.exit(main())"
    args = [sys.executable, "-c", code, "score", "extraction", path, "--judge", str(judge)]

    def run(*more: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*args, *more], capture_output=True, text=True, env=env, check=False)

    assert run("--judge-replay").returncode == 0
    assert run(CI="true").returncode == 0
    asking = run()
    assert asking.returncode == 2
    assert "claimbench[judge]" in asking.stderr


def toml(folder: Path, text: str) -> str:
    path = folder / "judge.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_settings_come_from_the_file(tmp_path):
    """A cache lies beside its file; what is not set has a default."""
    path = toml(tmp_path, 'endpoint = "http://e"\nmodel = "m"\ncache = "c.jsonl"\n[parameters]\nseed = 1\n')
    config = read_config(path)
    assert config.cache == str(tmp_path / "c.jsonl")
    assert config.sent == {"temperature": 0, "seed": 1}
    assert (config.retries, config.concurrency, config.pairs) == (5, 4, 200)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('endpoint = "http://e"\nmodel = "m"\n', "cache"),
        ('endpoint = "http://e"\nmodle = "m"\ncache = "c"\n', "did you mean 'model'?"),
        ('endpoint = "http://e"\nmodel = 3\ncache = "c"\n', "$.model"),
        ('endpoint = "http://e"\nmodel = "m"\ncache = "c"\nconcurrency = 0\n', "$.concurrency"),
        (
            'endpoint = "http://e"\nmodel = "m"\ncache = "c"\n[parameters]\nmessages = 1\n',
            "/parameters/messages",
        ),
        ('endpoint = "http://e"\nmodel = "m"\ncache = "c"\n[parameters]\nseed = nan\n', "/parameters/seed"),
        ("endpoint = ", "not TOML"),
    ],
)
def test_wrong_settings_are_refused(tmp_path, text, said):
    """A setting that is missing, misspelt or of another type is named with its file."""
    path = toml(tmp_path, text)
    with pytest.raises(InputError) as error:
        read_config(path)
    assert str(error.value).startswith(path)
    assert said in str(error.value)


def test_the_command_asks_with_its_key_and_replays_in_ci(corpus, write, tmp_path, monkeypatch, capsys):
    """--judge asks with the key of the variable named; with CI set it makes no call and says so."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("JUDGE_KEY", raising=False)
    gold = next(c for c in corpus.claims if c.article == "meta-bet-de")
    path = write([{"id": "meta-bet-de", "claims": [{"text": f"{gold.text} Und so."}]}])
    with serving(lambda number, body: verdict(match=True)) as server:
        settings = f'endpoint = "{server.url}"\nmodel = "m"\ncache = "c.jsonl"\npairs = 6\n'
        judge = toml(tmp_path, settings + 'api_key_variable = "JUDGE_KEY"\n')
        args = ["score", "extraction", path, "--judge", judge]
        assert main(args) == 2
        assert "'JUDGE_KEY' is not set" in capsys.readouterr().err
        monkeypatch.setenv("CI", "1")
        assert main(args) == 0
        assert not server.asked
        assert "decided 0 comparisons" in capsys.readouterr().out
        monkeypatch.delenv("CI")
        monkeypatch.setenv("JUDGE_KEY", "k")
        assert main(args) == 0
        assert {headers["authorization"] for headers, _ in server.asked} == {"Bearer k"}
    out = " ".join(capsys.readouterr().out.split())
    assert "called a match, 0 not, 0 inconclusive" in out
    assert "|judge:" in out.replace(" ", "")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["verification", "--judge", "x.toml"], "--judge is for extraction and qa"),
        (["qa", "--judge-replay"], "that --judge names"),
        (["qa", "--judge", "x.toml", "--unjudged", "q"], "--unjudged is for extraction"),
        (["qa", "--judge", "x.toml"], "x.toml: no such file"),
    ],
)
def test_options_that_do_not_fit_are_refused(write, capsys, args, said):
    """A judge is for claims and answers, and a replay needs one."""
    assert main(["score", args[0], write([{"id": "x"}]), *args[1:]]) == 2
    assert said in capsys.readouterr().err


def test_answers_are_judged(corpus, config):
    """F1 of an answer is the verdict's; exact answers and other sums are not asked about."""
    question = next(
        q for q in corpus.questions if q.split == "test" and q.kind == "money" and q.language == "de"
    )
    texts = tuple(w for a in question.answers for w in (a.text, *a.variants))

    def asked(given: str) -> list[Request]:
        line = QaPrediction(id=question.id, answer=given)
        return list(answer_requests([question], {question.id: line}))

    wordy = f"Soweit bekannt {texts[0]}, so heißt es."
    assert asked(wordy) == [answer(question.question, texts, wordy)]
    assert asked(texts[0]) == asked("Genau 3 Dollar") == []

    def f1(judge: Judge, given: str | None) -> float | None:
        lines = [{"id": question.id, "answer": given}]
        report = score_qa(lines, corpus, judge)
        assert "|judge:" in report.signature
        return report.metrics["answerable_f1"].value

    right, wrong = (knowing(config, [(asked(wordy)[0], match)]) for match in (True, False))
    nobody = Judge(config, {})
    assert f1(right, wordy) == f1(wrong, texts[0]) == f1(nobody, texts[0])
    assert f1(wrong, wordy) == f1(right, None) == 0.0
    assert 0.0 < f1(nobody, wordy) < f1(right, wordy)


def test_confusion_counts_verdicts_by_gold(corpus, config):
    """Judges that know the gold, agree to everything or say nothing have the matrix one expects."""
    pairs = sample(claim_pairs(corpus, "test"), 60)
    matches = sum(pair.match for pair in pairs)
    right = knowing(config, [(pair.request, pair.match) for pair in pairs])
    assert confusion(right, pairs) == Confusion(matches, 0, 0, 0, 60 - matches, 0)
    yes = knowing(config, [(pair.request, True) for pair in pairs])
    assert confusion(yes, pairs) == Confusion(matches, 0, 0, 60 - matches, 0, 0)
    silent = knowing(config, [(pair.request, None) for pair in pairs[:30]])
    assert confusion(silent, pairs) == Confusion(0, 0, matches, 0, 0, 60 - matches)


def test_the_sample_is_even_and_always_the_same(corpus):
    """A sample takes every sort of pair, does not depend on their order, and grows by adding."""
    pairs = list(claim_pairs(corpus, "test"))
    small, large = sample(pairs, 30), sample(pairs[::-1], 60)
    assert set(small) <= set(large)
    strata = [pair.stratum for pair in small]
    assert set(strata) == {pair.stratum for pair in pairs}
    assert max(map(strata.count, strata)) - min(map(strata.count, strata)) <= 1
    assert len(sample(pairs, 10**6)) == len(pairs)


def test_labelled_answers_are_labelled_right(corpus):
    """A variant is an accepted answer; another question's answer is not scored right by any of its words."""
    from claimbench.tasks.qa import answer_score

    pairs = list(answer_pairs(corpus, "test"))
    assert {pair.match for pair in pairs} == {True, False}
    by_text = {(q.question): q for q in corpus.questions if q.split == "test"}
    for pair in pairs:
        shown = json.loads(pair.request.content)
        exact, _, f1 = answer_score(by_text[shown["question"]], shown["answer"])
        assert (exact and f1 == 1.0) if pair.match else (not exact and not f1), shown


def test_matchers_show_the_judge_from_its_cache(corpus, tmp_path, capsys):
    """claimbench matchers --judge has a row for it: a judge that knows the gold is right on every pair."""
    judge = toml(tmp_path, 'endpoint = "http://e"\nmodel = "m"\ncache = "c.jsonl"\n')
    config = read_config(judge)
    pairs = [p for p in labelled_pairs(corpus) if p.split == "validation"]
    lines = [msgspec.json.encode(entry(config, claims(p.left[0], p.right[0]), p.match)) for p in pairs]
    Path(config.cache).write_bytes(b"\n".join(lines) + b"\n")
    args = ["matchers", "--split", "validation", "--judge", judge, "--judge-replay", "--json"]
    assert main(args) == 0
    out, err = capsys.readouterr()
    rows = [row for row in map(json.loads, out.splitlines()) if row["matcher"] == "judge"]
    assert [row["metrics"]["auroc"]["value"] for row in rows] == [1.0, 1.0]
    assert [row["metrics"]["f1"]["value"] for row in rows] == [1.0, 1.0]
    assert "0 not, 0 inconclusive; of" in err
    assert main(["matchers", "--judge-replay"]) == 2


def test_reports_with_other_judges_are_incomparable(article, config):
    """A report with a judge is not compared with one without."""
    plain = claimbench.score("extraction", lines(SENTENCE), corpus=article)
    judged, _ = score_extraction(lines(SENTENCE), article, judge=Judge(config, {}))
    with pytest.raises(claimbench.ClaimbenchError, match="differ in their judge"):
        claimbench.compare(plain, judged)
