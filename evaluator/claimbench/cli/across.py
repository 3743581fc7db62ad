"""claimbench compare --across: a change of score in parts, on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from claimbench.across import Across, Parts
from claimbench.cli.output import printable, write_whole

ROWS = (
    ("system", "the predictions"),
    ("gold", "the labels and texts of shared items"),
    ("items", "which items there are"),
    ("scorer", "the version of claimbench"),
)


def compare_across(
    task: str,
    files: tuple[str, str],
    corpora: tuple[str, str | None],
    reported: str | None,
    metrics: Sequence[str],
    split: str,
    as_json: bool,
) -> None:
    """Split a change of score and print the parts; ``corpora`` are the folders of the old and the new one."""
    from claimbench.across import read_reported, split_change

    found = split_change(
        task,
        *files,
        old_corpus=corpora[0],
        new_corpus=corpora[1],
        reported=None if reported is None else read_reported(reported),
        metrics=metrics,
        split=split,
    )
    if as_json:
        write_whole("-", found.to_json())
        return
    _print(found)


def _print(found: Across) -> None:
    from claimbench.cli.tables import console

    out = console()
    shared = f"{found.items_shared} shared items, {found.items_new} new, {found.items_removed} removed"
    reworded = f", {found.items_reworded} reworded" if found.items_reworded else ""
    out.print(f"{found.task} · {found.split} · {shared}{reworded}", style="bold")
    for name, parts in found.metrics.items():
        _print_parts(name, parts)
    for note in found.notes:
        out.print(printable(f"not separated: {note}"))
    for signature in found.signatures:
        out.print(printable(signature), style="dim", soft_wrap=True)


def _print_parts(name: str, parts: Parts) -> None:
    from rich import box
    from rich.table import Table

    from claimbench.cli.tables import console, number

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    table.add_column(f"{name} {number(parts.before)} → {number(parts.after)}")
    table.add_column("change", justify="right")
    table.add_column("what changed")
    for part, what in ROWS:
        value: float | None = getattr(parts, part)
        table.add_row(part, "unknown" if value is None else f"{value:+.3f}", what)
    if parts.together is not None:
        table.add_row("system and gold", f"{parts.together:+.3f}", "cannot be told apart")
    console().print(table)
    if parts.interaction:
        by = abs(parts.interaction)
        console().print(f"  Which of system and gold comes first matters by {by:.3f}; each has half of it.")
    if parts.system_test is not None:
        test = parts.system_test
        bounds = f"[{test.low:+.3f}, {test.high:+.3f}]"
        console().print(f"  On the new gold the systems differ by {bounds} (95 %, p = {test.p:.3f}).")
