"""Record batches of Arrow as columns. Whatever is unusual is left to the slow check of the rows as JSON."""

from __future__ import annotations

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
from claimbench.stats.estimators import Floats


def from_batch(batch: Any, gold: Gold, runs: Runs, run: str | None) -> Columns:
    """Return a record batch as columns, a null in the answer's own field being an answer of null.

    Raises DoubtError where a column has another type than the field, or a row may break a rule.
    """
    known = gold.definition.prediction.__struct_fields__
    found = {name: batch.column(name) for name in batch.schema.names}
    nullable = gold.definition.payload or ("answer",)
    if len(found) < batch.num_columns or not set(found) <= set(known) or found.keys().isdisjoint(nullable):
        raise DoubtError
    item = _text_codes(found.get("id"), gold.known, batch.num_rows)
    if bool((item < 0).any()):
        raise DoubtError
    number = "score" if "score" in known else "confidence"
    evidence = None
    if "evidence" in known:
        evidence = _evidence(found.get("evidence"), gold.sentences, batch.num_rows)
    columns = Columns(
        item=item,
        run=_runs(found, runs, run, batch.num_rows),
        state=_states(found, nullable if gold.definition.payload else (), batch.num_rows),
        label=_labels(found.get("label"), batch.num_rows, gold.task) if "label" in known else None,
        probabilities=_probabilities(found.get("probabilities"), batch.num_rows),
        number=_numbers(found.get(number), batch.num_rows, unit=number == "confidence"),
        evidence=evidence,
        answer=_answers(found["answer"]) if "answer" in known else None,
    )
    doubt(columns)
    return columns


def _dictionary(array: Any) -> tuple[Codes, list[Any]]:
    """Return the codes (-1 for null) and distinct values of a column of strings."""
    import pyarrow as pa

    if not pa.types.is_dictionary(array.type):
        if not (pa.types.is_string(array.type) or pa.types.is_large_string(array.type)):
            raise DoubtError
        array = array.dictionary_encode()
    values = array.dictionary.to_pylist()
    if not all(isinstance(value, str) for value in values):
        raise DoubtError
    codes = array.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return codes.astype(np.int32), values


def _text_codes(array: Any, codes: dict[Any, int], size: int, absent: int = -1) -> Codes:
    """Return the code of every string, ``absent`` for null. Raises DoubtError for an unknown one."""
    if array is None:
        return np.full(size, absent, dtype=np.int32)
    places, values = _dictionary(array)
    used = np.unique(places)
    of = np.full(len(values) + 1, absent, dtype=np.int32)
    for place in used[used >= 0].tolist():
        if values[place] not in codes:
            raise DoubtError
        of[place] = codes[values[place]]
    return of[places]


def _runs(found: dict[str, Any], runs: Runs, run: str | None, size: int) -> Codes:
    if run is not None:
        return np.full(size, runs[run, None, None], dtype=np.int32)
    if "seed" not in found and "system" not in found and "run" in found:
        places, values = _dictionary(found["run"])
        if "" in values:
            raise DoubtError
        # Codes follow the order of first use, whatever the order of the dictionary.
        of = np.zeros(len(values) + 1, dtype=np.int32)
        for place in dict.fromkeys(places.tolist()):
            of[place] = runs[values[place] if place >= 0 else None, None, None]
        return of[places]
    parts = [
        found[name].to_pylist() if name in found else [None] * size for name in ("run", "system", "seed")
    ]
    for values, kind in zip(parts, (str, str, int), strict=True):
        if any(value is not None and (type(value) is not kind or value == "") for value in values):
            raise DoubtError
    return np.array([runs[key] for key in zip(*parts, strict=True)], dtype=np.int32)


def _states(found: dict[str, Any], payload: tuple[str, ...], size: int) -> npt.NDArray[np.int8]:
    state = np.full(size, ANSWERED, dtype=np.int8)
    if payload:
        nothing = np.ones(size, dtype=np.bool_)
        for name in payload:
            if name in found:
                nothing &= found[name].is_null().to_numpy(zero_copy_only=False)
        state[nothing] = ABSTAINED
    for name, code in (("abstain", ABSTAINED), ("invalid", INVALID)):
        if name in found:
            state[_booleans(found[name])] = code
    return state


def _booleans(array: Any) -> Bools:
    import pyarrow as pa

    if not pa.types.is_boolean(array.type):
        raise DoubtError
    values: Bools = array.fill_null(False).to_numpy(zero_copy_only=False)
    return values


def _labels(array: Any, size: int, task: str) -> Codes:
    if array is None:
        return np.full(size, NO_LABEL, dtype=np.int32)
    if task == "detection":
        null = array.is_null().to_numpy(zero_copy_only=False)
        return np.where(null, NO_LABEL, _booleans(array)).astype(np.int32)
    return _text_codes(array, LABEL_CODE, size, absent=NO_LABEL)


def _numbers(array: Any, size: int, *, unit: bool) -> Floats:
    """Return numbers, NaN for null. Raises DoubtError where one is not finite, or no unit."""
    import pyarrow as pa

    if array is None:
        return np.full(size, np.nan)
    if not (pa.types.is_floating(array.type) or pa.types.is_integer(array.type)):
        raise DoubtError
    values: Floats = array.cast(pa.float64()).to_numpy(zero_copy_only=False)
    given = values if not array.null_count else values[~np.isnan(values)]
    if given.size != size - array.null_count or not np.isfinite(given).all():
        raise DoubtError
    if unit and bool(((given < 0.0) | (given > 1.0)).any()):
        raise DoubtError
    return values


def _probabilities(array: Any, size: int) -> Floats:
    import pyarrow as pa

    if array is None:
        return np.full((size, len(LABELS)), np.nan)
    if not pa.types.is_struct(array.type) or {field.name for field in array.type} != set(LABELS):
        raise DoubtError
    parts = dict(zip((field.name for field in array.type), array.flatten(), strict=True))
    if any(parts[label].null_count != array.null_count for label in LABELS):
        raise DoubtError
    return np.stack([_numbers(parts[label], size, unit=True) for label in LABELS], axis=1)


def _evidence(array: Any, sentences: dict[str, int], size: int) -> Ragged:
    import pyarrow as pa
    import pyarrow.compute as pc

    if array is None:
        return Ragged(np.zeros(size, dtype=np.int32), np.zeros(0, dtype=np.int32))
    if not (pa.types.is_list(array.type) or pa.types.is_large_list(array.type)):
        raise DoubtError
    lengths = pc.list_value_length(array).fill_null(0).to_numpy(zero_copy_only=False).astype(np.int32)
    flat = array.flatten()
    codes = _text_codes(flat, sentences, len(flat))
    if bool((codes < 0).any()):
        raise DoubtError
    return Ragged(lengths, codes)


def _answers(array: Any) -> list[Any]:
    places, values = _dictionary(array)
    values.append(None)
    return [values[place] for place in places.tolist()]
