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
@click.option("--format", "format_name", metavar="NAME", help="Foreign format; see: claimbench formats.")
@click.option("--gold", multiple=True, metavar="FILE", help="Gold of the foreign format; may repeat.")
@click.option("--set", "given", multiple=True, metavar="KEY=VALUE", help="Option of the foreign format.")
@click.option("--workers", type=click.IntRange(min=1), default=1, help="Processes; used by: --format fever.")
@click.option("--profile", type=click.Choice(("house", "official")), default="house", help="Shown first.")
@click.option("-o", "--output", metavar="FILE", help="Write the report as JSON.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(
    task: str,
    files: tuple[str, ...],
    split: str,
    fields: tuple[str, ...],
    folder: str | None,
    format_name: str | None,
    gold: tuple[str, ...],
    given: tuple[str, ...],
    workers: int,
    profile: str,
    output: str | None,
    as_json: bool,
) -> None:
    """Score the predictions in FILE... ("-" is standard input) on TASK."""
    if format_name is None:
        from claimbench.scoring import score

        if gold or given:
            raise click.UsageError("--gold and --set belong to --format")
        report = score(task, files, split=split, corpus=folder, by=fields or None)
    else:
        from claimbench.formats.scoring import score_format

        options = dict(map(_pair, given))
        report = score_format(
            task, files, format=format_name, gold=gold, options=options, by=fields or None, workers=workers
        )
    if output:
        write_whole(output, report.to_json())
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
