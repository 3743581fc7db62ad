"""The judge's replies on disk: one JSON object a line, only ever appended.

A line is written whole in one call, so that readers and other writers at work never see half of one but at
the very end. Where a key occurs twice the first line counts.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec

from claimbench.errors import InputError, Problem, ProblemsError
from claimbench.judging.prompts import Outcome, Verdict


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One reply, by the key of all that led to it; no match and confidence where it is no verdict."""

    key: str
    outcome: Outcome
    match: bool | None
    confidence: float | None
    endpoint: str
    model: str
    parameters: dict[str, Any]
    messages: list[dict[str, str]]
    reply: str | None

    @property
    def verdict(self) -> Verdict | None:
        """The verdict; None where the judge gave none."""
        if self.match is None or self.confidence is None:
            return None
        return Verdict(self.match, self.confidence)


def read_cache(path: str | Path) -> dict[str, Entry]:
    """Return the entries of a cache by key; none where there is no file yet.

    A last line without its end is left to whoever is writing it. Raises ProblemsError for a broken line.
    """
    try:
        data = Path(path).read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    read = msgspec.json.Decoder(Entry, strict=True).decode
    found: dict[str, Entry] = {}
    problems = []
    for number, line in enumerate(data.split(b"\n")[:-1], start=1):
        if not line.strip():
            continue
        try:
            entry = read(line)
        except (ValueError, RecursionError) as error:
            problems.append(Problem(str(path), number, "", f"no reply of a judge, delete it: {error}"))
        else:
            found.setdefault(entry.key, entry)
    if problems:
        raise ProblemsError(problems)
    return found


def append(path: str | Path, entry: Entry) -> None:
    """Add a line, ending an unfinished one first. Raises InputError where it cannot be written."""
    line = msgspec.json.encode(entry) + b"\n"
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
        try:
            size = os.fstat(file).st_size
            if size and os.pread(file, 1, size - 1) != b"\n":
                line = b"\n" + line
            written = os.write(file, line)
        finally:
            os.close(file)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}") from None
    if written < len(line):
        raise InputError(f"{path}: the disk took half a line only; delete it")
