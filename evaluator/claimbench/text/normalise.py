"""Tokens that make German, Dutch and English texts comparable.

Unicode NFKC, soft hyphens and zero-width characters gone, apostrophes straight, ß as ss, case folded,
quotation marks and punctuation apart from digits gone but for the signs of numbers, articles left out. A text
with any content never becomes empty: what a step would leave nothing of, it leaves alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain

VERSION = "5"
"""Of all comparison of texts; a change that can change a score raises it."""

_GERMAN = ("der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einem", "einer", "eines")
_DUTCH = ("de", "het", "een")
_ENGLISH = ("the", "a", "an")
ARTICLES = frozenset((*_GERMAN, *_DUTCH, *_ENGLISH))

Bag = frozenset[str | tuple[str, int]]
"""Items of a bag, each but the first of its kind with its number."""

_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")
_APOSTROPHE = re.compile(r"[’‘ʼ](?<=[^\W\d_].)(?=[^\W\d_])")
_SIGN = r"(?<![^\s(\[$€£])(?:-(?=[$€£]?\d)|[<>≠](?=[$€£]?\d|\Z))"
"""What makes another of the number behind it; after a word or a digit a minus is a hyphen."""
_TOKEN = re.compile(rf"\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*|[%€$£]|{_SIGN}")


def legible(text: str) -> str:
    """Return the text in NFKC, ``straight``, without invisible characters, with single spaces; case stays."""
    plain = text if text.isascii() else straight(unicodedata.normalize("NFKC", text))
    if not plain.isprintable():
        plain = _INVISIBLE.sub("", plain)
    return " ".join(plain.split()) or text


def straight(text: str) -> str:
    """Return the text with the apostrophes inside its words as in ASCII: “Musk’s” is "Musk's"."""
    return _APOSTROPHE.sub("'", text)


@lru_cache(maxsize=8192)
def canonical(text: str) -> str:
    """Return the text as ``legible`` has it, case folded."""
    return " ".join(_folded(legible(text)).split()) or text


def _folded(plain: str) -> str:
    folded = plain.casefold()
    return folded if folded.isascii() else unicodedata.normalize("NFKC", folded)


def caseless(word: str) -> str:
    """Return a word as a pattern that ignores case compares it: “APRİL” and “aprıl” are "april"."""
    return word.casefold().replace("\u0307", "").replace("ı", "i")


@lru_cache(maxsize=8192)
def tokens(text: str) -> tuple[str, ...]:
    """Return the text's words and numbers without articles; never empty for a non-empty text."""
    if content := tuple(chain.from_iterable(map(_content, legible(text).split(" ")))):
        return content
    plain = canonical(text)
    return tuple(_TOKEN.findall(plain)) or ((plain,) if plain else ())


@lru_cache(maxsize=1 << 14)
def _content(word: str) -> tuple[str, ...]:
    """Return the tokens of a word of legible text: no normal form and no token goes beyond a space."""
    return tuple(token for token in _TOKEN.findall(_folded(word).replace("−", "-")) if token not in ARTICLES)


def numbered(items: Sequence[str]) -> Bag:
    """Return a bag as a set: bags have in common what their sets have."""
    once = frozenset(items)
    if len(once) == len(items):
        return once
    return once.union([(item, n) for item in once for n in range(1, items.count(item))])


@lru_cache(maxsize=8192)
def bag(text: str) -> Bag:
    """Return a text's tokens, ``numbered``."""
    return numbered(tokens(text))


def token_f1(left: tuple[str, ...], right: tuple[str, ...]) -> float:
    """Return the harmonic mean of shared tokens over both lengths (SQuAD's F1); 1 for equal texts."""
    if left == right:
        return 1.0
    common = set(left).intersection(right)
    if not common:
        return 0.0
    shared = sum(map(min, map(left.count, common), map(right.count, common)))
    return 2.0 * shared / (len(left) + len(right))
