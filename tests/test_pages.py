"""What pages are made of: safe text, a policy that holds, and items that agree with the score."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import unicodedata
from pathlib import Path

import msgspec
import numpy as np
import pytest
from conftest import imported
from hypothesis import given
from hypothesis import strategies as st

import claimbench
from claimbench.cli import html, main
from claimbench.pages import Section, comparison_page, corpus_page, kept_page, report_page
from claimbench.pages.calibration import LEAST_ITEMS, reliability, risk_coverage
from claimbench.pages.comparison import Side
from claimbench.pages.entries import entries
from claimbench.pages.pairing import row_entries, side_by_side
from claimbench.pages.passes import read_passes
from claimbench.pages.rendering import embedded
from claimbench.pages.shown import Cut, Odd, shown
from claimbench.reading.corpus import corpus_path
from claimbench.report import Run
from claimbench.scoring import scored
from claimbench.stats.estimators import from_fixed
from claimbench.systems import load_system, predict
from claimbench.tasks import NAMES

PASSES = corpus_path() / "annotation" / "passes"
ANY_TEXT = st.text(st.characters(), max_size=200)


@pytest.fixture(scope="module")
def results(corpus):
    """Scored predictions by (task, system), with some lines left out, abstaining and invalid."""
    found = {}
    for system in ("tfidf", "majority"):
        for task in NAMES:
            lines = predict(task, load_system(system), corpus)
            lines[1:4] = [{"id": line["id"], flag: True} for line, flag in
                          zip(lines[2:4], ("abstain", "invalid"), strict=True)]  # fmt: skip
            found[task, system] = scored(task, lines, corpus=corpus)
    return found


@given(ANY_TEXT, st.integers(1, 300))
def test_shown_text_loses_nothing_but_what_it_counts(text, most):
    """The pieces of a shown text are the text: hidden characters by code point, the rest by its length."""
    found = shown(text, most)
    pieces = (found,) if isinstance(found, str) else found
    again = "".join(
        p if isinstance(p, str) else chr(int(p.odd[2:], 16)) if isinstance(p, Odd) else "" for p in pieces
    )
    assert again == text[:most]
    assert sum(p.cut for p in pieces if isinstance(p, Cut)) == max(0, len(text) - most)


@given(ANY_TEXT)
def test_no_hidden_character_is_shown_as_itself(text):
    """Controls, direction marks, surrogates and unassigned characters never stay in a plain piece."""
    found = shown(text)
    for piece in (found,) if isinstance(found, str) else found:
        if isinstance(piece, str):
            assert all(c in "\n\t" or unicodedata.category(c)[0] != "C" for c in piece)


@given(st.dictionaries(ANY_TEXT.filter(lambda s: s.isprintable()), st.text(max_size=50)))
def test_embedded_data_is_json_that_cannot_end_its_element(data):
    """Data reads back as it was and holds no character that HTML or an old JavaScript parser acts on."""
    text = embedded(data)
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == data


def _pages(corpus, results) -> dict[str, bytes]:
    a, b = results["qa", "majority"], results["qa", "tfidf"]
    found = claimbench.compare(a.report, b.report)
    return {
        "report": report_page([Section(b, {"majority": a.report})], "a report"),
        "comparison": comparison_page(found, Side("a", a.report, a), Side("b", b.report, b), corpus),
        "corpus": corpus_page(corpus, PASSES),
        "kept": kept_page(a.report, "report.json"),
    }


def test_the_policy_names_the_one_script_and_the_one_style(corpus, results):
    """Of each page the policy allows exactly its own script and style by hash, and no request."""
    for page in _pages(corpus, results).values():
        text = page.decode()
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1].replace("&#39;", "'")
        for tag, directive in (("script", "script-src"), ("style", "style-src")):
            found = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
            digest = base64.b64encode(hashlib.sha256(found[0].encode()).digest()).decode()
            assert len(found) == 1
            assert f"{directive} 'sha256-{digest}';" in policy
        assert policy.startswith("default-src 'none';")
        outside = re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
        assert not re.search(r"""(src|href)\s*=\s*["']?(https?:)?//|url\(|@import""", outside)


def test_the_same_input_gives_the_same_page(corpus, results):
    """Pages hold no time, path or random name."""
    assert _pages(corpus, results) == _pages(corpus, results)


