"""Reading people's decisions: all that fit the corpus, or none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from claimbench.errors import Problem, nearest
from claimbench.reading.corpus import Corpus
from claimbench.reading.jsonl import Problems, decode, read_bytes
from claimbench.records import Judgement
from claimbench.tasks.decisions import Decisions
from claimbench.validation.judgements import RULES

KIND = "judgement"
"""Name of the JSON Schema."""


def read_judgements(paths: Sequence[str | Path], corpus: Corpus) -> Decisions:
    """Return the decisions in some files; records without a judgement are left for later.

    Raises ProblemsError with every decision that is broken, was made for another text or gold, or differs
    from an earlier one on the same claim, and InputError for a file that cannot be read.
    """
    problems = Problems()
    found: dict[str, Judgement] = {}
    places: dict[str, str] = {}
    for path in map(str, paths):
        for line in decode(path, read_bytes(path), KIND, Judgement, problems):
            one = line.record
            for pointer, message in (*(x for rule in RULES for x in rule(one)), *_stale(one, corpus)):
                problems.add(Problem(path, line.number, pointer, message))
            if one.judgement is None:
                continue
            first = found.setdefault(one.id, one)
            place = places.setdefault(one.id, f"{path}:{line.number}")
            if (first.judgement, first.matches) != (one.judgement, one.matches):
                message = f"'{one.id}' is '{_said(one)}' here, but '{_said(first)}' at {place}"
                problems.add(Problem(path, line.number, "/judgement", message))
    problems.raise_if_any()
    return Decisions(found)


def _said(one: Judgement) -> str:
    return f"{one.judgement} {one.matches}" if one.matches else str(one.judgement)


def _stale(one: Judgement, corpus: Corpus) -> Iterator[tuple[str, str]]:
    article = corpus.article_by_id.get(one.article)
    if article is None:
        yield "/article", f"unknown article '{one.article}'{nearest(one.article, corpus.article_by_id)}"
        return
    if one.span is not None and article.text[one.span.start : one.span.end] != one.span.quote:
        yield "/span/quote", f"the article does not have this text at {one.span.start}–{one.span.end}"
    if one.matches is not None:
        gold = {claim.id for claim in corpus.claims if claim.article == one.article}
        if one.matches not in gold:
            yield "/matches", f"unknown claim of {one.article} '{one.matches}'{nearest(one.matches, gold)}"
