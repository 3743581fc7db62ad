"""Reports as tables on a terminal."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, TypeVar

from claimbench.cli.output import printable
from claimbench.report import Official, Report, Score
from claimbench.stats.intervals import LEVEL, Interval

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

T = TypeVar("T")


def console(stderr: bool = False, width: int | None = None) -> Console:
    """Return a console that never reads markup or emoji codes in what it is given.

    With NO_COLOR it writes plain text: rich by itself would still set bold and dim.
    """
    from rich.console import Console

    return Console(
        stderr=stderr,
        width=width,
        color_system=None if os.environ.get("NO_COLOR") else "auto",
        markup=False,
        highlight=False,
        emoji=False,
        soft_wrap=False,
    )


def busy(message: str, quiet: bool) -> AbstractContextManager[object]:
    """Return a spinner on standard error; nothing in a pipe or where ``quiet``."""
    err = console(stderr=True)
    return nullcontext() if quiet or not err.is_terminal else err.status(message)


def tracked(work: Iterable[T], total: int, message: str, quiet: bool) -> Iterator[T]:
    """Yield from work while a bar on standard error says how much is done, how fast, and how long it takes.

    Nothing is shown in a pipe or where ``quiet``.
    """
    err = console(stderr=True)
    if quiet or not err.is_terminal:
        yield from work
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    rate, left = TextColumn("{task.fields[rate]}"), TimeRemainingColumn()
    # Redirected, what is printed meanwhile would leave standard output, which may be a file.
    with Progress(*columns, rate, left, console=err, transient=True, redirect_stdout=False) as bar:
        task = bar.add_task(message, total=total, rate="")
        for item in work:
            yield item
            bar.advance(task)
            speed = bar.tasks[0].speed
            bar.update(task, rate="" if speed is None else f"{speed:.1f} a second")


def number(value: float | None) -> str:
    """Return a score for reading; "undef." for 0/0."""
    return "undef." if value is None else f"{value:.3f}"


def interval(found: Interval | None) -> str:
    """Return an interval for reading, or a dash."""
    return "–" if found is None else f"[{found.low:.3f}, {found.high:.3f}]"


def print_report(
    report: Report, *, beside: Mapping[str, Report] | None = None, official_first: bool = False
) -> None:
    """Print a report; with ``beside``, other systems' reports of the same task, in short and side by side."""
    out = console()
    out.print(_title(report), style="bold")
    out.print(_counts(report), style="dim")
    if report.official and official_first:
        _print_official(out, report.official)
    _print_scores(out, report, beside or {})
    if report.official and not official_first:
        _print_official(out, report.official)
    for note in report.notes:
        out.print(printable(note))
    out.print(report.signature, style="dim", soft_wrap=True)


def _print_scores(out: Console, report: Report, beside: Mapping[str, Report]) -> None:
    if report.refused:
        out.print(f"no house figures: {printable(report.refused)}")
    elif report.runs:
        _print_table(out, _runs_table(report), wrap=True)
    else:
        _print_table(out, _metrics_table(report, beside))
        if report.slices and not beside:
            _print_table(out, _slices_table(report))
        if certain := _certainty(report):
            out.print(certain, style="dim")
    if report.format and report.items is None and not report.refused:
        out.print("so many items that the report keeps no rows of them; it cannot be compared", style="dim")


def _print_official(out: Console, official: Official) -> None:
    """Print the official figures in full, as their digits are meant to be compared."""
    table = _table(f"official: {official.definition}", "figure")
    for name, figure in official.figures.items():
        table.add_row(name, "undef." if figure is None else repr(figure))
    if official.figures:
        _print_table(out, table)
    if official.refused:
        lacking = "no further official figures" if official.figures else "no official figures"
        out.print(f"{lacking}: {printable(official.refused)}")
    for quirk in official.quirks:
        out.print(f"- {printable(quirk)}", soft_wrap=True)


def _title(report: Report) -> str:
    every = (report.metrics, *(run.metrics for run in report.runs))
    sure = any(score.intervals.this_benchmark for metrics in every for score in metrics.values())
    said = (f"with {100 * LEVEL:g} % intervals",) if sure else ()
    return " · ".join((report.task, str(report.format or report.split), *said))


