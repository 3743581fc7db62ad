"""Bringing predictions to the gold of the same id, for formats that officially meet by position."""

from __future__ import annotations

import mmap
from array import array
from tempfile import TemporaryFile

import numpy as np

from claimbench.errors import InputError
from claimbench.formats.lines import blocks, packed_as
from claimbench.reading.inputs import open_raw
from claimbench.stats.estimators import Ints

NO_ID = -(2**62)
"""Stands for the id of a line that has none."""


def places(wanted: Ints, given: Ints) -> Ints | str:
    """Return which prediction each gold line has, -1 for none, or why ids cannot be joined.

    ``wanted`` are the ids of the gold (lines,), ``given`` those of the predictions (lines,).
    """
    for name, ids in (("gold", wanted), ("predictions", given)):
        if without := int((ids == NO_ID).sum()):
            return f"{without} lines of the {name} have no id"
    if np.array_equal(wanted, given) and (wanted[1:] > wanted[:-1]).all():
        return np.arange(wanted.size)  # in order, as most often
    order = np.argsort(wanted, kind="stable")
    for name, ids in (("gold", wanted[order]), ("predictions", np.sort(given, kind="stable"))):
        twice = ids[1:][ids[1:] == ids[:-1]]
        if twice.size:
            return f"ids of the {name} are not unique: {int(twice[0])} is given more than once"
    at = np.minimum(np.searchsorted(wanted, given, sorter=order), max(0, wanted.size - 1))
    match = order[at] if wanted.size else at
    unknown = given[wanted[match] != given]
    if unknown.size:
        return f"{unknown.size} ids of the predictions are not in the gold, such as {int(unknown[0])}"
    result = np.full(wanted.size, -1, dtype=np.int64)
    result[match] = np.arange(given.size)
    return result


class Lines:
    """The lines of a file that are not blank, by their number from 0, without holding them."""

    def __init__(self, path: str) -> None:
        if path == "-":
            raise InputError("predictions in another order than the gold are read twice, so need a file")
        packed = packed_as(path)
        with TemporaryFile() if packed else open_raw(path) as file:
            if packed:
                file.writelines(whole + b"\n" for _, whole in blocks(path))
                file.flush()
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        starts = array("q")
        at = 3 if self._data[:3] == b"\xef\xbb\xbf" else 0
        for _, whole in blocks(path):
            for line in whole.split(b"\n"):
                if line and not line.isspace():
                    starts.append(at)
                at += len(line) + 1
        self._starts = starts

    def __getitem__(self, number: int) -> bytes:
        start = self._starts[number]
        end = self._data.find(b"\n", start)
        return self._data[start : end if end >= 0 else len(self._data)]
