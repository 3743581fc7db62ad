"""What makes searching texts fast: screens, and patterns of many words.

A screen tells what a text cannot hold by its words one at a time, before it is searched as a whole. Texts are
of few words, and words of a vocabulary; each is looked at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

Screen = Callable[[str], bool]

_WORDS = 1 << 14
"""Words that a screen remembers."""


def screen(pattern: str) -> Screen:
    """Return what tells whether any word of a legible text holds ``pattern``, whatever its case.

    Words are what spaces part; a reader may leave out the texts of no such word if everything that it finds
    has a part without spaces that fits ``pattern``.
    """

    @lru_cache(maxsize=1)
    def compiled() -> re.Pattern[str]:
        return re.compile(pattern, re.IGNORECASE)

    @lru_cache(maxsize=_WORDS)
    def holds(word: str) -> bool:
        return compiled().search(word) is not None

    return lambda text: any(map(holds, text.split(" ")))


def any_of(words: Iterable[str]) -> str:
    """Return a pattern of any of the words, the longest that fits first; their first letters decide early."""
    rest: dict[str, list[str]] = {}
    for word in sorted(words, reverse=True):
        rest.setdefault(word[0], []).append(re.escape(word[1:]))
    return "|".join(f"{re.escape(first)}(?:{'|'.join(ends)})" for first, ends in rest.items())
