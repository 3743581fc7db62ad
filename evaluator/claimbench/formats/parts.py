"""Cutting files whose lines belong together into parts of equally many lines, for several processes."""

from __future__ import annotations

import os
from collections.abc import Sequence

from claimbench.formats.lines import WHOLE, Part, packed_as
from claimbench.reading.inputs import open_raw

_BLOCK = 1 << 20


def parts(paths: Sequence[str], count: int) -> list[tuple[Part, ...]]:
    """Return for each part its stretch of every file; line k of all files is in the same part.

    One part where that cannot be: for standard input, packed files, or files that differ in their number of
    lines.
    """
    whole = [tuple(WHOLE for _ in paths)]
    if "-" in paths or any(map(packed_as, paths)):
        return whole
    counted = [_lines(path) for path in paths]
    if any(lines != counted[0] for lines in counted) or counted[0] < count:
        return whole
    marks = [counted[0] * k // count for k in range(1, count)]
    cuts = []
    for path in paths:
        starts = [0, *_offsets(path, marks)]
        firsts = [1, *(mark + 1 for mark in marks)]
        cuts.append(
            [Part(*each) for each in zip(starts, [*starts[1:], os.path.getsize(path)], firsts, strict=True)]
        )
    return list(zip(*cuts, strict=True))


def _lines(path: str) -> int:
    """Return how many lines a file has, blank ones included."""
    count, last = 0, b"\n"
    with open_raw(path) as file:
        while block := file.read(_BLOCK):
            count += block.count(b"\n")
            last = block[-1:]
    return count + (last != b"\n")


def _offsets(path: str, marks: Sequence[int]) -> list[int]:
    """Return the offsets right after so many lines."""
    found: list[int] = []
    count = at = 0
    with open_raw(path) as file:
        while len(found) < len(marks) and (block := file.read(_BLOCK)):
            inside = block.count(b"\n")
            while len(found) < len(marks) and count + inside >= marks[len(found)]:
                place = -1
                for _ in range(marks[len(found)] - count):
                    place = block.index(b"\n", place + 1)
                found.append(at + place + 1)
            count += inside
            at += len(block)
    return found
