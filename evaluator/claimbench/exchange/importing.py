"""From a tool's files back to claims."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from claimbench.errors import InputError, Problem, nearest
from claimbench.exchange.errata import read_errata
from claimbench.exchange.form import ABSENT, fields
from claimbench.exchange.marks import Mark, Marks, misplaced
from claimbench.exchange.tools import TOOLS
from claimbench.reading.corpus import Corpus, load_corpus
from claimbench.reading.jsonl import Problems
from claimbench.reading.paths import corpus_path
from claimbench.reading.schemas import Json, violations
from claimbench.records import Article, Claim

_ID = re.compile(r"(.+)\.c([1-9][0-9]*)")


class Imported(msgspec.Struct, frozen=True):
    """The claims of a whole corpus, in order, and how they differ from those it had."""

    claims: tuple[Claim, ...]
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]
    """Articles without a file: their claims stay as they are."""


def import_claims(folder: Path, tool: str, corpus_folder: Path | None = None) -> Imported:
    """Return the claims in a folder of the tool's files, sorted by article and number.

    The corpus, the shipped one by default, gives the texts and the ids in use. Raises InputError for a
    folder without files of the tool and ProblemsError for what does not fit the schema or the texts.
    """
    root = corpus_path() if corpus_folder is None else corpus_folder
    corpus = load_corpus(root, only=("articles", "facts", "claims"))
    problems = Problems()
    marks = _read(folder, tool, corpus, problems)
    used = [c.id for c in corpus.claims] + [entry.id for entry in read_errata(root)]
    used += [claim for fact in corpus.facts for reading in fact.readings for claim in reading.claims]
    claims = [claim for claim in corpus.claims if claim.article not in marks]
    for article, found in marks.items():
        claims += _claims(corpus.article_by_id[article], found, corpus, used, problems)
    problems.raise_if_any()
    return _compared(corpus, sorted(claims, key=_order), [a.id for a in corpus.articles if a.id not in marks])


def _compared(corpus: Corpus, claims: Sequence[Claim], kept: Sequence[str]) -> Imported:
    old, new = ({claim.id: claim for claim in group} for group in (corpus.claims, claims))
    return Imported(
        claims=tuple(claims),
        added=tuple(id for id in new if id not in old),
        changed=tuple(id for id in new if id in old and new[id] != old[id]),
        removed=tuple(id for id in old if id not in new),
        kept=tuple(kept),
    )


def _read(folder: Path, tool: str, corpus: Corpus, problems: Problems) -> Marks:
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder")
    paths = sorted(folder.glob("*" + TOOLS[tool].SUFFIX))
    if not paths:
        raise InputError(f"{folder}: no files of {tool} (*{TOOLS[tool].SUFFIX}) in this folder")
    marks: Marks = {}
    for path in paths:
        for article, found in TOOLS[tool].read(path, corpus, problems).items():
            if article in marks:
                problems.add(Problem(str(path), 0, "", f"{article} is in another file of the folder already"))
            marks[article] = found
    return marks


def _claims(
    article: Article, marks: Sequence[Mark], corpus: Corpus, used: Sequence[str], problems: Problems
) -> Iterator[Claim]:
    """Yield an article's claims, adding a problem for each mark that is none."""
    known = {claim.id: claim for claim in corpus.claims}
    ordered = sorted(marks, key=lambda mark: sorted((s.start, s.end) for s in mark.spans))
    ids = _ids(article, ordered, known, used, problems)
    named = {mark.name: new for mark, new in ids if mark.name}
    for mark, new in ids:
        record = _record(article, mark, new, known.get(new), named)
        found = [*violations("claim", record), *misplaced(mark.spans, article.text)]
        for where, keyword, message in found:
            problems.add(mark.problem(where, message, keyword))
        if not found:
            yield msgspec.convert(record, Claim)


def _ids(
    article: Article,
    marks: Sequence[Mark],
    known: Mapping[str, Claim],
    used: Sequence[str],
    problems: Problems,
) -> list[tuple[Mark, str]]:
    """Return the marks with their claims' ids; a new claim gets a number higher than any used."""
    matches = (_ID.fullmatch(id) for id in used)
    last = max((int(match[2]) for match in matches if match and match[1] == article.id), default=0)
    own = [id for id, claim in known.items() if claim.article == article.id]
    result: list[tuple[Mark, str]] = []
    seen: set[str] = set()
    for mark in marks:
        if mark.name and mark.name in seen:
            problems.add(mark.problem("/id", "is there twice"))
        elif mark.name in own:
            result.append((mark, mark.name))
        elif _ID.fullmatch(mark.name):
            message = f"{article.id} has no such claim{nearest(mark.name, own)}; a new one has no id yet"
            problems.add(mark.problem("/id", message))
        else:
            last += 1
            result.append((mark, f"{article.id}.c{last}"))
        seen.add(mark.name)
    return result


def _record(
    article: Article, mark: Mark, new: str, known: Claim | None, named: Mapping[str, str]
) -> dict[str, Json]:
    """Return the record a mark stands for.

    A known claim of which only parts without fields are left, as its first part was deleted, keeps its own.
    """
    given = mark.fields
    if known is not None and not given.keys() - {"kind"}:
        given = {**fields(known), **given}
    spans = [msgspec.to_builtins(span) for span in sorted(mark.spans, key=lambda s: (s.start, s.end))]
    record: dict[str, Json] = {**ABSENT, **given, "id": new, "article": article.id, "spans": spans}
    if isinstance(record["duplicate_of"], str):
        record["duplicate_of"] = named.get(record["duplicate_of"], record["duplicate_of"])
    return record


def _order(claim: Claim) -> tuple[str, int]:
    article, _, number = claim.id.rpartition(".c")
    return article, int(number)
