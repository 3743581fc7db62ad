"""Files that hold one JSON document."""

from __future__ import annotations

from claimbench.errors import Problem
from claimbench.reading.jsonl import Problems, parse, read_bytes
from claimbench.reading.schemas import Json


def read_document(file: str, problems: Problems) -> Json:
    """Return a file's JSON value; None and a problem where it has none. Raises InputError like read_bytes."""
    try:
        return parse(read_bytes(file))
    except ValueError as error:
        cause = error.__context__
        line = getattr(cause, "lineno", 0) if cause is not None else 0
        problems.add(Problem(file, line, "", str(error), "json"))
        return None
