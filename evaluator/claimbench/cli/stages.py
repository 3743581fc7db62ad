"""claimbench stages."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from claimbench.cli.output import write_whole
from claimbench.cli.picking import file_and_run
from claimbench.tasks import NAMES

if TYPE_CHECKING:
    from rich.table import Table

    from claimbench.report import Score
    from claimbench.stages import StageLoss

EPILOG = "Example:  claimbench stages --verification verdicts.jsonl --qa answers.jsonl"


@click.command(epilog=EPILOG)
@click.option("--detection", metavar="FILE", help="Predictions for detection.")
@click.option("--extraction", metavar="FILE", help="Predictions for extraction.")
@click.option("--evidence", metavar="FILE", help="Predictions for evidence.")
@click.option("--verification", metavar="FILE", help="Predictions for verification.")
@click.option("--qa", metavar="FILE", help="Predictions for qa.")
@click.option("--threshold", type=float, metavar="SCORE", help="Least detection score of a flagged sentence.")
@click.option("--corpus", "folder", metavar="DIR", help="Corpus folder; the shipped one by default.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    detection: str | None,
    extraction: str | None,
    evidence: str | None,
    verification: str | None,
    qa: str | None,
    threshold: float | None,
    folder: str | None,
    as_json: bool,
) -> None:
    """Follow every check-worthy gold claim through a pipeline, to the first stage that fails it.

    Give at least two stages; those not given count as perfect. FILE@NAME takes one run of a file.
    """
    from claimbench.cli.tables import tracked
    from claimbench.errors import UsageError
    from claimbench.stages import stage_loss

    files = dict(zip(NAMES, (detection, extraction, evidence, verification, qa), strict=True))
    given = {task: file_and_run(file) for task, file in files.items() if file is not None}
    if sum(path == "-" for path, _ in given.values()) > 1:
        raise UsageError("standard input can be read only once, but several files are '-'")
    found = stage_loss(
        {task: path for task, (path, _) in given.items()},
        threshold=threshold,
        corpus=folder,
        runs={task: run for task, (_, run) in given.items() if run is not None},
        watch=partial(tracked, message="following claims", quiet=as_json),
    )
    if as_json:
        write_whole("-", found.to_json())
    else:
        _print(found)


def _print(found: StageLoss) -> None:
    from claimbench.cli.tables import console

    out = console()
    out.print(f"stage loss · {found.split} · {found.total.claims} claims", style="bold")
    out.print(_waterfall_table(found))
    out.print(_languages_table(found))
    out.print(found.explain())
    out.print(found.signature, style="dim", soft_wrap=True)


def _table(*columns: str) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for i, column in enumerate(columns):
        table.add_column(column, justify="left" if i == 0 else "right", no_wrap=True)
    return table


def _share(score: Score) -> str:
    from claimbench.cli.tables import interval, number

    return f"{number(score.value)} {interval(score.intervals.this_benchmark)}"


def _waterfall_table(found: StageLoss) -> Table:
    table = _table("stage", "reached", "asked", "lost here", "of all, 95 % interval")
    for stage in found.total.stages:
        counts = map(str, (stage.reached, stage.asked, stage.lost))
        table.add_row(stage.stage, *counts, _share(stage.share))
    kept = found.total
    table.add_row("kept", str(kept.kept), str(kept.kept_asked), "", _share(kept.kept_share), style="bold")
    return table


def _languages_table(found: StageLoss) -> Table:
    """The share lost at each stage by the language of the article."""
    titles = (f"{part.language} ({part.claims} claims)" for part in found.languages)
    table = _table("lost, by language", *titles)
    for i, name in enumerate(found.given):
        table.add_row(name, *(_share(part.stages[i].share) for part in found.languages))
    table.add_row("kept", *(_share(part.kept_share) for part in found.languages), style="bold")
    return table
