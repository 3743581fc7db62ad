"""Parquet and Arrow files as record batches."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from claimbench.errors import InputError, MissingExtraError
from claimbench.reading.inputs import Shard, open_raw
from claimbench.reading.packed import NOTHING, packing

ROWS = 1 << 16
"""Rows in a batch, and the fewest in a stretch of row groups."""


def stretches(shard: Shard) -> list[tuple[int, int]]:
    """Return stretches of a file's row groups, the first and the one after the last; a stream is one stretch.

    Raises InputError where it cannot be read.
    """
    with _opened(shard) as file:
        if hasattr(file, "iter_batches"):
            rows = [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)]
        elif hasattr(file, "get_batch"):
            # A batch does not tell its rows before it is read; they are mostly alike, but for the first and
            # the last.
            count = file.num_record_batches
            rows = [file.get_batch(count // 2).num_rows if count else 0] * count
        else:
            rows = [ROWS]
    found, start, size = [], 0, 0
    for stop, more in enumerate(rows, start=1):
        size += more
        if size >= ROWS or stop == len(rows):
            found.append((start, stop))
            start, size = stop, 0
    return found or [(0, 0)]


def batches(shard: Shard) -> Iterator[Any]:
    """Yield the record batches of a shard's row groups, none empty, all sound.

    Raises InputError where they cannot be read, or there are none in the whole.
    """
    with _opened(shard) as file:
        empty = shard.start == 0 and _stop(shard, file) == _pieces(file)
        for batch in _read(file, shard):
            twice = [name for name, count in Counter(batch.schema.names).items() if count > 1]
            if twice:
                raise InputError(f"{shard.name}: column '{twice[0]}' is given twice")
            if batch.num_rows:
                empty = False
                batch.validate(full=True)
                yield batch
    if empty:
        raise InputError(f"{shard.name}: {NOTHING}")


def _read(file: Any, shard: Shard) -> Iterator[Any]:
    if hasattr(file, "iter_batches"):
        # Group by group: Arrow cannot make one dictionary of several inside lists.
        for group in range(shard.start, _stop(shard, file)):
            left = file.metadata.row_group(group).num_rows
            for batch in file.iter_batches(ROWS, row_groups=[group], use_threads=False):
                left -= batch.num_rows
                yield batch
            # Arrow 26 loses rows of some lists of dictionaries on small pages, without a word.
            if left:
                raise InputError(f"{shard.name}: {left} rows of row group {group} cannot be read")
    elif hasattr(file, "get_batch"):
        yield from map(file.get_batch, range(shard.start, _stop(shard, file)))
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

        # What pyarrow.parquet wraps. That also imports the file systems of four clouds, which takes as long
        # as reading half a million rows.
        from pyarrow._parquet import ParquetReader
    except ImportError:
        raise MissingExtraError("reading Parquet and Arrow", "bulk") from None
    with open_raw(shard.path) as raw:
        first = raw.read(8)
        raw.seek(0)
        try:
            with pa.PythonFile(raw, "r") if "://" in shard.path else pa.OSFile(shard.path) as source:
                if packing(first) == "parquet":
                    with closing(ParquetReader()) as file:
                        file.open(source)
                        found = file.metadata
                        texts, far = _dictionaries(found, shard), "://" in shard.path
                        file.open(source, metadata=found, read_dictionary=texts, pre_buffer=far)
                        yield file
                else:
                    ipc = pa.ipc.open_file if first.startswith(b"ARROW1") else pa.ipc.open_stream
                    with ipc(source) as file:
                        yield file
        except (pa.ArrowException, OSError) as error:
            raise InputError(f"{shard.name}: the data are corrupt: {error}") from None


def _dictionaries(metadata: Any, shard: Shard) -> list[str]:
    """Return the columns of strings that can be read as dictionaries: not those stored as deltas."""
    groups = map(metadata.row_group, range(shard.start, _stop(shard, metadata)))
    chunks = [group.column(i) for group in groups for i in range(metadata.num_columns)]
    texts = {chunk.path_in_schema for chunk in chunks if chunk.physical_type == "BYTE_ARRAY"}
    return sorted(texts - {chunk.path_in_schema for chunk in chunks if "DELTA" in str(chunk.encodings)})


def _stop(shard: Shard, file: Any) -> int:
    return _pieces(file) if shard.stop is None else shard.stop


def _pieces(file: Any) -> int:
    """Return how many row groups or record batches a file or its metadata has; a stream is one piece."""
    if hasattr(file, "num_row_groups"):
        return int(file.num_row_groups)
    return int(getattr(file, "num_record_batches", 1))
