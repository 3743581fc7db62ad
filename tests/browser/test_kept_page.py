"""A report that was kept, in a browser: its figures, its runs, official figures, hostile strings."""

from __future__ import annotations

import msgspec
import pytest

import claimbench
from browser.playwright_or_skip import expect
from claimbench.cli import main


@pytest.fixture
def report(pages):
    """The report that a page was made of."""

    def load(name: str) -> claimbench.Report:
        return claimbench.Report.load(pages(f"kept-{name}.html").parent / f"{name}.json")

    return load


def _bounds(score) -> str:
    found = score.intervals.this_benchmark
    return f"{found.low:.3f} to {found.high:.3f}"


def test_a_kept_report_shows_its_figures_and_says_what_it_lacks(desk, pages, report):
    """Headline, slices and all metrics with both intervals are those of the report; items are not there."""
    found = report("extraction")
    page = desk.open(pages("kept-extraction.html"))
    assert page.locator(".figure .value").inner_text() == f"{found.metrics['f1'].value:.3f}"
    assert page.locator(".slices tbody tr").count() == len(found.slices)
    page.locator("summary").click()
    rows = page.locator("table.all tbody tr")
    assert rows.count() == len(found.metrics)
    for row, (name, score) in zip(rows.all()[:3], found.metrics.items(), strict=False):
        assert row.locator("th").inner_text() == name
        assert row.locator("td").nth(2).inner_text() == _bounds(score)
    expect(page.locator("main")).to_contain_text("not what the system answered")
    assert page.locator(".browser").count() == 0


def test_kept_runs_stand_with_their_test_against_the_best(desk, pages, report):
    """Each run has its difference from the best, its p and its verdict; the best has none."""
    found = report("many")
    page = desk.open(pages("kept-many.html"))
    rows = page.locator(".sortable tbody tr")
    assert rows.count() == len(found.runs)
    shown = {row.locator("th").inner_text(): row.locator("td").all_inner_texts() for row in rows.all()}
    for run in found.runs:
        difference, p, verdict = shown[run.run][3:6]
        if run.against_best is None:
            assert (difference, p, verdict) == ("–", "–", "")
        else:
            assert difference == f"{run.against_best.difference:+.3f}"
            assert verdict == run.against_best.verdict.replace("no difference shown", "not shown")
    assert next(iter(shown)) == next(run.run for run in found.runs if run.against_best is None)


def test_official_figures_stand_beside_the_house(desk, pages, report):
    """The official figures are there to the last digit, with every quirk that touched them."""
    found = report("fever")
    page = desk.open(pages("kept-fever.html"))
    table = page.locator("table", has=page.get_by_role("columnheader", name="figure"))
    cells = {
        row.locator("th").inner_text(): row.locator("td").inner_text()
        for row in table.locator("tbody tr").all()
    }
    assert cells == {name: repr(value) for name, value in found.official.figures.items()}
    assert page.locator("main li").all_inner_texts() == list(found.official.quirks)
    assert found.official.quirks
    assert page.locator(".figure .value").inner_text() == f"{found.metrics[found.headline].value:.3f}"
    assert "event" not in page.locator(".headline").inner_text()


def test_a_hostile_report_is_text(desk, pages, report, tmp_path):
    """Strings of a report that are markup or hidden characters make no element and are marked."""
    bad = "<img src=x onerror=alert(1)>\u202e</script><script>alert(2)</script>"
    plain = report("fever")
    hostile = msgspec.structs.replace(
        plain,
        signature=bad,
        headline=bad,
        format=bad,
        metrics={bad: plain.metrics[plain.headline]},
        slices=tuple(
            msgspec.structs.replace(part, field=bad, value=bad, metrics={bad: part.metrics[plain.headline]})
            for part in plain.slices
        ),
        official=msgspec.structs.replace(
            plain.official, definition=bad, figures={bad: 1.0}, quirks=(bad,), refused=bad
        ),
        notes=(bad,),
        reason=bad,
    )
    path = tmp_path / "<b>report.json"
    path.write_bytes(hostile.to_json())
    target = tmp_path / "page.html"
    assert main(["browse", str(path), "-o", str(target)]) == 0
    page = desk.open(target)
    assert page.locator("script, img, b, [onerror]").count() == 2
    assert page.locator(".odd", has_text="U+202E").count() >= 9
    runs = msgspec.structs.replace(
        report("many"), runs=tuple(msgspec.structs.replace(run, run=bad) for run in report("many").runs)
    )
    path.write_bytes(runs.to_json())
    assert main(["browse", str(path), "-o", str(target)]) == 0
    page = desk.open(target)
    assert page.locator("script, img, b, [onerror]").count() == 2
    assert page.locator(".sortable .odd").count() == len(runs.runs)


def test_scoring_a_foreign_format_gives_the_page_of_its_report(pages, tmp_path):
    """score --format … --html writes what browse writes of its report, but for the name."""
    folder = pages("kept-fever.html").parent
    target = tmp_path / "page.html"
    files = [str(folder / "given.jsonl"), "--gold", str(folder / "gold.jsonl")]
    assert main(["score", "verification", *files, "--format", "fever", "--html", str(target)]) == 0
    kept = pages("kept-fever.html").read_text(encoding="utf-8")
    assert target.read_text(encoding="utf-8").replace("given.jsonl", "fever.json") == kept
