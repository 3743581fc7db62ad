"""Parquet and Arrow files as record batches."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from claimbench.errors import InputError, MissingExtraError
from claimbench.reading.inputs import Shard, open_raw
from claimbench.reading.packed import packing

ROWS = 1 << 14
"""Rows in a batch."""


def groups(shard: Shard) -> int:
    """Return how many row groups a file has; a stream is one. Raises InputError where it cannot be read."""
    with _opened(shard) as file:
        return int(getattr(file, "num_row_groups", getattr(file, "num_record_batches", 1)))


def batches(shard: Shard) -> Iterator[Any]:
    """Yield the record batches of a shard's row groups. Raises InputError where they cannot be read."""
    with _opened(shard) as file:
        if hasattr(file, "iter_batches"):
            stop = file.num_row_groups if shard.stop is None else shard.stop
            yield from file.iter_batches(ROWS, row_groups=list(range(shard.start, stop)))
        elif hasattr(file, "get_batch"):
            stop = file.num_record_batches if shard.stop is None else shard.stop
            yield from map(file.get_batch, range(shard.start, stop))
        else:
            yield from file


def json_lines(batch: Any, nullable: frozenset[str]) -> list[bytes]:
    """Return rows as lines of JSON; a null is a field that is left out, but for ``nullable`` ones."""
    rows = batch.to_pylist()
    given = [{k: v for k, v in row.items() if v is not None or k in nullable} for row in rows]
    return [
        json.dumps(row, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass") for row in given
    ]


@contextmanager
def _opened(shard: Shard) -> Iterator[Any]:
    """Give an opened file or stream. Raises InputError where it is none, or breaks while it is read."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise MissingExtraError("reading Parquet and Arrow", "bulk") from None
    with open_raw(shard.path) as raw:
        first = raw.read(8)
        raw.seek(0)
        try:
            with pa.PythonFile(raw, "r") if "://" in shard.path else pa.OSFile(shard.path) as source:
                if packing(first) == "parquet":
                    found = pq.read_metadata(source)
                    columns = map(found.schema.column, range(found.num_columns))
                    texts = [c.path for c in columns if c.physical_type == "BYTE_ARRAY"]
                    with pq.ParquetFile(source, metadata=found, read_dictionary=texts) as file:
                        yield file
                else:
                    ipc = pa.ipc.open_file if first.startswith(b"ARROW1") else pa.ipc.open_stream
                    with ipc(source) as file:
                        yield file
        except (pa.ArrowException, OSError) as error:
            raise InputError(f"{shard.name}: the data are corrupt: {error}") from None
