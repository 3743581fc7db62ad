"""Screens: what a text cannot hold, told by its words one at a time, before it is searched as a whole.

Texts are of few words, and words of a vocabulary; each is looked at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

Screen = Callable[[str], bool]

_WORDS = 1 << 14
"""Words that a screen remembers."""


def screen(pattern: str) -> Screen:
    """Return what tells whether any word of a legible text holds ``pattern``, whatever its case.

    Words are what spaces part; a reader may leave out the texts of no such word if everything that it finds
    has a part without spaces that fits ``pattern``.
    """
    search = re.compile(pattern, re.IGNORECASE).search

    @lru_cache(maxsize=_WORDS)
    def holds(word: str) -> bool:
        return search(word) is not None

    return lambda text: any(map(holds, text.split(" ")))
