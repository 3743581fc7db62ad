"""One split as a Parquet file."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from claimbench.errors import MissingExtraError
from claimbench.publishing.configs import Row
from claimbench.publishing.release import CANARY, VERSION
from claimbench.publishing.shapes import Fields, arrow_type


def parquet_bytes(path: Path, fields: Fields, rows: list[Row]) -> bytes:
    """Return a Parquet file of the rows: the one at ``path`` where that holds exactly them.

    Equal rows give equal bytes in one version of pyarrow only; the file in place is kept so that another
    version does not call it stale. Raises MissingExtraError without pyarrow.
    """
    table = _table(fields, rows)
    kept = path.read_bytes() if path.is_file() else b""
    return kept if _holds(kept, table) else _write(table)


def _table(fields: Fields, rows: list[Row]) -> Any:
    try:
        import pyarrow as pa
    except ImportError:
        raise MissingExtraError("building Parquet", "datasets") from None
    columns = [pa.field(name, arrow_type(shape)) for name, shape in fields.items()]
    metadata = {"claimbench.canary": CANARY, "claimbench.version": VERSION}
    return pa.Table.from_pylist(rows, schema=pa.schema(columns, metadata=metadata))


def _holds(data: bytes, table: Any) -> bool:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        found = pq.ParquetFile(io.BytesIO(data)).read()
    except (pa.ArrowInvalid, OSError):
        return False
    return bool(found.schema.equals(table.schema, check_metadata=True) and found.equals(table))


def _write(table: Any) -> bytes:
    import pyarrow.parquet as pq

    sink = io.BytesIO()
    # Written out because pyarrow's defaults move between versions.
    pq.write_table(
        table,
        sink,
        version="2.6",
        data_page_version="1.0",
        compression="snappy",
        use_dictionary=True,
        write_statistics=True,
        row_group_size=1 << 20,
        store_schema=True,
    )
    return sink.getvalue()
