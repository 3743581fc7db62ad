"""SciFact's claims in step with predictions; what an abstract says is looked at once for each text of it.

Counts add up over abstracts, so a claim's are the sum of what its gold abstracts add, the predicted ones, and
those that are both. Whatever is unusual is left to the reading claim by claim, which gives the same counts.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec
import numpy as np

from claimbench.formats.lines import Shape, blocks, first_line
from claimbench.formats.scifact_counts import (
    COLUMNS,
    LABELS,
    Abstract,
    Id,
    Rationale,
    house_row,
    official_row,
)
from claimbench.reading.keys import count_keys, has_no_more_keys, most_keys
from claimbench.stats.estimators import Ints

_BITS = 16
_LONGEST = 1 << _BITS + 1
"""Bytes up to which no count of a line can outgrow its bits, as what is counted takes two bytes at least."""
_SUPPORTING, _RATIONALES, _ODD = (len(COLUMNS) + 1 + i for i in range(3))
"""What stands after the leaderboard's counts: supporting abstracts, rationales, whether any is odd."""
_MOST = 1 << 15
"""Different texts up to which looking each of them up pays."""
_KEYS = 2
"""Keys of a rationale or a predicted abstract."""

_rationales = msgspec.json.Decoder(list[Rationale], strict=True).decode
_abstract = msgspec.json.Decoder(Abstract, strict=True).decode


class UnusualError(ValueError):
    """Something is unusual."""


class Counted(NamedTuple):
    """Claims in the order of the gold: ids, and the leaderboard's summed counts.

    ``rows`` are the house's counts that occur, each with its label; ``which`` of them each claim has.
    """

    ids: list[Id]
    totals: list[int]
    rows: Ints
    labels: list[str]
    which: Ints


class _Line(msgspec.Struct, frozen=True, gc=False):
    """A claim or a prediction with its abstracts as they are written."""

    id: Id
    evidence: dict[str, msgspec.Raw]


class _Counts(dict[Any, int]):
    """From texts to the counts they add, made when they are met first: one integer, some bits a column."""

    def __init__(self, counts: Callable[[Any], int]) -> None:
        self._counts = counts

    def __missing__(self, text: Any) -> int:
        """Make the counts of another text. Raises ValueError where it is unusual, or one too many."""
        if len(self) == _MOST:
            raise UnusualError
        found = self[text] = self._counts(text)
        return found


def _added(gold: Mapping[str, list[Rationale]], given: Mapping[str, Abstract]) -> int:
    *row, odd = official_row(gold, given, longer=True)
    return sum(count << _BITS * at for at, count in enumerate(row)) + (odd << _BITS * _ODD)


def _by_gold(text: bytes) -> int:
    rationales = _rationales(text)
    _refuse_more(text, len(rationales))
    if len({rationale.label for rationale in rationales}) != 1:
        raise UnusualError
    supporting = (rationales[0].label == "SUPPORT") << _BITS * _SUPPORTING
    return _added({"": rationales}, {}) + supporting + (len(rationales) << _BITS * _RATIONALES)


def _by_prediction(text: bytes) -> int:
    _refuse_more(text, 1)
    return _added({}, {"": _abstract(text)})


def _by_both(texts: tuple[bytes, bytes]) -> int:
    gold, given = {"": _rationales(texts[0])}, {"": _abstract(texts[1])}
    return _added(gold, given) - _added(gold, {}) - _added({}, given)


def _refuse_more(text: bytes, objects: int) -> None:
    """Raise UnusualError where objects hold more than the fields that are read, or a key twice."""
    if not has_no_more_keys(text, _KEYS * objects):
        raise UnusualError


class _Lines:
    """The lines of a file, all with the keys of the first one, and how many keys they have at most."""

    def __init__(self, path: str) -> None:
        """Raises ValueError where the first line is none."""
        self._path = path
        self._shape = Shape(_Line, first_line(path))
        self._most, self.ids = 0, list[Id]()

    def __iter__(self) -> Iterator[_Line]:
        for whole, lines in self._blocks():
            self._most += most_keys(whole) - most_keys(self._shape.unread(lines))
            self.ids += [line.id for line in lines]
            yield from lines

    def _blocks(self) -> Iterator[tuple[bytes, list[_Line]]]:
        for _, whole in blocks(self._path):
            lines = self._shape.records(whole)
            if lines is None or len(whole) > _LONGEST:
                raise UnusualError
            yield whole, lines

    def check(self, abstracts: int, objects: int) -> None:
        """Raise UnusualError where there are more keys than lines, abstracts and objects have."""
        known = len(self._shape.keys) * len(self.ids) + abstracts + _KEYS * objects
        if self._most == known:
            return
        count = count_keys
        if sum(count(whole) - count(self._shape.unread(lines)) for whole, lines in self._blocks()) != known:
            raise UnusualError


def in_step(path: str, name: str) -> Counted:
    """Return the counts of claims whose predictions stand in the same order.

    Raises ValueError where the two files are not the same claims in the same order, or any line is unusual.
    """
    golds, predictions = _Lines(path), _Lines(name)
    by_gold, by_prediction, by_both = _Counts(_by_gold), _Counts(_by_prediction), _Counts(_by_both)
    rows, places, odd = dict[int, int](), array("l"), dict[int, tuple[int, ...]]()
    for gold, prediction in zip(golds, predictions, strict=True):
        wanted, given = gold.evidence, prediction.evidence
        counts = 0
        for abstract, raw in wanted.items():
            text = bytes(raw)
            counts += by_gold[text]
            if abstract in given:
                counts += by_both[text, bytes(given[abstract])]
        for raw in given.values():
            counts += by_prediction[bytes(raw)]
        if counts >> _BITS * _ODD:
            odd[len(places)] = _house_row(wanted, given)
        places.append(rows.setdefault(counts, len(rows)))
    if golds.ids != predictions.ids:
        raise UnusualError
    table = np.array([_columns(row) for row in rows], dtype=np.int64).reshape(-1, _ODD)
    which = np.array(places, dtype=np.int64)
    totals = (np.bincount(which, minlength=len(table)) @ table).tolist()
    golds.check(totals[0], totals[_RATIONALES])
    predictions.check(totals[1], totals[1])
    labels = [LABELS[at] for at in _label(table)]
    house = table[:, : len(COLUMNS)].tolist()
    for place, row in odd.items():
        labels.append(labels[which[place]])
        which[place] = len(house)
        house.append(row)
    kinds = np.array(house, dtype=np.int64).reshape(-1, len(COLUMNS))
    return Counted(golds.ids, totals[: len(COLUMNS) + 1], kinds, labels, which)


def _house_row(wanted: Mapping[str, msgspec.Raw], given: Mapping[str, msgspec.Raw]) -> tuple[int, ...]:
    return house_row(
        {abstract: _rationales(text) for abstract, text in wanted.items()},
        {abstract: _abstract(text) for abstract, text in given.items()},
    )


def _columns(counts: int) -> list[int]:
    return [counts >> _BITS * at & (1 << _BITS) - 1 for at in range(_ODD)]


def _label(table: Ints) -> Ints:
    abstracts, supporting = table[:, 0], table[:, _SUPPORTING]
    label: Ints = np.where(supporting == abstracts, 3, np.where(supporting == 0, 2, 1)) * (abstracts > 0)
    return label
