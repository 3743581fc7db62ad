"""The manifest: what a corpus folder holds, in counts and digests."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from claimbench.publishing.configs import Config, Row
from claimbench.publishing.release import CANARY, VERSION

COUNTED = ("language", "label", "answerable", "checkworthy")
"""Columns whose values are counted where a config has them."""


def row_lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Return rows as JSON lines in one fixed spelling: sorted keys, no spaces, UTF-8."""
    lines = (json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")) for row in rows)
    return "".join(line + "\n" for line in lines).encode()


def rows_digest(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return the SHA-256 of rows as JSON lines with sorted keys and no spaces.

    For a split as ``datasets.load_dataset`` returns it, this is its ``sha256`` under ``configs`` in the
    manifest.
    """
    return hashlib.sha256(row_lines(rows)).hexdigest()


def parquet_path(config: str, split: str) -> str:
    """Return where a split's Parquet lies, from the corpus folder."""
    return f"v{VERSION}/{config}/{split}.parquet"


def counts(rows: list[Row]) -> dict[str, int]:
    """Return the number of rows, and of rows for every value of the counted columns, as "column=value"."""
    result = {"rows": len(rows)}
    for column in COUNTED:
        if column in rows[0]:
            values = Counter(row[column] for row in rows)
            result |= {f"{column}={_name(value)}": values[value] for value in sorted(values)}
    return result


def _name(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def manifest_bytes(digest: str, configs: list[Config], files: Mapping[str, bytes]) -> bytes:
    """Return ``manifest.json``.

    ``digest`` is that of the canonical files, ``files`` the content of every other file of the folder.
    """
    manifest = {
        "version": VERSION,
        "canary": CANARY,
        "digest": digest,
        "configs": {
            config.name: {
                split: {
                    "path": parquet_path(config.name, split),
                    "rows": len(rows),
                    "sha256": rows_digest(rows),
                }
                for split, rows in config.splits.items()
            }
            for config in configs
        },
        "counts": {
            config.name: {split: counts(rows) for split, rows in config.splits.items()} for config in configs
        },
        "files": {path: hashlib.sha256(files[path]).hexdigest() for path in sorted(files)},
    }
    return (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode()
