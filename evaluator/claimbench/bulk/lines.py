"""Blocks of JSON lines as fields: decoded all at once, and what is unusual left to the slow check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec
import numpy as np

from claimbench.reading.jsonl import may_repeat_keys
from claimbench.records import LABELS, Prediction

Values = list[Any]
UNSET = msgspec.UNSET


class DoubtError(Exception):
    """A line may break a rule that types cannot say; the slow check must look."""


@dataclass(frozen=True, eq=False)
class Fields:
    """Decoded lines field by field, with the types that occur in each; without fields that no line gives."""

    size: int
    values: dict[str, Values]
    kinds: dict[str, frozenset[type]]

    def whole(self, name: str) -> bool:
        """Whether every line gives the field, and not as null."""
        return name in self.kinds and _EMPTY.isdisjoint(self.kinds[name])

    def get(self, name: str) -> Values:
        """Return a field's values, UNSET where a line does not give it."""
        return self.values.get(name) or [UNSET] * self.size


_EMPTY = frozenset({msgspec.UnsetType, type(None)})


@dataclass
class LineReader:
    """Reads blocks of prediction lines, each as if only the fields met so far existed, else with all."""

    prediction: type[Prediction]
    met: tuple[str, ...] = ()

    def read(self, block: bytes, *, checked: bool = False) -> Fields:
        """Return a block's lines. Raises DoubtError where any is no prediction or might repeat a key.

        ``checked`` lines passed the slow check and are not searched for repeated keys.
        """
        every = self.prediction.__struct_fields__
        for names in (self.met, every) if self.met else (every,):
            try:
                records = _decoded(block, _decoder(self.prediction, names))
            except (ValueError, RecursionError):
                continue
            fields = fields_of(records, names)
            self.met = tuple(name for name in every if name in fields.values or name in self.met)
            if not checked and _repeats_keys(block, records, fields, names):
                raise DoubtError
            return fields
        raise DoubtError


@lru_cache(maxsize=64)
def _decoder(prediction: type[Prediction], names: tuple[str, ...]) -> msgspec.json.Decoder[Any]:
    """Return a decoder of some fields of a prediction, which tells a field that is not given by UNSET."""
    fields = [
        (f.name, f.type) if f.name == "id" else (f.name, f.type | msgspec.UnsetType, UNSET)
        for f in msgspec.structs.fields(prediction)
        if f.name in names
    ]
    made = msgspec.defstruct("Line", fields, frozen=True, forbid_unknown_fields=True, gc=False, kw_only=True)
    return msgspec.json.Decoder(made, strict=True)


def _decoded(block: bytes, decoder: msgspec.json.Decoder[Any]) -> list[Any]:
    """Return one record for each line. Raises ValueError where a line is none."""
    array = np.frombuffer(block, dtype=np.uint8)
    ends = np.flatnonzero(array[:-1] == ord("\n"))
    # "}", newline, "{" is never inside a value, so as many records as lines means one in each.
    if bool((array[ends - 1] == ord("}")).all() and (array[ends + 1] == ord("{")).all()):
        records = decoder.decode_lines(block)
        if len(records) == ends.size + 1:
            return records
    return list(map(decoder.decode, split_lines(block)))


def split_lines(block: bytes) -> list[bytes]:
    """Return the lines of a block, of which the last may lack its end."""
    lines = block.split(b"\n")
    if not lines[-1]:
        lines.pop()
    return lines


def fields_of(records: Sequence[Any], names: Sequence[str]) -> Fields:
    """Return decoded records (at least one) field by field."""
    columns = ((name, _READ[name](records)) for name in names)
    values = {name: v for name, v in columns if v[0] is not UNSET or v.count(UNSET) < len(v)}
    return Fields(len(records), values, {name: frozenset(map(type, v)) for name, v in values.items()})


_READ: dict[str, Callable[[Sequence[Any]], Values]] = {
    "id": lambda records: [record.id for record in records],
    "run": lambda records: [record.run for record in records],
    "system": lambda records: [record.system for record in records],
    "seed": lambda records: [record.seed for record in records],
    "abstain": lambda records: [record.abstain for record in records],
    "invalid": lambda records: [record.invalid for record in records],
    "meta": lambda records: [record.meta for record in records],
    "label": lambda records: [record.label for record in records],
    "score": lambda records: [record.score for record in records],
    "probabilities": lambda records: [record.probabilities for record in records],
    "evidence": lambda records: [record.evidence for record in records],
    "answer": lambda records: [record.answer for record in records],
    "confidence": lambda records: [record.confidence for record in records],
}
"""Spelled out, because an attribute that the compiler knows is read twice as fast as one found by name."""


def _repeats_keys(block: bytes, records: Sequence[Any], fields: Fields, names: Sequence[str]) -> bool:
    """Whether any line might give a key twice.

    A decoded line tells how many quotation marks it must have; only where there are more, or where ``meta``
    or an escaped quotation mark hides the number, the keys themselves are looked at.
    """
    if "meta" not in fields.values and _expected_quotes(fields) == _quotes(block):
        return False
    lines = split_lines(block)
    metas = fields.get("meta")
    hidden = [b'\\"' in line or meta is not UNSET for line, meta in zip(lines, metas, strict=True)]
    plain = [i for i, hides in enumerate(hidden) if not hides]
    if plain:
        some = fields_of([records[i] for i in plain], names)
        if _expected_quotes(some) != _quotes(b"".join(lines[i] for i in plain)):
            return any(map(may_repeat_keys, lines))
    return any(may_repeat_keys(line) for line, hides in zip(lines, hidden, strict=True) if hides)


def _expected_quotes(fields: Fields) -> int:
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
        elif name == "evidence":
            count += sum(map(len, values if fields.whole(name) else filter(None, values)))
    return 2 * count


def _quotes(data: bytes) -> int:
    return int(np.count_nonzero(np.frombuffer(data, dtype=np.uint8) == ord('"')))
