"""Reading a file for validation: every line is held against its schema, whatever the others are like."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import pairwise

import msgspec

from claimbench.errors import InputError, Problem
from claimbench.reading.documents import parser_for
from claimbench.reading.jsonl import lines, parse, read_bytes
from claimbench.reading.schemas import Json, violations
from claimbench.records import Record
from claimbench.validation.gold import Finding, natural_order, show

_ID = re.compile(rb'"id"\s*:\s*"([^"\\]*)"')


class File(msgspec.Struct, frozen=True):
    """What is right in a file, by line, what is wrong with the rest, and the ids found in that rest."""

    path: str
    records: tuple[tuple[int, Json], ...]
    problems: tuple[Problem, ...]
    unread: frozenset[str]


def read_text(path: str) -> bytes:
    """Return a file's bytes without BOM. Raises InputError where they are none, missing or not UTF-8."""
    data = read_bytes(path)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = data[error.start]
        raise InputError(f"{path}:{line}: not UTF-8 (byte 0x{byte:02x}); save it as UTF-8") from None
    return data


def read_file(path: str, kind: str, record: type[Record]) -> File:
    """Return the records of a JSONL file, and what is wrong with it by syntax and schema.

    Raises InputError for a file that cannot be read at all.
    """
    good: list[tuple[int, Json]] = []
    problems: list[Problem] = []
    unread: set[str] = set()
    for number, line in lines(read_text(path)):
        found = list(_check(path, number, line, kind))
        if not found:
            try:
                good.append((number, msgspec.convert(parse(line), record)))
                continue
            except msgspec.ValidationError as error:
                found = [Problem(path, number, "", f"cannot be read: {error}", "type")]
        problems += found
        unread.update(name.decode() for name in _ID.findall(line)[:1])
    return File(path, tuple(good), tuple(problems), frozenset(unread))


def read_document(path: str, kind: str) -> File:
    """Return a file that holds one value as JSON, YAML or TOML. Raises InputError like ``read_file``."""
    data, read = read_text(path), parser_for(path)
    found = list(_check(path, 0, data, kind, read))
    return File(path, () if found else ((0, read(data)),), tuple(found), frozenset())


def _check(
    path: str, number: int, text: bytes, kind: str, read: Callable[[bytes], Json] = parse
) -> Iterator[Problem]:
    try:
        value = read(text)
        found = list(violations(kind, value))
    except RecursionError:
        yield Problem(path, number, "", "nested too deeply", "json")
    except ValueError as error:
        syntax = error.__context__
        if not number and isinstance(syntax, json.JSONDecodeError):
            number = syntax.lineno
        yield Problem(path, number, "", str(error), "json")
    else:
        for where, keyword, message in found:
            yield Problem(path, number, where, message, keyword)


def repeated(
    records: Sequence[tuple[int, Json]], key: Callable[[Json], Hashable]
) -> Iterator[tuple[int, Finding]]:
    """Yield (line, finding) for every record whose key an earlier line has."""
    first: dict[Hashable, int] = {}
    for number, record in records:
        earlier = first.setdefault(key(record), number)
        if earlier != number:
            yield number, ("/id", f"{show(record.id)} is on line {earlier} already")


def unsorted(records: Sequence[tuple[int, Json]]) -> Iterator[tuple[int, Finding]]:
    """Yield (line, finding) for every record that belongs before the line above it."""
    for (_, above), (number, record) in pairwise(records):
        if natural_order(record.id) < natural_order(above.id):
            yield (
                number,
                ("/id", f"expected lines in the order of ids; {show(record.id)} is after {above.id}"),
            )
