"""Decoded lines as columns, and the screen that sends doubtful lines to the slow check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Any, TypeVar

import msgspec
import numpy as np
import numpy.typing as npt

from claimbench.bulk.gold import Codes, Gold, Ragged, joined
from claimbench.bulk.lines import UNSET, DoubtError, Fields, codes_of, packed
from claimbench.records import LABELS, Prediction
from claimbench.stats.estimators import Bools, Floats

T = TypeVar("T")

ANSWERED, ABSTAINED, INVALID = 1, 2, 3
"""How a line answers its item; 0 in a table says that there is no line."""

NO_LABEL = len(LABELS)


class Columns(msgspec.Struct, frozen=True, eq=False):
    """Lines as columns of equal length; a field that the task lacks is None.

    ``item`` are codes of ids, ``run`` codes of the runs met so far, ``state`` as above. ``label`` is the code
    of a label, 0 or 1 for false or true, ``NO_LABEL`` for none; ``probabilities`` (lines, 4) and ``number``
    are NaN where not given; ``answer`` is a string, None or UNSET.
    """

    item: Codes
    run: Codes
    state: npt.NDArray[np.int8]
    label: Codes | None = None
    probabilities: Floats | None = None
    number: Floats | None = None
    evidence: Ragged | None = None
    answer: Sequence[Any] | None = None

    def keep(self, lines: Bools) -> Columns:
        """Return some of the lines."""
        if lines.all():
            return self
        chosen = np.flatnonzero(lines)
        return Columns(
            item=self.item[chosen],
            run=self.run[chosen],
            state=self.state[chosen],
            label=None if self.label is None else self.label[chosen],
            probabilities=None if self.probabilities is None else self.probabilities.T.take(chosen, axis=1).T,
            number=None if self.number is None else self.number[chosen],
            evidence=None if self.evidence is None else self.evidence.keep(lines),
            answer=None if self.answer is None else [self.answer[i] for i in chosen.tolist()],
        )


def merged(parts: Sequence[Columns]) -> Columns:
    """Return the lines of several columns of one task, one after the other."""
    if len(parts) == 1:
        return parts[0]
    first = parts[0]
    return Columns(
        item=np.concatenate([part.item for part in parts]),
        run=np.concatenate([part.run for part in parts]),
        state=np.concatenate([part.state for part in parts]),
        label=None if first.label is None else np.concatenate([needed(part.label) for part in parts]),
        probabilities=None
        if first.probabilities is None
        else np.concatenate([needed(part.probabilities) for part in parts]),
        number=None if first.number is None else np.concatenate([needed(part.number) for part in parts]),
        evidence=None if first.evidence is None else joined([needed(part.evidence) for part in parts]),
        answer=None if first.answer is None else [x for part in parts for x in needed(part.answer)],
    )


class Runs(dict[tuple[Any, Any, Any], int]):
    """Codes of runs by (run, system, seed), given as they are met. ``names`` are the runs in that order."""

    def __init__(self) -> None:
        self.names: dict[str, int] = {}
        self.plain = PlainRuns(self)

    def __missing__(self, key: tuple[Any, Any, Any]) -> int:
        run, system, seed = (None if part is UNSET else part for part in key)
        name = Prediction(id="", run=run, system=system, seed=seed).run_name
        self[key] = self.names.setdefault(name, len(self.names))
        return self[key]


class PlainRuns(dict[Any, int]):
    """The same codes by ``run`` alone, for lines that give neither system nor seed."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs

    def __missing__(self, run: Any) -> int:
        self[run] = self._runs[run, None, None]
        return self[run]


def needed(column: T | None) -> T:
    """Return a column that the task's lines have."""
    if column is None:
        raise TypeError("the task's predictions lack a column that scoring needs")
    return column


def from_fields(fields: Fields, gold: Gold, runs: Runs, run: str | None, *, checked: bool = False) -> Columns:
    """Return decoded fields as columns; ``run`` stands for every line's run where it is given.

    Raises DoubtError where a line may break a rule, unless the lines passed the slow check.
    """
    has = gold.definition.prediction.__struct_fields__
    columns = Columns(
        item=codes_of(fields.values["id"]),
        run=_run_codes(fields, runs, run),
        state=_states(fields, gold),
        label=_labels(fields, gold) if "label" in has else None,
        probabilities=_probabilities(fields) if "probabilities" in has else None,
        number=_numbers(fields, "score" if "score" in has else "confidence"),
        evidence=(fields.evidence or _nothing(fields.size)) if "evidence" in has else None,
        answer=fields.get("answer") if "answer" in has else None,
    )
    if not checked:
        doubt(columns)
    return columns


