"""claimbench conformance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import asdict

from claimbench.cli.output import json_lines, printable, write_whole
from claimbench.tasks import NAMES

if TYPE_CHECKING:
    from claimbench.conformance import Result, Row, Scorer

EPILOG = """Example:  claimbench conformance --task verification

\b
A scorer is a Python function
  (task, corpus folder, prediction lines) -> {metric: value}
or a command that prints such an object as JSON and refuses wrong input with
exit code 2:
  claimbench conformance --scorer mymodule:score
  claimbench conformance --scorer-command "tool {task} {corpus} {predictions}"
"""
STYLES = {"pass": "green", "fail": "bold red", "not applicable": "dim"}


@click.command(epilog=EPILOG)
@click.option("--scorer", "module", metavar="MODULE:FUNCTION", help="A Python scorer; ours by default.")
@click.option("--scorer-command", "words", metavar="CMD", help="A command that scores.")
@click.option("--task", "tasks", type=click.Choice(NAMES), multiple=True, help="Only this task; may repeat.")
@click.option("--check", "checks", metavar="NAME", multiple=True, help="Only this check; may repeat.")
@click.option("--card", "as_card", is_flag=True, help="Show what tricks get instead of checking.")
@click.option("--corpus", "folder", metavar="DIR", help="Corpus folder; the shipped one by default.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def command(
    module: str | None,
    words: str | None,
    tasks: tuple[str, ...],
    checks: tuple[str, ...],
    as_card: bool,
    folder: str | None,
    as_json: bool,
) -> int:
    """Test a scorer on lines made from the gold: invariances, missing lines, tricks.

    The exit code is 1 if a check fails, 3 if none applies. With --card, show what tricks get instead.
    """
    from pathlib import Path

    from claimbench.cli.tables import busy, tracked
    from claimbench.conformance import CHECKS, card, check, check_names
    from claimbench.reading.corpus import load_corpus, refuse_dangling
    from claimbench.reading.paths import corpus_path

    scorer, only = _scorer(module, words), check_names(checks)
    place = Path(folder) if folder else Path(corpus_path())
    corpus = load_corpus(place)
    refuse_dangling(corpus)
    verdicts: set[str] = set()
    for task in tasks or NAMES:
        found: list[Any] = []
        if as_card:
            with busy(f"{task}: asking the scorer", quiet=as_json):
                found += card(scorer, task, corpus, place)
        else:
            count = sum(task in each.tasks and each.name in only for each in CHECKS)
            results = check(scorer, task, corpus, place, only)
            found += tracked(results, count, f"{task}: asking the scorer", quiet=as_json)
        verdicts |= {"pass"} if as_card else {result.verdict for result in found}
        if as_json:
            write_whole("-", json_lines(asdict(item) for item in found))
        elif as_card:
            _print_card(task, found)
        else:
            _print_results(task, found)
    return 1 if "fail" in verdicts else 0 if "pass" in verdicts else 3


def _scorer(module: str | None, words: str | None) -> Scorer:
    from claimbench.conformance import from_command, from_module, ours

    if module and words:
        raise click.UsageError("give --scorer or --scorer-command, not both")
    if words:
        return from_command(words)
    return from_module(module) if module else ours


def _shown(value: object) -> str:
    if value is None:
        return "undef."
    if isinstance(value, float):
        return f"{value:.3f}" if value == 0 or abs(value) >= 0.0005 else f"{value:.0e}"
    return printable(str(value))


def _evidence(result: Result) -> str:
    numbers = ", ".join(f"{printable(name)} {_shown(value)}" for name, value in result.numbers.items())
    return printable(result.note) or numbers


def _print_results(task: str, results: list[Result]) -> None:
    """Print a check a line; what failed also with its rule."""
    from rich.table import Table

    from claimbench.cli.tables import console

    out = console()
    table = Table(box=None, pad_edge=False, title=None)
    for column in ("check", "verdict", "what shows it"):
        table.add_column(column, no_wrap=column != "what shows it")
    for result in results:
        rule = f"{result.rule} " if result.verdict == "fail" else ""
        table.add_row(result.check, result.verdict, rule + _evidence(result), style=STYLES[result.verdict])
    counted = [f"{sum(r.verdict == v for r in results)} {v}" for v in STYLES]
    out.print(f"{task} · {', '.join(counted)}", style="bold")
    if results:
        out.print(table)
    out.print()


def _print_card(task: str, rows: list[Row]) -> None:
    """Print what each predictor gets; the first metric is the headline."""
    from rich import box
    from rich.table import Table

    from claimbench.cli.tables import console, number

    out = console()
    names = list(dict.fromkeys(name for row in rows for name in row.values))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("predictor", overflow="fold")
    for name in names:
        table.add_column(printable(name), justify="right", no_wrap=True)
    for row in rows:
        values: Mapping[str, float | None] = row.values
        table.add_row(row.predictor, *(number(values[name]) if name in values else "–" for name in names))
    out.print(f"{task} · what tricks get", style="bold")
    out.print(table)
    for row in rows:
        if row.note:
            out.print(f"{row.predictor}: {printable(row.note)}", style="dim")
