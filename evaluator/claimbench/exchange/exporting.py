"""From the corpus to files for a tool."""

from __future__ import annotations

from claimbench.errors import Problem
from claimbench.exchange.marks import misplaced
from claimbench.exchange.tools import TOOLS
from claimbench.reading.corpus import Corpus
from claimbench.reading.jsonl import Problems


def export_claims(corpus: Corpus, tool: str) -> dict[str, bytes]:
    """Return the claims of every article as the tool's files, by name.

    Raises KeyError for an unknown tool and ProblemsError for claims that do not quote their article.
    """
    problems = Problems()
    for claim in corpus.claims:
        article = corpus.article_by_id.get(claim.article)
        found = [("/article", "", "there is no such article")]
        for where, keyword, message in found if article is None else misplaced(claim.spans, article.text):
            problems.add(Problem("claims.jsonl", 0, where, f"{claim.id}: {message}", keyword))
    problems.raise_if_any()
    result = TOOLS[tool].settings()
    for article in corpus.articles:
        result |= TOOLS[tool].files(article, [c for c in corpus.claims if c.article == article.id])
    return result
