"""The corpus as a page: articles with their claims, what they say differently, and every item's evidence."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from claimbench._version import __version__
from claimbench.pages.passes import read_passes
from claimbench.pages.rendering import page
from claimbench.reading.corpus import Corpus
from claimbench.records import Article, Question, Verification

SCRIPTS = ("base.js", "browser.js", "gold.js", "articles.js", "details.js", "views.js")


def corpus_page(corpus: Corpus, passes: Path) -> bytes:
    """Return a corpus as one page. ``passes`` is the folder of the annotators' passes; it may be missing."""
    in_order = sorted(corpus.articles, key=lambda a: (-_superseded(corpus, a), a.reference_time.value, a.id))
    propositions, questions = _families(corpus.verification), _families(corpus.questions)
    found = read_passes(corpus, passes)
    context = {
        "version": __version__,
        "title": f"The claimbench corpus {corpus.version}",
        "corpus": corpus,
        "articles": in_order,
        "languages": sorted({article.language for article in corpus.articles}),
        "sources": len({article.source for article in corpus.articles}),
        "propositions": len(propositions),
        "questions": len(questions),
        "settled": len(found.settled),
        "passes_note": _first_paragraph(passes / "README.md"),
    }
    data = {
        "kind": "corpus",
        "articles": {article.id: _article(article) for article in in_order},
        "claims": corpus.claims,
        "facts": corpus.facts,
        "propositions": propositions,
        "questions": questions,
        "passes": found,
    }
    return page("corpus.html.jinja", SCRIPTS, context, data)


def _superseded(corpus: Corpus, article: Article) -> int:
    """Return how many facts of an article are superseded by facts that only other articles state."""
    count = 0
    for fact in corpus.facts:
        newer = {reading.article for reading in fact.readings}
        for relation in fact.relations:
            if relation.type == "supersedes" and relation.fact is not None:
                older = {reading.article for reading in corpus.fact_by_id[relation.fact].readings}
                count += article.id in older and older.isdisjoint(newer)
    return count


def _first_paragraph(path: Path) -> str:
    """Return the first paragraph under a Markdown file's heading: who made the passes, and how."""
    parts = path.read_text(encoding="utf-8").split("\n\n") if path.is_file() else []
    return parts[1].replace("\n", " ") if len(parts) > 1 else ""


def _article(article: Article) -> dict[str, Any]:
    made: dict[str, Any] = msgspec.to_builtins(article)
    del made["sha256"]
    made["sentences"] = [(s.id, s.start, s.end) for s in article.sentences]
    made["segments"] = [(s.kind, s.start, s.end) for s in article.segments]
    return made


def _families(items: Iterable[Verification | Question]) -> list[dict[str, Any]]:
    """Return one record per family: what its languages share, and their ids and wordings by language."""
    families: dict[str, dict[str, Any]] = {}
    for item in items:
        text = item.claim if isinstance(item, Verification) else item.question
        if item.family not in families:
            shared = msgspec.to_builtins(item)
            for name in ("id", "language", "claim", "question", "contrast_of"):
                shared.pop(name, None)
            families[item.family] = {**shared, "key": item.family, "wordings": {}, "contrasts": []}
        family = families[item.family]
        family["wordings"][item.language] = {"id": item.id, "text": text}
        partner = item.contrast_of if isinstance(item, Verification) else None
        if partner and partner.rpartition("-")[0] not in family["contrasts"]:
            family["contrasts"].append(partner.rpartition("-")[0])
    return list(families.values())
