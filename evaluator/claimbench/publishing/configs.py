"""The configs: which rows each one has, in which splits.

A row is a canonical record, field for field; what is added for convenience is declared here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, TypeAlias

import msgspec

from claimbench.publishing.shapes import Fields, column_value, fields_of
from claimbench.reading.corpus import Corpus
from claimbench.records import (
    SPLITS,
    Article,
    Claim,
    EvidenceSet,
    Fact,
    Question,
    Record,
    Segment,
    Sentence,
    Split,
    Verification,
)
from claimbench.tasks.detection import positives

Row: TypeAlias = dict[str, Any]


class VerificationRow(Verification, frozen=True):
    """A verification item with the sentences of its evidence."""

    evidence_texts: tuple[tuple[str, ...], ...]


class QuestionRow(Question, frozen=True):
    """A question with the sentences of its evidence."""

    evidence_texts: tuple[tuple[str, ...], ...]


class SentenceRow(Record, frozen=True):
    """A sentence of an article with the check-worthiness of its claims: an item of detection."""

    id: str
    article: str
    source: str
    language: str
    segment: str
    text: str
    checkworthy: bool
    checkworthiness: Literal[0, 1, 2] | None


ROWS: dict[str, type[Record]] = {
    "verification": VerificationRow,
    "questions": QuestionRow,
    "claims": Claim,
    "facts": Fact,
    "articles": Article,
    "sentences": SentenceRow,
}
"""The row type of every config; the first is the default."""


class Config(msgspec.Struct, frozen=True):
    """One config: its columns, and its rows by split. Splits without rows are left out."""

    name: str
    fields: Fields
    splits: Mapping[Split, list[Row]]


def configs(corpus: Corpus) -> list[Config]:
    """Return every config of a corpus.

    Raises KeyError or ValueError for a record that refers to what does not exist.
    """
    records: dict[str, Iterable[Record]] = {
        "verification": (VerificationRow(**_with_texts(corpus, v)) for v in corpus.verification),
        "questions": (QuestionRow(**_with_texts(corpus, q)) for q in corpus.questions),
        "claims": corpus.claims,
        "facts": corpus.facts,
        "articles": corpus.articles,
        "sentences": _sentences(corpus),
    }
    return [_config(name, fields_of(row), records[name]) for name, row in ROWS.items()]


def _config(name: str, fields: Fields, records: Iterable[Record]) -> Config:
    splits: dict[Split, list[Row]] = {split: [] for split in SPLITS}
    for record in records:
        split: Split = getattr(record, "split", "test")
        splits[split].append(column_value(fields, msgspec.to_builtins(record)))
    # datasets refuses to load a split that has no rows, whatever its file declares.
    return Config(name, fields, {split: rows for split, rows in splits.items() if rows})


def _with_texts(corpus: Corpus, item: Verification | Question) -> dict[str, Any]:
    def texts(evidence: EvidenceSet) -> tuple[str, ...]:
        return tuple(corpus.sentence_text(sentence) for sentence in evidence.sentences)

    return msgspec.structs.asdict(item) | {"evidence_texts": tuple(texts(e) for e in item.evidence)}


def _sentences(corpus: Corpus) -> Iterator[SentenceRow]:
    gold = positives(corpus)
    grades: dict[str, Literal[0, 1, 2]] = {}
    for claim in corpus.claims:
        start = corpus.sentence_of(claim)
        grades[start] = max(claim.checkworthiness, grades.get(start, 0))
    for id_, (article, sentence) in corpus.sentences.items():
        yield SentenceRow(
            id=id_,
            article=article.id,
            source=article.source,
            language=article.language,
            segment=_segment(article, sentence).kind,
            text=corpus.sentence_text(id_),
            checkworthy=id_ in gold,
            checkworthiness=grades.get(id_),
        )


def _segment(article: Article, sentence: Sentence) -> Segment:
    for segment in article.segments:
        if segment.start <= sentence.start < segment.end:
            return segment
    raise ValueError(f"{sentence.id} lies in no segment")
