"""The result of scoring, as a frozen value that JSON round-trips."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from functools import cached_property
from pathlib import Path
from typing import Self

import msgspec
from msgspec.structs import replace

from claimbench.errors import IncomparableError, InputError, UsageError, nearest
from claimbench.reading.jsonl import read_bytes
from claimbench.records import Split, system_of
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
    """A run's headline minus the best run's; p from the paired jackknife, adjusted by Holm for all runs.

    The jackknife whatever the intervals are made by: the signature says so where they are made otherwise.
    """

    difference: float
    p: float
    p_adjusted: float
    verdict: Verdict


class ClusterSums(Value, frozen=True):
    """What the rows and columns of every run's ``sums`` stand for; ``items`` is what each cluster holds."""

    clusters: tuple[str, ...]
    items: tuple[int, ...]
    columns: tuple[str, ...]


class Run(Value, frozen=True, omit_defaults=True, gc=True, dict=True):
    """The metrics of one run, where the input holds several.

    ``sums`` has a row of counts for each of the report's ``sums.clusters``. ``against_best`` is None for the
    best run and where there is nothing to compare.
    """

    run: str
    metrics: dict[str, Score]
    counts: Counts
    against_best: AgainstBest | None = None
    sums: tuple[tuple[int, ...], ...] = ()

    @cached_property
    def line(self) -> bytes:
        """The run as compact JSON; made once, because a report's digest and its file both hold it."""
        return msgspec.json.encode(self)

    def told_against_best(self) -> tuple[str, str, str]:
        """Return difference from the best run, p and verdict for reading; dashes where nothing was tested."""
        found = self.against_best
        if found is None:
            return "–", "–", ""
        p = "<.001" if found.p_adjusted < 0.001 else f"{found.p_adjusted:.3f}"
        said = "not shown" if found.verdict == "no difference shown" else found.verdict
        return f"{found.difference:+.3f}", p, said


class ItemRows(Value, frozen=True):
    """The counts every score is computed from: one row of integers per item.

    ``fields`` are what slices are made by, and items of one family share their gold label; both have an
    entry per item, and are missing in reports of before.
    """

    ids: tuple[str, ...]
    clusters: tuple[str, ...]
    sources: tuple[str, ...] | None
    columns: tuple[str, ...]
    rows: tuple[tuple[int, ...], ...]
    fields: dict[str, tuple[str, ...]] = {}
    families: tuple[str, ...] | None = None


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


class Official(Value, frozen=True):
    """What the official scorer of a foreign format returns, bit for bit, quirks included.

    ``figures`` and ``counts`` have the official names; ``quirks`` say what touched this result and by how
    much. ``refused`` is the reason where the official scorer gives no figures, or not all of them.
    """

    definition: str
    figures: dict[str, float | None]
    counts: dict[str, int]
    quirks: tuple[str, ...]
    refused: str | None = None


class Report(Document, frozen=True, omit_defaults=True):
    """The result of scoring predictions on one task and split, or on the gold of a foreign format.

    ``split`` is None for foreign gold, whose split is what its file holds. ``refused`` is the reason where
    ``metrics`` are empty because foreign input cannot be joined by id. ``reason`` says why the report became
    a baseline. ``sha256`` is the digest of the report as compact JSON without that field; "" in a report that
    was not sealed.
    """

    task: str
    split: Split | None
    signature: str
    headline: str
    metrics: dict[str, Score]
    counts: Counts
    slices: tuple[Slice, ...]
    items: ItemRows | None
    runs: tuple[Run, ...]
    version: str
    sums: ClusterSums | None = None
    notes: tuple[str, ...] = ()
    format: str | None = None
    official: Official | None = None
    refused: str | None = None
    reason: str = ""
    sha256: str = ""

    @property
    def own_split(self) -> Split:
        """The split of a corpus of ours that was scored. Raises IncomparableError for foreign gold."""
        if self.split is None:
            raise IncomparableError(f"the gold of format '{self.format}' is no split of a corpus of ours")
        return self.split

    def to_json(self) -> bytes:
        """Return the report as UTF-8 JSON, each run on one line; the same value gives the same bytes."""
        return b"".join(self.pieces())

    def pieces(self) -> Iterator[bytes]:
        """Yield what ``to_json`` returns, run by run, for reports that are large."""
        if not self.runs:
            yield super().to_json()
            return
        before, _, after = replace(self, runs=()).to_json().partition(b'\n "runs": []')
        yield before + b'\n "runs": [\n  '
        yield from self._lines(b",\n  ")
        yield b"\n ]" + after

    def ranked(self) -> list[Run]:
        """Return the runs by headline, best first, undefined ones last; equal ones by name."""

        def place(run: Run) -> tuple[float, str]:
            value = run.metrics[self.headline].value
            return float("inf") if value is None else -value, run.run

        return sorted(self.runs, key=place)

    def only(self, name: str) -> Self:
        """Return the report with only the run, or the seeds of the system, of a name; signed as a whole.

        Raises UsageError for an unknown name.
        """
        kept = set(picked(name, [run.run for run in self.runs]))
        return replace(self, runs=tuple(run for run in self.runs if run.run in kept))

    def sealed(self, reason: str | None = None) -> Report:
        """Return the report with its digest, and with another reason where one is given."""
        changed = self if reason is None else replace(self, reason=reason)
        return replace(changed, sha256=changed.digest())

    def digest(self) -> str:
        """Return the SHA-256 of the report as compact JSON without its ``sha256``."""
        plain = replace(self, sha256="", runs=())
        before, _, after = msgspec.json.encode(plain).partition(b'"runs":[]')
        digest = hashlib.sha256(before + b'"runs":[')
        for piece in self._lines(b","):
            digest.update(piece)
        digest.update(b"]" + after)
        return digest.hexdigest()

    def _lines(self, between: bytes) -> Iterator[bytes]:
        """Yield the runs as compact JSON, and what stands between them."""
        for place, run in enumerate(self.runs):
            if place:
                yield between
            yield run.line


def picked(name: str, runs: Collection[str]) -> list[str]:
    """Return the run of a name or, where there is none, all seeds of the system of that name.

    Raises UsageError where there is neither.
    """
    if name in runs:
        return [name]
    seeds = [run for run in runs if system_of(run) == name]
    if not seeds:
        known = dict.fromkeys([*runs, *map(system_of, runs)])
        raise UsageError(f"no run or system '{name}'{nearest(name, known)}; the runs are {', '.join(runs)}")
    return seeds
