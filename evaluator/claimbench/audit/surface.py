"""What the wording of the propositions looks like, label by label and language by language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from statistics import fmean

import msgspec

from claimbench.audit.finding import Finding
from claimbench.audit.words import HEDGES, NEGATIONS, has_digit
from claimbench.reading.corpus import Corpus
from claimbench.records import LABELS, LANGUAGES, Verification
from claimbench.tasks.verification import MACRO
from claimbench.text.normalise import canonical, tokens

MOST_APART = 0.15
"""A label whose share of a kind of word is further than this from the overall share is given away by it."""

ALL = "all"


class Surface(msgspec.Struct, frozen=True):
    """Figures of the items with one label in one language; "all" stands for every label or language.

    ``length`` is the mean in characters; ``negation``, ``hedge``, ``digit`` and ``edits`` are shares of
    items. ``overlap`` is the mean share of an item's words that the best-matching article sentence in its
    language has, None for a language without articles; ``position`` the mean place of evidence sentences in
    their article, from 0 to 1, None without evidence.
    """

    label: str
    language: str
    items: int
    length: float
    negation: float
    hedge: float
    digit: float
    overlap: float | None
    position: float | None
    edits: float


def surface_of(corpus: Corpus) -> tuple[Surface, ...]:
    """Return the figures of every label and language that has items, and of all together."""
    sentences: dict[str, list[set[str]]] = {
        language: [set(tokens(corpus.sentence_text(s))) for s in _of_language(corpus, language)]
        for language in LANGUAGES
    }
    places = {
        sentence.id: place / max(1, len(article.sentences) - 1)
        for article in corpus.articles
        for place, sentence in enumerate(article.sentences)
    }
    found = []
    for label in (*LABELS, ALL):
        for language in (*LANGUAGES, ALL):
            chosen = [
                i for i in corpus.verification if label in (i.label, ALL) and language in (i.language, ALL)
            ]
            if chosen:
                found.append(_figures(label, language, chosen, sentences, places))
    return tuple(found)


def _of_language(corpus: Corpus, language: str) -> Iterable[str]:
    return (s for s, (article, _) in corpus.sentences.items() if article.language == language)


def _figures(
    label: str,
    language: str,
    chosen: Sequence[Verification],
    sentences: dict[str, list[set[str]]],
    places: dict[str, float],
) -> Surface:
    overlaps = [_overlap(item, sentences[item.language]) for item in chosen if sentences[item.language]]
    evidence = [places[s] for item in chosen for s in sorted({s for g in item.evidence for s in g.sentences})]
    return Surface(
        label=label,
        language=language,
        items=len(chosen),
        length=fmean(len(item.claim) for item in chosen),
        negation=fmean(bool(NEGATIONS[i.language].search(canonical(i.claim))) for i in chosen),
        hedge=fmean(bool(HEDGES[i.language].search(canonical(i.claim))) for i in chosen),
        digit=fmean(has_digit(item.claim) for item in chosen),
        overlap=fmean(overlaps) if overlaps else None,
        position=fmean(evidence) if evidence else None,
        edits=fmean(item.edit is not None for item in chosen),
    )


def _overlap(item: Verification, sentences: Iterable[set[str]]) -> float:
    words = set(tokens(item.claim))
    return max(len(words & sentence) for sentence in sentences) / len(words)


def telltale_words(rows: Sequence[Surface]) -> Iterator[Finding]:
    """Yield a finding where a label's share of items with a kind of word is far from the overall share.

    ``conflicting`` is left out, as the headline of verification leaves it out: its items are too few.
    """
    whole = {row.language: row for row in rows if row.label == ALL}
    for row in rows:
        if row.label not in MACRO:
            continue
        for kind in ("negation", "hedge", "digit"):
            here, overall = getattr(row, kind), getattr(whole[row.language], kind)
            if abs(here - overall) > MOST_APART:
                where = "" if row.language == ALL else f" in {row.language}"
                shares = f"{here:.2f} of the {row.label} items{where}, overall {overall:.2f}"
                yield Finding("words", f"a {kind} word is in {shares}")