def doubt(columns: Columns) -> None:
    """Raise DoubtError where sentences repeat in a line or probabilities may not sum to one."""
    if columns.evidence is not None and columns.evidence.repeats():
        raise DoubtError
    if columns.probabilities is not None:
        a, b, c, d = columns.probabilities.T
        off = np.abs(a + b + c + d - 1.0)
        if bool((off > 1e-3 - 1e-9).any()):
            raise DoubtError


def _run_codes(fields: Fields, runs: Runs, run: str | None) -> Codes:
    if run is not None:
        return np.full(fields.size, runs[run, None, None], dtype=np.int32)
    names = fields.get("run")
    if "system" in fields.values or "seed" in fields.values:
        keys = zip(names, fields.get("system"), fields.get("seed"), strict=True)
        return _codes(runs, keys, fields.size)
    return _codes(runs.plain, names, fields.size)


def _codes(codes: Mapping[Any, int], keys: Iterable[Any], count: int) -> Codes:
    return np.fromiter(map(codes.__getitem__, keys), dtype=np.int32, count=count)


def _labels(fields: Fields, gold: Gold) -> Codes:
    labels, coded = fields.get("label"), gold.task == "verification"
    if "label" not in fields.whole:
        none = packed(NO_LABEL) if coded else NO_LABEL
        labels = [none if label is None or label is UNSET else label for label in labels]
    return codes_of(labels) if coded else np.array(labels, dtype=np.int32)


def _nothing(size: int) -> Ragged:
    return Ragged(np.zeros(size, dtype=np.int32), np.zeros(0, dtype=np.int32))


def _states(fields: Fields, gold: Gold) -> npt.NDArray[np.int8]:
    """Return ``Task.state`` of every line. Raises DoubtError where a line gives none of the needed fields."""
    state = np.full(fields.size, ANSWERED, dtype=np.int8)
    excused = np.zeros(fields.size, dtype=np.bool_)
    for name, code in (("abstain", ABSTAINED), ("invalid", INVALID)):
        if name in fields.values:
            said = np.array([value is True for value in fields.values[name]])
            state[said] = code
            excused |= said
    payload = gold.definition.payload
    needed = payload or ("answer",)
    if not any(name in fields.whole for name in needed):
        given = list(zip(*(fields.get(name) for name in needed), strict=True))
        silent = np.array([all(x is UNSET for x in values) for values in given])
        if bool((silent & ~excused).any()):
            raise DoubtError
        if payload:
            empty = np.array([all(x is None or x is UNSET for x in values) for values in given])
            state[empty & ~excused] = ABSTAINED
    return state


def _probabilities(fields: Fields) -> Floats:
    result = np.full((len(LABELS), fields.size), np.nan).T
    if "probabilities" not in fields.values:
        return result
    values = fields.values["probabilities"]
    whole = "probabilities" in fields.whole
    given = slice(None) if whole else [i for i, x in enumerate(values) if x]
    present = values if whole else list(filter(None, values))
    data = msgspec.msgpack.encode(present)
    size = len(present) * _PROBABILITIES.itemsize
    table = np.frombuffer(data, _PROBABILITIES, len(present), len(data) - size)
    for i, label in enumerate(LABELS):
        result[given, i] = table[label]
    return result


def _in_message() -> np.dtype[Any]:
    """Return where the numbers stand in probabilities as MessagePack: a map, its keys short strings.

    So they come out of records all at once, in a third of the time of attributes one by one.
    """
    ends = list(accumulate(1 + len(label) + 1 + 8 for label in LABELS))
    return np.dtype(
        {
            "names": LABELS,
            "formats": [">f8"] * len(LABELS),
            "offsets": [end - 7 for end in ends],
            "itemsize": 1 + ends[-1],
        }
    )


_PROBABILITIES = _in_message()


def _numbers(fields: Fields, name: str) -> Floats:
    if name not in fields.values:
        return np.full(fields.size, np.nan)
    values = fields.values[name]
    if name not in fields.whole:
        values = [x if isinstance(x, float) else np.nan for x in values]
    return np.array(values, dtype=np.float64)
