"""What a gate decided, on a terminal."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from claimbench.cli.tables import console
from claimbench.gating.summary import number
from claimbench.text.printing import one_line

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from claimbench.gating.decision import Decision, Gated, ItemChange

STYLES = {"pass": "green", "regression": "bold red", "inconclusive": "yellow", None: "dim"}
_COMMAND = re.compile(r"^(\s*)::")
MOST_LINES = 3
"""A proposition is cut after so many lines of the terminal."""


def print_decision(found: Decision) -> None:
    """Print the verdict, what is gated, what has to be right and does not, and what changed most."""
    out = console()
    out.print(f"{found.task} · {found.split} · {found.verdict}", style=STYLES[found.verdict])
    if found.metrics:
        out.print(_table(found))
    for one in found.metrics:
        if one.reason:
            _paragraph(out, f"{one.metric}: {one.reason}", style=STYLES[one.verdict])
    _print_must_pass(out, found)
    for said in (*found.failures, *found.warnings):
        _paragraph(out, said, style="bold")
    if found.changed:
        out.print(f"\n{found.items_changed} items changed in {found.changed_on}; these most:", style="bold")
        for change in found.changed:
            _print_change(out, change)
    if found.baseline_reason:
        _paragraph(out, f"baseline: {found.baseline_reason}", style="dim")


def _table(found: Decision) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column("metric", overflow="fold")
    for title in ("before", "after", "diff.", "95 % interval", "limit", "verdict"):
        table.add_column(title, justify="right", no_wrap=True)
    for one in found.metrics:
        table.add_row(*_cells(one), style=STYLES[one.verdict])
    return table


def _cells(one: Gated) -> list[str]:
    bounds = [("−", one.max_drop), ("≥", one.min), ("≤", one.max)]
    return [
        one.metric,
        number(one.before),
        number(one.after),
        number(one.difference, "+.3f"),
        "–" if one.test is None else f"[{one.test.low:+.3f}, {one.test.high:+.3f}]",
        "\n".join(f"{sign}{value:g}" for sign, value in bounds if value is not None) or "–",
        one.verdict or "shown",
    ]


def _print_must_pass(out: Console, found: Decision) -> None:
    failed = [one for one in found.must_pass if not one.passed]
    if found.must_pass:
        right = len(found.must_pass) - len(failed)
        out.print(f"items that must pass: {right} of {len(found.must_pass)} do")
    for one in failed:
        _paragraph(out, f"{one.id}: {one.reason}", style=STYLES["regression"])


def _print_change(out: Console, one: ItemChange) -> None:
    effect = number(one.effect, "+.4f")
    _paragraph(out, f"{one.id} ({effect}): gold {one.gold}; before {one.before}; after {one.after}")
    _paragraph(out, one.asks, style="dim", first="    ", most=MOST_LINES)


def _paragraph(
    out: Console, text: str, style: str = "", *, first: str = "  ", most: int | None = None
) -> None:
    """Print text that may come from outside, wrapped with its further lines indented."""
    lines = textwrap.wrap(
        one_line(text),
        out.width,
        initial_indent=first,
        subsequent_indent="    ",
        max_lines=most,
        placeholder=" …",
    )
    for line in lines:
        # A line that starts with two colons would be a command to the runner of a GitHub job.
        out.print(_COMMAND.sub(r"\1\\u003a:", line), style=style)
