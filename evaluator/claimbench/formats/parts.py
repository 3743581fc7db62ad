"""Sharing files among several processes: in parts of equally many lines where those belong together."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

import numpy as np

from claimbench.formats.lines import WHOLE, Part, packed_as
from claimbench.processes import Crew, uncollected
from claimbench.reading.inputs import open_raw

Cut = Callable[[Sequence[str]], list[tuple[Part, ...]]]
T = TypeVar("T")

LINES = 1 << 13
"""Lines of each file in a part: enough to be worth sending, so few that all processes end together."""

BYTES = 1 << 21
"""Bytes in a part of a file by itself."""

WORTH = 1 << 23
"""Bytes of a file below which it is read before another process has started."""

_BLOCK = 1 << 18
_NEWLINE = ord("\n")


def parts(paths: Sequence[str]) -> list[tuple[Part, ...]]:
    """Return the stretches of every file that each part has; line k of all files is in the same part.

    One part where files differ in their number of lines.
    """
    counted, stretches = set(), []
    for path in paths:
        starts, lines = _starts(path)
        counted.add(lines)
        firsts, ends = range(1, lines + 1, LINES), [*starts[1:], os.path.getsize(path)]
        stretches.append(list(map(Part, starts, ends, firsts)))
    return list(zip(*stretches, strict=True)) if len(counted) == 1 else [tuple(WHOLE for _ in paths)]


def stretches(paths: Sequence[str]) -> list[tuple[Part, ...]]:
    """Return the stretches of a file by itself, which has to be no more than looked up.

    So each counts its lines from 1.
    """
    (path,) = paths
    size = os.path.getsize(path)
    return [(Part(start, min(start + BYTES, size)),) for start in range(0, size, BYTES)]


@contextmanager
def in_parts(
    read: partial[T], paths: Sequence[str], workers: int, cut: Cut = parts
) -> Iterator[Callable[[], Iterable[T]]]:
    """Give a function that returns what ``read`` makes of the files' parts, in order.

    ``read`` is called with a stretch of every file. It is a pure function that can be pickled, so that
    ``workers`` processes share the parts: the others begin at once and at the front, this one joins them from
    the end when it asks for the results. If one dies, its parts are left to this one.
    """
    if workers <= 1 or not all(map(_divisible, paths)):
        yield lambda: [_one(tuple(WHOLE for _ in paths), read)]
        return
    with Crew(workers, read.func.__module__) as crew:
        tasks = cut(paths)
        values = crew.share(_one, tasks, read)

        def results() -> Iterator[T]:
            found: dict[int, T] = {}
            for i in range(len(tasks)):
                while i not in found:
                    found.update([next(values)])
                yield found.pop(i)

        yield results


def _one(part: tuple[Part, ...], read: partial[T]) -> T:
    with uncollected():
        return read(*part)


def _divisible(path: str) -> bool:
    """Whether a file can be cut, and is large enough for it."""
    return path != "-" and os.path.isfile(path) and os.path.getsize(path) >= WORTH and not packed_as(path)


def _starts(path: str) -> tuple[list[int], int]:
    """Return the offset of every line that begins a part, and the number of lines."""
    starts, lines, at, last = [0], 0, 0, b""
    with open_raw(path) as file:
        while block := file.read(_BLOCK):
            ends = np.frombuffer(block, dtype=np.uint8) == _NEWLINE
            count, before = int(np.count_nonzero(ends)), LINES - lines % LINES
            if count >= before:
                starts += (np.flatnonzero(ends)[before - 1 :: LINES] + (at + 1)).tolist()
            lines, at, last = lines + count, at + len(block), block[-1:]
    if starts[-1] == at:
        starts.pop()
    return starts, lines + (last != b"\n")
