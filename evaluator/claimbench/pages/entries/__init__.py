"""Scored items as pages show them: one function a task."""

from __future__ import annotations

from importlib import import_module

from msgspec.structs import replace

from claimbench.pages.entries.entry import Entry
from claimbench.scoring import Scored

__all__ = ["Entry", "entries"]


def entries(scored: Scored, run: str, number: int = 0) -> list[Entry]:
    """Return the items of one run in the order of the corpus; ``number`` tells the runs of a page apart.

    The module of the task's name does it.
    """
    task = scored.report.task
    made = import_module(f"claimbench.pages.entries.{task}").entries
    found: list[Entry] = made(scored.corpus, scored.predictions[run], scored.report.own_split)
    if not number:
        return found
    return [replace(entry, key=f"{entry.key}@{number}", run=number) for entry in found]
