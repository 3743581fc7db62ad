"""claimbench score."""

from __future__ import annotations

import os
from functools import partial
from typing import Literal

import click

from claimbench.cli.output import write_whole
from claimbench.tasks import NAMES

METHODS = ("jackknife", "bootstrap", "none")
EPILOG = "Example:  claimbench score verification predictions.jsonl -o report.json"


@click.command(epilog=EPILOG)
@click.argument("task", type=click.Choice(NAMES))
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--split", default="test", show_default=True, help="Split to score: train, validation, test.")
@click.option("--by", "fields", multiple=True, metavar="FIELD", help="Slice by this field only; may repeat.")
@click.option("--metrics", metavar="NAMES", help="Give these beside the headline, such as f1,ece(bins=15).")
@click.option(
    "--ci", type=click.Choice(METHODS), default="jackknife", show_default=True, help="Intervals by."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the bootstrap.")
@click.option("--corpus", "folder", metavar="DIR", help="Corpus folder; the shipped one by default.")
@click.option("--run-from-name", is_flag=True, help="Make each FILE a run, named by the file.")
@click.option(
    "--workers", type=click.IntRange(min=1), default=1, show_default=True, help="Processes on this machine."
)
@click.option("--engine", type=click.Choice(["local", "ray"]), default="local", show_default=True)
@click.option("--address", metavar="HOST:PORT", help="Ray cluster; a new one on this machine by default.")
@click.option("--unjudged", "queue", metavar="FILE", help="Extraction: write claims left to decide.")
@click.option("--judgements", multiple=True, metavar="FILE", help="Extraction: what was decided; may repeat.")
@click.option("--judge", metavar="FILE", help="Extraction, qa: ask the language model a TOML file names.")
@click.option("--judge-replay", "replay", is_flag=True, help="Take the judge's replies from its cache only.")
@click.option("--format", "format_name", metavar="NAME", help="Foreign format; see: claimbench formats.")
@click.option("--gold", multiple=True, metavar="FILE", help="Gold of the foreign format; may repeat.")
@click.option("--set", "given", multiple=True, metavar="KEY=VALUE", help="Option of the foreign format.")
@click.option("--profile", type=click.Choice(("house", "official")), default="house", help="Shown first.")
@click.option("-o", "--output", metavar="FILE", help="Write the report as JSON.")
@click.option("--html", metavar="FILE", help="Write the report with every item as one offline page.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(
    task: str,
    files: tuple[str, ...],
    split: str,
    fields: tuple[str, ...],
    metrics: str | None,
    ci: str,
    seed: int,
    folder: str | None,
    run_from_name: bool,
    workers: int,
    engine: Literal["local", "ray"],
    address: str | None,
    queue: str | None,
    judgements: tuple[str, ...],
    judge: str | None,
    replay: bool,
    format_name: str | None,
    gold: tuple[str, ...],
    given: tuple[str, ...],
    profile: str,
    output: str | None,
    html: str | None,
    as_json: bool,
) -> None:
    """Score the predictions in FILE... on TASK.

    FILE is JSON lines (plain, gzip or zstd), Parquet or Arrow, a quoted glob, or "-" for standard input. All
    files form one set: shards where their lines name runs, one run otherwise.
    """
    # Arrow's own allocator keeps what threads gave back.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    by = fields or None
    result = None
    if address and engine != "ray":
        raise click.UsageError("--address is for --engine ray")
    names = metrics.split(",") if metrics else None
    settled = bool(queue or judgements or judge or replay)
    if html and (settled or format_name):
        raise click.UsageError("--html shows claimbench's own tasks, scored without judgements or a judge")
    if format_name is not None:
        from claimbench.formats.scoring import score_format

        options = dict(map(_pair, given))
        report = score_format(
            task, files, format=format_name, gold=gold, options=options, by=by, workers=workers
        )
    elif gold or given:
        raise click.UsageError("--gold and --set belong to --format")
    elif html:
        from claimbench.scoring import scored

        asked = partial(scored, metrics=names, ci=ci, seed=seed, run_from_name=run_from_name)
        result = asked(task, files, split=split, corpus=folder, by=by)
        report = result.report
    else:
        from claimbench.scoring import score

        how = partial(score, metrics=names, ci=ci, seed=seed, run_from_name=run_from_name)
        if settled:
            from claimbench.cli.judging import score_settled

            report = score_settled(
                task,
                files,
                split=split,
                fields=by,
                folder=folder,
                judgements=judgements,
                queue=queue,
                judge=judge,
                replay=replay,
                how=how,
            )
        else:
            sharing = partial(how, workers=workers, engine=engine, address=address)
            report = sharing(task, files, split=split, corpus=folder, by=by)
    if output:
        write_whole(output, report.to_json())
    if html and result is not None:
        from pathlib import Path

        from claimbench.cli.html import section, write_report

        write_report(html, [section(result)], ", ".join(Path(file).name for file in files))
    if as_json:
        write_whole("-", report.to_json())
        return
    from claimbench.cli.tables import print_report

    print_report(report, official_first=profile == "official")


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise click.UsageError(f"--set {text}: expected KEY=VALUE")
    return name, value
