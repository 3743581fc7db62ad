"""A cheap first look for repeated keys in many lines of JSON at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np

_WIDTH = 4
_WORD = np.dtype("<u4")
_QUOTE = ord('"')


class Keys:
    """The keys of a record, of two letters or more, told by a quotation mark and their first three."""

    def __init__(self, names: Iterable[str]) -> None:
        beginnings = Counter(f'"{name}"'.encode()[:_WIDTH] for name in names)
        self._times = {int.from_bytes(word, "little"): times for word, times in beginnings.items()}
        self._least = min(word[1] for word in beginnings)

    def once(self, whole: bytes, lines: int) -> bool:
        """Whether every key stands as often in ``whole`` as it has lines, or not at all.

        Where a line repeats a key it stands there more often, unless another line lacks it. False also where
        other strings begin like a key.
        """
        size = len(whole) - _WIDTH + 1
        if size < 1:
            return False
        words = np.ndarray(size, _WORD, whole, strides=(1,))
        data = np.frombuffer(whole, np.uint8, size + 1)
        # Most strings end here or begin with a capital, and are not looked up.
        begins = (data[:-1] == _QUOTE) & (data[1:] >= self._least)
        found = words[begins]
        return all(
            np.count_nonzero(found == word) in (0, times * lines) for word, times in self._times.items()
        )
