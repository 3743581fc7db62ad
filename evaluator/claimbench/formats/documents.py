"""Reading whole JSON documents of other benchmarks: typed, and strict about repeated keys of maps."""

from __future__ import annotations

import gc
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from claimbench.errors import Problem, ProblemsError
from claimbench.formats.lines import explained
from claimbench.reading.jsonl import MOST_PROBLEMS, read_bytes
from claimbench.reading.keys import has_no_more_keys, loads

T = TypeVar("T")


@contextmanager
def collection_paused() -> Iterator[None]:
    """Pause garbage collection while many values without cycles are made, which it would walk in vain."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def read_document(path: str, kind: type[T]) -> T:
    """Return the JSON document in a file as ``kind``.

    Raises InputError where the file cannot be read, ProblemsError with the place of the first mistake or
    repeated key.
    """
    return checked(path, read_bytes(path), kind)


def checked(path: str, data: bytes, kind: type[T]) -> T:
    """Return the JSON document in the bytes of a file, as ``read_document`` does."""
    found = _decoded(path, data, kind)
    try:
        loads(data)
    except ValueError as error:
        raise ProblemsError([explained(path, 0, data, error)]) from None
    return found


def unchecked(data: bytes, kind: type[T]) -> T | None:
    """Return a JSON document, which may repeat keys; None where it is no ``kind``."""
    try:
        return msgspec.json.decode(data, type=kind, strict=True)
    except (ValueError, RecursionError):
        return None


def read_list(path: str, kind: type[T]) -> list[T]:
    """Return the items of a file's one JSON list.

    Raises InputError where the file cannot be read, ProblemsError with the place of the first mistake, or
    with every item that repeats a key, at whatever depth.
    """
    data = read_bytes(path)
    found = _decoded(path, data, list[kind])  # type: ignore[valid-type]
    problems = []
    for place, item in enumerate(_decoded(path, data, list[msgspec.Raw])):
        try:
            loads(bytes(item))
        except ValueError as error:
            problem = explained(path, 0, bytes(item), error)
            problems.append(replace(problem, pointer=f"/{place}{problem.pointer}"))
    _refuse(problems)
    return found


def _decoded(path: str, data: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(data, type=kind, strict=True)
    except (ValueError, RecursionError) as error:
        raise ProblemsError([explained(path, 0, data, error)]) from None


def read_map(path: str, kind: type[T]) -> dict[str, T]:
    """Return the values of a file's one JSON object by key.

    Raises InputError where the file cannot be read, ProblemsError with every value that is no ``kind``, or
    every key that is given twice.
    """
    data = read_bytes(path)
    try:
        found = msgspec.json.decode(data, type=dict[str, kind], strict=True)  # type: ignore[valid-type]
    except (ValueError, RecursionError) as error:
        _refuse(_wrong_values(path, data, kind))
        raise ProblemsError([explained(path, 0, data, error)]) from None
    if kind not in (str, float) or not has_no_more_keys(data, len(found)):
        keys = Counter(key for key, _ in json.loads(data, object_pairs_hook=list))
        twice = [Problem(path, 0, f"/{key}", "is given twice") for key, times in keys.items() if times > 1]
        _refuse(twice)
    return found


def _wrong_values(path: str, data: bytes, kind: type[T]) -> list[Problem]:
    try:
        values = json.loads(data)
    except (ValueError, RecursionError):
        return []
    problems = []
    for key, value in values.items() if isinstance(values, dict) else ():
        try:
            msgspec.convert(value, kind, strict=True)
        except msgspec.ValidationError as error:
            problems.append(Problem(path, 0, f"/{key}", str(error).lower()))
    return problems


def _refuse(problems: Sequence[Problem]) -> None:
    """Raise ProblemsError with the first of the problems, if there are any."""
    if problems:
        raise ProblemsError(problems[:MOST_PROBLEMS], more=max(0, len(problems) - MOST_PROBLEMS))
