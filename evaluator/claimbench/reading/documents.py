"""Reading a document that people write: JSON, YAML or TOML, told apart by the file's name."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import PurePath
from typing import Any

from claimbench.reading.jsonl import parse
from claimbench.reading.schemas import Json, pointer


def parser_for(path: str) -> Callable[[bytes], Json]:
    """Return what parses a document of this name; JSON where the suffix is neither YAML's nor TOML's.

    The parser returns what JSON can hold. It raises ValueError for wrong syntax, repeated keys, dates, and
    numbers that are not finite.
    """
    return {".yaml": _yaml, ".yml": _yaml, ".toml": _toml}.get(PurePath(path).suffix.casefold(), parse)


def _toml(data: bytes) -> Json:
    import tomllib

    try:
        value = tomllib.loads(data.decode("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"not TOML: {error}") from None
    return _plain(value, [])


def _yaml(data: bytes) -> Json:
    import yaml

    class Unique(yaml.SafeLoader):
        """Refuses a mapping that repeats a key."""

        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
            names = [key.value for key, _ in node.value]
            twice = next((name for name in names if names.count(name) > 1), None)
            if twice is not None:
                raise ValueError(f"key '{twice}' occurs twice, line {node.start_mark.line + 1}")
            found: dict[Any, Any] = super().construct_mapping(node, deep=deep)
            return found

    try:
        value = yaml.load(data, Loader=Unique)  # a SafeLoader
        return _plain(value, [])
    except yaml.YAMLError as error:
        raise ValueError(f"not YAML: {' '.join(str(error).split())}") from None
    except RecursionError:  # a list may hold itself
        raise ValueError("nested too deeply") from None


def _plain(value: Any, path: list[str | int]) -> Json:
    """Return the value if JSON can hold it. Raises ValueError with the place of what it cannot."""
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{pointer(path)}: {value} is no finite number")
    if not (value is None or isinstance(value, (str, bool, int, float, list, dict))):
        raise ValueError(f"{pointer(path)}: expected text, a number, a list or a mapping; put it in quotes")
    if isinstance(value, dict):
        for key, part in value.items():
            if not isinstance(key, str):
                raise ValueError(f"{pointer(path)}: the key {key!r} is no text; put it in quotes")
            _plain(part, [*path, key])
    elif isinstance(value, list):
        for i, part in enumerate(value):
            _plain(part, [*path, i])
    return value
