"""Streaming foreign JSON lines into typed records; what is wrong is collected with its place.

Official scorers read with Python's ``json``, which keeps the last of repeated keys and accepts NaN. Both are
refused here: a figure that hangs on them is an accident.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from operator import length_hint
from pathlib import Path
from typing import BinaryIO, Generic, NamedTuple, TypeVar

import msgspec

from claimbench.errors import InputError, Problem
from claimbench.formats.keys import Keys
from claimbench.reading.jsonl import Problems, RepeatedError, parse, unique

T = TypeVar("T", bound=msgspec.Struct)

_PLACE = re.compile(r" - at `\$(?P<path>.*)`$", re.DOTALL)
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+|\.\.\.)\]")
_BOM = b"\xef\xbb\xbf"
_BLOCK = 1 << 16


def open_bytes(path: str) -> BinaryIO:
    """Return a file open for reading; "-" is standard input. Raises InputError where it cannot be read."""
    if path == "-":
        return sys.stdin.buffer
    try:
        return Path(path).open("rb")
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except IsADirectoryError:
        raise InputError(f"{path}: is a folder, expected a file") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None


def file_digest(path: str) -> str:
    """Return the sha256 of a file's bytes."""
    import hashlib

    digest = hashlib.sha256()
    with open_bytes(path) as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


class Part(NamedTuple):
    """A stretch of a file that begins and ends with lines: where, and the number of its first line."""

    start: int = 0
    end: int | None = None
    first: int = 1


WHOLE = Part()


def blocks(path: str, part: Part = WHOLE) -> Iterator[tuple[int, list[bytes], bytes]]:
    """Yield (number of the first line from 1, lines without their ends, their bytes), some 64 KiB at a time.

    Raises InputError for an unreadable file, one of 0 bytes and UTF-16.
    """
    first, rest = part.first, b""
    with open_bytes(path) as file:
        if part.start:
            file.seek(part.start)
        left = _BLOCK if part.end is None else part.end - part.start
        while block := file.read(min(_BLOCK, left)):
            left -= 0 if part.end is None else len(block)
            if first == 1 and not rest:
                if block[:2] in (b"\xff\xfe", b"\xfe\xff"):
                    raise InputError(f"{path}: looks like UTF-16; save it as UTF-8")
                block = block.removeprefix(_BOM)
            whole, end, rest = (rest + block).rpartition(b"\n")
            if end:
                lines = whole.split(b"\n")
                yield first, lines, whole
                first += len(lines)
    if rest:
        yield first, [rest], rest
    elif first == 1:
        raise InputError(f"{path}: the file is empty (0 bytes), which is refused")


def first_line(path: str) -> bytes:
    """Return the first line of a file. Raises InputError where it cannot be read or is empty."""
    for _, lines, _ in blocks(path):
        return lines[0]
    return b""


class Records(Generic[T]):
    """The records of a file of JSON lines, streamed; a line that is none becomes a problem.

    ``lenient`` decodes a line that the type refuses, where the official scorer would have taken it.
    ``header`` says that the first line is none of them, ``part`` which stretch of the file is read.
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
    ) -> None:
        self._path, self._problems, self._lenient, self._header = path, problems, lenient, header
        self._part = part
        self.blank = False
        """Whether some line so far was blank, so that lines and records count apart."""
        self._decode = msgspec.json.Decoder(record, strict=True).decode
        names = record.__struct_encode_fields__
        self._once = Keys(names).once
        self._keys = [b'"%s"' % name.encode() for name in names]
        self._first, self._lines, self._left = 1, list[bytes](), iter(list[bytes]())

    @property
    def number(self) -> int:
        """Number of the line that was decoded last."""
        return self._first + len(self._lines) - length_hint(self._left) - 1

    def __iter__(self) -> Iterator[T]:
        for first, lines, whole in blocks(self._path, self._part):
            if first == 1 and self._header:
                first, lines, whole = 2, lines[1:], whole[len(lines[0]) :]
            if not lines:
                continue
            self._first, self._lines, self._left = first, lines, iter(lines)
            if not self._once(whole, len(lines)):
                self._refuse_repeated_keys()
            while True:
                try:
                    yield from map(self._decode, self._left)
                    break
                except (ValueError, RecursionError) as error:
                    value = self._second_look(error)
                if value is not None:
                    yield value

    def _second_look(self, error: Exception) -> T | None:
        """Return the record of the line that was refused last, where it is blank or wrong None."""
        line = self._lines[self.number - self._first]
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

    def _refuse_repeated_keys(self) -> None:
        for number, line in enumerate(self._lines, start=self._first):
            if any(line.count(key) > 1 for key in self._keys):
                try:
                    unique_keys(line)
                except RepeatedError as reason:
                    self._problems.add(Problem(self._path, number, "", str(reason)))
                except (ValueError, RecursionError):
                    continue  # decoding says what is wrong


def unique_keys(data: bytes) -> None:
    """Raise RepeatedError where an object repeats a key, ValueError where the data are no JSON."""
    json.loads(data, object_pairs_hook=unique)


def explained(path: str, number: int, line: bytes, error: Exception) -> Problem:
    """Return what is wrong with a line that typed decoding refused."""
    found = _PLACE.search(str(error))
    if isinstance(error, msgspec.ValidationError):
        message = str(error)[: found.start()] if found else str(error)
        where = pointer(found["path"]) if found else ""
        return Problem(path, number, where, message[:1].lower() + message[1:])
    if isinstance(error, RepeatedError):
        return Problem(path, number, "", str(error))
    try:
        parse(line)
    except ValueError as reason:
        return Problem(path, number, "", str(reason))
    return Problem(path, number, "", f"cannot be read: {error}")


def pointer(path: str) -> str:
    """Return the JSON pointer of a path in msgspec's notation."""
    return "".join(f"/{name or index}" for name, index in _STEP.findall(path))
