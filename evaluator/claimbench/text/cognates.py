"""Words that are alike across German, Dutch and English: function words apart, spelling brought together.

A word's *skeleton* is its spelling without marks and double letters and with a few letters levelled, so that
inflected forms, compounds and cognates share most letter pairs („Kapazität“, “capaciteit”, “capacity”).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from claimbench.text.glossary import notion
from claimbench.text.normalise import straight, tokens

_GERMAN = """
    und oder aber auch in im an am auf aus bei beim mit nach von vom zu zum zur für über unter um durch
    gegen ohne vor seit bis wie als dass ob wenn weil er sie es ihr ihre ihren ihrem seine seinen seiner
    sein sich ist sind war waren wird werden wurde hat haben hatte habe hätte nicht kein keine noch
    schon nur so sowie dieser diese dieses was wer
"""
_DUTCH = """
    en of maar ook in op aan uit bij met naar van te tot voor over onder om door tegen zonder sinds als
    dat die dit deze wanneer omdat hij zij ze hun haar zijn zich is was waren wordt worden werd werden
    heeft hebben had niet geen nog al slechts zo er wat wie
"""
_ENGLISH = """
    and or but also in on at of from by with to into for about over under as that this these those which
    who whom whose if when because he she it its his her their they them is are was were be been being
    has have had will would not no so than there what
"""
FUNCTION_WORDS = frozenset(" ".join((_GERMAN, _DUTCH, _ENGLISH)).split())

_SAME = {"ki": "ai"}
"""Abbreviations that are translated."""

_SPELLING = str.maketrans("czyv", "ksif")
"""Letters that the three languages write for one another in cognates: „Sektor“ and “sector”."""
_DOUBLED = re.compile(r"(.)\1")
_GENITIVE = re.compile(r"'s$")

_STEM = 4
"""Words that begin with as many equal letters may be forms or compounds of one."""
LEAST = 0.45
"""Two words less alike than this have nothing in common."""


class Word(NamedTuple):
    """A content word: its skeleton, and what notion it expresses if it is in the glossary."""

    skeleton: str
    notion: int | None


@lru_cache(maxsize=65536)
def words(text: str) -> tuple[Word, ...]:
    """Return a text's words that are no function words; all where there are no others."""
    said = tokens(text)
    kept = tuple(word for word in said if word not in FUNCTION_WORDS)
    return tuple(Word(skeleton(word), notion(word)) for word in kept or said)


@lru_cache(maxsize=65536)
def content(text: str) -> tuple[str, ...]:
    """Return the skeletons of a text's words that are no function words; of all where there are no others."""
    return tuple(word.skeleton for word in words(text))


@lru_cache(maxsize=1 << 18)
def alike(left: Word, right: Word) -> float:
    """Return how alike two words are, from 0 to 1; symmetric: 1 for one notion, else as cognates."""
    if left.notion is not None and left.notion == right.notion:
        return 1.0
    return _cognate(left.skeleton, right.skeleton)


@lru_cache(maxsize=65536)
def skeleton(word: str) -> str:
    """Return a case-folded word's skeleton, never empty; a number keeps its digits, with points for marks."""
    if word[:1].isdigit():
        return word.replace(",", ".")
    stem = _GENITIVE.sub("", straight(word))
    letters = unicodedata.normalize("NFD", _SAME.get(stem, stem))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _DOUBLED.sub(r"\1", plain.translate(_SPELLING)) or word


@lru_cache(maxsize=1 << 18)
def cognate(left: str, right: str) -> float:
    """Return how alike two skeletons are, from 0 to 1; symmetric.

    The Dice overlap of their sets of letter pairs, or the share of the shorter one that starts the other (a
    compound or an inflected form), whichever is greater; numbers are alike or not.
    """
    return _cognate(left, right)


def _cognate(left: str, right: str) -> float:
    """Equals ``cognate``, for a caller that remembers what it returns."""
    if left == right:
        return 1.0
    a, b = _pairs(left), _pairs(right)
    if a.isdisjoint(b) or left[0].isdigit() or right[0].isdigit():
        return 0.0
    found = 2.0 * len(a & b) / (len(a) + len(b))
    if left[:_STEM] == right[:_STEM] and (start := _common_start(left, right)) >= _STEM:
        found = max(found, 0.8 * start / min(len(left), len(right)))
    return found if found >= LEAST else 0.0


def _common_start(left: str, right: str) -> int:
    for i, (a, b) in enumerate(zip(left, right, strict=False)):
        if a != b:
            return i
    return min(len(left), len(right))


@lru_cache(maxsize=65536)
def _pairs(word: str) -> frozenset[str]:
    started = f" {word}"
    return frozenset(started[i : i + 2] for i in range(len(word)))
