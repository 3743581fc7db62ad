"""claimbench items."""

from __future__ import annotations

import click

from claimbench.cli.output import json_lines, refuse_targets, write_whole
from claimbench.tasks import NAMES

EPILOG = "Example:  claimbench items verification -o items.jsonl"


@click.command(epilog=EPILOG)
@click.argument("task", type=click.Choice(NAMES))
@click.option(
    "--split", type=click.Choice(["train", "validation", "test"]), default="test", show_default=True
)
@click.option("--corpus", "folder", metavar="DIR", help="Corpus folder; the shipped one by default.")
@click.option(
    "-o", "--output", default="-", metavar="FILE", help="Where to write; standard output by default."
)
@click.option("--json", "_as_json", is_flag=True, help="Accepted for symmetry: the output is JSON lines.")
def command(task: str, split: str, folder: str | None, output: str, _as_json: bool) -> None:
    """Write what a system needs as input for TASK, one JSON object a line, without gold."""
    from claimbench.reading.corpus import load_corpus
    from claimbench.systems import inputs

    refuse_targets([output])
    write_whole(output, json_lines(inputs(task, load_corpus(folder), split)))  # type: ignore[arg-type]  # Choice
