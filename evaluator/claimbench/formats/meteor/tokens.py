"""The words of many texts: what stands between two blanks is split once, however often it occurs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

import msgspec
import numpy as np
import numpy.typing as npt

from claimbench.formats.meteor.joins import spread
from claimbench.formats.meteor.sentences import AFTER, Punkt, ends_between, sentences
from claimbench.formats.meteor.words import CLOSING, words, words_inside
from claimbench.stats.estimators import Ints

Bools = npt.NDArray[np.bool_]

_UNUSUAL = re.compile(rf"[.?!]{AFTER}|^[.?!]?$|^[{re.escape(CLOSING)}]+(?:--|$)|\s")
"""A piece in which or before which a sentence may end, which closes one that has ended, or that is none."""

_INSIDE, _FIRST, _LAST, _WHOLE = range(4)
"""Where a piece stands in its sentence if that matters: first for quotes, last for some signs."""

_SIGNS = (".", ":", ",", *CLOSING)


class Tokens(msgspec.Struct, frozen=True, eq=False):
    """The words of several texts: ``names[n]`` for ``n`` in ``numbers[start[text] : start[text + 1]]``."""

    names: Sequence[str]
    numbers: Ints
    start: Ints


class _Pieces(msgspec.Struct, frozen=True, eq=False):
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
    """Return texts in pieces between blanks; a sentence that cannot be split by them is one piece.

    The pieces of unusual texts, which come from their sentences, stand behind all others at first.
    """
    number, given = _Numbers(), list[int]()

    def parts() -> Iterator[list[str]]:
        for text in texts:
            found = text.split(" ")
            given.append(len(found))
            yield found

    numbers = np.fromiter(map(number.__getitem__, chain.from_iterable(parts())), dtype=np.int64)
    sizes = np.array(given, dtype=np.int64)
    first = np.cumsum(sizes) - sizes
    text, _ = spread(sizes)
    odd = np.array([_UNUSUAL.search(piece) is not None for piece in number], dtype=np.bool_)
    unusual = np.bincount(text[odd[numbers]], minlength=sizes.size) > 0
    ended = _ended(list(number), numbers, text, ~unusual, punkt)
    behind, ends = list[int](), list[int]()
    for place in np.flatnonzero(unusual).tolist():
        first[place] = numbers.size + len(behind)
        for sentence in sentences(texts[place], punkt):
            behind += map(number.__getitem__, _parts(sentence))
            ends.append(len(behind) - 1)
        sizes[place] = numbers.size + len(behind) - first[place]
    last = np.zeros(len(behind), dtype=np.bool_)
    last[ends] = True
    which, nth = spread(sizes)
    order = first[which] + nth
    numbers = np.concatenate([numbers, np.array(behind, dtype=np.int64)])[order]
    ended = np.concatenate([ended, last])[order]
    return _Pieces(list(number), numbers, np.cumsum([0, *sizes.tolist()]), np.flatnonzero(ended))


def _ended(names: Sequence[str], numbers: Ints, text: Ints, usual: Bools, punkt: Punkt) -> Bools:
    """Return with which pieces of usual texts a sentence ends."""
    ended = np.append(text[1:] != text[:-1], True)[: text.size]
    marks = np.array([name.endswith((".", "?", "!")) for name in names], dtype=np.bool_)
    places = np.flatnonzero(marks[numbers] & ~ended & usual[text])
    pairs = zip(numbers[places].tolist(), numbers[places + 1].tolist(), strict=True)
    ended[places] = [ends_between(names[piece], names[after], punkt) for piece, after in pairs]
    return ended


def _parts(sentence: str) -> list[str]:
    """Return the pieces of a sentence, or itself where it is not all in the pieces and the blanks between."""
    parts = sentence.split()
    return parts if " ".join(parts) == sentence and parts[-1].strip(CLOSING) else [sentence]


def _roles(pieces: _Pieces) -> Ints:
    """Return where each piece stands in its sentence."""
    ends = pieces.ends
    first = np.append(0, ends + 1)[: ends.size]
    quotes = np.array([name.startswith(("'", '"', "`")) for name in pieces.names], dtype=np.bool_)
    signs = np.array([name.endswith(_SIGNS) for name in pieces.names], dtype=np.bool_)
    roles = np.full(pieces.numbers.size, _INSIDE)
    roles[first[quotes[pieces.numbers[first]]]] = _FIRST
    roles[ends[signs[pieces.numbers[ends]]]] = _LAST
    roles[ends[first == ends]] = _WHOLE
    return roles


def _split(names: Sequence[str], placed: Sequence[int]) -> Iterator[list[str]]:
    """Yield the words of pieces, each of which is given as role * pieces + number.

    A period at the end of a sentence is a word of its own, and what is before it is split as elsewhere.
    """
    given = [(names[n % len(names)], n // len(names)) for n in placed]
    periods = {name for name, role in given if role == _LAST and name[-1] == "." and name[-2:-1].isalnum()}
    inside = dict(
        words_inside({*(name for name, role in given if role == _INSIDE), *(n[:-1] for n in periods)})
    )
    for name, role in given:
        if role == _INSIDE:
            yield inside[name]
        elif role == _FIRST:
            yield words(f"{name} x")[:-1]
        elif role == _LAST:
            yield [*inside[name[:-1]], "."] if name in periods else words(f" {name}")
        else:
            yield words(name)
