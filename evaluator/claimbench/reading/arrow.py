"""Parquet and Arrow files as record batches."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from claimbench.errors import InputError, MissingExtraError
from claimbench.reading.inputs import Shard, open_raw, packing

ROWS = 1 << 15
"""Rows in a batch."""

TEXTS = ("id", "run", "system", "label", "answer", "evidence.list.element", "evidence.list.item")
"""Columns whose distinct values are decoded once."""


def groups(shard: Shard) -> int:
    """Return how many row groups a file has; a stream is one. Raises InputError where it cannot be read."""
    with _opened(shard) as file:
        return int(getattr(file, "num_row_groups", getattr(file, "num_record_batches", 1)))


def batches(shard: Shard) -> Iterator[Any]:
    """Yield the record batches of a shard's row groups. Raises InputError where they cannot be read."""
    import pyarrow as pa

    with _opened(shard) as file:
        try:
            if hasattr(file, "iter_batches"):
                stop = file.num_row_groups if shard.stop is None else shard.stop
                yield from file.iter_batches(ROWS, row_groups=list(range(shard.start, stop)))
            elif hasattr(file, "get_batch"):
                stop = file.num_record_batches if shard.stop is None else shard.stop
                yield from map(file.get_batch, range(shard.start, stop))
            else:
                yield from file
        except (pa.ArrowException, OSError) as error:
            raise InputError(f"{shard.name}: the data are corrupt: {error}") from None


def json_lines(batch: Any, nullable: frozenset[str]) -> list[bytes]:
    """Return rows as lines of JSON; a null is a field that is left out, but for ``nullable`` ones."""
    rows = batch.to_pylist()
    given = [{k: v for k, v in row.items() if v is not None or k in nullable} for row in rows]
    return [
        json.dumps(row, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass") for row in given
    ]


def _opened(shard: Shard) -> Any:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise MissingExtraError("reading Parquet and Arrow", "bulk") from None
    raw = open_raw(shard.path)
    packed = packing(raw.read(8))
    raw.seek(0)
    source = shard.path if "://" not in shard.path else raw
    try:
        if packed == "parquet":
            return pq.ParquetFile(source, read_dictionary=list(TEXTS))
        if raw.read(6) == b"ARROW1":
            return pa.ipc.open_file(source)
        raw.seek(0)
        return pa.ipc.open_stream(raw)
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{shard.name}: the data are corrupt: {error}") from None
