"""The errata: what was changed in the corpus since an earlier version, and why."""

from __future__ import annotations

from pathlib import Path

import msgspec

from claimbench.errors import Problem
from claimbench.reading.jsonl import Problems, lines, parse, read_bytes
from claimbench.records import Record


class Erratum(Record, frozen=True):
    """Why a record changed, and the version that changed it first."""

    id: str
    version: str
    reason: str


def read_errata(root: Path) -> tuple[Erratum, ...]:
    """Return a corpus folder's errata; none where it has no such file. Raises ProblemsError."""
    path = root / "annotation" / "errata.jsonl"
    if not path.is_file() or not path.stat().st_size:
        return ()
    problems = Problems()
    result: list[Erratum] = []
    for number, line in lines(read_bytes(str(path))):
        try:
            result.append(msgspec.convert(parse(line), Erratum))
        except (ValueError, RecursionError) as error:
            problems.add(Problem(str(path), number, "", str(error)))
    problems.raise_if_any()
    return tuple(result)
