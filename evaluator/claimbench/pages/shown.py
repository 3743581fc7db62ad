"""Untrusted text for reading: what is invisible or changes direction is marked, what is long is cut.

Escaping is not done here: templates escape what they print, and scripts only ever make text nodes.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import msgspec

MOST = 2_000
"""Characters of one text that a page shows."""


class Odd(msgspec.Struct, frozen=True):
    """A character that would not be seen, by its code point: "U+202E"."""

    odd: str


class Cut(msgspec.Struct, frozen=True):
    """How many characters follow that are not shown."""

    cut: int


Shown = str | tuple[str | Odd | Cut, ...]
"""Plain text, or its pieces where something in it had to be marked or cut."""

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def shown(text: str, most: int = MOST) -> Shown:
    """Return text as a page shows it: with marks for hidden characters, cut after ``most`` characters."""
    start = text[:most]
    pieces = _pieces(start)
    if len(text) > most:
        pieces.append(Cut(len(text) - most))
    plain = pieces[0] if len(pieces) == 1 else None
    return plain if isinstance(plain, str) else tuple(pieces)


def plain(text: Shown) -> str:
    """Return shown text as one string, for attributes and titles: hidden characters by code point."""
    if isinstance(text, str):
        return text
    return "".join(p if isinstance(p, str) else f"‹{p.odd}›" if isinstance(p, Odd) else "…" for p in text)


@lru_cache(maxsize=4096)
def _is_hidden(char: str) -> bool:
    return char not in "\n\t" and unicodedata.category(char) in _HIDDEN


def _pieces(text: str) -> list[str | Odd | Cut]:
    hidden = {c for c in set(text) if _is_hidden(c)}
    if not hidden:
        return [text]
    found = re.split(f"([{re.escape(''.join(sorted(hidden)))}])", text)
    return [Odd(f"U+{ord(part):04X}") if part in hidden else part for part in found if part]
