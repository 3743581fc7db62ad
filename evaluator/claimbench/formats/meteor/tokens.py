"""The words of many texts: what stands between two blanks is split once, however often it occurs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from claimbench.formats.meteor.sentences import AFTER, Punkt, ends_between, sentences
from claimbench.formats.meteor.words import CLOSING, words, words_inside
from claimbench.stats.estimators import Ints

_UNUSUAL = re.compile(rf"[.?!]{AFTER}|^[.?!]$|^[{re.escape(CLOSING)}]+(?:--|$)")
"""A piece in which or before which a sentence may end, or which closes one that has ended."""


@dataclass(frozen=True, eq=False)
class Tokens:
    """The words of several texts: ``names[n]`` for ``n`` in ``numbers[start[text] : start[text + 1]]``."""

    names: Sequence[str]
    numbers: Ints
    start: Ints


class _Split(dict[str, tuple[int, ...]]):
    """Pieces with their words' numbers, made when asked for."""

    def __init__(self, numbers: dict[str, int], split: Callable[[str], list[str]]) -> None:
        self._numbers = numbers
        self._split = split

    def __missing__(self, piece: str) -> tuple[int, ...]:
        found = self[piece] = numbered(self._split(piece), self._numbers)
        return found


def numbered(names: Iterable[str], numbers: dict[str, int]) -> tuple[int, ...]:
    """Return the numbers of names; new ones get the next."""
    return tuple([numbers.setdefault(name, len(numbers)) for name in names])


class _Splitter:
    """Splits texts into sentences and these into words."""

    def __init__(self, pieces: set[str], punkt: Punkt) -> None:
        self.numbers = numbers = dict[str, int]()
        self._inside = _Split(numbers, lambda piece: words(f" {piece} x")[:-1])
        self._inside.update((piece, numbered(names, numbers)) for piece, names in words_inside(pieces))
        self._first = _Split(numbers, lambda piece: words(f"{piece} x")[:-1])
        self._last = _Split(numbers, lambda piece: words(f" {piece}"))
        self._whole = _Split(numbers, words)
        self._unusual = {piece for piece in pieces if _UNUSUAL.search(piece)}
        self._punkt = punkt

    def words(self, text: str, pieces: list[str]) -> Iterable[int]:
        """Return the numbers of the words of a text that consists of these pieces and of blanks."""
        if " ".join(pieces) == text and self._unusual.isdisjoint(pieces):
            return self._words(pieces, self._ends(pieces))
        found = []
        for sentence in sentences(text, self._punkt):
            pieces = sentence.split()
            usual = " ".join(pieces) == sentence and pieces[-1].strip(CLOSING)
            found.append(self._words(pieces, [len(pieces) - 1]) if usual else self._whole[sentence])
        return chain.from_iterable(found)

    def _ends(self, pieces: list[str]) -> list[int]:
        """Return the places of the pieces with which a sentence ends."""
        last = len(pieces) - 1
        marks = [place for place, piece in enumerate(pieces) if piece[-1] in ".?!"]
        return [
            *(n for n in marks if n < last and ends_between(pieces[n], pieces[n + 1], self._punkt)),
            *([last] if pieces else []),
        ]

    def _words(self, pieces: list[str], ends: list[int]) -> Iterable[int]:
        """Return the numbers of the words of sentences, which end with the pieces at ``ends``."""
        found = list(map(self._inside.__getitem__, pieces))
        start = 0
        for end in ends:
            if start == end:
                found[end] = self._whole[pieces[end]]
            else:
                found[end] = self._last[pieces[end]]
                if pieces[start][0] in "\"'`":
                    found[start] = self._first[pieces[start]]
            start = end + 1
        return chain.from_iterable(found)


def tokens(texts: Sequence[str], punkt: Punkt) -> Tokens:
    """Return the words of texts, sentence by sentence, in lower case."""
    pieces = [text.split() for text in texts]
    splitter = _Splitter(set(chain.from_iterable(pieces)), punkt)
    numbers, start = list[int](), [0]
    for text, parts in zip(texts, pieces, strict=True):
        numbers += splitter.words(text, parts)
        start.append(len(numbers))
    return Tokens(list(splitter.numbers), np.array(numbers, dtype=np.int64), np.array(start))
