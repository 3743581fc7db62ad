"""Where corpus and schemas lie: beside the package in a wheel, two folders up in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
_BUNDLED = _PACKAGE / "_bundled"
_ROOT = _BUNDLED if _BUNDLED.is_dir() else _PACKAGE.parent.parent


def corpus_path() -> Path:
    """Return the folder of the shipped corpus; ``datasets.load_dataset`` takes it as it is."""
    return _ROOT / "corpus"


def schema_path() -> Path:
    """Return the folder of the JSON Schemas."""
    return _ROOT / "schema"
