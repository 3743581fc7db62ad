"""The corpus in a browser: marks where the offsets say, deep links, links across articles, the passes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace as but

from browser.playwright_or_skip import expect
from claimbench.pages import corpus_page
from claimbench.reading.corpus import Corpus

WITHOUT_SIGNS = """(node) => {
    const copy = node.cloneNode(true);
    copy.querySelectorAll('sup').forEach((sign) => sign.remove());
    return copy.textContent;
}"""
"""The text of an element without the signs of differences in it."""


def _respelt(corpus: Corpus, spell: Callable[[str], str]) -> Corpus:
    """The corpus with every article's characters replaced one to one, so that offsets stay true."""
    from msgspec.structs import replace

    texts = {article.id: spell(article.text) for article in corpus.articles}
    assert all(len(texts[article.id]) == len(article.text) for article in corpus.articles)
    return replace(
        corpus,
        articles=tuple(but(article, text=texts[article.id]) for article in corpus.articles),
        claims=tuple(
            but(c, spans=tuple(but(s, quote=texts[c.article][s.start : s.end]) for s in c.spans))
            for c in corpus.claims
        ),
    )


ALPHABETS = {
    "as they are": {},
    "emoji beyond the first plane": {"e": "🦊", "n": "𝕟"},
    "no-break spaces": {" ": "\u00a0", "a": "\u202f"},
    "combining marks and joiners": {"e": "\u0301", "n": "\u200d"},
}


@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_every_claim_is_marked_where_its_spans_lie(desk, corpus, tmp_path, alphabet):
    """The marked text of each of the claims, nested and overlapping ones too, is that of its spans."""
    respelt = _respelt(corpus, lambda text: text.translate(str.maketrans(ALPHABETS[alphabet])))
    path = tmp_path / "corpus.html"
    path.write_bytes(corpus_page(respelt, tmp_path))
    for article in respelt.articles:
        page = desk.open(path, f"#{article.id}")
        marked = page.evaluate(
            """() => {
                const found = {};
                for (const node of document.querySelectorAll('#text [data-claims]'))
                    for (const id of node.dataset.claims.split(' '))
                        found[id] = (found[id] || '') + node.textContent;
                return found;
            }"""
        )
        wanted = {
            claim.id: "".join(article.text[i] for i in sorted(_covered(claim)))
            for claim in respelt.claims
            if claim.article == article.id
        }
        assert marked == wanted


def _covered(claim) -> set[int]:
    return {i for span in claim.spans for i in range(span.start, span.end)}


def test_the_text_of_an_article_is_whole(desk, corpus, pages):
    """Segments and marks together show every character of the article but white space between segments."""
    for article in corpus.articles:
        page = desk.open(pages("corpus.html"), f"#{article.id}")
        shown = page.locator("#text .article").evaluate(WITHOUT_SIGNS)
        assert "".join(shown.split()) == "".join(article.text.split())


def test_every_kind_of_id_is_an_address(desk, corpus, pages):
    """A claim, a fact, an item in a language, a question and a sentence each open at their own address."""
    item = next(v for v in corpus.verification if v.language == "nl")
    question = next(q for q in corpus.questions if q.language == "de")
    english = {q.family: q.question for q in corpus.questions if q.language == "en"}
    claims = {v.family: v.claim for v in corpus.verification if v.language == "en"}
    claim, fact = corpus.claims[100], corpus.facts[50]
    sentence = list(corpus.sentences)[70]
    for address, where, text in (
        (claim.id, "#beside h3", claim.text),
        (fact.id, "#facts-list .reading h3", fact.statement.en),
        (item.id, "#propositions-list .reading h3", claims[item.family]),
        (question.family, "#questions-list .reading h3", english[question.family]),
        (sentence.replace("#", "%23"), "[data-part]:focus", corpus.sentence_text(sentence)),
        (sentence, "[data-part]:focus", corpus.sentence_text(sentence)),
    ):
        page = desk.open(pages("corpus.html"), f"#{address}")
        found = page.locator(where)
        expect(found).to_be_visible()
        assert found.evaluate(WITHOUT_SIGNS) == text


def test_a_claim_leads_to_the_same_fact_in_another_language(desk, corpus, pages):
    """From a German claim one link leads to the Dutch article's claim of the same fact, marked there."""
    by_fact: dict[str, list] = {}
    for claim in corpus.claims:
        by_fact.setdefault(claim.fact, []).append(claim)
    german, dutch = next(
        (d, n)
        for group in by_fact.values()
        for d in group
        for n in group
        if d.article == "google-exit-de" and n.article == "google-exit-nl"
    )
    page = desk.open(pages("corpus.html"), f"#{german.id}")
    quote = " … ".join(span.quote for span in dutch.spans)
    page.locator("#beside .elsewhere").get_by_role("link", name=quote, exact=True).first.click()
    expect(page.locator("#beside h3")).to_have_text(dutch.text)
    picked = page.locator("#text .picked").all_text_contents()
    assert "".join(picked) == "".join(
        corpus.article_by_id[dutch.article].text[i] for i in sorted(_covered(dutch))
    )


def test_evidence_is_one_click_away(desk, corpus, pages):
    """A proposition's evidence names its sentence, and a click shows it in its article."""
    item = next(v for v in corpus.verification if v.language == "en" and v.evidence)
    sentence = item.evidence[0].sentences[0]
    page = desk.open(pages("corpus.html"), f"#{item.id}")
    page.locator(".set").get_by_role("link", name=sentence, exact=True).first.click()
    assert page.evaluate("document.activeElement.dataset.part") == sentence


def test_the_contradiction_stands_first_among_the_differences(desk, pages):
    """The view of differences opens with the contradiction, both readings side by side."""
    page = desk.open(pages("corpus.html"), "#differences")
    expect(page.locator("#differences-list .reading .kicker").first).to_contain_text("contradiction")
    assert page.locator("#differences-list .sides .elsewhere").count() == 2


def test_passes_and_their_settling_are_shown(desk, corpus, pages):
    """A claim that the passes had differently shows both, and how it was decided; the record links back."""
    page = desk.open(pages("corpus.html"), "#difference-6")
    page.get_by_label("About").or_(page.locator("#annotation-list .lines")).get_by_role("link").last.click()
    expect(page.locator("#beside .annotation .record")).not_to_have_count(0)
    expect(page.locator("#beside .annotation thead")).to_contain_text("pass b")


def test_all_articles_fit_a_corpus_without_passes(desk, corpus, tmp_path):
    """Without passes the page has no view of annotation and says nothing of it."""
    path = tmp_path / "corpus.html"
    path.write_bytes(corpus_page(corpus, tmp_path / "none"))
    page = desk.open(path, f"#{corpus.claims[0].id}")
    expect(page.locator("#beside h3")).to_be_visible()
    assert "Annotation" not in page.locator("#tabs").inner_text()
    assert page.locator(".annotation").count() == 0
