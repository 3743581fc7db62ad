"""The five tasks. Each is a frozen value made of pure functions; nothing here reads files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claimbench.errors import UsageError, nearest

if TYPE_CHECKING:  # a list of names should not cost the import of numpy
    from claimbench.tasks.base import Task

NAMES = ("detection", "extraction", "evidence", "verification", "qa")


def task(name: str) -> Task[Any]:
    """Return a task by name, importing only it. Raises UsageError for an unknown name."""
    from importlib import import_module

    if name not in NAMES:
        raise UsageError(f"unknown task '{name}'{nearest(name, NAMES)}; one of {', '.join(NAMES)}")
    found: Task[Any] = import_module(f"claimbench.tasks.{name}").TASK
    return found