@pytest.mark.parametrize("system", ["tfidf", "majority"])
@pytest.mark.parametrize("task", NAMES)
def test_items_are_right_where_the_score_counts_them(results, task, system):
    """What a page calls right, wrong or partly right adds up to the counts the score is made of."""
    result = results[task, system]
    found = entries(result, next(iter(result.predictions)))
    table = result.report.items
    total = dict(zip(table.columns, np.array(table.rows).sum(axis=0).tolist(), strict=True))
    score = sum(entry.score or 0.0 for entry in found)
    if task == "extraction":
        gold = [entry for entry in found if "system-" not in entry.key]
        lone = [entry for entry in found if "system-" in entry.key]
        assert sum(entry.right is True for entry in gold) == total["tp"]
        assert sum(entry.right is False for entry in gold) == total["fn"]
        assert sum(entry.right is False for entry in lone) == total["fp"]
    elif task == "detection":
        assert sum(entry.outcome == "found" for entry in found) == total["tp"]
        assert sum(entry.outcome == "false alarm" for entry in found) == total["fp"]
    else:
        wanted = {"verification": "correct", "evidence": "complete@5", "qa": "f1"}[task]
        fixed = float(from_fixed(np.array(total["f1"]))) if task == "qa" else total[wanted]
        assert score == pytest.approx(fixed)
        assert len(found) == total["items"]


@pytest.mark.parametrize("task", NAMES)
def test_marks_lie_inside_their_articles(results, corpus, task):
    """Every mark is a stretch of an existing article, and item ids are unique on the page."""
    result = results[task, "tfidf"]
    found = entries(result, next(iter(result.predictions)))
    for mark in (mark for entry in found for mark in entry.marks):
        assert 0 <= mark.start < mark.end <= len(corpus.article_by_id[mark.article].text)
    assert len({entry.key for entry in found}) == len(found)


@pytest.mark.parametrize("task", NAMES)
def test_a_system_gains_nothing_against_itself(results, task):
    """Side by side with itself a system has no item gained, lost or changed."""
    result = results[task, "tfidf"]
    mine = entries(result, next(iter(result.predictions)))
    assert {entry.change for entry in side_by_side(mine, mine)} == {"same"}


def test_gained_less_lost_is_the_difference(results):
    """Items gained less items lost is the difference of right items, from predictions or reports alike."""
    a, b = (results["verification", system] for system in ("majority", "tfidf"))
    right = [sum(e.right for e in entries(x, next(iter(x.predictions)))) for x in (a, b)]
    for sides in (
        [entries(x, next(iter(x.predictions))) for x in (a, b)],
        [row_entries(x.corpus, "verification", x.report.items) for x in (a, b)],
    ):
        changes = [entry.change for entry in side_by_side(*sides)]
        assert changes.count("gained") - changes.count("lost") == right[1] - right[0]
        first = next(i for i, change in enumerate(changes) if change in ("changed", "same"))
        assert not {"gained", "lost"} & set(changes[first:])


@pytest.mark.parametrize("task", NAMES)
def test_reports_without_predictions_compare_by_their_counts(results, task, corpus):
    """A comparison of two reports shows counts per item and says that the answers are not in a report."""
    a, b = (results[task, system].report for system in ("majority", "tfidf"))
    found = claimbench.compare(a, b)
    page = comparison_page(found, Side("a", a, None), Side("b", b, None), corpus).decode()
    assert "Compare prediction files to read the answers" in page


def test_a_report_with_an_unknown_item_shows_its_id(results, corpus):
    """An edited report cannot break the page: an id that the corpus lacks stands for itself."""
    items = results["qa", "tfidf"].report.items
    odd = "\u202enone"
    edited = msgspec.structs.replace(items, ids=(odd, *items.ids[1:]))
    assert row_entries(corpus, "qa", edited)[0].title == (Odd("U+202E"), "none")


def test_a_comparison_refuses_another_corpus(results, corpus):
    """Items of another corpus than the reports' are never shown as theirs."""
    from msgspec.structs import replace

    report = results["qa", "tfidf"].report
    other = replace(corpus, digest="0" * 64)
    side = Side("a", report, None)
    with pytest.raises(claimbench.ClaimbenchError, match="--corpus"):
        comparison_page(claimbench.compare(report, report), side, side, other)


def test_curves_say_why_they_are_not_drawn():
    """With too few items, clusters or confidences there is a reason instead of a curve."""
    few = np.linspace(0, 1, LEAST_ITEMS)
    names = tuple(str(i) for i in range(LEAST_ITEMS))
    right = (few > 0.5).astype(np.int64)
    assert "20 items from 10 clusters" in reliability(few, right, names).why_not
    assert "there are 20 from 20" in risk_coverage(few, 1.0 - right, names).why_not
    many, one = np.tile(few, 10), ("a",) * (10 * LEAST_ITEMS)
    assert "0 of 5" in reliability(many, np.tile(right, 10), one).why_not
    assert "200 from 1" in risk_coverage(many, 1.0 - np.tile(right, 10), one).why_not
    assert "no confidence" in reliability(few[:0], right[:0], ()).why_not
    flat = risk_coverage(np.full(100, 0.5), np.ones(100), tuple(map(str, range(100))))
    assert "same confidence" in flat.why_not


def test_a_calibrated_system_lies_on_the_diagonal():
    """Right answers in the share of the confidence give points on the diagonal, inside their intervals."""
    random = np.random.default_rng(1)
    confidence = random.uniform(0, 1, 2000)
    right = (random.uniform(0, 1, 2000) < confidence).astype(np.int64)
    curve = reliability(confidence, right, tuple(str(i % 100) for i in range(2000)))
    assert len(curve.bins) == 5
    assert sum(b.items for b in curve.bins) == 2000
    assert all(abs(b.right - b.confidence) < 0.06 for b in curve.bins)
    assert all(b.interval.low < b.right < b.interval.high for b in curve.bins)


