"""The result of scoring, as a frozen value that JSON round-trips."""

from __future__ import annotations

from pathlib import Path
from typing import Self

import msgspec

from claimbench.errors import InputError
from claimbench.reading.jsonl import read_bytes
from claimbench.records import Split
from claimbench.stats.intervals import Interval
from claimbench.stats.paired import Verdict


class Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, gc=False):
    """Base of everything in a report or comparison: immutable, strict about field names."""


class Intervals(Value, frozen=True):
    """How sure a score is, under two readings of the question; None where it cannot be said."""

    this_benchmark: Interval | None = None
    new_sources: Interval | None = None


class Score(Value, frozen=True):
    """One score; None where it is undefined (0/0)."""

    value: float | None
    intervals: Intervals


class Counts(Value, frozen=True):
    """How the predictions met the gold."""

    items: int
    missing: int
    abstained: int
    invalid: int
    other_split: int


class Slice(Value, frozen=True):
    """The metrics on the rows that have one value of a field."""

    field: str
    value: str
    items: int
    metrics: dict[str, Score]


class AgainstBest(Value, frozen=True):
    """A run's headline minus the best run's; p from the paired jackknife, adjusted by Holm for all runs."""

    difference: float
    p: float
    p_adjusted: float
    verdict: Verdict


class Run(Value, frozen=True, omit_defaults=True):
    """The metrics of one run, where the input holds several.

    ``sums`` has a row of counts for each of the report's ``sums.clusters``. ``against_best`` is None for the
    best run and where there is nothing to compare.
    """

    run: str
    metrics: dict[str, Score]
    counts: Counts
    against_best: AgainstBest | None = None
    sums: tuple[tuple[int, ...], ...] = ()


class ClusterSums(Value, frozen=True):
    """What the rows and columns of every run's ``sums`` stand for."""

    clusters: tuple[str, ...]
    columns: tuple[str, ...]


class ItemRows(Value, frozen=True):
    """The counts every score is computed from: one row of integers per item."""

    ids: tuple[str, ...]
    clusters: tuple[str, ...]
    sources: tuple[str, ...] | None
    columns: tuple[str, ...]
    rows: tuple[tuple[int, ...], ...]


class Document(Value, frozen=True):
    """A value that is kept in a file of its own and JSON round-trips."""

    def to_json(self) -> bytes:
        """Return the value as UTF-8 JSON; the same value gives the same bytes."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"

    @classmethod
    def from_json(cls, data: bytes, name: str | None = None) -> Self:
        """Return the value that ``to_json`` wrote. Raises InputError for anything else."""
        kind = cls.__name__.lower()
        try:
            return msgspec.json.decode(data, type=cls, strict=True)
        except (ValueError, RecursionError) as error:
            raise InputError(f"{name or kind}: not a {kind}: {error}") from None

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Return the value in a file. Raises InputError where it cannot be read or is none."""
        return cls.from_json(read_bytes(str(path)), str(path))


class Report(Document, frozen=True, omit_defaults=True):
    """The result of scoring predictions on one task and split."""

    task: str
    split: Split
    signature: str
    headline: str
    metrics: dict[str, Score]
    counts: Counts
    slices: tuple[Slice, ...]
    items: ItemRows | None
    runs: tuple[Run, ...]
    version: str
    sums: ClusterSums | None = None

    def to_json(self) -> bytes:
        """Return the report as UTF-8 JSON, each run on one line; the same value gives the same bytes."""
        if not self.runs:
            return super().to_json()
        before, empty, after = msgspec.structs.replace(self, runs=()).to_json().partition(b'\n "runs": []')
        lines = b",\n  ".join(map(msgspec.json.encode, self.runs))
        return b"".join((before, empty[:-1], b"\n  ", lines, b"\n ]", after))
