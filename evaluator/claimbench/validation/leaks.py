"""Texts of one split that give away a text of another."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from claimbench.text.normalise import canonical
from claimbench.validation.gold import Finding, Gold, Item, item_text, text_field

TOO_ALIKE = 0.8
"""Above this share of common character 5-grams two texts are one wording: one of 70 characters keeps 0.83
when one number of two digits changes; another statement about the same parties has far less."""


def text_leaks(item: Item, gold: Gold) -> Iterator[Finding]:
    """No earlier item of another split says nearly the same in the same language."""
    for other in gold.items:
        if other is item:
            return
        if other.split != item.split and other.language == item.language:
            alike = likeness(item_text(item), item_text(other))
            if alike > TOO_ALIKE:
                limit = f"expected at most {TOO_ALIKE} of the 5-grams shared with another split"
                yield text_field(item), f"{limit}, got {alike:.2f} with {other.id} of {other.split}"


def likeness(left: str, right: str) -> float:
    """Return the Jaccard index of the texts' character 5-grams."""
    a, b = _fivegrams(left), _fivegrams(right)
    if min(len(a), len(b)) <= TOO_ALIKE * max(len(a), len(b)):
        return 0.0  # too different in length to be alike
    return len(a & b) / len(a | b)


@lru_cache(maxsize=65536)
def _fivegrams(text: str) -> frozenset[str]:
    plain = canonical(text)
    return frozenset(plain[at : at + 5] for at in range(max(1, len(plain) - 4)))
