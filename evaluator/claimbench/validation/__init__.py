"""Whether files say what their schemas and the corpus's own rules demand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import attrgetter
from pathlib import Path
from typing import Any

from claimbench.errors import InputError, Problem, UsageError, nearest
from claimbench.reading.corpus import KINDS
from claimbench.reading.paths import corpus_path, schema_path
from claimbench.reading.schemas import Json
from claimbench.records import Judgement
from claimbench.validation import articles, claims, facts, judgements, leaks, questions, verification
from claimbench.validation.coverage import unaccounted
from claimbench.validation.files import File, read_document, read_file, repeated, unsorted
from claimbench.validation.gold import Finding, Gold, Rule
from claimbench.validation.manifest import manifest_fits_folder, parquet_versions
from claimbench.validation.predictions import PREDICTIONS, RULES

__all__ = ["record_kinds", "unaccounted", "validate"]

MOST_FINDINGS = 10_000
"""More findings than anybody reads; the rest is left out."""

OWN: dict[str, tuple[Rule, ...]] = {
    "articles": articles.OWN,
    "facts": facts.OWN,
    "claims": claims.OWN,
    "verification": verification.OWN,
    "questions": questions.OWN,
}
"""Rules that a file of the corpus decides by itself."""

LINKS: dict[str, tuple[Rule, ...]] = {
    "articles": articles.LINKS,
    "facts": facts.LINKS,
    "claims": claims.LINKS,
    "verification": (*verification.LINKS, leaks.text_leaks),
    "questions": (*questions.LINKS, leaks.text_leaks),
}
"""Rules that need the other files."""


def validate(path: str | Path | None = None, kind: str | None = None) -> list[Problem]:
    """Return what is wrong with a corpus folder, or with one file of a record kind, in order.

    Without a path the shipped corpus is checked. A file of a ``kind`` is held against its schema and the
    rules it can decide by itself. Raises InputError for what cannot be read at all and UsageError for an
    unknown kind.
    """
    if kind is None:
        root = corpus_path() if path is None else Path(path)
        if root.is_file():
            raise UsageError(f"{root} is a file; say what it holds: {', '.join(record_kinds())}")
        return sorted(_corpus(root))[:MOST_FINDINGS]
    if kind not in record_kinds():
        known = record_kinds()
        raise UsageError(f"no record kind '{kind}'{nearest(kind, known)}; there are {', '.join(known)}")
    if path is None:
        raise UsageError(f"say which file of kind '{kind}' to validate")
    return sorted(_file(str(path), kind))[:MOST_FINDINGS]


def record_kinds() -> list[str]:
    """Return the kinds of record that have a schema."""
    names = {path.name.removesuffix(".schema.json") for path in schema_path().glob("*.schema.json")}
    return sorted(names - {"common"})


def _corpus(root: Path) -> Iterator[Problem]:
    if not (root / "annotation").is_dir():
        raise InputError(f"{root}: not a corpus folder (it has no folder 'annotation')")
    files = {
        name: read_file(str(root / "annotation" / f"{name}.jsonl"), kind, record)
        for name, (kind, record) in KINDS.items()
    }
    rules = {name: OWN[name] + LINKS[name] for name in KINDS}
    yield from _records(files, rules, root)
    yield from _manifest(root)


def _file(path: str, kind: str) -> Iterator[Problem]:
    if kind in ("report", "manifest", "gate"):
        yield from read_document(path, kind).problems
        return
    for name, (own_kind, record) in KINDS.items():
        if kind == own_kind:
            yield from _records({name: read_file(path, kind, record)}, OWN, Path())
            return
    if kind == "judgement":
        yield from _by_itself(read_file(path, kind, Judgement), judgements.RULES)
        return
    yield from _predictions(path, kind)


def _predictions(path: str, kind: str) -> Iterator[Problem]:
    file = read_file(path, kind, PREDICTIONS[kind])
    yield from _locate(file, "ids_unique", repeated(file.records, attrgetter("id", "run_name")))
    yield from _by_itself(file, RULES.get(kind, ()))


def _by_itself(file: File, rules: Iterable[Callable[[Any], Iterator[Finding]]]) -> Iterator[Problem]:
    yield from file.problems
    for rule in rules:
        found = ((line, finding) for line, record in file.records for finding in rule(record))
        yield from _locate(file, rule.__name__, found)


def _records(
    files: Mapping[str, File], rules: Mapping[str, tuple[Rule, ...]], root: Path
) -> Iterator[Problem]:
    def of(name: str) -> tuple[Json, ...]:
        return tuple(record for _, record in files[name].records) if name in files else ()

    gold = Gold(
        version="",
        digest="",
        articles=of("articles"),
        facts=of("facts"),
        claims=of("claims"),
        verification=of("verification"),
        questions=of("questions"),
        folder=root,
        unread=frozenset().union(*(file.unread for file in files.values())),
    )
    for name, file in files.items():
        yield from file.problems
        yield from _locate(file, "ids_unique", repeated(file.records, attrgetter("id")))
        yield from _locate(file, "ids_sorted", unsorted(file.records))
        for rule in rules[name]:
            found = ((line, finding) for line, record in file.records for finding in rule(record, gold))
            yield from _locate(file, rule.__name__, found)


def _locate(file: File, rule: str, found: Iterable[tuple[int, Finding]]) -> Iterator[Problem]:
    for line, (pointer, message) in found:
        yield Problem(file.path, line, pointer, message, rule)


def _manifest(root: Path) -> Iterator[Problem]:
    path = root / "manifest.json"
    if path.is_file():
        file = read_document(str(path), "manifest")
        yield from file.problems
        for _, manifest in file.records:
            found = ((0, finding) for finding in manifest_fits_folder(manifest, root))
            yield from _locate(file, "manifest_fits_folder", found)
    elif parquet_versions(root):
        yield Problem(str(path), 0, "", "there are Parquet files, but no manifest that says what they hold")
