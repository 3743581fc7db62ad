"""Streaming foreign JSON lines into typed records; what is wrong is collected with its place.

Official scorers read with Python's ``json``, which keeps the last of repeated keys and accepts NaN. Both are
refused here: a figure that hangs on them is an accident.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from operator import length_hint
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec
import numpy as np

from claimbench.errors import InputError, Problem
from claimbench.reading import inputs
from claimbench.reading.blocks import decode_block
from claimbench.reading.inputs import Shard, open_raw, spooled
from claimbench.reading.jsonl import Problems, parse
from claimbench.reading.keys import PlacedError, demanding, has_no_more_keys, loads, may_repeat_keys
from claimbench.reading.packed import packing, unpacked

T = TypeVar("T", bound=msgspec.Struct)
Within = Callable[[Sequence[T]], tuple[int, bytes]]

_BLOCK = 1 << 16
"""Bytes decoded at once: with few, what is freed after a block still is in the cache for the next."""

_PLACE = re.compile(r" - at `\$(?P<path>.*)`$", re.DOTALL)
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+|\.\.\.)\]")
_NEWLINE = ord("\n")


def packed_as(path: str) -> str:
    """Return how a file is packed, "gzip" or "zstd", or "" for plain.

    Raises InputError for a table (Parquet or Arrow), and where the file cannot be opened.
    """
    with open_raw(path) as raw:
        packed = packing(raw.read(8))
    if packed in ("parquet", "arrow"):
        raise InputError(f"{path}: is a table ({packed}); foreign formats are read as their scorers do")
    return packed


def file_digest(path: str) -> str:
    """Return the sha256 of a file's bytes, unpacked."""
    import hashlib

    digest = hashlib.sha256()
    packed, size = packed_as(path), inputs.BLOCK
    with open_raw(path) as raw:
        for piece in unpacked(raw, packed, path, size) if packed else iter(partial(raw.read, size), b""):
            digest.update(piece)
    return digest.hexdigest()


class Part(NamedTuple):
    """A stretch of a file that begins and ends with lines: where, and the number of its first line."""

    start: int = 0
    end: int | None = None
    first: int = 1


WHOLE = Part()


def blocks(path: str, part: Part = WHOLE, size: int = _BLOCK) -> Iterator[tuple[int, bytes]]:
    """Yield (number of the first line from 1, whole lines without the last one's end), many lines at a time.

    gzip and zstd are unpacked, "-" is standard input. Raises InputError for what cannot be read or unpacked,
    0 bytes and UTF-16.
    """
    first = part.first
    with spooled([path]) as (stored,):
        packed_as(stored.path)
        for block in inputs.blocks(Shard(stored.path, path, start=part.start, stop=part.end), size):
            lines = block.removesuffix(b"\n")
            yield first, lines
            first += int(np.count_nonzero(np.frombuffer(lines, dtype=np.uint8) == _NEWLINE)) + 1


def first_line(path: str) -> bytes:
    """Return the first line of a file. Raises InputError where it cannot be read or is empty."""
    _, lines = next(blocks(path))
    return lines.partition(b"\n")[0]


class Records(Generic[T]):
    """The records of a file of JSON lines, streamed; a line that is none becomes a problem.

    ``lenient`` decodes a line that the type refuses, where the official scorer would have taken it.
    ``header`` says that the first line is none of them, ``part`` which stretch of the file is read.
    ``within`` is that of ``Alike``. ``take`` is offered the lines first, some ``size``
    bytes at a time, and returns how many lines they are where it takes them; else 0, and they are yielded.
    """

    def __init__(
        self,
        path: str,
        record: type[T],
        problems: Problems,
        lenient: Callable[[bytes], T] | None = None,
        *,
        header: bool = False,
        part: Part = WHOLE,
        within: Within[T] = lambda _: (0, b""),
        take: Callable[[bytes], int] | None = None,
        size: int = _BLOCK,
    ) -> None:
        self._path, self._problems, self._lenient, self._header = path, problems, lenient, header
        self._part, self._take, self._size = part, take, size
        self.blank = False
        """Whether some line so far was blank, so that lines and records count apart."""
        self._decoder = msgspec.json.Decoder(record, strict=True)
        self._alike = Alike(record, within)
        self._first, self._count, self._left = 1, 0, iter(list[Any]())

    @property
    def number(self) -> int:
        """Number of the line that was decoded last."""
        return self._first + self._count - length_hint(self._left) - 1

    def __iter__(self) -> Iterator[T]:
        for first, whole in blocks(self._path, self._part, self._size):
            if first == 1 and self._header:
                _, newline, whole = whole.partition(b"\n")
                self._first = first = 2
                if not newline:
                    continue
            self._first = first
            if self._take is not None and (taken := self._take(whole)):
                self._count = taken
                continue
            records = self._alike.records(whole)
            if records is None:
                yield from self._one_by_one(whole.split(b"\n"))
            else:
                self._count, self._left = len(records), iter(records)
                yield from self._left

    def _one_by_one(self, lines: list[bytes]) -> Iterator[T]:
        self._count, self._left = len(lines), iter(lines)
        for line in self._left:
            try:
                value: T | None = self._decoder.decode(line)
            except (ValueError, RecursionError) as error:
                value = self._second_look(line, error)
            if value is None:
                continue
            try:
                if may_repeat_keys(line):
                    loads(line)
            except ValueError as error:
                self._problems.add(explained(self._path, self.number, line, error))
            yield value

    def _second_look(self, line: bytes, error: Exception) -> T | None:
        """Return the record of a line that was refused, where it is blank or wrong None."""
        if not line or line.isspace():
            self.blank = True
            return None
        try:
            if self._lenient is not None and isinstance(error, msgspec.ValidationError):
                return self._lenient(line)
        except (ValueError, RecursionError) as reason:
            error = reason
        self._problems.add(explained(self._path, self.number, line, error))
        return None


