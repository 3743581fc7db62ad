"""Streaming foreign JSON lines into typed records; what is wrong is collected with its place.

Official scorers read with Python's ``json``, which keeps the last of repeated keys and accepts NaN. Here both
are refused: a number that hangs on them is an accident.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, TypeVar

import msgspec

from claimbench.errors import InputError, Problem
from claimbench.reading.jsonl import Problems, parse

T = TypeVar("T")

_PLACE = re.compile(r" - at `\$(?P<path>.*)`$", re.DOTALL)
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+|\.\.\.)\]")
_BOM = b"\xef\xbb\xbf"


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
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def raw_lines(path: str) -> Iterator[tuple[int, bytes]]:
    """Yield (line number from 1, bytes) of every line that is not blank.

    Raises InputError for an unreadable file, one of 0 bytes and UTF-16.
    """
    with open_bytes(path) as file:
        number = 0
        for number, line in enumerate(file, start=1):
            if number == 1:
                if line[:2] in (b"\xff\xfe", b"\xfe\xff"):
                    raise InputError(f"{path}: looks like UTF-16; save it as UTF-8")
                line = line.removeprefix(_BOM)
            if not line.isspace():
                yield number, line
        if number == 0:
            raise InputError(f"{path}: the file is empty (0 bytes), which is refused")


def records(path: str, record: type[T], problems: Problems) -> Iterator[tuple[int, T]]:
    """Yield (line number, record) of every good line; every other line becomes a problem."""
    decode = msgspec.json.Decoder(record, strict=True).decode
    for number, line in raw_lines(path):
        try:
            yield number, decode(line)
        except (ValueError, RecursionError) as error:
            problems.add(explained(path, number, line, error))


def explained(path: str, number: int, line: bytes, error: Exception) -> Problem:
    """Return what is wrong with a line that typed decoding refused."""
    found = _PLACE.search(str(error))
    if isinstance(error, msgspec.ValidationError):
        message = str(error)[: found.start()] if found else str(error)
        return Problem(
            path, number, pointer(found["path"]) if found else "", message[:1].lower() + message[1:]
        )
    try:
        parse(line)
    except ValueError as reason:
        return Problem(path, number, "", str(reason))
    return Problem(path, number, "", f"cannot be read: {error}")


def pointer(path: str) -> str:
    """Return the JSON pointer of a path in msgspec's notation."""
    return "".join(f"/{name or index}" for name, index in _STEP.findall(path))
