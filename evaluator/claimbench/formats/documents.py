"""Reading whole JSON documents of other benchmarks: typed, and strict about repeated keys of answers."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import TypeVar

import msgspec

from claimbench.errors import Problem, ProblemsError
from claimbench.formats.lines import explained
from claimbench.reading.jsonl import MOST_PROBLEMS, read_bytes

T = TypeVar("T")


def read_document(path: str, kind: type[T]) -> T:
    """Return the JSON document in a file as ``kind``.

    Raises InputError where the file cannot be read, ProblemsError with the place of the first mistake.
    """
    return _decoded(path, read_bytes(path), kind)


def _decoded(path: str, data: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(data, type=kind, strict=True)
    except (ValueError, RecursionError) as error:
        raise ProblemsError([explained(path, 0, data, error)]) from None


def read_answers(path: str) -> dict[str, str]:
    """Return the strings of a file's one JSON object by key.

    Raises InputError and ProblemsError as ``read_document``, the latter also for keys that are given twice.
    """
    data = read_bytes(path)
    found = _decoded(path, data, dict[str, str])
    if not _surely_unique(data, len(found)):
        keys = (key for key, _ in json.loads(data, object_pairs_hook=list))
        refuse_repeated(path, keys)
    return found


def _surely_unique(data: bytes, keys: int) -> bool:
    """Whether an object of strings in which ``keys`` different keys were found has no more pairs than that.

    Every pair has four quotation marks; they can be counted unless a backslash is escaped.
    """
    return b"\\\\" not in data and data.count(b'"') - data.count(b'\\"') == 4 * keys


def refuse_repeated(path: str, keys: Iterable[str]) -> None:
    """Raise ProblemsError where a key is given more than once."""
    twice = [key for key, times in Counter(keys).items() if times > 1]
    if twice:
        found = [Problem(path, 0, f"/{key}", "is given twice") for key in twice[:MOST_PROBLEMS]]
        raise ProblemsError(found, more=len(twice) - len(found))
