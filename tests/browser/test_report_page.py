"""The report in a browser: filters, search, sorting, links, keyboard, many items."""

from __future__ import annotations

import re

import pytest

import claimbench
from browser.playwright_or_skip import expect


def _open(desk, pages, name="verification.html", fragment=""):
    page = desk.open(pages(name), fragment)
    expect(page.locator(".browser .count")).to_be_visible()
    return page


def _count(page) -> int:
    return int(re.match(r"[\d,]+", page.locator(".browser .count").inner_text())[0].replace(",", ""))


def test_the_headline_stands_beside_both_estimands_and_the_floors(desk, pages):
    """The first table names this benchmark, new sources with a reason, and both trivial systems."""
    page = _open(desk, pages)
    rows = page.locator(".headline tbody tr th").all_inner_texts()
    assert [row.split("\n")[0] for row in rows] == ["this benchmark", "new sources", "majority", "random"]
    report = claimbench.score(
        "verification", str(pages("verification.html").parent / "verification-tfidf.jsonl")
    )
    assert page.locator(".figure .value").inner_text() == f"{report.metrics['macro_f1'].value:.3f}"


@pytest.mark.parametrize("label", ["refuted", "not_enough_info"])
def test_a_filter_leaves_the_items_that_have_the_value(desk, pages, corpus, label):
    """Filtering by label leaves as many items as the gold has, and all of them can be undone."""
    page = _open(desk, pages)
    page.get_by_label("label", exact=True).select_option(label)
    assert _count(page) == sum(v.split == "test" and v.label == label for v in corpus.verification)
    page.get_by_role("button", name="Clear filters").click()
    expect(page.locator(".browser .count")).to_have_text(re.compile("^258 items"))


def test_right_and_wrong_items_partition_all(desk, pages):
    """As many items are right as the accuracy says; the others are wrong."""
    page = _open(desk, pages)
    report = claimbench.score(
        "verification", str(pages("verification.html").parent / "verification-tfidf.jsonl")
    )
    right = round(report.metrics["accuracy"].value * 258)
    page.locator("label", has_text=re.compile("^right")).click()
    assert _count(page) == right
    page.locator("label", has_text=re.compile("^wrong")).click()
    assert _count(page) == 258 - right


def test_search_finds_words_without_case_and_accents(desk, pages, corpus):
    """Searching for several words leaves the items that have all of them, whatever their accents."""
    item = next(v for v in corpus.verification if v.split == "test" and {"ß", "ü"} <= set(v.claim))
    plain = item.claim.replace("ß", "ss").translate(str.maketrans("äöü", "aou")).upper()
    page = _open(desk, pages)
    page.get_by_role("searchbox").fill(plain)
    expect(page.locator(".rows li").first).to_contain_text(item.claim)
    page.get_by_role("searchbox").fill("zyzzyva")
    assert _count(page) == 0


def test_a_link_from_an_item_leads_to_its_sentence_in_the_article(desk, pages, corpus):
    """Following an evidence link focuses that very sentence of the article, inside the gold's mark."""
    item = next(v for v in corpus.verification if v.split == "test" and v.evidence)
    sentence = item.evidence[0].sentences[0]
    page = _open(desk, pages, fragment=f"#verification/{item.id}")
    page.get_by_role("link", name=sentence, exact=True).first.click()
    assert page.evaluate("document.activeElement.dataset.part") == sentence
    shown = page.locator("[data-part]:focus [data-text]").all_inner_texts()
    assert "".join(shown) == corpus.sentence_text(sentence)
    assert page.locator("[data-part]:focus mark").first.get_attribute("class").split()[0] in (
        "supports",
        "refutes",
    )


def test_an_address_opens_its_item(desk, pages, corpus):
    """A deep link shows its item even when it stands on a later page of the list."""
    last = [v for v in corpus.verification if v.split == "test"][-1]
    page = _open(desk, pages, fragment=f"#verification/{last.id}")
    expect(page.locator(".reading h3")).to_have_text(last.claim)
    expect(page.locator(".rows a[aria-current]")).to_have_count(1)


