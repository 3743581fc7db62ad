"""Keys that an object repeats: the check itself, and cheap proofs that there are none in much JSON.

The proofs count: bytes tell how many keys, or quotation marks, there are at most, and decoded values how many
different ones there are at least. Where both numbers are equal nothing is repeated, however it is written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection
from functools import lru_cache
from typing import Any, TypeVar

import msgspec
import numpy as np

from claimbench.reading.schemas import pointer

T = TypeVar("T", bound=msgspec.Struct)

_KEY = re.compile(rb'"((?:[^"\\]|\\.)*)"\s*(:?)')
_END = re.compile(rb'(?<!\\)(?:\\\\)*"[ \t\r\n]*:')


class PlacedError(ValueError):
    """What is wrong with a part of a JSON value; ``pointer`` is the part's JSON pointer."""

    def __init__(self, message: str, path: list[str | int]) -> None:
        super().__init__(message)
        self.pointer = pointer(path)


class RepeatedError(PlacedError):
    """An object repeats a key."""

    def __init__(self, key: str, path: list[str | int]) -> None:
        super().__init__(f"key {json.dumps(key)} occurs twice in one object", path)


def loads(data: bytes | str, parse_constant: Callable[[str], Any] | None = None) -> Any:
    """Return a JSON value.

    Raises RepeatedError where an object repeats a key, ValueError for what is no JSON or nested too deeply.
    """
    try:
        try:
            return json.loads(data, object_pairs_hook=_unique, parse_constant=parse_constant)
        except RepeatedError:
            _refuse(json.loads(data, object_pairs_hook=_Pairs), [])
            raise
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        raise RepeatedError("", [])
    return result


class _Pairs(list[tuple[str, Any]]):
    """An object as its pairs."""


def _refuse(value: Any, path: list[str | int]) -> None:
    """Raise RepeatedError for the first object that repeats a key."""
    pairs = value if isinstance(value, _Pairs) else enumerate(value) if isinstance(value, list) else ()
    met = set()
    for key, inner in pairs:
        if key in met:
            raise RepeatedError(str(key), path)
        met.add(key)
        _refuse(inner, [*path, key])


def may_repeat_keys(line: bytes) -> bool:
    """Whether any two keys of the line, at whatever depth, are equal or written with escapes.

    A cheap first sieve: False means that no object repeats a key.
    """
    keys = [key for key, colon in _KEY.findall(line) if colon]
    return len(set(keys)) < len(keys) or any(b"\\" in key for key in keys)


def quotation_marks(data: bytes) -> int:
    """Return how many quotation marks there are, escaped ones too."""
    return int(np.count_nonzero(np.frombuffer(data, dtype=np.uint8) == ord('"')))


_PIECE = 1 << 17
"""Bytes looked at together, so that they are still in the cache."""


def most_keys(data: bytes) -> int:
    """Return a number of keys that JSON does not exceed, quickly: a colon after a quotation mark or a space.

    ``count_keys`` is closer where a text holds one.
    """
    array, total = np.frombuffer(data, dtype=np.uint8), 0
    for at in range(0, array.size - 1, _PIECE):
        piece = array[at : at + _PIECE + 1]
        # Up to the quotation mark there are white space, control characters and "!".
        total += int(np.count_nonzero((piece[1:] == ord(":")) & (piece[:-1] <= ord('"'))))
    return total


def count_keys(data: bytes) -> int:
    """Return how many keys JSON has; a string that begins with a colon counts as one more."""
    return sum(1 for _ in _END.finditer(data))


def has_no_more_keys(data: bytes, known: int, apart: bytes = b"") -> bool:
    """Whether JSON surely has no more keys than ``known``, but for those in a part of it."""
    return any(count(data) - count(apart) == known for count in (most_keys, count_keys))


def demanding(record: type[T], keys: Collection[str]) -> type[T]:
    """Return a type of the same records that takes only objects with all these keys.

    What is not read of an object stands, as it is written, in fields called ``unread0`` and so on.
    """
    return _demanding(record, tuple(keys))


@lru_cache(maxsize=64)
def _demanding(record: type[T], keys: tuple[str, ...]) -> type[T]:
    read = {field.encode_name: field for field in msgspec.structs.fields(record)}
    unread = {f"unread{place}": key for place, key in enumerate(keys) if key not in read}
    demanded = [(read[key].name, read[key].type) for key in keys if key in read]
    names = {field.name: field.encode_name for field in read.values()} | unread
    return msgspec.defstruct(  # type: ignore[return-value]  # a subtype of its base
        record.__name__,
        [*demanded, *((name, msgspec.Raw) for name in unread)],
        bases=(record,),
        rename=names,
        kw_only=True,
        frozen=True,
        gc=False,
    )
