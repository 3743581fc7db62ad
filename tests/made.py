"""A made-up corpus of one article, for what the shipped articles do not have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from claimbench.reading.corpus import Corpus
from claimbench.reading.paths import schema_path
from claimbench.records import Article, Claim, Fact, Nonclaim, Sentence, Span

ID = "alpha-buys-de"
R = TypeVar("R", bound=msgspec.Struct)
_EXAMPLES = schema_path() / "examples" / "valid"


@dataclass(frozen=True)
class Said:
    """A gold claim: its wording in German and English, and the stretches of the article that state it."""

    text: str
    text_en: str
    quotes: tuple[str, ...]
    fact: str = ""
    checkworthiness: int = 2
    presupposed: bool = False


def made(sentences: Sequence[str], said: Sequence[Said], *, nonclaims: Sequence[str] = ()) -> Corpus:
    """Return a corpus of one German article with these sentences, a claim and fact for each of ``said``."""
    text = " ".join(sentences)
    starts = [sum(len(s) + 1 for s in sentences[:i]) for i in range(len(sentences))]
    article = replace(
        _example("article.plain", Article),
        id=ID,
        text=text,
        sentences=tuple(
            Sentence(id=f"{ID}#{i}", start=start, end=start + len(sentence))
            for i, (start, sentence) in enumerate(zip(starts, sentences, strict=True), start=1)
        ),
        nonclaims=tuple(
            Nonclaim(start=text.index(q), end=text.index(q) + len(q), quote=q, reason="rhetoric")
            for q in nonclaims
        ),
    )
    claims = tuple(
        replace(
            _example("claim.quantity", Claim),
            id=f"{ID}.c{i}",
            article=ID,
            spans=tuple(Span(start=text.index(q), end=text.index(q) + len(q), quote=q) for q in one.quotes),
            text=one.text,
            text_en=one.text_en,
            checkworthiness=one.checkworthiness,
            presupposed=one.presupposed,
            fact=one.fact or f"f-{i}",
        )
        for i, one in enumerate(said, start=1)
    )
    plain = _example("fact.slip", Fact)
    facts = tuple(
        replace(plain, id=name, component=name) for name in dict.fromkeys(claim.fact for claim in claims)
    )
    return Corpus(
        version="made", digest="0" * 64, articles=(article,), facts=facts, claims=claims,
        verification=(), questions=(),
    )  # fmt: skip


def _example(name: str, kind: type[R]) -> R:
    return msgspec.json.decode((_EXAMPLES / f"{name}.json").read_bytes(), type=kind)
