"""Blocks of JSON lines as fields: decoded all at once, and what is unusual left to the slow check.

The decoder itself turns ids, labels and sentences into their codes, and answers into the strings they were
before, so that most strings are never made.
"""

from __future__ import annotations

import enum
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, reduce
from operator import or_
from types import GenericAlias, NoneType, UnionType
from typing import Any, Union, cast, get_args, get_origin

import msgspec
import numpy as np

from claimbench.bulk.gold import Codes, Gold, Ragged
from claimbench.reading.blocks import decode_block
from claimbench.reading.keys import may_repeat_keys, quotation_marks
from claimbench.records import LABELS

Values = list[Any]
UNSET = msgspec.UNSET

Shape = tuple[tuple[str, bool], ...]
"""The fields that lines give, each with whether every line gives it, and not as null."""


class DoubtError(Exception):
    """A line may break a rule that types cannot say; the slow check must look."""


class Fields(msgspec.Struct, frozen=True, eq=False):
    """Decoded lines field by field, without fields that no line gives.

    Ids, sentences and the labels of verification are codes for ``codes_of``. ``whole`` are the fields that
    every line gives, and not as null; elsewhere a value may be None or UNSET. ``evidence`` has an empty list
    for both.
    """

    size: int
    values: dict[str, Values]
    whole: frozenset[str]
    evidence: Ragged | None

    def get(self, name: str) -> Values:
        """Return a field's values, UNSET where a line does not give it."""
        return self.values.get(name) or [UNSET] * self.size


_EMPTY = frozenset({msgspec.UnsetType, NoneType})


class Seen(dict[str, str]):
    """Texts met so far, each as the object that said it first."""

    def __missing__(self, text: str) -> str:
        self[text] = text
        return text


MOST_SEEN = 1 << 13
"""Answers that a decoder may know; where there are more, few repeat."""


@lru_cache(maxsize=4)
def _seen(gold: Gold) -> Seen:
    return Seen({"": ""})


class LineReader(msgspec.Struct):
    """Reads blocks of prediction lines, each as if it had the shape of those before, else any shape."""

    gold: Gold
    shape: Shape = ()
    known: int = 0
    """How many of the answers seen so far the decoder knows."""

    def read(self, block: bytes, *, checked: bool = False) -> Fields:
        """Return a block's lines. Raises DoubtError where any is no prediction or might repeat a key.

        An id, label or sentence that the gold does not know makes a line no prediction. ``checked`` lines
        passed the slow check and are not searched for repeated keys.
        """
        every = tuple((name, name == "id") for name in self.gold.definition.prediction.__struct_fields__)
        seen = len(_seen(self.gold))
        if seen > 2 * self.known or seen > MOST_SEEN:
            self.known = min(seen, MOST_SEEN)
        for shape in (self.shape, every) if self.shape else (every,):
            try:
                records = _decoded(block, _decoder(self.gold, shape, self.known))
            except (ValueError, RecursionError):
                continue
            fields = fields_of(records, shape)
            self.shape = self._widened(fields)
            if not checked and self._repeats_keys(block, records, fields, shape):
                raise DoubtError
            return fields
        raise DoubtError

    def _widened(self, fields: Fields) -> Shape:
        """Return the shape of all blocks so far."""
        before = dict(self.shape)
        return tuple(
            (name, name in fields.whole and before.get(name, not before))
            for name in self.gold.definition.prediction.__struct_fields__
            if name in fields.values or name in before
        )

    def _repeats_keys(self, block: bytes, records: Sequence[Any], fields: Fields, shape: Shape) -> bool:
        """Whether any line might give a key twice.

        A decoded line tells how many quotation marks it must have; only where there are more, or where
        ``meta`` or an escaped quotation mark hides the number, the keys themselves are looked at.
        """
        if "meta" not in fields.values and self._expected_quotes(fields) == quotation_marks(block):
            return False
        lines = split_lines(block)
        metas = fields.get("meta")
        hidden = [b'\\"' in line or meta is not UNSET for line, meta in zip(lines, metas, strict=True)]
        plain = [i for i, hides in enumerate(hidden) if not hides]
        if plain:
            some = fields_of([records[i] for i in plain], shape)
            if self._expected_quotes(some) != quotation_marks(b"".join(lines[i] for i in plain)):
                return any(map(may_repeat_keys, lines))
        return any(may_repeat_keys(line) for line, hides in zip(lines, hidden, strict=True) if hides)

    def _expected_quotes(self, fields: Fields) -> int:
        """Return how many quotation marks lines hold that give no key twice and escape no quotation mark.

        A line with a repeated key has at least two more. What stands inside ``meta`` is not counted.
        """
        strings = 0
        each = _STRINGS | {"label": int(self.gold.task == "verification")}
        for name, values in fields.values.items():
            found = Counter[type]() if name in fields.whole else Counter(map(type, values))
            keys = fields.size - found[msgspec.UnsetType]
            strings += keys + each.get(name, 0) * (keys - found[NoneType])
        if fields.evidence is not None:
            strings += fields.evidence.codes.size
        return 2 * strings