def test_risk_at_full_coverage_is_the_mean_loss():
    """The last point is the loss of everything; answers of one confidence are taken together."""
    confidence = np.repeat([0.9, 0.6, 0.3], 30)
    loss = np.concatenate([np.zeros(30), np.full(30, 0.5), np.ones(30)])
    curve = risk_coverage(confidence, loss, tuple(map(str, range(90))))
    assert curve.points == ((30 / 90, 0.0), (60 / 90, 0.25), (1.0, 0.5))


def test_passes_are_matched_with_the_gold_by_their_words(corpus):
    """Where the numbers of pass and gold drift apart, the words still bring them together."""
    passes = read_passes(corpus, PASSES)
    claim = next(c for c in corpus.claims if c.id == "meta-deal-de.c9")
    assert all(q in claim.spans[0].quote for q in passes.claims[claim.id]["a"].quotes)
    assert len(passes.claims) > 0.95 * len(corpus.claims)
    lines = sum(
        len((PASSES / f"{name}.jsonl").read_bytes().splitlines())
        for name in ("claims-differences", "claims-decisions", "items-decisions")
    )
    assert len(passes.settled) == lines


def test_score_without_a_page_imports_no_templates(write, corpus):
    """Only --html loads the template engine."""
    item = next(v for v in corpus.verification if v.split == "test")
    path = write([{"id": item.id, "label": "refuted"}])
    assert imported(["score", "verification", path], {"jinja2"}) == set()


def test_a_page_does_without_trivial_systems(write, corpus, monkeypatch, tmp_path):
    """Where no trivial system is installed, the page says so in the floors' place."""
    import claimbench.systems

    monkeypatch.setattr(claimbench.systems, "installed", dict)
    item = next(v for v in corpus.verification if v.split == "test")
    target = tmp_path / "report.html"
    lines = write([{"id": item.id, "label": "refuted"}])
    assert main(["score", "verification", lines, "--html", str(target)]) == 0
    assert "No trivial system could set a floor" in target.read_text(encoding="utf-8")
    assert html.floors("verification", corpus, "test") == {}


@pytest.mark.parametrize("runs", [1, 2])
@pytest.mark.parametrize("ci", ["none", "jackknife"])
def test_a_page_speaks_of_intervals_where_there_are_some(write, corpus, tmp_path, runs, ci):
    """Under --ci none no text or heading names an interval, for the floors neither; else they do."""
    items = [v for v in corpus.verification if v.split == "test"]
    path = write([{"id": v.id, "label": v.label, "run": str(run)} for run in range(runs) for v in items])
    kept, page = (str(tmp_path / name) for name in ("report.json", "report.html"))
    assert main(["score", "verification", path, "--ci", ci, "-o", kept, "--html", page]) == 0
    again = str(tmp_path / "kept.html")
    assert main(["browse", kept, "-o", again]) == 0
    for name in (page, again):
        text = re.sub(r"<(script|style).*?</\1>", "", Path(name).read_text(encoding="utf-8"), flags=re.DOTALL)
        assert (re.search("95 %|with its|reach", text) is not None) == (ci == "jackknife")


def test_a_report_without_its_headline_has_no_page(results, tmp_path, capsys):
    """A report whose slice or run lacks the headline, or of an unknown task, is refused with exit 2."""
    report = results["qa", "tfidf"].report
    part = msgspec.structs.replace(report.slices[0], metrics={})
    run = Run(run="a", metrics={}, counts=report.counts)
    path = tmp_path / "report.json"
    for change, said in (
        ({"headline": "none"}, "has no 'none'"),
        ({"slices": (part,)}, "has no 'f1'"),
        ({"runs": (run,)}, "has no 'f1'"),
        ({"task": "none"}, "no task 'none'"),
    ):
        path.write_bytes(msgspec.structs.replace(report, **change).to_json())
        assert main(["browse", str(path), "-o", str(tmp_path / "page.html")]) == 2
        assert said in capsys.readouterr().err
    assert main(["browse", str(path), "--corpus", "x"]) == 2
    assert "--corpus is for the corpus" in capsys.readouterr().err
    assert [found.name for found in tmp_path.iterdir()] == ["report.json"]


def test_a_page_that_cannot_be_written_is_an_input_error(tmp_path, capsys):
    """browse into a missing folder exits 2 and leaves nothing; --open with '-' is a usage error."""
    assert main(["browse", "-o", str(tmp_path / "none" / "corpus.html")]) == 2
    assert "cannot be written" in capsys.readouterr().err
    assert main(["browse", "-o", "-", "--open"]) == 2
    assert list(tmp_path.iterdir()) == []
