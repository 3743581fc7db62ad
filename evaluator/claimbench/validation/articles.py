"""What an article record must mean."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from claimbench.records import Article
from claimbench.validation.gold import Finding, Gold, Rule, show
from claimbench.validation.spans import disorder, misquotes, uncovered


def text_is_the_file(article: Article, gold: Gold) -> Iterator[Finding]:
    """The text is that of the article's file, byte for byte."""
    path = gold.folder / "articles" / f"{article.id}.txt"
    if not path.is_file():
        yield "/id", f"expected the text in articles/{article.id}.txt; there is no such file"
    elif (data := path.read_bytes()) != (text := article.text.encode()):
        pairs = enumerate(zip(data, text, strict=False))
        first = next((n for n, (a, b) in pairs if a != b), min(len(data), len(text)))
        yield "/text", f"differs from articles/{article.id}.txt from byte {first} on"


def sha256_of_text(article: Article, gold: Gold) -> Iterator[Finding]:
    """The sum is that of the text."""
    right = hashlib.sha256(article.text.encode()).hexdigest()
    if article.sha256 != right:
        yield "/sha256", f"expected {right}, got {article.sha256}"


def title_in_text(article: Article, gold: Gold) -> Iterator[Finding]:
    """The title occurs in the text."""
    if article.title not in article.text:
        yield "/title", f"expected words of the text, got {show(article.title)}"


def parts_in_order(article: Article, gold: Gold) -> Iterator[Finding]:
    """Segments, sentences and stretches without a claim are in order, apart and within the text."""
    length = len(article.text)
    yield from disorder("/segments", article.segments, length)
    yield from disorder("/sentences", article.sentences, length)
    yield from disorder("/nonclaims", article.nonclaims, length)


def parts_cover_text(article: Article, gold: Gold) -> Iterator[Finding]:
    """Segments, and sentences, cover all but white space."""
    yield from uncovered("/segments", article.segments, article.text)
    yield from uncovered("/sentences", article.sentences, article.text)


def sentence_within_segment(article: Article, gold: Gold) -> Iterator[Finding]:
    """No sentence crosses a segment's end."""
    for number, sentence in enumerate(article.sentences):
        for segment in article.segments:
            if sentence.start < segment.end < sentence.end or sentence.start < segment.start < sentence.end:
                edges = f"{segment.start}–{segment.end}"
                yield f"/sentences/{number}", f"crosses an end of the {segment.kind} at {edges}"
                break


def sentences_numbered(article: Article, gold: Gold) -> Iterator[Finding]:
    """Sentence ids count from 1."""
    for number, sentence in enumerate(article.sentences):
        expected = f"{article.id}#{number + 1}"
        if sentence.id != expected:
            yield f"/sentences/{number}/id", f"expected {expected}, got {show(sentence.id)}"


def nonclaim_quotes(article: Article, gold: Gold) -> Iterator[Finding]:
    """The quote of a stretch without a claim is the text at its offsets."""
    yield from misquotes("/nonclaims", article.nonclaims, article.text)


def same_original_is_mutual(article: Article, gold: Gold) -> Iterator[Finding]:
    """Versions of one original name each other and are one source."""
    for number, other_id in enumerate(article.translation.same_original):
        where = f"/translation/same_original/{number}"
        other = gold.article_by_id.get(other_id)
        if other is article:
            yield where, "expected another article, got this one"
        elif other is None:
            if gold.lacks(other_id, gold.article_by_id):
                yield where, f"there is no article {show(other_id)}"
        elif article.id not in other.translation.same_original:
            yield where, f"expected {other_id} to name {article.id} in turn"
        elif other.source != article.source:
            yield where, f"expected the source of {other_id}, {other.source!r}, got {article.source!r}"


OWN: tuple[Rule, ...] = (
    sha256_of_text,
    title_in_text,
    parts_in_order,
    parts_cover_text,
    sentence_within_segment,
    sentences_numbered,
    nonclaim_quotes,
    same_original_is_mutual,
)
LINKS: tuple[Rule, ...] = (text_is_the_file,)