_STRINGS = {"id": 1, "run": 1, "system": 1, "answer": 1, "probabilities": len(LABELS)}
"""How many strings, keys among them, a value of a field is made of; those of ``evidence`` are counted."""


@lru_cache(maxsize=64)
def _decoder(gold: Gold, shape: Shape, known: int) -> msgspec.json.Decoder[Any]:
    """Return a decoder of predictions of a shape, which tells a field that is not given by UNSET.

    Of answers it knows those seen when ``known`` were, unless there are more than ``MOST_SEEN``: they come
    out as the objects they were before, whose hash need not be computed again.
    """
    types = {f.name: f.type for f in msgspec.structs.fields(gold.definition.prediction)}
    types |= {name: _coded(types[name], codes) for name, codes in _codes(gold).items() if name in types}
    if "answer" in types and known < MOST_SEEN:
        types["answer"] = _coded(types["answer"], _seen(gold), _seen(gold).__getitem__)
    fields = [
        (name, _given(types[name])) if whole else (name, types[name] | msgspec.UnsetType, UNSET)
        for name, whole in shape
    ]
    made = msgspec.defstruct("Line", fields, frozen=True, forbid_unknown_fields=True, gc=False, kw_only=True)
    return msgspec.json.Decoder(made, strict=True)


def _codes(gold: Gold) -> dict[str, dict[str, bytes]]:
    """Return the packed codes of the strings that a field may hold, by field."""
    found: dict[str, Mapping[str, int]] = {"id": gold.known, "evidence": gold.sentences}
    found |= {"label": LABEL_CODE} if gold.task == "verification" else {}
    return {name: {string: packed(code) for string, code in codes.items()} for name, codes in found.items()}


LABEL_CODE: dict[str, int] = {label: code for code, label in enumerate(LABELS)}


def _coded(kind: Any, codes: Mapping[str, Any], missing: Callable[[str], Any] | None = None) -> Any:
    """Return a field's type with its strings, alone or in a tuple, decoded to codes.

    A string without a code is decoded to what ``missing`` returns for it.
    """
    one = cast(Any, enum.Enum)("Code", {"ANY": ""})
    # What a decoder of an Enum returns for a string is what this map holds; members are slow to make.
    one._value2member_map_ = dict(codes)
    if missing is not None:
        one._missing_ = missing
    many = GenericAlias(tuple, (one, ...))
    return _union(
        part if part in _EMPTY else many if get_origin(part) is tuple else one for part in _parts(kind)
    )


def packed(code: int) -> bytes:
    """Return a code as the bytes of an int32, which are joined faster than integers become an array."""
    return code.to_bytes(4, sys.byteorder)


def codes_of(column: Sequence[bytes]) -> Codes:
    """Return packed codes as an array."""
    return np.frombuffer(b"".join(column), dtype=np.int32)


def _given(kind: Any) -> Any:
    """Return a field's type without null and UNSET."""
    return _union(part for part in _parts(kind) if part not in _EMPTY)


def _parts(kind: Any) -> tuple[Any, ...]:
    return get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)


def _union(parts: Iterable[Any]) -> Any:
    return reduce(or_, parts)


def _decoded(block: bytes, decoder: msgspec.json.Decoder[Any]) -> list[Any]:
    """Return one record for each line. Raises ValueError where a line is none."""
    records = decode_block(block, decoder)
    return list(map(decoder.decode, split_lines(block))) if records is None else records


def split_lines(block: bytes) -> list[bytes]:
    """Return the lines of a block, of which the last may lack its end."""
    lines = block.split(b"\n")
    if not lines[-1]:
        lines.pop()
    return lines


def fields_of(records: Sequence[Any], shape: Shape) -> Fields:
    """Return decoded records (at least one) of a shape field by field."""
    values: dict[str, Values] = {}
    whole = set()
    for name, given in shape:
        column = _READ[name](records)
        kinds = () if given else set(map(type, column))
        if kinds == {msgspec.UnsetType}:
            continue
        values[name] = column
        if _EMPTY.isdisjoint(kinds):
            whole.add(name)
    evidence = None
    if "evidence" in values:
        lists = values["evidence"] if "evidence" in whole else [x or () for x in values["evidence"]]
        lengths = np.fromiter(map(len, lists), dtype=np.int32, count=len(lists))
        codes: list[bytes] = []
        for found in lists:
            codes.extend(found)
        evidence = Ragged(lengths, codes_of(codes))
    return Fields(len(records), values, frozenset(whole), evidence)


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
