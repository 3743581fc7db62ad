"""The words of many texts: what stands between two blanks is split once, however often it occurs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from claimbench.formats.meteor.joins import spread
from claimbench.formats.meteor.sentences import AFTER, Punkt, ends_between, sentences
from claimbench.formats.meteor.words import CLOSING, words, words_inside
from claimbench.stats.estimators import Ints

_UNUSUAL = re.compile(rf"[.?!]{AFTER}|^[.?!]$|^[{re.escape(CLOSING)}]+(?:--|$)")
"""A piece in which or before which a sentence may end, or which closes one that has ended."""

_INSIDE, _FIRST, _LAST, _WHOLE = range(4)
"""Where a piece stands in its sentence. Only quotes and marks are split otherwise at its ends."""


@dataclass(frozen=True, eq=False)
class Tokens:
    """The words of several texts: ``names[n]`` for ``n`` in ``numbers[start[text] : start[text + 1]]``."""

    names: Sequence[str]
    numbers: Ints
    start: Ints


@dataclass(frozen=True, eq=False)
class _Pieces:
    """The pieces of texts: ``names[n]`` for ``n`` in ``numbers``, and with which of them sentences end."""

    names: Sequence[str]
    numbers: Ints
    start: Ints
    ends: Ints


def tokens(texts: Sequence[str], punkt: Punkt) -> Tokens:
    """Return the words of texts, sentence by sentence, in lower case."""
    pieces = _pieces(texts, punkt)
    placed = pieces.numbers + len(pieces.names) * _roles(pieces)
    used = np.flatnonzero(np.bincount(placed))
    vocabulary: dict[str, int] = {}
    found = [
        [vocabulary.setdefault(word, len(vocabulary)) for word in split]
        for split in _split(pieces.names, used.tolist())
    ]
    counts = np.zeros(used[-1] + 1 if used.size else 0, dtype=np.int64)
    counts[used] = list(map(len, found))
    first = np.cumsum(counts) - counts
    which, nth = spread(counts[placed])
    numbers = np.array(list(chain.from_iterable(found)), dtype=np.int64)[first[placed][which] + nth]
    start = np.concatenate([[0], np.cumsum(counts[placed])])[pieces.start]
    return Tokens(list(vocabulary), numbers, start)


class _Numbers(dict[str, int]):
    """Name to number, given as names come up."""

    def __missing__(self, name: str) -> int:
        number = self[name] = len(self)
        return number


def _pieces(texts: Sequence[str], punkt: Punkt) -> _Pieces:
    """Return texts in pieces between blanks; a sentence that cannot be split by them is one piece."""
    number = _Numbers()
    rows, apart = list[list[int]](), list[int]()
    for place, text in enumerate(texts):
        parts = text.split()
        rows.append(list(map(number.__getitem__, parts)))
        if " ".join(parts) != text:
            apart.append(place)
    unusual = {n for piece, n in number.items() if _UNUSUAL.search(piece)}
    apart += [place for place, row in enumerate(rows) if not unusual.isdisjoint(row)]
    ends = dict[int, Ints]()
    for place in dict.fromkeys(apart):
        split = [[number[piece] for piece in _parts(s)] for s in sentences(texts[place], punkt)]
        rows[place] = list(chain.from_iterable(split))
        ends[place] = np.cumsum(list(map(len, split)), dtype=np.int64) - 1
    numbers = np.array(list(chain.from_iterable(rows)), dtype=np.int64)
    start = np.cumsum([0, *map(len, rows)])
    names = list(number)
    return _Pieces(names, numbers, start, _ends(names, numbers, start, ends, punkt))


def _ends(names: Sequence[str], numbers: Ints, start: Ints, known: Mapping[int, Ints], punkt: Punkt) -> Ints:
    """Return the places of pieces with which sentences end, given those in some texts."""
    ended = np.zeros(numbers.size, dtype=np.bool_)
    ended[start[1:][np.diff(start) > 0] - 1] = True
    marks = np.array([name[-1] in ".?!" for name in names], dtype=np.bool_)
    possible = marks[numbers] & ~ended
    for text, ends in known.items():
        possible[start[text] : start[text + 1]] = False
        ended[start[text] + ends] = True
    places = np.flatnonzero(possible)
    pairs = zip(numbers[places].tolist(), numbers[places + 1].tolist(), strict=True)
    ended[places] = [ends_between(names[piece], names[after], punkt) for piece, after in pairs]
    return np.flatnonzero(ended)


def _parts(sentence: str) -> list[str]:
    """Return the pieces of a sentence, or itself where it is not all in the pieces and the blanks between."""
    parts = sentence.split()
    return parts if " ".join(parts) == sentence and parts[-1].strip(CLOSING) else [sentence]


def _roles(pieces: _Pieces) -> Ints:
    """Return where each piece stands in its sentence."""
    ends = pieces.ends
    first = np.append(0, ends + 1)[: ends.size]
    quotes = np.array([name[0] in "\"'`" for name in pieces.names], dtype=np.bool_)
    roles = np.full(pieces.numbers.size, _INSIDE)
    roles[first[quotes[pieces.numbers[first]]]] = _FIRST
    roles[ends] = _LAST
    roles[ends[first == ends]] = _WHOLE
    return roles


def _split(names: Sequence[str], placed: Sequence[int]) -> Iterator[list[str]]:
    """Yield the words of pieces, each of which is given as role * pieces + number."""
    inside = dict(words_inside(names[n] for n in placed if n < len(names)))
    for n in placed:
        role, number = divmod(n, len(names))
        name = names[number]
        if role == _INSIDE:
            yield inside[name]
        elif role == _FIRST:
            yield words(f"{name} x")[:-1]
        else:
            yield words(f" {name}" if role == _LAST else name)
