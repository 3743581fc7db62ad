"""Which run of a file is meant."""

from __future__ import annotations

from pathlib import Path


def file_and_run(source: str) -> tuple[str, str | None]:
    """Split FILE@NAME at the first "@" before which there is a file; a file's own name may hold one."""
    at = -1
    while not Path(source).exists() and (at := source.find("@", at + 1)) >= 0:
        if source[:at] == "-" or Path(source[:at]).is_file():
            return source[:at], source[at + 1 :]
    return source, None
