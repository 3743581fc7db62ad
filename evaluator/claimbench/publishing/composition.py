"""What a corpus is made of, for its card: beside rows the things that are independent of each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from claimbench.publishing.configs import Config, Row
from claimbench.records import SPLITS


def _sentences_needed(row: Row) -> int:
    """Return the size of the shortest evidence; a conflict needs both of its sides."""
    sizes: dict[str, int] = {}
    for group in row["evidence"]:
        size = len(group["sentences"])
        sizes[group["stance"]] = min(size, sizes.get(group["stance"], size))
    return sum(sizes.values())


LINES: tuple[tuple[str, str, str, Callable[[Row], Any]], ...] = (
    ("components", "facts", "component", lambda row: True),
    ("facts", "facts", "id", lambda row: True),
    ("propositions", "verification", "family", lambda row: True),
    ("– edits of another one", "verification", "family", lambda row: row["contrast_of"]),
    ("– that need two sentences or more", "verification", "family", lambda row: _sentences_needed(row) > 1),
    ("– that need two sources or more", "verification", "family", lambda row: row["sources_needed"] > 1),
    ("questions", "questions", "family", lambda row: True),
    ("– unanswerable", "questions", "family", lambda row: not row["answerable"]),
    ("– that need two sources or more", "questions", "family", lambda row: row["sources_needed"] > 1),
)
"""Name, config, the column whose different values are counted, and in which rows."""


def composition(configs: list[Config]) -> str:
    """Return what the corpus holds as Markdown: a sentence and a table by split."""
    splits = {config.name: config.splits for config in configs}
    articles, sentences, claims = (
        splits[name].get("test", []) for name in ("articles", "sentences", "claims")
    )
    sources = {article["source"] for article in articles}
    worthy = sum(claim["checkworthiness"] == 2 for claim in claims)
    lines = [
        f"{len(articles)} articles from {len(sources)} sources, {len(sentences)} sentences, "
        f"{len(claims)} claims ({worthy} of check-worthiness 2), and:",
        "",
        f"| | {' | '.join(SPLITS)} | together |",
        f"|---|{'---:|' * (len(SPLITS) + 1)}",
    ]
    for name, config, column, counts in LINES:
        found = [{row[column] for row in splits[config].get(split, []) if counts(row)} for split in SPLITS]
        numbers = [len(ids) for ids in found]
        lines.append(f"| {name} | {' | '.join(map(str, [*numbers, sum(numbers)]))} |")
    return "\n".join(lines)
