"""Which file, and which run of it, is meant, and what the file holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from claimbench.reading.inputs import Shard
    from claimbench.report import Report


def file_and_run(source: str) -> tuple[str, str | None]:
    """Split FILE@NAME at the first "@" before which there is a file; a file's own name may hold one."""
    at = -1
    while not Path(source).exists() and (at := source.find("@", at + 1)) >= 0:
        if source[:at] == "-" or Path(source[:at]).is_file():
            return source[:at], source[at + 1 :]
    return source, None


@contextmanager
def report_or_predictions(path: str) -> Iterator[Report | Shard | str]:
    """Give the report in a file or, where it holds none, the file as what is scored; pipes are read once.

    Raises InputError where it cannot be read, or the report is broken.
    """
    from claimbench.reading.inputs import spooled
    from claimbench.reading.jsonl import read_bytes
    from claimbench.report import Report

    with spooled([path]) as (shard,):
        data = read_bytes(shard.path, path)
        if is_report(data):
            yield Report.from_json(data, path)
        else:
            yield path if shard.path == path else shard


def is_report(data: bytes) -> bool:
    """Whether the data is one JSON object that is signed; a prediction line never is."""
    import msgspec

    try:
        found = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
    except (ValueError, RecursionError):
        return False
    return "signature" in found
