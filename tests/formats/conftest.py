"""What the tests of foreign formats need: official results, and formats read with their defaults."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from claimbench.formats import format_named
from claimbench.formats.base import Scored, settings

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def parity() -> Callable[[str], Path]:
    """Return the folder of a benchmark's data and official results, which licences keep out, or skip."""

    def folder(name: str) -> Path:
        root = Path(os.environ.get("CLAIMBENCH_PARITY") or REPOSITORY.parent / "shared" / "parity")
        if not (root / name).is_dir():
            pytest.skip(f"no parity data of {name}; set CLAIMBENCH_PARITY")
        return root / name

    return folder


@pytest.fixture
def put(tmp_path: Path) -> Callable[[str, Any], str]:
    """Write text as it is, or anything else as JSON, and return the path."""

    def to_file(name: str, content: Any) -> str:
        path = tmp_path / name
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_text(text, encoding="utf-8", newline="")
        return str(path)

    return to_file


@pytest.fixture
def jsonl(put: Callable[[str, Any], str]) -> Callable[[str, Iterable[Any]], str]:
    """Write records as JSON lines and return the path."""
    return lambda name, lines: put(name, "".join(json.dumps(line) + "\n" for line in lines))


@pytest.fixture
def scored() -> Callable[..., Scored]:
    """Read gold and predictions (a path or several) in a format."""

    def read(name: str, gold: Any, predictions: Any, **options: str) -> Scored:
        chosen = format_named(name)
        return chosen.read(_paths(gold), _paths(predictions), settings(chosen, options))

    return read


def _paths(given: Any) -> list[str]:
    return [str(path) for path in (given if isinstance(given, list) else [given])]
