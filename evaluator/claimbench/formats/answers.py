"""How the scorers of the SQuAD family compare answers: a normal form, exact match and F1 of words.

A normal form is a tuple of words; two answers match exactly where their tuples are equal.
"""

from __future__ import annotations

import re
import string
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable
from functools import cache

Words = tuple[str, ...]
Normal = Callable[[str], Words]
"""Maps an answer to its normal form."""

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_ARTICLE_WORDS = frozenset({"a", "an", "the"})
_PUNCTUATION = str.maketrans("", "", string.punctuation)
_LOWER, _MARKS = bytes(range(256)).lower(), string.punctuation.encode()

# MLQA's rules by language: articles become a space, wherever the pattern is found. The Arabic one has no word
# boundary; "\sال^" can never match, which is the scorer's own.
_ARTICLES_OF = {
    "ar": r"\sال^|ال",
    "de": r"\b(ein|eine|einen|einem|eines|einer|der|die|das|den|dem|des)\b",
    "en": r"\b(a|an|the)\b",
    "es": r"\b(un|una|unos|unas|el|la|los|las)\b",
    "hi": "",
    "vi": r"\b(của|là|cái|chiếc|những)\b",
    "zh": "",
}
LANGUAGES = tuple(_ARTICLES_OF)
"""The languages MLQA has rules for."""

_FEW = 256
"""Up to so many pairs of words counting one by one is faster than two tables of counts."""

_HAN = re.compile("([\u4e00-\u9fa5])")


def squad_words(text: str) -> Words:
    """Return SQuAD's normal form: lower case, no ASCII punctuation, no English articles."""
    if text.isascii() and text.isprintable():
        # Only letters, digits and spaces are left, so words end at spaces.
        words = text.encode().translate(_LOWER, _MARKS).decode().split()
        if _ARTICLE_WORDS.isdisjoint(words):
            return tuple(words)
        return tuple([word for word in words if word not in _ARTICLE_WORDS])
    return tuple(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


@cache
def _unicode_punctuation() -> dict[int, None]:
    """Return the code points of category P* by this interpreter's Unicode tables, and ASCII punctuation."""
    marks = (i for i in range(sys.maxunicode) if unicodedata.category(chr(i)).startswith("P"))
    return dict.fromkeys(marks) | dict.fromkeys(map(ord, string.punctuation))


def mlqa_words(language: str) -> Normal:
    """Return MLQA's normal form for a language: its articles, Unicode punctuation, Chinese by character.

    Raises KeyError for a language that is not in LANGUAGES.
    """
    articles = re.compile(_ARTICLES_OF[language]) if _ARTICLES_OF[language] else None
    punctuation = _unicode_punctuation()

    def words(text: str) -> Words:
        plain = text.lower().translate(punctuation)
        if articles:
            plain = articles.sub(" ", plain)
        if language == "zh":
            plain = _HAN.sub(r" \1 ", plain)
        return tuple(plain.split())

    return words


def common_words(gold: Words, predicted: Words) -> int:
    """Return how many words two answers share, repeated words as often as both have them."""
    if len(gold) * len(predicted) > _FEW:
        return sum((Counter(gold) & Counter(predicted)).values())
    words = set(predicted)
    shared = words.intersection(gold)
    if len(words) == len(predicted):
        return len(shared)
    return sum([min(gold.count(word), predicted.count(word)) for word in shared])


def precision_recall_f1(gold: Words, predicted: Words) -> tuple[float, float, float]:
    """Return precision, recall and F1 of the words; all 0 without a common word, so where both are empty."""
    same = common_words(gold, predicted)
    if same == 0:
        return 0.0, 0.0, 0.0
    precision, recall = same / len(predicted), same / len(gold)
    return precision, recall, (2 * precision * recall) / (precision + recall)
