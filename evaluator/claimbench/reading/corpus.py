"""The corpus as frozen records."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from claimbench.errors import InputError
from claimbench.reading.jsonl import read_bytes, read_records
from claimbench.reading.paths import corpus_path
from claimbench.records import Article, Claim, Fact, Question, Record, Sentence, Split, Verification

KINDS: dict[str, tuple[str, type[Record]]] = {
    "articles": ("article", Article),
    "facts": ("fact", Fact),
    "claims": ("claim", Claim),
    "verification": ("verification", Verification),
    "questions": ("question", Question),
}
"""Canonical file (without .jsonl) to (schema, record type)."""

R = TypeVar("R", bound=Record)


class Corpus(msgspec.Struct, frozen=True, eq=False, dict=True):
    """Articles and gold. ``digest`` names the exact content it was read from."""

    version: str
    digest: str
    articles: tuple[Article, ...]
    facts: tuple[Fact, ...]
    claims: tuple[Claim, ...]
    verification: tuple[Verification, ...]
    questions: tuple[Question, ...]

    @cached_property
    def article_by_id(self) -> dict[str, Article]:
        """Articles by id."""
        return {article.id: article for article in self.articles}

    @cached_property
    def fact_by_id(self) -> dict[str, Fact]:
        """Facts by id."""
        return {fact.id: fact for fact in self.facts}

    @cached_property
    def sentences(self) -> dict[str, tuple[Article, Sentence]]:
        """Every sentence by id, with its article, in reading order."""
        return {s.id: (article, s) for article in self.articles for s in article.sentences}

    def sentence_text(self, sentence_id: str) -> str:
        """Return a sentence's text. Raises KeyError for an unknown id."""
        article, sentence = self.sentences[sentence_id]
        return article.text[sentence.start : sentence.end]

    def sentence_of(self, claim: Claim) -> str:
        """Return the id of the sentence in which a claim's first span starts."""
        start = claim.spans[0].start
        for sentence in self.article_by_id[claim.article].sentences:
            if start < sentence.end:
                return sentence.id
        raise ValueError(f"{claim.id} starts after the last sentence")

    def for_training(self, splits: tuple[Split, ...] = ("train", "validation")) -> Corpus:
        """Return the corpus with the items of ``splits`` only, and without facts and claims."""
        return replace(
            self,
            facts=(),
            claims=(),
            verification=tuple(v for v in self.verification if v.split in splits),
            questions=tuple(q for q in self.questions if q.split in splits),
        )

    def without_source(self, source: str) -> Corpus:
        """Return articles and claims of all sources but one, without any items."""
        articles = tuple(a for a in self.articles if a.source != source)
        kept = {a.id for a in articles}
        claims = tuple(c for c in self.claims if c.article in kept)
        return replace(self, articles=articles, claims=claims, facts=(), verification=(), questions=())


def content_digest(folder: Path) -> str:
    """Return the SHA-256 over the canonical files: their sorted "<sha256>  <path>" lines."""
    names = [f"annotation/{name}.jsonl" for name in KINDS]
    names += [f"articles/{path.name}" for path in (folder / "articles").glob("*.txt")]
    total = hashlib.sha256()
    for name in sorted(names):
        total.update(f"{hashlib.sha256(read_bytes(str(folder / name))).hexdigest()}  {name}\n".encode())
    return total.hexdigest()


def load_corpus(folder: str | Path | None = None, *, only: Collection[str] = tuple(KINDS)) -> Corpus:
    """Return a corpus folder as records; the shipped corpus by default. Kinds not in ``only`` stay empty.

    Raises InputError for a folder that is none and ProblemsError for records that do not decode. What
    records mean is checked by ``claimbench.validate``.
    """
    root = corpus_path() if folder is None else Path(folder)
    if not (root / "annotation").is_dir():
        raise InputError(f"{root}: not a corpus folder (it has no folder 'annotation')")

    digest = content_digest(root)
    manifest = _manifest(root)

    def read(kind: str, record: type[R]) -> tuple[R, ...]:
        if kind not in only:
            return ()
        path = str(root / "annotation" / f"{kind}.jsonl")
        return read_records(path, KINDS[kind][0], record, checked=manifest.get("digest") == digest)

    return Corpus(
        version=str(manifest.get("version", "unreleased")),
        digest=digest,
        articles=read("articles", Article),
        facts=read("facts", Fact),
        claims=read("claims", Claim),
        verification=read("verification", Verification),
        questions=read("questions", Question),
    )


def refuse_dangling(corpus: Corpus, kinds: Collection[str] = ("claims", "verification", "questions")) -> None:
    """Raise InputError for a claim or item, of the kinds given, that refers to what is not there.

    Checked before anything is computed from a corpus, but not where one that is being edited is read.
    """
    for kind in kinds:
        for record in getattr(corpus, kind):
            if lost := _lost(corpus, record):
                raise dangling(record.id, lost)


def dangling(name: str, lost: Collection[str]) -> InputError:
    """Return the error of a record that refers to ids that no record has."""
    return InputError(
        f"{name} refers to {', '.join(sorted(lost))}, not there; 'claimbench validate' lists all"
    )


def _lost(corpus: Corpus, record: Record) -> set[str]:
    """Return the ids that a claim or item refers to and that no record has."""
    if isinstance(record, Claim):
        return ({record.fact} - corpus.fact_by_id.keys()) | ({record.article} - corpus.article_by_id.keys())
    if not isinstance(record, (Verification, Question)):
        return set()
    sentences = {s for group in record.evidence for s in group.sentences}
    return (set(record.facts) - corpus.fact_by_id.keys()) | (sentences - corpus.sentences.keys())


def _manifest(root: Path) -> dict[str, Any]:
    """Return the corpus's manifest; an empty one where there is none."""
    import json

    try:
        manifest = json.loads((root / "manifest.json").read_bytes())
    except FileNotFoundError:
        return {}
    except ValueError:
        manifest = None
    if not isinstance(manifest, dict):
        raise InputError(f"{root / 'manifest.json'}: not a manifest")
    return manifest
