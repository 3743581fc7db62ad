"""Reading JSONL: every line becomes a record, or a problem with its line and pointer.

A UTF-8 byte order mark, CRLF, blank lines and a missing final newline are fine. Nothing is dropped,
repaired or cast; a file with problems is refused as a whole, with all of them up to a bound.
"""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec
from msgspec.structs import replace

from claimbench.errors import InputError, Problem, ProblemsError
from claimbench.reading.keys import PlacedError, loads, may_repeat_keys
from claimbench.reading.packed import NOTHING, packing, standard_input, unpacked, without_mark

MOST_PROBLEMS = 100

R = TypeVar("R", bound=msgspec.Struct)


class Problems(msgspec.Struct):
    """Collects problems, keeps the first ``MOST_PROBLEMS`` and counts the rest."""

    kept: list[Problem] = msgspec.field(default_factory=list)
    more: int = 0

    def add(self, problem: Problem) -> None:
        """Keep or count one problem."""
        if self.full:
            self.more += 1
        else:
            self.kept.append(problem)

    def extend(self, others: Problems, lines: int = 0) -> None:
        """Keep or count the problems of another part, which begins after so many lines."""
        for problem in others.kept:
            self.add(replace(problem, line=problem.line + lines) if lines else problem)
        self.more += others.more

    @property
    def full(self) -> bool:
        """Whether further problems are only counted, so that explaining them would be lost work."""
        return len(self.kept) >= MOST_PROBLEMS

    def raise_if_any(self) -> None:
        """Raise ProblemsError with everything collected."""
        if self.kept:
            raise ProblemsError(sorted(self.kept), more=self.more)


class Line(msgspec.Struct, Generic[R], frozen=True):
    """A decoded record and the line it came from (from 1)."""

    number: int
    record: R


def read_bytes(path: str, name: str = "") -> bytes:
    """Return a file's bytes, unpacked where gzip or zstd packs them; "-" is standard input.

    ``name`` is what messages call it, the path by default.

    Raises InputError if it cannot be read or unpacked, is empty, or is UTF-16.
    """
    name = name or path
    try:
        data = standard_input().read() if path == "-" else Path(path).read_bytes()
    except FileNotFoundError:
        raise InputError(f"{name}: no such file") from None
    except IsADirectoryError:
        raise InputError(f"{name}: is a folder, expected a file") from None
    except OSError as error:
        raise InputError(f"{name}: cannot be read: {error.strerror}") from None
    if (packed := packing(data)) in ("gzip", "zstd"):
        data = b"".join(unpacked(io.BytesIO(data), packed, name, 1 << 20))
    data = without_mark(data, name)
    if not data:
        raise InputError(f"{name}: {NOTHING}")
    return data


def lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (line number from 1, bytes without line end) for every line that is not blank."""
    for number, line in enumerate(data.split(b"\n"), start=1):
        stripped = line.strip()
        if stripped:
            yield number, stripped


def decode(
    name: str, data: bytes, kind: str, record: type[R], problems: Problems, *, checked: bool = False
) -> Iterator[Line[R]]:
    """Yield the records of a JSONL file, adding a problem for every line that is not one.

    ``kind`` names the JSON Schema, ``record`` the typed value; typed decoding takes the good lines, and
    a line it refuses is explained by the schema. ``checked`` bytes are not searched for repeated keys.
    """
    return decode_lines(name, lines(data), kind, record, problems, checked=checked)


def decode_lines(
    name: str,
    numbered: Iterable[tuple[int, bytes]],
    kind: str,
    record: type[R],
    problems: Problems,
    *,
    checked: bool = False,
) -> Iterator[Line[R]]:
    """Yield the records of (number, line) pairs, as ``decode`` does."""
    read = msgspec.json.Decoder(record, strict=True).decode
    for number, line in numbered:
        try:
            value = read(line)
            if not checked and may_repeat_keys(line):
                loads(line)
        except (ValueError, RecursionError) as error:
            if problems.full:
                problems.more += 1
                continue
            found = list(explain(name, number, line, kind))
            for problem in found or [Problem(name, number, "", f"cannot be read: {error}")]:
                problems.add(problem)
        else:
            yield Line(number, value)


class _Constant(str):
    """A word that Python's reader takes for a number: NaN, Infinity."""

    __slots__ = ()


def parse(line: bytes) -> Any:
    """Return the JSON value of a line.

    Raises ValueError with a message of ours for invalid UTF-8 and JSON syntax, PlacedError for repeated keys,
    NaN, infinite numbers and lone surrogates.
    """
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"invalid UTF-8 at byte {error.start + 1} of the line") from None
    try:
        value = loads(text, _Constant)
    except json.JSONDecodeError as error:
        over = "; a value may not go over several lines" if text.strip() in ("{", "[") else ""
        raise ValueError(f"not JSON at column {error.colno}: {error.msg}{over}") from None
    try:
        _refuse_odd_values(value, [])
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value


def _refuse_odd_values(value: Any, path: list[str | int]) -> None:
    if isinstance(value, _Constant):
        raise PlacedError(f"{value} is not a number in JSON", path)
    if isinstance(value, float) and not math.isfinite(value):
        raise PlacedError("a number is too large", path)
    if isinstance(value, str):
        _refuse_surrogates(value, path)
    elif isinstance(value, dict):
        for key, part in value.items():
            _refuse_surrogates(key, path)
            _refuse_odd_values(part, [*path, key])
    elif isinstance(value, list):
        for i, part in enumerate(value):
            _refuse_odd_values(part, [*path, i])


def _refuse_surrogates(text: str, path: list[str | int]) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise PlacedError("a string holds a lone surrogate", path) from None


def explain(name: str, number: int, line: bytes, kind: str) -> Iterator[Problem]:
    """Yield what is wrong with one line, by JSON syntax and by the schema of ``kind``."""
    from claimbench.reading.schemas import violations

    try:
        value = parse(line)
    except PlacedError as error:
        yield Problem(name, number, error.pointer, str(error), "json")
        return
    except ValueError as error:
        yield Problem(name, number, "", str(error), "json")
        return
    try:
        found = list(violations(kind, value))
    except RecursionError:
        found = [("", "json", "nested too deeply")]
    for where, keyword, message in found:
        yield Problem(name, number, where, message, keyword)


def read_records(path: str, kind: str, record: type[R], *, checked: bool = False) -> tuple[R, ...]:
    """Return all records of a file. Raises ProblemsError with every problem found.

    ``checked`` says that the very bytes were checked before, so that no key can be repeated.
    """
    problems = Problems()
    found = decode(path, read_bytes(path), kind, record, problems, checked=checked)
    records = tuple(line.record for line in found)
    problems.raise_if_any()
    return records
