"""The annotation tools, by the name the command line gives them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from claimbench.exchange import brat, inception, label_studio, plain
from claimbench.exchange.marks import Marks
from claimbench.reading.corpus import Corpus
from claimbench.reading.jsonl import Problems
from claimbench.records import Article, Claim


class Tool(Protocol):
    """What a module of this package says about its tool."""

    SUFFIX: str
    """How the names of the files with claims end."""

    HINT: str
    """What a person does with the exported files."""

    def files(self, article: Article, claims: Sequence[Claim]) -> dict[str, bytes]:
        """Return an article's files by name."""
        ...

    def settings(self) -> dict[str, bytes]:
        """Return the files that prepare the tool."""
        ...

    def read(self, path: Path, corpus: Corpus, problems: Problems) -> Marks:
        """Return the claims in a file, adding a problem for all that cannot be read."""
        ...


TOOLS: dict[str, Tool] = {
    "label-studio": label_studio,
    "inception": inception,
    "brat": brat,
    "jsonl": plain,
}
