"""How the pages look and whether everybody can use them: axe, a phone, paper; pictures of all are kept."""

from __future__ import annotations

import pytest

from browser.playwright_or_skip import expect

VIEWS = {
    "report": ("verification.html", ""),
    "report-item": ("verification.html", "#verification/v5-de"),
    "report-tasks": ("run.html", ""),
    "leaderboard": ("many.html", ""),
    "kept": ("kept-extraction.html", ""),
    "kept-runs": ("kept-many.html", ""),
    "kept-foreign": ("kept-fever.html", ""),
    "comparison": ("compare-verification.html", ""),
    "corpus": ("corpus.html", "#meta-deal-de"),
    "corpus-claim": ("corpus.html", "#meta-deal-de.c9"),
    "corpus-differences": ("corpus.html", "#differences"),
    "corpus-proposition": ("corpus.html", "#v1"),
    "corpus-question": ("corpus.html", "#q1"),
    "corpus-annotation": ("corpus.html", "#annotation"),
}
"""The main views: a page and the address inside it."""


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(opener, pages, screenshots, view, scheme):
    """No serious or critical finding of axe-core for WCAG 2.2 A and AA; the picture is kept."""
    name, fragment = VIEWS[view]
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = opener(scheme=scheme).open(pages(name), fragment)
    expect(page.locator("main")).to_be_visible()
    page.screenshot(path=screenshots / f"{view}-{scheme}.png")
    for fold in page.locator("details summary").all() if view != "report-tasks" else ():
        if fold.is_visible():
            fold.click()
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    only = rules if scheme == "light" else {"type": "rule", "values": ["color-contrast"]}
    found = axe.run(page, options={"runOnly": only, "resultTypes": ["violations"]}).response["violations"]
    assert [
        (one["id"], one["nodes"][0]["html"][:200])
        for one in found
        if one["impact"] in ("serious", "critical")
    ] == []


@pytest.mark.parametrize("view", VIEWS)
def test_a_phone_shows_everything_without_sideways_scrolling(opener, pages, screenshots, view):
    """At 375 pixels no view is wider than the screen."""
    name, fragment = VIEWS[view]
    page = opener(width=375, height=760, scheme="dark").open(pages(name), fragment)
    page.screenshot(path=screenshots / f"{view}-phone.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


def test_a_phone_goes_from_the_list_to_an_item_and_back(opener, pages):
    """On a phone an item takes the list's place, and a button leads back to where one was."""
    page = opener(width=375, height=760).open(pages("verification.html"))
    expect(page.locator(".reading")).to_be_hidden()
    page.locator(".rows a").nth(3).click()
    expect(page.locator(".reading h3")).to_be_focused()
    expect(page.locator(".rows")).to_be_hidden()
    page.get_by_role("button", name="All items").click()
    expect(page.locator(".rows a").nth(3)).to_be_focused()


@pytest.mark.parametrize("view", ["report-item", "comparison", "corpus-claim", "corpus-proposition"])
def test_print_leaves_the_controls_out(opener, pages, screenshots, view):
    """On paper there are no filters, buttons or tabs, and the item that is read is there."""
    name, fragment = VIEWS[view]
    page = opener().open(pages(name), fragment)
    page.emulate_media(media="print")
    for control in (".controls", ".rows", ".tabs", ".back", ".close"):
        for found in page.locator(control).all():
            expect(found).to_be_hidden()
    page.pdf(path=screenshots / f"{view}-print.pdf", format="A4")
    page.set_viewport_size({"width": 680, "height": 960})
    page.screenshot(path=screenshots / f"{view}-print.png", full_page=True)
