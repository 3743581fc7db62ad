"""Stretches of a text: order, gaps, quotes and word boundaries. Offsets are code points, ends exclusive."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from claimbench.validation.gold import Finding, show


class Stretch(Protocol):
    """Anything with a start and an end."""

    @property
    def start(self) -> int:
        """Offset of the first code point."""
        ...

    @property
    def end(self) -> int:
        """Offset just after the last code point."""
        ...


class Quotation(Stretch, Protocol):
    """A stretch that carries its text."""

    @property
    def quote(self) -> str:
        """The text between the offsets."""
        ...


def disorder(at: str, parts: Sequence[Stretch], length: int) -> Iterator[Finding]:
    """Yield where parts are empty, leave a text of ``length``, overlap or are out of order."""
    before = 0
    for number, part in enumerate(parts):
        if part.end <= part.start:
            yield f"{at}/{number}/end", f"expected more than the start, {part.start}, got {part.end}"
        elif part.end > length:
            yield f"{at}/{number}/end", f"expected at most {length}, the length of the text, got {part.end}"
        elif part.start < before:
            expected = f"expected at least {before}, the end of the part before"
            yield f"{at}/{number}/start", f"{expected}, got {part.start}"
        else:
            before = part.end


def gaps(start: int, end: int, parts: Iterable[Stretch]) -> Iterator[tuple[int, int]]:
    """Yield the stretches between ``start`` and ``end`` that no part covers; parts may overlap."""
    at = start
    for part in sorted(parts, key=lambda p: p.start):
        if part.start > at:
            yield at, min(part.start, end)
        at = max(at, part.end)
        if at >= end:
            return
    yield at, end


def uncovered(at: str, parts: Iterable[Stretch], text: str) -> Iterator[Finding]:
    """Yield the gaps between parts that hold more than white space."""
    for start, end in gaps(0, len(text), parts):
        if gap := text[start:end].strip():
            yield at, f"nothing covers {show(gap)} at {start}–{end}"


def misquotes(at: str, spans: Sequence[Quotation], text: str) -> Iterator[Finding]:
    """Yield the spans whose quote is not the text at their offsets, and where the quote really is."""
    for number, span in enumerate(spans):
        found = text[span.start : span.end]
        if found != span.quote:
            message = f"expected the text at {span.start}–{span.end}, {show(found)}, got {show(span.quote)}"
            yield f"{at}/{number}/quote", f"{message}, which {_whereabouts(span, text)}"


def _whereabouts(span: Quotation, text: str) -> str:
    places = _occurrences(span.quote, text)
    if not places:
        return "is nowhere in the article"
    start = min(places, key=lambda place: abs(place - span.start))
    end = start + len(span.quote)
    return f"is at {start}–{end} (start off by {span.start - start:+d}, end by {span.end - end:+d})"


def _occurrences(quote: str, text: str) -> list[int]:
    places = []
    place = text.find(quote)
    while place >= 0:
        places.append(place)
        place = text.find(quote, place + 1)
    return places


def ragged_edges(at: str, spans: Sequence[Quotation], text: str) -> Iterator[Finding]:
    """Yield the starts and ends that lie inside a word or number, or on white space."""
    for number, span in enumerate(spans):
        if text[span.start : span.end] != span.quote or not span.quote:
            continue
        for edge, offset, char in (("start", span.start, span.quote[0]), ("end", span.end, span.quote[-1])):
            where = f"{at}/{number}/{edge}"
            if char.isspace():
                yield where, f"expected no white space at the {edge} of {show(span.quote)}"
            elif _inside_word(text, offset):
                yield where, f"expected the {edge} of a word, got the middle of {show(_around(text, offset))}"


def _inside_word(text: str, offset: int) -> bool:
    left, right = text[max(0, offset - 2) : offset], text[offset : offset + 2]
    if not left or not right:
        return False
    if left[-1:] in ".,":  # the mark of „14,3“ is inside the number
        return left[:1].isdecimal() and right[0].isdecimal()
    if right[0] in ".,":
        return left[-1].isdecimal() and right[1:].isdecimal()
    return _is_letter(left[-1]) and _is_letter(right[0])


def _is_letter(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char).startswith("M")


def _around(text: str, offset: int) -> str:
    words = text[:offset].rsplit(maxsplit=1)[-1:] + text[offset:].split(maxsplit=1)[:1]
    return "".join(words)