def _certainty(report: Report) -> str:
    """Return what the headline's intervals rest on, and what simulation says of such intervals."""
    intervals = report.metrics[report.headline].intervals
    parts = []
    for name, found in (("this benchmark", intervals.this_benchmark), ("new sources", intervals.new_sources)):
        if found is None:
            continue
        weigh = f", weighing as much as {found.degrees + 1:.1f} equal ones" if found.degrees else ""
        held = f"; in simulation at least {int(100 * found.coverage)} % held" if found.coverage else ""
        parts.append(f"{name}: {found.clusters} clusters{weigh}{held}")
    return "\n".join(parts)


def _print_table(out: Console, table: Table, wrap: bool = False) -> None:
    """Print a table as wide as it is, or as its figures are: a narrow terminal breaks lines, cuts none."""
    from rich.cells import cell_len

    for column in table.columns:
        if column.no_wrap:  # rich would measure every cell three times
            column.width = max(cell_len(str(cell)) for cell in (column.header, *column.cells))
    measured = out.measure(table, options=out.options.update(width=10_000))
    natural = measured.minimum if wrap else measured.maximum
    console(width=max(natural, out.width)).print(table)


def _counts(report: Report) -> str:
    counts = report.counts
    said = [f"{len(report.runs)} runs of {counts.items} items" if report.runs else f"{counts.items} items"]
    for name in ("missing", "abstained", "invalid"):
        if value := getattr(counts, name):
            said.append(f"{value} {name}")
    if counts.other_split:
        said.append(f"{counts.other_split} of other splits ignored")
    return ", ".join(said)


def _table(*columns: str) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for i, column in enumerate(columns):
        table.add_column(column, justify="left" if i == 0 else "right", overflow="fold", no_wrap=True)
    return table


def _metrics_table(report: Report, beside: Mapping[str, Report]) -> Table:
    sources = not beside and any(score.intervals.new_sources for score in report.metrics.values())
    titles = ["metric", "score", "this benchmark"]
    titles += ["new sources"] * sources
    table = _table(*titles, *beside)
    for name, score in _headline_first(report):
        cells = [name, number(score.value), interval(score.intervals.this_benchmark)]
        cells += [interval(score.intervals.new_sources)] * sources
        cells += [
            number(other.metrics[name].value) if name in other.metrics else "" for other in beside.values()
        ]
        table.add_row(*cells, style="bold" if name == report.headline else None)
    return table


def _headline_first(report: Report) -> Iterable[tuple[str, Score]]:
    rest = [pair for pair in report.metrics.items() if pair[0] != report.headline]
    return [(report.headline, report.metrics[report.headline]), *rest]


def _slices_table(report: Report) -> Table:
    table = _table("slice", "value", "rows", report.headline, "this benchmark")
    before = ""
    for part in report.slices:
        score = part.metrics[report.headline]
        field = part.field if part.field != before else ""
        before = part.field
        table.add_row(
            field,
            printable(part.value),
            str(part.items),
            number(score.value),
            interval(score.intervals.this_benchmark),
        )
    return table


SHOWN_RUNS = 20


def _runs_table(report: Report) -> Table:
    """The best runs, with what the paired test against the best says of each."""
    table = _table("run", report.headline, "this benchmark", "missing", "- best", "p", "verdict")
    table.columns[0].no_wrap, table.columns[0].min_width = False, 8
    ranked = report.ranked()
    for run in ranked[:SHOWN_RUNS]:
        score = run.metrics[report.headline]
        table.add_row(
            printable(run.run) or "(no name)",
            number(score.value),
            interval(score.intervals.this_benchmark),
            str(run.counts.missing),
            *run.told_against_best(),
        )
    left = len(ranked) - SHOWN_RUNS
    table.caption = "p: paired jackknife, adjusted by Holm for all runs"
    if left > 0:
        table.caption = f"… and {left} more; {table.caption}"
    return table
