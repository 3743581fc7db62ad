"""What changed between two corpora, record by record, and why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from claimbench.exchange.errata import read_errata
from claimbench.reading.corpus import KINDS, load_corpus
from claimbench.reading.schemas import Json


class Reason(msgspec.Struct, frozen=True):
    """What the errata give as reason for a change."""

    version: str
    reason: str


class Change(msgspec.Struct, frozen=True):
    """One record that was added, removed or changed. ``fields`` are a changed record's (old, new) values.

    An optional field that a record does not have is None here.
    """

    kind: str
    id: str
    change: Literal["added", "removed", "changed"]
    fields: dict[str, tuple[Json, Json]]
    reasons: tuple[Reason, ...]


def difference(old: Path, new: Path) -> tuple[Change, ...]:
    """Return the changes between two corpus folders, by kind and in the order of the files.

    Reasons are the new corpus's errata that the old one does not have yet. Raises InputError and
    ProblemsError for folders that cannot be read.
    """
    before, after = load_corpus(old), load_corpus(new)
    known = set(read_errata(old))
    reasons: dict[str, list[Reason]] = {}
    for entry in read_errata(new):
        if entry not in known:
            reasons.setdefault(entry.id, []).append(Reason(entry.version, entry.reason))
    return tuple(
        Change(kind, id, change, fields, tuple(reasons.get(id, ())))
        for kind in KINDS
        for id, change, fields in _changes(_records(getattr(before, kind)), _records(getattr(after, kind)))
    )


Records = dict[str, dict[str, Json]]


def _records(records: Json) -> Records:
    return {record.id: msgspec.to_builtins(record) for record in records}


def _changes(
    old: Records, new: Records
) -> Iterator[tuple[str, Literal["added", "removed", "changed"], dict[str, tuple[Json, Json]]]]:
    for id in old:
        if id not in new:
            yield id, "removed", {}
    for id, record in new.items():
        if id not in old:
            yield id, "added", {}
            continue
        names = dict.fromkeys([*old[id], *record])
        pairs = {name: (old[id].get(name), record.get(name)) for name in names}
        if fields := {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}:
            yield id, "changed", fields
