"""Cutting a sentence into clauses at punctuation and conjunctions; rough, and sure of its offsets.

A purpose („um … zu“) stays with its act, as the guidelines have it.
"""

from __future__ import annotations

import re

_BOUNDARY = re.compile(
    r"\s*[;:]\s+"
    r"|\s+[–—]\s+"
    r"|,\s+(?=(?:wobei|während|nachdem|obwohl|weil|da|dass|damit|indem|sondern|aber|doch|"
    r"nadat|hoewel|omdat|terwijl|waarvan|waarbij|zodat|maar|dat|aldus|"
    r"der|die|das|dem|den|deren|dessen|was|so)\b)"
    r"|,?\s+(?:und|sowie|en)\s+(?=[a-zäöü])"
)
_FEWEST_WORDS = 4


def clauses(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of the clauses, in order; none is made shorter than four words."""
    pieces: list[tuple[int, int]] = []
    start = 0
    for boundary in _BOUNDARY.finditer(text):
        if _words(text[start : boundary.start()]) and _words(text[boundary.end() :]):
            pieces.append((start, boundary.start()))
            start = boundary.end()
    pieces.append((start, len(text)))
    return [trimmed for piece in pieces if (trimmed := _trim(text, *piece))]


def _words(text: str) -> bool:
    return len(text.split()) >= _FEWEST_WORDS


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    kept = piece.strip().rstrip(".,;:!?").rstrip()
    return (start + left, start + left + len(kept)) if kept else None
