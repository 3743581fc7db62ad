"""claimbench compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from claimbench.cli.belonging import Rule, refuse_idle
from claimbench.cli.output import printable, refuse_targets, write_whole
from claimbench.cli.picking import file_and_run, report_or_predictions
from claimbench.tasks import NAMES

if TYPE_CHECKING:
    from rich.table import Table

    from claimbench.comparing.comparison import Compared, Comparison
    from claimbench.pages import Side
    from claimbench.reading.corpus import Corpus
    from claimbench.stats.paired import Paired

EPILOG = "Example:  claimbench compare verification old.json new.jsonl"
METHODS = ("jackknife", "permutation", "bootstrap")
SHOWN = 3
_FIXED = 2**24
"""Counts of things never get this far; what does is a fraction in fixed point."""

RULES = (
    Rule(("reported",), "--across", lambda given: given["old_corpus"] is not None),
    Rule(
        ("method", "seed", "by", "html"),
        "comparing without --across",
        lambda given: given["old_corpus"] is None,
    ),
    Rule(
        ("seed",), "methods that draw: permutation, bootstrap", lambda given: given["method"] != "jackknife"
    ),
)


@click.command(epilog=EPILOG)
@click.argument("task", type=click.Choice(NAMES))
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.option("--metric", "metrics", multiple=True, metavar="NAME", help="Only this metric; may repeat.")
@click.option("--method", type=click.Choice(METHODS), default="jackknife", show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Starts the draws.")
@click.option("--by", "by", multiple=True, metavar="FIELD", help="Also on each value of this; may repeat.")
@click.option("--split", default="test", show_default=True, help="Split to score prediction files on.")
@click.option("--corpus", "folder", metavar="DIR", help="Corpus folder; the shipped one by default.")
@click.option(
    "--across", "old_corpus", metavar="DIR", help="A was made for the corpus DIR: split the change."
)
@click.option("--reported", metavar="REPORT", help="With --across: A's report as it was written then.")
@click.option("--html", metavar="FILE", help="Write both side by side, item by item, as one offline page.")
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON.")
@click.pass_context
def command(
    context: click.Context,
    task: str,
    a: str,
    b: str,
    metrics: tuple[str, ...],
    method: str,
    seed: int,
    by: tuple[str, ...],
    split: str,
    folder: str | None,
    old_corpus: str | None,
    reported: str | None,
    html: str | None,
    as_json: bool,
) -> None:
    """Is system B better than system A? A and B are reports, or prediction files ("-" is standard input).

    FILE@NAME takes one run of a file, or all seeds of one system. Systems with several seeds are compared by
    their means.

    Several --metric form a family: their p values are adjusted by Holm. Without --metric the family is the
    headline, and the other metrics stand beside it unadjusted.

    With --across, A and B are prediction files for an old and a new corpus, and the change of score is split
    into system, gold, item set and scorer.
    """
    refuse_idle(context, RULES)
    refuse_targets([html, "-" if as_json else None], [file_and_run(source)[0] for source in (a, b)])
    if old_corpus is not None:
        from claimbench.cli.across import compare_across

        compare_across(task, (a, b), (old_corpus, folder), reported, metrics, split, as_json)
        return
    from claimbench.comparing import compare
    from claimbench.errors import UsageError

    if a.partition("@")[0] == b.partition("@")[0] == "-":
        raise UsageError("standard input can be read only once: A and B are both '-'")
    asked = metrics or None
    left, right = (_side(source, task, split, folder, asked) for source in (a, b))
    found = compare(left.report, right.report, metrics=asked, method=method, seed=seed, by=by)  # type: ignore[arg-type]  # Choice
    if html:
        from claimbench.pages import comparison_page

        write_whole(html, comparison_page(found, left, right, _corpus((left, right), task, folder)))
    if as_json:
        write_whole("-", found.to_json())
    elif html != "-":
        _print(found, (a, b))


def _side(source: str, task: str, split: str, folder: str | None, metrics: Sequence[str] | None) -> Side:
    """Return the report in a file, or that of the predictions in it with these; of one run where named."""
    from claimbench.errors import IncomparableError
    from claimbench.pages import Side
    from claimbench.report import Report
    from claimbench.scoring import scored

    path, run = file_and_run(source)
    with report_or_predictions(path) as report:
        if not isinstance(report, Report):
            found = scored(task, report, split=split, corpus=folder, by=(), run=run, metrics=metrics)
            return Side(path, found.report, found)
    if report.task != task:
        raise IncomparableError(f"{path}: a report on {report.task}, not on {task}")
    return Side(path, report if run is None else report.only(run), None)


def _corpus(sides: Sequence[Side], task: str, folder: str | None) -> Corpus:
    """Return the corpus that was scored; it is read where both sides are reports."""
    from claimbench.reading.corpus import load_corpus
    from claimbench.tasks import task as task_by_name

    found = next((side.scored.corpus for side in sides if side.scored), None)
    return found or load_corpus(folder, only=task_by_name(task).needs)


def _print(found: Comparison, paths: tuple[str, str]) -> None:
    from claimbench.cli.tables import console

    out = console()
    about = (found.task, found.split, "B against A")
    out.print(" · ".join(part for part in about if part), style="bold")
    for name, path, runs in zip("AB", paths, found.runs, strict=True):
        said = f" · mean of {runs} seeds" if runs > 1 else ""
        out.print(f"{name}: {printable(path)}{said}", style="dim")
    out.print(_metrics_table(found))
    if any(one.new_sources for one in found.metrics.values()):
        out.print(_sources_table(found))
    if found.slices:
        out.print(_slices_table(found))
    if found.changed:
        out.print(_changes_table(found))
    out.print(found.explain())


def _table(*columns: str) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 0))
    for i, column in enumerate(columns):
        table.add_column(column, justify="left" if i == 0 else "right", overflow="fold", no_wrap=i > 0)
    return table


def _metrics_table(found: Comparison) -> Table:
    table = _table("metric", "A", "B", "B - A", "95 % interval", "p", "finds", "verdict")
    table.caption = "finds: the difference found 4 times in 5"
    for name, one in _family_first(found):
        table.add_row(*_cells(name, one, one.this_benchmark), style="bold" if one.family else None)
    return table


def _family_first(found: Comparison) -> list[tuple[str, Compared]]:
    return sorted(found.metrics.items(), key=lambda pair: not pair[1].family)


def _cells(name: str, one: Compared, test: Paired | None) -> list[str]:
    from claimbench.cli.tables import interval, number

    difference = "undef." if one.difference is None else f"{one.difference:+.3f}"
    cells = [name, number(one.a), number(one.b), difference]
    if test is None:
        return [*cells, interval(None), "–", "–", "undefined"]
    p = one.p_adjusted if one.p_adjusted is not None else test.p
    finds = "–" if test.mde is None else f"{test.mde:.3f}"
    said = "not shown" if one.verdict == "no difference shown" else one.verdict
    return [*cells, f"[{test.low:+.3f}, {test.high:+.3f}]", _p(p), finds, said]


def _p(p: float) -> str:
    return "<.001" if p < 0.001 else f"{p:.3f}"


def _sources_table(found: Comparison) -> Table:
    """The family under the other reading; so few sources show only large effects."""
    table = _table("new sources", "B - A", "95 % interval", "p", "Webb p", "finds", "sources")
    for name, one in found.metrics.items():
        test = one.new_sources
        if not one.family or test is None:
            continue
        _, _, _, difference, bounds, _, finds, _ = _cells(name, one, test)
        webb = "–" if one.webb_p is None else _p(one.webb_p)
        table.add_row(name, difference, bounds, _p(test.p), webb, finds, str(test.clusters))
    table.caption = "so few sources can show only large effects"
    return table


def _slices_table(found: Comparison) -> Table:
    from claimbench.cli.tables import number

    table = _table("slice", "items", "A", "B", "B - A", "95 % interval", "p", "p adj.")
    for part in found.slices:
        test = part.this_benchmark
        difference = "undef." if part.difference is None else f"{part.difference:+.3f}"
        cells = [str(part.items), number(part.a), number(part.b), difference]
        if test is None or part.p_adjusted is None:
            cells += ["–", "–", "–"]
        else:
            cells += [f"[{test.low:+.3f}, {test.high:+.3f}]", _p(test.p), _p(part.p_adjusted)]
        table.add_row(f"{part.field} {printable(part.value)}", *cells)
    table.caption = f"{found.slices[0].metric} by slice: exploratory"
    return table


def _changes_table(found: Comparison) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 0))
    table.add_column("changed most", overflow="fold")
    table.add_column("effect", justify="right", no_wrap=True)
    table.add_column(f"counts, A → B ({found.items_changed} items changed)", overflow="fold")
    for change in found.changed:
        effect = "undef." if change.effect is None else f"{change.effect:+.4f}"
        table.add_row(printable(change.id), effect, printable(_counts(change.columns)))
    return table


def _counts(columns: Mapping[str, tuple[int, int]]) -> str:
    """The first few columns that changed; --json has them all."""
    said = [f"{name} {_count(a)}→{_count(b)}" for name, (a, b) in columns.items()]
    return ", ".join([*said[:SHOWN], *(["…"] if len(said) > SHOWN else [])])


def _count(count: int) -> str:
    from claimbench.stats.estimators import FRACTION_BITS

    return str(count) if abs(count) < _FIXED else f"{count / 2**FRACTION_BITS:.3f}"