def test_an_address_of_nothing_changes_nothing(desk, pages):
    """Unknown and malformed fragments leave the page as it is."""
    for fragment in ("#nothing/at-all", "#%E0%A4%A", "#<script>"):
        page = _open(desk, pages, fragment=fragment)
        expect(page.locator(".reading h3")).to_be_visible()


def test_the_list_is_walked_and_read_by_keyboard(desk, pages):
    """Arrow keys move through the list and show each item; Enter moves to what is read."""
    page = _open(desk, pages)
    links = page.locator(".rows a")
    links.nth(0).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(links.nth(2)).to_be_focused()
    title = links.nth(2).locator(".row-title").inner_text()
    expect(page.locator(".reading h3")).to_have_text(title)
    page.keyboard.press("Enter")
    expect(page.locator(".reading h3")).to_be_focused()


def test_the_leaderboard_sorts_by_any_column(desk, pages):
    """A heading's button sorts downwards, then upwards, by number where the column has numbers."""
    page = _open(desk, pages, "many.html")
    head = page.locator(".sortable th", has_text=re.compile("^accuracy"))
    column = page.locator(".sortable tbody tr td:nth-child(8)")
    assert page.locator(".sortable tbody tr.floor").count() == 2
    head.get_by_role("button").click()
    down = [float(x) for x in column.all_inner_texts()]
    assert down == sorted(down, reverse=True)
    assert head.get_attribute("aria-sort") == "descending"
    head.get_by_role("button").click()
    assert [float(x) for x in column.all_inner_texts()] == down[::-1]


def test_five_thousand_items_stay_quick(desk, pages):
    """Of 5,160 items a hundred are drawn at a time; a search of all takes half a second at most."""
    page = _open(desk, pages, "many.html")
    assert _count(page) == 20 * 258
    assert page.locator(".rows li").count() == 100
    searches = page.evaluate(
        """() => ['scale ai', 'scale', 's'].map((text) => {
            const search = document.querySelector('input[type=search]'), start = performance.now();
            search.value = text;
            search.dispatchEvent(new Event('input'));
            document.querySelector('.rows').getBoundingClientRect();
            return performance.now() - start;
        })"""
    )
    assert min(searches) < 500, searches
    assert 0 < _count(page) <= 20 * 258
    page.get_by_role("searchbox").fill("scale")
    page.get_by_role("button", name="Later").click()
    expect(page.locator(".browser .count")).to_contain_text("101 to 200 shown")


def test_a_run_of_all_tasks_is_one_page_with_a_task_filter(desk, pages):
    """run --html holds the items of all five tasks, and each can be picked."""
    page = _open(desk, pages, "run.html")
    options = page.get_by_label("task", exact=True).locator("option").all_inner_texts()
    assert [option.split(" ")[0] for option in options[1:]] == [
        "detection", "evidence", "extraction", "qa", "verification",
    ]  # fmt: skip
    page.get_by_label("task", exact=True).select_option("extraction")
    page.get_by_label("outcome", exact=True).select_option("matched")
    page.locator(".rows a").first.click()
    expect(page.locator(".reading .why")).to_contain_text("similarity")


def test_a_comparison_shows_gained_and_lost_items_first(desk, pages):
    """The list starts with the items that B gains or loses, and their tally is that of the filter."""
    page = _open(desk, pages, "compare-verification.html")
    tally = dict(reversed(text.split(" ")) for text in page.locator(".tally .change").all_inner_texts())
    first = page.locator(".rows .sign .hidden").all_text_contents()
    assert {word.strip() for word in first[:50]} <= {"gained", "lost"}
    page.locator("label", has_text=re.compile("^gained")).click()
    assert _count(page) == int(tally["gained"])
    assert page.locator(".reading .said thead th").all_inner_texts()[1:] == ["gold", "A", "B"]
