"""JSON lines to edit by hand: a claim a line, spans by sentence and quote, no offsets.

``<article>.jsonl`` has the claims' fields as in the corpus, without ``article``. A span is
``{"sentence", "quote"}``; where the quote starts more than once in its sentence, ``occurrence`` says which,
from 1.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import msgspec

from claimbench.errors import Problem
from claimbench.exchange.form import fields
from claimbench.exchange.marks import Mark, Marks, explained, find_article
from claimbench.reading.corpus import Corpus
from claimbench.reading.jsonl import Problems, lines, parse, read_bytes
from claimbench.reading.schemas import Json
from claimbench.records import Article, Claim, Span

SUFFIX = ".jsonl"
HINT = "Edit, add and delete lines; a new line needs no id, and a span only its sentence and quote."


class _Anchor(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A span without offsets."""

    sentence: str
    quote: str
    occurrence: int | None = None


def settings() -> dict[str, bytes]:
    """Return nothing: an editor needs no preparation."""
    return {}


def files(article: Article, claims: Sequence[Claim]) -> dict[str, bytes]:
    """Return the article's claims as one file."""
    rows = (
        {"id": c.id, "spans": [msgspec.to_builtins(_anchor(article, s)) for s in c.spans], **fields(c)}
        for c in claims
    )
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return {article.id + SUFFIX: text.encode()}


def read(path: Path, corpus: Corpus, problems: Problems) -> Marks:
    """Return the claims of a file; an empty file is an article without claims."""
    file = str(path)
    article = find_article(file, path.stem, corpus.article_by_id, problems)
    if article is None:
        return {}
    data = read_bytes(file) if path.stat().st_size else b""
    found = (_mark(file, number, line, article, problems) for number, line in lines(data))
    return {article.id: [mark for mark in found if mark is not None]}


def _mark(file: str, number: int, line: bytes, article: Article, problems: Problems) -> Mark | None:
    try:
        record = parse(line)
    except ValueError as error:
        problems.add(Problem(file, number, "", str(error), "json"))
        return None
    if not isinstance(record, dict) or not isinstance(record.get("id", ""), str):
        where, got = ("/id", record["id"]) if isinstance(record, dict) else ("", record)
        expected = "a string" if where else "an object"
        problems.add(Problem(file, number, where, f"expected {expected}, got {json.dumps(got)[:60]}", "type"))
        return None
    name, spans = record.pop("id", ""), record.pop("spans", [])
    if "article" in record:
        message = "unknown field 'article': the file's name says it"
        problems.add(explained(file, number, "", name, "/article", message))
        return None
    if not isinstance(spans, list):
        problems.add(explained(file, number, "", name, "/spans", "expected a list", "type"))
        return None
    anchored: list[Span] = []
    for place, span in enumerate(spans):
        try:
            anchored.append(_span(article, span))
        except ValueError as error:
            problems.add(explained(file, number, "", name, f"/spans/{place}", str(error)))
    return Mark(file, number, "", name, tuple(anchored), record) if len(anchored) == len(spans) else None


def _reach(article: Article) -> dict[str, tuple[int, int]]:
    """Return where the spans of each sentence may start: up to the next sentence."""
    starts = [0, *(s.start for s in article.sentences[1:]), len(article.text)]
    return {s.id: place for s, place in zip(article.sentences, pairwise(starts), strict=True)}


def _starts(text: str, quote: str, start: int, end: int) -> list[int]:
    """Return every place between start and end at which the quote starts."""
    return [at for at in range(start, end) if text.startswith(quote, at)]


def _anchor(article: Article, span: Span) -> _Anchor:
    sentence, reach = next(
        (name, reach) for name, reach in _reach(article).items() if reach[0] <= span.start < reach[1]
    )
    places = _starts(article.text, span.quote, *reach)
    return _Anchor(sentence, span.quote, places.index(span.start) + 1 if len(places) > 1 else None)


def _span(article: Article, value: Json) -> Span:
    """Return the span of an anchor. Raises ValueError where it has no place or several."""
    anchor = msgspec.convert(value, _Anchor)
    reach = _reach(article).get(anchor.sentence)
    if reach is None:
        raise ValueError(f"{article.id} has no sentence '{anchor.sentence}'")
    places = _starts(article.text, anchor.quote, *reach) if anchor.quote else []
    if not places:
        raise ValueError(f"{anchor.sentence} does not contain {anchor.quote!r}")
    if anchor.occurrence is None and len(places) > 1:
        message = f"{anchor.sentence} contains {anchor.quote!r} {len(places)} times"
        raise ValueError(f'{message}; say which by "occurrence", from 1')
    chosen = 1 if anchor.occurrence is None else anchor.occurrence
    if not 1 <= chosen <= len(places):
        raise ValueError(f"occurrence: expected 1 to {len(places)}, got {chosen}")
    start = places[chosen - 1]
    return Span(start=start, end=start + len(anchor.quote), quote=anchor.quote)
