"""Writing: safe text, files whole or not at all, JSON."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from claimbench.errors import InputError
from claimbench.text.printing import printable

__all__ = ["json_lines", "printable", "write_whole"]


def write_whole(path: str, data: bytes | Iterable[bytes]) -> None:
    """Write a file whole or not at all; "-" is standard output. Raises InputError where it cannot."""
    pieces = [data] if isinstance(data, bytes) else data
    if path == "-":
        sys.stdout.buffer.writelines(pieces)
        sys.stdout.buffer.flush()
        return
    import tempfile

    target = Path(path)
    temporary = None
    try:
        with tempfile.NamedTemporaryFile(dir=target.parent, buffering=1 << 20, delete=False) as file:
            temporary = file.name
            file.writelines(pieces)
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(temporary, 0o666 & ~umask)
        os.replace(temporary, target)
    except OSError as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        raise InputError(f"{path}: cannot be written: {error.strerror}") from None


def json_lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Return records as JSON lines in UTF-8."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
