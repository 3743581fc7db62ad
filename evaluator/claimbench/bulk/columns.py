"""Decoded lines as columns, and the screen that sends doubtful lines to the slow check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from typing import Any, TypeVar

import msgspec
import numpy as np
import numpy.typing as npt

from claimbench.bulk.gold import Bools, Codes, Gold, Ragged
from claimbench.records import LABELS, Prediction
from claimbench.stats.estimators import Floats

T = TypeVar("T")

ANSWERED, ABSTAINED, INVALID = 1, 2, 3
"""How a line answers its item; 0 in a table says that there is no line."""

NO_LABEL = len(LABELS)
LABEL_CODE: dict[Any, int] = {label: code for code, label in enumerate(LABELS)}
LABEL_CODE |= {None: NO_LABEL, msgspec.UNSET: NO_LABEL, False: 0, True: 1}


@dataclass(frozen=True, eq=False)
class Columns:
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
            probabilities=None if self.probabilities is None else self.probabilities[chosen],
            number=None if self.number is None else self.number[chosen],
            evidence=None if self.evidence is None else self.evidence.keep(lines),
            answer=None if self.answer is None else [self.answer[i] for i in chosen.tolist()],
        )


class Runs(dict[tuple[Any, Any, Any], int]):
    """Codes of runs by (run, system, seed), given as they are met. ``names`` are the runs in that order."""

    def __init__(self) -> None:
        self.names: dict[str, int] = {}
        self.plain = PlainRuns(self)

    def __missing__(self, key: tuple[Any, Any, Any]) -> int:
        run, system, seed = (None if part is msgspec.UNSET else part for part in key)
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


@lru_cache(maxsize=16)
def decoder(prediction: type[Prediction]) -> Callable[[bytes], Any]:
    """Return what decodes a line as ``prediction`` does, but leaves fields that are not given UNSET."""
    found = msgspec.structs.fields(prediction)
    fields = [
        (f.name, f.type) if f.name == "id" else (f.name, f.type | msgspec.UnsetType, msgspec.UNSET)
        for f in found
    ]
    made = msgspec.defstruct("Line", fields, frozen=True, forbid_unknown_fields=True, gc=False, kw_only=True)
    decode: Callable[[bytes], Any] = msgspec.json.Decoder(made, strict=True).decode
    return decode


class DoubtError(Exception):
    """A line may break a rule that types cannot say; the slow check must look."""


Values = list[Any]


@dataclass(frozen=True, eq=False)
class Fields:
    """Decoded lines field by field, with the types that occur in each."""

    size: int
    values: dict[str, Values]
    kinds: dict[str, frozenset[type]]

    def absent(self, name: str) -> bool:
        """Whether no line gives the field."""
        return self.kinds[name] == _ABSENT

    def whole(self, name: str) -> bool:
        """Whether every line gives the field, and not as null."""
        return _EMPTY.isdisjoint(self.kinds[name])


_ABSENT = frozenset({msgspec.UnsetType})
_EMPTY = frozenset({msgspec.UnsetType, type(None)})
_TEXT = frozenset({str})


def fields_of(records: Sequence[Any], prediction: type[Prediction]) -> Fields:
    """Return decoded records (at least one) field by field.

    The fields that every task has are spelled out, because that is twice as fast as looking them up by name.
    """
    values = {
        "id": [record.id for record in records],
        "run": [record.run for record in records],
        "system": [record.system for record in records],
        "seed": [record.seed for record in records],
        "abstain": [record.abstain for record in records],
        "invalid": [record.invalid for record in records],
        "meta": [record.meta for record in records],
    }
    for name in prediction.__struct_fields__:
        if name not in values:
            values[name] = list(map(attrgetter(name), records))
    kinds = {name: _kinds(found) for name, found in values.items() if name != "id"}
    return Fields(len(records), values, {"id": _TEXT, **kinds})


def _kinds(values: Values) -> frozenset[type]:
    """Return the types of values; a field that no line gives, the usual case, is told quickly."""
    if values[0] is msgspec.UNSET and values.count(msgspec.UNSET) == len(values):
        return _ABSENT
    return frozenset(map(type, values))


def expected_quotes(fields: Fields) -> int:
    """Return how many quotation marks lines hold that give no key twice and escape no quotation mark.

    A line with a repeated key has at least two more. What stands inside ``meta`` is not counted.
    """
    count = 0
    for name, values in fields.values.items():
        kinds = fields.kinds[name]
        found = Counter({next(iter(kinds)): fields.size}) if len(kinds) == 1 else Counter(map(type, values))
        keys = fields.size - found[msgspec.UnsetType]
        count += keys + found[str]
        if name == "probabilities":
            count += len(LABELS) * (keys - found[type(None)])
        elif name == "evidence" and keys:
            count += sum(map(len, values if fields.whole(name) else filter(None, values)))
    return 2 * count


def from_fields(fields: Fields, gold: Gold, runs: Runs, run: str | None) -> Columns:
    """Return decoded fields as columns; ``run`` stands for every line's run where it is given.

    Raises DoubtError where an id or sentence is unknown, or a line may break another rule.
    """
    values = fields.values
    try:
        item = _codes(gold.known, values["id"], fields.size)
        evidence = _ragged(fields, gold.sentences) if "evidence" in values else None
    except KeyError:
        raise DoubtError from None
    number = "score" if "score" in values else "confidence"
    columns = Columns(
        item=item,
        run=_run_codes(fields, runs, run),
        state=_states(fields, gold),
        label=_codes(LABEL_CODE, values["label"], fields.size) if "label" in values else None,
        probabilities=_probabilities(fields) if "probabilities" in values else None,
        number=_numbers(fields, number) if number in values else None,
        evidence=evidence,
        answer=values.get("answer"),
    )
    doubt(columns)
    return columns


def doubt(columns: Columns) -> None:
    """Raise DoubtError where sentences repeat in a line or probabilities may not sum to one."""
    if columns.evidence is not None and columns.evidence.repeats():
        raise DoubtError
    if columns.probabilities is not None:
        off = np.abs(columns.probabilities.sum(axis=1) - 1.0)
        if bool((off > 1e-3 - 1e-9).any()):
            raise DoubtError


def _run_codes(fields: Fields, runs: Runs, run: str | None) -> Codes:
    if run is not None:
        return np.full(fields.size, runs[run, None, None], dtype=np.int32)
    values = fields.values
    if fields.absent("system") and fields.absent("seed"):
        return _codes(runs.plain, values["run"], fields.size)
    return _codes(runs, zip(values["run"], values["system"], values["seed"], strict=True), fields.size)


def _codes(codes: Mapping[Any, int], keys: Iterable[Any], count: int) -> Codes:
    return np.fromiter(map(codes.__getitem__, keys), dtype=np.int32, count=count)


def _states(fields: Fields, gold: Gold) -> npt.NDArray[np.int8]:
    """Return ``Task.state`` of every line. Raises DoubtError where a line gives none of the needed fields."""
    state = np.full(fields.size, ANSWERED, dtype=np.int8)
    excused = np.zeros(fields.size, dtype=np.bool_)
    for name, code in (("abstain", ABSTAINED), ("invalid", INVALID)):
        if not fields.absent(name):
            said = np.array([value is True for value in fields.values[name]])
            state[said] = code
            excused |= said
    payload = gold.definition.payload
    needed = payload or ("answer",)
    if not any(fields.whole(name) for name in needed):
        given = list(zip(*(fields.values[name] for name in needed), strict=True))
        silent = np.array([all(x is msgspec.UNSET for x in values) for values in given])
        if bool((silent & ~excused).any()):
            raise DoubtError
        if payload:
            empty = np.array([all(x is None or x is msgspec.UNSET for x in values) for values in given])
            state[empty & ~excused] = ABSTAINED
    return state


def _probabilities(fields: Fields) -> Floats:
    values = fields.values["probabilities"]
    given = slice(None) if fields.whole("probabilities") else [i for i, x in enumerate(values) if x]
    present = list(filter(None, values))
    result = np.full((fields.size, len(LABELS)), np.nan)
    result[given, 0] = [p.supported for p in present]
    result[given, 1] = [p.refuted for p in present]
    result[given, 2] = [p.conflicting for p in present]
    result[given, 3] = [p.not_enough_info for p in present]
    return result


def _numbers(fields: Fields, name: str) -> Floats:
    values = fields.values[name]
    if fields.whole(name):
        return np.array(values, dtype=np.float64)
    return np.array([x if isinstance(x, float) else np.nan for x in values])


def _ragged(fields: Fields, codes: dict[str, int]) -> Ragged:
    lists = fields.values["evidence"]
    if not fields.whole("evidence"):
        lists = [x or () for x in lists]
    lengths = np.fromiter(map(len, lists), dtype=np.int32, count=len(lists))
    return Ragged(lengths, _codes(codes, chain.from_iterable(lists), int(lengths.sum())))
