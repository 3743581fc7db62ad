"""claimbench score."""

from __future__ import annotations

import click

from claimbench.cli.output import write_whole
from claimbench.tasks import NAMES

EPILOG = "Example:  claimbench score verification predictions.jsonl -o report.json"


@click.command(epilog=EPILOG)
@click.argument("task", type=click.Choice(NAMES))
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--split", default="test", show_default=True, help="Split to score: train, validation, test.")
@click.option("--by", "fields", multiple=True, metavar="FIELD", help="Slice by this field only; may repeat.")
@click.option("--corpus", "folder", metavar="DIR", help="Corpus folder; the shipped one by default.")
@click.option("--run-from-name", is_flag=True, help="Make each FILE a run, named by the file.")
@click.option(
    "--workers", type=click.IntRange(min=1), default=1, show_default=True, help="Processes on this machine."
)
@click.option("--engine", type=click.Choice(["local", "ray"]), default="local", show_default=True)
@click.option("--address", metavar="HOST:PORT", help="Ray cluster; a new one on this machine by default.")
@click.option("-o", "--output", metavar="FILE", help="Write the report as JSON.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(
    task: str,
    files: tuple[str, ...],
    split: str,
    fields: tuple[str, ...],
    folder: str | None,
    run_from_name: bool,
    workers: int,
    engine: str,
    address: str | None,
    output: str | None,
    as_json: bool,
) -> None:
    """Score the predictions in FILE... on TASK.

    FILE is JSON lines (plain, gzip or zstd), Parquet or Arrow, a quoted glob, or "-" for standard input. All
    files form one set: shards where their lines name runs, one run otherwise.
    """
    from claimbench.errors import UsageError
    from claimbench.scoring import score

    if address and engine != "ray":
        raise UsageError("--address is for --engine ray")
    report = score(
        task,
        files,
        split=split,
        corpus=folder,
        by=fields or None,
        run_from_name=run_from_name,
        workers=workers,
        engine=engine,  # type: ignore[arg-type]  # Choice
        address=address,
    )
    if output:
        write_whole(output, report.to_json())
    if as_json:
        write_whole("-", report.to_json())
        return
    from claimbench.cli.tables import print_report

    print_report(report)
