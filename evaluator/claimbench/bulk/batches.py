"""Record batches of Arrow as columns. Whatever is unusual is left to the slow check of the rows as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

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
from claimbench.bulk.gold import Bools, Codes, Gold, Ragged
from claimbench.bulk.lines import LABEL_CODE, DoubtError
from claimbench.records import LABELS
from claimbench.stats.estimators import Floats, Ints

PIECE = 1 << 13
"""Rows that go to the slow check together."""

MOST_FLAGS = 1 << 18
"""Numbers up to this are told apart by flags, larger ones sorted."""

_UNKNOWN = -2


def in_columns(batch: Any, gold: Gold, runs: Runs, run: str | None) -> Iterator[tuple[Any, Columns | None]]:
    """Yield a record batch with its columns, or pieces of one that is in doubt, None for the slow check."""
    try:
        yield batch, from_batch(batch, gold, runs, run)
    except DoubtError:
        if batch.num_rows <= PIECE:
            yield batch, None
        else:
            for start in range(0, batch.num_rows, PIECE):
                yield from in_columns(batch.slice(start, PIECE), gold, runs, run)


def from_batch(batch: Any, gold: Gold, runs: Runs, run: str | None) -> Columns:
    """Return a record batch as columns, a null in the answer's own field being an answer of null.

    Raises DoubtError where a column has another type than the field, or a row may break a rule.
    """
    known = gold.definition.prediction.__struct_fields__
    size, found = batch.num_rows, {name: batch.column(name) for name in batch.schema.names}
    nullable = gold.definition.payload or ("answer",)
    if "id" not in found or not set(found) <= set(known) or found.keys().isdisjoint(nullable):
        raise DoubtError
    number = "score" if "score" in known else "confidence"
    columns = Columns(
        item=_text_codes(found["id"], gold.known),
        run=_runs(found, runs, run, size),
        state=_states(found, nullable if gold.definition.payload else (), size),
        label=_labels(found.get("label"), size, gold.task) if "label" in known else None,
        probabilities=_probabilities(found.get("probabilities"), size),
        number=_numbers(found.get(number), size, unit=number == "confidence"),
        evidence=_evidence(found.get("evidence"), gold.sentences, size) if "evidence" in known else None,
        answer=_answers(found["answer"]) if "answer" in known else None,
    )
    doubt(columns)
    return columns


# Arrow's way to numpy imports pandas where there is one, and Arrow's functions are dear to import: both cost
# more than reading a small file. So the buffers are looked at as they are.


def _values(array: Any) -> npt.NDArray[Any]:
    """Return the numbers of a column, any number for null."""
    values = np.frombuffer(array.buffers()[1], array.type.to_pandas_dtype())
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


def _dictionary(array: Any) -> tuple[Codes, list[Any]]:
    """Return the place of every string in a list of strings, -1 for null, and the list."""
    import pyarrow as pa

    if not pa.types.is_dictionary(array.type):
        kinds = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
        if not any(is_kind(array.type) for is_kind in kinds):
            raise DoubtError
        array = array.dictionary_encode()
    values = array.dictionary.to_pylist()
    if not all(isinstance(value, str) for value in values):
        raise DoubtError
    places: Codes = _values(array.indices).astype(np.int32, copy=False)
    return np.where(_null(array), np.int32(-1), places) if array.null_count else places, values


def _text_codes(array: Any, codes: Mapping[Any, int], null: int = _UNKNOWN) -> Codes:
    """Return the code of every string, ``null`` for null. Raises DoubtError where one has none."""
    places, values = _dictionary(array)
    of = np.array([*(codes.get(value, _UNKNOWN) for value in values), null], dtype=np.int32)
    found: Codes = of[places]
    if bool((of == _UNKNOWN).any()) and bool((found == _UNKNOWN).any()):
        raise DoubtError
    return found


def _runs(found: dict[str, Any], runs: Runs, run: str | None, size: int) -> Codes:
    """Return the code of every row's run; only runs that a row names get one."""
    if run is not None:
        return np.full(size, runs[run, None, None], dtype=np.int32)
    codes: npt.NDArray[Any] = np.zeros(size, dtype=np.int32)
    names: list[tuple[Any, ...]] = [()]
    for name in ("run", "system", "seed"):
        if name not in found:
            names = [(*given, None) for given in names]
            continue
        places, values = _whole_numbers(found[name]) if name == "seed" else _dictionary(found[name])
        values = [*values, None]
        pairs, codes = _distinct(codes.astype(np.int64) * len(values) + places % len(values))
        names = [(*names[i // len(values)], values[i % len(values)]) for i in pairs.tolist()]
    if any("" in name for name in names):
        raise DoubtError
    of = np.array([runs[name] for name in names], dtype=np.int32)
    result: Codes = of[codes]
    return result


def _distinct(numbers: Ints) -> tuple[Ints, Ints]:
    """Return the distinct ones of some numbers from 0, and the place of every number among them."""
    if int(numbers.max(initial=0)) > MOST_FLAGS:
        found, places = np.unique(numbers, return_inverse=True)
        return found, places
    used = np.zeros(int(numbers.max(initial=0)) + 1, dtype=np.bool_)
    used[numbers] = True
    return np.flatnonzero(used), (np.cumsum(used) - 1)[numbers]


def _whole_numbers(array: Any) -> tuple[Codes, list[Any]]:
    """Return what ``_dictionary`` returns of a column of whole numbers."""
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


def _labels(array: Any, size: int, task: str) -> Codes:
    if array is None:
        return np.full(size, NO_LABEL, dtype=np.int32)
    if task == "detection":
        return np.where(_null(array), NO_LABEL, _booleans(array)).astype(np.int32)
    return _text_codes(array, LABEL_CODE, null=NO_LABEL)


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


def _evidence(array: Any, sentences: dict[str, int], size: int) -> Ragged:
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
    return Ragged(lengths, _text_codes(array.values[int(ends[0]) : int(ends[-1])], sentences))


def _answers(array: Any) -> list[Any]:
    places, values = _dictionary(array)
    values.append(None)
    return [values[place] for place in places.tolist()]
