"""What makes searching texts fast: screens, and patterns of many words.

A screen tells what a text cannot hold by its words one at a time, before it is searched as a whole. Texts are
of few words, and words of a vocabulary; each is looked at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache, reduce
from operator import or_

Screen = Callable[[str], int]

_WORDS = 1 << 14
"""Words that a screen remembers."""


def screen(*patterns: str) -> Screen:
    """Return what tells which patterns the words of a legible text hold, whatever their case: a bit for each.

    Words are what spaces part; a reader may leave out the texts without its bit if everything that it finds
    has a part without spaces that fits its pattern. No pattern may tell one whole number from another.
    """

    @lru_cache(maxsize=1)
    def compiled() -> list[tuple[int, re.Pattern[str]]]:
        return [(1 << i, re.compile(pattern, re.IGNORECASE)) for i, pattern in enumerate(patterns)]

    @lru_cache(maxsize=_WORDS)
    def held(word: str) -> int:
        if word.isdecimal():
            word = "0"
        return sum([bit for bit, pattern in compiled() if pattern.search(word)])

    return lambda text: reduce(or_, map(held, text.split(" ")))


def any_of(words: Iterable[str]) -> str:
    """Return a pattern of any of the words, the longest that fits first; their first letters decide early."""
    rest: dict[str, list[str]] = {}
    for word in sorted(words, reverse=True):
        rest.setdefault(word[0], []).append(re.escape(word[1:]))
    return "|".join(f"{re.escape(first)}(?:{'|'.join(ends)})" for first, ends in rest.items())
