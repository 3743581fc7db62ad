"""What keeps two statements from being one, however many words they share: other names, a negation."""

from __future__ import annotations

import re
from functools import lru_cache

from claimbench.reading.corpus import Corpus
from claimbench.text import oppositions
from claimbench.text.normalise import canonical

_WORD = re.compile(r"[^\W\d_]+")
_STARTS = '.!?:“„"'
"""What a sentence starts after; also nothing at all, which is in every string."""
_ACRONYM = 3
_CLAUSES = re.compile(r"[,;:.!?–—](?!\d)|\b(?:und|aber|sondern|en|maar|and|but)\b")


@lru_cache(maxsize=2)
def known_names(corpus: Corpus) -> frozenset[str]:
    """Return the names that the gold speaks of, a word each and case folded.

    They are the words with a capital inside a sentence of an English wording, as German capitalises every
    noun. Left out are short words in capitals (AI, CEO, US), for names are given with and without them, and
    who reports what others say, for attribution is transparent.
    """
    reporters = {
        word.casefold()
        for claim in corpus.claims
        if claim.attribution
        for word in _WORD.findall(claim.attribution.via or "")
    }
    wordings = [claim.text_en for claim in corpus.claims] + [fact.statement.en for fact in corpus.facts]
    return frozenset(
        word[0].casefold()
        for text in wordings
        for word in _WORD.finditer(text)
        if word[0][0].isupper()
        and not (word[0].isupper() and len(word[0]) <= _ACRONYM)
        and text[: word.start()].rstrip()[-1:] not in _STARTS
        and word[0].casefold() not in reporters
    )


@lru_cache(maxsize=65536)
def names(text: str, known: frozenset[str]) -> frozenset[str]:
    """Return which of the known names a text has, a genitive's s aside."""
    words = {word.casefold() for word in _WORD.findall(text)}
    return known & (words | {word.removesuffix("s") for word in words})


def other_names(left: str, right: str, known: frozenset[str]) -> bool:
    """Whether each of two texts has a known name that the other lacks."""
    mine, theirs = names(left, known), names(right, known)
    return bool(mine - theirs and theirs - mine)


@lru_cache(maxsize=65536)
def negated(text: str) -> bool:
    """Whether a text holds a negation."""
    return oppositions.negated(canonical(text))


@lru_cache(maxsize=65536)
def affirmed(text: str) -> str:
    """Return the clauses of a text that hold no negation."""
    return " ".join(clause for clause in _CLAUSES.split(canonical(text)) if not negated(clause))
