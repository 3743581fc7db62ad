"""Record batches of Arrow as columns. Whatever is unusual is left to the slow check of the rows as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from claimbench.bulk.columns import (
    ABSTAINED,
    ANSWERED,
    INVALID,
    NO_LABEL,
    Columns,
    Runs,
    doubt,
)
from claimbench.bulk.gold import Codes, Gold, Ragged
from claimbench.bulk.lines import LABEL_CODE, DoubtError
from claimbench.records import LABELS
from claimbench.stats.estimators import Bools, Floats, Ints

T = TypeVar("T")

PIECE = 1 << 13
"""Rows that go to the slow check together."""

MOST_FLAGS = 1 << 18
"""Numbers up to this are told apart by flags, larger ones sorted."""

_UNKNOWN = -2


class BatchReader:
    """Reads the record batches of a shard, whose rows are all of ``run`` where that is given.

    What was made of a column's dictionary is kept for the next batch: those of a row group mostly share it.
    """

    def __init__(self, gold: Gold, runs: Runs, run: str | None) -> None:
        self._gold, self._codes, self._run = gold, runs, run
        self._made: dict[str, tuple[Any, Any]] = {}

    def pieces(self, batch: Any) -> Iterator[tuple[Any, Columns | None]]:
        """Yield a batch with its columns, or pieces of one that is in doubt, None for the slow check."""
        try:
            yield batch, self.columns(batch)
        except DoubtError:
            if batch.num_rows <= PIECE:
                yield batch, None
            else:
                for start in range(0, batch.num_rows, PIECE):
                    yield from self.pieces(batch.slice(start, PIECE))

    def columns(self, batch: Any) -> Columns:
        """Return a batch as columns, a null in the answer's own field being an answer of null.

        Raises DoubtError where a column has another type than the field, or a row may break a rule.
        """
        gold = self._gold
        known = gold.definition.prediction.__struct_fields__
        size, found = batch.num_rows, {name: batch.column(name) for name in batch.schema.names}
        nullable = gold.definition.payload or ("answer",)
        if "id" not in found or not set(found) <= set(known) or found.keys().isdisjoint(nullable):
            raise DoubtError
        number = "score" if "score" in known else "confidence"
        columns = Columns(
            item=self._text_codes("id", found["id"], gold.known),
            run=self._runs(found, size),
            state=_states(found, nullable if gold.definition.payload else (), size),
            label=self._labels(found.get("label"), size) if "label" in known else None,
            probabilities=_probabilities(found.get("probabilities"), size),
            number=_numbers(found.get(number), size, unit=number == "confidence"),
            evidence=self._evidence(found.get("evidence"), size) if "evidence" in known else None,
            answer=self._answers(found["answer"]) if "answer" in known else None,
        )
        doubt(columns)
        return columns

    def _kept(self, column: str, dictionary: Any, make: Callable[[list[str]], T]) -> T:
        """Return what is made of a column's dictionary. Raises DoubtError where that is not all strings."""
        before = self._made.get(column)
        if before is None or not before[0].equals(dictionary):
            values = dictionary.to_pylist()
            if not all(isinstance(value, str) for value in values):
                raise DoubtError
            before = self._made[column] = (dictionary, make(values))
        made: T = before[1]
        return made

    def _text_codes(self, column: str, array: Any, codes: Mapping[Any, int], null: int = _UNKNOWN) -> Codes:
        """Return the code of every string, ``null`` for null. Raises DoubtError where one has none."""

        def coded(values: list[str]) -> Codes:
            return np.array([*(codes.get(value, _UNKNOWN) for value in values), null], dtype=np.int32)

        places, dictionary = _dictionary(array)
        of = self._kept(column, dictionary, coded)
        found: Codes = of[places]
        if bool((of == _UNKNOWN).any()) and bool((found == _UNKNOWN).any()):
            raise DoubtError
        return found

    def _runs(self, found: dict[str, Any], size: int) -> Codes:
        """Return the code of every row's run; only runs that a row names get one."""
        if self._run is not None:
            return np.full(size, self._codes[self._run, None, None], dtype=np.int32)
        codes: npt.NDArray[Any] = np.zeros(size, dtype=np.int32)
        names: list[tuple[Any, ...]] = [()]
        for name in ("run", "system", "seed"):
            if name not in found:
                names = [(*given, None) for given in names]
                continue
            values: list[Any]
            if name == "seed":
                places, values = _whole_numbers(found[name])
            else:
                places, dictionary = _dictionary(found[name])
                values = self._kept(name, dictionary, list)
            values = [*values, None]
            pairs, codes = _distinct(codes.astype(np.int64) * len(values) + places % len(values))
            names = [(*names[i // len(values)], values[i % len(values)]) for i in pairs.tolist()]
        if any("" in name for name in names):
            raise DoubtError
        of = np.array([self._codes[name] for name in names], dtype=np.int32)
        result: Codes = of[codes]
        return result

    def _labels(self, array: Any, size: int) -> Codes:
        if array is None:
            return np.full(size, NO_LABEL, dtype=np.int32)
        if self._gold.task == "detection":
            return np.where(_null(array), NO_LABEL, _booleans(array)).astype(np.int32)
        return self._text_codes("label", array, LABEL_CODE, null=NO_LABEL)

    def _evidence(self, array: Any, size: int) -> Ragged:
        import pyarrow as pa

        if array is None:
            return Ragged(np.zeros(size, dtype=np.int32), np.zeros(0, dtype=np.int32))
        if not (pa.types.is_list(array.type) or pa.types.is_large_list(array.type)):
            raise DoubtError
        ends = _values(array.offsets)
        lengths = np.diff(ends).astype(np.int32)
        # A null may still have sentences, which nobody gave.
        if array.null_count and bool(lengths[_null(array)].any()):
            raise DoubtError
        given = array.values[int(ends[0]) : int(ends[-1])]
        return Ragged(lengths, self._text_codes("evidence", given, self._gold.sentences))

    def _answers(self, array: Any) -> list[Any]:
        places, dictionary = _dictionary(array)
        values = [*self._kept("answer", dictionary, list), None]
        return [values[place] for place in places.tolist()]


# Arrow's way to numpy imports pandas where there is one, and Arrow's functions are dear to import: both cost
# more than reading a small file. So the buffers are looked at as they are.


_FLOATS = {"halffloat": "float16", "float": "float32", "double": "float64"}
"""What numpy calls the types that Arrow calls otherwise."""


def _values(array: Any) -> npt.NDArray[Any]:
    """Return the numbers of a column, any number for null."""
    kind = str(array.type)
    values = np.frombuffer(array.buffers()[1], _FLOATS.get(kind, kind))
    return values[array.offset : array.offset + len(array)]


def _bits(buffer: Any, array: Any) -> Bools:
    """Return one bit of a buffer for every row of its column."""
    data = np.frombuffer(buffer, np.uint8)[array.offset // 8 :]
    start = array.offset % 8
    bits = np.unpackbits(data, count=start + len(array), bitorder="little")
    found: Bools = bits[start:].view(np.bool_)
    return found


def _null(array: Any) -> Bools:
    """Return which rows of a column are null."""
    if array.null_count in (0, len(array)):
        return np.full(len(array), array.null_count > 0)
    return ~_bits(array.buffers()[0], array)


def _dictionary(array: Any) -> tuple[Codes, Any]:
    """Return the place of every string in a dictionary, -1 for null, and the dictionary."""
    import pyarrow as pa

    if not pa.types.is_dictionary(array.type):
        kinds = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
        if not any(is_kind(array.type) for is_kind in kinds):
            raise DoubtError
        array = array.dictionary_encode()
    places: Codes = _values(array.indices).astype(np.int32, copy=False)
    return np.where(_null(array), np.int32(-1), places) if array.null_count else places, array.dictionary


def _distinct(numbers: Ints) -> tuple[Ints, Ints]:
    """Return the distinct ones of some numbers from 0, and the place of every number among them."""
    if int(numbers.max(initial=0)) > MOST_FLAGS:
        found, places = np.unique(numbers, return_inverse=True)
        return found, places
    used = np.zeros(int(numbers.max(initial=0)) + 1, dtype=np.bool_)
    used[numbers] = True
    return np.flatnonzero(used), (np.cumsum(used) - 1)[numbers]


def _whole_numbers(array: Any) -> tuple[Codes, list[Any]]:
    """Return the place of every number in a list of distinct ones, -1 for null, and the list."""
    import pyarrow as pa

    if not pa.types.is_integer(array.type):
        raise DoubtError
    values, places = np.unique(_values(array), return_inverse=True)
    return np.where(_null(array), -1, places).astype(np.int32), values.tolist()


def _states(found: dict[str, Any], payload: tuple[str, ...], size: int) -> npt.NDArray[np.int8]:
    state = np.full(size, ANSWERED, dtype=np.int8)
    given = [found[name] for name in payload if name in found]
    if given and all(array.null_count for array in given):
        state[np.logical_and.reduce([_null(array) for array in given])] = ABSTAINED
    for name, code in (("abstain", ABSTAINED), ("invalid", INVALID)):
        if name in found:
            state[_booleans(found[name])] = code
    return state


def _booleans(array: Any) -> Bools:
    """Return a column of booleans, False for null."""
    import pyarrow as pa

    if not pa.types.is_boolean(array.type):
        raise DoubtError
    return _bits(array.buffers()[1], array) & ~_null(array)


def _numbers(array: Any, size: int, *, unit: bool) -> Floats:
    """Return numbers, NaN for null. Raises DoubtError where one is not finite, or no unit."""
    import pyarrow as pa

    if array is None:
        return np.full(size, np.nan)
    if not (pa.types.is_floating(array.type) or pa.types.is_integer(array.type)):
        raise DoubtError
    values: Floats = _values(array).astype(np.float64, copy=False)
    given, null = values, None
    if array.null_count:
        null = _null(array)
        given = values[~null]
    if given.size:
        low, high = given.min(), given.max()
        if not (low >= 0.0 and high <= 1.0 if unit else -np.inf < low and high < np.inf):
            raise DoubtError
    return values if null is None else np.where(null, np.nan, values)


def _probabilities(array: Any, size: int) -> Floats:
    """Return the probabilities of every label, shape (rows, labels), column after column in memory."""
    import pyarrow as pa

    if array is None:
        return np.full((len(LABELS), size), np.nan).T
    if not pa.types.is_struct(array.type) or {field.name for field in array.type} != set(LABELS):
        raise DoubtError
    parts = dict(zip((field.name for field in array.type), array.flatten(), strict=True))
    if any(parts[label].null_count != array.null_count for label in LABELS):
        raise DoubtError
    return np.stack([_numbers(parts[label], size, unit=True) for label in LABELS]).T
