"""A baseline and a new report brought onto the same items, or refused with what differs."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np

from claimbench._version import __version__
from claimbench.comparing.joining import bound_metrics, rows_of, signed
from claimbench.errors import IncomparableError, InputError
from claimbench.gating.settings import Policy
from claimbench.reading.jsonl import read_bytes
from claimbench.report import ItemRows, Report
from claimbench.stats.estimators import Rows


class _Head(msgspec.Struct):
    """What every version of a report has."""

    signature: str
    version: str


class Joined(msgspec.Struct, frozen=True):
    """The rows of the items that both reports have, in the new report's order.

    ``index`` are their places in the new report, whose rows are ``all_after``; ``warnings`` say what was left
    out.
    """

    before: Rows
    after: Rows
    all_after: Rows
    index: np.ndarray[tuple[int], np.dtype[np.intp]]
    warnings: tuple[str, ...]


def load_baseline(path: str | Path) -> Report:
    """Return the report in a file that is to be gated against.

    Raises InputError where it is none or was edited, IncomparableError where another version made it, whose
    reports may have another form.
    """
    data = read_bytes(str(path))
    head = _head(data)
    if head is not None and head.version != __version__:
        raise IncomparableError(
            f"{path}: made by claimbench {head.version}, this is {__version__}, whose scores may differ; "
            "score the same predictions again for a new baseline; `compare --across` says what changed"
        )
    report = Report.from_json(data, str(path))
    if report.sha256 and report.sha256 != report.digest():
        raise InputError(f"{path}: was edited after it was written; its sha256 does not fit")
    return report


def _head(data: bytes) -> _Head | None:
    try:
        return msgspec.json.decode(data, type=_Head)
    except (ValueError, RecursionError):
        return None


def joined(before: Report, after: Report, on_new: Policy, on_removed: Policy) -> Joined:
    """Return both on the items they share.

    Raises IncomparableError where task, split, version or gold differ, or items that have to be the same;
    InputError where a report's scores do not follow from its rows.
    """
    for name, mine, theirs in (
        ("task", before.task, after.task),
        ("split", before.split, after.split),
        ("version of claimbench", before.version, after.version),
    ):
        if mine != theirs:
            raise IncomparableError(f"the baseline has another {name}: '{mine}', not '{theirs}'")
    old, new = _items(before, "the baseline"), _items(after, "the new report")
    rows_old, rows_new = rows_of(old, "the baseline"), rows_of(new, "the new report")
    bound_metrics("the baseline", before, rows_old)
    bound_metrics("the new report", after, rows_new)
    if old.columns != new.columns:
        raise IncomparableError("the baseline has other columns in its rows")
    warnings = _item_sets(before, after, old, new, on_new, on_removed)
    place = {item: i for i, item in enumerate(old.ids)}
    kept = [i for i, item in enumerate(new.ids) if item in place]
    index = np.array(kept, dtype=np.intp)
    back = np.array([place[new.ids[i]] for i in kept], dtype=np.intp)
    if set(old.ids) == set(new.ids) and [old.clusters[i] for i in back] != [new.clusters[i] for i in kept]:
        raise InputError("the baseline's clusters are not those of the corpus it names")
    return Joined(rows_old.take(back), rows_new.take(index), rows_new, index, warnings)


def _items(report: Report, name: str) -> ItemRows:
    if report.items is None:
        raise IncomparableError(f"{name} holds {len(report.runs)} runs and no rows; score one run alone")
    return report.items


def _item_sets(
    before: Report, after: Report, old: ItemRows, new: ItemRows, on_new: Policy, on_removed: Policy
) -> tuple[str, ...]:
    """Return warnings about items that are in one only. Raises IncomparableError where they may not be."""
    corpora = signed(before.signature, "corpus"), signed(after.signature, "corpus")
    told = f"the baseline's corpus is {corpora[0]}, this one is {corpora[1]}"
    mine, theirs = set(old.ids), set(new.ids)
    warnings = []
    for policy, kind, only in ((on_new, "new", theirs - mine), (on_removed, "removed", mine - theirs)):
        said = f"{len(only)} items are {kind}, such as '{min(only, default='')}'"
        if only and policy == "fail":
            allow = f"--on-{kind} warn compares the others, taking their gold as unchanged"
            raise IncomparableError(f"{said}; {told}; {allow}")
        if only and policy == "warn":
            warnings.append(f"{said}, and left out; the gold of the others is taken as unchanged ({told})")
    if corpora[0] != corpora[1] and mine == theirs:
        raise IncomparableError(
            f"the gold differs, on the same items: {told}; score the same predictions again for a "
            "new baseline; `claimbench compare --across` says what the change of gold did"
        )
    if not mine & theirs:
        raise IncomparableError(f"no item is in both; {told}")
    return tuple(warnings)
