"""Predictions and names that try to be markup, scripts, or invisible."""

from __future__ import annotations

import json

import pytest

from browser.playwright_or_skip import expect
from claimbench.cli import main

PAYLOADS = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!--<script>",
    "]]><svg onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
    "line\u2028separator\u2029paragraph",
    "\u202egnal uoy era\u202c",
    "nul\x00bell\x07escape\x1b[31m",
    "a" * 1_000_000,
    "Z\u0300\u0301\u0302" * 500,
    "\ud83e\udd8a".encode("utf-16", "surrogatepass").decode("utf-16"),
    "",
]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory, corpus):
    """A page of two runs with hostile names whose answers are the payloads, and the questions asked."""
    folder = tmp_path_factory.mktemp("hostile")
    path = folder / "<b onmouseover=alert(1)>&amp; \u202ename.jsonl"
    asked = [q for q in corpus.questions if q.split == "test"][: len(PAYLOADS)]
    lines = [
        {"id": q.id, "run": run, "answer": answer, "meta": {"<script>": answer[:50]}}
        for run in ("<script>alert('run')</script>", "\u202enur")
        for q, answer in zip(asked, PAYLOADS, strict=True)
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    target = folder / "hostile.html"
    assert main(["score", "qa", str(path), "--html", str(target)]) == 0
    return target, asked


def test_hostile_strings_are_text(desk, hostile):
    """Names and answers appear as text, make no element, raise no dialog and break no policy."""
    path, asked = hostile
    page = desk.open(path)
    before = page.locator("script, img, svg[onload], b").count()
    assert before == 2
    for i, question in enumerate(asked):
        page.evaluate("address => { location.hash = address }", f"#qa/{question.id}")
        expect(page.locator(".reading h3")).to_have_text(question.question)
        said = page.locator(".reading .said tbody tr").first.locator("td").last
        if 0 < len(PAYLOADS[i]) < 2_000 and PAYLOADS[i].isprintable() and PAYLOADS[i].isascii():
            assert said.inner_text() == PAYLOADS[i]
    assert page.locator("script, img, svg[onload], b").count() == before
    assert page.locator("[onerror], [onmouseover], [onload]").count() == 0


def test_hidden_characters_are_named_and_long_texts_cut(desk, hostile):
    """Direction marks and control characters show their code points, a megabyte how much is left out."""
    path, asked = hostile
    page = desk.open(path, f"#qa/{asked[8].id}")
    said = page.locator(".reading .said tbody tr").first
    assert said.locator(".odd").all_inner_texts() == ["U+202E", "U+202C"]
    page = desk.open(path, f"#qa/{asked[9].id}")
    assert said.locator(".odd").all_inner_texts() == ["U+0000", "U+0007", "U+001B"]
    page = desk.open(path, f"#qa/{asked[10].id}")
    expect(page.locator(".reading .said .cut").first).to_have_text("… 998,000 more characters")
    assert path.stat().st_size < 1_000_000


def test_hostile_names_stand_in_heading_and_leaderboard(desk, hostile):
    """The file's and the runs' names are shown with their hidden characters marked."""
    path, _ = hostile
    page = desk.open(path)
    assert "<b onmouseover=alert(1)>&amp; U+202Ename.jsonl" in page.locator("h1").inner_text()
    names = page.locator(".sortable tbody tr:not(.floor) th").all_inner_texts()
    assert sorted(names) == ["<script>alert('run')</script>", "U+202Enur"]


def test_a_hostile_comparison_is_text(desk, corpus, tmp_path):
    """Claims of two systems that are markup stay text side by side, in the list as well."""
    files = []
    for name in "ab":
        path = tmp_path / f"<i>{name}.jsonl"
        claims = [{"text": payload[:3_000]} for payload in PAYLOADS if payload]
        claims.append({"text": f"<img src=x onerror=alert('{name}')>"})
        lines = [{"id": article.id, "claims": claims} for article in corpus.articles]
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        files.append(str(path))
    target = tmp_path / "compare.html"
    assert main(["compare", "extraction", *files, "--html", str(target)]) == 0
    page = desk.open(target)
    page.get_by_role("searchbox").fill("onerror")
    for link in page.locator(".rows a").all()[:5]:
        link.click()
        expect(page.locator(".reading .said")).to_contain_text("<img")
    assert page.locator("img, i").count() == 0