def decoded(whole: bytes, decoder: msgspec.json.Decoder[T]) -> list[T] | None:
    """Return one record for each line; None where a line is none, or where it is not so simple."""
    if not whole.endswith(b"}"):
        return None
    try:
        return decode_block(whole, decoder)
    except (ValueError, RecursionError):
        return None


class Alike(Generic[T]):
    """Reads lines at once that have the keys of a first one, and those of the lines before.

    ``within`` says of records that hold objects how many keys these have, and what in them is not read.
    """

    def __init__(self, record: type[T], within: Within[T]) -> None:
        self._record, self._within = record, within
        self._shape: Shape[T] | None = None

    def records(self, whole: bytes) -> list[T] | None:
        """Return the records of all lines; None where any of them is unusual."""
        for shape in self._shapes(whole):
            records = shape.records(whole)
            if records and shape.repeats_none(whole, records, *self._within(records)):
                self._shape = shape
                return records
        return None

    def _shapes(self, whole: bytes) -> Iterator[Shape[T]]:
        """Yield the shape of the lines so far, and that of the first line here, if it is another one."""
        if self._shape is not None:
            yield self._shape
        try:
            shape = Shape(self._record, first_of(whole))
        except (ValueError, RecursionError):
            return
        if self._shape is None or shape.keys != self._shape.keys:
            yield shape


class Shape(Generic[T]):
    """Lines with the keys of a first one, told apart from lines that may repeat a key."""

    def __init__(self, record: type[T], line: bytes) -> None:
        """Raises ValueError where the line is no record, or repeats a key."""
        found = loads(line)
        self.keys = tuple(found) if isinstance(found, dict) else ()
        self._decoder = msgspec.json.Decoder(demanding(record, self.keys), strict=True)
        first = self._decoder.decode(line)
        unread = [name for name in first.__struct_fields__ if name.startswith("unread")]
        self._holding = [name for name in unread if b"{" in bytes(getattr(first, name))]

    def records(self, whole: bytes) -> list[T] | None:
        """Return one record for each line; None where a line lacks a key, or where it is not so simple."""
        return decoded(whole, self._decoder)

    def unread(self, records: Sequence[T]) -> bytes:
        """Return what is not read of records, where it holds objects."""
        return b"\n".join(bytes(getattr(record, name)) for name in self._holding for record in records)

    def repeats_none(self, whole: bytes, records: Sequence[T], within: int, apart: bytes) -> bool:
        """Whether lines surely repeat no key, ``within`` being how many stand in objects they hold.

        What is not read is not looked at, nor is what of these is ``apart``.
        """
        return has_no_more_keys(whole, len(self.keys) * len(records) + within, self.unread(records) + apart)


def first_of(whole: bytes) -> bytes:
    """Return the first of some lines."""
    end = whole.find(b"\n")
    return whole if end < 0 else whole[:end]


def explained(path: str, number: int, line: bytes, error: Exception) -> Problem:
    """Return what is wrong with a line that typed decoding refused."""
    found = _PLACE.search(str(error))
    if isinstance(error, msgspec.ValidationError):
        message = str(error)[: found.start()] if found else str(error)
        where = pointer(found["path"]) if found else ""
        return Problem(path, number, where, message[:1].lower() + message[1:])
    try:
        parse(line)
    except PlacedError as reason:
        return Problem(path, number, reason.pointer, str(reason))
    except ValueError as reason:
        return Problem(path, number, "", str(reason))
    return Problem(path, number, "", f"cannot be read: {error}")


def pointer(path: str) -> str:
    """Return the JSON pointer of a path in msgspec's notation."""
    return "".join(f"/{name or index}" for name, index in _STEP.findall(path))
