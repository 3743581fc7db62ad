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
@click.option("-o", "--output", metavar="FILE", help="Write the report as JSON.")
@click.option("--html", metavar="FILE", help="Write the report with every item as one offline page.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(
    task: str,
    files: tuple[str, ...],
    split: str,
    fields: tuple[str, ...],
    folder: str | None,
    output: str | None,
    html: str | None,
    as_json: bool,
) -> None:
    """Score the predictions in FILE... ("-" is standard input) on TASK."""
    from claimbench.scoring import scored

    result = scored(task, files, split=split, corpus=folder, by=fields or None)
    report = result.report
    if output:
        write_whole(output, report.to_json())
    if html:
        from pathlib import Path

        from claimbench.cli.html import section, write_report

        write_report(html, [section(result)], ", ".join(Path(file).name for file in files))
    if as_json:
        write_whole("-", report.to_json())
        return
    from claimbench.cli.tables import print_report

    print_report(report)
