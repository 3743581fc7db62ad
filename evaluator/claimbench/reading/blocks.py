"""Many lines of JSON decoded at once."""

from __future__ import annotations

from typing import TypeVar

import msgspec
import numpy as np

T = TypeVar("T")


def decode_block(block: bytes, decoder: msgspec.json.Decoder[T]) -> list[T] | None:
    """Return one record for each line; None where lines and records might differ.

    Raises ValueError where a line is no record, RecursionError where one is nested too deeply.
    """
    array = np.frombuffer(block, dtype=np.uint8)
    ends = np.flatnonzero(array[:-1] == ord("\n"))
    # "}", newline, "{" is never inside a value, so as many records as lines means one in each.
    if not bool((array[ends - 1] == ord("}")).all() and (array[ends + 1] == ord("{")).all()):
        return None
    records = decoder.decode_lines(block)
    return records if len(records) == ends.size + 1 else None
