"""Tab-separated files of the CheckThat! labs, read as their scorers do: lines, tabs, no quoting."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Sequence

from claimbench.errors import InputError
from claimbench.formats.lines import file_digest
from claimbench.reading.jsonl import read_bytes


def text_lines(path: str) -> Iterator[tuple[int, str]]:
    """Yield (line number from 1, line without its end) of a UTF-8 file, as Python's text mode splits it.

    Raises InputError where the file cannot be read or is not UTF-8.
    """
    try:
        text = read_bytes(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: invalid UTF-8 at byte {error.start + 1}") from None
    for number, line in enumerate(io.StringIO(text, newline=None), start=1):
        yield number, line.removesuffix("\n")


def gold_digest(paths: Sequence[str]) -> str:
    """Return the sha256 of a gold file, or of the digests of several."""
    digests = [file_digest(path) for path in paths]
    return digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()
