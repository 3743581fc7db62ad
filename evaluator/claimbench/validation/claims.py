"""What a claim record must mean."""

from __future__ import annotations

from collections.abc import Iterator

from claimbench.records import Claim
from claimbench.validation.gold import Finding, Gold, Rule, show
from claimbench.validation.spans import disorder, misquotes, ragged_edges


def id_names_article(claim: Claim, gold: Gold) -> Iterator[Finding]:
    """The id starts with the article's."""
    if claim.id.rpartition(".c")[0] != claim.article:
        yield "/id", f"expected {claim.article}.c and a number, got {show(claim.id)}"


def quantities_in_spans(claim: Claim, gold: Gold) -> Iterator[Finding]:
    """Every quantity's quote lies within one span."""
    for number, quantity in enumerate(claim.quantities):
        if not any(quantity.quote in span.quote for span in claim.spans):
            yield f"/quantities/{number}/quote", f"expected words of one span, got {show(quantity.quote)}"


def only_money_has_currency(claim: Claim, gold: Gold) -> Iterator[Finding]:
    """A currency goes with money; money whose currency the text leaves open has none."""
    for number, quantity in enumerate(claim.quantities):
        if quantity.currency is not None and quantity.unit != "money":
            where = f"/quantities/{number}/currency"
            yield where, f"expected null for {quantity.unit}, got {quantity.currency}"


def duplicate_repeats_original(claim: Claim, gold: Gold) -> Iterator[Finding]:
    """A repeat points to an earlier claim of its article and fact that is no repeat itself."""
    if claim.duplicate_of is None:
        return
    original = gold.claim_by_id.get(claim.duplicate_of)
    if original is None:
        if gold.lacks(claim.duplicate_of, gold.claim_by_id):
            yield "/duplicate_of", f"there is no claim {show(claim.duplicate_of)}"
    elif original is claim:
        yield "/duplicate_of", "expected another claim, got this one"
    elif original.article != claim.article:
        yield "/duplicate_of", f"expected a claim of {claim.article}, got {original.id}"
    elif original.fact != claim.fact:
        expected = f"expected a claim of the same fact, {claim.fact}"
        yield "/duplicate_of", f"{expected}, got {original.id} of {original.fact}"
    elif original.duplicate_of is not None:
        yield "/duplicate_of", f"expected the first claim, got {original.id}, which is a repeat itself"
    elif original.spans[0].start > claim.spans[0].start:
        yield "/duplicate_of", f"expected an earlier claim, got {original.id}, which stands later"


def repeats_are_marked(claim: Claim, gold: Gold) -> Iterator[Finding]:
    """An article states a fact once; all further claims of it are repeats."""
    if claim.duplicate_of is not None:
        return
    for other in gold.claims:
        if other is claim:
            return
        if (other.article, other.fact, other.duplicate_of) == (claim.article, claim.fact, None):
            yield "/duplicate_of", f"expected {other.id}, which states the same fact, got null"
            return


def article_exists(claim: Claim, gold: Gold) -> Iterator[Finding]:
    """The article exists."""
    if gold.lacks(claim.article, gold.article_by_id):
        yield "/article", f"there is no article {show(claim.article)}"


def spans_in_text(claim: Claim, gold: Gold) -> Iterator[Finding]:
    """Spans are in order and apart, lie within the text, quote it exactly and hold whole words."""
    article = gold.article_by_id.get(claim.article)
    if article is not None:
        yield from disorder("/spans", claim.spans, len(article.text))
        yield from misquotes("/spans", claim.spans, article.text)
        yield from ragged_edges("/spans", claim.spans, article.text)


def time_in_article(claim: Claim, gold: Gold) -> Iterator[Finding]:
    """The words that give the time occur in the article."""
    article = gold.article_by_id.get(claim.article)
    if article is not None and claim.time is not None and claim.time.quote not in article.text:
        yield "/time/quote", f"expected words of the article, got {show(claim.time.quote)}"


def fact_lists_claim(claim: Claim, gold: Gold) -> Iterator[Finding]:
    """The fact exists and its reading of the article lists the claim."""
    fact = gold.fact_by_id.get(claim.fact)
    if fact is None:
        if gold.lacks(claim.fact, gold.fact_by_id):
            yield "/fact", f"there is no fact {show(claim.fact)}"
        return
    readings = [reading for reading in fact.readings if reading.article == claim.article]
    if not readings:
        yield "/fact", f"expected {fact.id} to have a reading for {claim.article}"
    elif not any(claim.id in reading.claims for reading in readings):
        yield "/fact", f"expected {fact.id} to list {claim.id} in its reading for {claim.article}"


OWN: tuple[Rule, ...] = (
    id_names_article,
    quantities_in_spans,
    only_money_has_currency,
    duplicate_repeats_original,
    repeats_are_marked,
)
LINKS: tuple[Rule, ...] = (article_exists, spans_in_text, time_in_article, fact_lists_claim)
